//! The customer changes his mind: what moves, who looks again, who is told, and what stands until it is decided.

use crate::{insert_before, publish, refused, review, standard, times};
use ordain_app::admin::{AdminCommand, CustomerItem};
use ordain_app::case::decide::{ChangeAsked, OrderCommand, Place};
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{Case, TaskState};
use ordain_app::gate::{Command, Done, GateError};
use ordain_domain::order::{ChangeState, Content, Origin, Status};
use ordain_flow::run::Decision;
use ordain_store::ChangeRequestFilter;
use ordain_testkit::company::decimal;
use ordain_testkit::sim::rng::Rng;
use ordain_testkit::world::{Left, World, customer, order_of};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// One line of `P-1`, or of `M-1`, of which a hundred are large.
fn pieces(quantity: &str) -> Content {
    order_of("PO-1", &[("P-1", quantity, "12.50")])
}

fn machines(quantity: &str) -> Content {
    order_of("PO-1", &[("M-1", quantity, "500.00")])
}

fn asked(content: Content, origin: Origin, direct: bool) -> OrderCommand {
    let reason = "客户来电".to_owned();
    OrderCommand::RequestChange(Box::new(ChangeAsked { content, reason, origin, direct }))
}

async fn change(world: &World, id: Uuid, content: Content) -> Result<Arc<Case>, GateError> {
    world.command("sales1", Some(id), asked(content, Origin::Customer, true)).await
}

fn last(case: &Case) -> &'static str {
    case.order.changes.last().unwrap().state.name()
}

/// What is reserved of a product.
fn reserved(world: &World, product: &str) -> i64 {
    let rows = world.app.store.stock_of_product(world.org, product).unwrap();
    rows.iter().map(|row| row.reserved_milli).sum()
}

fn owed(world: &World) -> i64 {
    world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor
}

/// Everything about the order but its changes and what was told.
fn standing(case: &Case) -> String {
    let order = &case.order;
    let parts = (&order.content, &order.checked, &order.held, &order.credit_held, &order.accepted);
    format!("{} {:?} {} {parts:?}", order.revision, order.status, case.reviewed_revision)
}

#[tokio::test]
async fn s010_a_clean_change_of_a_confirmed_order_confirms_itself_again() {
    let world = World::open().await;
    let id = world.place("sales1", pieces("10")).await.order.id;
    let case = change(&world, id, pieces("25")).await.unwrap();
    let order = &case.order;
    assert_eq!((order.status, order.revision, last(&case)), (Status::Confirmed, 2, "applied"));
    assert!(!order.is_changing() && case.reviewed_revision == 2);
    assert_eq!((reserved(&world, "P-1"), owed(&world)), (25_000, 31_250));
    let known = &order.changes[0];
    assert_eq!((known.by.name(), known.reason.as_str(), known.at_ms), ("SALES1", "客户来电", world.now_ms()));
    let difference = &known.differences[0];
    assert_eq!((difference.path.as_str(), difference.line), ("lines[0].quantity", Some(1)));
    assert_eq!((&difference.before, &difference.after), (&json!("10"), &json!("25")));
    let mails: Vec<&str> =
        case.notices.iter().filter(|n| n.channel == "mail").map(|n| n.template.as_str()).collect();
    assert_eq!(mails, ["order_confirmed", "change_confirmed"], "the customer has his answer");
    assert_eq!(times(&world.notices("sales1", id), "change_applied"), 1);
    world.end().await;
}

