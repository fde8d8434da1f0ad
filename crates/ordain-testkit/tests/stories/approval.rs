//! The manager's approval holds against edits, returns and resubmissions.

use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::Status;
use ordain_testkit::world::{World, order_of};
use std::collections::BTreeMap;

const PRICE: &str = "price_differs:lines[0].unit_price";

#[tokio::test]
async fn s064_approval_cannot_be_evaded_by_edit_or_resubmission() {
    let world = World::open().await;
    let small = order_of("PO-64", &[("M-1", "10", "480.00")]);
    let id = world.place("sales1", small).await.order.id;
    world.send_back("fin1", id, "finance_review", "价格不对").await;
    assert_eq!(world.status(id), Status::Incomplete);
    let large = order_of("PO-64", &[("M-1", "120", "500.00")]);
    let edited = world.edit("sales1", id, large.clone()).await.unwrap();
    assert_eq!((edited.order.status, edited.order.revision), (Status::InReview, 2));
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    // Sent back and handed in again as it was: asked again.
    world.send_back("smgr1", id, "manager_approval", "毛利太低").await;
    let again = world.edit("sales1", id, large).await.unwrap();
    assert_eq!((again.order.status, again.order.revision), (Status::InReview, 2), "nothing was changed");
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    let after = world.edit("sales1", id, order_of("PO-64", &[("M-1", "150", "500.00")])).await.unwrap_err();
    assert_eq!(after, GateError::Refused(Refusal::WrongStatus(Status::Confirmed)));
    world.end().await;
}

#[tokio::test]
async fn s064_an_edit_after_an_approval_is_a_new_revision_and_reviewed_again() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-65", &[("M-1", "120", "480.00")])).await.order.id;
    world.accept("fin1", id, "finance_review", &[(PRICE, "框架协议价")]).await.unwrap();
    world.send_back("smgr1", id, "manager_approval", "分两批").await;
    // Below the threshold, at a price that finance has not seen.
    let edited = world.edit("sales1", id, order_of("PO-65", &[("M-1", "60", "450.00")])).await.unwrap();
    assert_eq!((edited.order.revision, world.open_steps(id)), (2, vec!["finance_review".into()]));
    world.accept("fin1", id, "finance_review", &[(PRICE, "再批一次")]).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(world.case(id).reviewed_revision, 2, "what was confirmed is what was reviewed");
    world.end().await;
}

#[tokio::test]
async fn s064_a_draft_grown_large_is_approved_before_it_is_confirmed() {
    let world = World::open().await;
    let draft = order_of("PO-66", &[("M-1", "10", "500.00")]);
    let id = world.receive("sales1", "manual", None, draft, false).await.order.id;
    assert_eq!(world.status(id), Status::Draft);
    let command = OrderCommand::Edit {
        content: Box::new(order_of("PO-66", &[("M-1", "100", "500.00")])),
        submit: false,
        reasons: BTreeMap::new(),
    };
    world.command("sales1", Some(id), command).await.unwrap();
    world.command("sales1", Some(id), OrderCommand::Submit { reasons: BTreeMap::new() }).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["manager_approval".into()]));
    world.end().await;
}

#[tokio::test]
async fn s064_s072_the_threshold_is_exact() {
    let world = World::open().await;
    let at = world.place("sales1", order_of("PO-67", &[("M-1", "100", "500.00")])).await.order.id;
    assert_eq!(world.open_steps(at), ["manager_approval"], "50,000.00");
    let below = world.place("sales1", order_of("PO-68", &[("M-1", "100", "499.9999")])).await;
    assert_eq!(below.order.checked.totals.unwrap().gross, 4_999_999);
    assert_eq!(below.order.status, Status::Confirmed, "49,999.99");
    // Taken apart into lines it is as large as before.
    let lines = [("P-1", "100", "12.50"), ("P-2", "160", "12.50"), ("P-3", "200", "12.50")];
    let lines: Vec<_> = lines.into_iter().chain([("P-4", "200", "233.75")]).collect();
    let many = world.place("sales1", order_of("PO-69", &lines)).await.order.id;
    assert_eq!(world.case(many).order.checked.totals.unwrap().gross, 5_250_000);
    world
        .accept("fin1", many, "finance_review", &[("price_differs:lines[3].unit_price", "加急")])
        .await
        .unwrap();
    assert_eq!(world.open_steps(many), ["manager_approval"]);
    world.end().await;
}
