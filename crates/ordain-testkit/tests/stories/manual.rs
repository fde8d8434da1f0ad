//! Any order can be taken in hand by a person, moved, and put back, with a reason and a trace.

use crate::{insert_before, intervene, publish, refused, review, standard, step};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::query::story;
use ordain_domain::finding::Code;
use ordain_domain::order::{Content, Status};
use ordain_flow::doc::{Outcome, Party};
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use uuid::Uuid;

const PRICE: &str = "price_differs:lines[0].unit_price";

async fn doubtful(world: &World, po: &str) -> Uuid {
    let id = world.place("sales1", order_of(po, &[("P-1", "10", "11.00")])).await.order.id;
    assert_eq!(world.open_steps(id), ["finance_review"]);
    id
}

#[tokio::test]
async fn s101_an_order_is_pulled_to_manual_handling_and_put_back_with_a_reason() {
    let world = World::open().await;
    let id = doubtful(&world, "PO-101").await;
    let nothing = OrderCommand::Intervene { act: Intervention::TakeOver, reason: "  ".into() };
    assert_eq!(refused(world.command("ops1", Some(id), nothing).await), Refusal::ReasonRequired);
    assert_eq!(refused(intervene(&world, id, Intervention::PutBack).await), Refusal::NotTakenOver);
    let case = intervene(&world, id, Intervention::TakeOver).await.unwrap();
    let taken = case.open_exceptions().next().unwrap();
    assert_eq!((taken.kind, taken.taken_by), (ExceptionKind::TakenOver, Some(world.user("ops1").id)));
    // Nothing goes on by itself, and nobody decides, while it is in somebody's hands.
    let accepted = [(PRICE, "协议价")];
    assert_eq!(refused(world.accept("fin1", id, "finance_review", &accepted).await), Refusal::OnHold);
    assert_eq!(refused(intervene(&world, id, Intervention::TakeOver).await), Refusal::TakenOver);
    let resumed = world.command("sales1", Some(id), OrderCommand::Resume).await;
    assert_eq!(refused(resumed), Refusal::TakenOver, "whoever may not take over does not put back");
    world.pass_to(0, 16, 0).await;
    assert_eq!(crate::times(&world.notices("fin1", id), "task_overdue"), 0, "its clock stands still");
    let case = intervene(&world, id, Intervention::PutBack).await.unwrap();
    assert_eq!((case.order.on_hold, case.open_exceptions().count()), (false, 0));
    let closed = case.exceptions.last().unwrap().closed.as_ref().unwrap();
    assert_eq!((closed.by.name(), closed.reason.as_deref()), ("OPS1", Some("现场处理")));
    world.accept("fin1", id, "finance_review", &accepted).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s101_s092_an_order_in_manual_handling_can_be_ended_and_taken_up_again() {
    let world = World::open().await;
    let id = doubtful(&world, "PO-102").await;
    intervene(&world, id, Intervention::TakeOver).await.unwrap();
    intervene(&world, id, Intervention::End { outcome: Outcome::Cancelled }).await.unwrap();
    let case = world.case(id);
    assert_eq!((case.order.status, case.open_exceptions().count()), (Status::Cancelled, 0));
    assert!(case.order.held.is_empty(), "its goods are free again");
    intervene(&world, id, Intervention::Revive).await.unwrap();
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.on_hold), (Status::InReview, false));
    world.accept("fin1", id, "finance_review", &[(PRICE, "协议价")]).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s092_an_order_that_is_taken_up_again_is_not_confirmed_for_a_day_that_is_over() {
    let world = World::open().await;
    let id = doubtful(&world, "PO-105").await;
    let asked = world.case(id).order.content.requested_date.unwrap();
    world
        .command("sales1", Some(id), OrderCommand::Cancel { reason: "再议".into(), code: None })
        .await
        .unwrap();
    world.pass_to(60, 9, 0).await;
    let case = intervene(&world, id, Intervention::Revive).await.unwrap();
    let past = case.order.checked.findings.iter().find(|finding| finding.code == Code::DatePast);
    assert_eq!(past.map(|finding| finding.facts["asked"].as_str()), Some(asked.to_string().as_str()));
    assert_eq!(case.order.status, Status::Incomplete, "its sender names another day");
    world.end().await;
}

