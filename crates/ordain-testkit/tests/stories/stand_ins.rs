//! Somebody acts in the place of somebody else: what goes to them, and what is on record about it.

use crate::{insert_before, publish, refused, review, standard};
use ordain_app::admin::{AdminCommand, DelegationItem, recheck_open_tasks};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{HandOverWhy, TaskState};
use ordain_domain::order::Status;
use ordain_flow::doc::Party;
use ordain_flow::run::CloseReason;
use ordain_flow::run::Decision::Approve;
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

const STEP: &str = "finance_review";

/// An order that finance is asked about, of which the work is one person's.
async fn held(settings: serde_json::Value) -> (World, Uuid) {
    let world = World::open().await;
    let mut with = json!({ "assignee": { "user": "fin1" }, "auto_when_clear": false });
    with.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.change_step(STEP, with).await;
    let id = placed(&world, "PO-1").await;
    (world, id)
}

async fn placed(world: &World, po: &str) -> Uuid {
    world.place("sales1", order_of(po, &[("P-1", "1", "12.50")])).await.order.id
}

async fn give(world: &World, to: &str, starts_at: Option<&str>, include_open: bool) {
    let (from, to) = ("fin1".to_owned(), to.to_owned());
    let (starts_at, ends_at) = (starts_at.map(str::to_owned), Some("2026-11-30".to_owned()));
    let item = DelegationItem { from, to, starts_at, ends_at, include_open, flow: None, amount_up_to: None };
    world.put(AdminCommand::Delegate(item)).await;
    recheck_open_tasks(&world.app, world.org).await.unwrap();
}

/// In whose place the task of the step was decided.
fn decided_for(world: &World, id: Uuid) -> Option<Party> {
    world.case(id).tasks.values().find_map(|task| match &task.state {
        TaskState::Done { on_behalf, .. } if task.node == STEP => on_behalf.clone(),
        _ => None,
    })
}

fn user(login: &str) -> Party {
    Party::User(login.to_owned())
}

#[tokio::test]
async fn s061_what_is_open_goes_along_only_where_the_delegation_says_so() {
    for (include_open, holder) in [(false, "fin1"), (true, "smgr1")] {
        let (world, id) = held(json!({})).await;
        give(&world, "smgr1", None, include_open).await;
        assert_eq!(world.holders(id, STEP), [holder]);
        let next = placed(&world, "PO-2").await;
        assert_eq!(world.holders(next, STEP), ["smgr1"], "what comes goes there in any case");
        for order in [id, next] {
            world.approve("smgr1", order, STEP).await.unwrap();
            assert_eq!(decided_for(&world, order), Some(user("fin1")));
        }
        world.end().await;
    }
}

#[tokio::test]
async fn s061_what_is_open_goes_along_when_the_delegation_begins() {
    let (world, id) = held(json!({})).await;
    give(&world, "smgr1", Some("2026-11-24"), true).await;
    assert_eq!(world.holders(id, STEP), ["fin1"], "still there");
    world.pass_to(1, 9, 0).await;
    assert_eq!(world.holders(id, STEP), ["smgr1"]);
    let case = world.case(id);
    assert_eq!(case.open_tasks().next().unwrap().1.hand_overs[0].why, HandOverWhy::Delegated);
    world.approve("smgr1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s061_a_decision_says_in_whose_place_it_was_made() {
    let (world, id) = held(json!({ "backup": { "user": "smgr1" } })).await;
    world.approve("fin1", id, STEP).await.unwrap();
    assert_eq!(decided_for(&world, id), None, "one's own work");
    let id = placed(&world, "PO-2").await;
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(decided_for(&world, id), Some(user("fin1")), "as the backup");
    world.change_step(STEP, json!({ "auto_when_clear": false, "backup": null })).await;
    let id = placed(&world, "PO-3").await;
    world.approve("fin1", id, STEP).await.unwrap();
    assert_eq!(decided_for(&world, id), None, "for one's own department");
    world.end().await;
}

#[tokio::test]
async fn s101_a_task_that_is_over_says_by_whose_act() {
    let world = World::open().await;
    let either = json!([{ "user": "fin1" }, { "user": "smgr1" }]);
    let settings =
        json!({ "assignee": either, "vote": "any", "auto_when_clear": false, "withdraw": "until_next" });
    let mut doc = standard();
    insert_before(&mut doc, "departments", review("look", "service", settings));
    let own = json!({ "assignee": { "user": "wh1" }, "auto_when_clear": false });
    insert_before(&mut doc, "departments", review("count", "warehouse", own));
    publish(&world, &doc).await;
    let id = placed(&world, "PO-1").await;
    let (first, other) = (world.task_of("fin1", id, "look"), world.task_of("smgr1", id, "look"));
    world.answer("fin1", id, "look", Approve).await.unwrap();
    let decide = |task: Uuid| OrderCommand::Claim { task };
    let told = |refusal: Refusal| match refusal {
        Refusal::TaskClosed { by, decision, reason, .. } => (by, decision, reason),
        other => panic!("{other:?}"),
    };
    let by = |login: &str| Some(world.user(login).name);
    let answered = told(refused(world.command("smgr1", Some(id), decide(other)).await));
    assert_eq!(answered, (by("fin1"), None, None), "others have decided");
    let counted = world.task_of("wh1", id, "count");
    world.command("fin1", Some(id), OrderCommand::Withdraw { task: first }).await.unwrap();
    let taken_back = told(refused(world.command("wh1", Some(id), decide(counted)).await));
    assert_eq!(taken_back, (by("fin1"), None, Some(CloseReason::Withdrawn)));
    world.answer("smgr1", id, "look", Approve).await.unwrap();
    world.approve("wh1", id, "count").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s072_what_somebody_takes_from_a_pool_of_several_sources_is_theirs_alone() {
    let pool = json!([{ "department": "finance" }, { "role": "planning" }]);
    for (vote, kept) in [("claim", true), ("any", false)] {
        let (world, id) = held(json!({ "assignee": pool, "vote": vote, "backup": null })).await;
        let case = world.case(id);
        let of = |pool: &str| case.open_tasks().find(|(_, task)| task.holder.key() == pool).unwrap().1.id;
        let (finance, planning) = (of("finance"), of("planning"));
        world.command("fin1", Some(id), OrderCommand::Claim { task: finance }).await.unwrap();
        let other = world.command("plan1", Some(id), OrderCommand::Claim { task: planning }).await;
        assert_eq!(other.is_err(), kept, "{vote}");
        if kept {
            assert_eq!(refused(other), Refusal::ClaimedByOther);
        }
        let (task, accept) = (finance, BTreeMap::new());
        let decide = OrderCommand::Decide { task, decision: Approve, reason: None, accept };
        world.command("fin1", Some(id), decide).await.unwrap();
        assert_eq!(world.status(id), Status::Confirmed);
        world.end().await;
    }
}
