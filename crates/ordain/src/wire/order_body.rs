//! The order as it comes in: its shape, its schema, and its reading into a content.

use super::reader::{Kind, Shape, date, decimal, faults, instant_ms, integer, items, text};
use ordain_app::case::channel::DOORS;
use ordain_app::problem::Fault;
use ordain_domain::clause::OrderClause;
use ordain_domain::master::{InvoiceProfile, ShipTo};
use ordain_domain::order::content::{DeliveryTerms, LINES_MAX};
use ordain_domain::order::{Content, EnteredLater, Line};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// An order as it is placed. Every field is optional: what is missing is named as a finding.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OrderBody {
    pub customer: Option<String>,
    pub customer_po: Option<String>,
    pub channel: Option<String>,
    pub order_type: Option<String>,
    pub currency: Option<String>,
    #[schema(format = Date)]
    pub requested_date: Option<String>,
    pub payment_terms: Option<String>,
    /// `bank_transfer`, `acceptance_bill`, `letter_of_credit`, `cheque`, `cash`, `card`, `alipay` or `wechat_pay`.
    pub payment_method: Option<String>,
    pub delivery_terms: Option<DeliveryTermsBody>,
    pub clauses: Option<Vec<ClauseBody>>,
    pub ship_to: Option<ShipToBody>,
    pub invoice: Option<InvoiceBody>,
    pub special_requests: Option<String>,
    /// Whether the order enters review at once; without it the order stays a draft.
    pub submit: Option<bool>,
    pub lines: Option<Vec<LineBody>>,
    /// Own fields, kept and shown.
    pub extra: Option<BTreeMap<String, Value>>,
    /// Reasons for warnings, by finding id.
    pub reasons: Option<Vec<ReasonBody>>,
    /// Only of a new order that was taken on paper.
    pub entered_later: Option<EnteredLaterBody>,
}

