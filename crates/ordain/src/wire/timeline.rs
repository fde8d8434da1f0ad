//! The story of an order in words: each log entry with what it did and what it changed.

use super::cancel::cancel_reason;
use super::finding::message;
use super::person::party_name;
use crate::words::{Text, field, list, named, text, word};
use ordain_app::case::FlowPin;
use ordain_app::case::decide::NOBODY_TOLD;
use ordain_app::case::event::Event;
use ordain_app::case::people::Directory;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_app::query::story::Item;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{Currency, money_text, qty_text};
use ordain_domain::finding::Finding;
use ordain_domain::order::fulfilment::ShippedLine;
use ordain_domain::order::{AnswerProof, EnteredLater, Event as OrderEvent, QuestionState};
use ordain_domain::promise::{BrokenPromise, Incoming};
use ordain_domain::stock::Allocation;
use ordain_flow::run::{Event as FlowEvent, Flow};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TimelineItem)]
pub struct TimelineItemView {
    pub seq: i64,
    pub at: String,
    pub actor: ActorView,
    /// The command's name.
    pub action: String,
    pub title: Text,
    pub reason: Option<String>,
    pub changes: Vec<ChangeView>,
    pub details: Vec<Text>,
    /// The entry's place in the hash chain, hexadecimal.
    pub hash: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
pub struct ActorView {
    /// `person`, `token`, `rule` or `system`.
    pub kind: &'static str,
    pub name: String,
    pub id: Option<String>,
    /// In whose place they decided.
    pub on_behalf: Option<Text>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub struct ChangeView {
    pub path: String,
    pub label: Text,
    pub before: serde_json::Value,
    pub after: serde_json::Value,
}

pub fn actor(actor: &Actor) -> ActorView {
    let (kind, id) = match actor {
        Actor::Person { id, .. } => ("person", Some(id)),
        Actor::Token { id, .. } => ("token", Some(id)),
        Actor::System { .. } => ("system", None),
    };
    ActorView { kind, name: actor.name().to_owned(), id: id.map(Uuid::to_string), on_behalf: None }
}

/// Where names are looked up.
pub struct Names<'a> {
    pub house: &'a House,
    /// The version that the order was in when what is told of happened.
    pub at: Option<&'a Flow>,
    /// Those that the order goes through, and has gone through.
    pub flows: Vec<&'a Flow>,
    /// The order's.
    pub currency: Currency,
    /// Findings by id, as the order has or had them.
    pub findings: Vec<Finding>,
    pub sight: &'a Sight,
}

impl Names<'_> {
    fn known(&self) -> impl Iterator<Item = &Flow> {
        self.at.iter().chain(&self.flows).copied()
    }

    pub fn node(&self, id: &str) -> Text {
        let node = self.known().find_map(|flow| flow.node(id));
        node.map_or_else(|| Text::plain(id), |node| Text::from(&node.name))
    }

    fn lane(&self, node: &str, lane: &str) -> Text {
        let node = self.known().find_map(|flow| flow.node(node));
        let lanes = node.map(|node| node.lanes()).unwrap_or_default();
        let found = lanes.iter().find(|known| known.id == lane);
        found.map_or_else(|| Text::plain(lane), |lane| Text::from(&lane.name))
    }

    fn finding(&self, id: &str) -> Text {
        let found = self.findings.iter().rev().find(|finding| finding.id() == id);
        found.map_or_else(|| Text::plain(id), |found| message(&self.sight.finding(found)))
    }

    pub fn people(&self) -> &Directory {
        &self.house.people
    }

    pub fn time(&self, at_ms: i64) -> String {
        self.house.calendar.text(at_ms)
    }
}

/// Every finding that an entry of the story recorded.
pub fn findings_of(items: &[Item]) -> Vec<Finding> {
    let events = items.iter().flat_map(|item| &item.events);
    let checked = events.filter_map(|event| match event {
        Event::Order(OrderEvent::Checked { checked }) => Some(&checked.findings),
        _ => None,
    });
    checked.flatten().cloned().collect()
}

