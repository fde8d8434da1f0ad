//! Flows as people change them: drafts, publishing, choosing between several, running orders, and what is read of them.

use super::company::{Answer, Company, Person, answer, clean, open_nodes};
use reqwest::Method;
use serde_json::{Value, json};

pub struct Designer {
    pub company: Company,
    pub person: Person,
}

impl Designer {
    pub async fn open() -> Self {
        let company = Company::open().await;
        let person = company.sign_in("ops1").await;
        Self { company, person }
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.company.as_person(&self.person, Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.company.as_person(&self.person, Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, revision: &str, body: &Value) -> Answer {
        let request = self.company.as_person(&self.person, Method::PUT, path);
        answer(request.header("if-match", revision).json(body)).await
    }

    pub async fn draft(&self, key: &str) -> (Value, String) {
        let found = self.get(&format!("/flows/{key}/draft")).await;
        assert_eq!(found.status, 200, "{}", found.text);
        (found.body["doc"].clone(), found.etag.unwrap())
    }

    pub async fn save(&self, key: &str, doc: &Value) {
        let tag = self.get(&format!("/flows/{key}/draft")).await.etag.unwrap_or_else(|| "\"0\"".to_owned());
        let saved = self.put(&format!("/flows/{key}/draft"), &tag, &json!({ "doc": doc })).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
    }

    /// Publishes, acknowledging whatever is warned of.
    pub async fn publish(&self, key: &str) -> i64 {
        let checked = self.post(&format!("/flows/{key}/check"), json!({})).await;
        let problems = checked.body["problems"].as_array().unwrap();
        let warnings = problems.iter().filter(|problem| problem["severity"] == "warning");
        let mark = |problem: &Value| match problem["node"].as_str() {
            Some(node) => format!("{}@{node}", problem["code"].as_str().unwrap()),
            None => problem["code"].as_str().unwrap().to_owned(),
        };
        let acknowledged: Vec<String> = warnings.map(mark).collect();
        let body = json!({ "note": "for the test", "acknowledged": acknowledged });
        let published = self.post(&format!("/flows/{key}/publish"), body).await;
        assert_eq!(published.status, 200, "{}", published.text);
        published.body["version"].as_i64().unwrap()
    }

    /// A flow of its own, made of the standard one, in which one person looks at every order.
    pub async fn side_flow(&self, key: &str, scope: Value) {
        let (mut doc, _) = self.draft("standard").await;
        doc["key"] = json!(key);
        doc["scope"] = scope;
        let review = json!({ "id": format!("{key}_review"), "name": { "zh": key, "en": key }, "stage": "review",
            "department": "sales", "kind": { "type": "review", "assignee": { "department": "sales" },
            "backup": { "role": "sales_manager" }, "deadline_minutes": 60,
            "sop": { "zh": "看", "en": "Look" } } });
        doc["steps"].as_array_mut().unwrap().insert(4, review);
        let path = format!("/flows/{key}/draft");
        let saved = self.put(&path, "\"0\"", &json!({ "doc": doc })).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        self.publish(key).await;
    }
}

fn finance(doc: &mut Value) -> &mut Value {
    doc.pointer_mut("/steps/2/kind/lanes/1/steps/0").unwrap()
}

pub fn codes(answer: &Answer) -> Vec<String> {
    let faults = answer.body["findings"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_draft_is_saved_only_over_what_its_editor_has_read() {
    let designer = Designer::open().await;
    let (doc, tag) = designer.draft("standard").await;
    assert_eq!(tag, "\"0\"");
    let body = json!({ "doc": doc });
    let bare = designer.company.as_person(&designer.person, Method::PUT, "/flows/standard/draft").json(&body);
    assert_eq!(answer(bare).await.status, 428);
    let saved = designer.put("/flows/standard/draft", "\"0\"", &body).await;
    assert_eq!((saved.status, saved.etag.as_deref()), (200, Some("\"1\"")));
    assert_eq!(designer.put("/flows/standard/draft", "\"0\"", &body).await.status, 412);
    assert_eq!(designer.draft("standard").await.1, "\"1\"");
    // Another editor waits until the first has been away for a while.
    let other = designer.company.by_token(Method::PUT, "/flows/standard/draft").header("if-match", "\"1\"");
    let refused = answer(other.json(&body)).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (409, Some("draft_locked")));
    // What is misspelt is named.
    let mut wrong = body.clone();
    wrong["doc"]["steps"][0]["colour"] = json!("red");
    wrong["doc"]["steps"][1]["stage"] = json!("dreaming");
    wrong["doc"]["steps"][1]["kind"]["checks"][0]["on_fail"] = json!("explode");
    finance(&mut wrong["doc"])["kind"]["deadline_minutes"] = json!(-5);
    wrong["cases"] = json!([{ "name": "x", "path": "start" }]);
    let refused = designer.put("/flows/standard/draft", "\"1\"", &wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let all = refused.body["findings"].as_array().unwrap();
    let told = |name: &str| -> Vec<(&str, &str, &str)> {
        let found = all.iter().map(|fault| {
            let text = |value: &'_ Value| -> &str {
                Box::leak(value.as_str().unwrap_or("").to_owned().into_boxed_str())
            };
            (text(&fault["code"]), text(&fault["path"]), text(&fault["facts"][name]))
        });
        found.collect()
    };
    let mut told = told("step");
    told.sort_unstable();
    let lane = "doc.steps[2].kind.lanes[1].steps[0].kind.deadline_minutes";
    let check = doc["steps"][1]["id"].as_str().unwrap();
    let mut expected = [
        ("unknown_setting", "doc.steps[0].colour", "start"),
        ("invalid_value", "doc.steps[1].stage", check),
        ("invalid_value", "doc.steps[1].kind.checks[0].on_fail", check),
        ("not_in_range", lane, "finance_review"),
        ("wrong_type", "cases[0].path", ""),
    ];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert!(!refused.text.contains("expected one of"), "no words of the reader: {}", refused.text);
    assert_eq!(designer.draft("standard").await.1, "\"1\"", "nothing was stored");
}

#[tokio::test]
async fn a_draft_may_be_yaml_and_a_huge_one_is_not_kept() {
    let designer = Designer::open().await;
    let put = |text: String| {
        let request = designer.company.as_person(&designer.person, Method::PUT, "/flows/yy/draft");
        answer(request.header("if-match", "\"0\"").header("content-type", "application/yaml").body(text))
    };
    let text = "doc:\n  key: yy\n  name: { zh: 样, en: Sample }\n  scope: { amount_from: \"100\" }\n  steps:\n    \
        - { id: start, name: { zh: 始 }, stage: receive, kind: { type: start } }\n    \
        - { id: check, name: { zh: 校 }, stage: check, kind: { type: auto_check, checks: [] } }\n    \
        - id: end\n      name: { zh: 终 }\n      stage: execute\n      kind: { type: end, outcome: confirmed }\n";
    let broken = put(text.replace("key: yy", "key: [yy")).await;
    assert_eq!((broken.status, codes(&broken)), (400, vec!["malformed_yaml".to_owned()]), "{}", broken.text);
    let wrong = put(text.replace("stage: receive", "stage: nowhere")).await;
    assert_eq!((wrong.status, codes(&wrong)), (422, vec!["invalid_value".to_owned()]), "{}", wrong.text);
    let saved = put(text.to_owned()).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let (mut doc, tag) = designer.draft("yy").await;
    assert_eq!((doc["scope"]["amount_from"].as_str(), tag.as_str()), (Some("100"), "\"1\""));
    // A document beyond the limits is refused whole; what was there stays.
    let cc = |n: usize| {
        json!({ "id": format!("c{n}"), "name": { "zh": "抄" }, "stage": "execute",
        "kind": { "type": "cc", "to": ["owner"] } })
    };
    let steps = doc["steps"].as_array_mut().unwrap();
    steps.splice(1..1, (0..10_000).map(cc));
    let refused = designer.put("/flows/yy/draft", "\"1\"", &json!({ "doc": doc })).await;
    assert_eq!((refused.status, codes(&refused)), (422, vec!["F-084".to_owned()]), "{}", refused.text);
    let inspected = designer.post("/flows/yy/inspect", json!({ "doc": doc })).await;
    assert_eq!(inspected.body["problems"].as_array().map(Vec::len), Some(1));
    assert_eq!(designer.draft("yy").await.0["steps"].as_array().map(Vec::len), Some(3));
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let request = designer.company.as_person(&designer.person, Method::PUT, "/flows/yy/draft");
    let deep = answer(request.header("if-match", "\"1\"").body(format!("{{\"doc\": {deep}}}"))).await;
    assert_eq!(codes(&deep), ["nested_too_deep"], "{}", deep.text);
}

#[tokio::test]
async fn s054_a_step_without_owner_or_instructions_cannot_be_published() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["kind"]["assignee"] = json!({ "role": "" });
    finance(&mut doc)["kind"]["sop"] = json!({ "zh": "", "en": "" });
    designer.save("standard", &doc).await;
    let refused = designer.post("/flows/standard/publish", json!({ "note": "no owner" })).await;
    assert_eq!(refused.status, 422);
    let found = codes(&refused);
    assert!(found.contains(&"F-001".to_owned()) && found.contains(&"F-007".to_owned()), "{found:?}");
    let flows = designer.get("/flows").await.body;
    assert_eq!(flows.as_array().unwrap().len(), 1, "nothing was published");
}

#[tokio::test]
async fn warnings_are_acknowledged_one_by_one_and_the_note_is_kept() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["kind"].as_object_mut().unwrap().remove("deadline_minutes");
    finance(&mut doc)["kind"].as_object_mut().unwrap().remove("remind_before_minutes");
    designer.save("standard", &doc).await;
    let short = designer.post("/flows/standard/publish", json!({ "note": "no" })).await;
    assert_eq!(codes(&short), ["note_too_short"]);
    let refused = designer.post("/flows/standard/publish", json!({ "note": "no deadline" })).await;
    assert!(codes(&refused).contains(&"F-040".to_owned()), "{}", refused.text);
    let version = designer.publish("standard").await;
    let flows = designer.get("/flows").await.body;
    let newest = &flows[0];
    assert_eq!((newest["version"].as_i64(), newest["state"].as_str()), (Some(version), Some("active")));
    assert_eq!(newest["note"], "for the test");
    let acknowledged = newest["acknowledged"].as_array().unwrap();
    assert!(acknowledged.contains(&json!("F-040@finance_review")), "{acknowledged:?}");
    assert_eq!(flows[1]["state"], "history");
    assert_eq!(designer.draft("standard").await.1, "\"0\"", "the draft is gone with its publication");
}

#[tokio::test]
async fn s057_picture_procedure_bpmn_and_what_runs_are_one_version() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["name"] = json!({ "zh": "财务复核甲", "en": "Finance check A" });
    finance(&mut doc)["kind"].as_object_mut().unwrap().remove("auto_when_clear");
    designer.save("standard", &doc).await;
    let version = designer.publish("standard").await;
    let order = designer.company.place(&clean("S057")).await;
    assert_eq!(order["flow"]["version"].as_i64(), Some(version));
    assert_eq!(open_nodes(&order), ["finance_review"]);
    for (form, kind) in [
        ("picture.svg", "image/svg+xml"),
        ("sop", "text/markdown; charset=utf-8"),
        ("bpmn", "application/xml"),
    ] {
        let now = designer.get(&format!("/flows/standard/versions/{version}/{form}?lang=zh")).await;
        assert_eq!((now.status, now.content_type.as_str()), (200, kind));
        assert!(now.text.contains("财务复核甲"), "{form}");
        let english = designer.get(&format!("/flows/standard/versions/{version}/{form}?lang=en")).await;
        assert!(english.text.contains("Finance check A"), "{form}");
        let before = designer.get(&format!("/flows/standard/versions/1/{form}")).await;
        assert!(before.text.contains("财务审核") && !before.text.contains("财务复核甲"), "{form}");
    }
    let document = designer.get(&format!("/flows/standard/versions/{version}")).await.body;
    assert_eq!(document, designer.get("/flows/standard").await.body);
    assert_eq!(designer.get("/flows/standard/versions/99/sop").await.status, 404);
}