#[tokio::test]
async fn s064_s072_a_change_does_not_evade_the_approval() {
    let world = World::open().await;
    let id = world.place("sales1", machines("99")).await.order.id;
    assert_eq!(world.status(id), Status::Confirmed);
    let case = change(&world, id, machines("100")).await.unwrap();
    assert!(case.order.is_changing() && case.order.status == Status::Confirmed);
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    let wrong = world.approve("sales1", id, "manager_approval").await;
    assert_eq!(refused(wrong), Refusal::NotYourTask);
    assert_eq!(last(&world.approve("smgr1", id, "manager_approval").await.unwrap()), "applied");
    // The manager's word was given for a hundred, and does not stand for more.
    let case = change(&world, id, machines("120")).await.unwrap();
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    assert_eq!(case.order.standing.as_ref().map(|stood| stood.revision), Some(2));
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    // Elsewhere it stands, and nobody is asked.
    let mut elsewhere = machines("120");
    elsewhere.ship_to.phone = Some("13911111111".into());
    let case = change(&world, id, elsewhere).await.unwrap();
    assert_eq!((case.order.revision, last(&case)), (4, "applied"));
    let taken = case.order.changes[2].taken.as_ref().unwrap();
    assert_eq!(taken.kept, ["manager_approval"]);
    world.end().await;
}

#[tokio::test]
async fn s010_s047_while_a_change_is_reviewed_both_revisions_can_come_true() {
    let world = World::open().await;
    let id = world.place("sales1", machines("99")).await.order.id;
    let before = world.case(id);
    change(&world, id, machines("120")).await.unwrap();
    assert_eq!((reserved(&world, "M-1"), owed(&world)), (120_000, 6_000_000));
    // What stands is not given away, and what is asked for is not given twice.
    let other = world.place("sales1", order_of("PO-2", &[("M-1", "81", "500.00")])).await;
    assert_eq!(other.order.status, Status::InReview);
    world
        .command("sales1", Some(other.order.id), OrderCommand::Cancel { reason: "不要了".into(), code: None })
        .await
        .unwrap();
    let second = change(&world, id, machines("130")).await;
    assert_eq!(refused(second), Refusal::ChangeUnderReview);
    let told = world.command(
        "sales1",
        Some(id),
        OrderCommand::SendNotice { template: "order_confirmed".into(), to: None },
    );
    assert_eq!(refused(told.await), Refusal::ChangeUnderReview, "what is reviewed is not told as confirmed");
    let case = world.answer_by("smgr1", id, "manager_approval", Decision::Reject).await.unwrap();
    assert_eq!(last(&case), "rejected");
    assert_eq!(standing(&case), standing(&before), "byte for byte");
    assert_eq!((reserved(&world, "M-1"), owed(&world)), (99_000, 4_950_000));
    assert!(case.open_tasks().next().is_none());
    let rejected = case.notices.iter().filter(|notice| notice.template == "change_rejected");
    assert_eq!(rejected.filter(|notice| notice.channel == "mail").count(), 1);
    // Withdrawn while less is asked for: what stands is held all the time.
    let case =
        change(&world, id, Content { special_requests: Some("急".into()), ..machines("50") }).await.unwrap();
    assert!(case.order.is_changing());
    assert_eq!((case.order.revision, reserved(&world, "M-1"), owed(&world)), (3, 99_000, 4_950_000));
    let change = case.order.changes[1].id;
    let withdraw = |any| OrderCommand::WithdrawChange { id: change, reason: "又不改了".into(), any };
    assert_eq!(refused(world.command("fin1", Some(id), withdraw(false)).await), Refusal::NotYourChange);
    let case = world.command("sales1", Some(id), withdraw(false)).await.unwrap();
    assert_eq!((standing(&case), last(&case)), (standing(&before), "withdrawn"));
    world.end().await;
}

