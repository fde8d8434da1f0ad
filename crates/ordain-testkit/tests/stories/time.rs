//! What happens when nobody does anything: late notices and overdue tasks.

use crate::times;
use ordain_app::admin::{AdminCommand, CalendarItem, recheck_timers};
use ordain_app::case::Case;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::calendar::CalendarRules;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{Left, World, order_of};
use std::collections::BTreeSet;
use uuid::Uuid;

const FRIDAY: i64 = 4;
const MONDAY: i64 = 7;
const TUESDAY: i64 = 8;

fn flags(world: &World, id: Uuid) -> String {
    world.app.store.order_by_id(world.org, id.into_bytes()).unwrap().unwrap().flags
}

/// When the order was confirmed, and when its mail left.
fn measured(case: &Case) -> (Option<i64>, Option<i64>, bool) {
    let notice = case.notices.iter().find(|notice| notice.channel == "mail").unwrap();
    (case.order.confirmed_ms, notice.sent_ms, notice.late)
}

#[tokio::test]
async fn s022_time_from_last_approval_to_notice_is_measured_and_a_late_notice_alarms() {
    let mut world = World::open().await;
    world.pass_to(FRIDAY, 17, 50).await;
    let id = world.place("sales1", order_of("PO-22", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::Confirmed);
    // There is no mail server. Ten working minutes are left of Friday, twenty are of Monday.
    world.pass_to(MONDAY, 9, 19).await;
    assert_eq!(times(&world.notices("sales1", id), "notice_late"), 0);
    world.pass_to(MONDAY, 9, 20).await;
    for login in ["sales1", "smgr1"] {
        assert_eq!(times(&world.notices(login, id), "notice_late"), 1, "{login}");
    }
    assert_eq!(times(&world.notices("fin1", id), "notice_late"), 0, "it is not for everybody");
    assert_eq!(flags(&world, id), "overdue");
    world.pass_to(MONDAY, 11, 0).await;
    assert_eq!(times(&world.notices("sales1", id), "notice_late"), 1, "the alarm sounds once");
    world.deliver().await;
    assert_eq!(world.arrived().len(), 1);
    let (confirmed, sent) = (World::instant(FRIDAY, 17, 50), World::instant(MONDAY, 11, 0));
    assert_eq!(measured(&world.case(id)), (Some(confirmed), Some(sent), true));
    assert_eq!(flags(&world, id), "", "it was late, and is no more");
    world.end().await;
}

#[tokio::test]
async fn s022_a_holiday_moves_the_alarm_and_a_notice_in_time_raises_none() {
    let mut world = World::open().await;
    let calendar = CalendarRules {
        holidays: BTreeSet::from(["2026-11-30".parse().unwrap()]),
        ..CalendarRules::default()
    };
    world.put(AdminCommand::PutSettings { company: None, calendar: Some(calendar) }).await;
    let told = world.place("sales1", order_of("PO-23", &[("P-1", "2", "12.50")])).await.order.id;
    world.deliver().await;
    world.pass_to(FRIDAY, 17, 50).await;
    let late = world.place("sales1", order_of("PO-24", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(TUESDAY, 9, 19).await;
    assert_eq!(times(&world.notices("smgr1", late), "notice_late"), 0);
    world.pass_to(TUESDAY, 9, 20).await;
    assert_eq!(times(&world.notices("smgr1", late), "notice_late"), 1);
    assert_eq!(times(&world.notices("smgr1", told), "notice_late"), 0);
    world.leaves(Left::QueuedMail);
    world.end().await;
}

/// Days after the first Monday: the last of the year, New Year's Day, the Monday after it.
const LAST_OF_YEAR: i64 = 38;
const NEW_YEAR: i64 = 39;
const AFTER_NEW_YEAR: i64 = 42;

#[tokio::test]
async fn s080_nobody_is_reminded_on_a_holiday_and_everybody_after_it() {
    let world = World::open().await;
    world.pass_to(LAST_OF_YEAR, 17, 0).await;
    let content =
        Content { requested_date: "2027-01-20".parse().ok(), ..order_of("PO-80", &[("P-1", "10", "11.00")]) };
    let id = world.place("sales1", content).await.order.id;
    // Of 120 working minutes half are over when the year is; the reminder comes 30 minutes before the end.
    for (hour, minute) in [(0, 0), (9, 30), (17, 0)] {
        world.pass_to(NEW_YEAR, hour, minute).await;
        assert!(world.notices("fin1", id).is_empty(), "{hour}:{minute}");
    }
    world.pass_to(AFTER_NEW_YEAR, 9, 29).await;
    assert!(world.notices("fin1", id).is_empty(), "the weekend is none either");
    world.pass_to(AFTER_NEW_YEAR, 9, 30).await;
    assert_eq!(world.notices("fin1", id), ["task_due_soon"]);
    world.pass_to(AFTER_NEW_YEAR, 10, 0).await;
    assert_eq!(times(&world.notices("fin1", id), "task_overdue"), 1);
    stand_in(&world, id).await;
    world.end().await;
}

#[tokio::test]
async fn s062_an_overdue_task_tells_its_holder_and_the_backup_who_can_then_decide() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-62", &[("P-1", "10", "11.00")])).await.order.id;
    // 120 working minutes from Monday 10:00, a reminder 30 minutes before.
    world.pass_to(0, 11, 29).await;
    assert!(world.notices("fin1", id).is_empty());
    world.pass_to(0, 11, 30).await;
    assert_eq!(
        (world.notices("fin1", id), world.notices("boss1", id)),
        (vec!["task_due_soon".into()], vec![])
    );
    world.pass_to(0, 11, 59).await;
    assert_eq!(times(&world.notices("fin1", id), "task_overdue"), 0);
    world.pass_to(0, 12, 0).await;
    for login in ["fin1", "boss1"] {
        assert_eq!(times(&world.notices(login, id), "task_overdue"), 1, "{login}");
    }
    assert_eq!(flags(&world, id), "overdue");
    world.pass_to(3, 10, 0).await;
    assert_eq!(times(&world.notices("fin1", id), "task_overdue"), 1);
    let reason = [("price_differs:lines[0].unit_price", "代财务批准")];
    world.accept("boss1", id, "finance_review", &reason).await.unwrap();
    assert_eq!((world.status(id), flags(&world, id)), (Status::Confirmed, String::new()));
    world.end().await;
}

/// Decides in finance's place.
async fn stand_in(world: &World, id: Uuid) {
    let reason = [("price_differs:lines[0].unit_price", "代财务批准")];
    world.accept("boss1", id, "finance_review", &reason).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
}

fn lies_with(world: &World, login: &str, id: Uuid) -> bool {
    world.tasks_of(login).iter().any(|row| row.order_id == id.into_bytes())
}

#[tokio::test]
async fn s062_the_backup_holds_the_tasks_of_a_department_without_people() {
    let world = World::open().await;
    world.disable("fin1").await;
    let id = world.place("sales1", order_of("PO-63", &[("P-1", "10", "11.00")])).await.order.id;
    assert!(lies_with(&world, "boss1", id));
    stand_in(&world, id).await;
    world.end().await;
}

#[tokio::test]
async fn s062_a_task_taken_by_somebody_who_left_can_be_decided_by_the_backup() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-64", &[("P-1", "10", "11.00")])).await.order.id;
    let task = world.task(id, "finance_review");
    world.command("fin1", Some(id), OrderCommand::Claim { task }).await.unwrap();
    let refused = world.approve("boss1", id, "finance_review").await.unwrap_err();
    assert_eq!(refused, GateError::Refused(Refusal::ClaimedByOther), "as long as fin1 is there");
    world.disable("fin1").await;
    world.command("boss1", Some(id), OrderCommand::Claim { task }).await.unwrap();
    assert_eq!(world.case(id).task(task).unwrap().1.claimed_by, Some(world.user("boss1").id));
    stand_in(&world, id).await;
    world.end().await;
}

#[tokio::test]
async fn s100_what_waits_for_a_time_waits_anew_when_the_company_changes_its_hours() {
    let world = World::open().await;
    let no_customer = Content { customer: None, ..order_of("PO-100", &[("P-1", "1", "12.50")]) };
    let id = world.place("sales1", no_customer).await.order.id;
    assert_eq!(world.status(id), Status::Incomplete, "nobody has a task of it");
    let stall = || {
        let timers = world.app.store.timers_of_order(world.org, id.into_bytes()).unwrap();
        timers.into_iter().find(|timer| timer.kind == "stall").unwrap().due_at_ms
    };
    // A working day after Monday 10:00.
    assert_eq!(stall(), World::instant(1, 10, 0));
    let holidays = Some(vec!["2026-11-24".to_owned()]);
    let item = CalendarItem { holidays, ..CalendarItem::default() };
    world.put(AdminCommand::PutCalendar { item, expected: None }).await;
    assert_eq!(recheck_timers(&world.app, world.org).await.unwrap(), 1);
    assert_eq!(stall(), World::instant(2, 10, 0), "Tuesday is free now");
    let cancel = OrderCommand::Cancel { reason: "unneeded".into(), code: None };
    world.command("sales1", Some(id), cancel).await.unwrap();
    world.end().await;
}