#[tokio::test]
async fn two_versions_are_compared_in_sentences() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["kind"]["vote"] = json!("all");
    designer.save("standard", &doc).await;
    let with_draft = designer.get("/flows/standard/diff?from=1").await.body;
    assert_eq!(with_draft["sentences"][0]["text"], "修改:财务审核 或签 → 会签");
    let version = designer.publish("standard").await;
    let found = designer.get(&format!("/flows/standard/diff?from=1&to={version}&lang=en")).await.body;
    assert_eq!(found["sentences"][0]["text"], "Changed: Finance review: any one → everyone");
    assert_eq!(found["changes"][0]["path"], "kind.vote");
}

#[tokio::test]
async fn s099_a_flow_is_changed_by_its_owner_and_rolled_back_without_a_developer() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["kind"].as_object_mut().unwrap().remove("auto_when_clear");
    designer.save("standard", &doc).await;
    assert_eq!(designer.publish("standard").await, 2);
    let asked = designer.company.place(&clean("S099-1")).await;
    assert_eq!(open_nodes(&asked), ["finance_review"]);
    let sales = designer.company.sign_in("sales1").await;
    let request = designer.company.as_person(&sales, Method::POST, "/flows/standard/publish");
    assert_eq!(answer(request.json(&json!({ "note": "not mine", "restore": 1 }))).await.status, 403);
    let body = json!({ "note": "too many tasks", "restore": 1 });
    let back = designer.post("/flows/standard/publish", body).await;
    assert_eq!((back.status, back.body["version"].as_i64()), (200, Some(3)), "{}", back.text);
    let clear = designer.company.place(&clean("S099-2")).await;
    assert_eq!((clear["status"].as_str(), clear["flow"]["version"].as_i64()), (Some("confirmed"), Some(3)));
}

