//! The order view: everything about one order that its page shows, and what every write about an order answers.

use super::action::{ActionView, actions};
use super::attachment::{AttachmentView, attachments};
use super::cancel::{CancelReasonView, LossView, cancel_reason, loss};
use super::choice::{ByHandView, PeopleView, by_hand, people};
use super::exception::{ExceptionView, exception};
use super::finding::{FindingView, QuestionView, findings, question};
use super::fulfilment::{FulfilmentView, fulfilment};
use super::line::{LineView, OrderPromiseView, TotalsView, lines, order_promise, totals};
use super::person::{PersonView, actor};
use super::receipt::{ReceiptView, receipts};
use super::route::{RouteStepView, StageBarView, bar, steps};
use super::task::{Around, TaskView, task};
use super::waiting::{WaitingView, views};
use crate::words::Text;
use ordain_app::case::actions::of_order;
use ordain_app::case::receivables::is_chased;
use ordain_app::case::side_run::About;
use ordain_app::case::world::House;
use ordain_app::case::{Case, FlowPin, SideRun, choices};
use ordain_app::query::route::reviewers;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Caller;
use ordain_domain::clause::OrderClause;
use ordain_domain::master::{InvoiceProfile, ShipTo};
use ordain_domain::order::Order;
use ordain_domain::order::content::DeliveryTerms;
use ordain_flow::doc::Outcome;
use ordain_flow::run::Flow;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    pub id: String,
    pub number: String,
    pub revision: u32,
    /// The entity tag is this number in quotes.
    pub version: i64,
    pub status: &'static str,
    pub flags: Vec<&'static str>,
    pub channel: String,
    pub source: Option<SourceView>,
    pub customer: CustomerOfOrder,
    pub customer_po: Option<String>,
    pub order_type: String,
    pub currency: Option<String>,
    pub requested_date: Option<String>,
    pub payment_terms: Option<String>,
    pub payment_method: Option<String>,
    pub delivery_terms: DeliveryTermsView,
    pub clauses: Vec<ClauseOfOrder>,
    pub ship_to: ShipToView,
    pub invoice: InvoiceView,
    pub special_requests: Option<String>,
    pub extra: BTreeMap<String, serde_json::Value>,
    pub lines: Vec<LineView>,
    pub totals: Option<TotalsView>,
    /// What is confirmed, while the rest of this view shows the change that is under review.
    pub standing: Option<StandingView>,
    pub findings: Vec<FindingView>,
    pub questions: Vec<QuestionView>,
    pub tags: Vec<String>,
    pub exceptions: Vec<ExceptionView>,
    pub tasks: Vec<TaskView>,
    pub route: Vec<RouteStepView>,
    pub stage: StageBarView,
    pub waiting_on: Vec<WaitingView>,
    pub sentence: Text,
    pub promise: OrderPromiseView,
    pub flow: FlowOfOrder,
    pub actions: Vec<ActionView>,
    /// Steps to come that leave it to people who does them.
    pub people_to_choose: Vec<PeopleView>,
    /// The notice to the customer that can be sent by hand now.
    pub notice_to_send: Option<&'static str>,
    /// For whoever may intervene.
    pub by_hand: Option<ByHandView>,
    pub receiver: PersonView,
    pub reviewers: Vec<ReviewerView>,
    /// Flows that run beside the confirmation, or follow from it.
    pub side_runs: Vec<SideRunView>,
    pub shipper: Option<PersonView>,
    pub notices: Vec<NoticeOfOrder>,
    /// Copies that people have to say to have read.
    pub receipts: Vec<ReceiptView>,
    /// Files, oldest first.
    pub attachments: Vec<AttachmentView>,
    /// What followed the confirmation.
    pub fulfilment: FulfilmentView,
    /// If it was taken on paper and entered when that was possible again.
    pub entered_later: Option<EnteredLaterView>,
    pub created_at: String,
    pub submitted_at: Option<String>,
    pub confirmed_at: Option<String>,
    pub updated_at: String,
    /// What it was split from, and what was split off it.
    pub family: Option<FamilyView>,
    /// Why it was cancelled, where the list was used.
    pub cancel_reason: Option<CancelReasonView>,
    /// Why it was lost, where somebody put right what was proposed.
    pub loss: Option<LossView>,
    pub links: Links,
}

/// An order that came in before `created_at`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EnteredLater)]
pub struct EnteredLaterView {
    pub received_at: String,
    pub reason: String,
}

