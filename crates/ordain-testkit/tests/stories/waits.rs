//! Waits: for the customer, for an event, and for a time.

use crate::{insert_before, intervene, publish, refused, review, standard, step, times};
use ordain_app::admin::{AdminCommand, PurchaseItem, ReceiptItem};
use ordain_app::case::decide::{Fulfil, Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{Event, ExceptionKind};
use ordain_app::query::story::log;
use ordain_domain::order::{Content, Event as OrderEvent, Status};
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use uuid::Uuid;

async fn asking(world: &World, settings: Value) -> Uuid {
    let mut doc = standard();
    let mut kind = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", step("ask_customer", kind));
    publish(world, &doc).await;
    let id = world.place("sales1", order_of("PO-K", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::AwaitingCustomer);
    id
}

/// A lane of one step, called as that.
fn lane(step: Value) -> Value {
    json!({ "id": format!("{}_lane", step["id"].as_str().unwrap()), "name": step["name"], "steps": [step] })
}

fn answer(accepted: bool, evidence: &str) -> OrderCommand {
    OrderCommand::RecordAnswer { accepted, evidence: evidence.into(), proof: None }
}

#[tokio::test]
async fn s036_the_customer_is_asked_by_mail_and_the_answer_is_recorded_with_its_evidence() {
    let mut world = World::open().await;
    let id = asking(&world, json!({})).await;
    world.deliver().await;
    let [mail] = <[String; 1]>::try_from(world.arrived()).unwrap();
    assert!(mail.contains("zhang@example.com"), "{mail}");
    assert_eq!(refused(world.command("sales1", Some(id), answer(true, " ")).await), Refusal::ReasonRequired);
    assert_eq!(refused(world.command("cs1", Some(id), answer(true, "电话")).await), Refusal::NotYourTask);
    let skip = Intervention::Skip { node: "ask_customer".into(), visit: None };
    assert!(
        matches!(refused(intervene(&world, id, skip).await), Refusal::Flow(_)),
        "nobody answers for the customer"
    );
    world.command("sales1", Some(id), answer(true, "张先生 10:20 来电同意")).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(
        refused(world.command("sales1", Some(id), answer(true, "再次")).await),
        Refusal::CustomerNotAsked
    );
    world.end().await;
}

#[tokio::test]
async fn s036_a_customer_who_declines_ends_the_order_and_frees_its_goods() {
    let world = World::open().await;
    let id = asking(&world, json!({ "recorder": { "department": "service" } })).await;
    assert!(!world.case(id).order.held.is_empty());
    assert_eq!(refused(world.command("sales1", Some(id), answer(false, "电话")).await), Refusal::NotYourTask);
    world.command("cs1", Some(id), answer(false, "邮件拒绝")).await.unwrap();
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.held.len()), (Status::Rejected, 0));
    world.end().await;
}

#[tokio::test]
async fn s049_a_silent_customer_is_reminded_and_becomes_somebodys_exception() {
    let world = World::open().await;
    let id = asking(&world, json!({ "deadline_minutes": 120, "remind_before_minutes": 60 })).await;
    assert_eq!(world.outbox(id).len(), 1);
    world.pass_to(0, 11, 0).await;
    assert_eq!(world.outbox(id).len(), 2, "the customer is asked once more");
    assert_eq!(times(&world.notices("sales1", id), "customer_silent"), 1);
    world.pass_to(0, 12, 0).await;
    let case = world.case(id);
    assert_eq!(case.open_exceptions().next().unwrap().kind, ExceptionKind::CustomerSilent);
    assert_eq!(world.status(id), Status::AwaitingCustomer, "silence is no consent");
    world.command("sales1", Some(id), answer(true, "电话同意")).await.unwrap();
    assert_eq!((world.status(id), world.case(id).open_exceptions().count()), (Status::Confirmed, 0));
    world.end().await;
}

#[tokio::test]
async fn s049_an_order_expires_where_the_flow_says_so() {
    let world = World::open().await;
    let id = asking(&world, json!({ "deadline_minutes": 120, "on_lapse": "expire" })).await;
    world.pass_to(0, 12, 0).await;
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.held.len()), (Status::Expired, 0));
    world.end().await;
}