pub fn item(item: &Item, names: &Names<'_>) -> TimelineItemView {
    let mut details: Vec<Text> = Vec::new();
    if let Some((before, after)) = item.status {
        let after = ("after", named("status", after.name()));
        details.push(match before {
            Some(before) => text("event.status", &[("before", named("status", before.name())), after]),
            None => text("event.status_new", &[after]),
        });
    }
    details.extend(item.events.iter().filter_map(|event| detail(event, names)));
    let shown = item.changes.iter().filter_map(|change| names.sight.difference(change));
    let change = |difference: ordain_domain::order::content::Difference| ChangeView {
        label: field(&difference.path),
        path: difference.path,
        before: difference.before,
        after: difference.after,
    };
    TimelineItemView {
        seq: item.row.subject_seq,
        at: names.house.calendar.text(item.row.at_ms),
        actor: ActorView { on_behalf: on_behalf(item, names), ..actor(&item.actor) },
        action: item.row.command.clone(),
        title: title(item, names),
        reason: item.row.reason.clone(),
        changes: shown.map(change).collect(),
        details,
        hash: hex::encode(item.row.hash),
    }
}

/// In whose place the actor decided.
fn on_behalf(item: &Item, names: &Names<'_>) -> Option<Text> {
    item.events.iter().find_map(|event| match event {
        Event::TaskDecided { on_behalf: Some(party), .. } => Some(party_name(names.people(), party)),
        _ => None,
    })
}

fn title(item: &Item, names: &Names<'_>) -> Text {
    let decided = item.events.iter().find_map(|event| match event {
        Event::Flow(FlowEvent::Decided { node, decision, .. })
        | Event::SideFlow { event: FlowEvent::Decided { node, decision, .. }, .. } => Some((node, *decision)),
        _ => None,
    });
    // What nobody decided in time is not shown as somebody's decision.
    let by_system = |event: &Event| matches!(event, Event::TaskDecided { by: Actor::System { .. }, .. });
    let how = if item.events.iter().any(by_system) { "timeout." } else { "" };
    match decided {
        Some((node, decision)) => {
            let key = format!("command.decide_task.{how}{}", super::task::decision(decision));
            text(&key, &[("node", names.node(node))])
        }
        None => named("command", &item.row.command),
    }
}

pub fn detail(event: &Event, names: &Names<'_>) -> Option<Text> {
    match event {
        Event::Order(event) => of_order(event, names),
        Event::Flow(event) | Event::SideFlow { event, .. } => of_flow(event, names),
        Event::SideRunBegan { side_run } => {
            let flow = names.house.flow(&side_run.pin).map(|flow| Text::from(&flow.doc().name));
            let flow = flow.unwrap_or_else(|| Text::plain(&side_run.pin.key));
            Some(text("event.side_run_began", &[("flow", flow)]))
        }
        Event::ReturnedToSender(returned) => {
            Some(text("event.returned", &[("reason", Text::plain(&returned.reason))]))
        }
        Event::Migrated { from, pin, mapping } => Some(migrated(from, pin, mapping, names)),
        Event::MigrationUndone => Some(text("event.migration_undone", &[])),
        Event::ReceiptsAsked { users, .. } => {
            Some(plain("event.receipts_asked", "n", &users.len().to_string()))
        }
        Event::ReceiptGiven { .. } => Some(word("event.receipt_given")),
        Event::Attached { attachment } => {
            let key = if attachment.signs.is_some() { "event.signed" } else { "event.attached" };
            Some(text(key, &[("name", Text::plain(&attachment.name))]))
        }
        Event::LossExplained { reason, .. } => {
            Some(text("event.loss_explained", &[("reason", cancel_reason(reason, names.house).name)]))
        }
        Event::Pinned { .. } | Event::NoticeExpected { .. } | Event::Watched { .. } => None,
        other => super::task_events::detail(other, names),
    }
}

/// The versions, and where the order goes on in the place of steps that are gone.
fn migrated(from: &FlowPin, pin: &FlowPin, mapping: &BTreeMap<String, String>, names: &Names<'_>) -> Text {
    let version = |pin: &FlowPin| Text::plain(pin.version.to_string());
    let versions = [("before", version(from)), ("after", version(pin))];
    if mapping.is_empty() {
        return text("event.migrated", &versions);
    }
    let told = |(step, target): (&String, &String)| {
        text("event.step_replaced", &[("before", names.node(step)), ("after", names.node(target))])
    };
    let steps: Vec<Text> = mapping.iter().map(told).collect();
    let [before, after] = versions;
    text("event.migrated_to", &[before, after, ("steps", list(&steps))])
}

