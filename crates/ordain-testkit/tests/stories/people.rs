//! Several people decide a step together, work changes hands, and nobody slips past a rule.

use crate::{insert_before, publish, refused, review, standard};
use ordain_app::admin::{AdminCommand, DelegationItem, UserItem};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{HandOverWhy, SignerAt};
use ordain_domain::order::Status;
use ordain_flow::run::Decision::{Approve, Reject};
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use uuid::Uuid;

const STEP: &str = "finance_review";

/// Five people of different departments answer for the finance step.
async fn five(vote: serde_json::Value) -> (World, Uuid) {
    let world = World::open().await;
    let people = ["fin1", "smgr1", "wh1", "cs1", "plan1"].map(|login| json!({ "user": login }));
    let settings = json!({ "assignee": people, "backup": null, "vote": vote, "auto_when_clear": false });
    world.change_step(STEP, settings).await;
    let id = world.place("sales1", order_of("PO-V", &[("P-1", "1", "12.50")])).await.order.id;
    (world, id)
}

#[tokio::test]
async fn a_ratio_vote_goes_on_after_the_first_refusal() {
    let (world, id) = five(json!({ "percent": 60 })).await;
    assert_eq!(world.holders(id, STEP).len(), 5);
    world.answer("fin1", id, STEP, Reject).await.unwrap();
    assert_eq!(world.status(id), Status::InReview);
    world.answer("smgr1", id, STEP, Approve).await.unwrap();
    world.answer("wh1", id, STEP, Reject).await.unwrap();
    world.answer("cs1", id, STEP, Approve).await.unwrap();
    let case = world.answer("plan1", id, STEP, Approve).await.unwrap();
    assert_eq!(case.order.status, Status::Confirmed, "three of five");
    let (again, second) = five(json!({ "percent": 60 })).await;
    for login in ["fin1", "smgr1", "wh1"] {
        again.answer(login, second, STEP, Reject).await.unwrap();
    }
    assert_eq!(again.status(second), Status::Rejected, "three of five cannot be reached any more");
    assert_eq!(again.holders(second, STEP).len(), 0, "nobody is asked in vain");
    world.end().await;
    again.end().await;
}

