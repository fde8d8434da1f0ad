//! What a new version of a flow would do to others, to orders under way and to orders of the past, said before.

use crate::company::{answer, clean, open_nodes};
use crate::flows::Designer;
use reqwest::Method;
use serde_json::{Value, json};

fn inner(purpose: &str, fields: &Value) -> Value {
    let named = |id: &str, kind: Value| json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": kind });
    let check = json!({ "type": "task", "assignee": { "department": "warehouse" }, "deadline_minutes": 60,
        "backup": { "role": "management" }, "sop": { "zh": "核对", "en": "Check" }, "outputs": ["box_no"] });
    json!({ "key": "packing", "name": { "zh": "包装", "en": "Packing" }, "purpose": purpose, "fields": fields, "steps": [
        named("start", json!({ "type": "start" })),
        named("checks", json!({ "type": "auto_check", "checks": [] })),
        named("pack", check),
        named("end", json!({ "type": "end", "outcome": if purpose == "subflow" { "completed" } else { "confirmed" } })),
    ] })
}

fn text_field(name: &str, line: bool) -> Value {
    json!({ "field": name, "name": { "zh": name, "en": name }, "type": "text", "line": line })
}

fn problems(told: &Value, code: &str) -> usize {
    told["problems"].as_array().unwrap().iter().filter(|problem| problem["code"] == code).count()
}

#[tokio::test]
async fn a_flow_that_others_run_inside_keeps_what_they_need_of_it() {
    let designer = Designer::open().await;
    let fields = json!([text_field("box_no", false)]);
    let mut doc = inner("subflow", &fields);
    doc["steps"].as_array_mut().unwrap().remove(1);
    designer.save("packing", &doc).await;
    designer.publish("packing").await;
    let (mut outer, _) = designer.draft("standard").await;
    outer["fields"] = json!([text_field("parcel", false), text_field("of_line", true)]);
    let mut subflow = json!({ "id": "pack_it", "name": { "zh": "包", "en": "Pack" }, "stage": "review",
        "kind": { "type": "subflow", "flow": "packing", "per": "line", "output": { "box_no": "parcel" } } });
    let with = |subflow: &Value| {
        let mut doc = outer.clone();
        doc["steps"].as_array_mut().unwrap().insert(2, subflow.clone());
        doc
    };
    let inspect = |doc: Value| designer.post("/flows/standard/inspect", json!({ "doc": doc }));
    assert_eq!(
        problems(&inspect(with(&subflow)).await.body, "F-102"),
        1,
        "a run about a line writes into its line"
    );
    subflow["kind"]["output"] = json!({ "box_no": "of_line" });
    let told = inspect(with(&subflow)).await;
    assert_eq!(problems(&told.body, "F-102"), 0, "{}", told.text);
    designer.save("standard", &with(&subflow)).await;
    designer.publish("standard").await;

    let inspect = |doc: Value| designer.post("/flows/packing/inspect", json!({ "doc": doc }));
    assert_eq!(problems(&inspect(doc.clone()).await.body, "F-144"), 0);
    let mut poorer = doc.clone();
    poorer["fields"] = json!([]);
    let told = inspect(poorer).await;
    assert_eq!(problems(&told.body, "F-144"), 1, "{}", told.text);
    let told = inspect(inner("confirmation", &fields)).await;
    assert_eq!(problems(&told.body, "F-143"), 1, "{}", told.text);
}