fn of_flow(event: &FlowEvent, names: &Names<'_>) -> Option<Text> {
    match event {
        FlowEvent::PassedByRule { node, spared, .. } => {
            let node = ("node", names.node(node));
            Some(match spared {
                None => text("event.passed_by_rule", &[node]),
                Some(why) => {
                    let why = text(&format!("why.spared.{}", why.name()), &[]);
                    text("event.passed_because", &[node, ("why", why)])
                }
            })
        }
        FlowEvent::LaneTaken { node, lane, .. } => {
            Some(text("event.lane_taken", &[("node", names.node(node)), ("lane", names.lane(node, lane))]))
        }
        FlowEvent::TaskClosed { node, .. } => Some(text("event.task_closed", &[("node", names.node(node))])),
        FlowEvent::WentBack { because_of, .. } => {
            Some(text("event.went_back", &[("node", names.node(because_of))]))
        }
        _ => None,
    }
}

fn of_order(event: &OrderEvent, names: &Names<'_>) -> Option<Text> {
    Some(match event {
        OrderEvent::Received(received) => entered_later(received.entered_later.as_ref()?, names),
        OrderEvent::Checked { checked } if checked.findings.is_empty() => word("event.checks_clear"),
        OrderEvent::Checked { checked } => plain("event.findings", "n", &checked.findings.len().to_string()),
        OrderEvent::Edited { revision, .. } => plain("event.revision", "revision", &revision.to_string()),
        OrderEvent::StockHeld { held, coming } if held.is_empty() && coming.is_empty() => {
            word("event.stock_released")
        }
        OrderEvent::StockHeld { .. } if names.sight.veil("lines.quantity").is_some() => return None,
        OrderEvent::CreditHeld(_) if names.sight.money().is_some() => return None,
        OrderEvent::StockHeld { held, coming } => text("event.stock_held", &[("what", goods(held, coming))]),
        OrderEvent::StockReleased => word("event.stock_released"),
        OrderEvent::ReservationExpired => word("event.reservation_expired"),
        OrderEvent::CreditHeld(held) => {
            plain("event.credit_held", "amount", &money_text(held.minor, names.currency))
        }
        OrderEvent::CreditReleased => word("event.credit_released"),
        OrderEvent::FindingAccepted { finding, acceptance } => {
            let reason = Text::plain(&acceptance.reason);
            text("event.finding_accepted", &[("finding", names.finding(finding)), ("reason", reason)])
        }
        OrderEvent::Confirmed(confirmation) => {
            plain("event.confirmed", "revision", &confirmation.revision().to_string())
        }
        OrderEvent::Commented { text } => plain("event.commented", "text", text),
        OrderEvent::QuestionAsked { question } => plain("event.question_asked", "text", &question.text),
        OrderEvent::QuestionClosed { outcome, .. } => match outcome {
            QuestionState::Answered { text, .. } => plain("event.question_answered", "text", text),
            QuestionState::Withdrawn { reason, .. } => plain("event.question_withdrawn", "text", reason),
            QuestionState::Open => return None,
        },
        OrderEvent::NoticeQueued { template, channel, to, .. } => {
            let to =
                Uuid::parse_str(to).ok().and_then(|id| names.people().users.get(&id)).map_or(to, |u| &u.name);
            let notice = named("template", template);
            let args =
                [("notice", notice), ("channel", named("notice_channel", channel)), ("to", Text::plain(to))];
            text("event.notice_queued", &args)
        }
        OrderEvent::NoticeSent { .. } => word("event.notice_sent"),
        OrderEvent::NoticeFailed { why, .. } => {
            text("event.notice_failed", &[("why", named("delivery_failure", why))])
        }
        OrderEvent::NoticeLate { .. } => word("event.notice_late"),
        OrderEvent::Expired => word("event.expired"),
        OrderEvent::CustomerAsked => word("event.customer_asked"),
        OrderEvent::CustomerLetGo => word("event.customer_let_go"),
        OrderEvent::CustomerAnswered { accepted, proof: Some(proof), .. } => proven(*accepted, proof),
        // Whoever records an answer says how it came.
        OrderEvent::CustomerAnswered { accepted: true, evidence: None, .. } => {
            word("event.customer_consented")
        }
        OrderEvent::CustomerAnswered { accepted: true, .. } => word("event.customer_accepted"),
        OrderEvent::CustomerAnswered { accepted: false, .. } => word("event.customer_declined"),
        OrderEvent::Reopened { revision } => plain("event.reopened", "n", &revision.to_string()),
        OrderEvent::Tagged { tags } => plain("event.tagged", "tags", &tags.join(", ")),
        OrderEvent::SplitOff { number, .. } => plain("event.split_off", "number", number),
        OrderEvent::MergedIn { number, .. } => plain("event.merged_in", "number", number),
        OrderEvent::Cancelled { code: Some(code) } => {
            text("event.cancelled_for", &[("reason", cancel_reason(code, names.house).name)])
        }
        // What it did stands beside it.
        OrderEvent::Reminded { whom, .. } if whom == NOBODY_TOLD => return None,
        OrderEvent::Reminded { whom, .. } => text("event.reminded", &[("whom", whom_name(whom, names))]),
        _ => return of_change(event).or_else(|| of_promises(event, names)),
    })
}

