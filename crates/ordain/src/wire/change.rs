//! Changes of an order: what was asked, whom it concerns, what became of it, who was told and who has read it; and what
//! a change would come to before anything moves.

use super::action::{ActionView, actions};
use super::cancel::{CancelReasonView, cancel_reason};
use super::finding::{FindingView, finding, message};
use super::line::{TotalsView, totals};
use super::order_body::ReadOrder;
use super::person::{PersonView, actor, user};
use super::reader::text as field_text;
use crate::words::{Text, field};
use jiff::civil::Date;
use ordain_app::case::actions::of_change;
use ordain_app::case::people::Directory;
use ordain_app::case::timers::change_due;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Notice};
use ordain_app::problem::Fault;
use ordain_app::query::change::Impact;
use ordain_app::query::sight::{Sight, Veil};
use ordain_app::rights::{Caller, Permission};
use ordain_domain::actor::Actor;
use ordain_domain::check::Checked;
use ordain_domain::decimal::{money_text, qty_text, scaled_text};
use ordain_domain::order::change::AskedAgain;
use ordain_domain::order::content::Difference;
use ordain_domain::order::{Change, ChangeState, Content, Order, Origin};
use ordain_flow::run::Flow;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// A wish for a change: the whole order as it should be, why, and whose wish it is.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
pub struct ChangeBody {
    #[serde(flatten)]
    pub order: super::order_body::OrderBody,
    pub reason: String,
    /// `customer`, `sales`, `finance`, `warehouse`, `planning` or `service`.
    pub origin: String,
}

/// A change that could be read.
pub struct ReadChange {
    pub content: Content,
    pub reason: String,
    pub origin: Origin,
}

/// Reads a change of an order whose lines have ids up to `used`.
///
/// # Errors
/// Every fault at once.
pub fn asked(body: &Value, used: u32) -> Result<ReadChange, Vec<Fault>> {
    let mut order = body.clone();
    if let Some(fields) = order.as_object_mut() {
        fields.remove("reason");
        fields.remove("origin");
    }
    let mut faults = Vec::new();
    for name in ["reason", "origin"] {
        let found = body.get(name).filter(|value| !value.is_null());
        if found.is_some_and(|value| !value.is_string()) {
            faults.push(Fault::new("wrong_type", name).with("expected", "string"));
        }
    }
    let origin = field_text(body, "origin");
    let known = origin.as_deref().and_then(Origin::parse);
    match &origin {
        None => faults.push(Fault::new("missing", "origin")),
        Some(found) if known.is_none() => {
            let names: Vec<&str> = Origin::ALL.iter().map(|origin| origin.name()).collect();
            let fault = Fault::new("invalid_value", "origin").with("found", found.as_str());
            faults.push(fault.with("allowed", names.join(", ")));
        }
        Some(_) => {}
    }
    let read = super::order_body::replaced(&order, used);
    match (read, known, faults.is_empty()) {
        (Ok(ReadOrder { content, .. }), Some(origin), true) => {
            let reason = field_text(body, "reason").unwrap_or_default();
            Ok(ReadChange { content, reason, origin })
        }
        (Err(found), ..) => {
            faults.extend(found);
            Err(faults)
        }
        _ => Err(faults),
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderChange)]
pub struct OrderChangeView {
    pub id: String,
    /// Counted for each order.
    pub number: u32,
    pub order_id: String,
    pub order_number: String,
    /// `requested`, `under_review`, `applied`, `rejected` or `withdrawn`.
    pub state: &'static str,
    pub origin: &'static str,
    pub by: PersonView,
    pub at: String,
    pub reason: String,
    /// Why the rest of an order was given up.
    pub cancel_reason: Option<CancelReasonView>,
    /// Until when somebody has to take it up, while nobody has.
    pub due_at: Option<String>,
    /// The revision that it was asked of.
    pub base_revision: u32,
    /// The revision that it made.
    pub revision: Option<u32>,
    pub differences: Vec<DifferenceView>,
    /// What was asked for and not taken up, and why.
    pub left_out: Vec<DifferenceView>,
    pub left_out_reason: Option<String>,
    pub again: Vec<StepAgainView>,
    pub kept: Vec<StepView>,
    pub closed_by: Option<PersonView>,
    pub closed_at: Option<String>,
    pub closed_reason: Option<String>,
    pub told: Vec<ToldView>,
    pub actions: Vec<ActionView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceView {
    pub path: String,
    pub label: Text,
    /// The line that it is in, by its id.
    pub line_id: Option<String>,
    pub before: Value,
    pub after: Value,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Step)]
