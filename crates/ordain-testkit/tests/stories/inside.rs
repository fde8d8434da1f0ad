//! Steps of flows that run inside others: each by the rules of its own run, with the acts and ways that every step has.

use crate::side_runs::{inside, placed, put_flow};
use crate::{insert_before, intervene, publish, refused, review, standard, step};
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::case::side_run::run_of;
use ordain_app::case::{Case, ExceptionKind, choices};
use ordain_domain::order::Status;
use ordain_flow::run::Decision;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const ONE: &[(&str, &str, &str)] = &[("P-1", "2", "12.50")];
const CHECK: &str = "packing/check";

/// The task that is open in a run, with its stay.
fn open_in(case: &Case, run: u32) -> (Uuid, u32) {
    let (_, task) = case.open_tasks().find(|(_, task)| run_of(task.visit) == run).unwrap();
    (task.id, task.visit)
}

fn decide(task: Uuid, reason: Option<&str>) -> OrderCommand {
    let (decision, reason) = (Decision::Approve, reason.map(str::to_owned));
    OrderCommand::Decide { task, decision, reason, accept: BTreeMap::new() }
}

fn run_inside(settings: Value) -> Value {
    let mut kind = json!({ "type": "subflow", "flow": "packing" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    kind
}

/// An order with a run of the packing flow in each of two versions.
async fn in_two_versions(world: &World, first: Value, second: Value) -> Uuid {
    put_flow(world, &inside("packing", review("check", "warehouse", first))).await.unwrap();
    let mut doc = standard();
    insert_before(&mut doc, "tell_customer", step("early", run_inside(json!({ "detached": true }))));
    insert_before(&mut doc, "tell_customer", review("between", "finance", json!({})));
    insert_before(&mut doc, "tell_customer", step("late", run_inside(json!({}))));
    publish(world, &doc).await;
    let id = placed(world, "PO-1", ONE).await;
    put_flow(world, &inside("packing", review("check", "warehouse", second))).await.unwrap();
    world.approve("fin1", id, "between").await.unwrap();
    let case = world.case(id);
    let versions: Vec<i64> = case.side_runs.iter().map(|side| side.pin.version).collect();
    assert_eq!((versions, world.open_steps(id)), (vec![1, 2], vec![CHECK.to_owned(), CHECK.to_owned()]));
    id
}

#[tokio::test]
async fn each_of_two_runs_of_one_flow_goes_by_the_version_that_it_began_with() {
    let world = World::open().await;
    let first = json!({ "comment": "always", "batch": { "forbidden": true } });
    let late = json!({ "from": { "after": { "minutes": 60 } }, "rules": [{ "at_minutes": 0, "do": "raise_exception" }] });
    let second = json!({ "comment": "optional", "deadline": late, "fields": { "special_requests": "edit" } });
    let id = in_two_versions(&world, first, second).await;
    let case = world.case(id);
    let ((older, _), (newer, _)) = (open_in(&case, 1), open_in(&case, 2));
    assert_eq!(refused(world.command("wh1", Some(id), decide(older, None)).await), Refusal::ReasonRequired);
    let write = |task| {
        let values = BTreeMap::from([("special_requests".to_owned(), json!("gift"))]);
        OrderCommand::WriteFields { task, values }
    };
    let closed = Refusal::FieldsNotWritable(vec!["special_requests".into()]);
    assert_eq!(refused(world.command("wh1", Some(id), write(older)).await), closed);
    world.command("wh1", Some(id), write(newer)).await.unwrap();
    // Only the newer version says that somebody is to hear of its lateness.
    world.pass_to(0, 17, 0).await;
    let case = world.case(id);
    let overdue = case.open_exceptions().filter(|open| open.kind == ExceptionKind::TaskOverdue);
    let late: Vec<Option<u32>> = overdue.map(|open| open.visit.map(run_of)).collect();
    assert_eq!(late, [Some(2)]);
    let done = world.command("wh1", Some(id), decide(newer, None)).await.unwrap();
    assert!(done.side_runs[1].is_over() && !done.side_runs[0].is_over());
    let alone = |task| OrderCommand::DecideInBatch {
        task,
        decision: Decision::Approve,
        reason: Some("packed".into()),
    };
    assert_eq!(refused(world.command("wh1", Some(id), alone(older)).await), Refusal::NotInBatch);
    world.command("wh1", Some(id), decide(older, Some("packed"))).await.unwrap();
    assert!(world.case(id).side_runs.iter().all(ordain_app::case::SideRun::is_over));
    world.end().await;
}

#[tokio::test]
async fn an_act_by_hand_reaches_the_run_that_is_meant() {
    let world = World::open().await;
    let id = in_two_versions(&world, json!({}), json!({ "comment": "always" })).await;
    let (_, visit) = open_in(&world.case(id), 2);
    let skip = |visit| Intervention::Skip { node: CHECK.into(), visit };
    let elsewhere = refused(intervene(&world, id, skip(Some(visit + 1))).await);
    assert_eq!(elsewhere, Refusal::UnknownStep(CHECK.into()));
    intervene(&world, id, skip(Some(visit))).await.unwrap();
    let case = world.case(id);
    assert!(case.side_runs[1].is_over() && !case.side_runs[0].is_over(), "the second, and not the first");
    assert_ne!(case.order.status, Status::InReview, "what waited for it has gone on");
    // Without a stay it is the one that waits.
    intervene(&world, id, skip(None)).await.unwrap();
    assert!(world.case(id).side_runs[0].is_over());
    world.end().await;
}

/// Two steps of a flow that runs inside: the warehouse, then finance.
fn in_a_row(first: Value, second: Value) -> Value {
    let mut doc = inside("packing", review("check", "warehouse", first));
    doc["steps"].as_array_mut().unwrap().insert(2, review("count", "finance", second));
    doc
}

async fn around(world: &World, before: Option<Value>, settings: Value) {
    let mut doc = standard();
    if let Some(before) = before {
        insert_before(&mut doc, "tell_customer", before);
    }
    insert_before(&mut doc, "tell_customer", step("pack", run_inside(settings)));
    publish(world, &doc).await;
}

async fn write(world: &World, login: &str, id: Uuid, task: Uuid, path: &str, value: &str) {
    let values = BTreeMap::from([(path.to_owned(), json!(value))]);
    world.command(login, Some(id), OrderCommand::WriteFields { task, values }).await.unwrap();
}

fn offered(world: &World, id: Uuid, node: &str) -> Vec<(String, usize)> {
    let case = world.case(id);
    let (_, task) = case.task(world.task(id, node)).unwrap();
    let house = world.house();
    let found = choices::returns(&case, task, &house, world.now_ms());
    found.into_iter().map(|choice| (choice.node.id.clone(), choice.ways.len())).collect()
}

#[tokio::test]
async fn a_step_inside_sends_work_back_and_those_who_guard_what_changed_look_again() {
    let world = World::open().await;
    let first = json!({ "fields": { "ship_to.address": "edit", "special_requests": "edit" } });
    let second = json!({ "looks_at": ["ship_to"] });
    let mut doc = in_a_row(first, second);
    doc["steps"].as_array_mut().unwrap().insert(3, review("seal", "planning", json!({})));
    put_flow(&world, &doc).await.unwrap();
    around(&world, None, json!({})).await;
    let id = placed(&world, "PO-1", ONE).await;
    assert_eq!(offered(&world, id, CHECK), [], "nothing lies before it");
    world.approve("wh1", id, CHECK).await.unwrap();
    world.approve("fin1", id, "packing/count").await.unwrap();
    assert_eq!(offered(&world, id, "packing/seal"), [(CHECK.to_owned(), 2), ("packing/count".to_owned(), 2)]);
    let back = |task, to: &str| OrderCommand::ReturnTo {
        task,
        to: to.into(),
        direct: true,
        reason: "address".into(),
    };
    world.command("plan1", Some(id), back(world.task(id, "packing/seal"), CHECK)).await.unwrap();
    assert_eq!(world.open_steps(id), [CHECK]);
    write(&world, "wh1", id, world.task(id, CHECK), "ship_to.address", "宁波").await;
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.open_steps(id), ["packing/count"], "it guards the address");
    world.pass_seconds(60).await;
    world.approve("fin1", id, "packing/count").await.unwrap();
    // Nothing that it guards has changed: straight back.
    world.pass_seconds(60).await;
    world.command("plan1", Some(id), back(world.task(id, "packing/seal"), CHECK)).await.unwrap();
    write(&world, "wh1", id, world.task(id, CHECK), "special_requests", "gift").await;
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.open_steps(id), ["packing/seal"]);
    world.end().await;
}