fn of_change(event: &OrderEvent) -> Option<Text> {
    Some(match event {
        OrderEvent::ChangeRequested { change } => {
            plain("event.change_requested", "n", &change.number.to_string())
        }
        OrderEvent::ChangeTaken { taken, .. } => {
            plain("event.revision", "revision", &taken.revision.to_string())
        }
        OrderEvent::ChangeClosed { outcome, .. } => named("event.change_closed", outcome.name()),
        OrderEvent::ChangeNarrowed { narrowed, .. } => {
            plain("event.change_narrowed", "n", &narrowed.left_out.len().to_string())
        }
        OrderEvent::ChangeRebased { rebased, .. } => {
            plain("event.change_rebased", "n", &rebased.base.to_string())
        }
        _ => return None,
    })
}

fn entered_later(later: &EnteredLater, names: &Names<'_>) -> Text {
    let at = ("at", Text::plain(names.time(later.received_ms)));
    text("event.entered_later", &[at, ("reason", Text::plain(&later.reason))])
}

/// An answer of the customer with what shows that it is theirs.
fn proven(accepted: bool, proof: &AnswerProof) -> Text {
    let answer = word(if accepted { "event.customer_accepted" } else { "event.customer_declined" });
    let proof = match proof {
        AnswerProof::Code { channel, to } => {
            let channel = named("notice_channel", channel);
            text("answer_proof.code", &[("channel", channel), ("to", Text::plain(to))])
        }
        AnswerProof::Signature => word("answer_proof.signature"),
    };
    text("event.customer_proven", &[("answer", answer), ("proof", proof)])
}

fn plain(key: &str, name: &'static str, value: &str) -> Text {
    text(key, &[(name, Text::plain(value))])
}

fn goods(held: &[Allocation], coming: &[Incoming]) -> Text {
    let shelf = |part: &Allocation| {
        Text::plain(format!("{} × {} ({})", part.product, qty_text(part.qty_milli), part.warehouse))
    };
    let way = |part: &Incoming| {
        let what = format!("{} × {}", part.product, qty_text(part.qty_milli));
        Text::plain(format!("{what} ({}, {})", part.source, part.date))
    };
    let parts = held.iter().map(shelf).chain(coming.iter().map(way));
    list(&parts.take(20).collect::<Vec<_>>())
}

/// What became of promises when the goods behind them moved.
fn of_promises(event: &OrderEvent, names: &Names<'_>) -> Option<Text> {
    let veiled = names.sight.veil("lines.quantity").is_some();
    Some(match event {
        OrderEvent::GoodsArrived { .. } | OrderEvent::SupplyMoved { .. } if veiled => return None,
        OrderEvent::GoodsArrived { source, warehouse, qty_milli } => {
            let quantity = ("quantity", Text::plain(qty_text(*qty_milli)));
            let from = ("from", Text::plain(source.to_string()));
            text("event.goods_arrived", &[quantity, from, ("warehouse", Text::plain(warehouse))])
        }
        OrderEvent::SupplyMoved { source, broken, date, .. } if broken.is_empty() => {
            let date = date.map_or_else(|| "-".to_owned(), |date| date.to_string());
            let from = ("from", Text::plain(source.to_string()));
            text("event.supply_moved", &[from, ("date", Text::plain(date))])
        }
        OrderEvent::SupplyMoved { broken, .. } => {
            let told = |of: &BrokenPromise| {
                let now = of.now.map_or_else(|| "-".to_owned(), |date| date.to_string());
                let quantity = ("quantity", Text::plain(qty_text(of.qty_milli)));
                let (product, promised) = (Text::plain(&of.product), Text::plain(of.promised.to_string()));
                let dates = [("promised", promised), ("now", Text::plain(now))];
                let from = ("from", Text::plain(of.source.to_string()));
                let [promised, now] = dates;
                text("event.promise_broken", &[("product", product), quantity, from, promised, now])
            };
            list(&broken.iter().take(20).map(told).collect::<Vec<_>>())
        }
        OrderEvent::GoodsGone { .. } if veiled => return None,
        OrderEvent::GoodsGone { product, warehouse, broken, .. } => {
            let lost: i64 = broken.iter().map(|of| of.qty_milli).sum();
            let args = [("product", product), ("warehouse", warehouse), ("quantity", &qty_text(lost))];
            text("event.goods_gone", &args.map(|(name, value)| (name, Text::plain(value.as_str()))))
        }
        OrderEvent::PromiseProposed { line, instead, .. } => {
            let what = ("what", goods(&instead.held, &instead.coming));
            text("event.promise_proposed", &[("n", Text::plain(line.to_string())), what])
        }
        OrderEvent::PromiseSettled { line, instead: true } => {
            plain("event.promise_settled_instead", "n", &line.to_string())
        }
        OrderEvent::PromiseSettled { line, instead: false } => {
            plain("event.promise_settled_new_date", "n", &line.to_string())
        }
        OrderEvent::PromiseExchanged { .. } if veiled => return None,
        OrderEvent::PromiseExchanged { with, gives, takes } => {
            let with = ("with", Text::plain(with.as_str()));
            let [gives, takes] = [gives, takes].map(|of| goods(&of.held, &of.coming));
            text("event.promise_exchanged", &[with, ("gives", gives), ("takes", takes)])
        }
        _ => return of_fulfilment(event, names),
    })
}

