//! Orders played through a flow, without a database: the engine's own decisions on a clock that only the player moves.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests

#[path = "../../ordain-testkit/src/company.rs"]
#[allow(dead_code)] // others use the rest of it
mod company;

use company::{MONDAY_MS, STANDARD_FLOW, clean_order, house, person, standard_flow, world};
use jiff::Timestamp;
use ordain_app::case::facts::{self, Around, SCHEMA};
use ordain_app::case::{Case, Refusal};
use ordain_app::play::{
    Act, DAYS_MAX, Play, Stage, Stopped, Thought, house_with, of_order, open_to_all, personas, thought_out,
    waits,
};
use ordain_domain::order::Status;
use ordain_flow::doc::FlowDoc;
use ordain_flow::rule::Value as Fact;
use ordain_flow::run::Flow;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const MINUTE_MS: i64 = 60_000;

fn facts(given: Value) -> Thought {
    let Value::Object(facts) = given else { return Thought { facts: Map::new() } };
    Thought { facts }
}

fn stage(given: Value, flow: &Arc<Flow>) -> Stage {
    thought_out(&facts(given), flow.doc(), house_with(&house(), flow.clone()), MONDAY_MS)
}

fn acts(acts: Value) -> Vec<Act> {
    serde_json::from_value(acts).unwrap()
}

fn play(given: Value, told: Value) -> Result<Play, Stopped> {
    Play::run(stage(given, &standard_flow()), &acts(told), |_, _, _| {})
}

fn until(ms: i64) -> Value {
    json!({ "act": "wait", "until": Timestamp::from_millisecond(ms).unwrap() })
}

fn number(play: &Play, node: &str) -> u32 {
    play.case.open_tasks().find(|(_, task)| task.node == node).expect(node).0
}

fn fact(case: &Case, name: &str) -> Fact {
    let (flow, house) = (standard_flow(), house());
    let found = facts::of(case, &flow, Around { house: &house, at_ms: MONDAY_MS });
    found.fields[SCHEMA.order_index(name).unwrap()].clone()
}

#[test]
fn what_is_thought_out_has_the_facts_that_it_was_given_and_nothing_open_beside_them() {
    let plain = play(json!({ "amount": "1234.57", "line_count": "3", "channel": "api" }), json!([])).unwrap();
    assert_eq!(plain.case.order.checked.findings, []);
    assert_eq!(plain.case.order.status, Status::Confirmed);
    assert_eq!(fact(&plain.case, "amount").to_string(), "1234.57");
    assert_eq!(fact(&plain.case, "line_count").to_string(), "3");
    assert_eq!(fact(&plain.case, "channel").to_string(), "api");
    for flag in ["special_terms", "special_request", "price_differs", "stock_short", "credit_exceeded"] {
        let one = play(json!({ "amount": "100", flag: true, "customer_level": "A" }), json!([])).unwrap();
        assert_eq!(fact(&one.case, flag), Fact::Bool(true), "{flag}: {:?}", one.case.order.checked.findings);
        assert_eq!(one.case.order.checked.findings.len(), 1, "{flag}");
        assert_eq!(fact(&one.case, "customer_level").to_string(), "A");
        assert!(one.case.open_tasks().count() > 0 || flag == "stock_short", "{flag} asks somebody");
    }
    let odd = json!({ "amount": "-5", "line_count": "lots", "currency": "shells", "requested_date": "soon" });
    assert_eq!(play(odd, json!([])).unwrap().case.order.status, Status::Confirmed);
}

#[test]
fn time_passes_only_when_it_is_told_to_and_every_timer_fires_at_its_own_instant() {
    let given = json!({ "amount": "120000" });
    let begun = play(given.clone(), json!([])).unwrap();
    let task = number(&begun, "manager_approval");
    let due_ms = begun.case.tasks[&task].due_ms.unwrap();
    assert_eq!((begun.now_ms, begun.entries.len()), (MONDAY_MS, 1));
    let ahead = begun.ahead();
    assert!(ahead.iter().any(|each| each.at_ms == due_ms && !each.events.is_empty()), "{ahead:?}");
    assert!(ahead.is_sorted_by_key(|each| each.at_ms));
    let before = play(given.clone(), json!([until(due_ms - MINUTE_MS)])).unwrap();
    let after = play(given.clone(), json!([until(due_ms)])).unwrap();
    assert_eq!(after.now_ms, due_ms);
    assert!(before.entries.iter().all(|entry| entry.at_ms < due_ms));
    assert!(after.entries.iter().any(|entry| entry.at_ms == due_ms));
    // What the timers were said to do is what they do.
    let told: Vec<_> = ahead.iter().filter(|each| each.at_ms <= due_ms).map(|each| each.at_ms).collect();
    let done: Vec<_> = after.entries.iter().skip(1).map(|entry| entry.at_ms).collect();
    assert!(told.iter().all(|at| done.contains(at)), "{told:?} {done:?}");
    let day_ms = 24 * 60 * MINUTE_MS;
    for bad in [MONDAY_MS - MINUTE_MS, MONDAY_MS + (DAYS_MAX + 1) * day_ms] {
        let stopped = play(given.clone(), json!([until(MONDAY_MS), until(bad)])).unwrap_err();
        assert_eq!(stopped, Stopped::Time(1));
    }
}

