//! What random people ask for: contents that are clean or wrong in one or two ways, and commands that fit the order at
//! hand most of the time and do not fit it the rest.

use super::rng::Rng;
use crate::company::{clean_order, decimal, line};
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand, Place, QuestionOutcome, ShipLine};
use ordain_app::case::timers::TimerKind;
use ordain_app::case::{Case, HandOverWhy, SignerAt, Task};
use ordain_domain::decimal::qty_text;
use ordain_domain::order::fulfilment::{Complaint, ComplaintState};
use ordain_domain::order::{Content, EnteredLater, Origin, QuestionTo};
use ordain_flow::doc::Party;
use ordain_flow::run::Decision;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Products of the random company; `P-4` costs 5,000, so that ten of it need the sales manager, and `P-5` has no list
/// price. `N-1` and customer `N001` are unknown at first.
pub const PRODUCTS: [&str; 5] = ["P-1", "P-2", "P-3", "P-4", "P-5"];
pub const CUSTOMERS: [&str; 3] = ["C001", "C002", "C003"];
pub const NEW_PRODUCT: &str = "N-1";
pub const NEW_CUSTOMER: &str = "N001";
pub const WAREHOUSES: [&str; 2] = ["SH", "NB"];
pub const PURCHASE_ORDERS: [&str; 6] = ["PO-1", "PO-2", "PO-3", "PO-4", "PO-5", "PO-6"];

/// The list price of a product as text.
pub fn list_price(product: &str) -> &'static str {
    if product == "P-4" { "5000" } else { "12.50" }
}

/// An order that somebody sends. Dates lie `days` from today on the given day.
pub fn content(rng: &mut Rng, today: &str, soon: &str) -> Content {
    let mut order = clean_order();
    order.customer = Some(rng.word(&CUSTOMERS).to_owned());
    order.customer_po = Some(rng.word(&PURCHASE_ORDERS).to_owned());
    // Most purchase order numbers are seen once only.
    if rng.chance(70) {
        order.customer_po = Some(format!("PO-{:x}", rng.next()));
    }
    order.requested_date = soon.parse().ok();
    let count = 1 + rng.below(3);
    order.lines = (1..=u32::try_from(count).unwrap_or(1)).map(|id| asked_line(rng, id)).collect();
    if rng.chance(45) {
        spoil(rng, &mut order, today);
        if rng.chance(25) {
            spoil(rng, &mut order, today);
        }
    }
    order
}

fn asked_line(rng: &mut Rng, id: u32) -> ordain_domain::order::Line {
    let product = if rng.chance(12) { "P-4" } else { rng.word(&PRODUCTS[..3]) };
    let quantity = match (product, rng.below(10)) {
        ("P-4", _) => rng.word(&["1", "9", "9.999", "10", "11"]),
        (_, 0) => "60.5",
        (_, 1) => "0.001",
        _ => rng.word(&["1", "5", "10", "25"]),
    };
    let mut asked = line(id, product, quantity, list_price(product));
    asked.warehouse = rng.chance(15).then(|| rng.word(&WAREHOUSES).to_owned());
    asked
}

/// Makes one thing wrong or remarkable.
fn spoil(rng: &mut Rng, order: &mut Content, today: &str) {
    let text = |text: &str| Some(text.to_owned());
    let at = rng.below(order.lines.len().max(1));
    let Some(line) = order.lines.get_mut(at) else { return };
    match rng.below(23) {
        0 => order.customer = None,
        1 => order.customer = text(NEW_CUSTOMER),
        2 => order.currency = text("ZZZ"),
        3 => order.currency = text("USD"),
        4 => order.payment_terms = text("NET60"),
        5 => order.payment_terms = text("LATER"),
        6 => order.ship_to.phone = None,
        7 => order.invoice.kind = text("receipt"),
        8 if at > 0 => order.invoice.tax_no = text("91310000DEM000001A"),
        8 => order.invoice.tax_no = None,
        9 => order.special_requests = text("gift wrap"),
        10 => order.requested_date = today.parse().ok(),
        11 => order.requested_date = "2020-01-01".parse().ok(),
        12 => order.requested_date = "2099-01-01".parse().ok(),
        13 => line.product = text(NEW_PRODUCT),
        14 => line.quantity = decimal("999999999999999999999999999999"),
        15 => line.quantity = decimal("-3"),
        16 => line.quantity = decimal("100000"),
        17 => line.unit_price = decimal("11"),
        18 => line.unit_price = decimal("12.3749"),
        19 => line.unit_price = decimal("12.375"),
        20 => line.unit = text("box"),
        21 => {
            line.product = text("P-5");
            line.unit_price = decimal("7");
        }
        _ => line.warehouse = text("XX"),
    }
}

