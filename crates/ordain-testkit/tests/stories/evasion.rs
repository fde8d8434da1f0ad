//! Everybody tries everything with orders large and small: none that needs the approval is confirmed without it.

use crate::{insert_before, publish, review, standard};
use ordain_app::case::decide::{ChangeAsked, Intervention, OrderCommand};
use ordain_app::case::event::apply;
use ordain_app::case::{Case, Event, HandOverWhy, SignerAt};
use ordain_app::query::story::log;
use ordain_domain::actor::Actor;
use ordain_domain::finding::Code;
use ordain_domain::order::{Content, Event as OrderEvent, Origin, Status};
use ordain_flow::doc::{Outcome, Party};
use ordain_flow::run::Decision;
use ordain_testkit::company::STAFF;
use ordain_testkit::sim::rng::Rng;
use ordain_testkit::sim::truth::gross;
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const STEP: &str = "manager_approval";
const THRESHOLD_MINOR: i64 = 5_000_000;
const ORDERS: usize = 60;
const ACTS: usize = 14;
const NODES: [&str; 9] = [
    "auto_check",
    "departments",
    "sales_review",
    "finance_review",
    "warehouse_review",
    "large_or_special",
    STEP,
    "packing",
    "tell_customer",
];

fn content(rng: &mut Rng, po: &str) -> Content {
    let quantity = ["10", "99", "100", "120"][rng.below(4)];
    let price = ["500.00", "499.00"][rng.below(2)];
    let terms = ["NET30", "NET60"][rng.below(2)];
    Content { payment_terms: Some(terms.into()), ..order_of(po, &[("M-1", quantity, price)]) }
}

/// Something that somebody might try.
fn act(rng: &mut Rng, case: &Case, po: &str) -> OrderCommand {
    let tasks: Vec<Uuid> = case.tasks.values().map(|task| task.id).collect();
    let task = tasks.get(rng.below(tasks.len().max(1))).copied().unwrap_or_default();
    let reason = || "试一试".to_owned();
    let login = || STAFF[0].0.to_owned();
    let node = |rng: &mut Rng| NODES[rng.below(NODES.len())].to_owned();
    let accept = case.order.open_findings().map(|finding| (finding.id(), reason())).collect();
    let by_hand = |act| OrderCommand::Intervene { act, reason: reason() };
    match rng.below(28) {
        0..=6 => OrderCommand::Decide { task, decision: Decision::Approve, reason: Some(reason()), accept },
        7 => OrderCommand::Decide { task, decision: Decision::Return, reason: Some(reason()), accept },
        8 => {
            OrderCommand::Edit { content: Box::new(content(rng, po)), submit: true, reasons: BTreeMap::new() }
        }
        9 => OrderCommand::Submit { reasons: BTreeMap::new() },
        10 => OrderCommand::Transfer { task, to: login(), reason: reason() },
        11 => OrderCommand::Reassign {
            task,
            to: Party::User(login()),
            why: HandOverWhy::Reassigned,
            reason: reason(),
        },
        12 => OrderCommand::AddSigner { task, login: login(), at: SignerAt::Parallel, counts: true },
        13 => OrderCommand::ReturnTo { task, to: node(rng), direct: rng.below(2) == 0, reason: reason() },
        14 => OrderCommand::Withdraw { task },
        15 | 16 => {
            let quantity = json!(["10", "150"][rng.below(2)]);
            OrderCommand::WriteFields {
                task,
                values: BTreeMap::from([("lines[0].quantity".into(), quantity)]),
            }
        }
        17 | 18 => by_hand(Intervention::Jump { to: node(rng) }),
        19 => by_hand(Intervention::Skip { node: node(rng), visit: None }),
        20 => {
            let finding = case.order.open_findings().next().map(|finding| finding.id()).unwrap_or_default();
            by_hand(Intervention::Override { finding })
        }
        21 => by_hand(Intervention::End { outcome: Outcome::Rejected }),
        22 => by_hand(Intervention::Revive),
        23..=26 => change(rng, case, po),
        _ => OrderCommand::DecideInBatch { task, decision: Decision::Approve, reason: None },
    }
}

fn change(rng: &mut Rng, case: &Case, po: &str) -> OrderCommand {
    let open = case.order.changes.iter().find(|change| change.state.is_open()).map(|change| change.id);
    match (open, rng.below(4)) {
        (Some(id), 0) => OrderCommand::TakeChange { id },
        (Some(id), 1) => OrderCommand::WithdrawChange { id, reason: "试一试".into(), any: true },
        _ => OrderCommand::RequestChange(Box::new(ChangeAsked {
            content: content(rng, po),
            reason: "试一试".into(),
            origin: Origin::Sales,
            direct: rng.chance(80),
        })),
    }
}

