//! The demo company: real orders driven through the same Gate as any other, with no check weakened.

use super::demo_data::{self, SourceOrder};
use super::open::{own_gate, secret};
use super::serve::{bind, carriers, channel, start_log, until_signal};
use super::{Failed, Outcome, demo_deals, demo_supply, path_text, say};
use crate::settings::Settings;
use crate::words::Text;
use clap::Args;
use jiff::Span;
use jiff::civil::Date;
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::clock::IdSource;
use ordain_app::gate::{Command, CustomerBody, Done, GateError};
use ordain_app::import::{ImportFile, ImportOptions, import_master};
use ordain_app::password;
use ordain_app::setup::{InitOptions, init_company};
use ordain_connect::channel::Channel;
use ordain_connect::mail::MailFolder;
use ordain_connect::mapping::Kind;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::DecimalText;
use ordain_domain::order::{Content, Line, Status};
use ordain_store::CustomerRow;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Orders that are under way at the same time.
const WINDOW: usize = 64;
const REPORT: &str = "demo.json";
const SENDER: &str = "orders@ordain.example";

#[derive(Args)]
pub(super) struct DemoArgs {
    /// Folder of the demo; without it a fresh temporary one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Makes ids and passwords repeatable.
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    #[arg(long, value_name = "ADDR", default_value = crate::settings::LISTEN)]
    listen: String,
    /// Ends when the orders are through.
    #[arg(long)]
    no_serve: bool,
    /// Prints what happened as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: DemoArgs) -> Outcome {
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("ordain-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&folder).map_err(|error| {
        let facts = [("path", path_text(&folder)), ("why", Text::plain(error.to_string()))];
        Failed(say("cannot_write", &facts))
    })?;
    let database = format!("sqlite:{}", folder.join("ordain.db").display());
    let settings = Settings { log: "warn".to_owned(), ..super::open::settings(Some(database), None)? };
    start_log(&settings);
    let listener = if args.no_serve { None } else { Some(bind(&args.listen).await?) };
    let address = listener.as_ref().and_then(|listener| listener.local_addr().ok()).map(|at| at.to_string());
    let ids = args.seed.as_deref().map_or(IdSource::Real, |seed| IdSource::seeded(number_of(seed)));
    let secret = secret()?;
    let (app, _lock) = own_gate(&settings, address.clone(), &secret, ids)?;
    let mut report = if app.store.orgs()?.is_empty() {
        let report = make(&app, args.seed.as_deref()).await?;
        keep(&folder.join(REPORT), &report)?;
        report
    } else {
        serde_json::from_slice(&std::fs::read(folder.join(REPORT)).unwrap_or_default()).unwrap_or_default()
    };
    let url = address.map(|address| format!("http://{address}"));
    if let Some(map) = report.as_object_mut() {
        map.insert("url".to_owned(), json!(url));
    }
    if args.json {
        super::out!("{report}");
        std::io::stdout().flush()?;
    } else {
        print_report(&report, &folder);
    }
    match listener {
        Some(listener) => {
            let carriers = carriers(&settings, Some(post(&settings, &folder)?));
            until_signal(listener, app, carriers, secret).await
        }
        None => Ok(ordain_app::reconcile::seal_all(&app).await?),
    }
}

/// The mails of the demo go where the settings say, else into a folder, where they can be read and nobody gets them.
fn post(settings: &Settings, folder: &Path) -> Result<Arc<dyn Channel>, Failed> {
    match channel(settings)? {
        Some(channel) => Ok(channel),
        None => Ok(Arc::new(MailFolder::new(folder.join("mail"), SENDER)?)),
    }
}

fn number_of(seed: &str) -> i64 {
    seed.bytes().fold(7, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_000)
}

/// Only its owner may read the file: it holds the password of the demo.
fn keep(path: &Path, report: &Value) -> Outcome {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(report.to_string().as_bytes())?;
    Ok(())
}

async fn make(app: &App, seed: Option<&str>) -> Result<Value, Failed> {
    let started = Instant::now();
    let org = init_company(app, InitOptions::new(&demo_data::company()?)).await?.org;
    let password = match seed {
        Some(_) => "ordain-demo".to_owned(),
        None => password::one_time()?,
    };
    let logins = people(app, org, &password).await?;
    master(app, org).await?;
    demo_supply::equip(app, org).await?;
    let (customers, products) =
        (demo_data::first_codes(demo_data::CUSTOMERS, 3), demo_data::first_codes(demo_data::PRODUCTS, 5));
    demo_deals::agree(app, org, &customers, &products).await?;
    let orders = demo_data::orders()?;
    let (cases, times) = drive(app, org, &orders).await?;
    demo_supply::run_on(app, org).await?;
    demo_deals::happen(app, org, &cases).await?;
    let mut report = summary(&cases, times);
    if let Some(map) = report.as_object_mut() {
        map.insert("left_out".to_owned(), demo_data::left_out()?);
        map.insert("logins".to_owned(), logins);
        map.insert("seconds".to_owned(), json!((started.elapsed().as_millis() as f64) / 1_000.0));
    }
    Ok(report)
}

