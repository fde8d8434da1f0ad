//! The checks of the steps that wait, loop, return and run at once, and of what the settings of a step say about it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use common::*;
use ordain_flow::{Flow, FlowDoc, People, Severity, check};
use serde_json::{Value as Json, json};
use story::{going_back, lane, otherwise, parallel, when, with_settings};

fn doc(steps: Vec<Json>) -> FlowDoc {
    let mut all = vec![start()];
    all.extend(steps);
    all.push(end());
    flow_of(Json::Array(all))
}

/// The codes found, with the step and one parameter each.
fn found(steps: Vec<Json>, param: &str) -> Vec<(&'static str, String, String)> {
    let problems = check(&doc(steps), &schema(), None).problems;
    let brief = |p: ordain_flow::Problem| {
        (p.code, p.node.unwrap_or_default(), p.params.get(param).cloned().unwrap_or_default())
    };
    problems.into_iter().map(brief).collect()
}

#[track_caller]
fn only(steps: Vec<Json>, code: &'static str, node: &str, param: &str, value: &str) {
    assert_eq!(found(steps, param), [(code, node.to_owned(), value.to_owned())]);
}

/// A step with these settings behind a plain review.
fn step(mut settings: Json) -> Vec<Json> {
    if settings.get("deadline").is_some() {
        // The short form would stand beside it in vain.
        settings["deadline_minutes"] = Json::Null;
    }
    vec![review("first"), with_settings("r", settings)]
}

#[test]
fn a_document_of_every_step_type_has_no_problems() {
    let to = json!(["owner"]);
    let steps = vec![
        review("r"),
        with_settings("t", json!({"type": "task", "outputs": ["serial"], "exclude": [{"deciders_of": "r"}]})),
        node("c", json!({"type": "customer_confirmation", "template": "t", "deadline_minutes": 60})),
        node("cc", json!({"type": "cc", "to": to})),
        node("d", json!({"type": "delay", "for": {"field": {"field": "requested_date"}}})),
        node(
            "w",
            json!({"type": "wait_event", "event": "e", "timeout_minutes": 1, "on_timeout": lane("late", vec![])}),
        ),
        node("u", json!({"type": "update_data", "assign": [{"field": "x", "value": {"bool": true}}]})),
        node("k", json!({"type": "connector_call", "connector": "c", "operation": "o"})),
        node("s", json!({"type": "subflow", "flow": "other"})),
        node(
            "i",
            json!({"type": "inclusive", "lanes": [when("a", "amount > 5", vec![review("ia")]), otherwise(vec![])]}),
        ),
        parallel(
            vec![lane("a", vec![review("pa")]), lane("b", vec![review("pb")])],
            json!({"at_least": 1}),
            "record",
        ),
        going_back("g", "r", 3),
    ];
    assert_eq!(found(steps.clone(), ""), vec![]);
    assert!(Flow::compile(doc(steps), &schema()).is_ok());
}

#[test]
fn a_step_goes_back_only_to_where_the_run_has_been() {
    let lanes = || vec![lane("a", vec![review("pa")]), lane("b", vec![review("pb")])];
    let fork = |goes: Json| {
        let mut lanes = lanes();
        lanes[1]["steps"].as_array_mut().unwrap().push(goes);
        vec![review("r"), parallel(lanes, json!("all"), "end"), review("z")]
    };
    for target in ["pa", "z", "g"] {
        only(fork(going_back("g", target, 3)), "F-025", "g", "target", target);
    }
    only(fork(going_back("g", "gone", 3)), "F-091", "g", "id", "gone");
    for target in ["r", "pb", "block"] {
        assert_eq!(found(fork(going_back("g", target, 3)), ""), vec![], "{target}");
    }
    let into = vec![parallel(lanes(), json!("all"), "end"), going_back("g", "pa", 3)];
    only(into, "F-025", "g", "target", "pa");
    for rounds in [0, 21] {
        only(vec![review("r"), going_back("g", "r", rounds)], "F-022", "g", "rounds", &rounds.to_string());
    }
    let rejected = |to: &str| step(json!({"on_reject": {"return_to": to}}));
    only(rejected("r"), "F-025", "r", "target", "r");
    only(rejected("end"), "F-091", "r", "setting", "on_reject");
    assert_eq!(found(rejected("first"), ""), vec![]);
}