pub struct StepView {
    pub node_id: String,
    pub node_name: Text,
}

/// A step that looks again, and what of the change it looks at.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StepAgain)]
pub struct StepAgainView {
    pub node_id: String,
    pub node_name: Text,
    pub because: Vec<Text>,
}

/// Somebody who was told of a change.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Told)]
pub struct ToldView {
    /// None for the customer.
    pub person: Option<PersonView>,
    pub to: String,
    pub channel: String,
    pub what: String,
    pub at: String,
    /// Inside the program: whether it was read. A mail is not seen being read.
    pub read: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderChanges)]
pub struct OrderChangesView {
    /// The latest first.
    pub items: Vec<OrderChangeView>,
}

/// What a change would come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChangePreview)]
pub struct ChangePreviewView {
    /// Whether the change could be taken up as it is.
    pub allowed: bool,
    /// Nobody is asked: it would be in force at once.
    pub at_once: bool,
    pub differences: Vec<DifferenceView>,
    pub totals_before: Option<TotalsView>,
    pub totals_after: Option<TotalsView>,
    /// What part of the price without tax is left above the cost; told to whoever may see costs, where they are known.
    pub margin_before: Option<String>,
    pub margin_after: Option<String>,
    pub findings_new: Vec<FindingView>,
    pub findings_gone: Vec<FindingView>,
    pub stock: Vec<StockImpactView>,
    pub credit: Option<CreditImpactView>,
    pub again: Vec<StepAgainView>,
    /// Of those: who would be asked now.
    pub asked: Vec<StepView>,
    pub kept: Vec<StepView>,
    pub told: Vec<PersonView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StockImpact)]
pub struct StockImpactView {
    pub line_id: String,
    pub product: Option<String>,
    pub quantity: Option<String>,
    /// What could be promised, what the order holds included.
    pub available: Option<String>,
    pub enough: bool,
    /// For when the line is promised now.
    pub promised_before: Option<String>,
    /// For when it would be.
    pub promised_after: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CreditImpact)]
pub struct CreditImpactView {
    pub limit: String,
    /// What would be taken of it, all orders of the customer together.
    pub exposure: String,
    pub enough: bool,
}

/// Where names are looked up.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub case: &'a Case,
    pub flow: Option<&'a Flow>,
    pub house: &'a House,
    pub caller: &'a Caller,
    pub sight: &'a Sight,
}

impl Around<'_> {
    fn step(&self, node: &str) -> StepView {
        let name = self.flow.and_then(|flow| flow.node(node));
        let node_name = name.map_or_else(|| Text::plain(node), |node| Text::from(&node.name));
        StepView { node_id: node.to_owned(), node_name }
    }

    fn again(&self, asked: &AskedAgain) -> StepAgainView {
        let StepView { node_id, node_name } = self.step(&asked.node);
        let open = &self.case.order.checked.findings;
        let because = |path: &String| match open.iter().find(|finding| finding.id() == *path) {
            Some(finding) => message(&self.sight.finding(finding)),
            None => field(path),
        };
        StepAgainView { node_id, node_name, because: because_of(self.sight, asked).map(because).collect() }
    }
}

/// What makes a step look again; a field that is hidden is not told of.
fn because_of<'a>(sight: &'a Sight, asked: &'a AskedAgain) -> impl Iterator<Item = &'a String> {
    asked.because.iter().filter(|path| sight.veil(path) != Some(Veil::Hide))
}

