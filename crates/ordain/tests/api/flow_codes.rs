//! Every code that publishing knows, each caused by one draft, through the API.

use crate::connectors::erp;
use crate::flows::Designer;
use serde_json::{Value, json};

/// A draft that has one fault: the code, how much it weighs, and what is done to the standard flow.
type Case = (&'static str, &'static str, fn(&mut Value));

fn step(id: &str, kind: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "department": "sales", "kind": kind })
}

fn review(id: &str, settings: Value) -> Value {
    let mut kind = json!({ "type": "review", "assignee": { "department": "planning" }, "deadline_minutes": 60,
        "backup": { "role": "management" }, "sop": { "zh": "核对", "en": "Check" } });
    if settings.get("deadline").is_some() && settings.get("deadline_minutes").is_none() {
        // The short form would stand beside it in vain.
        kind["deadline_minutes"] = Value::Null;
    }
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    step(id, kind)
}

/// Puts steps before the departments look at the order.
fn put(doc: &mut Value, steps: impl IntoIterator<Item = Value>) {
    let all = doc["steps"].as_array_mut().unwrap();
    all.splice(2..2, steps);
}

fn asked(doc: &mut Value, settings: Value) {
    put(doc, [review("x", settings)]);
}

fn lane(id: &str, steps: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps })
}

fn when(id: &str, text: &str) -> Value {
    let mut lane = lane(id, json!([review(&format!("in_{id}"), json!({}))]));
    lane["when"] = json!({ "cel": text });
    lane
}

fn otherwise() -> Value {
    let mut lane = lane("rest", json!([]));
    lane["otherwise"] = json!(true);
    lane
}

fn forked(doc: &mut Value, lanes: Value) {
    put(doc, [step("fork", json!({ "type": "exclusive", "lanes": lanes }))]);
}

fn ruled(doc: &mut Value, text: &str) {
    forked(doc, json!([when("a", text), otherwise()]));
}

/// Leaves of the flow its beginning, these, and its last step.
fn only(doc: &mut Value, steps: impl IntoIterator<Item = Value>) {
    let all = doc["steps"].as_array_mut().unwrap();
    let last = all.len() - 1;
    all.splice(2..last, steps);
}

fn together(doc: &mut Value, lanes: Value) {
    put(doc, [step("both", json!({ "type": "parallel", "lanes": lanes }))]);
}