#[test]
fn loops_that_nobody_stops_are_bounded_as_a_whole() {
    let tells = (0..60).map(|n| node(&format!("n{n}"), json!({"type": "cc", "to": ["owner"]})));
    let mut steps: Vec<Json> = tells.collect();
    steps.insert(0, review("r"));
    steps.push(going_back("g", "n0", 20));
    only(steps.clone(), "F-097", "", "max", "1000");
    only(steps.clone(), "F-097", "", "n", "1348");
    *steps.last_mut().unwrap() = going_back("g", "r", 20);
    assert_eq!(found(steps, ""), vec![], "somebody is asked in every round");
    // 74 steps read twice, and 71 of them 12 times more: the most that one call may enter.
    let mut steps: Vec<Json> =
        (0..70).map(|n| node(&format!("n{n}"), json!({"type": "cc", "to": ["owner"]}))).collect();
    steps.insert(0, review("r"));
    steps.push(going_back("g", "n0", 12));
    assert_eq!(found(steps.clone(), ""), vec![]);
    for waits in [
        json!({"type": "delay", "for": {"field": {"field": "requested_date"}}}),
        json!({"type": "connector_call", "connector": "c", "operation": "o"}),
        json!({"type": "subflow", "flow": "other"}),
    ] {
        *steps.last_mut().unwrap() = going_back("g", "n0", 20);
        steps[3] = node("n2", waits.clone());
        assert_eq!(found(steps.clone(), ""), vec![], "{waits}");
    }
    for passes in [
        json!({"type": "subflow", "flow": "other", "detached": true}),
        with_settings("n2", json!({"auto_when_clear": true}))["kind"].clone(),
        with_settings("n2", json!({"skip_when": {"cel": "special_terms"}}))["kind"].clone(),
    ] {
        steps[3] = node("n2", passes.clone());
        assert_eq!(found(steps.clone(), "max"), [("F-097", String::new(), "1000".to_owned())], "{passes}");
    }
}

#[test]
fn lanes_that_run_at_once_ask_somebody_only_when_they_must() {
    let passes = |steps: Vec<Json>| found(steps, "").iter().any(|(code, ..)| *code == "F-020");
    let at_once = |lanes: Vec<Json>, join: Json| {
        vec![node("i", json!({"type": "inclusive", "lanes": lanes, "join": join}))]
    };
    let asks = || vec![review("r")];
    let large = |steps: Vec<Json>| {
        vec![when("terms", "special_terms", vec![]), when("large", "amount > 100", steps), otherwise(vec![])]
    };
    assert!(!passes(at_once(large(asks()), json!("all"))), "all wait for the lane of large orders");
    assert!(passes(at_once(large(asks()), json!("any"))));
    assert!(passes(at_once(large(vec![]), json!("all"))), "the lane of large orders asks nobody");
    let special = vec![when("terms", "special_terms", asks()), otherwise(vec![])];
    assert!(passes(at_once(special, json!("all"))), "a large order may have no special terms");
    let beside = |a: Vec<Json>, b: Vec<Json>, join: Json| {
        vec![parallel(vec![lane("a", a), lane("b", b)], join, "end")]
    };
    let other = || vec![review("s")];
    assert!(!passes(beside(asks(), other(), json!("any"))));
    assert!(passes(beside(asks(), vec![], json!("any"))));
    assert!(!passes(beside(asks(), vec![], json!("all"))));
    assert!(!passes(beside(asks(), vec![], json!({"at_least": 2}))));
    assert!(passes(beside(asks(), vec![], json!({"at_least": 1}))));
}