#[tokio::test]
async fn s092_a_stuck_flow_is_released_by_skip_jump_and_override_but_never_past_a_finding() {
    let world = World::open().await;
    let id = doubtful(&world, "PO-103").await;
    let node = || "finance_review".to_owned();
    intervene(&world, id, Intervention::Skip { node: node(), visit: None }).await.unwrap();
    assert_eq!(
        (world.status(id), world.open_steps(id)),
        (Status::InReview, vec![node()]),
        "its finding is open"
    );
    intervene(&world, id, Intervention::Jump { to: "tell_customer".into() }).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec![node()]));
    assert_eq!(
        refused(intervene(&world, id, Intervention::Override { finding: "nothing:at_all".into() }).await),
        Refusal::UnknownFinding("nothing:at_all".into())
    );
    intervene(&world, id, Intervention::Override { finding: PRICE.into() }).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed, "set aside by a person, with a reason");
    let case = world.case(id);
    assert_eq!(
        (case.order.accepted[PRICE].by.name(), case.order.accepted[PRICE].reason.as_str()),
        ("OPS1", "现场处理")
    );

    world.change_step("sales_review", json!({ "auto_when_clear": false })).await;
    let stuck = world.place("sales1", order_of("PO-104", &[("P-1", "1", "12.50")])).await.order.id;
    intervene(&world, stuck, Intervention::Skip { node: "sales_review".into(), visit: None }).await.unwrap();
    assert_eq!(world.status(stuck), Status::Confirmed, "nothing was open in it");
    let by: Vec<String> = story::items(&world.app.store, world.org, stuck)
        .unwrap()
        .iter()
        .map(|item| item.actor.name().to_owned())
        .collect();
    assert_eq!(
        by.iter().filter(|name| *name == "OPS1").count(),
        1,
        "the act stands in the log under a name: {by:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn s092_a_failed_step_is_run_again_or_passed_by_hand() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "tell_customer",
        step(
            "until_date",
            json!({ "type": "delay", "for": { "field": { "field": "ready_on" } }, "max_minutes": 60 }),
        ),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-105", &[("P-1", "1", "12.50")])).await.order.id;
    assert!(world.open_steps(id).is_empty(), "it waits for a date that nobody has entered");
    world.pass_to(0, 11, 0).await;
    let case = world.case(id);
    assert_eq!(case.open_exceptions().next().unwrap().kind, ExceptionKind::WaitTooLong);
    assert_eq!(world.holders(id, "until_date"), ["process_admin"]);
    intervene(&world, id, Intervention::RunAgain { node: "until_date".into(), visit: None }).await.unwrap();
    assert_eq!(world.case(id).open_exceptions().count(), 0, "it waits once more");
    world.pass_to(0, 12, 0).await;
    intervene(&world, id, Intervention::Skip { node: "until_date".into(), visit: None }).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s101_a_wait_does_not_end_while_the_order_is_in_somebodys_hands() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "tell_customer",
        step("pause", json!({ "type": "delay", "for": { "minutes": { "minutes": 30 } } })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-106", &[("P-1", "1", "12.50")])).await.order.id;
    world.pass_to(0, 10, 10).await;
    intervene(&world, id, Intervention::TakeOver).await.unwrap();
    world.pass_to(0, 11, 0).await;
    assert_eq!((world.status(id), world.case(id).order.on_hold), (Status::InReview, true));
    intervene(&world, id, Intervention::PutBack).await.unwrap();
    world.pass_to(0, 11, 1).await;
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s093_an_order_that_no_lane_was_made_for_goes_to_a_person() {
    let world = World::open().await;
    let mut doc = standard();
    let kind = json!({ "type": "exclusive", "lanes": [
        { "id": "usual", "name": { "zh": "常规", "en": "Usual" },
          "when": { "row": { "field": "order_type", "op": "eq", "value": { "text": "standard" } } }, "steps": [] },
        { "id": "rest", "name": { "zh": "其他", "en": "Rest" }, "otherwise": true,
          "steps": [review("unusual", "service", json!({}))] } ] });
    insert_before(&mut doc, "large_or_special", step("kind_of_order", kind));
    publish(&world, &doc).await;
    let usual = world.place("sales1", order_of("PO-93", &[("P-1", "1", "12.50")])).await;
    assert_eq!(usual.order.status, Status::Confirmed);
    let content = Content { order_type: "consignment".into(), ..order_of("PO-94", &[("P-1", "1", "12.50")]) };
    let id = world.place("sales1", content).await.order.id;
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["unusual".into()]));
    world.approve("cs1", id, "unusual").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s093_a_step_that_finds_nobody_goes_to_the_process_admin_and_never_passes_in_silence() {
    let world = World::open().await;
    let nobody = json!({ "assignee": { "field": "approver" }, "backup": null, "auto_when_clear": false });
    world.change_step("finance_review", nobody).await;
    let id = world.place("sales1", order_of("PO-95", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(id, "finance_review"), ["process_admin"]);
    let case = world.case(id);
    let raised = case.open_exceptions().next().unwrap();
    assert_eq!(
        (raised.kind, &raised.owner),
        (ExceptionKind::NobodyFound, &Party::Role("process_admin".into()))
    );
    assert_eq!(raised.evidence["node"], "finance_review");
    world.approve("ops1", id, "finance_review").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s093_the_flow_says_who_takes_what_nobody_else_can() {
    let world = World::open().await;
    let mut doc = standard();
    doc["process_admin"] = json!([{ "user": "smgr1" }]);
    let kind = &mut doc["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"];
    kind["assignee"] = json!({ "field": "approver" });
    kind["auto_when_clear"] = json!(false);
    kind.as_object_mut().unwrap().remove("backup");
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-96", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(id, "finance_review"), ["smgr1"]);
    assert_eq!(world.case(id).open_exceptions().next().unwrap().owner, Party::User("smgr1".into()));
    world.approve("smgr1", id, "finance_review").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}
