//! Flows that run beside the main one: inside of its steps, and after the confirmation. None of them ever confirms.

use crate::{insert_before, publish, refused, review, standard, step, times};
use ordain_app::admin::AdminCommand;
use ordain_app::case::decide::{Fulfil, Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{Case, ExceptionKind};
use ordain_app::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_flow::doc::{Outcome, TaskAction};
use ordain_flow::run::Decision;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub const FULFILMENT: &str = include_str!("../../../../flows/fulfilment.json");
const SEQUENTIAL: &str = include_str!("../../../../flows/sequential.json");

pub async fn put_flow(world: &World, doc: &Value) -> Result<(), GateError> {
    let key = doc["key"].as_str().unwrap().to_owned();
    let command = AdminCommand::PublishFlow { key, doc: doc.to_string() };
    world.app.admin(world.org, Actor::system("test"), command).await.map(drop)
}

/// A flow that runs inside others, with one step of a department.
pub fn inside(key: &str, mut asked: Value) -> Value {
    asked["kind"].as_object_mut().unwrap().remove("guarded");
    let node = |id: &str, kind: Value| json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": kind });
    json!({ "key": key, "name": { "zh": key, "en": key }, "purpose": "subflow", "steps": [
        node("start", json!({ "type": "start" })), asked,
        node("end", json!({ "type": "end", "outcome": "completed" })),
    ] })
}

/// The standard flow with a step that runs another one inside.
async fn around(world: &World, settings: Value) {
    let mut doc = standard();
    let mut kind = json!({ "type": "subflow", "flow": "packing" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", step("pack", kind));
    publish(world, &doc).await;
}

pub async fn placed(world: &World, po: &str, lines: &[(&str, &str, &str)]) -> Uuid {
    world.place("sales1", order_of(po, lines)).await.order.id
}

pub fn outcomes(case: &Case) -> Vec<Option<Outcome>> {
    case.side_runs.iter().map(|side| side.run.outcome()).collect()
}

pub const ONE: &[(&str, &str, &str)] = &[("P-1", "2", "12.50")];
const TWO: &[(&str, &str, &str)] = &[("P-1", "2", "12.50"), ("P-2", "1", "12.50")];

/// Finance issues an invoice for a part, or for all that is left.
pub async fn issue_invoice(world: &World, id: Uuid, amount: Option<&str>) {
    let number = format!("F-{id}-{}", amount.unwrap_or("rest"));
    let act = Fulfil::Invoice { number: Some(number), amount: amount.and_then(decimal) };
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap();
}

pub async fn write(world: &World, login: &str, id: Uuid, node: &str, path: &str, value: &str) {
    let values = BTreeMap::from([(path.to_owned(), json!(value))]);
    let command = OrderCommand::WriteFields { task: world.task(id, node), values };
    world.command(login, Some(id), command).await.unwrap();
}

#[tokio::test]
async fn s085_confirmation_itself_gives_warehouse_finance_and_planning_their_work() {
    let world = World::open().await;
    put_flow(&world, &serde_json::from_str(FULFILMENT).unwrap()).await.unwrap();
    let id = placed(&world, "PO-85", ONE).await;
    let confirmed = world.case(id);
    assert_eq!(confirmed.order.status, Status::Confirmed, "in the same commit");
    let (goods, invoice, delivery) =
        ("fulfilment/prepare_goods", "fulfilment/issue_invoice", "fulfilment/plan_delivery");
    assert_eq!(world.open_steps(id), [goods, invoice, delivery]);
    for (node, department) in [(goods, "warehouse"), (invoice, "finance"), (delivery, "planning")] {
        assert_eq!(world.holders(id, node), [department]);
    }
    // The list of points and the number of the invoice are asked for, as the flow says.
    for point in [0, 1] {
        let tick = OrderCommand::Tick { task: world.task(id, goods), point };
        world.command("wh1", Some(id), tick).await.unwrap();
    }
    world.approve("wh1", id, goods).await.unwrap();
    let empty = refused(world.approve("fin1", id, invoice).await);
    assert_eq!(empty, Refusal::FieldsMissing(vec!["fulfilment.billed".into()]));
    // What was confirmed stays as it was confirmed.
    let values = BTreeMap::from([("invoice.title".to_owned(), json!("other"))]);
    let other = OrderCommand::WriteFields { task: world.task(id, invoice), values };
    assert!(matches!(refused(world.command("fin1", Some(id), other).await), Refusal::FieldsNotWritable(_)));
    let back = OrderCommand::Decide {
        task: world.task(id, invoice),
        decision: Decision::Return,
        reason: Some("x".into()),
        accept: BTreeMap::new(),
    };
    assert_eq!(refused(world.command("fin1", Some(id), back).await), Refusal::NotOffered(TaskAction::Return));
    issue_invoice(&world, id, Some("1.00")).await;
    let part = refused(world.approve("fin1", id, invoice).await);
    assert_eq!(part, empty, "a part of the order is not all of it");
    issue_invoice(&world, id, None).await;
    let billed = &world.approve("fin1", id, invoice).await.unwrap().order;
    assert_eq!(
        billed.fulfilment.billed_minor(),
        billed.total_minor(),
        "what the flow asks for is in the books"
    );
    write(&world, "plan1", id, delivery, "extra.carrier", "SF").await;
    let done = world.approve("plan1", id, delivery).await.unwrap();
    assert_eq!(outcomes(&done), [Some(Outcome::Completed)]);
    assert_eq!((done.order.status, done.open_tasks().count()), (Status::Confirmed, 0));
    assert_eq!(done.order.checked, confirmed.order.checked, "nothing of it was judged anew");
    assert_eq!(done.order.held, confirmed.order.held);
    assert_eq!(times(&world.notices("sales1", id), "copied"), 1);
    world.end().await;
}

#[tokio::test]
async fn s085_work_after_the_confirmation_has_deadlines_and_ends_with_a_cancelled_order() {
    let world = World::open().await;
    put_flow(&world, &serde_json::from_str(FULFILMENT).unwrap()).await.unwrap();
    let id = placed(&world, "PO-85", ONE).await;
    // Eight working hours from Monday at ten.
    world.pass_to(1, 10, 1).await;
    // Of its own work, and of that of planning, whose backup it is.
    assert_eq!(times(&world.notices("wh1", id), "task_overdue"), 2);
    let cancel = OrderCommand::Cancel { reason: "customer gave up".into(), code: None };
    let gone = world.command("sales1", Some(id), cancel).await.unwrap();
    assert_eq!((gone.order.status, gone.open_tasks().count()), (Status::Cancelled, 0));
    assert_eq!(outcomes(&gone), [Some(Outcome::Cancelled)]);
    world.end().await;
}

#[tokio::test]
async fn s085_a_step_waits_for_the_flow_inside_and_one_that_is_detached_does_not() {
    let world = World::open().await;
    put_flow(&world, &inside("packing", review("check", "warehouse", json!({})))).await.unwrap();
    around(&world, json!({})).await;
    let off = AdminCommand::DisableFlow { key: "packing".into(), reason: "not needed".into() };
    match world.app.admin(world.org, Actor::system("test"), off).await {
        Err(GateError::Invalid(faults)) => assert_eq!(faults[0].code, "flow_in_use"),
        other => panic!("a flow that another one runs is disabled: {other:?}"),
    }
    let id = placed(&world, "PO-1", ONE).await;
    assert_eq!(
        (world.status(id), world.open_steps(id)),
        (Status::InReview, vec!["packing/check".to_owned()])
    );
    // Running orders keep the version that they began with.
    put_flow(&world, &inside("packing", review("other", "finance", json!({})))).await.unwrap();
    let done = world.approve("wh1", id, "packing/check").await.unwrap();
    assert_eq!((done.order.status, outcomes(&done)), (Status::Confirmed, vec![Some(Outcome::Completed)]));

    around(&world, json!({ "detached": true })).await;
    let id = placed(&world, "PO-2", ONE).await;
    assert_eq!(
        (world.status(id), world.open_steps(id)),
        (Status::Confirmed, vec!["packing/other".to_owned()])
    );
    let cancel = OrderCommand::Cancel { reason: "gone".into(), code: None };
    assert_eq!(world.command("sales1", Some(id), cancel).await.unwrap().open_tasks().count(), 0);

    around(&world, json!({ "detached": true, "outlives_parent": true })).await;
    let id = placed(&world, "PO-3", ONE).await;
    let cancel = OrderCommand::Cancel { reason: "gone".into(), code: None };
    world.command("sales1", Some(id), cancel).await.unwrap();
    assert_eq!(world.open_steps(id), ["packing/other"], "it goes on although the order is given up");
    world.approve("fin1", id, "packing/other").await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s086_finance_warehouse_and_purchasing_follow_each_other_and_the_purchase_is_dispatched_by_itself() {
    let world = World::open().await;
    let mut doc: Value = serde_json::from_str(SEQUENTIAL).unwrap();
    doc["key"] = json!("standard");
    publish(&world, &doc).await;
    let plain = placed(&world, "PO-1", ONE).await;
    assert_eq!(world.open_steps(plain), ["finance_review"]);
    world.approve("fin1", plain, "finance_review").await.unwrap();
    assert_eq!(world.status(plain), Status::Confirmed, "nothing is short, so nobody buys anything");
    // Dearer than agreed and more than there is: finance first.
    let id = placed(&world, "PO-86", &[("P-1", "100000", "13.50")]).await;
    assert_eq!(world.open_steps(id), ["finance_review"]);
    let case = world.case(id);
    let open: Vec<String> = case.order.open_findings().map(|finding| finding.id()).collect();
    let reasons: Vec<(&str, &str)> =
        open.iter().filter(|id| !id.starts_with("stock")).map(|id| (id.as_str(), "agreed")).collect();
    world.accept("fin1", id, "finance_review", &reasons).await.unwrap();
    let mut steps = world.open_steps(id);
    steps.sort();
    assert_eq!(steps, ["purchase", "warehouse_review"]);
    assert_eq!(world.holders(id, "purchase"), ["planning"]);
    let empty = refused(world.approve("plan1", id, "purchase").await);
    assert_eq!(empty, Refusal::FieldsMissing(vec!["extra.purchase_no".into()]));
    write(&world, "plan1", id, "purchase", "extra.purchase_no", "PO-4711").await;
    world.approve("plan1", id, "purchase").await.unwrap();
    assert_eq!(world.status(id), Status::InReview, "the goods are not here yet");
    world.goods("P-1", "SH", "200000").await;
    let mut steps = world.open_steps(id);
    if !steps.is_empty() {
        steps.sort();
        assert_eq!(steps, ["warehouse_review"]);
        world.approve("wh1", id, "warehouse_review").await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn nothing_begins_beside_an_order_that_is_given_up_in_the_same_commit() {
    let world = World::open().await;
    put_flow(&world, &inside("packing", review("check", "warehouse", json!({})))).await.unwrap();
    let mut doc = standard();
    insert_before(
        &mut doc,
        "tell_customer",
        step("pack", json!({ "type": "subflow", "flow": "packing", "detached": true })),
    );
    let dear =
        json!({ "row": { "field": "amount", "op": "ge", "value": { "number": "20" }, "when_empty": false } });
    let over = step("over", json!({ "type": "end", "outcome": "rejected" }));
    let lanes = json!([
        { "id": "dear", "name": { "zh": "贵", "en": "dear" }, "when": dear, "steps": [over] },
        { "id": "rest", "name": { "zh": "其他", "en": "rest" }, "otherwise": true, "steps": [] },
    ]);
    insert_before(&mut doc, "tell_customer", step("which", json!({ "type": "exclusive", "lanes": lanes })));
    publish(&world, &doc).await;
    let id = placed(&world, "PO-1", ONE).await;
    let case = world.case(id);
    assert_eq!((case.order.status, case.side_runs.len()), (Status::Rejected, 0));
    world.end().await;
}

#[tokio::test]
async fn s085_one_run_for_each_line_or_warehouse_and_all_of_them_are_waited_for() {
    let world = World::open().await;
    put_flow(&world, &inside("packing", review("check", "warehouse", json!({})))).await.unwrap();
    around(&world, json!({ "per": "line" })).await;
    let id = placed(&world, "PO-1", TWO).await;
    assert_eq!(world.case(id).side_runs.len(), 2);
    let tasks: Vec<Uuid> = world.case(id).open_tasks().map(|(_, task)| task.id).collect();
    let decide = |task, decision| OrderCommand::Decide {
        task,
        decision,
        reason: Some("looked".into()),
        accept: BTreeMap::new(),
    };
    world.command("wh1", Some(id), decide(tasks[0], Decision::Approve)).await.unwrap();
    assert_eq!(world.status(id), Status::InReview, "the other line is still looked at");
    // One that fails is somebody's work, and nothing is confirmed by it.
    world.command("wh1", Some(id), decide(tasks[1], Decision::Reject)).await.unwrap();
    let case = world.case(id);
    assert_eq!(
        (case.order.status, outcomes(&case)),
        (Status::InReview, vec![Some(Outcome::Completed), Some(Outcome::Rejected)])
    );
    assert_eq!(case.open_exceptions().next().unwrap().kind, ExceptionKind::FlowFault);
    let again = OrderCommand::Intervene {
        act: Intervention::RunAgain { node: "pack".into(), visit: None },
        reason: "once more".into(),
    };
    world.command("ops1", Some(id), again).await.unwrap();
    assert_eq!(world.case(id).side_runs.len(), 4);
    let tasks: Vec<Uuid> = world.case(id).open_tasks().map(|(_, task)| task.id).collect();
    for task in tasks {
        world.command("wh1", Some(id), decide(task, Decision::Approve)).await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn a_flow_holds_only_what_fits_its_purpose_and_never_runs_inside_itself() {
    let world = World::open().await;
    let codes = |error: GateError| match error {
        GateError::Invalid(faults) => faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let plain = || inside("packing", review("check", "warehouse", json!({})));
    let end = |outcome: &str| json!({ "type": "end", "outcome": outcome });
    let mut confirms = plain();
    confirms["steps"][2]["kind"] = end("confirmed");
    assert!(codes(put_flow(&world, &confirms).await.unwrap_err()).contains(&"F-099".to_owned()));
    let mut reviews = plain();
    reviews["purpose"] = json!("fulfilment");
    assert_eq!(codes(put_flow(&world, &reviews).await.unwrap_err()), ["F-099"]);
    let mut completes = standard();
    let last = completes["steps"].as_array().unwrap().len() - 1;
    completes["steps"][last]["kind"] = end("completed");
    assert_eq!(codes(put_flow(&world, &completes).await.unwrap_err()), ["F-099"]);
    let mut other = standard();
    other["purpose"] = json!("subflow");
    assert!(codes(put_flow(&world, &other).await.unwrap_err()).contains(&"F-099".to_owned()));

    let mut unknown = standard();
    insert_before(
        &mut unknown,
        "tell_customer",
        step("pack", json!({ "type": "subflow", "flow": "packing" })),
    );
    assert_eq!(codes(put_flow(&world, &unknown).await.unwrap_err()), ["F-098"]);
    put_flow(&world, &plain()).await.unwrap();
    put_flow(&world, &unknown).await.unwrap();
    let with = |key: &str, flow: &str| {
        let mut doc = inside(key, review("check", "warehouse", json!({})));
        doc["steps"]
            .as_array_mut()
            .unwrap()
            .insert(1, step("deeper", json!({ "type": "subflow", "flow": flow })));
        doc
    };
    put_flow(&world, &with("boxes", "packing")).await.unwrap();
    assert_eq!(codes(put_flow(&world, &with("packing", "boxes")).await.unwrap_err()), ["F-093"]);
    world.end().await;
}