#[tokio::test]
async fn what_a_flow_inside_changes_is_looked_at_again_by_who_has_approved_it_around() {
    let world = World::open().await;
    let edits = json!({ "fields": { "ship_to.address": "edit", "special_requests": "edit" } });
    put_flow(&world, &inside("packing", review("check", "warehouse", edits))).await.unwrap();
    let look = || Some(review("look", "finance", json!({ "looks_at": ["ship_to"] })));
    around(&world, look(), json!({})).await;
    let id = placed(&world, "PO-1", ONE).await;
    world.approve("fin1", id, "look").await.unwrap();
    write(&world, "wh1", id, world.task(id, CHECK), "ship_to.address", "宁波").await;
    assert_eq!(world.open_steps(id), [CHECK], "they look once, when it is over");
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.open_steps(id), ["look"]);
    let done = world.approve("fin1", id, "look").await.unwrap();
    assert_eq!((done.order.status, done.side_runs.len()), (Status::Confirmed, 1), "nothing is packed twice");
    // What nobody guards is nobody's concern.
    let id = placed(&world, "PO-2", ONE).await;
    world.approve("fin1", id, "look").await.unwrap();
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);

    // Nobody waits for it, so nobody looks again.
    let mut doc = standard();
    insert_before(&mut doc, "tell_customer", look().unwrap());
    insert_before(&mut doc, "tell_customer", step("pack", run_inside(json!({ "detached": true }))));
    insert_before(&mut doc, "tell_customer", review("after", "planning", json!({ "looks_at": ["totals"] })));
    publish(&world, &doc).await;
    let id = placed(&world, "PO-3", ONE).await;
    world.approve("fin1", id, "look").await.unwrap();
    write(&world, "wh1", id, world.task(id, CHECK), "ship_to.address", "宁波").await;
    let mut open = world.open_steps(id);
    open.sort();
    assert_eq!(open, ["after", CHECK]);
    world.end().await;
}