const FAR_FUTURE_MS: i64 = 4_000_000_000_000;

/// Taken on paper, once in a while at a time that has not come, or for no reason.
fn entered_later(rng: &mut Rng) -> EnteredLater {
    EnteredLater { received_ms: if rng.chance(10) { FAR_FUTURE_MS } else { 1_000 }, reason: reason(rng) }
}

pub fn place(rng: &mut Rng, content: Content) -> OrderCommand {
    let mut reasons = BTreeMap::new();
    if rng.chance(10) {
        reasons.insert("special_request:special_requests".to_owned(), "a birthday".to_owned());
    }
    OrderCommand::Place(Box::new(Place {
        channel: rng.word(&["api", "excel", "mail", "form"]).to_owned(),
        source: rng.chance(10).then(|| serde_json::json!({ "row": 7 })),
        content,
        submit: !rng.chance(12),
        reasons,
        entered_later: rng.chance(8).then(|| entered_later(rng)),
    }))
}

/// A command on a known order, and whether it should come from somebody who may decide the task in question.
pub fn command(rng: &mut Rng, case: &Case, today: &str, soon: &str) -> (OrderCommand, Option<Task>) {
    if !case.order.broken.is_empty() && rng.chance(40) {
        return (super::supply::settle(rng, case), None);
    }
    let open: Vec<&Task> = case.open_tasks().map(|(_, task)| task).collect();
    let any: Vec<&Task> = case.tasks.values().collect();
    if !open.is_empty() && rng.chance(45) {
        let task = rng.pick(&open).copied().cloned();
        return (decide(rng, case, task.as_ref()), task);
    }
    if !any.is_empty() && rng.chance(25) {
        // Often the one that was added last, so that signers add signers.
        let last = open.iter().rev().find(|task| task.added.is_some()).filter(|_| rng.chance(60));
        let task = last.or_else(|| rng.pick(&any)).copied().cloned();
        return (hand(rng, task.as_ref()), task);
    }
    let command = match rng.below(26) {
        0..=2 => edit(rng, case, today, soon),
        3 if case.order.status.is_firm() => fulfil(case),
        3 => OrderCommand::Submit { reasons: BTreeMap::new() },
        4 => OrderCommand::Cancel { reason: reason(rng), code: None },
        5 => OrderCommand::Hold { reason: reason(rng) },
        6 | 7 => OrderCommand::Resume,
        8 => OrderCommand::Comment { text: spoken(rng) },
        9 => ask(rng, case),
        10 => close_question(rng, case),
        11 | 12 => {
            let task = rng.pick(&any).copied().cloned();
            let claim = OrderCommand::Claim { task: task.as_ref().map_or(Uuid::nil(), |task| task.id) };
            return (claim, task);
        }
        13 => {
            let task = rng.pick(&any).copied().cloned();
            return (decide(rng, case, task.as_ref()), task);
        }
        14 | 15 => notice(rng, case),
        16 => OrderCommand::Fire {
            kind: *rng.pick(&TimerKind::ALL).unwrap_or(&TimerKind::Gap),
            key: open.first().map_or_else(|| "1".to_owned(), |task| task.id.to_string()),
        },
        17..=19 if case.order.status.is_firm() => fulfil(case),
        17..=19 => OrderCommand::Recheck,
        // Where nothing can be changed any more.
        24 if !(case.order.is_in_review() || case.order.status.is_firm()) => {
            let reason = rng.word(&["short_or_late", "lost_to_competitor", "test", "other"]);
            OrderCommand::ExplainLoss { reason: reason.to_owned() }
        }
        25 => OrderCommand::Watch { on: rng.chance(70) },
        _ => change(rng, case, today, soon),
    };
    (command, None)
}

/// Sometimes all that is left, sometimes a piece of it, sometimes of another revision.
fn ship(case: &Case) -> Fulfil {
    let (order, version) = (&case.order, case.version);
    let all = version % 2 == 0;
    let left = order.unshipped_milli().into_iter().filter(|(_, left)| *left > 0);
    let line = |(line, left): (u32, i64)| ShipLine {
        line: Some(line),
        quantity: decimal(&qty_text(if all { left } else { left.min(1_000) })),
        warehouse: None,
    };
    let other = u32::from(version % 3 == 0);
    Fulfil::Ship {
        revision: order.revision + other,
        lines: left.map(line).collect(),
        carrier: None,
        note: None,
    }
}