#[tokio::test]
async fn s104_the_flow_is_chosen_by_type_level_region_and_amount() {
    let designer = Designer::open().await;
    designer.side_flow("rush", json!({ "order_types": ["rush"], "priority": 5 })).await;
    designer.side_flow("north", json!({ "regions": ["Beijing"] })).await;
    designer
        .side_flow("vip", json!({ "customer_levels": ["A"], "amount_from": "1000", "priority": 3 }))
        .await;
    let flow = |order: &Value| order["flow"]["key"].as_str().unwrap().to_owned();
    let plain = designer.company.place(&clean("S104-1")).await;
    assert_eq!((flow(&plain), plain["status"].as_str()), ("standard".to_owned(), Some("confirmed")));
    let mut body = clean("S104-2");
    body["order_type"] = json!("rush");
    let rush = designer.company.place(&body).await;
    assert_eq!((flow(&rush), open_nodes(&rush)), ("rush".to_owned(), vec!["rush_review".to_owned()]));
    let mut body = clean("S104-3");
    body["ship_to"]["address"] = json!("Beijing, Road 1");
    assert_eq!(flow(&designer.company.place(&body).await), "north");
    let mut body = clean("S104-4");
    body["lines"][0]["quantity"] = json!("80");
    assert_eq!(flow(&designer.company.place(&body).await), "vip");
    // Out of force, its orders take the next flow; those under way stay.
    assert_eq!(designer.post("/flows/rush/disable", json!({ "reason": "not needed" })).await.status, 200);
    let mut body = clean("S104-5");
    body["order_type"] = json!("rush");
    assert_eq!(flow(&designer.company.place(&body).await), "standard");
    let still = designer.company.get(&format!("/orders/{}", rush["id"].as_str().unwrap())).await.body;
    assert_eq!(open_nodes(&still), ["rush_review"]);
    let refused = designer.post("/flows/standard/disable", json!({ "reason": "no" })).await;
    assert_eq!(codes(&refused), ["standard_flow_needed"]);
}

