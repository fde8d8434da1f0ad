//! Work that nobody does is found by the system, named, and chased up the line, in working time.

use crate::{refused, times};
use ordain_app::admin::{AdminCommand, OrganisationItem, SlaItem, UserItem, recheck_open_tasks};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{ExceptionKind, HandOverWhy};
use ordain_app::query::queue::Queue;
use ordain_domain::calendar::CalendarRules;
use ordain_domain::order::Status;
use ordain_flow::doc::Party;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const STEP: &str = "finance_review";
const FRIDAY: i64 = 4;
const MONDAY: i64 = 7;
const TUESDAY: i64 = 8;

async fn with_deadline(world: &World, deadline: Value, more: Value) {
    let mut settings = json!({ "auto_when_clear": false, "deadline_minutes": null, "remind_before_minutes": null, "deadline": deadline });
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    world.change_step(STEP, settings).await;
}

fn rule(at_minutes: i32, action: Value) -> Value {
    json!({ "at_minutes": at_minutes, "do": action })
}

async fn placed(world: &World, po: &str) -> Uuid {
    world.place("sales1", order_of(po, &[("P-1", "3", "12.50")])).await.order.id
}

#[tokio::test]
async fn s078_a_stalled_order_is_chased_up_the_line_over_lunch_weekend_and_a_holiday() {
    let world = World::open().await;
    let calendar = CalendarRules {
        holidays: BTreeSet::from(["2026-11-30".parse().unwrap()]),
        ..CalendarRules::default()
    };
    world.put(AdminCommand::PutSettings { company: None, calendar: Some(calendar) }).await;
    let rules = [
        rule(-30, json!("remind")),
        rule(0, json!("notify_manager")),
        rule(60, json!("to_backup")),
        rule(120, json!({ "escalate": [{ "role": "process_admin" }] })),
        rule(180, json!("raise_exception")),
    ];
    with_deadline(&world, json!({ "from": { "after": { "minutes": 120 } }, "rules": rules }), json!({}))
        .await;
    // Friday 11:00: an hour to lunch, another from 13:00 on.
    world.pass_to(FRIDAY, 11, 0).await;
    let id = placed(&world, "PO-78").await;
    world.pass_to(FRIDAY, 13, 29).await;
    assert_eq!(world.notices("fin1", id), Vec::<String>::new(), "lunch is no working time");
    world.pass_to(FRIDAY, 13, 30).await;
    assert_eq!(world.notices("fin1", id), ["task_due_soon"]);
    world.pass_to(FRIDAY, 14, 0).await;
    assert_eq!(times(&world.notices("ops1", id), "task_overdue"), 1, "no head is named: the process admin");
    world.pass_to(FRIDAY, 15, 0).await;
    assert_eq!(world.holders(id, STEP), ["management"]);
    assert!(world.notices("boss1", id).contains(&"task_handed_over".to_owned()));
    world.pass_to(FRIDAY, 16, 0).await;
    assert_eq!(world.holders(id, STEP), ["process_admin"]);
    world.pass_to(FRIDAY, 17, 0).await;
    let case = world.case(id);
    let raised: Vec<_> = case.open_exceptions().collect();
    assert_eq!(
        (raised[0].kind, &raised[0].owner),
        (ExceptionKind::TaskOverdue, &Party::Role("process_admin".into()))
    );
    // Two working hours from Friday 17:00: one on Friday, the weekend, the holiday, one on Tuesday.
    assert_eq!(raised[0].due_ms, World::instant(TUESDAY, 10, 0));
    let (_, task) = case.open_tasks().next().unwrap();
    let whys: Vec<HandOverWhy> = task.hand_overs.iter().map(|hand_over| hand_over.why).collect();
    assert_eq!(whys, [HandOverWhy::Overdue, HandOverWhy::Escalated]);
    world.pass_to(MONDAY, 12, 0).await;
    assert_eq!(times(&world.notices("boss1", id), "exception_overdue"), 0, "nobody works");
    world.pass_to(TUESDAY, 10, 0).await;
    assert_eq!(times(&world.notices("boss1", id), "exception_overdue"), 1);
    world.approve("ops1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(world.case(id).open_exceptions().count(), 0, "its cause has gone");
    world.end().await;
}

#[tokio::test]
async fn s037_s097_an_exception_has_one_owner_a_due_time_and_goes_up_when_nobody_settles_it() {
    let world = World::open().await;
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!("raise_exception"))] }),
        json!({}),
    )
    .await;
    let id = placed(&world, "PO-37").await;
    world.pass_to(0, 10, 30).await;
    let exception = world.case(id).open_exceptions().next().unwrap().clone();
    assert_eq!((&exception.owner, exception.taken_by), (&Party::Role("process_admin".into()), None));
    assert_eq!(exception.due_ms, World::instant(0, 13, 30));
    assert_eq!(times(&world.notices("ops1", id), "exception_raised"), 1);
    let take = OrderCommand::TakeException { id: exception.id };
    world.command("ops1", Some(id), take).await.unwrap();
    assert_eq!(
        world.case(id).open_exceptions().next().unwrap().taken_by,
        Some(world.user("ops1").id),
        "a person by name"
    );
    world.pass_to(0, 13, 30).await;
    let escalated = world.case(id).open_exceptions().next().unwrap().clone();
    assert_eq!(
        (&escalated.owner, escalated.due_ms),
        (&Party::Role("management".into()), World::instant(0, 15, 30))
    );
    assert_eq!(times(&world.notices("boss1", id), "exception_overdue"), 1);
    world.pass_to(0, 15, 30).await;
    assert_eq!(times(&world.notices("boss1", id), "exception_overdue"), 2, "until somebody settles it");
    let due = |world: &World| world.case(id).open_exceptions().next().unwrap().due_ms;
    assert_eq!(due(&world), World::instant(1, 15, 30), "nobody stands above: once a working day from now on");
    let close = |reason: &str| OrderCommand::CloseException { id: exception.id, reason: reason.into() };
    assert_eq!(refused(world.command("boss1", Some(id), close(" ")).await), Refusal::ReasonRequired);
    world.command("boss1", Some(id), close("财务今天补")).await.unwrap();
    match refused(world.command("ops1", Some(id), close("已处理")).await) {
        Refusal::ExceptionClosed { by, .. } => assert_eq!(by, "BOSS1"),
        other => panic!("{other:?}"),
    }
    world.approve("fin1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s037_an_exception_is_never_without_anybody() {
    let world = World::open().await;
    // The first user of a company is its process admin, too.
    world.disable("ops1").await;
    let admin = UserItem { login: "admin".into(), roles: Some(vec!["admin".into()]), ..UserItem::default() };
    world.put(AdminCommand::PutUsers(vec![admin])).await;
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!("raise_exception"))] }),
        json!({}),
    )
    .await;
    let id = placed(&world, "PO-38").await;
    world.pass_to(0, 10, 30).await;
    let owner = world.case(id).open_exceptions().next().unwrap().owner.clone();
    assert_eq!(owner, Party::Role("management".into()));
    assert_eq!(times(&world.notices("boss1", id), "exception_raised"), 1);
    world.approve("fin1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s062_the_backup_takes_over_when_the_deadline_says_so_and_decides() {
    let world = World::open().await;
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 60 } }, "rules": [rule(15, json!("to_backup"))] }),
        json!({ "assignee": { "user": "fin1" } }),
    )
    .await;
    let id = placed(&world, "PO-62").await;
    world.pass_to(0, 11, 14).await;
    assert_eq!(world.holders(id, STEP), ["fin1"]);
    world.pass_to(0, 11, 15).await;
    assert_eq!(world.holders(id, STEP), ["management"]);
    assert_eq!(refused(world.approve("fin1", id, STEP).await), Refusal::NotYourTask, "one holder at a time");
    let case = world.approve("boss1", id, STEP).await.unwrap();
    assert_eq!(case.order.status, Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s080_a_wall_clock_deadline_tells_nobody_in_quiet_hours_or_on_a_day_off() {
    let world = World::open().await;
    let wall = json!({ "after": { "minutes": 1200, "clock": "calendar" } });
    with_deadline(
        &world,
        json!({ "from": wall, "rules": [rule(-60, json!("remind")), rule(0, json!("notify_manager"))] }),
        json!({}),
    )
    .await;
    // Due 20 hours later: Tuesday 6:00, before anybody is up.
    let id = placed(&world, "PO-80").await;
    world.pass_to(1, 7, 59).await;
    assert_eq!((world.notices("fin1", id), world.notices("ops1", id)), (vec![], vec![]));
    world.pass_to(1, 8, 0).await;
    assert_eq!(times(&world.notices("fin1", id), "task_overdue"), 1);
    assert_eq!(times(&world.notices("fin1", id), "task_due_soon"), 1);
    assert_eq!(times(&world.notices("ops1", id), "task_overdue"), 1);
    world.approve("fin1", id, STEP).await.unwrap();
    // Due on Saturday at eleven.
    world.pass_to(FRIDAY, 15, 0).await;
    let id = placed(&world, "PO-81").await;
    world.pass_to(MONDAY, 8, 59).await;
    assert_eq!((world.notices("fin1", id), world.notices("ops1", id)), (vec![], vec![]));
    world.pass_to(MONDAY, 9, 0).await;
    assert_eq!(times(&world.notices("fin1", id), "task_overdue"), 1);
    world.approve("fin1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s063_an_answer_by_timeout_is_the_systems_and_only_below_its_cap() {
    let world = World::open().await;
    let pass = json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!({ "auto_pass": { "max_amount": "1000" } }))] });
    with_deadline(&world, pass, json!({})).await;
    let small = placed(&world, "PO-S").await;
    let large = world.place("sales1", order_of("PO-L", &[("P-1", "99", "12.50")])).await.order.id;
    let doubtful = world.place("sales1", order_of("PO-D", &[("P-1", "3", "11.00")])).await.order.id;
    world.pass_to(0, 10, 30).await;
    assert_eq!(world.status(small), Status::Confirmed);
    let case = world.case(small);
    let task = case.tasks.values().find(|task| task.node == STEP).unwrap();
    match &task.state {
        ordain_app::case::TaskState::Done { by, reason, .. } => {
            assert_eq!((by.name(), by.person(), reason.as_deref()), ("timeout", None, Some("timeout")));
        }
        other => panic!("{other:?}"),
    }
    for id in [large, doubtful] {
        assert_eq!(world.status(id), Status::InReview, "above the cap, or with something open");
        let case = world.case(id);
        let raised = case.open_exceptions().next().unwrap();
        assert_eq!(raised.kind, ExceptionKind::TaskOverdue);
        assert_eq!(raised.evidence["outcome"], "not_passed", "which is not that nobody was there to take it");
    }
    world.approve("fin1", large, STEP).await.unwrap();
    world.accept("fin1", doubtful, STEP, &[("price_differs:lines[0].unit_price", "协议价")]).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s063_silence_does_not_leave_out_what_a_step_must_leave_behind() {
    let world = World::open().await;
    let pass = json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!({ "auto_pass": { "max_amount": "1000" } }))] });
    with_deadline(
        &world,
        pass,
        json!({ "requires": ["special_requests"], "fields": { "special_requests": "edit" } }),
    )
    .await;
    let id = placed(&world, "PO-R").await;
    world.pass_to(0, 10, 30).await;
    assert_eq!(world.status(id), Status::InReview);
    assert_eq!(
        refused(world.approve("fin1", id, STEP).await),
        Refusal::FieldsMissing(vec!["special_requests".into()])
    );
    let values = [("special_requests".to_owned(), json!("随车带发票"))].into_iter().collect();
    world
        .command("fin1", Some(id), OrderCommand::WriteFields { task: world.task(id, STEP), values })
        .await
        .unwrap();
    world.approve("fin1", id, STEP).await.unwrap();
    // What was written is a special request, which nobody has looked at.
    assert_eq!(world.open_steps(id), ["sales_review", STEP]);
    world
        .accept("sales1", id, "sales_review", &[("special_request:special_requests", "可以")])
        .await
        .unwrap();
    world.approve("fin1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s063_an_automatic_return_goes_to_the_sender_and_says_by_whom() {
    let world = World::open().await;
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!("auto_return"))] }),
        json!({}),
    )
    .await;
    let id = placed(&world, "PO-A").await;
    world.pass_to(0, 10, 30).await;
    let case = world.case(id);
    assert_eq!(case.order.status, Status::Incomplete);
    assert_eq!(case.returned.as_ref().map(|returned| returned.by.name()), Some("timeout"));
    world.edit("sales1", id, order_of("PO-A", &[("P-1", "4", "12.50")])).await.unwrap();
    assert_eq!(world.open_steps(id), [STEP], "and its deadline runs anew");
    world.pass_to(0, 10, 59).await;
    assert_eq!(world.status(id), Status::InReview);
    world.approve("fin1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s078_the_head_of_the_department_is_told() {
    let world = World::open().await;
    let heads = BTreeMap::from([("finance".to_owned(), "smgr1".to_owned())]);
    let item = OrganisationItem { heads, ..OrganisationItem::default() };
    world.put(AdminCommand::PutOrganisation { item, expected: None }).await;
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 30 } }, "rules": [rule(0, json!("notify_manager"))] }),
        json!({}),
    )
    .await;
    let id = placed(&world, "PO-H").await;
    world.pass_to(0, 10, 30).await;
    assert_eq!(times(&world.notices("smgr1", id), "task_overdue"), 1);
    assert_eq!(times(&world.notices("ops1", id), "task_overdue"), 0);
    world.approve("fin1", id, STEP).await.unwrap();
    world.end().await;
}