#[test]
fn a_flow_holds_only_what_its_purpose_allows() {
    let misplaced = |purpose: &str, steps: Vec<Json>| {
        let mut doc = doc(steps);
        doc.purpose = serde_json::from_value(json!(purpose)).unwrap();
        doc.steps.pop();
        let problems = check(&doc, &schema(), None).problems.into_iter().filter(|p| p.code == "F-099");
        problems.map(|p| (p.node.unwrap(), p.params["what"].clone())).collect::<Vec<_>>()
    };
    let ends = |outcome: &str| node("x", json!({"type": "end", "outcome": outcome}));
    let task = |mut settings: Json| {
        settings["type"] = json!("task");
        with_settings("x", settings)
    };
    let sets = |field: &str| {
        node("x", json!({"type": "update_data", "assign": [{"field": field, "value": {"text": "v"}}]}))
    };
    let late = |what: &str| {
        task(
            json!({"deadline": {"from": {"after": {"minutes": 5}}, "rules": [{"at_minutes": 0, "do": what}]}}),
        )
    };
    let stock = || node("x", json!({"type": "update_data", "stock": "reserve"}));
    let confirms = || node("x", json!({"type": "customer_confirmation", "template": "t"}));
    for (purpose, step, what) in [
        ("confirmation", ends("completed"), Some("end")),
        ("confirmation", ends("confirmed"), None),
        ("confirmation", stock(), None),
        ("subflow", ends("completed"), None),
        ("subflow", ends("rejected"), None),
        ("subflow", ends("confirmed"), Some("end")),
        ("fulfilment", ends("rejected"), Some("end")),
        ("subflow", node("x", json!({"type": "auto_check", "checks": []})), Some("type")),
        ("fulfilment", confirms(), Some("type")),
        ("confirmation", confirms(), None),
        ("fulfilment", review("x"), Some("type")),
        ("subflow", review("x"), None),
        ("subflow", stock(), Some("stock")),
        ("fulfilment", sets("carrier"), None),
        ("fulfilment", sets("extra.note"), None),
        ("fulfilment", sets("requested_date"), Some("assign")),
        ("subflow", sets("requested_date"), None),
        ("subflow", late("auto_return"), Some("deadline")),
        ("subflow", late("remind"), None),
        ("fulfilment", task(json!({"fields": {"ship_to": "edit"}})), Some("fields")),
        ("fulfilment", task(json!({"fields": {"ship_to": "read"}})), None),
        ("fulfilment", task(json!({"fields": {"note_of_ours": "edit"}})), None),
        ("subflow", task(json!({"fields": {"ship_to": "edit"}})), None),
    ] {
        let expected: Vec<_> = what.map(|what| ("x".to_owned(), what.to_owned())).into_iter().collect();
        assert_eq!(misplaced(purpose, vec![step.clone()]), expected, "{purpose} {step}");
    }
}

#[test]
fn waits_and_joins_can_come_to_an_end() {
    let wait = json!({"type": "wait_event", "event": "e", "timeout_minutes": 1});
    only(vec![review("r"), node("w", wait)], "F-023", "w", "", "");
    let silent = json!({"type": "customer_confirmation", "template": "t", "on_lapse": "accept", "deadline_minutes": 60});
    only(vec![review("r"), node("c", silent)], "F-094", "c", "", "");
    for lanes in [0, 3] {
        let sides = vec![lane("a", vec![review("pa")]), lane("b", vec![review("pb")])];
        let block = parallel(sides, json!({"at_least": lanes}), "end");
        only(vec![review("r"), block], "F-092", "block", "setting", "at_least");
    }
    let itself = node("s", json!({"type": "subflow", "flow": "t"}));
    only(vec![review("r"), itself], "F-093", "s", "", "");
    let end_inside = vec![node("e", json!({"type": "end", "outcome": "rejected"}))];
    let chosen =
        json!({"type": "inclusive", "lanes": [when("a", "amount > 5", end_inside), otherwise(vec![])]});
    only(vec![review("r"), node("i", chosen)], "F-083", "e", "what", "in_parallel");
    let no_other = json!({"type": "inclusive", "lanes": [when("a", "amount > 5", vec![]), when("b", "amount > 6", vec![])]});
    only(vec![review("r"), node("i", no_other)], "F-087", "i", "n", "0");
}

#[test]
fn numbers_that_mean_nothing_are_found() {
    for (vote, setting) in [
        (json!({"percent": 0}), "percent"),
        (json!({"percent": 101}), "percent"),
        (json!({"count": 0}), "count"),
    ] {
        only(step(json!({"vote": vote})), "F-092", "r", "setting", setting);
    }
    let rule = |action: Json| json!({"at_minutes": 0, "do": action});
    let deadline =
        |rules: Vec<Json>| json!({"deadline": {"from": {"after": {"minutes": 5}}, "rules": rules}});
    assert_eq!(found(step(deadline(vec![rule(json!("remind")); 8])), ""), vec![]);
    only(step(deadline(vec![rule(json!("remind")); 9])), "F-096", "r", "n", "9");
    only(step(deadline(vec![rule(json!({"escalate": []}))])), "F-092", "r", "setting", "escalate");
    only(step(deadline(vec![rule(json!("to_backup"))])), "F-003", "r", "", "");
    let never = json!({"at_minutes": 0, "do": "remind", "repeat_minutes": 0});
    only(step(deadline(vec![never])), "F-092", "r", "setting", "repeat_minutes");
}