#[tokio::test]
async fn s049_silence_that_the_flow_takes_as_consent_stands_in_the_record() {
    let world = World::open().await;
    let consent = json!({ "deadline_minutes": 120, "on_lapse": "accept", "silence_is_consent": true });
    let id = asking(&world, consent).await;
    world.pass_to(0, 12, 0).await;
    assert_eq!(world.status(id), Status::Confirmed);
    let rows = log(&world.app.store, world.org, id).unwrap();
    let events = rows.iter().flat_map(|row| serde_json::from_str::<Vec<Event>>(&row.events).unwrap());
    let told = events.into_iter().find_map(|event| match event {
        Event::Order(OrderEvent::CustomerAnswered { accepted, by, evidence, .. }) => {
            Some((accepted, by, evidence))
        }
        _ => None,
    });
    let (accepted, by, evidence) = told.expect("that nobody answered is told");
    assert_eq!((accepted, by.person(), evidence), (true, None, None));
    world.end().await;
}

fn waiting_flow() -> Value {
    let mut doc = standard();
    let late = json!({ "id": "late", "name": { "zh": "未到账", "en": "Unpaid" }, "steps": [review("chase_payment", "finance", json!({}))] });
    let wait = json!({ "type": "wait_event", "event": "payment_received", "timeout_minutes": 120, "on_timeout": late });
    insert_before(&mut doc, "tell_customer", step("wait_payment", wait));
    doc
}

#[tokio::test]
async fn s063_an_order_unpaid_in_time_raises_work_for_finance() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let id = world.place("sales1", order_of("PO-W", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 11, 59).await;
    assert!(world.open_steps(id).is_empty());
    world.pass_to(0, 12, 0).await;
    assert_eq!(world.open_steps(id), ["chase_payment"]);
    world.approve("fin1", id, "chase_payment").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s063_an_event_lets_the_order_go_on_and_a_stray_one_is_refused() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let id = world.place("sales1", order_of("PO-E", &[("P-1", "2", "12.50")])).await.order.id;
    let signal = |event: &str| OrderCommand::Signal { event: event.into(), key: None };
    assert_eq!(
        refused(world.command("sales1", Some(id), signal("goods_arrived")).await),
        Refusal::NobodyWaits("goods_arrived".into())
    );
    world.command("sales1", Some(id), signal("payment_received")).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(
        refused(world.command("sales1", Some(id), signal("payment_received")).await),
        Refusal::NobodyWaits("payment_received".into())
    );
    world.end().await;
}

async fn pay(world: &World, id: Uuid, reference: &str) {
    let act = Fulfil::Pay { reference: reference.into(), amount: decimal("10"), on: None, method: None };
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap();
}

fn awaited(event: &str) -> Value {
    let late = json!({ "id": format!("late_{event}"), "name": { "zh": "迟", "en": "Late" },
        "steps": [review(&format!("chase_{event}"), "finance", json!({}))] });
    json!({ "type": "wait_event", "event": event, "timeout_minutes": 6000, "on_timeout": late })
}

