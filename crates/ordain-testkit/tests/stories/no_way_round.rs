//! No way leads round a review: not an edit, not a jump, not somebody's own word, and not that nobody is there.

use crate::{insert_before, intervene, publish, refused, review, standard, step};
use ordain_app::admin::{AdminCommand, LeaveItem, recheck_open_tasks};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_flow::run::Decision::Approve;
use ordain_flow::run::StepRefusal;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

fn small(po: &str) -> Content {
    order_of(po, &[("P-1", "1", "12.50")])
}

fn by(login: &str) -> Value {
    json!({ "assignee": { "user": login }, "auto_when_clear": false })
}

/// The standard flow with steps before the customer is told.
async fn with(world: &World, steps: impl IntoIterator<Item = Value>) {
    let mut doc = standard();
    for step in steps {
        insert_before(&mut doc, "tell_customer", step);
    }
    publish(world, &doc).await;
}

/// A step that runs a flow inside, in which one review looks at the order.
async fn running_inside(world: &World, settings: Value) -> Value {
    let inner = json!({ "key": "inner", "name": { "zh": "内", "en": "Inner" }, "purpose": "subflow", "steps": [
        step("start", json!({ "type": "start" })), review("look", "sales", settings),
        step("end", json!({ "type": "end", "outcome": "completed" })) ] });
    let command = AdminCommand::PublishFlow { key: "inner".into(), doc: inner.to_string() };
    world.app.admin(world.org, Actor::system("test"), command).await.unwrap();
    step("run", json!({ "type": "subflow", "flow": "inner" }))
}

async fn on_leave(world: &World, login: &str, from: &str, until: &str) {
    let (login, from, until) = (login.to_owned(), from.to_owned(), until.to_owned());
    world.put(AdminCommand::RecordLeave(LeaveItem { login, from, until, ..LeaveItem::default() })).await;
    recheck_open_tasks(&world.app, world.org).await.unwrap();
}

fn raised(world: &World, id: Uuid, kind: ExceptionKind) -> bool {
    world.case(id).open_exceptions().any(|exception| exception.kind == kind)
}