#[tokio::test]
async fn s056_one_after_the_other_in_the_order_of_the_flow_and_never_two_seats_for_one() {
    let (world, id) = five(json!("sequential")).await;
    for login in ["fin1", "smgr1", "wh1", "cs1", "plan1"] {
        assert_eq!(world.holders(id, STEP), [login]);
        world.answer(login, id, STEP, Approve).await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    let (all, id) = five(json!("all")).await;
    all.answer("fin1", id, STEP, Approve).await.unwrap();
    let other = all.task_of("wh1", id, STEP);
    let command = OrderCommand::Transfer { task: other, to: "fin1".into(), reason: "请代看".into() };
    let twice = all.command("wh1", Some(id), command).await;
    assert_eq!(refused(twice), Refusal::AlreadyAsked("fin1".into()), "one person, one answer");
    let command = OrderCommand::Transfer { task: other, to: "audit1".into(), reason: "请代看".into() };
    // The flow asks single people here: another department is no way around the vote.
    assert_eq!(refused(all.command("wh1", Some(id), command).await), Refusal::UnfitPerson("audit1".into()));
    let decide =
        OrderCommand::Decide { task: other, decision: Approve, reason: None, accept: Default::default() };
    assert_eq!(refused(all.command("fin1", Some(id), decide).await), Refusal::NotYourTask);
    assert_eq!(all.status(id), Status::InReview);
    world.end().await;
    all.command("sales1", Some(id), OrderCommand::Cancel { reason: "测试".into(), code: None })
        .await
        .unwrap();
    all.end().await;
}

#[tokio::test]
async fn s056_hand_overs_are_counted_and_a_task_has_one_holder_at_any_time() {
    let world = World::open().await;
    world.put(AdminCommand::PutUsers(vec![clerk("fin2"), clerk("fin3")])).await;
    world.change_step(STEP, json!({ "assignee": { "user": "fin1" }, "auto_when_clear": false })).await;
    let id = world.place("sales1", order_of("PO-H", &[("P-1", "1", "12.50")])).await.order.id;
    let transfer = |task, to: &str, reason: &str| OrderCommand::Transfer {
        task,
        to: to.to_owned(),
        reason: reason.to_owned(),
    };
    let task = world.task_of("fin1", id, STEP);
    let blank = world.command("fin1", Some(id), transfer(task, "fin2", "  ")).await;
    assert_eq!(refused(blank), Refusal::ReasonRequired);
    world.command("fin1", Some(id), transfer(task, "fin2", "我在盘点")).await.unwrap();
    assert_eq!(world.holders(id, STEP), ["fin2"]);
    assert_eq!(
        refused(world.command("fin1", Some(id), transfer(task, "fin3", "再转")).await),
        Refusal::NotYourTask
    );
    world.command("fin2", Some(id), transfer(task, "fin3", "开会")).await.unwrap();
    assert!(world.notices("fin3", id).contains(&"task_handed_over".to_owned()));
    let case = world.case(id);
    let (_, kept) = case.task(task).unwrap();
    assert_eq!(kept.hand_overs.len(), 2, "who had it before stands in the record");
    assert_eq!(kept.hand_overs[0].why, HandOverWhy::Transferred);
    world.answer("fin3", id, STEP, Approve).await.unwrap();
    let late = OrderCommand::Decide { task, decision: Approve, reason: None, accept: Default::default() };
    match refused(world.command("fin1", Some(id), late).await) {
        Refusal::TaskClosed { by: Some(by), decision: Some(Approve), .. } => assert!(!by.is_empty()),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

fn clerk(login: &str) -> UserItem {
    UserItem {
        login: login.into(),
        name: Some(login.to_uppercase()),
        department: Some("finance".into()),
        roles: Some(vec!["finance".into()]),
        ..UserItem::default()
    }
}

#[tokio::test]
async fn the_next_in_turn_is_asked_once_a_seat_and_its_signers_have_answered() {
    let (world, id) = five(json!("sequential")).await;
    let sign =
        |login: &str, at, task| OrderCommand::AddSigner { task, login: login.into(), at, counts: true };
    let first = world.task_of("fin1", id, STEP);
    world.command("fin1", Some(id), sign("boss1", SignerAt::Before, first)).await.unwrap();
    world.answer("boss1", id, STEP, Approve).await.unwrap();
    assert_eq!(world.holders(id, STEP), ["fin1"], "whoever asked has not decided");
    world.command("fin1", Some(id), sign("sales1", SignerAt::Parallel, first)).await.unwrap();
    world.answer("fin1", id, STEP, Approve).await.unwrap();
    assert_eq!(world.holders(id, STEP), ["sales1"], "its signer is asked still");
    let task = world.task_of("sales1", id, STEP);
    world.command("fin1", Some(id), OrderCommand::RemoveSigner { task }).await.unwrap();
    for login in ["smgr1", "wh1", "cs1", "plan1"] {
        assert_eq!(world.holders(id, STEP), [login]);
        world.answer(login, id, STEP, Approve).await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn a_signer_is_taken_away_with_those_whom_they_had_asked() {
    let (world, id) = five(json!({ "percent": 60 })).await;
    let sign =
        |login: &str, at, task| OrderCommand::AddSigner { task, login: login.into(), at, counts: false };
    let first = world.task_of("fin1", id, STEP);
    world.command("fin1", Some(id), sign("boss1", SignerAt::Before, first)).await.unwrap();
    let second = world.task_of("boss1", id, STEP);
    world.command("boss1", Some(id), sign("sales1", SignerAt::Before, second)).await.unwrap();
    world.command("boss1", Some(id), sign("ops1", SignerAt::After, second)).await.unwrap();
    let of_second = world.task_of("sales1", id, STEP);
    let by_other = world.command("wh1", Some(id), OrderCommand::RemoveSigner { task: of_second }).await;
    assert_eq!(refused(by_other), Refusal::NotYourSigner);
    world.command("fin1", Some(id), OrderCommand::RemoveSigner { task: second }).await.unwrap();
    let mut holders = world.holders(id, STEP);
    holders.sort();
    assert_eq!(holders, ["cs1", "fin1", "ops1", "plan1", "smgr1", "wh1"], "who was to come after is asked");
    let after = world.task_of("ops1", id, STEP);
    world.command("fin1", Some(id), OrderCommand::RemoveSigner { task: after }).await.unwrap();
    for login in ["fin1", "smgr1", "wh1"] {
        world.answer(login, id, STEP, Approve).await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed, "nobody is waited for who was taken away");
    world.end().await;
}

#[tokio::test]
async fn no_decision_is_made_while_a_signer_who_was_added_before_is_pending() {
    let world = World::open().await;
    world.change_step(STEP, json!({ "auto_when_clear": false })).await;
    let id = world.place("sales1", order_of("PO-S", &[("P-1", "1", "12.50")])).await.order.id;
    let task = world.task(id, STEP);
    let sign = |at, counts| OrderCommand::AddSigner { task, login: "boss1".into(), at, counts };
    world.command("fin1", Some(id), sign(SignerAt::Before, false)).await.unwrap();
    assert_eq!(refused(world.approve("fin1", id, STEP).await), Refusal::SignersPending);
    let again = world.command("fin1", Some(id), sign(SignerAt::After, false)).await;
    assert_eq!(refused(again), Refusal::AlreadyAsked("boss1".into()));
    world.answer("boss1", id, STEP, Approve).await.unwrap();
    assert_eq!(world.status(id), Status::InReview, "who added a signer still decides");
    world.approve("fin1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);

    let second = world.place("sales1", order_of("PO-S2", &[("P-1", "1", "12.50")])).await.order.id;
    let task = world.task(second, STEP);
    let after = OrderCommand::AddSigner { task, login: "boss1".into(), at: SignerAt::After, counts: false };
    world.command("fin1", Some(second), after).await.unwrap();
    world.approve("fin1", second, STEP).await.unwrap();
    assert_eq!(world.holders(second, STEP), ["boss1"], "asked once the first has approved");
    world.answer("boss1", second, STEP, Reject).await.unwrap();
    assert_eq!(
        world.status(second),
        Status::Rejected,
        "a refusal of somebody who is only heard is a refusal"
    );
    world.end().await;
}

#[tokio::test]
async fn s087_urging_is_counted_and_pauses() {
    let world = World::open().await;
    world.change_step(STEP, json!({ "auto_when_clear": false })).await;
    let id = world.place("sales1", order_of("PO-U", &[("P-1", "1", "12.50")])).await.order.id;
    let urge = OrderCommand::Urge { task: world.task(id, STEP) };
    world.command("sales1", Some(id), urge.clone()).await.unwrap();
    assert!(matches!(
        refused(world.command("cs1", Some(id), urge.clone()).await),
        Refusal::UrgedLately { .. }
    ));
    world.pass_to(0, 10, 45).await;
    world.command("cs1", Some(id), urge).await.unwrap();
    let case = world.case(id);
    assert_eq!(case.open_tasks().next().unwrap().1.urged_ms.len(), 2);
    world.approve("fin1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn nobody_decides_whom_the_four_eyes_rule_excludes() {
    let world = World::open().await;
    let settings = json!({ "auto_when_clear": false, "exclude": ["initiator"], "backup": null });
    world.change_step("sales_review", settings).await;
    let id = world.place("sales1", order_of("PO-4", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(refused(world.approve("sales1", id, "sales_review").await), Refusal::FourEyes);
    world.approve("smgr1", id, "sales_review").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s061_s062_a_stand_in_does_the_work_of_somebody_who_is_away() {
    let world = World::open().await;
    world.put(AdminCommand::PutUsers(vec![clerk("fin2")])).await;
    world.change_step(STEP, json!({ "assignee": { "user": "fin1" }, "auto_when_clear": false })).await;
    let away = DelegationItem {
        from: "fin1".into(),
        to: "fin2".into(),
        starts_at: None,
        ends_at: Some("2026-11-30".into()),
        flow: None,
        amount_up_to: None,
        include_open: false,
    };
    world.put(AdminCommand::Delegate(away)).await;
    let id = world.place("sales1", order_of("PO-D", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(id, STEP), ["fin2"]);
    let case = world.case(id);
    let (_, task) = case.open_tasks().next().unwrap();
    assert_eq!((task.hand_overs[0].why, task.hand_overs[0].from.key()), (HandOverWhy::Delegated, "fin1"));
    world.answer("fin2", id, STEP, Approve).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s061_a_stand_in_who_has_a_seat_already_is_not_given_another() {
    let world = World::open().await;
    world.put(AdminCommand::PutUsers(vec![clerk("fin2")])).await;
    let both = json!([{ "user": "fin1" }, { "user": "fin2" }]);
    let away = DelegationItem {
        from: "fin1".into(),
        to: "fin2".into(),
        starts_at: None,
        ends_at: Some("2026-11-30".into()),
        flow: None,
        amount_up_to: None,
        include_open: false,
    };
    world.put(AdminCommand::Delegate(away)).await;
    for (backup, holder) in
        [(json!({ "user": "smgr1" }), "smgr1"), (json!({ "user": "fin2" }), "process_admin")]
    {
        let settings = json!({ "assignee": both, "vote": "all", "auto_when_clear": false, "backup": backup });
        world.change_step(STEP, settings).await;
        let id = world.place("sales1", order_of(holder, &[("P-1", "1", "12.50")])).await.order.id;
        assert_eq!(world.holders(id, STEP), [holder, "fin2"], "whoever speaks twice has one voice");
        let alone = usize::from(holder == "process_admin");
        assert_eq!(
            world.case(id).open_exceptions().count(),
            alone,
            "that nobody is left is somebody's to see"
        );
        world.answer("fin2", id, STEP, Approve).await.unwrap();
        let last = if alone == 1 { "ops1" } else { holder };
        world.approve(last, id, STEP).await.unwrap();
        assert_eq!(world.status(id), Status::Confirmed);
    }
    let either =
        json!({ "assignee": both, "vote": "any", "auto_when_clear": false, "backup": { "user": "smgr1" } });
    world.change_step(STEP, either).await;
    let id = world.place("sales1", order_of("PO-ANY", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(
        world.holders(id, STEP),
        ["fin2", "fin2"],
        "one answer is enough, whose task it is does not matter"
    );
    world.end().await;
}

#[tokio::test]
async fn s056_whoever_holds_the_step_before_chooses_who_is_next() {
    let world = World::open().await;
    let choose = |login: &str| OrderCommand::ChoosePeople {
        people: [("warehouse_review".to_owned(), vec![login.to_owned()])].into(),
    };
    let mut doc = standard();
    let before = json!({ "assignee": { "department": "finance" } });
    insert_before(&mut doc, "departments", review("first", "finance", before));
    let kind = &mut doc["steps"][3]["kind"]["lanes"][2]["steps"][0]["kind"];
    kind["assignee"] = json!([{ "chosen_by_previous": { "department": "warehouse" } }]);
    kind["auto_when_clear"] = json!(false);
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-C", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.open_steps(id), ["first"]);
    let by = async |login: &str, chosen: &str| world.command(login, Some(id), choose(chosen)).await;
    assert_eq!(refused(by("plan1", "wh1").await), Refusal::NotYourTask);
    assert_eq!(refused(by("fin1", "plan1").await), Refusal::UnfitPerson("plan1".to_owned()));
    by("fin1", "wh1").await.unwrap();
    world.approve("fin1", id, "first").await.unwrap();
    assert_eq!(world.holders(id, "warehouse_review"), ["wh1"]);
    world.approve("wh1", id, "warehouse_review").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn work_is_dealt_out_in_turn_and_to_whoever_has_the_least() {
    let world = World::open().await;
    world.put(AdminCommand::PutUsers(vec![clerk("fin2"), clerk("fin3")])).await;
    let deal = |vote: &str| json!({ "auto_when_clear": false, "vote": vote, "backup": null });
    world.change_step(STEP, deal("round_robin")).await;
    let mut turns = Vec::new();
    for n in 0..4 {
        let id =
            world.place("sales1", order_of(&format!("PO-R{n}"), &[("P-1", "1", "12.50")])).await.order.id;
        turns.extend(world.holders(id, STEP));
        if n < 2 {
            world.answer(&turns[n], id, STEP, Approve).await.unwrap();
        }
    }
    assert_eq!(turns, ["fin1", "fin2", "fin3", "fin1"]);
    world.change_step(STEP, deal("least_loaded")).await;
    let id = world.place("sales1", order_of("PO-L", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(id, STEP), ["fin2"], "the others have one each");
    for order in
        world.tasks_of("fin1").into_iter().chain(world.tasks_of("fin2")).chain(world.tasks_of("fin3"))
    {
        let id = Uuid::from_bytes(order.order_id);
        world
            .command("sales1", Some(id), OrderCommand::Cancel { reason: "测试".into(), code: None })
            .await
            .unwrap();
    }
    world.end().await;
}

#[tokio::test]
async fn s010_a_vote_that_is_open_again_asks_those_who_were_not_needed_any_more() {
    let world = World::open().await;
    let people = ["fin1", "wh1", "plan1"].map(|login| json!({ "user": login }));
    let settings =
        json!({ "assignee": people, "backup": null, "vote": { "count": 2 }, "auto_when_clear": false });
    world.change_step(STEP, settings).await;
    let id = world.place("sales1", order_of("PO-V", &[("M-1", "120", "500.00")])).await.order.id;
    let task = world.task_of("wh1", id, STEP);
    for login in ["fin1", "wh1"] {
        world.answer(login, id, STEP, Approve).await.unwrap();
    }
    assert_eq!(world.open_steps(id), ["manager_approval"], "two of three");
    world.command("wh1", Some(id), OrderCommand::Withdraw { task }).await.unwrap();
    assert_eq!(world.open_steps(id), [STEP, STEP], "the third is asked again");
    world.answer("wh1", id, STEP, Reject).await.unwrap();
    world.answer("plan1", id, STEP, Approve).await.unwrap();
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}