#[tokio::test]
async fn s099_a_replay_leaves_the_orders_of_other_flows_alone() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    doc["key"] = json!("rush");
    doc["scope"] = json!({ "order_types": ["rush"], "priority": 50 });
    designer.save("rush", &doc).await;
    designer.publish("rush").await;
    let mut rush = clean("S99-1");
    rush["order_type"] = json!("rush");
    designer.company.place(&rush).await;
    designer.company.place(&clean("S99-2")).await;
    let row = json!({ "row": { "field": "amount", "op": "ge", "value": { "number": "100" } } });
    let (mut draft, _) = designer.draft("standard").await;
    draft["steps"][3]["kind"]["lanes"][0]["when"] = row.clone();
    designer.save("standard", &draft).await;
    let standard = designer.post("/flows/standard/replay", json!({ "days": 7 })).await.body;
    assert_eq!((&standard["orders"], &standard["different"]), (&json!(1), &json!(1)), "{standard}");
    // What a narrower scope lets go is treated by the flow that takes it then.
    doc["scope"]["order_types"] = json!(["special"]);
    doc["steps"][3]["kind"]["lanes"][0]["when"] = row;
    designer.save("rush", &doc).await;
    let narrowed = designer.post("/flows/rush/replay", json!({ "days": 7 })).await.body;
    assert_eq!((&narrowed["orders"], &narrowed["different"]), (&json!(1), &json!(0)), "{narrowed}");
}