pub fn differences(found: &[Difference], sight: &Sight) -> Vec<DifferenceView> {
    let view = |difference: Difference| DifferenceView {
        label: field(&difference.path),
        path: difference.path,
        line_id: difference.line.map(|line| line.to_string()),
        before: difference.before,
        after: difference.after,
    };
    found.iter().filter_map(|difference| sight.difference(difference)).map(view).collect()
}

/// The changes of an order; `read` are the notices that were read.
pub fn changes(around: &Around<'_>, read: &BTreeSet<Uuid>) -> OrderChangesView {
    let changes = around.case.order.changes.iter().rev();
    OrderChangesView { items: changes.map(|of| change(around, of, read)).collect() }
}

pub fn change(around: &Around<'_>, of: &Change, read: &BTreeSet<Uuid>) -> OrderChangeView {
    let Around { case, house, caller, .. } = *around;
    let at = |ms: i64| house.calendar.text(ms);
    let (closed_by, closed_ms, reason): (Option<&Actor>, _, Option<&String>) = match &of.state {
        ChangeState::Requested | ChangeState::UnderReview => (None, None, None),
        ChangeState::Applied { at_ms } => (None, Some(*at_ms), None),
        ChangeState::Rejected { by, at_ms, reason } | ChangeState::Withdrawn { by, at_ms, reason } => {
            (Some(by), Some(*at_ms), Some(reason).filter(|reason| !reason.is_empty()))
        }
    };
    let taken = of.taken.as_ref();
    let told = case.notices.iter().filter(|notice| notice.change == Some(of.id));
    let may = caller.may(Permission::WriteOrders);
    OrderChangeView {
        id: of.id.to_string(),
        number: of.number,
        order_id: case.order.id.to_string(),
        order_number: case.order.number.clone(),
        state: of.state.name(),
        origin: of.origin.name(),
        by: actor(&house.people, &of.by),
        at: at(of.at_ms),
        reason: of.reason.clone(),
        cancel_reason: of.cancel_code.as_deref().map(|code| cancel_reason(code, house)),
        due_at: change_due(of, house).map(at),
        base_revision: of.base,
        revision: taken.map(|taken| taken.revision),
        differences: differences(&of.differences, around.sight),
        left_out: differences(&of.left_out, around.sight),
        left_out_reason: of.left_out_reason.clone(),
        again: taken.iter().flat_map(|taken| &taken.again).map(|asked| around.again(asked)).collect(),
        kept: taken.iter().flat_map(|taken| &taken.kept).map(|node| around.step(node)).collect(),
        closed_by: closed_by.map(|by| actor(&house.people, by)),
        closed_at: closed_ms.map(at),
        closed_reason: reason.cloned(),
        told: told.map(|notice| self::told(notice, house, read)).collect(),
        actions: actions(of_change(case, of, &caller.actor(), may, house)),
    }
}

fn told(notice: &Notice, house: &House, read: &BTreeSet<Uuid>) -> ToldView {
    let person = Uuid::parse_str(&notice.to).ok().and_then(|id| user(&house.people, id));
    ToldView {
        to: person.as_ref().map_or_else(|| notice.to.clone(), |person| person.name.clone()),
        person,
        channel: notice.channel.clone(),
        what: notice.template.clone(),
        at: house.calendar.text(notice.queued_ms),
        read: read.contains(&notice.id),
    }
}

