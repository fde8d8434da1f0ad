//! Random flows that run beside the one that leads to a confirmation: inside of its steps, and after it.

use super::rng::Rng;
use super::shapes::{DEPARTMENTS, EVENTS, POINTS, node, set};
use ordain_app::case::facts::SCHEMA;
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use serde_json::{Value, json};
use std::sync::Arc;

/// Keys of the flow that runs inside others, and of what follows from a confirmation.
pub const INSIDE: &str = "inside";
const AFTER: &str = "after";

/// Both flows, compiled.
///
/// # Errors
/// Problems of a document: the generator itself is broken.
pub fn beside(rng: &mut Rng) -> Result<Vec<(&'static str, Arc<Flow>)>, String> {
    // What the steps are like is drawn beside, so that the course of a company does not hang on how much is drawn here.
    let mut beside = Rng::new(rng.clone().next());
    let docs = [(INSIDE, "subflow"), (AFTER, "fulfilment")].map(|(key, purpose)| {
        let mut doc = document(rng, key, purpose);
        furnish(&mut beside, &mut doc, purpose);
        (key, doc)
    });
    docs.into_iter().map(|(key, doc)| Ok((key, compiled(doc)?))).collect()
}

fn compiled(doc: Value) -> Result<Arc<Flow>, String> {
    let doc: FlowDoc = serde_json::from_value(doc).map_err(|error| error.to_string())?;
    let report = ordain_flow::check::check(&doc, &SCHEMA, None);
    if !report.may_be_published() {
        return Err(format!("{:?}", report.problems));
    }
    Flow::compile(doc, &SCHEMA).map(Arc::new).map_err(|problems| format!("{problems:?}"))
}

fn document(rng: &mut Rng, key: &str, purpose: &str) -> Value {
    let mut steps = vec![node("start", json!({"type": "start"}))];
    let review = purpose == "subflow";
    if rng.chance(30) {
        steps.push(node(
            "mark",
            json!({"type": "update_data", "tags": ["aside"],
            "assign": [{"field": "parcel", "value": {"text": "B-1"}}]}),
        ));
    }
    if review && rng.chance(40) {
        steps.push(by_field(rng));
    }
    if rng.chance(70) {
        let lanes: Vec<Value> = (0..2)
            .map(|at| {
                let steps = [work(rng, &format!("work{at}"), review && at == 0)];
                json!({"id": format!("l{at}"), "name": {"zh": "支", "en": "lane"}, "steps": steps})
            })
            .collect();
        steps.push(node("both", json!({"type": "parallel", "lanes": lanes})));
    } else if rng.chance(80) {
        steps.push(work(rng, "work", review));
    }
    if rng.chance(25) {
        let late = json!({"id": "late", "name": {"zh": "晚", "en": "late"}, "steps": []});
        let event = rng.word(&EVENTS);
        steps.push(node(
            "wait",
            json!({"type": "wait_event", "event": event, "timeout_minutes": 240, "on_timeout": late}),
        ));
    }
    if rng.chance(30) {
        steps.push(node("pause", json!({"type": "delay", "for": {"minutes": {"minutes": 45}}})));
    }
    steps.push(node("end", json!({"type": "end", "outcome": "completed"})));
    let fields = json!([custom("mark"), custom("parcel")]);
    json!({"key": key, "name": {"zh": key, "en": key}, "purpose": purpose, "fields": fields, "steps": steps})
}

/// Gives the steps that ask people what those of the flow around have: fields, people who are chosen, ways back. A second
/// step follows on the first one inside, for the ways between them.
fn furnish(rng: &mut Rng, doc: &mut Value, purpose: &str) {
    let review = purpose == "subflow";
    let Some(steps) = doc["steps"].as_array_mut() else { return };
    for step in steps.iter_mut() {
        each_asking(step, &mut |asking| settle(rng, asking, review, None));
    }
    let asks = |step: &Value| step["kind"]["type"] == "review";
    let alone = steps.iter().position(asks).filter(|_| review);
    let at = alone.or_else(|| steps.iter().position(|step| step["id"] == "both").filter(|_| review));
    let Some(at) = at else { return };
    let before = if alone.is_some() { "work" } else { "work0" };
    let mut again = node(
        "again",
        json!({"type": "review", "deadline_minutes": 30 + rng.below(300), "sop": {"zh": "看", "en": "look"},
        "backup": {"role": "process_admin"}, "vote": rng.word(&["any", "all", "round_robin"]),
        "assignee": [whom(rng), {"department": rng.word(&DEPARTMENTS)}]}),
    );
    settle(rng, &mut again, true, Some(before));
    steps.insert(at + 1, again);
}