/// Something that happens after the confirmation, each in its turn.
fn fulfil(case: &Case) -> OrderCommand {
    let (number, version) = (&case.order.number, case.version);
    let id = 1;
    // Orders are at different points of the round.
    let turn = version + case.order.created_ms / 1_000;
    let closed = |complaint: &Complaint| complaint.state == ComplaintState::Closed;
    let act = match turn % 7 {
        // What is closed is closed again, which is refused.
        _ if version % 2 == 0 && case.order.fulfilment.complaints.first().is_some_and(closed) => {
            Fulfil::CloseComplaint { id, outcome: "replaced".to_owned() }
        }
        0 => Fulfil::Pay {
            reference: format!("{number}/{version}"),
            amount: decimal("40"),
            on: None,
            method: (version % 4 == 0).then(|| "acceptance_bill".to_owned()),
        },
        1 => Fulfil::Invoice { number: None, amount: decimal("50") },
        // Most numbers are one order's only.
        2 if version % 4 == 0 => Fulfil::Invoice { number: Some(version.to_string()), amount: None },
        2 => Fulfil::Invoice { number: Some(format!("{number}/{version}")), amount: None },
        3 => Fulfil::Complain { kind: "quality".to_owned(), text: "scratched".to_owned(), from: None },
        4 => ship(case),
        5 => Fulfil::AnswerComplaint { id, answer: "sorry".to_owned() },
        _ => Fulfil::CloseComplaint { id, outcome: "replaced".to_owned() },
    };
    OrderCommand::Fulfil(Box::new(act))
}

/// Something done with a task beside deciding it.
fn hand(rng: &mut Rng, of: Option<&Task>) -> OrderCommand {
    let task = of.map_or(Uuid::nil(), |task| task.id);
    let people = ["sales1", "sales2", "smgr1", "fin1", "fin2", "wh1", "boss1", "ops1", "nobody"];
    let holder = of.filter(|_| rng.chance(20)).map(|task| task.holder.key().to_owned());
    let login = holder.unwrap_or_else(|| rng.word(&people).to_owned());
    // Signers add signers, so that the depth is reached.
    let added = of.is_some_and(|task| task.added.is_some()) && rng.chance(60);
    match rng.below(12) {
        7 | 8 if of.is_some_and(|task| task.entrusted_by.is_some()) || rng.chance(15) => {
            OrderCommand::GiveBack { task, note: reason(rng) }
        }
        7 | 8 => OrderCommand::Delegate { task, to: login, reason: reason(rng) },
        9 if of.is_some_and(|task| task.held.is_some()) => OrderCommand::ResumeTask { task },
        9 => {
            let minutes = u32::try_from(1 + rng.below(520)).unwrap_or(1);
            OrderCommand::HoldTask { task, minutes, reason: reason(rng) }
        }
        10 if rng.chance(40) => OrderCommand::ResumeTask { task },
        10 => OrderCommand::SendCopy { task, to: vec![login], note: reason(rng) },
        0 if !added => OrderCommand::Transfer { task, to: login, reason: reason(rng) },
        1 if !added => OrderCommand::Reassign {
            task,
            to: Party::User(login),
            why: HandOverWhy::Reassigned,
            reason: reason(rng),
        },
        2 if !added => OrderCommand::Urge { task },
        3 if !added => OrderCommand::RemoveSigner { task },
        _ => {
            let places = [SignerAt::Before, SignerAt::Parallel, SignerAt::After];
            let at = *rng.pick(&places).unwrap_or(&SignerAt::After);
            OrderCommand::AddSigner { task, login, at, counts: rng.chance(50) }
        }
    }
}

/// A reason; sometimes a blank one.
/// Said to somebody, where anything is said.
fn spoken(rng: &mut Rng) -> String {
    let said = reason(rng);
    if said.trim().is_empty() { said } else { format!("@fin1 {said}") }
}

fn reason(rng: &mut Rng) -> String {
    if rng.chance(10) { "  ".to_owned() } else { "agreed by phone".to_owned() }
}

fn edit(rng: &mut Rng, case: &Case, today: &str, soon: &str) -> OrderCommand {
    let mut content = case.order.content.clone();
    if rng.chance(70) {
        content = self::content(rng, today, soon);
    } else {
        spoil(rng, &mut content, today);
    }
    OrderCommand::Edit { content: Box::new(content), submit: rng.chance(60), reasons: BTreeMap::new() }
}