#[tokio::test]
async fn s100_the_check_lists_past_orders_that_no_condition_was_made_for() {
    let designer = Designer::open().await;
    for po in ["S100-1", "S100-2"] {
        designer.company.place(&clean(po)).await;
    }
    let (mut doc, _) = designer.draft("standard").await;
    let row = json!({ "row": { "field": "amount", "op": "ge", "value": { "number": "100" } } });
    doc["steps"][3]["kind"]["lanes"][0]["when"] = row;
    designer.save("standard", &doc).await;
    let checked = designer.post("/flows/standard/check", json!({})).await.body;
    assert_eq!((checked["orders"].as_u64(), checked["uncovered"].as_array().unwrap().len()), (Some(2), 0));
    let replayed = designer.post("/flows/standard/replay", json!({ "days": 7 })).await.body;
    assert_eq!(replayed["different"], 2);
    assert_eq!(replayed["groups"][0]["added"], json!(["manager_approval"]));
    assert_eq!(
        replayed["groups"][0]["unmeasured"],
        json!(["manager_approval"]),
        "nobody has decided there yet"
    );
    assert_eq!(replayed["groups"][0]["orders"].as_array().unwrap().len(), 2);
    let row = json!({ "row": { "field": "amount", "op": "ge", "value": { "number": "1000000" } } });
    doc["steps"][3]["kind"]["lanes"][0]["when"] = row;
    designer.save("standard", &doc).await;
    let checked = designer.post("/flows/standard/check", json!({})).await.body;
    assert_eq!(checked["uncovered"][0]["node"], "large_or_special");
    assert_eq!(checked["uncovered"][0]["count"], 2);
    assert_eq!(checked["asks_nobody"], 2);
}

#[tokio::test]
async fn a_saved_case_that_goes_another_way_keeps_the_flow_from_being_published() {
    let designer = Designer::open().await;
    let (doc, tag) = designer.draft("standard").await;
    let case = |amount: &str| json!({ "name": "large", "facts": { "amount": amount }, "path": ["manager_approval"] });
    let body = json!({ "doc": doc, "cases": [case("60000"), case("10")] });
    assert_eq!(designer.put("/flows/standard/draft", &tag, &body).await.status, 200);
    let checked = designer.post("/flows/standard/check", json!({})).await.body;
    let failing: Vec<_> =
        checked["problems"].as_array().unwrap().iter().filter(|p| p["code"] == "F-061").collect();
    assert_eq!(failing.len(), 1, "{checked}");
    assert_eq!(checked["may_be_published"], false);
    let refused = designer.post("/flows/standard/publish", json!({ "note": "cases fail" })).await;
    assert!(codes(&refused).contains(&"F-061".to_owned()));
}

