//! A change and the work around it: what is done stays done, what it has begun ends with it, and nobody lets it lie.

use crate::side_runs::{FULFILMENT, ONE, inside, issue_invoice, outcomes, placed, put_flow, write};
use crate::{insert_before, publish, review, standard, step, times};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::{ChangeAsked, OrderCommand};
use ordain_domain::order::{Content, Origin, Status};
use ordain_flow::doc::Outcome;
use ordain_flow::run::Decision;
use ordain_testkit::world::World;
use serde_json::json;
use std::collections::BTreeMap;

/// A wish for another version of an order, by somebody who may write orders.
fn wish(content: Content, direct: bool) -> OrderCommand {
    let (reason, origin) = ("customer called".to_owned(), Origin::Customer);
    OrderCommand::RequestChange(Box::new(ChangeAsked { content, reason, origin, direct }))
}

#[tokio::test]
async fn s085_a_change_does_not_begin_again_the_work_that_is_done() {
    let world = World::open().await;
    put_flow(&world, &serde_json::from_str(FULFILMENT).unwrap()).await.unwrap();
    let id = placed(&world, "PO-85", ONE).await;
    let (goods, invoice, delivery) =
        ("fulfilment/prepare_goods", "fulfilment/issue_invoice", "fulfilment/plan_delivery");
    let pick = async || {
        for point in [0, 1] {
            let tick = OrderCommand::Tick { task: world.task(id, goods), point };
            world.command("wh1", Some(id), tick).await.unwrap();
        }
        world.approve("wh1", id, goods).await.unwrap();
    };
    pick().await;
    issue_invoice(&world, id, None).await;
    world.approve("fin1", id, invoice).await.unwrap();
    write(&world, "plan1", id, delivery, "extra.carrier", "SF").await;
    world.approve("plan1", id, delivery).await.unwrap();
    // Nobody who has done his part looks at the purchase order number of the customer.
    let mut content = world.case(id).order.content.clone();
    content.customer_po = Some("PO-86".into());
    let case = world.command("sales1", Some(id), wish(content.clone(), true)).await.unwrap();
    assert_eq!((case.order.revision, case.side_runs.len(), case.open_tasks().count()), (2, 1, 0));
    // To another address goods are packed and sent anew; the invoice stands.
    content.ship_to.address = Some("Ningbo Road 2".into());
    let case = world.command("sales1", Some(id), wish(content, true)).await.unwrap();
    assert_eq!((case.order.revision, case.side_runs.len()), (3, 1), "the same work goes on");
    assert_eq!(world.open_steps(id), [goods, delivery]);
    pick().await;
    let done = world.approve("plan1", id, delivery).await.unwrap();
    assert_eq!((outcomes(&done), done.open_tasks().count()), (vec![Some(Outcome::Completed)], 0));
    world.end().await;
}

#[tokio::test]
async fn s010_what_a_change_has_begun_ends_with_a_change_that_is_not_made() {
    let world = World::open().await;
    put_flow(&world, &inside("packing", review("check", "warehouse", json!({})))).await.unwrap();
    let mut doc = standard();
    let dear = json!({ "row": { "field": "revision", "op": "gt", "value": { "number": "1" } } });
    let pack = step("pack", json!({ "type": "subflow", "flow": "packing", "detached": true }));
    let lanes = json!([
        { "id": "again", "name": { "zh": "再", "en": "again" }, "when": dear, "steps": [pack, review("look", "finance", json!({}))] },
        { "id": "rest", "name": { "zh": "其他", "en": "rest" }, "otherwise": true, "steps": [] },
    ]);
    insert_before(&mut doc, "tell_customer", step("which", json!({ "type": "exclusive", "lanes": lanes })));
    publish(&world, &doc).await;
    let id = placed(&world, "PO-1", ONE).await;
    let mut content = world.case(id).order.content.clone();
    content.ship_to.phone = Some("13911111111".into());
    let case = world.command("sales1", Some(id), wish(content, true)).await.unwrap();
    assert_eq!(
        (case.order.is_changing(), world.open_steps(id)),
        (true, vec!["look".into(), "packing/check".to_owned()])
    );
    let reject = OrderCommand::Decide {
        task: world.task(id, "look"),
        decision: Decision::Reject,
        reason: Some("not like this".into()),
        accept: BTreeMap::new(),
    };
    let case = world.command("fin1", Some(id), reject).await.unwrap();
    assert_eq!(
        (case.order.revision, case.order.status, case.open_tasks().count()),
        (1, Status::Confirmed, 0)
    );
    assert_eq!(outcomes(&case), [Some(Outcome::Cancelled)]);
    world.end().await;
}

#[tokio::test]
async fn s037_a_change_that_nobody_takes_up_is_due_and_becomes_somebodys_exception() {
    let world = World::open().await;
    let id = placed(&world, "PO-37", ONE).await;
    let mut content = world.case(id).order.content.clone();
    content.ship_to.phone = Some("13911111111".into());
    let asked = world.command("cs1", Some(id), wish(content, false)).await.unwrap();
    let before = times(&world.notices("sales1", id), "change_requested");
    // Four working hours from Monday at ten, lunch left out.
    world.pass_to(0, 14, 59).await;
    assert_eq!(world.case(id).open_exceptions().count(), 0);
    world.pass_to(0, 15, 1).await;
    let case = world.case(id);
    let open: Vec<_> = case.open_exceptions().collect();
    assert_eq!((open.len(), open[0].kind), (1, ExceptionKind::ChangeWaits));
    assert_eq!((open[0].owner.key(), open[0].evidence["change"].as_str()), ("process_admin", "1"));
    assert_eq!(times(&world.notices("sales1", id), "change_requested"), before + 1);
    // Not settled either, it goes to somebody above.
    world.pass_to(1, 11, 0).await;
    assert_eq!(world.case(id).open_exceptions().next().unwrap().owner.key(), "management");
    let take = OrderCommand::TakeChange { id: asked.order.changes[0].id };
    let case = world.command("sales1", Some(id), take).await.unwrap();
    assert_eq!((case.open_exceptions().count(), case.order.revision), (0, 2));
    world.end().await;
}