#[test]
fn people_act_as_the_engine_lets_them_and_the_same_acts_give_the_same_play() {
    let given = json!({ "amount": "100", "price_differs": true });
    let begun = play(given.clone(), json!([])).unwrap();
    let n = number(&begun, "finance_review");
    let task = &begun.case.tasks[&n];
    let found = personas(&begun, task);
    assert!(found.iter().any(|persona| persona.user.login == "fin1" && persona.place == "holder"));
    assert!(found.iter().all(|persona| persona.user.login != "wh1"));
    let act = |act: &str, login: &str, reason: &str| json!([{ "act": act, "task": n, "as": login, "reason": reason }]);
    let wrong = play(given.clone(), act("approve", "wh1", "ok")).unwrap_err();
    assert_eq!(wrong, Stopped::Act(0, Refusal::NotYourTask));
    let bare = play(given.clone(), act("approve", "fin1", " ")).unwrap_err();
    assert!(matches!(bare, Stopped::Act(0, Refusal::FindingsNeedReason(_))), "{bare:?}");
    let ended = play(given.clone(), act("approve", "fin1", "agreed")).unwrap();
    assert_eq!(ended.case.order.status, Status::Confirmed);
    let again = play(given.clone(), act("approve", "fin1", "agreed")).unwrap();
    assert_eq!(serde_json::to_string(&ended.case).unwrap(), serde_json::to_string(&again.case).unwrap());
    let back = play(given.clone(), act("return", "fin1", "which price?")).unwrap();
    let waiting = waits(&back);
    assert_eq!((waiting.len(), waiting[0].kind), (1, "sender"));
    let refused = play(given, act("reject", "fin1", "no")).unwrap();
    assert_eq!(refused.case.order.status, Status::Rejected);
}

#[test]
fn a_real_order_finds_free_again_what_it_holds_itself_and_no_more() {
    let flow = standard_flow();
    let one_line = || {
        let mut order = clean_order();
        order.lines.truncate(1);
        order
    };
    let shelf = |qty: i64| {
        let mut around = world();
        let mut free = ordain_domain::stock::Free::new(around.house.warehouses.clone());
        let warehouse = around.house.warehouses[0].clone();
        let asked = one_line();
        free.add(asked.lines[0].product.as_deref().unwrap(), &warehouse, qty);
        around.free = free;
        around
    };
    let asked = one_line();
    let qty = asked.lines[0].quantity.as_ref().unwrap().scaled(3, i64::MAX).unwrap();
    let place = ordain_app::case::decide::Place {
        channel: "api".into(),
        source: None,
        content: asked,
        submit: true,
        reasons: std::collections::BTreeMap::new(),
        entered_later: None,
    };
    let user = person("sales1");
    let sender = ordain_domain::actor::Actor::Person { id: user.id, name: user.name };
    let first = Play::run(Stage::new(shelf(qty), place, sender, MONDAY_MS), &[], |_, _, _| {}).unwrap();
    assert_eq!(first.case.order.held.iter().map(|held| held.qty_milli).sum::<i64>(), qty);
    // Everything on the shelf is its own by now: played anew it can have that, and nothing beside.
    let mut around = shelf(0);
    around.house = Arc::new(house_with(&around.house, flow));
    let played = Play::run(of_order(&first.case, around), &[], |_, _, _| {}).unwrap();
    assert_eq!(played.case.order.status, Status::Confirmed, "{:?}", played.case.order.checked.findings);
    let product = played.case.order.held[0].product.clone();
    assert_eq!(played.world.free.available_milli(&product, None), 0);
}

#[test]
fn an_order_waits_for_its_customer_who_answers_with_the_proof_that_is_asked_for() {
    let mut doc: Value = serde_json::from_str(STANDARD_FLOW).unwrap();
    let steps = doc["steps"].as_array_mut().unwrap();
    steps.insert(
        3,
        json!({ "id": "asks", "name": { "zh": "问", "en": "Asks" }, "stage": "customer", "kind": {
        "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 600,
        "identity": [{ "proof": "signature" }] } }),
    );
    doc["scope"] = json!({ "order_types": ["never"] });
    let doc: FlowDoc = serde_json::from_value(doc).unwrap();
    let flow = Arc::new(Flow::compile(open_to_all(doc), &SCHEMA).unwrap());
    let run = |told: Value| Play::run(stage(json!({}), &flow), &acts(told), |_, _, _| {});
    let begun = run(json!([])).unwrap();
    let waiting = waits(&begun);
    assert_eq!((waiting[0].kind, waiting[0].node.as_str()), ("customer", "asks"));
    assert!(
        begun.case.notices.iter().all(|notice| notice.sent_ms.is_some()),
        "what would leave counts as arrived"
    );
    let accepted = run(json!([{ "act": "accept", "as": "sales1" }])).unwrap();
    assert_eq!(accepted.case.order.status, Status::Confirmed);
    let other = run(json!([{ "act": "accept", "as": "wh1" }])).unwrap_err();
    assert_eq!(other, Stopped::Act(0, Refusal::NotYourTask));
    let nothing = run(json!([{ "act": "answer", "visit": 1 }])).unwrap_err();
    assert_eq!(nothing, Stopped::Act(0, Refusal::NothingDue));
    let declined = run(json!([{ "act": "decline", "as": "sales1" }])).unwrap();
    assert_ne!(declined.case.order.status, Status::AwaitingCustomer);
}