/// What follows the confirmation: goods, money, complaints.
fn of_fulfilment(event: &OrderEvent, names: &Names<'_>) -> Option<Text> {
    Some(match event {
        OrderEvent::GoodsShipped { reference, parts } => {
            text("event.goods_shipped", &[("what", goods(parts, &[])), ("reference", Text::plain(reference))])
        }
        OrderEvent::Shipped { shipment } => {
            let part = |line: &ShippedLine| {
                let args = [
                    ("n", Text::plain(line.line.to_string())),
                    ("quantity", Text::plain(qty_text(line.qty_milli))),
                ];
                text("event.shipped_line", &args)
            };
            let parts: Vec<Text> = shipment.lines.iter().take(20).map(part).collect();
            text("event.shipped", &[("n", Text::plain(shipment.id.to_string())), ("what", list(&parts))])
        }
        OrderEvent::PaymentRecorded { payment } => {
            let args = [
                ("amount", Text::plain(money_text(payment.minor, names.currency))),
                ("reference", Text::plain(&payment.reference)),
                ("method", named("payment_method", &payment.method)),
            ];
            text("event.payment_recorded", &args)
        }
        OrderEvent::PaymentReversed { reversal } => {
            let args = [
                ("amount", Text::plain(money_text(reversal.minor, names.currency))),
                ("reference", Text::plain(&reversal.reference)),
                ("kind", named("reversal_kind", reversal.kind.name())),
                ("reason", Text::plain(&reversal.reason)),
            ];
            text("event.payment_reversed", &args)
        }
        OrderEvent::InvoiceRequested { invoice } => {
            plain("event.invoice_requested", "amount", &money_text(invoice.minor, names.currency))
        }
        OrderEvent::InvoiceIssued { issued, .. } => plain("event.invoice_issued", "number", &issued.number),
        OrderEvent::InvoiceCorrected { correction } => {
            let number = correction.number.as_ref().map(Text::plain).unwrap_or_default();
            let args = [
                ("amount", Text::plain(money_text(correction.minor, names.currency))),
                ("kind", named("correction_kind", correction.kind.name())),
                ("number", number),
                ("reason", Text::plain(&correction.reason)),
            ];
            let numbered = correction.number.is_some();
            text(if numbered { "event.invoice_red_letter" } else { "event.invoice_corrected" }, &args)
        }
        OrderEvent::ComplaintRecorded { complaint } => {
            let kind = named("complaint_kind", &complaint.kind);
            text("event.complaint_recorded", &[("kind", kind), ("text", Text::plain(&complaint.text))])
        }
        OrderEvent::ComplaintSettled { state, text: words, .. } => {
            plain(&format!("event.complaint_{}", state.name()), "text", words)
        }
        _ => return None,
    })
}

fn whom_name(whom: &str, names: &Names<'_>) -> Text {
    let person = names.people().by_login(whom).map(|user| Text::plain(&user.name));
    match (names.people().departments.get(whom), person) {
        (Some((zh, en)), _) => Text { zh: zh.clone(), en: en.clone() },
        (None, Some(person)) => person,
        (None, None) => super::roles::role_name(&names.people().own_roles, whom),
    }
}