#[tokio::test]
async fn s023_s046_only_the_departments_that_a_change_concerns_look_again() {
    let world = World::open().await;
    let mut doc = standard();
    let packing = json!({ "looks_at": ["special_requests"] });
    insert_before(&mut doc, "large_or_special", review("packing", "warehouse", packing));
    let address = json!({ "looks_at": ["ship_to.address"] });
    insert_before(&mut doc, "large_or_special", review("carrier", "planning", address));
    publish(&world, &doc).await;
    let id = world.place("sales1", pieces("10")).await.order.id;
    world.approve("wh1", id, "packing").await.unwrap();
    assert_eq!(world.open_steps(id), ["carrier"]);
    let waiting = world.case(id);
    let task = waiting.open_tasks().next().unwrap().1.clone();
    // In review: the change is the order from now on; the task that it does not concern goes on with its time.
    let claimed = OrderCommand::Claim { task: task.id };
    world.command("plan1", Some(id), claimed).await.unwrap();
    world.pass_seconds(600).await;
    let case = change(&world, id, pieces("12")).await.unwrap();
    assert_eq!((case.order.status, case.order.revision, last(&case)), (Status::InReview, 2, "applied"));
    let taken = case.order.changes[0].taken.as_ref().unwrap();
    assert_eq!(taken.kept, ["packing"]);
    assert_eq!(world.open_steps(id), ["carrier"]);
    let carried = case.open_tasks().next().unwrap().1;
    assert_eq!((carried.due_ms, carried.claimed_by), (task.due_ms, Some(world.user("plan1").id)));
    world.approve("plan1", id, "carrier").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    // Confirmed: who packs looks again, the carrier does not.
    let special = Content { special_requests: Some("礼品包装".into()), ..pieces("12") };
    let case = change(&world, id, special).await.unwrap();
    let taken = case.order.changes[1].taken.as_ref().unwrap();
    let again: Vec<(&str, &str)> =
        taken.again.iter().map(|asked| (asked.node.as_str(), asked.because[0].as_str())).collect();
    assert_eq!(taken.kept, ["carrier"]);
    assert!(again.contains(&("packing", "special_requests")), "{again:?}");
    assert_eq!(world.open_steps(id), ["sales_review"]);
    let reason = [("special_request:special_requests", "可以做")];
    world.accept("sales1", id, "sales_review", &reason).await.unwrap();
    assert_eq!(world.open_steps(id), ["packing"]);
    let case = world.approve("wh1", id, "packing").await.unwrap();
    assert_eq!((last(&case), case.order.status), ("applied", Status::Confirmed));
    world.end().await;
}

#[tokio::test]
async fn s026_s051_everybody_involved_is_told_of_a_change_once() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-1", &[("P-1", "10", "11.00")])).await.order.id;
    let reason = [("price_differs:lines[0].unit_price", "促销")];
    world.accept("fin1", id, "finance_review", &reason).await.unwrap();
    world.command("audit1", Some(id), OrderCommand::Watch { on: true }).await.unwrap();
    world.command("plan1", Some(id), OrderCommand::Watch { on: true }).await.unwrap();
    world.command("plan1", Some(id), OrderCommand::Watch { on: false }).await.unwrap();
    let terms =
        Content { payment_terms: Some("NET60".into()), ..order_of("PO-1", &[("P-1", "10", "11.00")]) };
    change(&world, id, terms).await.unwrap();
    let told = |kind: &str| {
        ["sales1", "fin1", "wh1", "plan1", "audit1", "smgr1"]
            .map(|login| times(&world.notices(login, id), kind))
    };
    // Finance has decided, sales is asked and has received the order, the auditor watches.
    assert_eq!(told("change_requested"), [1, 1, 0, 0, 1, 1]);
    let reason = [("terms_differ:payment_terms", "已批准")];
    let case = world.accept("sales1", id, "sales_review", &reason).await.unwrap();
    assert!(case.order.is_changing());
    let case = world.approve("fin1", id, "finance_review").await;
    assert_eq!(refused(case), Refusal::FindingsNeedReason(vec!["price_differs:lines[0].unit_price".into()]));
    world
        .accept("fin1", id, "finance_review", &[("price_differs:lines[0].unit_price", "促销")])
        .await
        .unwrap();
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(told("change_applied"), [1, 1, 0, 0, 1, 1]);
    world.end().await;
}