#[tokio::test]
async fn s069_running_orders_keep_their_version_until_they_are_moved_by_plan() {
    let designer = Designer::open().await;
    let mut large = clean("S069-1");
    large["lines"][0]["quantity"] = json!("50");
    large["lines"][0]["unit_price"] = json!("10.00");
    let order = designer.company.place(&large).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(open_nodes(&order), ["finance_review"], "the price differs");
    // The step is renamed and gets another backup.
    let (mut doc, _) = designer.draft("standard").await;
    finance(&mut doc)["kind"]["backup"] = json!({ "role": "sales_manager" });
    designer.save("standard", &doc).await;
    assert_eq!(designer.publish("standard").await, 2);
    let still = designer.company.get(&path).await.body;
    assert_eq!(still["flow"]["version"], 1);
    let plan = designer.get("/flows/standard/migrate").await.body;
    assert_eq!((plan[0]["from"].as_i64(), plan[0]["counts"]["B"].as_i64()), (Some(1), Some(1)), "{plan}");
    let held = designer.post("/flows/standard/migrate", json!({ "classes": ["A"] })).await.body;
    assert_eq!(
        (held[0]["moved"].as_bool(), held[0]["reason_code"].as_str()),
        (Some(false), Some("not_movable"))
    );
    let nobody = "0193f3a0-0000-7000-8000-000000000000";
    let wrong = json!({ "classes": [], "mapping": { "x": "gone", "y": "confirmed" } });
    let refused = designer.post("/flows/standard/migrate", wrong).await;
    let mut named = codes(&refused);
    named.sort_unstable();
    assert_eq!(
        (refused.status, named),
        (422, ["missing", "step_not_enterable", "unknown_step"].map(str::to_owned).to_vec()),
        "{}",
        refused.text
    );
    let absent =
        designer.post("/flows/standard/migrate", json!({ "classes": ["B"], "orders": [nobody] })).await;
    assert_eq!(
        (absent.status, &absent.body[0]["reason_code"]),
        (200, &json!("not_running")),
        "{}",
        absent.text
    );
    let moved = designer.post("/flows/standard/migrate", json!({ "classes": ["A", "B"] })).await.body;
    assert_eq!(moved[0]["moved"], true, "{moved}");
    let now = designer.company.get(&path).await.body;
    assert_eq!(
        (now["flow"]["version"].as_i64(), open_nodes(&now)),
        (Some(2), vec!["finance_review".to_owned()])
    );
    let undone = designer.post(&format!("{path}/undo-migration"), json!({})).await;
    assert_eq!((undone.status, undone.body["flow"]["version"].as_i64()), (200, Some(1)), "{}", undone.text);
    assert_eq!(designer.post(&format!("{path}/undo-migration"), json!({})).await.status, 409);
}