/// Asks for a change, or for an end of one that was asked for.
fn change(rng: &mut Rng, case: &Case, today: &str, soon: &str) -> OrderCommand {
    let known: Vec<_> = case.order.changes.iter().collect();
    let open: Vec<_> = known.iter().filter(|change| change.state.is_open()).copied().collect();
    let from = if open.is_empty() || rng.chance(10) { &known } else { &open };
    let some = rng.pick(from);
    let id = some.map_or(Uuid::nil(), |change| change.id);
    if rng.chance(if open.is_empty() { 5 } else { 50 }) {
        return match rng.below(5) {
            0 | 1 => OrderCommand::TakeChange { id },
            2 => OrderCommand::RejectChange { id, reason: reason(rng) },
            3 => OrderCommand::TakePart {
                id,
                lines: (1..=3).filter(|_| rng.chance(50)).collect(),
                head: rng.chance(50),
                reason: reason(rng),
            },
            _ => OrderCommand::WithdrawChange { id, reason: reason(rng), any: rng.chance(60) },
        };
    }
    let mut content = case.order.as_it_stands().content.clone();
    let at = rng.below(content.lines.len().max(1));
    match rng.below(10) {
        0 => content = Content { customer_po: content.customer_po, ..self::content(rng, today, soon) },
        1 => spoil(rng, &mut content, today),
        2 => content.ship_to.address = Some(rng.word(&["Ningbo", "Suzhou", "Wuxi"]).to_owned()),
        3 => content.payment_terms = Some(rng.word(&["NET30", "NET60"]).to_owned()),
        4 => content.special_requests = Some(rng.word(&["gift wrap", "by hand"]).to_owned()),
        5 => drop(content.lines.pop()),
        _ => {
            if let Some(line) = content.lines.get_mut(at) {
                line.quantity = decimal(rng.word(&["2", "9", "10", "12", "40"]));
            }
        }
    }
    if rng.chance(85) {
        content.requested_date = soon.parse().ok();
    }
    let origin = *rng.pick(&Origin::ALL).unwrap_or(&Origin::Customer);
    let direct = rng.chance(75);
    OrderCommand::RequestChange(Box::new(ChangeAsked { content, reason: reason(rng), origin, direct }))
}

fn decide(rng: &mut Rng, case: &Case, task: Option<&Task>) -> OrderCommand {
    let decision = match rng.below(10) {
        0 => Decision::Reject,
        1 => Decision::Return,
        _ => Decision::Approve,
    };
    let mut accept = BTreeMap::new();
    if rng.chance(85) {
        for finding in case.order.checked.findings.iter().filter(|finding| finding.code.acceptable()) {
            accept.insert(finding.id(), reason(rng));
        }
    }
    if rng.chance(4) {
        accept.insert("nothing:nowhere".to_owned(), "because".to_owned());
    }
    let reason = rng.chance(80).then(|| reason(rng));
    OrderCommand::Decide { task: task.map_or(Uuid::nil(), |task| task.id), decision, reason, accept }
}

fn ask(rng: &mut Rng, case: &Case) -> OrderCommand {
    let known = rng.pick(&case.order.checked.findings).map(ordain_domain::finding::Finding::id);
    OrderCommand::Ask {
        finding: if rng.chance(10) { Some("nothing:nowhere".to_owned()) } else { known },
        to: if rng.chance(50) { QuestionTo::Customer } else { QuestionTo::Sales },
        text: reason(rng),
        due_ms: None,
    }
}

fn close_question(rng: &mut Rng, case: &Case) -> OrderCommand {
    let id = rng.pick(&case.order.questions).map_or(1, |question| question.id);
    let text = reason(rng);
    let outcome = if rng.chance(60) {
        QuestionOutcome::Answer { text }
    } else {
        QuestionOutcome::Withdraw { reason: text }
    };
    OrderCommand::CloseQuestion { id, outcome }
}

fn notice(rng: &mut Rng, case: &Case) -> OrderCommand {
    let mails = case.notices.iter().filter(|notice| notice.channel == "mail").map(|notice| notice.id);
    let mails: Vec<Uuid> = mails.chain(case.hooks.keys().copied()).collect();
    OrderCommand::NoticeDelivered {
        id: rng.pick(&mails).copied().unwrap_or_default(),
        failed: rng.chance(30).then(|| "mailbox_full".to_owned()),
    }
}