#[tokio::test]
async fn s023_any_department_asks_and_somebody_who_may_write_orders_takes_it_up() {
    let world = World::open().await;
    let id = world.place("sales1", pieces("10")).await.order.id;
    let case = world.command("wh1", Some(id), asked(pieces("8"), Origin::Warehouse, false)).await.unwrap();
    assert_eq!((last(&case), case.order.revision, reserved(&world, "P-1")), ("requested", 1, 10_000));
    assert_eq!(times(&world.notices("sales1", id), "change_requested"), 1);
    let first = case.order.changes[0].id;
    // Another one comes first: the older wish was made of an order that is no more.
    change(&world, id, pieces("20")).await.unwrap();
    let late = world.command("sales1", Some(id), OrderCommand::TakeChange { id: first }).await;
    let conflicts = vec!["lines[0].quantity".to_owned()];
    assert_eq!(refused(late), Refusal::ChangeOutdated { base: 1, current: 2, conflicts });
    let reject = OrderCommand::RejectChange { id: first, reason: "已按客户改为 20".into() };
    let case = world.command("sales1", Some(id), reject.clone()).await.unwrap();
    assert_eq!(case.order.changes[0].state.name(), "rejected");
    assert_eq!(refused(world.command("sales1", Some(id), reject).await), Refusal::ChangeClosed);
    let case = world.command("wh1", Some(id), asked(pieces("8"), Origin::Warehouse, false)).await.unwrap();
    let second = case.order.changes[2].id;
    let case = world.command("sales1", Some(id), OrderCommand::TakeChange { id: second }).await.unwrap();
    assert_eq!((last(&case), case.order.revision, reserved(&world, "P-1")), ("applied", 3, 8_000));
    // What nobody took up ends with the order.
    world.command("wh1", Some(id), asked(pieces("7"), Origin::Warehouse, false)).await.unwrap();
    let case = world
        .command("sales1", Some(id), OrderCommand::Cancel { reason: "取消".into(), code: None })
        .await
        .unwrap();
    assert_eq!((last(&case), reserved(&world, "P-1"), owed(&world)), ("rejected", 0, 0));
    world.end().await;
}

#[tokio::test]
async fn s010_what_cannot_be_changed_is_refused_and_nothing_moves() {
    let world = World::open().await;
    let id = world.place("sales1", pieces("10")).await.order.id;
    let before = world.case(id);
    let other = Content { customer: Some("C002".into()), currency: Some("USD".into()), ..pieces("10") };
    let fixed = Refusal::ChangeNotAllowed(vec!["customer".into(), "currency".into()]);
    assert_eq!(refused(change(&world, id, other).await), fixed);
    assert_eq!(refused(change(&world, id, pieces("10")).await), Refusal::NothingChanged);
    let mut wrong = pieces("-1");
    wrong.ship_to.phone = None;
    let Refusal::ChangeIncomplete(faults) = refused(change(&world, id, wrong).await) else { panic!() };
    assert!(faults.len() == 2, "all faults at once: {faults:?}");
    let silent = OrderCommand::RequestChange(Box::new(ChangeAsked {
        content: pieces("11"),
        reason: " ".into(),
        origin: Origin::Sales,
        direct: true,
    }));
    assert_eq!(refused(world.command("sales1", Some(id), silent).await), Refusal::ReasonRequired);
    assert_eq!(world.case(id), before);
    world
        .command("sales1", Some(id), OrderCommand::Cancel { reason: "取消".into(), code: None })
        .await
        .unwrap();
    assert_eq!(refused(change(&world, id, pieces("11")).await), Refusal::WrongStatus(Status::Cancelled));
    world.end().await;
}

#[tokio::test]
async fn s010_a_change_that_the_stock_cannot_serve_waits_beside_what_stands() {
    let world = World::open().await;
    let id = world.place("sales1", pieces("10")).await.order.id;
    let case = change(&world, id, pieces("500")).await.unwrap();
    assert!(case.order.is_changing());
    assert_eq!(
        (world.open_steps(id), reserved(&world, "P-1")),
        (vec!["warehouse_review".to_owned()], 10_000)
    );
    let short = world.approve("wh1", id, "warehouse_review").await;
    assert!(matches!(refused(short), Refusal::PromiseNotBacked(_)));
    // The goods come in, and the change goes on by itself.
    assert_eq!(world.goods("P-1", "SH", "600").await, 1);
    let case = world.case(id);
    assert_eq!((last(&case), reserved(&world, "P-1")), ("applied", 500_000));
    world.end().await;
}