#[test]
fn nothing_passes_a_guarded_step_and_time_alone_passes_no_amount() {
    let guarded = |mut settings: Json| {
        settings["guarded"] = json!(true);
        settings["backup"] = json!({"role": "b"});
        step(settings)
    };
    for (setting, value) in [
        ("when_empty", json!("skip")),
        ("same_as_initiator", json!("skip")),
        ("skip_when", json!({"cel": "amount < 5"})),
    ] {
        let settings = json!({setting: value});
        only(guarded(settings.clone()), "F-095", "r", "setting", setting);
        assert_eq!(found(step(settings), ""), vec![]);
    }
    let pass = |cap: Json| {
        let rules = json!([{"at_minutes": 5, "do": {"auto_pass": cap}}]);
        json!({"deadline": {"from": {"after": {"minutes": 5}}, "rules": rules}})
    };
    only(step(pass(json!({}))), "F-041", "r", "what", "no_cap");
    only(guarded(pass(json!({"max_amount": "100"}))), "F-041", "r", "what", "guarded");
    assert_eq!(found(step(pass(json!({"max_amount": "100"}))), ""), vec![]);
    let mut signed = pass(json!({"max_amount": "100"}));
    signed["signature"] = json!("drawn");
    only(step(signed), "F-041", "r", "what", "signed");
}

#[test]
fn what_is_said_of_acts_that_the_step_does_not_offer_is_named() {
    only(step(json!({"hold_max_minutes": 0})), "F-092", "r", "setting", "hold_max_minutes");
    only(
        step(json!({"hold_max_minutes": 60, "without": ["hold"]})),
        "F-112",
        "r",
        "setting",
        "hold_max_minutes",
    );
    for (action, without) in [("urge", json!([])), ("delegate", json!(["delegate"]))] {
        let settings = json!({"ranges": {action: "anyone"}, "without": without});
        only(step(settings), "F-110", "r", "button", action);
    }
    assert_eq!(
        found(step(json!({"ranges": {"delegate": {"department": "a"}}, "hold_max_minutes": 60})), ""),
        vec![]
    );
}

#[test]
fn fields_that_are_asked_for_can_be_filled() {
    only(step(json!({"requires": ["serial"]})), "F-030", "r", "field", "extra.serial");
    // Nothing is billed before the confirmation.
    only(step(json!({"requires": ["fulfilment.billed"]})), "F-030", "r", "field", "fulfilment.billed");
    assert_eq!(found(step(json!({"requires": ["serial"], "fields": {"serial": "edit"}})), ""), vec![]);
    let output = json!({"type": "task", "outputs": ["serial"], "fields": {"serial": "read"}});
    only(step(output), "F-030", "r", "field", "extra.serial");
    let output = json!({"type": "task", "outputs": ["serial"], "fields": {"extra": "hide"}});
    only(step(output), "F-030", "r", "field", "extra.serial");
    assert_eq!(found(step(json!({"type": "task", "outputs": ["serial"]})), ""), vec![]);
    let around = json!({"requires": ["ship_to.phone"], "fields": {"ship_to": "edit"}});
    assert_eq!(found(step(around), ""), vec![]);
    only(step(json!({"assignee": {"field": "inspector"}})), "F-032", "r", "field", "inspector");
    let mut filled = step(json!({"assignee": {"field": "inspector"}}));
    filled[0]["kind"]["fields"] = json!({"inspector": "edit"});
    assert_eq!(found(filled, ""), vec![]);
}