#[tokio::test]
async fn s063_a_payment_that_is_booked_is_the_event_that_an_order_waits_for() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let clean = |po: &str| order_of(po, &[("P-1", "2", "12.50")]);
    let id = world.place("sales1", clean("PO-P1")).await.order.id;
    assert_eq!((world.status(id), world.open_steps(id).len()), (Status::InReview, 0));
    pay(&world, id, "B-1").await;
    assert_eq!(world.status(id), Status::Confirmed);

    // Booked while somebody still looks at the order, it is there when the step is reached.
    let special = Content { special_requests: Some("木箱".into()), ..clean("PO-P2") };
    let early = world.place("sales1", special).await.order.id;
    pay(&world, early, "B-2").await;
    let reason = [("special_request:special_requests", "可以做")];
    world.accept("sales1", early, "sales_review", &reason).await.unwrap();
    assert_eq!(world.status(early), Status::Confirmed, "{:?}", world.open_steps(early));

    // On hold nothing goes on; what has come meanwhile counts with the release.
    let held = world.place("sales1", clean("PO-P3")).await.order.id;
    world.command("sales1", Some(held), OrderCommand::Hold { reason: "等客户".into() }).await.unwrap();
    pay(&world, held, "B-3").await;
    assert_eq!(world.status(held), Status::InReview);
    world.command("sales1", Some(held), OrderCommand::Resume).await.unwrap();
    assert_eq!(world.status(held), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn the_deposit_lets_no_step_go_on_that_waits_for_the_rest() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(&mut doc, "tell_customer", step("wait_deposit", awaited("payment_received")));
    let mut rest = awaited("payment_received");
    rest["on_timeout"]["id"] = json!("late_rest");
    rest["on_timeout"]["steps"][0]["id"] = json!("chase_rest");
    insert_before(&mut doc, "tell_customer", step("wait_rest", rest));
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-P4", &[("P-1", "2", "12.50")])).await.order.id;
    let waits = |world: &World| {
        let case = world.case(id);
        let open = case.runs().flat_map(|(_, run)| run.open_visits()).map(|open| open.node.to_string());
        open.collect::<Vec<_>>()
    };
    assert_eq!(waits(&world), ["wait_deposit"]);
    pay(&world, id, "B-4").await;
    assert_eq!((waits(&world), world.status(id)), (vec!["wait_rest".to_owned()], Status::InReview));
    pay(&world, id, "B-5").await;
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

/// What is booked is booked, even where the order cannot go on with it.
#[tokio::test]
async fn a_payment_is_booked_for_an_order_that_cannot_go_on_with_it() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let id = world.place("sales1", order_of("PO-P6", &[("P-1", "2", "12.50")])).await.order.id;
    for warehouse in ["SH", "NB"] {
        world.goods("P-1", warehouse, "0").await;
    }
    pay(&world, id, "B-6").await;
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.fulfilment.payments.len()), (Status::InReview, 1));
    world.goods("P-1", "SH", "9").await;
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

fn bought(number: &str) -> AdminCommand {
    let item = PurchaseItem {
        number: number.into(),
        state: Some("ordered".into()),
        product: Some("P-1".into()),
        quantity: Some("10".into()),
        warehouse: Some("SH".into()),
        due_date: Some("2026-11-25".into()),
        ..PurchaseItem::default()
    };
    AdminCommand::PutPurchases(vec![item])
}

fn came(number: &str, quantity: &str) -> AdminCommand {
    let item = ReceiptItem {
        number: number.into(),
        line: None,
        product: "P-1".into(),
        quantity: Some(quantity.into()),
        warehouse: None,
        reference: None,
    };
    AdminCommand::ReceivePurchases(vec![item])
}

/// An order for goods of Shanghai, all but a few of which are still to come.
async fn waiting_for_goods(world: &World, po: &str) -> Uuid {
    let mut asked = order_of(po, &[("P-1", "9", "12.50")]);
    asked.lines[0].warehouse = Some("SH".into());
    world.place("sales1", asked).await.order.id
}