/// The confirmed revision of an order that is being changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Standing)]
pub struct StandingView {
    pub revision: u32,
    pub requested_date: Option<String>,
    pub ship_to: ShipToView,
    pub lines: Vec<LineView>,
    pub totals: Option<TotalsView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    pub kind: String,
    pub name: Option<String>,
    pub hash: Option<String>,
    pub rows: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerOfOrder {
    pub code: Option<String>,
    pub name: Option<String>,
    pub level: Option<String>,
    pub matched: bool,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = ShipTo)]
pub struct ShipToView {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = DeliveryTerms)]
pub struct DeliveryTermsView {
    pub code: Option<String>,
    pub place: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClauseOfOrder)]
pub struct ClauseOfOrder {
    pub code: String,
    /// The version under which it was agreed.
    pub version: Option<u32>,
    /// Other words than the standard ones.
    pub text: Option<String>,
    /// The standard words of that version.
    pub standard: Option<Text>,
    /// Whether it is a special term.
    pub departs: bool,
}

fn clause(clause: &OrderClause, house: &House) -> ClauseOfOrder {
    let standard = house.clauses.0.get(&clause.code).and_then(|known| known.version(clause.version?));
    ClauseOfOrder {
        code: clause.code.clone(),
        version: clause.version,
        text: clause.text.clone(),
        departs: standard.is_some_and(|standard| clause.departs(standard)),
        standard: standard.map(|text| Text { zh: text.zh.clone(), en: text.en.clone() }),
    }
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    pub title: Option<String>,
    pub tax_no: Option<String>,
    pub kind: Option<String>,
    pub bank_name: Option<String>,
    pub bank_account: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlowOfOrder {
    pub key: String,
    pub version: i64,
    pub name: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SideRun)]
pub struct SideRunView {
    /// Tasks name their run by it.
    pub number: u32,
    pub flow: FlowOfOrder,
    /// The id of the line that it is about, if it is about one.
    pub line_id: Option<String>,
    pub warehouse: Option<String>,
    /// `running`, `completed`, `rejected` or `cancelled`.
    pub state: &'static str,
    pub began_at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reviewer)]
