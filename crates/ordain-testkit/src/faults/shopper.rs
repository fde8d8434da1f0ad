//! Who orders over HTTP: one order after the other, each under a key of its own, which is repeated until it is known what
//! became of it.

use super::ask::Receipt;
use super::dice::Dice;
use super::seed::{self, Company, TOKEN};
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What one request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Done,
    /// Not now: whether it was said when to come again.
    Later(bool),
    /// No answer.
    Unknown,
}

pub(super) struct Shopper {
    name: String,
    company: Company,
    base: String,
    client: reqwest::Client,
    dice: Dice,
    sent: u64,
    /// Key and order of which it is not known what became of them.
    pub pending: Option<(String, Value)>,
    pub receipts: Vec<Receipt>,
    /// What was acknowledged, for whoever looks on.
    pub done: Arc<AtomicU64>,
    /// The last request, and the longest.
    pub took: Duration,
    pub longest: Duration,
    pub unknown: u64,
    pub violations: Vec<String>,
}

impl Shopper {
    /// At a port of this machine.
    pub fn new(n: u64, seed: u64, company: Company, port: u16, client: reqwest::Client) -> Self {
        Self {
            name: format!("s{n}"),
            company,
            base: format!("http://127.0.0.1:{port}"),
            client,
            dice: Dice::new(seed.wrapping_mul(1_000_003) + n),
            sent: 0,
            pending: None,
            receipts: Vec::new(),
            done: Arc::default(),
            took: Duration::ZERO,
            longest: Duration::ZERO,
            unknown: 0,
            violations: Vec::new(),
        }
    }

    /// Puts an order, or the one again of which nothing is known.
    pub async fn ask(&mut self) -> Told {
        let (key, order) = self.pending.take().unwrap_or_else(|| self.next());
        self.pending = Some((key.clone(), order.clone()));
        let began = Instant::now();
        let told = self.put(&key, &order).await;
        self.took = began.elapsed();
        self.longest = self.longest.max(self.took);
        match told {
            Told::Done => {
                self.pending = None;
                self.done.fetch_add(1, Ordering::SeqCst);
            }
            Told::Unknown => self.unknown += 1,
            Told::Later(_) => {}
        }
        told
    }

    async fn put(&mut self, key: &str, order: &Value) -> Told {
        let request = self.client.post(format!("{}/api/v1/orders", self.base)).bearer_auth(TOKEN);
        let Ok(answer) = request.header("idempotency-key", key).json(order).send().await else {
            return Told::Unknown;
        };
        let (status, again) = (answer.status().as_u16(), answer.headers().contains_key(RETRY_AFTER));
        let Ok(text) = answer.text().await else { return Told::Unknown };
        match status {
            201 => match receipt(&text) {
                Some(receipt) => {
                    self.receipts.push(receipt);
                    Told::Done
                }
                None => Told::Unknown,
            },
            408 | 429 | 503 => Told::Later(again),
            _ => {
                self.violations.push(format!("answer: {key} was answered {status} {text}"));
                Told::Unknown
            }
        }
    }

    fn next(&mut self) -> (String, Value) {
        self.sent += 1;
        let key = format!("{}-{}", self.name, self.sent);
        let product = seed::hot(self.dice.below(self.company.hot as u64) as usize);
        let soon = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(21));
        let order = json!({
            "customer": seed::customer(self.dice.next_u64()), "customer_po": format!("PO-{key}"), "channel": "api",
            "order_type": "standard", "currency": "CNY", "requested_date": soon.to_string(),
            "payment_terms": "NET30", "submit": true,
            "lines": [{ "product": product, "quantity": "1", "unit": "pcs", "unit_price": "12.50" }],
            "ship_to": { "name": "Li", "phone": "139", "address": "Road 1" },
            "invoice": { "title": "Customer One", "tax_no": "91330000DEM000001R", "kind": "vat_special" },
        });
        (key, order)
    }
}

/// What speaks HTTP, and waits so long for an answer.
///
/// # Panics
/// If it cannot be made.
pub(super) fn client(deadline: Duration) -> reqwest::Client {
    ordain_connect::http::provide_tls();
    reqwest::Client::builder().no_proxy().timeout(deadline).build().expect("a client")
}

fn receipt(text: &str) -> Option<Receipt> {
    let order: Value = serde_json::from_str(text).ok()?;
    let word = |name: &str| order[name].as_str().map(str::to_owned);
    Some(Receipt {
        id: Uuid::parse_str(order["id"].as_str()?).ok()?,
        number: word("number")?,
        version: order["version"].as_i64()?,
        status: word("status")?,
        held_milli: 0,
        po: word("customer_po"),
    })
}