#[tokio::test]
async fn s054_a_case_that_tests_nothing_is_named() {
    let designer = Designer::open().await;
    let (doc, _) = designer.draft("standard").await;
    let case = |facts: Value, lines: Value, open: Value| json!({ "name": "大单", "facts": facts, "lines": lines, "open": open, "path": ["tell_customer"] });
    for (case, named) in [
        (case(json!({ "amuont": "5" }), json!([]), json!([])), "amuont"),
        (case(json!({ "amount": "abc" }), json!([]), json!([])), "amount"),
        (case(json!({ "requested_date": "2026-02-30" }), json!([]), json!([])), "requested_date"),
        (case(json!({}), json!([{ "quantity": "many" }]), json!([])), "lines[0].quantity"),
        (case(json!({}), json!([]), json!(["weather"])), "open.weather"),
    ] {
        let told = designer.post("/flows/standard/inspect", json!({ "doc": doc, "cases": [case] })).await;
        let all = told.body["problems"].as_array().unwrap().iter();
        let found: Vec<&Value> = all.filter(|problem| problem["code"] == "F-145").collect();
        assert_eq!((found.len(), &found[0]["params"]["fact"]), (1, &json!(named)), "{}", told.text);
        assert_eq!(
            (told.body["may_be_published"].as_bool(), found[0]["severity"].as_str()),
            (Some(false), Some("blocker"))
        );
    }
    let sound = case(json!({ "amount": "5", "requested_date": "2026-02-28" }), json!([]), json!([]));
    let told = designer.post("/flows/standard/inspect", json!({ "doc": doc, "cases": [sound] })).await;
    assert_eq!(problems(&told.body, "F-145"), 0, "{}", told.text);
}

#[tokio::test]
async fn what_somebody_is_in_the_middle_of_nobody_else_publishes_unread() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    doc["steps"][1]["name"]["zh"] = json!("校验");
    designer.save("standard", &doc).await;
    let publish = designer.company.by_token(Method::POST, "/flows/standard/publish");
    let unread = answer(publish.json(&json!({ "note": "second hand", "acknowledged": [] }))).await;
    assert_eq!((unread.status, unread.body["code"].as_str()), (409, Some("draft_locked")), "{}", unread.text);
    assert_eq!(designer.draft("standard").await.1, "\"1\"", "the draft is there");
}