/// The faults of a document that is sound without them.
const CASES: &[Case] = &[
    ("F-001", "blocker", |doc| asked(doc, json!({ "assignee": { "role": "" } }))),
    ("F-002", "warning", |doc| asked(doc, json!({ "assignee": { "user": "nobody" } }))),
    ("F-003", "warning", |doc| {
        asked(doc, json!({ "guarded": true, "backup": null }));
        doc["steps"][2]["kind"].as_object_mut().unwrap().remove("backup");
    }),
    ("F-004", "warning", |doc| {
        for id in ["x", "y"] {
            let both = json!({ "assignee": { "user": "plan1" }, "backup": { "user": "plan1" } });
            put(doc, [review(id, both)]);
        }
    }),
    ("F-005", "blocker", |doc| asked(doc, json!({ "assignee": ["initiator"], "exclude": ["initiator"] }))),
    ("F-006", "warning", |doc| asked(doc, json!({ "backup": { "user": "nobody" } }))),
    ("F-010", "blocker", |doc| {
        forked(doc, json!([lane("a", json!([review("in_a", json!({}))])), otherwise()]));
    }),
    ("F-011", "blocker", |doc| ruled(doc, "gone > 1")),
    ("F-012", "warning", |doc| {
        forked(doc, json!([when("a", "amount > 5"), when("b", "amount <= 9"), otherwise()]))
    }),
    ("F-013", "hint", |doc| {
        forked(doc, json!([when("a", "amount < 5"), when("b", "amount > 9"), otherwise()]))
    }),
    ("F-014", "blocker", |doc| ruled(doc, "amount > 5 && amount < 3")),
    ("F-015", "blocker", |doc| ruled(doc, "amount > \"x\"")),
    ("F-016", "warning", |doc| ruled(doc, "customer_level == \"A\"")),
    ("F-017", "warning", |doc| {
        let lanes = json!([when("a", "amount >= 100"), otherwise()]);
        only(doc, [step("fork", json!({ "type": "exclusive", "lanes": lanes }))]);
    }),
    ("F-020", "blocker", |doc| only(doc, [])),
    ("F-021", "blocker", |doc| drop(doc["steps"].as_array_mut().unwrap().pop())),
    ("F-022", "blocker", |doc| {
        asked(doc, json!({}));
        doc["steps"]
            .as_array_mut()
            .unwrap()
            .insert(3, step("back", json!({ "type": "go_to", "target": "x", "max_rounds": 0 })));
    }),
    ("F-023", "blocker", |doc| {
        put(doc, [step("w", json!({ "type": "wait_event", "event": "paid", "timeout_minutes": 60 }))]);
    }),
    ("F-024", "warning", |doc| {
        together(doc, json!([lane("a", json!([review("in_a", json!({}))])), lane("b", json!([]))]));
    }),
    ("F-025", "blocker", |doc| {
        let lanes = ["a", "b"].map(|id| lane(id, json!([review(&format!("in_{id}"), json!({}))])));
        together(doc, json!(lanes));
        let back = step("back", json!({ "type": "go_to", "target": "in_a", "max_rounds": 1 }));
        doc["steps"].as_array_mut().unwrap().insert(3, back);
    }),
    ("F-030", "blocker", |doc| asked(doc, json!({ "requires": ["special_requests"] }))),
    ("F-031", "warning", |doc| {
        doc["sensitive"] = json!({ "invoice.tax_no": { "visible_to": [{ "role": "finance" }] } });
        asked(doc, json!({ "fields": { "invoice.tax_no": "read" } }));
    }),
    ("F-032", "warning", |doc| asked(doc, json!({ "assignee": { "field": "approver" } }))),
    ("F-040", "warning", |doc| {
        asked(doc, json!({}));
        doc["steps"][2]["kind"].as_object_mut().unwrap().remove("deadline_minutes");
    }),
    ("F-041", "blocker", |doc| {
        let rules = json!([{ "at_minutes": 0, "do": { "auto_pass": {} } }]);
        asked(doc, json!({ "deadline": { "from": { "after": { "minutes": 60 } }, "rules": rules } }));
    }),
    ("F-042", "warning", |doc| {
        let rules = json!([{ "at_minutes": -30, "do": "remind" }, { "at_minutes": 30, "do": "remind" }]);
        let late = json!({ "deadline": { "from": { "after": { "minutes": 120 } }, "rules": rules } });
        let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 120 });
        together(doc, json!([lane("a", json!([step("ask", ask)])), lane("b", json!([review("x", late)]))]));
    }),
    ("F-050", "blocker", |doc| {
        put(
            doc,
            [step("call", json!({ "type": "connector_call", "connector": "none", "operation": "push" }))],
        );
    }),
    ("F-051", "warning", |doc| {
        put(
            doc,
            [step(
                "call",
                json!({ "type": "connector_call", "connector": "erp", "operation": "push",
            "response": { "erp_no": "nowhere" } }),
            )],
        );
    }),
    ("F-052", "warning", |doc| doc["steps"][1]["name"]["en"] = json!("")),
    ("F-062", "warning", |doc| {
        drop(doc.pointer_mut("/steps/2/kind/lanes/1/steps").unwrap().as_array_mut().unwrap().remove(0));
    }),
];

/// Those that need more than a document: other flows, and saved cases.
const BESIDE: [&str; 2] = ["F-060", "F-061"];

/// Code, weight and step of every problem.
fn found(checked: &Value) -> Vec<(String, String, String)> {
    let problems = checked["problems"].as_array().unwrap();
    let text = |problem: &Value, name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    let brief = |problem: &Value| (text(problem, "code"), text(problem, "severity"), text(problem, "node"));
    problems.iter().map(brief).collect()
}

pub fn has(checked: &Value, code: &str, severity: &str) -> bool {
    found(checked).iter().any(|(of, weight, _)| of == code && weight == severity)
}

/// What comes with a fault: who is unknown is gone as well, what is cut short has fewer reviews, and so on.
const ALONG: [&str; 6] = ["F-006", "F-017", "F-020", "F-024", "F-062", "F-099"];