/// Every step below that asks a person.
fn each_asking(step: &mut Value, found: &mut dyn FnMut(&mut Value)) {
    if matches!(step["kind"]["type"].as_str(), Some("review" | "task")) {
        found(step);
    }
    let lanes = step.pointer_mut("/kind/lanes").and_then(Value::as_array_mut);
    let steps = lanes.into_iter().flatten().filter_map(|lane| lane["steps"].as_array_mut());
    for step in steps.flatten() {
        each_asking(step, found);
    }
}

fn whom(rng: &mut Rng) -> Value {
    let among = json!({"department": rng.word(&DEPARTMENTS)});
    match rng.below(4) {
        0 => json!({"chosen_by_initiator": among}),
        1 => json!({"chosen_by_previous": among}),
        2 => json!({"field": "keeper"}),
        _ => among,
    }
}

fn settle(rng: &mut Rng, step: &mut Value, review: bool, before: Option<&str>) {
    if rng.chance(60) {
        let own = json!({"extra.mark": "edit", "extra.note": "edit"});
        let all = json!({"extra.note": "edit", "ship_to.address": "edit", "lines.quantity": "edit"});
        set(step, "fields", if review { all } else { own });
    }
    if rng.chance(40) {
        set(step, "looks_at", json!(["lines", "ship_to"]));
    }
    set(step, "comment", json!(rng.word(&["optional", "optional", "always"])));
    set(step, "withdraw", json!(rng.word(&["until_next", "never"])));
    if !review {
        return;
    }
    if rng.chance(15) {
        set(step, "guarded", json!(true));
    }
    let Some(before) = before else { return };
    let resume = rng.word(&["choose", "step_by_step", "direct"]);
    let targets = if rng.chance(50) { json!("any_passed") } else { json!({"steps": [before]}) };
    set(step, "returns", json!({"targets": targets, "resume": resume}));
    if rng.chance(20) {
        set(step, "exclude", json!([{"deciders_of": before}]));
    }
    if rng.chance(20) {
        set(step, "on_reject", json!({"return_to": before}));
    }
    set(step, "repeats", json!(rng.word(&["ask", "ask", "pass_once"])));
}

/// A custom field as flows declare it.
pub(super) fn custom(field: &str) -> Value {
    json!({"field": field, "name": {"zh": field, "en": field}, "type": "text"})
}

/// Asks somebody where a custom field says so, or where the run is about one line.
fn by_field(rng: &mut Rng) -> Value {
    let row = |field: &str, value: Value| json!({"row": {"field": field, "op": "eq", "value": value, "when_empty": false}});
    let when = if rng.chance(50) {
        row("mark", json!({"text": "seen"}))
    } else {
        row("line_count", json!({"number": "1"}))
    };
    let steps = [work(rng, "marked", true)];
    let lane = json!({"id": "is", "name": {"zh": "是", "en": "is"}, "when": when, "steps": steps});
    let rest = json!({"id": "not", "name": {"zh": "否", "en": "not"}, "otherwise": true, "steps": []});
    node("by_field", json!({"type": "exclusive", "lanes": [lane, rest]}))
}

fn work(rng: &mut Rng, id: &str, review: bool) -> Value {
    let mut kind = json!({"type": if review { "review" } else { "task" }, "deadline_minutes": 30 + rng.below(300),
        "assignee": {"department": rng.word(&DEPARTMENTS)}, "backup": {"role": "process_admin"},
        "sop": {"zh": "做", "en": "do"}, "vote": rng.word(&["any", "any", "all", "claim"])});
    if !review && rng.chance(40) {
        let point = json!({"zh": "点", "en": "point"});
        kind["checklist"] = json!(vec![point; POINTS]);
    }
    node(id, kind)
}