#[tokio::test]
async fn people_are_chosen_for_steps_of_a_flow_inside() {
    let world = World::open().await;
    let chosen = json!({ "assignee": [{ "chosen_by_previous": { "department": "finance" } }] });
    put_flow(&world, &in_a_row(json!({}), chosen)).await.unwrap();
    around(&world, None, json!({})).await;
    let id = placed(&world, "PO-1", ONE).await;
    let (case, house) = (world.case(id), world.house());
    let ahead: Vec<&str> =
        choices::people(&case, &house).iter().map(|choice| choice.node.id.as_str()).collect();
    assert_eq!(ahead, ["packing/count"]);
    let choose = |login: &str| OrderCommand::ChoosePeople {
        people: BTreeMap::from([("packing/count".to_owned(), vec![login.to_owned()])]),
    };
    let unfit = refused(world.command("wh1", Some(id), choose("wh1")).await);
    assert_eq!(unfit, Refusal::UnfitPerson("wh1".into()));
    world.command("wh1", Some(id), choose("fin1")).await.unwrap();
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.holders(id, "packing/count"), ["fin1"]);
    assert_eq!(choices::people(&world.case(id), &house).len(), 0, "it is too late for that");

    // The same flow once more, by another step: somebody else is chosen before it has begun.
    let chosen = json!({ "assignee": [{ "chosen_by_previous": { "department": "sales" } }] });
    put_flow(&world, &in_a_row(json!({}), chosen)).await.unwrap();
    let mut doc = standard();
    for (id, name) in [("pack", "one"), ("again", "two")] {
        let between = review(name, "planning", json!({ "auto_when_clear": false }));
        insert_before(&mut doc, "tell_customer", step(id, run_inside(json!({}))));
        insert_before(&mut doc, "tell_customer", between);
    }
    publish(&world, &doc).await;
    let id = placed(&world, "PO-2", ONE).await;
    world.command("wh1", Some(id), choose("sales1")).await.unwrap();
    world.approve("wh1", id, CHECK).await.unwrap();
    let offered = |case: &Case| choices::people(case, &world.house()).len();
    assert_eq!(offered(&world.case(id)), 0, "the first run is in that step");
    world.approve("sales1", id, "packing/count").await.unwrap();
    assert_eq!((world.open_steps(id), offered(&world.case(id))), (vec!["one".to_owned()], 1));
    world.command("plan1", Some(id), choose("smgr1")).await.unwrap();
    world.approve("plan1", id, "one").await.unwrap();
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.holders(id, "packing/count"), ["smgr1"]);
    world.end().await;
}