#[tokio::test]
async fn s010_a_cancel_in_the_middle_of_a_change_gives_everything_back() {
    let world = World::open().await;
    let id = world.place("sales1", machines("99")).await.order.id;
    change(&world, id, machines("120")).await.unwrap();
    let case = world
        .command("sales1", Some(id), OrderCommand::Cancel { reason: "停产".into(), code: None })
        .await
        .unwrap();
    assert_eq!((case.order.status, last(&case)), (Status::Cancelled, "rejected"));
    assert_eq!((reserved(&world, "M-1"), owed(&world)), (0, 0));
    let ChangeState::Rejected { reason, .. } = &case.order.changes[0].state else { panic!() };
    assert_eq!(reason, "停产");
    assert!(case.tasks.values().all(|task| !matches!(task.state, TaskState::Open)));
    world.end().await;
}

/// What an order holds, by product, and of the credit.
fn holdings(case: &Case) -> (Vec<(String, i64)>, Option<i64>) {
    let mut held: Vec<(String, i64)> =
        case.order.held.iter().map(|part| (part.product.clone(), part.qty_milli)).collect();
    held.sort();
    (held, case.order.credit_held.as_ref().map(|held| held.minor))
}

#[tokio::test]
async fn s010_s023_a_change_and_its_inverse_restore_the_order() {
    let world = World::open().await;
    let mut rng = Rng::new(10);
    let mut restored = 0;
    for n in 0..40 {
        let quantities = ["1", "2.5", "7", "12", "40"];
        let mut lines = Vec::new();
        for product in ["P-1", "P-2", "P-3"].iter().take(1 + rng.below(3)) {
            lines.push((*product, quantities[rng.below(5)], "12.50"));
        }
        let first = order_of(&format!("PO-{n}"), &lines);
        let id = world.place("sales1", first.clone()).await.order.id;
        let before = world.case(id);
        assert_eq!(before.order.status, Status::Confirmed);
        let mut other = first.clone();
        match rng.below(4) {
            0 => drop(other.lines.pop()),
            1 => other.ship_to.address = Some("宁波".into()),
            2 => other.special_requests = Some("礼品包装".into()),
            _ => {}
        }
        if let Some(line) = other.lines.first_mut() {
            line.quantity = decimal(quantities[rng.below(5)]);
        }
        if other.lines.is_empty() || other == first {
            world
                .command("sales1", Some(id), OrderCommand::Cancel { reason: "不要了".into(), code: None })
                .await
                .unwrap();
            continue;
        }
        let settled = |case: &Case| case.open_tasks().next().map(|(_, task)| task.node.clone());
        for content in [other, first.clone()] {
            change(&world, id, content).await.unwrap();
            while let Some(node) = settled(&world.case(id)) {
                let reason = [("special_request:special_requests", "可以做")];
                world.accept("sales1", id, &node, &reason).await.unwrap();
            }
        }
        let after = world.case(id);
        assert_eq!(after.order.content, first);
        assert_eq!(holdings(&after), holdings(&before));
        assert_eq!(after.order.revision, 3);
        restored += 1;
        world
            .command("sales1", Some(id), OrderCommand::Cancel { reason: "不要了".into(), code: None })
            .await
            .unwrap();
        let reserved: i64 = ["P-1", "P-2", "P-3"].iter().map(|product| reserved(&world, product)).sum();
        assert_eq!((reserved, owed(&world)), (0, 0), "what was reserved is released");
    }
    assert!(restored >= 20, "{restored}");
    world.end().await;
}

