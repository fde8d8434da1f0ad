//! A large order, or one on special terms, is never confirmed past its approval, whatever somebody tries.

use crate::{insert_before, intervene, publish, refused, review, standard};
use ordain_app::case::HandOverWhy;
use ordain_app::case::SignerAt;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_domain::order::{Content, Status};
use ordain_flow::doc::{Outcome, Party};
use ordain_flow::run::Decision::Approve;
use ordain_flow::run::StepRefusal;
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

const STEP: &str = "manager_approval";

async fn large(world: &World, po: &str) -> Uuid {
    let id = world.place("sales1", order_of(po, &[("M-1", "120", "500.00")])).await.order.id;
    assert_eq!(world.open_steps(id), [STEP]);
    id
}

#[tokio::test]
async fn s064_s072_no_act_by_hand_leads_past_the_approval() {
    let world = World::open().await;
    let id = large(&world, "PO-G1").await;
    let guarded = Refusal::Flow(StepRefusal::Guarded { node: STEP.into() });
    assert_eq!(
        refused(intervene(&world, id, Intervention::Skip { node: STEP.into(), visit: None }).await),
        guarded
    );
    let to_end = Intervention::Jump { to: "confirmed".into() };
    assert!(matches!(refused(intervene(&world, id, to_end).await), Refusal::Flow(_)));
    for target in ["tell_customer", "large_or_special", "departments", "auto_check"] {
        let _ = intervene(&world, id, Intervention::Jump { to: target.into() }).await;
        assert_eq!(
            (world.status(id), world.open_steps(id)),
            (Status::InReview, vec![STEP.into()]),
            "{target}"
        );
    }
    intervene(&world, id, Intervention::TakeOver).await.unwrap();
    intervene(&world, id, Intervention::PutBack).await.unwrap();
    assert_eq!(world.open_steps(id), [STEP]);
    intervene(&world, id, Intervention::End { outcome: Outcome::Rejected }).await.unwrap();
    assert_eq!(world.status(id), Status::Rejected);
    intervene(&world, id, Intervention::Revive).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec![STEP.into()]));
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    intervene(&world, id, Intervention::Revive).await.unwrap_err();
    world.end().await;
}

#[tokio::test]
async fn s064_a_jump_from_a_department_does_not_lead_past_the_approval() {
    let world = World::open().await;
    world.change_step("finance_review", json!({ "auto_when_clear": false })).await;
    let id = world.place("sales1", order_of("PO-G2", &[("M-1", "120", "500.00")])).await.order.id;
    assert_eq!(world.open_steps(id), ["finance_review"]);
    intervene(&world, id, Intervention::Jump { to: "tell_customer".into() }).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec![STEP.into()]));
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s064_the_approval_is_not_given_away_to_somebody_it_is_not_meant_for() {
    let world = World::open().await;
    let id = large(&world, "PO-G3").await;
    let task = world.task(id, STEP);
    let transfer = OrderCommand::Transfer { task, to: "sales1".into(), reason: "请代批".into() };
    assert_eq!(
        refused(world.command("smgr1", Some(id), transfer).await),
        Refusal::UnfitPerson("sales1".into())
    );
    let to = Party::User("sales1".into());
    let reassign =
        OrderCommand::Reassign { task, to, why: HandOverWhy::Reassigned, reason: "请代批".into() };
    assert_eq!(
        refused(world.command("ops1", Some(id), reassign).await),
        Refusal::UnfitPerson("sales1".into())
    );
    let batch = OrderCommand::DecideInBatch { task, decision: Approve, reason: None };
    assert_eq!(refused(world.command("sales1", Some(id), batch).await), Refusal::NotYourTask);
    // Whoever is heard beside the manager does not stand in for them.
    let heard = |login: &str| OrderCommand::AddSigner {
        task,
        login: login.into(),
        at: SignerAt::Parallel,
        counts: false,
    };
    world.command("smgr1", Some(id), heard("sales1")).await.unwrap();
    world.answer("sales1", id, STEP, Approve).await.unwrap();
    assert_eq!((world.status(id), world.holders(id, STEP)), (Status::InReview, vec!["sales_manager".into()]));
    world
        .command(
            "smgr1",
            Some(id),
            OrderCommand::Decide { task, decision: Approve, reason: None, accept: BTreeMap::new() },
        )
        .await
        .unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s064_a_signer_who_counts_is_one_of_those_the_step_may_be_given_to() {
    let world = World::open().await;
    world.change_step(STEP, json!({ "vote": { "count": 1 } })).await;
    let id = world.place("sales1", order_of("PO-G4", &[("M-1", "120", "500.00")])).await.order.id;
    let task = world.task(id, STEP);
    let add = |login: &str, counts| OrderCommand::AddSigner {
        task,
        login: login.into(),
        at: SignerAt::Parallel,
        counts,
    };
    // One vote is enough here, so it must not be that of somebody who was never meant to approve.
    assert_eq!(
        refused(world.command("smgr1", Some(id), add("sales1", true)).await),
        Refusal::UnfitPerson("sales1".into())
    );
    world.command("smgr1", Some(id), add("boss1", true)).await.unwrap();
    world.answer("boss1", id, STEP, Approve).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed, "the management is the step's backup");
    world.end().await;
}