/// What a change would come to.
pub fn preview(around: &Around<'_>, impact: &Impact) -> ChangePreviewView {
    let Around { case, house, caller, sight, .. } = *around;
    let stands = case.order.as_it_stands();
    let money = |of: &Checked| of.totals.as_ref().filter(|_| sight.money().is_none()).map(totals);
    let known: BTreeMap<String, _> =
        stands.checked.findings.iter().map(|found| (found.id(), found)).collect();
    let now: BTreeMap<String, _> = impact.checked.findings.iter().map(|found| (found.id(), found)).collect();
    let new = now.iter().filter(|(id, found)| known.get(*id).is_none_or(|old| old.facts != found.facts));
    let gone = known.iter().filter(|(id, _)| !now.contains_key(*id));
    let taken = impact.taken.as_ref();
    let costs = caller.may(Permission::ReadCosts) && sight.money().is_none();
    let margin = |e4: Option<i64>| e4.filter(|_| costs).map(|e4| scaled_text(e4, 4, 2));
    let [before, after] = impact.margins_e4;
    let then = Around { case: &impact.as_asked, ..*around };
    ChangePreviewView {
        allowed: taken.is_some(),
        at_once: taken.is_some() && impact.at_once,
        differences: differences(&impact.differences, sight),
        totals_before: money(&stands.checked),
        totals_after: money(&impact.checked),
        findings_new: new
            .map(|(_, of)| finding(&sight.finding(of), &impact.as_asked, house, caller))
            .collect(),
        findings_gone: gone.map(|(_, of)| finding(&sight.finding(of), case, house, caller)).collect(),
        margin_before: margin(before),
        margin_after: margin(after),
        stock: if sight.keeps_back_within("lines") { Vec::new() } else { stock(impact, &stands) },
        credit: credit(impact).filter(|_| sight.money().is_none()),
        again: taken.iter().flat_map(|taken| &taken.again).map(|asked| then.again(asked)).collect(),
        asked: impact.asked.iter().map(|node| around.step(node)).collect(),
        kept: taken.iter().flat_map(|taken| &taken.kept).map(|node| around.step(node)).collect(),
        told: people(&house.people, &impact.told),
    }
}

fn people(directory: &Directory, told: &BTreeSet<Uuid>) -> Vec<PersonView> {
    told.iter().filter_map(|id| user(directory, *id)).collect()
}

fn stock(impact: &Impact, stands: &Order) -> Vec<StockImpactView> {
    let known: BTreeSet<u32> = stands.content.lines.iter().map(|line| line.id).collect();
    let waits: BTreeMap<u32, Date> = impact.backing.coming.iter().fold(BTreeMap::new(), |mut waits, part| {
        let known = waits.entry(part.line).or_insert(part.date);
        *known = part.date.max(*known);
        waits
    });
    let shipped = impact.as_asked.order.fulfilment.shipped_milli();
    let content = &impact.as_asked.order.content;
    // Goods that lie there go on the day that is asked for; what is to come may be later.
    let day = |line: &ordain_domain::order::Line| {
        line.requested_date.or(content.requested_date).max(waits.get(&line.id).copied())
    };
    let view = |asked: &ordain_domain::order::Line| {
        let checked = impact.checked.lines.iter().find(|checked| checked.line == asked.id);
        let gone = shipped.get(&asked.id).copied().unwrap_or(0);
        let wanted = checked.and_then(|checked| checked.qty_milli).map(|qty| qty - gone);
        let backed: i64 = impact.backing.qty_of_line(asked.id);
        StockImpactView {
            line_id: asked.id.to_string(),
            product: asked.product.clone(),
            quantity: asked.quantity.as_ref().map(|text| text.as_str().to_owned()),
            available: checked.and_then(|checked| checked.available_milli).map(qty_text),
            enough: wanted == Some(backed),
            promised_before: Some(asked.id)
                .filter(|line| known.contains(line))
                .and_then(|line| stands.promised_on(line))
                .map(|day| day.to_string()),
            promised_after: day(asked).filter(|_| wanted == Some(backed)).map(|day| day.to_string()),
        }
    };
    content.lines.iter().map(view).collect()
}

fn credit(impact: &Impact) -> Option<CreditImpactView> {
    let customer = impact.customer.as_ref()?;
    let limit = customer.limit_on(impact.today)?;
    let unpaid = impact.as_asked.order.unpaid_minor();
    let exposure = customer.exposure_minor.saturating_sub(impact.own_credit_minor).saturating_add(unpaid);
    let money = |minor: i64| money_text(minor, customer.currency);
    Some(CreditImpactView { limit: money(limit), exposure: money(exposure), enough: exposure <= limit })
}