/// The table of the company, on which a step sets rules of its own.
fn table(minutes: i64) -> AdminCommand {
    let row = SlaItem { department: Some("finance".into()), minutes, ..SlaItem::default() };
    AdminCommand::PutSla { items: vec![row], expected: None }
}

#[tokio::test]
async fn s078_rules_stand_on_the_company_s_table_of_deadlines() {
    let world = World::open().await;
    world.put(table(120)).await;
    let rules = [rule(-30, json!("remind")), rule(0, json!("notify_manager")), rule(60, json!("to_backup"))];
    with_deadline(&world, json!({ "rules": rules }), json!({ "backup": { "user": "ops1" } })).await;
    world.pass_to(0, 13, 0).await;
    let id = placed(&world, "PO-T").await;
    world.pass_to(0, 14, 29).await;
    assert_eq!(world.notices("fin1", id), Vec::<String>::new());
    world.pass_to(0, 14, 30).await;
    assert_eq!(world.notices("fin1", id), ["task_due_soon"]);
    // A quarter of an hour less for everybody: what hangs on the deadline moves with it.
    world.put(table(105)).await;
    recheck_open_tasks(&world.app, world.org).await.unwrap();
    world.pass_to(0, 14, 44).await;
    assert_eq!(times(&world.notices("ops1", id), "task_overdue"), 0);
    world.pass_to(0, 14, 45).await;
    assert_ne!(times(&world.notices("ops1", id), "task_overdue"), 0);
    world.pass_to(0, 15, 45).await;
    assert_eq!(world.holders(id, STEP), ["ops1"]);
    world.approve("ops1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s062_a_backup_finds_what_is_late_behind_somebody_else() {
    let world = World::open().await;
    let late = |login: &str| {
        let rows = world.queue_of(login, Queue::Standby);
        rows.into_iter().map(|row| row.node).collect::<Vec<_>>()
    };
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 60 } } }),
        json!({ "backup": { "user": "smgr1" } }),
    )
    .await;
    let id = placed(&world, "PO-B").await;
    world.pass_to(0, 10, 59).await;
    assert_eq!(late("smgr1"), Vec::<String>::new(), "nothing is late yet");
    world.pass_to(0, 11, 1).await;
    assert_eq!(late("smgr1"), [STEP]);
    assert_eq!(late("fin1"), Vec::<String>::new(), "whoever holds it has it in their own queue");
    assert_eq!(late("plan1"), Vec::<String>::new());
    // The flow goes on without a backup; the order stays with the version it runs through.
    with_deadline(
        &world,
        json!({ "from": { "after": { "minutes": 60 } } }),
        json!({ "backup": { "user": "ops1" } }),
    )
    .await;
    assert_eq!(late("smgr1"), [STEP]);
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(late("smgr1"), Vec::<String>::new());
    world.end().await;
}