#[tokio::test]
async fn s099_an_order_that_would_wait_goes_another_way_and_says_how_long() {
    let designer = Designer::open().await;
    let order = designer.company.place(&clean("PO-1")).await;
    assert_eq!(order["status"], "confirmed");
    let (doc, _) = designer.draft("standard").await;
    let with = |kind: Value| {
        let mut doc = doc.clone();
        let step =
            json!({ "id": "wait", "name": { "zh": "等", "en": "Wait" }, "stage": "review", "kind": kind });
        doc["steps"].as_array_mut().unwrap().insert(4, step);
        doc
    };
    let ask = json!({ "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 60 });
    let delay = json!({ "type": "delay", "for": { "minutes": { "minutes": 600 } } });
    for (kind, minutes, unmeasured) in [(ask, 0, json!(["wait"])), (delay, 600, Value::Null)] {
        designer.save("standard", &with(kind)).await;
        let told = designer.post("/flows/standard/replay", json!({ "days": 7 })).await;
        let group = &told.body["groups"][0];
        assert_eq!(
            (&told.body["different"], &group["added"], &group["minutes"], &group["unmeasured"]),
            (&json!(1), &json!(["wait"]), &json!(minutes), &unmeasured),
            "{}",
            told.text
        );
    }
}

#[tokio::test]
async fn what_only_its_sender_can_mend_comes_back_to_them_in_a_trial_too() {
    let designer = Designer::open().await;
    let mut body = clean("PO-1");
    body["customer_po"] = Value::Null;
    body["lines"][0]["quantity"] = Value::Null;
    let order = designer.company.place(&body).await;
    assert_eq!(order["status"], "incomplete");
    let (doc, _) = designer.draft("standard").await;
    let tried = designer.post("/flows/standard/try", json!({ "doc": doc, "order": order["number"] })).await;
    assert_eq!((tried.status, &tried.body["outcome"]), (200, &Value::Null), "{}", tried.text);
    let steps = tried.body["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["how"], "returned", "{}", tried.text);
}

#[tokio::test]
async fn s069_a_step_is_replaced_in_its_lane_and_the_past_is_told_in_its_own_words() {
    let designer = Designer::open().await;
    let mut special = clean("PO-1");
    special["special_requests"] = json!("paint it green");
    let order = designer.company.place(&special).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(open_nodes(&order), ["sales_review"]);
    let (mut doc, _) = designer.draft("standard").await;
    let step = doc.pointer_mut("/steps/2/kind/lanes/0/steps/0").unwrap();
    step["id"] = json!("desk_review");
    step["name"] = json!({ "zh": "柜台审核", "en": "Desk review" });
    designer.save("standard", &doc).await;
    designer.publish("standard").await;
    let plan = designer.get("/flows/standard/migrate").await.body;
    let group = &plan[0]["groups"][0];
    assert_eq!((&group["class"], &group["suggestion"]), (&json!("C"), &json!("desk_review")), "{plan}");
    let body =
        json!({ "classes": ["C"], "mapping": { "sales_review": "desk_review" }, "reason": "柜台已合并" });
    let moved = designer.post("/flows/standard/migrate", body).await.body;
    assert_eq!(moved[0]["moved"], true, "{moved}");
    let now = designer.company.get(&path).await.body;
    assert_eq!(open_nodes(&now), ["desk_review"], "and nobody else");
    let told = designer.company.get(&format!("{path}/timeline")).await;
    let items = told.body["items"].as_array().unwrap();
    let entry = items.iter().find(|item| item["action"] == "migrate_run").unwrap();
    assert_eq!(entry["reason"], "柜台已合并");
    let details = entry["details"].to_string();
    assert!(details.contains("「销售") && details.contains("「柜台审核」"), "{details}");
    let first = items.last().unwrap()["details"].to_string();
    assert!(!first.contains("sales_review"), "told by its name: {first}");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_as_a_problem() {
    let designer = Designer::open().await;
    let answer = designer.get("/flows/standard/versions/abc/sop").await;
    assert_eq!((answer.status, answer.body["code"].as_str()), (404, Some("not_found")), "{}", answer.text);
}

#[tokio::test]
async fn s069_an_order_that_could_not_be_moved_is_somebodys_to_see_to() {
    let designer = Designer::open().await;
    let mut special = clean("PO-1");
    special["special_requests"] = json!("paint it green");
    let order = designer.company.place(&special).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    // One department more: the review alone would leave it out.
    let (mut doc, _) = designer.draft("standard").await;
    let lanes = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap();
    let mut lane = lanes[0].clone();
    lane["id"] = json!("quality");
    lane["steps"][0]["id"] = json!("quality_review");
    lane["steps"][0]["kind"]["auto_when_clear"] = json!(false);
    lanes.push(lane);
    designer.save("standard", &doc).await;
    designer.publish("standard").await;
    let migrate = |target: &str| {
        let body = json!({ "classes": ["C"], "mapping": { "sales_review": target } });
        designer.post("/flows/standard/migrate", body)
    };
    let moved = migrate("sales_review").await.body;
    assert_eq!(
        (&moved[0]["moved"], &moved[0]["reason_code"]),
        (&json!(false), &json!("flow_refused")),
        "{moved}"
    );
    let raised = async || {
        let found = designer.get("/exceptions?owner=mine").await.body;
        let all = found["items"].as_array().unwrap().iter();
        all.filter(|each| each["kind"] == "migration_failed").count()
    };
    let now = designer.company.get(&path).await.body;
    assert_eq!((now["flow"]["version"].as_i64(), raised().await), (Some(1), 1), "{now}");
    let block = doc["steps"][2]["id"].as_str().unwrap();
    let moved = migrate(block).await.body;
    assert_eq!(moved[0]["moved"], true, "{moved}");
    let now = designer.company.get(&path).await.body;
    assert_eq!(
        (raised().await, open_nodes(&now)),
        (0, vec!["quality_review".to_owned(), "sales_review".to_owned()])
    );
}