#[tokio::test]
async fn s012_a_change_that_nobody_follows_up_is_flagged_and_chased() {
    let world = World::open().await;
    let id = world.place("sales1", machines("99")).await.order.id;
    change(&world, id, machines("120")).await.unwrap();
    let flags = |id: Uuid| world.app.store.order_by_id(world.org, id.into_bytes()).unwrap().unwrap().flags;
    assert_eq!(flags(id), "changing");
    world.pass_to(1, 17, 0).await;
    assert!(flags(id).contains("changing") && flags(id).contains("overdue"), "{}", flags(id));
    assert_eq!(times(&world.notices("smgr1", id), "task_overdue"), 1);
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert!(!flags(id).contains("changing"), "{}", flags(id));
    world.end().await;
}

#[tokio::test]
async fn s061_s073_a_thousand_changes_at_once_lose_nothing() {
    const ORDERS: usize = 1_000;
    let mut world = World::open().await;
    world.leaves(Left::QueuedMail);
    world.goods("P-1", "SH", "100000").await;
    world.goods("M-1", "SH", "100000").await;
    let rich = CustomerItem { credit_limit: Some("1000000000".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![rich])).await;
    let placed = (0..ORDERS).map(|n| {
        // Every tenth is large once it is changed, and belongs to the sales manager then.
        let line = if n % 10 == 0 { ("M-1", "1", "500.00") } else { ("P-1", "5", "12.50") };
        let content = order_of(&format!("PO-{n}"), &[line]);
        let (channel, submit, reasons) = ("api".to_owned(), true, BTreeMap::new());
        (
            None,
            OrderCommand::Place(Box::new(Place {
                channel,
                source: None,
                content,
                submit,
                reasons,
                entered_later: None,
            })),
        )
    });
    let placed = at_once(&world, placed.collect()).await;
    let ids: Vec<_> = placed.iter().map(|case| (case.order.id, case.order.content.clone())).collect();
    let before = owed(&world);
    let began = std::time::Instant::now();
    let changes = ids.iter().enumerate().map(|(n, (id, order))| {
        let mut content = order.clone();
        content.lines[0].quantity = decimal(if n % 10 == 0 { "100" } else { "8" });
        (Some(*id), asked(content, Origin::Customer, true))
    });
    let mut states = BTreeMap::new();
    for case in at_once(&world, changes.collect()).await {
        assert_eq!(case.order.changes.len(), 1);
        *states.entry(last(&case)).or_insert(0) += 1;
    }
    println!("{ORDERS} changes in {:?}", began.elapsed());
    assert_eq!(states.values().sum::<usize>(), ORDERS);
    assert_eq!(states.get("applied"), Some(&900), "{states:?}");
    assert_eq!(states.get("under_review"), Some(&100), "{states:?}");
    let open = world.app.store.list_change_requests(world.org, &open_changes(), None, 500).unwrap();
    assert_eq!(open.len(), 100);
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "M-1")), (900 * 8_000, 100 * 100_000));
    let withdrawn = ids.iter().step_by(10).map(|(id, order)| {
        let case = world.case(*id);
        assert!(case.order.is_changing() && case.order.as_it_stands().content == *order);
        let change = case.order.changes[0].id;
        (Some(*id), OrderCommand::WithdrawChange { id: change, reason: "演练".into(), any: true })
    });
    at_once(&world, withdrawn.collect()).await;
    assert_eq!(owed(&world), before + 900 * 3 * 1_250);
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "M-1")), (900 * 8_000, 100_000));
    world.end().await;
}

/// Puts commands into the queue one behind the other, waiting for none.
async fn at_once(world: &World, commands: Vec<(Option<Uuid>, OrderCommand)>) -> Vec<Arc<Case>> {
    let send = |(id, command)| {
        let command = Command::Order { id, expected: None, command };
        let envelope = world.app.envelope(world.org, world.actor("sales1"), command, None);
        world.app.gate.submit(envelope).unwrap()
    };
    let mut cases = Vec::new();
    for answer in commands.into_iter().map(send).collect::<Vec<_>>() {
        let Done::Order(case) = answer.await.unwrap().unwrap() else { panic!("no order") };
        cases.push(case);
    }
    cases
}

fn open_changes() -> ChangeRequestFilter {
    ChangeRequestFilter { open: true, ..ChangeRequestFilter::default() }
}