fn needs_approval(case: &Case) -> bool {
    let checked = &case.order.checked;
    let special = checked.findings.iter().any(|finding| finding.code == Code::TermsDiffer);
    special || checked.totals.as_ref().is_some_and(|totals| totals.gross >= THRESHOLD_MINOR)
}

/// Whether somebody who may has approved the order for what it weighs now: read from the log alone.
fn is_approved(world: &World, id: Uuid) -> bool {
    let house = world.house();
    let may = |by: &Actor| {
        let user = by.person().and_then(|id| house.people.users.get(&id));
        let roles = ["sales_manager", "management", "process_admin"];
        user.is_some_and(|user| roles.iter().any(|role| user.has_role(role)))
    };
    let weight = |case: &Case| (gross(&case.order.content), case.order.content.payment_terms.clone());
    let (mut case, mut approved, mut stood) = (None::<Case>, false, false);
    for row in log(&world.app.store, world.org, id).unwrap() {
        for event in serde_json::from_str::<Vec<Event>>(&row.events).unwrap() {
            let (before, changing) =
                (case.as_ref().map(weight), case.as_ref().is_some_and(|c| c.order.is_changing()));
            apply(&mut case, &event, row.at_ms);
            let now = case.as_ref().unwrap();
            let of_step = |task: &u32| now.tasks.get(task).is_some_and(|task| task.node == STEP);
            match &event {
                Event::TaskDecided { task, decision: Decision::Approve, by, .. }
                    if of_step(task) && may(by) =>
                {
                    approved = true;
                }
                Event::TaskReopened { task } if of_step(task) => approved = false,
                Event::ReturnedToSender(_)
                | Event::Order(OrderEvent::Edited { .. } | OrderEvent::Reopened { .. }) => approved = false,
                Event::Order(OrderEvent::ChangeTaken { .. }) => {
                    stood = approved;
                    approved &= before == Some(weight(now));
                }
                // What was looked at is not made: the word on what stands holds.
                Event::Order(OrderEvent::ChangeClosed { outcome, .. })
                    if changing && !now.order.is_changing() && outcome.name() != "applied" =>
                {
                    approved = stood;
                }
                _ => {}
            }
        }
    }
    approved
}

/// Whoever is asked does the work, so that orders of every past come to an end.
async fn do_the_work(world: &World, id: Uuid) {
    for _ in 0..6 {
        let case = world.case(id);
        for (_, task) in case.open_tasks() {
            let accept =
                case.order.open_findings().map(|finding| (finding.id(), "可以".to_owned())).collect();
            let reason = Some("可以".to_owned());
            let command = OrderCommand::Decide { task: task.id, decision: Decision::Approve, reason, accept };
            for (login, ..) in STAFF {
                if world.command(login, Some(id), command.clone()).await.is_ok() {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn s064_s072_of_orders_that_everybody_tries_everything_with_none_is_confirmed_without_its_approval() {
    let world = World::open().await;
    let mut doc = standard();
    let settings = json!({ "fields": { "lines.quantity": "edit" }, "looks_at": ["lines"] });
    insert_before(&mut doc, "tell_customer", review("packing", "warehouse", settings));
    publish(&world, &doc).await;
    let mut rng = Rng::new(72);
    let (mut approved, mut plain) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..ORDERS {
        let po = format!("PO-{n}");
        world.goods("M-1", "SH", "100000").await;
        let id = world.place("sales1", content(&mut rng, &po)).await.order.id;
        for _ in 0..ACTS {
            let case = world.case(id);
            if case.order.status == Status::Confirmed && !case.order.is_changing() {
                let needed = needs_approval(&case);
                assert!(!needed || is_approved(&world, id), "{po}: {:#?}", case.tasks);
                (if needed { &mut approved } else { &mut plain }).insert(id);
            }
            let command = act(&mut rng, &case, &po);
            // Most tries are refused, which is as good as any answer here.
            for (login, ..) in STAFF {
                if world.command(login, Some(id), command.clone()).await.is_ok() {
                    break;
                }
            }
        }
        do_the_work(&world, id).await;
        let case = world.case(id);
        if case.order.status.may_become(Status::Cancelled) {
            world
                .command("sales1", Some(id), OrderCommand::Cancel { reason: "结束".into(), code: None })
                .await
                .unwrap();
        }
    }
    let (approved, plain) = (approved.len(), plain.len());
    assert!(
        approved >= 5 && plain >= 5,
        "{approved} approved, {plain} without: the tries must get somewhere"
    );
    world.end().await;
}