#[tokio::test]
async fn an_order_whose_step_is_gone_goes_on_where_it_is_told_to() {
    let designer = Designer::open().await;
    let mut large = clean("M-1");
    large["special_requests"] = json!("paint it green");
    let order = designer.company.place(&large).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(open_nodes(&order), ["sales_review"]);
    // One department less: its reviews are the sales manager's now, before the others.
    let (mut doc, _) = designer.draft("standard").await;
    let mut lane = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap().remove(0);
    let mut step = lane["steps"][0].take();
    step["id"] = json!("desk_review");
    step["kind"]["assignee"] = json!({ "role": "sales_manager" });
    doc["steps"].as_array_mut().unwrap().insert(2, step);
    designer.save("standard", &doc).await;
    assert_eq!(designer.publish("standard").await, 2);
    let plan = designer.get("/flows/standard/migrate").await.body;
    let group = &plan[0]["groups"][0];
    assert_eq!(
        (group["class"].as_str(), group["suggestion"].as_str()),
        (Some("C"), Some("desk_review")),
        "{plan}"
    );
    let lost = designer.post("/flows/standard/migrate", json!({ "classes": ["C"] })).await.body;
    assert_eq!(lost[0]["reason_code"], "not_movable");
    let body = json!({ "classes": ["C"], "mapping": { "sales_review": "desk_review" } });
    let moved = designer.post("/flows/standard/migrate", body).await.body;
    assert_eq!(moved[0]["moved"], true, "{moved}");
    let now = designer.company.get(&path).await.body;
    assert_eq!(
        (now["flow"]["version"].as_i64(), open_nodes(&now)),
        (Some(2), vec!["desk_review".to_owned()])
    );
    let manager = designer.company.sign_in("smgr1").await;
    let decided = designer.company.decide(&manager, &now, "desk_review", "approve").await;
    assert_eq!(
        (decided.status, decided.body["order"]["status"].as_str().or(decided.body["status"].as_str())),
        (200, Some("confirmed")),
        "{}",
        decided.text
    );
}