pub struct ReviewerView {
    pub person: Option<PersonView>,
    pub by_rule: bool,
    pub node_name: Text,
    pub decision: &'static str,
    pub at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeOfOrder {
    pub id: String,
    pub template: String,
    pub channel: String,
    pub to: String,
    /// `queued`, `sent` or `failed`.
    pub state: &'static str,
    pub queued_at: String,
    pub sent_at: Option<String>,
    pub attempts: i64,
    pub late: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Links {
    #[serde(rename = "self")]
    pub this: String,
    pub timeline: String,
    pub why: String,
}

impl From<&ShipTo> for ShipToView {
    fn from(ship_to: &ShipTo) -> Self {
        let ShipTo { name, phone, address } = ship_to.clone();
        Self { name, phone, address }
    }
}

impl From<&InvoiceProfile> for InvoiceView {
    fn from(invoice: &InvoiceProfile) -> Self {
        let InvoiceProfile { title, tax_no, kind, bank_name, bank_account } = invoice.clone();
        Self { title, tax_no, kind, bank_name, bank_account }
    }
}

/// Orders that were one once.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Family)]
pub struct FamilyView {
    /// Number of the order that was there first.
    pub root: String,
    /// Numbers of the orders that were split off this one.
    pub parts: Vec<String>,
}

fn family(order: &Order) -> Option<FamilyView> {
    let known = order.family.as_ref()?;
    let root = known.older.first().unwrap_or(&order.number).clone();
    Some(FamilyView { root, parts: known.parts.clone() })
}

impl From<&DeliveryTerms> for DeliveryTermsView {
    fn from(terms: &DeliveryTerms) -> Self {
        let DeliveryTerms { code, place } = terms.clone();
        Self { code, place }
    }
}

fn entered_later(order: &Order, house: &House) -> Option<EnteredLaterView> {
    let later = order.entered_later.as_ref()?;
    Some(EnteredLaterView {
        received_at: house.calendar.text(later.received_ms),
        reason: later.reason.clone(),
    })
}

fn links(id: Uuid) -> Links {
    let this = format!("/api/v1/orders/{id}");
    Links { timeline: format!("{this}/timeline"), why: format!("{this}/why"), this }
}

fn exceptions(case: &Case, house: &House, caller: &Caller, now_ms: i64) -> Vec<ExceptionView> {
    case.exceptions.iter().map(|raised| exception(raised, case, house, caller, now_ms)).collect()
}

/// The order as its caller may see and change it. `attempts` are those of its messages, where known.
pub fn order(
    whole: &Case,
    house: &House,
    caller: &Caller,
    now_ms: i64,
    attempts: &BTreeMap<Uuid, i64>,
) -> OrderView {
    let pin = whole.flow.clone().or_else(|| house.flow_for(&whole.order));
    let flow = pin.as_ref().and_then(|pin| house.flow(pin));
    let pin = pin.unwrap_or_else(|| FlowPin { key: String::new(), version: 0 });
    let name = flow.map(|flow| Text::from(&flow.doc().name)).unwrap_or_default();
    let compiled: Option<&Flow> = flow.map(AsRef::as_ref);
    let sight = Sight::of_case(whole, house, caller);
    let shown = sight.cut(whole);
    let case: &Case = &shown;
    let around = Around { case, whole, sight: &sight, flow: compiled, house, caller, now_ms };
    let (order, content) = (&case.order, &case.order.content);
    let at = |ms: i64| house.calendar.text(ms);
    let lines = lines(case);
    OrderView {
        id: order.id.to_string(),
        number: order.number.clone(),
        revision: order.revision,
        version: case.version,
        status: order.status.name(),
        flags: flags(case, now_ms),
        channel: order.channel.clone(),
        source: order.source.as_ref().map(source),
        customer: customer(case),
        customer_po: content.customer_po.clone(),
        order_type: content.order_type.clone(),
        currency: content.currency.clone(),
        requested_date: content.requested_date.map(|date| date.to_string()),
        payment_terms: content.payment_terms.clone(),
        payment_method: content.payment_method.clone(),
        delivery_terms: DeliveryTermsView::from(&content.delivery_terms),
        clauses: content.clauses.iter().map(|own| clause(own, house)).collect(),
        ship_to: ShipToView::from(&content.ship_to),
        invoice: InvoiceView::from(&content.invoice),
        special_requests: content.special_requests.clone(),
        extra: content.extra.clone(),
        promise: order_promise(&lines, case, house),
        lines,
        totals: order.checked.totals.as_ref().map(totals),
        standing: order.is_changing().then(|| standing(whole, &sight)),
        findings: findings(case, house, caller),
        questions: order.questions.iter().map(|asked| question(asked, house)).collect(),
        tags: order.tags.iter().cloned().collect(),
        exceptions: exceptions(case, house, caller, now_ms),
        tasks: case.tasks.values().map(|own| task(&around, own)).collect(),
        route: compiled.map(|flow| steps(whole, flow, house, &sight)).unwrap_or_default(),
        stage: bar(case, house),
        waiting_on: views(case, house, now_ms),
        sentence: super::sentence::of_order(case, house, now_ms),
        flow: FlowOfOrder { key: pin.key, version: pin.version, name },
        actions: actions(of_order(whole, caller, house)),
        people_to_choose: people(whole, house),
        notice_to_send: choices::notice(order),
        by_hand: by_hand(whole, house, caller, now_ms),
        receiver: actor(&house.people, &order.receiver),
        reviewers: compiled.map(|flow| reviews(whole, flow, house)).unwrap_or_default(),
        side_runs: side_runs(case, house),
        shipper: order.fulfilment.shipments.last().map(|shipment| actor(&house.people, &shipment.by)),
        receipts: receipts(case, house),
        attachments: attachments(case, house),
        notices: notices(case, house, attempts),
        fulfilment: fulfilment(case, house, now_ms),
        entered_later: entered_later(order, house),
        created_at: at(order.created_ms),
        submitted_at: order.submitted_ms.map(at),
        confirmed_at: order.confirmed_ms.map(at),
        updated_at: at(order.updated_ms),
        family: family(order),
        cancel_reason: order.cancel_code.as_deref().map(|code| cancel_reason(code, house)),
        loss: case.loss.as_deref().map(|known| loss(known, house)),
        links: links(order.id),
    }
}

fn standing(whole: &Case, sight: &Sight) -> StandingView {
    let stands = Case { order: whole.order.as_it_stands().into_owned(), ..whole.clone() };
    let stands = sight.cut(&stands);
    let content = &stands.order.content;
    StandingView {
        revision: stands.order.revision,
        requested_date: content.requested_date.map(|date| date.to_string()),
        ship_to: ShipToView::from(&content.ship_to),
        lines: lines(&stands),
        totals: stands.order.checked.totals.as_ref().map(totals),
    }
}

fn side_runs(case: &Case, house: &House) -> Vec<SideRunView> {
    let view = |(side, number): (&SideRun, u32)| {
        let name = house.flow(&side.pin).map(|flow| Text::from(&flow.doc().name)).unwrap_or_default();
        let FlowPin { key, version } = side.pin.clone();
        let (line_id, warehouse) = match &side.about {
            Some(About::Line(line)) => (Some(line.to_string()), None),
            Some(About::Warehouse(code)) => (None, Some(code.clone())),
            None => (None, None),
        };
        SideRunView {
            number,
            flow: FlowOfOrder { key, version, name },
            line_id,
            warehouse,
            state: match side.run.outcome() {
                None => "running",
                Some(Outcome::Completed) => "completed",
                Some(Outcome::Rejected) => "rejected",
                Some(_) => "cancelled",
            },
            began_at: house.calendar.text(side.began_ms),
        }
    };
    case.side_runs.iter().zip(1..).map(view).collect()
}

fn flags(case: &Case, now_ms: i64) -> Vec<&'static str> {
    let late_task = case.open_tasks().any(|(_, task)| task.due_ms.is_some_and(|due| due < now_ms));
    let late_notice = case.notices.iter().any(|notice| notice.late && notice.sent_ms.is_none());
    let exception = case.open_exceptions().next().is_some();
    let overdue = late_task || late_notice || is_chased(case);
    let flags = [
        ("changing", case.order.is_changing()),
        ("entered_later", case.order.entered_later.is_some()),
        ("exception", exception),
        ("on_hold", case.order.on_hold),
        ("overdue", overdue),
    ];
    flags.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect()
}

fn source(source: &serde_json::Value) -> SourceView {
    let field = |name: &str| match source.get(name) {
        Some(serde_json::Value::String(text)) => Some(text.clone()),
        Some(serde_json::Value::Null) | None => None,
        Some(other) => Some(other.to_string()),
    };
    SourceView {
        kind: field("kind").unwrap_or_else(|| "other".to_owned()),
        name: field("name"),
        hash: field("hash"),
        rows: field("rows"),
    }
}

fn customer(case: &Case) -> CustomerOfOrder {
    let known = case.order.checked.customer.as_ref();
    CustomerOfOrder {
        code: case.order.content.customer.clone(),
        name: known.map(|customer| customer.name.clone()),
        level: known.and_then(|customer| customer.level.clone()),
        matched: known.is_some(),
    }
}

fn reviews(case: &Case, flow: &Flow, house: &House) -> Vec<ReviewerView> {
    let view = |review: ordain_app::query::route::Reviewed<'_>| ReviewerView {
        person: review.by.map(|by| actor(&house.people, by)),
        by_rule: review.by.is_none(),
        node_name: review.node.map_or_else(|| Text::plain(&review.node_id), |node| Text::from(&node.name)),
        decision: review.decision.map_or("passed_by_rule", super::task::decision),
        at: house.calendar.text(review.at_ms),
    };
    reviewers(case, flow, house).into_iter().map(view).collect()
}

fn notices(case: &Case, house: &House, attempts: &BTreeMap<Uuid, i64>) -> Vec<NoticeOfOrder> {
    let named = |to: &str| match Uuid::parse_str(to).ok().and_then(|id| house.people.users.get(&id)) {
        Some(user) => user.name.clone(),
        None => to.to_owned(),
    };
    let view = |notice: &ordain_app::case::Notice| NoticeOfOrder {
        id: notice.id.to_string(),
        template: notice.template.clone(),
        channel: notice.channel.clone(),
        to: named(&notice.to),
        state: match (notice.sent_ms, &notice.failed) {
            (Some(_), _) => "sent",
            (None, Some(_)) => "failed",
            (None, None) => "queued",
        },
        queued_at: house.calendar.text(notice.queued_ms),
        sent_at: notice.sent_ms.map(|ms| house.calendar.text(ms)),
        attempts: attempts.get(&notice.id).copied().unwrap_or(i64::from(notice.sent_ms.is_some())),
        late: notice.late,
    };
    case.notices.iter().map(view).collect()
}