async fn people(app: &App, org: i64, password: &str) -> Result<Value, Failed> {
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let hash = password::hash(password.to_owned().into()).await?;
    let staff = demo_data::staff();
    let item = |staff: &demo_data::Staff| UserItem {
        login: staff.login.clone(),
        name: Some(staff.name.clone()),
        department: Some(staff.department.clone()).filter(|code| house.people.departments.contains_key(code)),
        roles: Some(vec![staff.role.clone()]),
        email: Some(staff.email.clone()),
        password_hash: Some(hash.clone()),
        ..UserItem::default()
    };
    let items = staff.iter().map(item).collect();
    app.admin(org, Actor::system("demo"), AdminCommand::PutUsers(items)).await?;
    let login = |staff: &demo_data::Staff| json!({ "login": staff.login, "name": staff.name, "role": staff.role, "password": password });
    Ok(staff.iter().map(login).collect())
}

async fn master(app: &App, org: i64) -> Outcome {
    let files: [(Kind, &str, &[u8]); 4] = [
        (Kind::Customers, "customers.csv", demo_data::CUSTOMERS),
        (Kind::Products, "products.csv", demo_data::PRODUCTS),
        (Kind::Prices, "prices.csv", demo_data::PRICES),
        (Kind::Stock, "stock.csv", demo_data::STOCK),
    ];
    for (kind, name, bytes) in files {
        let file = ImportFile { name: name.to_owned(), bytes: bytes.to_vec(), mapping: None };
        let options = ImportOptions::default();
        let report = import_master(app, org, Actor::system("demo"), kind, &file, options).await?;
        if !report.applied {
            let row = report.rows.iter().find(|row| !row.findings.is_empty());
            return Err(Failed(format!("{name}: {row:?}")));
        }
    }
    Ok(())
}

/// What orders leave to the customer's and product's own data.
struct Defaults {
    customers: BTreeMap<String, CustomerRow>,
    units: BTreeMap<String, String>,
    today: Date,
}

impl Defaults {
    fn load(app: &App, org: i64) -> Result<Self, Failed> {
        let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
        let (mut customers, mut units) = (BTreeMap::new(), BTreeMap::new());
        for row in app.store.list_customers(org, "", "", 5_000)? {
            customers.insert(row.code.clone(), row);
        }
        for row in app.store.list_products(org, "", "", 5_000)? {
            units.insert(row.code, row.unit);
        }
        Ok(Self { customers, units, today: house.calendar.date_at(app.clock.now_ms()) })
    }

    fn content(&self, order: &SourceOrder) -> Content {
        let customer = order.c.as_ref().and_then(|code| self.customers.get(code));
        let body: CustomerBody =
            customer.and_then(|row| serde_json::from_str(&row.body).ok()).unwrap_or_default();
        let faulty = |name: &str| order.fault.as_deref() == Some(name);
        let terms = customer.map(|row| row.payment_terms.clone()).filter(|terms| !terms.is_empty());
        let line = |(id, (product, quantity, price)): (u32, &(String, String, String))| Line {
            id,
            product: Some(product.clone()),
            quantity: DecimalText::try_from(quantity.clone()).ok(),
            unit: self.units.get(product).cloned(),
            unit_price: DecimalText::try_from(price.clone()).ok(),
            ..Line::default()
        };
        Content {
            customer: order.c.clone(),
            customer_po: Some(order.po.clone()),
            order_type: "standard".to_owned(),
            currency: customer.map(|row| row.currency.clone()),
            requested_date: self.today.checked_add(Span::new().days(order.d.max(1))).ok(),
            payment_terms: order.terms.clone().or(terms),
            ship_to: body.ship_to.into_iter().next().filter(|_| !faulty("no_ship_to")).unwrap_or_default(),
            invoice: Some(body.invoice).filter(|_| !faulty("no_invoice")).unwrap_or_default(),
            special_requests: order.note.clone(),
            lines: (1..).zip(&order.l).map(line).collect(),
            ..Content::default()
        }
    }

    /// When the order came, with the last one today.
    fn source(&self, order: &SourceOrder) -> Value {
        let minutes = Span::new().minutes(order.t);
        let at = self.today.at(17, 41, 0, 0).checked_add(minutes).map(|at| at.to_string());
        json!({ "kind": "demo", "name": order.source.as_ref().unwrap_or(&order.po), "at": at.ok() })
    }
}

type Answer = (Instant, oneshot::Receiver<Result<Done, GateError>>);