#[tokio::test]
async fn goods_that_come_are_an_event_and_those_that_are_there_are_not_waited_for() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(&mut doc, "tell_customer", step("wait_goods", awaited("goods_arrived")));
    publish(&world, &doc).await;
    let here = world.place("sales1", order_of("PO-G1", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.status(here), Status::Confirmed);
    world.goods("P-1", "SH", "5").await;
    world.put(bought("PU-9")).await;
    let id = waiting_for_goods(&world, "PO-G2").await;
    assert_eq!((world.status(id), world.case(id).order.coming.len()), (Status::InReview, 1));
    world.put(came("PU-9", "1")).await;
    assert_eq!(world.status(id), Status::InReview, "a part of it");
    world.put(came("PU-9", "9")).await;
    assert_eq!((world.status(id), world.case(id).order.coming.len()), (Status::Confirmed, 0));

    // On hold nothing goes on; what has come meanwhile counts with the release.
    world.goods("P-1", "SH", "14").await;
    world.put(bought("PU-10")).await;
    let held = waiting_for_goods(&world, "PO-G3").await;
    assert_eq!((world.status(held), world.case(held).order.coming.len()), (Status::InReview, 1));
    world.command("sales1", Some(held), OrderCommand::Hold { reason: "等客户".into() }).await.unwrap();
    world.put(came("PU-10", "10")).await;
    assert_eq!((world.status(held), world.case(held).order.coming.len()), (Status::InReview, 0));
    world.command("sales1", Some(held), OrderCommand::Resume).await.unwrap();
    assert_eq!(world.status(held), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn a_delay_asks_nobody_and_counts_working_minutes() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        step("cool_off", json!({ "type": "delay", "for": { "minutes": { "minutes": 150 } } })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-D", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 13, 29).await;
    assert_eq!(world.status(id), Status::InReview);
    world.pass_to(0, 13, 30).await;
    assert_eq!(world.status(id), Status::Confirmed, "two hours before lunch and half an hour after it");
    world.end().await;
}

/// Puts a version in force that nobody could publish here, as another release of the program may have stored it.
async fn put_in_force(world: &World, doc: &Value) {
    let doc = doc.to_string().replace('\'', "''");
    let sql =
        format!("UPDATE flow SET doc = '{doc}' WHERE state = 'active' AND key = 'standard' RETURNING 1");
    assert_eq!(world.home.tamper(&sql), 1);
    world.disable("audit1").await;
}

#[tokio::test]
async fn s093_an_inner_flow_that_nobody_runs_is_somebodys_exception_at_once() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(&mut doc, "departments", step("inner", json!({ "type": "subflow", "flow": "packing" })));
    put_in_force(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-I", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.case(id).open_exceptions().next().unwrap().kind, ExceptionKind::FlowFault);
    assert_eq!(times(&world.notices("ops1", id), "exception_raised"), 1);
    assert_eq!(world.holders(id, "inner"), ["process_admin"], "and somebody's work");
    intervene(&world, id, Intervention::Skip { node: "inner".into(), visit: None }).await.unwrap();
    assert_eq!((world.status(id), world.case(id).open_exceptions().count()), (Status::Confirmed, 0));
    world.end().await;
}

#[tokio::test]
async fn s092_a_loop_without_an_end_stops_at_its_cap_and_is_released_by_a_person() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "tell_customer",
        step("again", json!({ "type": "go_to", "target": "large_or_special", "max_rounds": 2 })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-L", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.case(id).open_exceptions().next().unwrap().kind, ExceptionKind::FlowFault);
    assert_eq!(world.holders(id, "again"), ["process_admin"]);
    world.approve("ops1", id, "again").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s063_a_deadline_that_hangs_on_a_date_moves_with_it() {
    let world = World::open().await;
    let mut doc = standard();
    let deadline = json!({ "from": { "field": { "field": "requested_date", "offset_minutes": -60 } } });
    let mut step =
        review("final", "warehouse", json!({ "deadline": deadline, "fields": { "requested_date": "edit" } }));
    step["kind"].as_object_mut().unwrap().remove("deadline_minutes");
    insert_before(&mut doc, "tell_customer", step);
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-F", &[("P-1", "2", "12.50")])).await.order.id;
    // Wanted on Tuesday, 1 December: an hour before its first working moment is Monday at five.
    let due = |world: &World| world.case(id).open_tasks().next().unwrap().1.due_ms;
    assert_eq!(due(&world), Some(World::instant(7, 17, 0)));
    let values = [("requested_date".to_owned(), json!("2026-12-03"))].into_iter().collect();
    world
        .command("wh1", Some(id), OrderCommand::WriteFields { task: world.task(id, "final"), values })
        .await
        .unwrap();
    assert_eq!(due(&world), Some(World::instant(9, 17, 0)));
    world.approve("wh1", id, "final").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn a_rejection_goes_back_where_the_flow_says_so() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(&mut doc, "departments", review("draft_check", "sales", json!({})));
    insert_before(
        &mut doc,
        "tell_customer",
        review("last_look", "service", json!({ "on_reject": { "return_to": "draft_check" } })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-J", &[("P-1", "2", "12.50")])).await.order.id;
    world.approve("sales1", id, "draft_check").await.unwrap();
    let task = world.task(id, "last_look");
    let reject = OrderCommand::Decide {
        task,
        decision: ordain_flow::run::Decision::Reject,
        reason: Some("错单".into()),
        accept: Default::default(),
    };
    world.command("cs1", Some(id), reject).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["draft_check".into()]));
    world.approve("sales1", id, "draft_check").await.unwrap();
    world.approve("cs1", id, "last_look").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s061_clocks_stand_still_while_the_customer_is_waited_for_and_every_minute_counts_once() {
    let world = World::open().await;
    let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
    let decides = |id: &str, department: &str, keeps: bool| {
        let from = json!({ "after": { "minutes": 120, "clock": "working" } });
        let deadline = json!({ "from": from, "keeps_running": keeps });
        let sop = json!({ "zh": "按清单逐项核对", "en": "Check each item of the list" });
        let kind = json!({ "type": "review", "assignee": { "department": department }, "sop": sop,
            "deadline": deadline, "auto_when_clear": false });
        lane(step(id, kind))
    };
    let lanes = json!([
        lane(step("ask_customer", ask)),
        decides("plan", "planning", false),
        decides("pack", "warehouse", true),
        decides("look", "finance", false),
    ]);
    let mut doc = standard();
    let beside = step("beside", json!({ "type": "parallel", "lanes": lanes }));
    insert_before(&mut doc, "tell_customer", beside);
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-K", &[("P-1", "2", "12.50")])).await.order.id;
    let due = |node: &str| {
        let (task, case) = (world.task(id, node), world.case(id));
        case.task(task).unwrap().1.due_ms.unwrap()
    };
    // Of the 120 minutes from Monday 10:00 on, whoever goes on is late at noon.
    world.pass_to(0, 12, 0).await;
    assert_eq!(times(&world.notices("wh1", id), "task_overdue"), 1);
    assert_eq!(times(&world.notices("plan1", id), "task_overdue"), 0, "the customer has not answered");
    // Held by its holder, and the order by sales, while the customer is waited for anyhow.
    world.pass_to(0, 14, 0).await;
    let held = world.task(id, "look");
    let hold = OrderCommand::HoldTask { task: held, minutes: 60, reason: "等合同".into() };
    world.command("fin1", Some(id), hold).await.unwrap();
    world.command("sales1", Some(id), OrderCommand::Hold { reason: "客户在谈".into() }).await.unwrap();
    world.pass_to(0, 16, 0).await;
    world.command("sales1", Some(id), OrderCommand::Resume).await.unwrap();
    assert_eq!(due("plan"), World::instant(0, 12, 0), "known once the customer has answered");
    world.pass_to(0, 17, 0).await;
    world.command("sales1", Some(id), answer(true, "电话同意")).await.unwrap();
    world.pass_to(0, 17, 0).await;
    world.pass_to(1, 9, 0).await;
    // Nothing of the 120 minutes was used up.
    assert_eq!([due("plan"), due("look")], [World::instant(1, 10, 0); 2]);
    assert_eq!(due("pack"), World::instant(0, 12, 0));
    world.pass_to(1, 10, 0).await;
    assert_eq!(times(&world.notices("plan1", id), "task_overdue"), 1);
    world.end().await;
}

#[tokio::test]
async fn s061_clocks_go_on_once_a_customer_has_let_the_time_pass() {
    let world = World::open().await;
    let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 60 });
    let lanes = json!([
        lane(step("ask_customer", ask)),
        lane(review("plan", "planning", json!({ "deadline_minutes": 120, "auto_when_clear": false }))),
    ]);
    let mut doc = standard();
    insert_before(&mut doc, "tell_customer", step("beside", json!({ "type": "parallel", "lanes": lanes })));
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-K", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 11, 0).await;
    world.pass_to(0, 14, 0).await;
    let case = world.case(id);
    let (_, task) = case.task(world.task(id, "plan")).unwrap();
    assert_eq!((task.due_ms, task.paused_minutes), (Some(World::instant(0, 14, 0)), 60));
    assert_eq!(times(&world.notices("plan1", id), "task_overdue"), 1);
    world.end().await;
}