#[tokio::test(flavor = "multi_thread")]
async fn s054_s056_every_code_of_the_checks_is_caused_by_its_fault_and_by_nothing_else() {
    let mut all: Vec<&str> = CASES.iter().map(|(code, ..)| *code).chain(BESIDE).collect();
    all.sort_unstable();
    let known = [
        "001", "002", "003", "004", "005", "006", "010", "011", "012", "013", "014", "015", "016", "017",
        "020", "021", "022", "023", "024", "025", "030", "031", "032", "040", "041", "042", "050", "051",
        "052", "060", "061", "062",
    ];
    assert_eq!(all, known.map(|number| format!("F-{number}")));
    let designer = Designer::open().await;
    assert_eq!(designer.company.replace("/connectors/erp", &erp()).await.status, 200);
    let (sound, _) = designer.draft("standard").await;
    designer.save("standard", &sound).await;
    let before = found(&designer.post("/flows/standard/check", json!({})).await.body);
    let mut wrong = Vec::new();
    for (code, severity, change) in CASES {
        let mut doc = sound.clone();
        change(&mut doc);
        designer.save("standard", &doc).await;
        let checked = designer.post("/flows/standard/check", json!({})).await;
        let mut new = found(&checked.body);
        new.retain(|problem| !before.contains(problem));
        let is_it = |(of, weight, _): &(String, String, String)| of == code && weight == severity;
        let caused = new.iter().any(is_it);
        // A condition of a new step says nothing of orders without an amount, as the standard flow's own.
        new.retain(|(of, ..)| of != code && of != "F-016" && !ALONG.contains(&of.as_str()));
        if !caused || !new.is_empty() {
            wrong.push(format!("{code}: {caused} {new:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s054_s056_other_flows_and_saved_cases_are_looked_at_too() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    let case = json!({ "name": "small", "facts": { "amount": "10.00" }, "path": ["nowhere"] });
    let tag = "\"0\"";
    let saved = designer.put("/flows/standard/draft", tag, &json!({ "doc": doc, "cases": [case] })).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let checked = designer.post("/flows/standard/check", json!({})).await.body;
    assert!(has(&checked, "F-061", "blocker"), "{checked}");

    designer.side_flow("export", json!({ "channels": ["fax"], "priority": 5 })).await;
    doc["key"] = json!("east");
    doc["scope"] = json!({ "channels": ["fax"], "priority": 1 });
    let saved = designer.put("/flows/east/draft", tag, &json!({ "doc": doc })).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let checked = designer.post("/flows/east/check", json!({})).await.body;
    assert!(has(&checked, "F-060", "warning"), "{checked}");
}

/// Names that nobody knows and settings that lead nowhere, each with the code that says so.
const NAMES: &[Case] = &[
    ("F-117", "blocker", |doc| asked(doc, json!({ "assignee": { "same_as": "x" } }))),
    ("F-136", "warning", |doc| {
        let chain = json!([{ "role": "finance" }, { "role": "management" }]);
        let rules = json!([{ "at_minutes": 0, "do": { "escalate": chain } }]);
        asked(
            doc,
            json!({ "deadline_minutes": null, "deadline": { "from": { "after": { "minutes": 60 } }, "rules": rules } }),
        );
    }),
    ("F-137", "warning", |doc| {
        doc["purpose"] = json!("subflow");
        asked(doc, json!({ "returns": { "targets": "initiator" } }));
    }),
    ("F-138", "warning", |doc| {
        put(doc, [review("later", json!({}))]);
        asked(doc, json!({ "returns": { "targets": { "steps": ["later"] } } }));
    }),
    ("F-139", "warning", |doc| {
        let same =
            review("in_b", json!({ "assignee": [{ "same_as": "in_a" }, { "department": "planning" }] }));
        together(doc, json!([lane("a", json!([review("in_a", json!({}))])), lane("b", json!([same]))]));
    }),
    ("F-140", "warning", |doc| asked(doc, json!({ "guarded": true, "repeats": "pass_once" }))),
    ("F-141", "warning", |doc| {
        asked(doc, json!({ "when_empty": "backup" }));
        doc["steps"][2]["kind"].as_object_mut().unwrap().remove("backup");
    }),
    ("F-142", "warning", |doc| {
        put(doc, [review("later", json!({ "fields": { "extra.note": "edit" } }))]);
        asked(doc, json!({ "fields": { "extra.note": "edit" } }));
    }),
    ("F-135", "blocker", |doc| {
        put(
            doc,
            [step("copy", json!({ "type": "cc", "to": [{ "chosen_by_previous": { "role": "sales" } }] }))],
        );
    }),
    ("F-118", "blocker", |doc| asked(doc, json!({ "vote": { "count": 99 } }))),
    ("F-119", "blocker", |doc| doc["scope"] = json!({ "amount_from": "100", "amount_to": "50" })),
    ("F-120", "warning", |doc| doc["process_admin"] = json!([])),
    ("F-121", "blocker", |doc| asked(doc, json!({ "without": ["approve", "reject", "return"] }))),
    ("F-121", "blocker", |doc| {
        asked(doc, json!({ "type": "task", "without": ["approve", "return"] }));
    }),
    ("F-122", "blocker", |doc| asked(doc, json!({ "owns": ["horoscope"] }))),
    ("F-126", "blocker", |doc| ruled(doc, r#"lines.exists(l, if_empty(l.unit_price > 5, "exception"))"#)),
    ("F-124", "warning", |doc| asked(doc, json!({ "looks_at": ["horoscope"] }))),
    ("F-124", "warning", |doc| asked(doc, json!({ "looks_at": ["ship_to.colour"] }))),
    ("F-124", "warning", |doc| asked(doc, json!({ "fields": { "lines.colour": "edit" } }))),
    ("F-124", "warning", |doc| {
        asked(
            doc,
            json!({ "deadline_minutes": null,
        "deadline": { "from": { "field": { "field": "some_day" } } } }),
        )
    }),
    ("F-125", "blocker", |doc| {
        asked(
            doc,
            json!({ "deadline_minutes": null,
        "deadline": { "from": { "field": { "field": "special_requests" } } } }),
        )
    }),
    ("F-122", "blocker", |doc| {
        let checks = doc["steps"][1]["kind"]["checks"].as_array_mut().unwrap();
        let again = checks[0].clone();
        checks.push(again);
    }),
    ("F-131", "warning", |doc| asked(doc, json!({ "backup": { "role": "ghosts" } }))),
    ("F-131", "warning", |doc| {
        asked(doc, json!({ "assignee": [{ "role": "finance" }, { "roster": "night" }] }))
    }),
    ("F-131", "warning", |doc| {
        doc["process_admin"] = json!([{ "role": "process_admin" }, { "role": "ghosts" }])
    }),
    ("F-132", "blocker", |doc| drop(doc["steps"].as_array_mut().unwrap().remove(1))),
    ("F-132", "blocker", |doc| {
        let steps = doc["steps"].as_array_mut().unwrap();
        steps.insert(1, review("x", json!({})));
    }),
    ("F-134", "warning", |doc| {
        let checks = doc["steps"][1]["kind"]["checks"].as_array_mut().unwrap();
        let price = checks.iter_mut().find(|rule| rule["check"] == "price").unwrap();
        price["on_fail"] = json!("return");
    }),
    ("F-112", "warning", |doc| {
        let rules = json!({ "from": { "after": { "minutes": 60, "clock": "working" } } });
        asked(doc, json!({ "deadline_minutes": 60, "deadline": rules }));
    }),
    ("F-133", "warning", |doc| {
        let lanes = ["a", "b"].map(|id| lane(id, json!([review(&format!("in_{id}"), json!({}))])));
        put(doc, [step("both", json!({ "type": "parallel", "lanes": lanes, "on_reject": "record" }))]);
    }),
    ("F-123", "warning", |doc| {
        asked(
            doc,
            json!({ "notices": { "arrive": { "template": "nosuchtemplate", "to": [{ "user": "plan1" }] } } }),
        );
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn s054_names_that_nobody_knows_and_settings_that_lead_nowhere_are_named() {
    let designer = Designer::open().await;
    let (sound, _) = designer.draft("standard").await;
    for (code, severity, change) in NAMES {
        let mut doc = sound.clone();
        change(&mut doc);
        designer.save("standard", &doc).await;
        let checked = designer.post("/flows/standard/check", json!({})).await;
        assert!(has(&checked.body, code, severity), "{code}: {}", checked.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_text_is_named_at_once_in_both_languages() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    ruled(&mut doc, "amount >= \"x\" && foo(3) && lines.exists(l, l.nope == 1)");
    let inspect = |lang: &str| format!("/flows/standard/inspect?lang={lang}");
    for (lang, word) in [("zh", "不能写在条件里"), ("en", "has no place in a condition")] {
        let told = designer.post(&inspect(lang), json!({ "doc": doc })).await.body;
        let of = |code: &str| {
            let all = told["problems"].as_array().unwrap().iter();
            all.filter(|problem| problem["code"] == code && problem["node"] == "fork").count()
        };
        assert_eq!((of("F-015"), of("F-011"), of("F-018")), (1, 1, 1), "{told}");
        let text =
            told["problems"].as_array().unwrap().iter().find(|problem| problem["code"] == "F-018").unwrap();
        let said = text["text"].as_str().unwrap();
        assert!(said.contains(word) && said.contains("foo"), "{said}");
    }
}

#[tokio::test]
async fn where_the_shape_of_one_step_is_wrong_the_faults_of_the_others_are_named_with_it() {
    let designer = Designer::open().await;
    let (doc, tag) = designer.draft("standard").await;
    let mut wrong = json!({ "doc": doc });
    wrong["doc"]["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"]["colour"] = json!("red");
    let other = &mut wrong["doc"]["steps"][2]["kind"]["lanes"][2]["steps"][0];
    other["kind"]["owns"] = json!(["weather"]);
    let expected =
        [(json!("unknown_setting"), json!("finance_review")), (json!("F-122"), other["id"].clone())];
    for refused in [
        designer.put("/flows/standard/draft", &tag, &wrong).await,
        designer.post("/flows/standard/inspect", wrong.clone()).await,
    ] {
        let all = refused.body["findings"].as_array().unwrap().iter();
        let told: Vec<_> = all.map(|fault| (fault["code"].clone(), fault["facts"]["step"].clone())).collect();
        assert_eq!((refused.status, told), (422, expected.to_vec()), "{}", refused.text);
    }
    assert_eq!(designer.draft("standard").await.1, tag, "nothing was stored");
}