async fn drive(app: &App, org: i64, orders: &[SourceOrder]) -> Result<(Vec<Case>, Vec<Duration>), Failed> {
    let defaults = Defaults::load(app, org)?;
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let sales: Vec<Actor> = ["sales1", "sales2"]
        .iter()
        .filter_map(|login| house.people.by_login(login))
        .map(|user| Actor::Person { id: user.id, name: user.name.clone() })
        .collect();
    let (mut cases, mut times) = (Vec::with_capacity(orders.len()), Vec::with_capacity(orders.len()));
    let bar = std::io::stderr().is_terminal();
    for (index, window) in orders.chunks(WINDOW).enumerate() {
        let mut answers: Vec<Answer> = Vec::with_capacity(WINDOW);
        for (place, order) in window.iter().enumerate() {
            let typed = matches!(order.ch.as_str(), "phone" | "mail" | "excel");
            let clerk = sales.get((index + place) % sales.len().max(1)).filter(|_| typed);
            let actor = clerk.cloned().unwrap_or_else(|| Actor::system(&order.ch));
            let place = Place {
                channel: order.ch.clone(),
                source: Some(defaults.source(order)),
                content: defaults.content(order),
                submit: true,
                reasons: BTreeMap::new(),
                entered_later: None,
            };
            let command = OrderCommand::Place(Box::new(place));
            let command = Command::Order { id: None, expected: None, command };
            let envelope = app.envelope(org, actor, command, None);
            answers.push((Instant::now(), app.gate.submit(envelope)?));
        }
        for (since, answer) in answers {
            if let Done::Order(case) = answer.await?? {
                cases.push(Case::clone(&case));
            }
            times.push(since.elapsed());
        }
        if bar {
            show(cases.len(), orders.len());
        }
    }
    if bar {
        eprintln!();
    }
    Ok((cases, times))
}

fn show(done: usize, all: usize) {
    const WIDTH: usize = 40;
    let filled = WIDTH * done / all.max(1);
    eprint!("\r[{}{}] {done}/{all}", "#".repeat(filled), " ".repeat(WIDTH - filled));
    // A terminal that cannot be written to shows nothing.
    let _ = std::io::stderr().flush();
}

fn summary(cases: &[Case], mut times: Vec<Duration>) -> Value {
    let confirmed = cases.iter().filter(|case| case.order.status == Status::Confirmed).count();
    let (mut waiting, mut stopped) = (BTreeMap::<String, usize>::new(), BTreeMap::<&str, usize>::new());
    for case in cases.iter().filter(|case| case.order.status != Status::Confirmed) {
        for (_, task) in case.open_tasks() {
            *waiting.entry(task.holder.key().to_owned()).or_default() += 1;
        }
        // What is missing is completed by sales; there is no task for it.
        if case.order.status == Status::Incomplete {
            *waiting.entry("sales".to_owned()).or_default() += 1;
        }
        let codes: std::collections::BTreeSet<&str> =
            case.order.open_findings().map(|finding| finding.code.name()).collect();
        for code in codes {
            *stopped.entry(code).or_default() += 1;
        }
    }
    times.sort();
    let at = |percent: usize| {
        let time = times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
        (time.as_micros() as f64) / 1_000.0
    };
    json!({
        "received": cases.len(),
        "confirmed_by_machine": confirmed,
        "waiting": waiting,
        "stopped": stopped,
        "p50_ms": at(50),
        "p95_ms": at(95),
    })
}

fn print_report(report: &Value, folder: &Path) {
    let shown = |name: &str| match report.get(name) {
        Some(Value::String(text)) => Text::plain(text),
        Some(Value::Object(map)) => {
            let pairs: Vec<String> = map.iter().map(|(name, n)| format!("{name} {n}")).collect();
            Text::plain(pairs.join(", "))
        }
        Some(other) => Text::plain(other.to_string()),
        None => Text::default(),
    };
    let names =
        ["received", "confirmed_by_machine", "seconds", "left_out", "waiting", "stopped", "p50_ms", "p95_ms"];
    let mut args: Vec<(&str, Text)> = names.iter().map(|name| (*name, shown(name))).collect();
    args.push(("folder", path_text(folder)));
    super::out!("{}", say("demo", &args));
    if report.get("url").is_some_and(Value::is_string) {
        super::out!(
            "{}",
            say("demo_served", &[("url", shown("url")), ("mail", path_text(&folder.join("mail")))])
        );
    }
    for login in report.get("logins").and_then(Value::as_array).into_iter().flatten() {
        let field = |name: &str| login.get(name).and_then(Value::as_str).unwrap_or_default();
        super::out!("  {}\t{}\t{}\t{}", field("login"), field("password"), field("name"), field("role"));
    }
}