#[tokio::test]
async fn s064_s072_an_order_that_is_edited_goes_the_way_of_what_it_is_now() {
    let world = World::open().await;
    let mut large = standard();
    large["key"] = json!("large");
    large["scope"] = json!({ "amount_from": "100", "priority": 60 });
    insert_before(&mut large, "tell_customer", review("board", "sales", by("boss1")));
    let command = AdminCommand::PublishFlow { key: "large".into(), doc: large.to_string() };
    world.app.admin(world.org, Actor::system("admin"), command).await.unwrap();
    with(&world, [review("desk", "sales", by("smgr1"))]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    assert_eq!(world.open_steps(id), ["desk"]);
    world.command("sales1", Some(id), OrderCommand::Recall { reason: "改数量".into() }).await.unwrap();
    world.edit("sales1", id, order_of("PO-1", &[("P-1", "20", "12.50")])).await.unwrap();
    assert_eq!(world.case(id).flow.unwrap().key, "large");
    assert_eq!(world.open_steps(id), ["board"], "it begins from the start of the other flow");
    world.send_back("boss1", id, "board", "太多").await;
    world.edit("sales1", id, order_of("PO-1", &[("P-1", "3", "12.50")])).await.unwrap();
    assert_eq!(world.open_steps(id), ["desk"]);
    world.approve("smgr1", id, "desk").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s064_nobody_approves_what_they_have_entered_themselves() {
    let world = World::open().await;
    let settings = json!({ "assignee": [{ "role": "sales" }, { "user": "cs1" }], "auto_when_clear": false,
        "exclude": ["initiator"] });
    with(&world, [review("look", "sales", settings)]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    world.send_back("cs1", id, "look", "数量不对").await;
    world.edit("cs1", id, order_of("PO-1", &[("P-1", "9", "12.50")])).await.unwrap();
    for login in ["sales1", "cs1"] {
        let said = world.approve(login, id, "look").await;
        assert!(said.is_err(), "{login} has entered it");
    }
    world.end().await;
}

#[tokio::test]
async fn s064_whom_a_decision_elsewhere_keeps_out_hands_the_task_on() {
    let world = World::open().await;
    let both = json!([{ "user": "fin1" }, { "user": "wh1" }]);
    let of = |id: &str, more: Value| {
        let mut settings = json!({ "assignee": both, "vote": "all", "auto_when_clear": false });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "id": id, "name": { "zh": id, "en": id }, "steps": [review(&format!("{id}1"), "finance", settings)] })
    };
    let lanes = json!([of("x", json!({})), of("y", json!({ "exclude": [{ "deciders_of": "x1" }] }))]);
    with(&world, [step("two", json!({ "type": "parallel", "lanes": lanes }))]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    for login in ["fin1", "wh1"] {
        world.answer(login, id, "x1", Approve).await.unwrap();
    }
    assert_eq!(world.holders(id, "y1"), ["process_admin", "process_admin"], "nobody of them may answer");
    assert!(raised(&world, id, ExceptionKind::NobodyFound));
    for login in ["ops1", "admin"] {
        world.approve(login, id, "y1").await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s064_what_one_may_not_approve_one_may_not_pass_over() {
    let world = World::open().await;
    let own = json!({ "assignee": { "user": "smgr1" }, "auto_when_clear": false, "exclude": ["initiator"] });
    with(&world, [review("first", "sales", own.clone()), review("second", "sales", own)]).await;
    let id = world.place("ops1", small("PO-1")).await.order.id;
    for act in [
        Intervention::Skip { node: "first".into(), visit: None },
        Intervention::Jump { to: "second".into() },
        Intervention::Jump { to: "tell_customer".into() },
    ] {
        assert_eq!(refused(intervene(&world, id, act).await), Refusal::FourEyes);
    }
    let other = world.place("sales1", small("PO-2")).await.order.id;
    intervene(&world, other, Intervention::Jump { to: "second".into() }).await.unwrap();
    assert_eq!(world.open_steps(other), ["second"], "of somebody else's order");
    world.end().await;
}

#[tokio::test]
async fn s061_a_jump_lets_the_customer_go_or_is_refused() {
    let world = World::open().await;
    let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
    with(
        &world,
        [review("first", "sales", by("smgr1")), step("ask", ask), review("last", "sales", by("boss1"))],
    )
    .await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    let over = Intervention::Jump { to: "last".into() };
    let said = refused(intervene(&world, id, over.clone()).await);
    assert_eq!(said, Refusal::Flow(StepRefusal::Guarded { node: "ask".into() }), "they have to be asked");
    world.approve("smgr1", id, "first").await.unwrap();
    assert_eq!(world.status(id), Status::AwaitingCustomer);
    let said = refused(intervene(&world, id, over).await);
    assert!(matches!(said, Refusal::Flow(StepRefusal::CustomerMustAnswer { .. })), "{said:?}");
    intervene(&world, id, Intervention::Jump { to: "first".into() }).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["first".to_owned()]));
    world.end().await;
}

#[tokio::test]
async fn s037_what_a_step_sets_before_the_end_is_checked_before_it() {
    let world = World::open().await;
    let set = json!({ "type": "update_data", "assign": [
        { "field": "requested_date", "value": { "date": "2020-01-01" } } ] });
    with(&world, [review("first", "sales", by("smgr1")), step("set", set)]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    world.approve("smgr1", id, "first").await.unwrap();
    let open: Vec<String> = world.case(id).order.open_findings().map(|finding| finding.id()).collect();
    assert!(!open.is_empty(), "a date that is past");
    assert_eq!(world.status(id), Status::InReview);
    assert!(!world.open_steps(id).is_empty(), "somebody is asked about it");
    world.end().await;
}

#[tokio::test]
async fn an_approval_passes_no_later_step_for_what_it_has_not_seen() {
    for (quantity, asked) in [(None, false), (Some("9"), true)] {
        let world = World::open().await;
        let mut writer = by("wh1");
        writer["fields"] = json!({ "lines.quantity": "edit" });
        let mut again = by("smgr1");
        again["repeats"] = json!("pass_once");
        let steps = [("first", by("smgr1")), ("write", writer), ("again", again)];
        with(&world, steps.map(|(id, settings)| review(id, "sales", settings))).await;
        let id = world.place("sales1", small("PO-1")).await.order.id;
        world.approve("smgr1", id, "first").await.unwrap();
        world.pass_seconds(60).await;
        if let Some(quantity) = quantity {
            let values = BTreeMap::from([("lines[0].quantity".to_owned(), json!(quantity))]);
            let task = world.task(id, "write");
            world.command("wh1", Some(id), OrderCommand::WriteFields { task, values }).await.unwrap();
        }
        world.approve("wh1", id, "write").await.unwrap();
        let open: &[&str] = if asked { &["again"] } else { &[] };
        assert_eq!(world.open_steps(id), open);
        world.end().await;
    }
}

#[tokio::test]
async fn s062_work_goes_to_somebody_who_is_there() {
    let world = World::open().await;
    let turn = json!({ "assignee": [{ "user": "wh1" }, { "user": "cs1" }], "vote": "round_robin",
        "auto_when_clear": false });
    let mut alone = by("fin1");
    alone["backup"] = json!({ "user": "smgr1" });
    alone["deadline_minutes"] = json!(60);
    with(&world, [review("turn", "warehouse", turn), review("alone", "finance", alone)]).await;
    let before = world.place("sales1", small("PO-0")).await.order.id;
    let taken = world.holders(before, "turn").remove(0);
    world.answer(&taken, before, "turn", Approve).await.unwrap();
    assert_eq!(world.holders(before, "alone"), ["fin1"]);
    for login in ["wh1", "fin1"] {
        on_leave(&world, login, "2026-11-23", "2026-12-10").await;
    }
    assert_eq!(world.holders(before, "alone"), ["smgr1"]);
    let due = |id| world.case(id).open_tasks().next().unwrap().1.due_ms.unwrap();
    assert!(due(before) < world.now_ms() + 24 * 3_600_000, "by the hours of whoever is there");
    for po in ["PO-1", "PO-2"] {
        let id = world.place("sales1", small(po)).await.order.id;
        assert_eq!(world.holders(id, "turn"), ["cs1"], "not whoever is away");
        world.approve("cs1", id, "turn").await.unwrap();
        assert_eq!(world.holders(id, "alone"), ["smgr1"]);
    }
    on_leave(&world, "smgr1", "2026-11-23", "2026-12-10").await;
    let id = world.place("sales1", small("PO-3")).await.order.id;
    world.approve("cs1", id, "turn").await.unwrap();
    assert_eq!(world.holders(id, "alone"), ["process_admin"], "the backup is away too");
    assert!(raised(&world, id, ExceptionKind::NobodyFound));
    assert_eq!(world.holders(before, "alone"), ["process_admin"]);
    world.end().await;
}

#[tokio::test]
async fn s062_whoever_may_decide_nothing_is_given_no_work() {
    let world = World::open().await;
    let mut doc = standard();
    doc["fields"] = json!([{ "field": "who", "name": { "zh": "谁", "en": "Who" }, "type": "text" }]);
    let settings = json!({ "assignee": { "field": "who" }, "auto_when_clear": false });
    insert_before(&mut doc, "tell_customer", review("look", "sales", settings));
    publish(&world, &doc).await;
    let mut content = small("PO-1");
    content.extra.insert("who".into(), json!("audit1"));
    let id = world.place("sales1", content).await.order.id;
    assert_eq!(world.holders(id, "look"), ["process_admin"]);
    assert!(raised(&world, id, ExceptionKind::NobodyFound));
    world.end().await;
}

#[tokio::test]
async fn the_time_of_the_customer_stands_still_while_the_order_is_on_hold() {
    let world = World::open().await;
    let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation",
        "deadline_minutes": 60, "on_lapse": "expire" });
    with(&world, [step("ask", ask)]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    assert_eq!(world.status(id), Status::AwaitingCustomer);
    world.command("sales1", Some(id), OrderCommand::Hold { reason: "等一等".into() }).await.unwrap();
    world.pass_seconds(2 * 3_600).await;
    world.command("sales1", Some(id), OrderCommand::Resume).await.unwrap();
    world.pass_seconds(30 * 60).await;
    assert_eq!(world.status(id), Status::AwaitingCustomer, "there is half an hour left");
    world.pass_to(1, 12, 0).await;
    assert_eq!(world.status(id), Status::Expired);
    world.end().await;
}

#[tokio::test]
async fn whom_the_one_before_has_chosen_the_sender_does_not_change() {
    let world = World::open().await;
    let chosen =
        json!({ "assignee": { "chosen_by_previous": { "role": "warehouse" } }, "auto_when_clear": false });
    with(&world, [review("first", "finance", by("fin1")), review("next", "warehouse", chosen)]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    let choose = |login: &str| OrderCommand::ChoosePeople {
        people: BTreeMap::from([("next".to_owned(), vec![login.to_owned()])]),
    };
    world.command("fin1", Some(id), choose("wh1")).await.unwrap();
    assert_eq!(refused(world.command("sales1", Some(id), choose("wh1")).await), Refusal::NotYourTask);
    world.end().await;
}

#[tokio::test]
async fn s064_nobody_passes_over_their_own_order_by_a_lane_or_a_flow_inside() {
    let world = World::open().await;
    let own = json!({ "assignee": { "user": "smgr1" }, "auto_when_clear": false, "exclude": ["initiator"] });
    let lane = |id: &str, settings: Value| json!({ "id": id, "name": { "zh": id, "en": id }, "steps": [review(&format!("{id}1"), "sales", settings)] });
    let lanes = json!([lane("x", own.clone()), lane("y", by("fin1"))]);
    let both = step("both", json!({ "type": "parallel", "lanes": lanes }));
    let run = running_inside(&world, own).await;
    with(&world, [review("first", "sales", by("fin1")), both, run, review("last", "sales", by("boss1"))])
        .await;
    let id = world.place("ops1", small("PO-1")).await.order.id;
    let four_eyes = async |act| assert_eq!(refused(intervene(&world, id, act).await), Refusal::FourEyes);
    four_eyes(Intervention::Jump { to: "run".into() }).await;
    world.approve("fin1", id, "first").await.unwrap();
    four_eyes(Intervention::Jump { to: "last".into() }).await;
    world.approve("smgr1", id, "x1").await.unwrap();
    world.approve("fin1", id, "y1").await.unwrap();
    four_eyes(Intervention::Skip { node: "run".into(), visit: None }).await;
    four_eyes(Intervention::Jump { to: "last".into() }).await;
    world.approve("smgr1", id, "inner/look").await.unwrap();
    assert_eq!(world.open_steps(id), ["last"]);
    world.end().await;
}

#[tokio::test]
async fn a_claim_holds_nobody_back_whose_claimer_four_eyes_keep_out() {
    let world = World::open().await;
    let lane = |id: &str, settings: Value| json!({ "id": id, "name": { "zh": id, "en": id }, "steps": [review(&format!("{id}1"), "finance", settings)] });
    let pool = json!({ "assignee": [{ "user": "fin1" }, { "user": "cs1" }], "vote": "claim", "auto_when_clear": false,
        "exclude": [{ "deciders_of": "x1" }] });
    let lanes = json!([lane("x", by("fin1")), lane("y", pool)]);
    with(&world, [step("both", json!({ "type": "parallel", "lanes": lanes }))]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    let task = world.task_of("fin1", id, "y1");
    world.command("fin1", Some(id), OrderCommand::Claim { task }).await.unwrap();
    world.approve("fin1", id, "x1").await.unwrap();
    world.answer("cs1", id, "y1", Approve).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn work_is_given_to_nobody_who_is_on_leave() {
    let world = World::open().await;
    let mut settings = by("fin1");
    settings["backup"] = json!({ "user": "smgr1" });
    with(&world, [review("look", "finance", settings)]).await;
    let ids = [
        world.place("sales1", small("PO-1")).await.order.id,
        world.place("sales1", small("PO-2")).await.order.id,
    ];
    let give = |id| OrderCommand::Transfer {
        task: world.task(id, "look"),
        to: "smgr1".into(),
        reason: "请代看".into(),
    };
    world.command("fin1", Some(ids[0]), give(ids[0])).await.unwrap();
    on_leave(&world, "smgr1", "2026-11-23", "2026-12-10").await;
    let (id, task) = (ids[1], world.task(ids[1], "look"));
    assert_eq!(
        refused(world.command("fin1", Some(id), give(id)).await),
        Refusal::UnfitPerson("smgr1".into())
    );
    assert_eq!(world.holders(ids[0], "look"), ["process_admin"], "what they had is not theirs any more");
    let to = ordain_flow::doc::Party::User("smgr1".into());
    let act = Intervention::Reassign { task, to };
    assert_eq!(refused(intervene(&world, id, act).await), Refusal::UnfitPerson("smgr1".into()));
    world.end().await;
}

#[tokio::test]
async fn s072_what_must_not_be_skipped_is_not_skipped_with_the_flow_around_it() {
    let world = World::open().await;
    let guarded = json!({ "assignee": { "user": "smgr1" }, "auto_when_clear": false, "guarded": true,
        "backup": { "user": "boss1" } });
    let run = running_inside(&world, guarded).await;
    with(&world, [review("first", "sales", by("fin1")), run, review("last", "sales", by("boss1"))]).await;
    let id = world.place("sales1", small("PO-1")).await.order.id;
    let over = || Intervention::Jump { to: "last".into() };
    let guarded = |said: Refusal| matches!(said, Refusal::Flow(StepRefusal::Guarded { .. }));
    assert!(guarded(refused(intervene(&world, id, over()).await)), "not begun yet");
    world.approve("fin1", id, "first").await.unwrap();
    let skip = Intervention::Skip { node: "run".into(), visit: None };
    assert!(guarded(refused(intervene(&world, id, skip).await)));
    assert!(guarded(refused(intervene(&world, id, over()).await)));
    world.approve("smgr1", id, "inner/look").await.unwrap();
    assert_eq!(world.open_steps(id), ["last"]);
    world.end().await;
}

#[tokio::test]
async fn s064_what_was_found_in_ones_own_order_somebody_else_sets_aside() {
    let world = World::open().await;
    world.change_step("finance_review", json!({ "exclude": ["initiator"] })).await;
    let set_aside = || Intervention::Override { finding: "price_differs:lines[0].unit_price".into() };
    let cheap = |po: &str| order_of(po, &[("P-1", "1", "11.00")]);
    let own = world.place("ops1", cheap("PO-1")).await.order.id;
    assert_eq!(refused(intervene(&world, own, set_aside()).await), Refusal::FourEyes);
    let other = world.place("sales1", cheap("PO-2")).await.order.id;
    intervene(&world, other, set_aside()).await.unwrap();
    assert_eq!(world.status(other), Status::Confirmed);
    world.end().await;
}