#[test]
fn a_step_that_shows_a_sensitive_field_to_others_is_named() {
    let shown = |access: &str| {
        let mut doc = doc(step(json!({"assignee": {"role": "clerk"}, "fields": {"invoice": access}})));
        let rule = json!({"visible_to": [{"role": "boss"}]});
        doc.sensitive.insert("invoice.tax_no".to_owned(), serde_json::from_value(rule).unwrap());
        let problems = check(&doc, &schema(), None).problems;
        problems.into_iter().map(|p| (p.code, p.severity, p.params["who"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(shown("read"), [("F-031", Severity::Warning, "clerk".to_owned())]);
    assert_eq!(shown("mask"), vec![]);
}

#[test]
fn people_who_are_named_by_other_steps_exist_and_somebody_is_left() {
    for settings in [
        json!({"assignee": {"same_as": "gone"}}),
        json!({"exclude": [{"deciders_of": "gone"}]}),
        json!({"returns": {"targets": {"steps": ["gone"]}}}),
        json!({"returns": {"guards": {"gone": ["ship_to"]}}}),
    ] {
        only(step(settings), "F-091", "r", "id", "gone");
    }
    only(step(json!({"assignee": "initiator", "exclude": ["initiator"]})), "F-005", "r", "", "");
    let same = json!({"assignee": {"same_as": "first"}, "exclude": [{"deciders_of": "first"}]});
    only(step(same), "F-005", "r", "", "");
    let alone = step(json!({"assignee": {"role": "first"}, "exclude": [{"deciders_of": "first"}]}));
    let mut people = People::default();
    people.users.insert("wang".to_owned(), true);
    people.roles.insert("first".to_owned(), vec!["wang".to_owned()]);
    let code = |people: &People| {
        let problems = check(&doc(alone.clone()), &schema(), Some(people)).problems;
        problems.iter().any(|problem| problem.code == "F-005" && problem.severity == Severity::Blocker)
    };
    assert!(code(&people));
    people.users.insert("li".to_owned(), true);
    people.roles.insert("first".to_owned(), vec!["wang".to_owned(), "li".to_owned()]);
    assert!(!code(&people));
}

#[test]
fn ways_to_confirm_without_a_person_are_found_through_every_step_type() {
    let first = |steps: Vec<Json>| found(steps, "what").into_iter().find(|(code, ..)| *code == "F-020");
    let blocked = Some(("F-020", "end".to_owned(), "no_person".to_owned()));
    let lanes = || {
        vec![
            lane("a", vec![review("pa")]),
            lane("b", vec![node("n", json!({"type": "cc", "to": ["owner"]}))]),
        ]
    };
    assert_eq!(first(vec![parallel(lanes(), json!("any"), "end")]), blocked);
    assert_eq!(first(vec![parallel(lanes(), json!({"at_least": 2}), "end")]), None);
    let inclusive = |join: &str| {
        let lanes = json!([when("a", "amount >= 100", vec![review("ia")]), otherwise(vec![])]);
        vec![node("i", json!({"type": "inclusive", "lanes": lanes, "join": join}))]
    };
    assert_eq!(first(inclusive("all")), None);
    let skipped = |text: &str| vec![with_settings("r", json!({"skip_when": {"cel": text}}))];
    assert_eq!(first(skipped("special_terms")), blocked);
    assert_eq!(first(skipped("amount < 100")), None);
    let customer = node("c", json!({"type": "customer_confirmation", "template": "t"}));
    assert_eq!(first(vec![customer]), blocked, "the customer is no person of the house");
    let late = vec![node("quick", json!({"type": "end", "outcome": "confirmed"}))];
    let wait =
        json!({"type": "wait_event", "event": "e", "timeout_minutes": 1, "on_timeout": lane("late", late)});
    let side_door = first(vec![node("w", wait), review("r")]).map(|(_, node, _)| node);
    assert_eq!(side_door.as_deref(), Some("quick"));
    assert_eq!(first(vec![with_settings("t", json!({"type": "task"}))]), None);
}

#[test]
fn conditions_are_checked_wherever_a_step_has_one() {
    let skip = |text: &str| step(json!({"skip_when": {"cel": text}}));
    only(skip("gone > 1"), "F-011", "r", "setting", "skip_when");
    only(skip("amount + 1 > 2"), "F-018", "r", "setting", "skip_when");
    let mut back = going_back("g", "r", 3);
    back["kind"]["when"] = json!({"cel": "amount > 5 && amount < 3"});
    only(vec![review("r"), back], "F-014", "g", "setting", "when");
    let cases = json!([{"when": {"cel": "amount > \"x\""}, "then": {"role": "a"}}, {"then": {"role": "b"}}]);
    only(step(json!({"assignee": {"formula": cases}})), "F-015", "r", "setting", "assignee");
}

#[test]
fn settings_speak_of_fields_that_an_order_of_the_flow_has() {
    let of = |steps: Vec<Json>| {
        let mut doc = doc(steps);
        let declared = json!([
            {"field": "colour", "name": {"zh": "颜色", "en": "Colour"}, "type": "text"},
            {"field": "day", "name": {"zh": "日", "en": "Day"}, "type": "date"},
            {"field": "packed", "name": {"zh": "包装日", "en": "Packed"}, "type": "date", "line": true},
            {"field": "finish", "name": {"zh": "表面", "en": "Finish"}, "type": "text", "line": true}
        ]);
        doc.fields = serde_json::from_value(declared).unwrap();
        let problems = check(&doc, &schema(), None).problems.into_iter();
        let brief = |p: ordain_flow::Problem| {
            (p.code, p.severity, p.params["setting"].clone(), p.params["field"].clone())
        };
        problems.map(brief).collect::<Vec<_>>()
    };
    let stray =
        |setting: &str, field: &str| vec![("F-124", Severity::Warning, setting.to_owned(), field.to_owned())];
    let no_date =
        |field: &str, setting: &str| vec![("F-125", Severity::Blocker, setting.to_owned(), field.to_owned())];
    for known in ["colour", "extra.colour", "lines", "ship_to.phone", "amount", "serial"] {
        let mut steps = step(json!({"looks_at": [known]}));
        steps.insert(0, with_settings("t", json!({"type": "task", "outputs": ["serial"]})));
        assert_eq!(of(steps), vec![], "{known}");
    }
    assert_eq!(of(step(json!({"looks_at": ["nosuch"]}))), stray("looks_at", "nosuch"));
    assert_eq!(of(step(json!({"fields": {"nosuch": "mask"}}))), stray("fields", "nosuch"));
    assert_eq!(of(step(json!({"fields": {"nosuch": "edit"}, "looks_at": ["nosuch"]}))), vec![]);
    let guarded = json!({"returns": {"guards": {"first": ["nosuch"]}}});
    assert_eq!(of(step(guarded)), stray("guards", "nosuch"));
    let due = |field: &str| {
        let from = json!({"field": {"field": field}});
        let mut steps = step(json!({"deadline": {"from": from}}));
        steps[1]["kind"].as_object_mut().unwrap().remove("deadline_minutes");
        of(steps)
    };
    let wait = |field: &str| {
        of(vec![review("r"), node("d", json!({"type": "delay", "for": {"field": {"field": field}}}))])
    };
    for date in ["day", "packed", "requested_date"] {
        assert_eq!((due(date), wait(date)), (vec![], vec![]), "{date}");
    }
    for other in ["colour", "finish", "customer", "extra.day"] {
        assert_eq!(due(other), no_date(other, "deadline"));
        assert_eq!(wait(other), no_date(other, "for"));
    }
    assert_eq!((due("nosuch"), wait("nosuch")), (stray("deadline", "nosuch"), stray("for", "nosuch")));
}

#[test]
fn somebody_can_decide_every_step() {
    let without = |kind: &str, acts: &[&str]| {
        found(step(json!({"type": kind, "without": acts})), "").into_iter().any(|(code, ..)| code == "F-121")
    };
    assert!(without("review", &["approve", "return", "reject"]));
    assert!(without("task", &["approve", "return"]));
    for one in ["approve", "return", "reject"] {
        let others: Vec<&str> =
            ["approve", "return", "reject"].into_iter().filter(|other| *other != one).collect();
        assert!(!without("review", &others), "{one} is left");
    }
    assert!(!without("task", &["approve", "reject"]) && !without("task", &["return", "reject"]));
}

#[test]
fn settings_of_checks_and_of_what_goes_wrong_do_something() {
    let checks = |rules: Json, lane: Json| {
        let kind = json!({"type": "auto_check", "checks": rules, "on_branch": lane});
        vec![node("c", kind), review("r")]
    };
    let rule = |check: &str, on_fail: &str| json!({"check": check, "on_fail": on_fail});
    let side = || lane("side", vec![]);
    assert_eq!(found(checks(json!([rule("price", "branch")]), side()), ""), vec![]);
    only(checks(json!([rule("price", "branch")]), Json::Null), "F-111", "c", "", "");
    only(checks(json!([rule("price", "continue")]), side()), "F-112", "c", "setting", "on_branch");
    let tolerant = |check: &str, permille: u16| {
        let mut rule = rule(check, "continue");
        rule["tolerance_permille"] = json!(permille);
        checks(json!([rule]), Json::Null)
    };
    for permille in [0, 499, 500] {
        assert_eq!(found(tolerant("price", permille), ""), vec![], "{permille}");
    }
    only(tolerant("price", 501), "F-092", "c", "value", "501");
    only(tolerant("credit", 500), "F-112", "c", "setting", "tolerance_permille");
    let held = |minutes: u32| {
        vec![node("c", json!({"type": "auto_check", "checks": [], "hold_minutes": minutes})), review("r")]
    };
    for minutes in [0, 10_080] {
        assert_eq!(found(held(minutes), ""), vec![], "{minutes}");
    }
    only(held(10_081), "F-092", "c", "value", "10081");
    let careless = |kind: Json| {
        let mut step = node("k", kind);
        step["on_error"] = json!("ignore");
        vec![review("r"), step]
    };
    let call = json!({"type": "connector_call", "connector": "c", "operation": "o"});
    let wait = json!({"type": "delay", "for": {"minutes": {"minutes": 5}}});
    let inner = json!({"type": "subflow", "flow": "other"});
    for fails in [&call, &wait, &inner] {
        assert_eq!(found(careless(fails.clone()), ""), vec![], "{fails}");
    }
    let mut laned = call.clone();
    laned["on_failure"] = side();
    let detached = json!({"type": "subflow", "flow": "other", "detached": true});
    let told = json!({"type": "cc", "to": ["owner"]});
    for never in [laned, detached, told] {
        only(careless(never.clone()), "F-112", "k", "setting", "on_error");
    }
    let tagged = |n: usize| {
        let mut step = review("r");
        step["tags"] = (0..n).map(|tag| tag.to_string()).collect();
        vec![step]
    };
    assert_eq!(found(tagged(20), ""), vec![]);
    only(tagged(21), "F-092", "r", "value", "21");
}

#[test]
fn times_have_a_length_and_an_end() {
    let delay = |minutes: u32| node("d", json!({"type": "delay", "for": {"minutes": {"minutes": minutes}}}));
    let wait = |minutes: u32| {
        let late = lane("late", vec![]);
        node("d", json!({"type": "wait_event", "event": "e", "timeout_minutes": minutes, "on_timeout": late}))
    };
    for at in [delay, wait] {
        for fine in [1, 525_600] {
            assert_eq!(found(vec![review("r"), at(fine)], ""), vec![], "{fine}");
        }
        for odd in [0, 525_601] {
            only(vec![review("r"), at(odd)], "F-092", "d", "value", &odd.to_string());
        }
    }
    let rule = |settings: Json| {
        let mut rule = json!({"at_minutes": 0, "do": "remind"});
        for (name, value) in settings.as_object().unwrap() {
            rule[name] = value.clone();
        }
        step(json!({"deadline": {"from": {"after": {"minutes": 5}}, "rules": [rule]}}))
    };
    for fine in [
        json!({"at_minutes": -525_600}),
        json!({"at_minutes": 525_600}),
        json!({"repeat_minutes": 1, "repeat_max": 1}),
        json!({"repeat_minutes": 525_600, "repeat_max": 100}),
    ] {
        assert_eq!(found(rule(fine.clone()), ""), vec![], "{fine}");
    }
    for (odd, setting) in [
        (json!({"at_minutes": -525_601}), "at_minutes"),
        (json!({"at_minutes": 525_601}), "at_minutes"),
        (json!({"repeat_max": 0}), "repeat_max"),
        (json!({"repeat_max": 101}), "repeat_max"),
        (json!({"repeat_minutes": 525_601}), "repeat_minutes"),
    ] {
        only(rule(odd), "F-092", "r", "setting", setting);
    }
    let vote = |percent: u8| found(step(json!({"vote": {"percent": percent}})), "");
    assert_eq!((vote(1), vote(100)), (vec![], vec![]));
}

#[test]
fn a_field_of_lines_raises_no_exception() {
    let fork = |text: &str| {
        let lanes = json!([when("a", text, vec![review("ia")]), otherwise(vec![])]);
        vec![review("r"), node("fork", json!({"type": "exclusive", "lanes": lanes}))]
    };
    let line = r#"lines.exists(l, if_empty(l.product == "x", "exception"))"#;
    only(fork(line), "F-126", "fork", "lane", "a");
    let row =
        json!({"row": {"field": "product", "op": "eq", "value": {"text": "x"}, "when_empty": "exception"}});
    let mut tree = fork("amount > 5");
    tree[1]["kind"]["lanes"][0]["when"] = json!({"lines": {"quantifier": "any", "matching": row}});
    only(tree, "F-126", "fork", "field", "product");
    assert_eq!(found(fork(r#"if_empty(region == "x", "exception")"#), ""), vec![]);
}