#[tokio::test]
async fn a_step_inside_is_offered_to_be_skipped_or_run_again_by_hand() {
    let world = World::open().await;
    let mut doc = inside("packing", review("check", "warehouse", json!({})));
    put_flow(&world, &doc).await.unwrap();
    around(&world, None, json!({ "per": "line" })).await;
    let id = placed(&world, "PO-1", &[("P-1", "2", "12.50"), ("P-2", "1", "12.50")]).await;
    let house = world.house();
    let case = world.case(id);
    let found = choices::by_hand(&case, &house, None, world.now_ms());
    let skip: Vec<(&str, u32)> =
        found.skip.iter().map(|step| (step.node.id.as_str(), run_of(step.visit))).collect();
    assert!(skip.contains(&(CHECK, 1)) && skip.contains(&(CHECK, 2)), "{skip:?}");
    let second = found.skip.iter().find(|step| run_of(step.visit) == 2).unwrap().visit;
    intervene(&world, id, Intervention::Skip { node: CHECK.into(), visit: Some(second) }).await.unwrap();
    assert!(world.case(id).side_runs[1].is_over() && !world.case(id).side_runs[0].is_over());
    world.approve("wh1", id, CHECK).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);

    // A delay inside that takes too long waits for a hand.
    doc["steps"][1] = step(
        "wait",
        json!({ "type": "delay", "for": { "minutes": { "minutes": 9000 } }, "max_minutes": 60 }),
    );
    put_flow(&world, &doc).await.unwrap();
    around(&world, None, json!({})).await;
    let id = placed(&world, "PO-2", ONE).await;
    world.pass_to(0, 13, 30).await;
    let case = world.case(id);
    let house = world.house();
    let found = choices::by_hand(&case, &house, None, world.now_ms());
    let [again] = found.rerun.as_slice() else { panic!("{:?}", found.rerun) };
    assert_eq!((again.node.id.as_str(), run_of(again.visit)), ("packing/wait", 1));
    let act = Intervention::RunAgain { node: "packing/wait".into(), visit: Some(again.visit) };
    intervene(&world, id, act).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn a_run_about_a_line_goes_by_the_person_and_the_dates_of_that_line() {
    let world = World::open().await;
    let field = |name: &str, kind: &str| json!({ "field": name, "name": { "zh": name, "en": name }, "type": kind, "line": true });
    let fields = json!([field("keeper", "text"), field("pack_by", "date")]);
    let by = json!({ "assignee": [{ "field": "keeper" }], "deadline_minutes": null,
        "deadline": { "from": { "field": { "field": "pack_by" } } } });
    let mut doc = inside("packing", review("check", "warehouse", by));
    let delay = json!({ "type": "delay", "for": { "field": { "field": "pack_by" } } });
    doc["steps"].as_array_mut().unwrap().insert(1, step("wait", delay));
    doc["fields"] = fields.clone();
    put_flow(&world, &doc).await.unwrap();
    let mut outer = standard();
    outer["fields"] = fields;
    insert_before(&mut outer, "tell_customer", step("pack", run_inside(json!({ "per": "line" }))));
    publish(&world, &outer).await;
    let mut content = order_of("PO-1", &[("P-1", "2", "12.50"), ("P-2", "1", "12.50")]);
    let day = |days: i64| world.house().calendar.date_at(World::instant(days, 9, 0)).to_string();
    for (line, (keeper, days)) in content.lines.iter_mut().zip([("wh1", 1), ("fin1", 2)]) {
        line.extra.insert("keeper".into(), json!(keeper));
        line.extra.insert("pack_by".into(), json!(day(days)));
    }
    content.extra.insert("keeper".into(), json!("plan1"));
    let id = world.place("sales1", content).await.order.id;
    assert_eq!(world.open_steps(id), Vec::<String>::new(), "both wait for their days");
    world.pass_to(1, 12, 0).await;
    assert_eq!(world.open_steps(id), [CHECK], "the day of the first line has come");
    world.pass_to(2, 12, 0).await;
    let case = world.case(id);
    let mut found: Vec<(u32, &str, Option<String>)> = case
        .open_tasks()
        .map(|(_, task)| {
            let due = task.due_ms.map(|due| world.house().calendar.date_at(due).to_string());
            (run_of(task.visit), task.holder.key(), due)
        })
        .collect();
    found.sort();
    let due = |days| Some(day(days));
    assert_eq!(found, [(1, "wh1", due(1)), (2, "fin1", due(2))]);
    world.end().await;
}