/// When an order came in that could not be entered then.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EnteredLaterBody {
    /// With its zone; not in the future.
    #[schema(format = DateTime)]
    pub received_at: String,
    /// Why it was not entered then.
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ShipToBody {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DeliveryTermsBody {
    /// A code of the Incoterms 2020, such as `FOB`.
    pub code: Option<String>,
    pub place: Option<String>,
}

/// A clause of the contract.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ClauseBody {
    pub code: String,
    /// Without it the version in force.
    pub version: Option<u32>,
    /// Only where the words are others than the standard ones.
    pub text: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct InvoiceBody {
    pub title: Option<String>,
    pub tax_no: Option<String>,
    /// `vat_special`, `vat_normal` or `none`.
    pub kind: Option<String>,
    pub bank_name: Option<String>,
    pub bank_account: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct LineBody {
    /// Only in a replacement: which line of the order this is. Without it the line is new.
    pub id: Option<String>,
    pub product: Option<String>,
    /// A decimal number as text.
    pub quantity: Option<String>,
    pub unit: Option<String>,
    /// A decimal number as text.
    pub unit_price: Option<String>,
    /// What is taken off the price, in percent: `5` or `2.50`.
    pub discount: Option<String>,
    /// The rate of value added tax as a fraction, where it is not the product's own: `0` or `0.09`.
    pub tax_rate: Option<String>,
    /// Whether the price contains tax. Without it, it does.
    pub tax_included: Option<bool>,
    #[schema(format = Date)]
    pub requested_date: Option<String>,
    pub warehouse: Option<String>,
    /// Own fields of the line.
    pub extra: Option<BTreeMap<String, Value>>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReasonBody {
    pub finding_id: String,
    pub reason: String,
}

const SHIP_TO: Shape = &[("name", Kind::Text), ("phone", Kind::Text), ("address", Kind::Text)];
pub const INVOICE: Shape = &[
    ("title", Kind::Text),
    ("tax_no", Kind::Text),
    ("kind", Kind::Text),
    ("bank_name", Kind::Text),
    ("bank_account", Kind::Text),
];
const DELIVERY: Shape = &[("code", Kind::Text), ("place", Kind::Text)];
const CLAUSE: Shape = &[("code", Kind::Text), ("version", Kind::Integer), ("text", Kind::Text)];
pub const REASON: Shape = &[("finding_id", Kind::Text), ("reason", Kind::Words)];

const LINE: Shape = &[
    ("id", Kind::Integer),
    ("product", Kind::Text),
    ("quantity", Kind::Decimal),
    ("unit", Kind::Text),
    ("unit_price", Kind::Decimal),
    ("discount", Kind::Decimal),
    ("tax_rate", Kind::Decimal),
    ("tax_included", Kind::Bool),
    ("requested_date", Kind::Date),
    ("warehouse", Kind::Text),
    ("extra", Kind::Free),
    ("product_name", Kind::ReadOnly),
    ("amount", Kind::ReadOnly),
    ("tax", Kind::ReadOnly),
    ("list_price", Kind::ReadOnly),
    ("price_source", Kind::ReadOnly),
    ("promise", Kind::ReadOnly),
    ("available", Kind::ReadOnly),
    ("shipped", Kind::ReadOnly),
];

const ENTERED_LATER: Shape = &[("received_at", Kind::Instant), ("reason", Kind::Text)];

const ORDER: Shape = &[
    ("customer", Kind::Text),
    ("customer_po", Kind::Text),
    ("channel", Kind::OneOf(DOORS)),
    ("order_type", Kind::Text),
    ("currency", Kind::Text),
    ("requested_date", Kind::Date),
    ("payment_terms", Kind::Text),
    ("payment_method", Kind::Text),
    ("delivery_terms", Kind::Object(DELIVERY)),
    ("clauses", Kind::List(&Kind::Object(CLAUSE))),
    ("ship_to", Kind::Object(SHIP_TO)),
    ("invoice", Kind::Object(INVOICE)),
    ("special_requests", Kind::Text),
    ("submit", Kind::Bool),
    ("lines", Kind::List(&Kind::Object(LINE))),
    ("extra", Kind::Free),
    ("reasons", Kind::List(&Kind::Object(REASON))),
    ("entered_later", Kind::Object(ENTERED_LATER)),
    ("id", Kind::ReadOnly),
    ("number", Kind::ReadOnly),
    ("revision", Kind::ReadOnly),
    ("version", Kind::ReadOnly),
    ("status", Kind::ReadOnly),
    ("flags", Kind::ReadOnly),
    ("source", Kind::ReadOnly),
    ("totals", Kind::ReadOnly),
    ("findings", Kind::ReadOnly),
    ("questions", Kind::ReadOnly),
    ("tasks", Kind::ReadOnly),
    ("route", Kind::ReadOnly),
    ("stage", Kind::ReadOnly),
    ("waiting_on", Kind::ReadOnly),
    ("sentence", Kind::ReadOnly),
    ("promise", Kind::ReadOnly),
    ("flow", Kind::ReadOnly),
    ("actions", Kind::ReadOnly),
    ("receiver", Kind::ReadOnly),
    ("reviewers", Kind::ReadOnly),
    ("shipper", Kind::ReadOnly),
    ("notices", Kind::ReadOnly),
    ("fulfilment", Kind::ReadOnly),
    ("created_at", Kind::ReadOnly),
    ("submitted_at", Kind::ReadOnly),
    ("confirmed_at", Kind::ReadOnly),
    ("updated_at", Kind::ReadOnly),
    ("links", Kind::ReadOnly),
    ("standing", Kind::ReadOnly),
];

/// The channel that an order came by if it does not say.
const CHANNEL: &str = "api";

/// A body that could be read.
#[derive(Clone, Debug)]
pub struct ReadOrder {
    pub content: Content,
    pub channel: String,
    pub submit: bool,
    pub reasons: BTreeMap<String, String>,
    pub entered_later: Option<EnteredLater>,
}

/// How many lines came, if they are more than an order takes.
pub fn too_many_lines(body: &Value) -> Option<usize> {
    Some(items(body, "lines").len()).filter(|lines| *lines > LINES_MAX)
}

fn faults_of(body: &Value) -> Vec<Fault> {
    let mut found = faults(body, ORDER);
    if let Some(later) = body.get("entered_later").filter(|later| later.is_object()) {
        let missing = ENTERED_LATER.iter().filter(|(name, _)| later.get(name).is_none_or(is_blank));
        found.extend(missing.map(|(name, _)| Fault::new("missing_field", format!("entered_later.{name}"))));
    }
    found
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Reads a new order: its lines are numbered from 1.
///
/// # Errors
/// Every fault at once.
pub fn placed(body: &Value) -> Result<ReadOrder, Vec<Fault>> {
    let mut found = faults_of(body);
    for (index, _) in
        items(body, "lines").iter().enumerate().filter(|(_, line)| integer(line, "id").is_some())
    {
        found.push(Fault::new("read_only_field", format!("lines[{index}].id")));
    }
    if found.is_empty() { Ok(read(body, 0, |_| None)) } else { Err(found) }
}

/// Reads a replacement of an order whose lines have ids up to `used` (0 where none is known): lines that name their id
/// keep it, lines without one are new. Where no line names one, the lines are those of before by their place.
///
/// # Errors
/// Every fault at once.
pub fn replaced(body: &Value, used: u32) -> Result<ReadOrder, Vec<Fault>> {
    let mut found = faults_of(body);
    let mut seen = BTreeSet::new();
    for (index, line) in items(body, "lines").iter().enumerate() {
        let Some(id) = integer(line, "id") else { continue };
        let path = format!("lines[{index}].id");
        if u32::try_from(id).is_err() || id == 0 {
            found.push(Fault::new("invalid_number", path).with("found", id.to_string()));
        } else if used > 0 && id > i64::from(used) {
            found.push(Fault::new("unknown_line", path).with("found", id.to_string()));
        } else if !seen.insert(id) {
            found.push(Fault::new("line_id_twice", path).with("found", id.to_string()));
        }
    }
    let known = |line: &Value| integer(line, "id").and_then(|id| u32::try_from(id).ok());
    let after = if seen.is_empty() { 0 } else { used };
    if found.is_empty() { Ok(read(body, after, known)) } else { Err(found) }
}

/// The highest id that a line of the order names; 0 where none does.
pub fn last_named(body: &Value) -> u32 {
    let ids = items(body, "lines").iter().filter_map(|line| integer(line, "id"));
    ids.filter_map(|id| u32::try_from(id).ok()).max().unwrap_or(0)
}

fn read(body: &Value, used: u32, known: impl Fn(&Value) -> Option<u32>) -> ReadOrder {
    let part = |name: &str| body.get(name).cloned().unwrap_or_default();
    let (ship_to, invoice, delivery) = (part("ship_to"), part("invoice"), part("delivery_terms"));
    let reasons = items(body, "reasons").iter();
    let content = Content {
        customer: text(body, "customer"),
        customer_po: text(body, "customer_po"),
        order_type: text(body, "order_type").unwrap_or_else(|| "standard".to_owned()),
        currency: text(body, "currency"),
        requested_date: date(body, "requested_date"),
        payment_terms: text(body, "payment_terms"),
        payment_method: text(body, "payment_method"),
        delivery_terms: DeliveryTerms { code: text(&delivery, "code"), place: text(&delivery, "place") },
        clauses: items(body, "clauses").iter().map(clause).collect(),
        ship_to: ShipTo {
            name: text(&ship_to, "name"),
            phone: text(&ship_to, "phone"),
            address: text(&ship_to, "address"),
        },
        invoice: InvoiceProfile {
            title: text(&invoice, "title"),
            tax_no: text(&invoice, "tax_no"),
            kind: text(&invoice, "kind"),
            bank_name: text(&invoice, "bank_name"),
            bank_account: text(&invoice, "bank_account"),
        },
        special_requests: text(body, "special_requests"),
        lines: lines(items(body, "lines"), used, known),
        extra: extra(body),
    };
    ReadOrder {
        content,
        channel: text(body, "channel").unwrap_or_else(|| CHANNEL.to_owned()),
        submit: super::reader::boolean(body, "submit"),
        reasons: reasons.filter_map(|given| text(given, "finding_id").zip(text(given, "reason"))).collect(),
        entered_later: body.get("entered_later").and_then(entered_later),
    }
}

fn entered_later(value: &Value) -> Option<EnteredLater> {
    Some(EnteredLater { received_ms: instant_ms(value, "received_at")?, reason: text(value, "reason")? })
}

fn clause(value: &Value) -> OrderClause {
    OrderClause {
        code: text(value, "code").unwrap_or_default(),
        version: super::reader::integer(value, "version").and_then(|version| u32::try_from(version).ok()),
        text: text(value, "text"),
    }
}

fn extra(of: &Value) -> BTreeMap<String, Value> {
    let extra = of.get("extra").and_then(Value::as_object).into_iter().flatten();
    extra.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn lines(lines: &[Value], used: u32, known: impl Fn(&Value) -> Option<u32>) -> Vec<Line> {
    let mut next = lines.iter().filter_map(&known).max().unwrap_or(0).max(used);
    let mut id_of = |line: &Value| {
        known(line).unwrap_or_else(|| {
            next = next.saturating_add(1);
            next
        })
    };
    let read = |line: &Value| Line {
        id: id_of(line),
        product: text(line, "product"),
        quantity: decimal(line, "quantity"),
        unit: text(line, "unit"),
        unit_price: decimal(line, "unit_price"),
        discount: decimal(line, "discount"),
        tax_rate: decimal(line, "tax_rate"),
        tax_excluded: line.get("tax_included").and_then(Value::as_bool) == Some(false),
        requested_date: date(line, "requested_date"),
        warehouse: text(line, "warehouse"),
        extra: extra(line),
    };
    lines.iter().map(read).collect()
}