#[tokio::test]
async fn a_flow_begins_from_a_shipped_template() {
    let designer = Designer::open().await;
    let saved = designer.put("/flows/chain/draft", "\"0\"", &json!({ "template": "sequential" })).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let (doc, _) = designer.draft("chain").await;
    assert_eq!((doc["key"].as_str(), doc["steps"].as_array().unwrap().len()), (Some("chain"), 7));
    assert_eq!(designer.publish("chain").await, 1);
    let unknown = designer.put("/flows/other/draft", "\"0\"", &json!({ "template": "nothing" })).await;
    assert_eq!(codes(&unknown), ["unknown_template"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s028_a_document_is_checked_told_and_tried_before_anything_is_saved() {
    let designer = Designer::open().await;
    let known = designer.get("/flow-vocabulary?lang=en").await;
    assert_eq!(known.status, 200, "{}", known.text);
    assert!(known.body["words"]["vote.any"].is_string() && known.body["names"]["role.finance"] == "Finance");
    let fields = known.body["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|field| field["name"] == "amount" && field["type"] == "money" && field["line"] == false)
    );
    assert!(known.body["templates"].as_array().unwrap().iter().any(|each| each["key"] == "sequential"));
    let (mut doc, _) = designer.draft("standard").await;
    let branch = json!({ "id": "large", "name": { "zh": "大额", "en": "Large" }, "stage": "review", "kind": {
        "type": "exclusive", "lanes": [
            { "id": "big", "name": { "zh": "大", "en": "Big" },
                "when": { "row": { "field": "amount", "op": "ge", "value": { "number": "100000" }, "when_empty": false } },
                "steps": [{ "id": "boss", "name": { "zh": "总经理审批", "en": "Boss" }, "stage": "review",
                    "kind": { "type": "review", "assignee": { "role": "management" }, "deadline_minutes": 60 } }] },
            { "id": "rest", "name": { "zh": "其他", "en": "Rest" }, "otherwise": true }] } });
    doc["steps"].as_array_mut().unwrap().insert(3, branch);
    let told = designer.post("/flows/standard/inspect?lang=en", json!({ "doc": doc })).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.body["may_be_published"], false);
    let problems = told.body["problems"].as_array().unwrap();
    let missing = problems.iter().find(|each| each["code"] == "F-007").expect("nobody says what to do there");
    assert_eq!((missing["node"].as_str(), missing["mark"].as_str()), (Some("boss"), Some("F-007@boss")));
    assert!(missing["text"].as_str().unwrap().contains("Boss"), "{missing}");
    assert!(told.body["conditions"]["large/big"].as_str().unwrap().contains("100,000"));
    assert!(!told.body["candidates"]["boss"]["people"].as_array().unwrap().is_empty());
    for (amount, asked) in [("120000", true), ("90000", false)] {
        let facts = json!({ "amount": amount, "currency": "CNY" });
        let tried = designer.post("/flows/standard/try", json!({ "doc": doc, "facts": facts })).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        let steps = tried.body["steps"].as_array().unwrap();
        assert_eq!(
            steps.iter().any(|step| step["node"] == "boss" && step["how"] == "asked"),
            asked,
            "{amount}"
        );
        let ways = tried.body["ways"].as_array().unwrap();
        let way = ways.iter().find(|way| way["lane"] == "big").unwrap();
        assert_eq!((way["taken"].as_bool(), way["rows"][0]["holds"].as_bool()), (Some(asked), Some(asked)));
    }
    let unknown = designer.post("/flows/standard/try", json!({ "doc": doc, "order": "NO-SUCH" })).await;
    assert_eq!((unknown.status, codes(&unknown)), (422, vec!["unknown_order".to_owned()]));
    let overview = designer.get("/flow-overview").await;
    assert_eq!(overview.body["drafts"], json!([]), "nothing was saved: {}", overview.text);
    designer.save("standard", &doc).await;
    let overview = designer.get("/flow-overview").await;
    assert_eq!(overview.body["drafts"][0]["key"], "standard", "{}", overview.text);
    assert!(!overview.body["scopes"]["standard"]["zh"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_move_keeps_tasks_and_deadlines_or_asks_anew_as_it_is_told() {
    let designer = Designer::open().await;
    let place = async |po: &str| {
        let mut large = clean(po);
        large["lines"][0]["quantity"] = json!("50");
        large["lines"][0]["unit_price"] = json!("10.00");
        designer.company.place(&large).await
    };
    let orders = [place("C3-1").await, place("C3-2").await, place("C3-3").await];
    let (mut doc, _) = designer.draft("standard").await;
    let settings = &mut finance(&mut doc)["kind"];
    settings["assignee"] = json!({ "role": "sales_manager" });
    settings["deadline_minutes"] = json!(7 * 60);
    designer.save("standard", &doc).await;
    designer.publish("standard").await;
    let before: Vec<Value> = open_tasks(&designer, &orders).await;
    for (order, choice) in
        orders.iter().zip([json!({}), json!({ "deadlines": "recompute" }), json!({ "tasks": "reassign" })])
    {
        let mut body = json!({ "classes": ["B"], "orders": [order["id"]] });
        body.as_object_mut().unwrap().extend(choice.as_object().unwrap().clone());
        let moved = designer.post("/flows/standard/migrate", body).await;
        assert_eq!(moved.body[0]["moved"], true, "{}", moved.text);
    }
    let after = open_tasks(&designer, &orders).await;
    let same = |at: usize, name: &str| before[at][name] == after[at][name];
    assert!(same(0, "id") && same(0, "due_at") && same(0, "assignee"), "{} {}", before[0], after[0]);
    assert!(same(1, "id") && !same(1, "due_at"), "{} {}", before[1], after[1]);
    assert!(!same(2, "id") && after[2]["assignee"]["key"] == "sales_manager", "{}", after[2]);
    let undone = designer
        .post(&format!("/orders/{}/undo-migration", orders[2]["id"].as_str().unwrap()), json!({}))
        .await;
    assert_eq!(undone.status, 200, "{}", undone.text);
    let again = open_tasks(&designer, &orders).await;
    assert_eq!((&again[2]["id"], &again[2]["assignee"]["key"]), (&before[2]["id"], &json!("finance")));
}

/// The one open task of each order.
async fn open_tasks(designer: &Designer, orders: &[Value]) -> Vec<Value> {
    let mut found = Vec::new();
    for order in orders {
        let order = designer.company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
        let open = order["tasks"].as_array().unwrap().iter().find(|task| task["state"] == "open").unwrap();
        let id = open["id"].as_str().unwrap();
        found.push(designer.get(&format!("/tasks/{id}")).await.body);
    }
    found
}