#[tokio::test]
async fn s064_s072_special_terms_set_aside_by_hand_still_need_the_approval() {
    let world = World::open().await;
    let content =
        Content { payment_terms: Some("NET60".into()), ..order_of("PO-G5", &[("P-1", "2", "12.50")]) };
    let id = world.place("sales1", content).await.order.id;
    let open: Vec<String> = world.case(id).order.open_findings().map(|finding| finding.id()).collect();
    assert_eq!(world.open_steps(id), ["sales_review"]);
    for finding in open {
        intervene(&world, id, Intervention::Override { finding }).await.unwrap();
    }
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec![STEP.into()]));
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

/// The standard flow with a step of the warehouse behind the approval that may write quantities.
async fn with_late_writer(world: &World) {
    let mut doc = standard();
    let settings = json!({ "fields": { "lines.quantity": "edit" }, "looks_at": ["lines"] });
    insert_before(&mut doc, "tell_customer", review("packing", "warehouse", settings));
    publish(world, &doc).await;
}

#[tokio::test]
async fn s064_s072_an_order_written_large_after_the_branch_is_approved_after_all() {
    let world = World::open().await;
    with_late_writer(&world).await;
    let id = world.place("sales1", order_of("PO-G6", &[("M-1", "90", "500.00")])).await.order.id;
    assert_eq!(world.open_steps(id), ["packing"], "45,000 need no approval");
    let write = |task, quantity: &str| OrderCommand::WriteFields {
        task,
        values: BTreeMap::from([("lines[0].quantity".to_owned(), json!(quantity))]),
    };
    let case = world.command("wh1", Some(id), write(world.task(id, "packing"), "150")).await.unwrap();
    assert_eq!(case.order.checked.totals.as_ref().unwrap().gross, 7_500_000);
    world.approve("wh1", id, "packing").await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec![STEP.into()]));
    world.approve("smgr1", id, STEP).await.unwrap();
    assert_eq!(world.open_steps(id), ["packing"], "what stands behind the approval follows it");
    assert_eq!(
        refused(world.command("wh1", Some(id), write(world.task(id, "packing"), "190")).await),
        Refusal::FieldGuarded { path: "lines[0].quantity".into(), node: STEP.into() }
    );
    world.approve("wh1", id, "packing").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn a_step_writes_what_another_has_approved_where_its_settings_open_it() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "tell_customer",
        review("first", "sales", json!({ "fields": { "extra.note": "edit" } })),
    );
    let settings = json!({ "fields": { "extra.note": "edit" } });
    insert_before(&mut doc, "tell_customer", review("shut", "warehouse", settings.clone()));
    let mut settings = settings;
    settings["returns"] = json!({ "guards": { "first": [], "shut": [] } });
    insert_before(&mut doc, "tell_customer", review("open", "warehouse", settings));
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-G7", &[("M-1", "1", "500.00")])).await.order.id;
    world.approve("sales1", id, "first").await.unwrap();
    let write = |node| OrderCommand::WriteFields {
        task: world.task(id, node),
        values: BTreeMap::from([("extra.note".to_owned(), json!("fragile"))]),
    };
    assert_eq!(
        refused(world.command("wh1", Some(id), write("shut")).await),
        Refusal::FieldGuarded { path: "extra.note".into(), node: "first".into() }
    );
    world.approve("wh1", id, "shut").await.unwrap();
    let case = world.command("wh1", Some(id), write("open")).await.unwrap();
    assert_eq!(case.order.content.extra["note"], "fragile");
    world.approve("wh1", id, "open").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s064_a_return_and_a_withdrawal_ask_the_approval_again() {
    let world = World::open().await;
    with_late_writer(&world).await;
    let id = large(&world, "PO-G7").await;
    let task = world.task(id, STEP);
    world.approve("smgr1", id, STEP).await.unwrap();
    world.command("smgr1", Some(id), OrderCommand::Withdraw { task }).await.unwrap();
    assert_eq!((world.open_steps(id), world.task(id, STEP)), (vec![STEP.into()], task));
    world.approve("smgr1", id, STEP).await.unwrap();
    world.send_back("wh1", id, "packing", "数量不对").await;
    assert_eq!(world.status(id), Status::Incomplete);
    world.edit("sales1", id, order_of("PO-G7", &[("M-1", "110", "500.00")])).await.unwrap();
    assert_eq!(world.open_steps(id), [STEP], "what was approved is not what is there now");
    world.end().await;
}
