//! Flows played before anybody works by them: as one person after the other, with time that passes, and without a trace.

use super::company::{Answer, clean};
use super::flows::{Designer, codes};
use serde_json::{Value, json};

async fn play(designer: &Designer, body: Value) -> Answer {
    designer.post("/flows/standard/play", body).await
}

/// The document in which large orders go to the sales manager for an hour, and then to the management.
async fn hurried(designer: &Designer) -> Value {
    let (mut doc, _) = designer.draft("standard").await;
    let kind = &mut step(&mut doc, "manager_approval")["kind"];
    kind["deadline_minutes"] = Value::Null;
    kind["deadline"] =
        json!({ "from": { "after": { "minutes": 60 } }, "rules": [{ "at_minutes": 0, "do": "to_backup" }] });
    doc
}

fn step<'d>(doc: &'d mut Value, id: &str) -> &'d mut Value {
    fn within<'d>(steps: &'d mut Value, id: &str) -> Option<&'d mut Value> {
        for step in steps.as_array_mut()? {
            if step["id"] == id {
                return Some(step);
            }
            let lanes = step.pointer_mut("/kind/lanes").and_then(Value::as_array_mut);
            let inside = lanes.into_iter().flatten().find_map(|lane| within(&mut lane["steps"], id));
            if inside.is_some() {
                return inside;
            }
        }
        None
    }
    within(&mut doc["steps"], id).unwrap()
}

fn task<'p>(played: &'p Answer, node: &str) -> &'p Value {
    let found = played.body["tasks"].as_array().unwrap().iter().find(|task| task["node"] == node);
    found.unwrap_or_else(|| panic!("{node} waits: {}", played.text))
}

fn people(task: &Value) -> Vec<(&str, &str)> {
    let people = task["people"].as_array().unwrap().iter();
    people.map(|each| (each["login"].as_str().unwrap(), each["place"].as_str().unwrap())).collect()
}

/// The refusal of an act: status, code, and the act that it names.
fn refused(played: &Answer) -> (u16, &str, &str) {
    let fault = played.body["findings"].as_array().and_then(|faults| faults.last());
    let path = fault.and_then(|fault| fault["path"].as_str()).unwrap_or_default();
    (played.status, played.body["code"].as_str().unwrap_or_default(), path)
}

fn large() -> Value {
    json!({ "amount": "120000", "currency": "CNY" })
}

#[tokio::test]
async fn s028_a_draft_is_played_as_its_people_while_time_passes_and_nothing_is_stored() {
    let designer = Designer::open().await;
    let doc = hurried(&designer).await;
    let body = |acts: Value| json!({ "doc": doc, "facts": large(), "acts": acts });
    let begun = play(&designer, body(json!([]))).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert_eq!((begun.body["status"].as_str(), &begun.body["findings"]), (Some("in_review"), &json!([])));
    let asked = task(&begun, "manager_approval");
    assert_eq!(people(asked), [("smgr1", "holder"), ("boss", "backup")]);
    assert_eq!(asked["holder"]["key"], "sales_manager");
    assert!(asked["why"]["en"].as_str().unwrap().contains("120000"), "{asked}");
    let late = begun.body["ahead"].as_array().unwrap().iter().find(|each| each["kind"] == "deadline_rule");
    let late = late.unwrap_or_else(|| panic!("{}", begun.text));
    assert!(late["details"].to_string().contains("Sales manager"), "it says what the timer would do: {late}");

    let wait = json!({ "act": "wait", "until": late["at"] });
    let waited = play(&designer, body(json!([wait]))).await;
    assert_eq!(waited.status, 200, "{}", waited.text);
    assert_eq!(waited.body["now_at"], late["at"]);
    let asked = task(&waited, "manager_approval");
    assert_eq!(
        (asked["holder"]["key"].as_str(), asked["passages"][1]["why"].as_str()),
        (Some("management"), Some("overdue"))
    );
    assert!(waited.body["worked_minutes"].as_i64().unwrap() >= 60, "{}", waited.text);

    let approve = json!({ "act": "approve", "task": asked["number"], "as": "boss", "reason": "ok" });
    let ended = play(&designer, body(json!([wait, approve]))).await;
    assert_eq!((ended.status, ended.body["status"].as_str()), (200, Some("confirmed")), "{}", ended.text);
    assert_eq!(
        (&ended.body["tasks"], ended.body["way"]["outcome"].as_str()),
        (&json!([]), Some("confirmed"))
    );
    let told = ended.body["notices"].as_array().unwrap();
    let mail = told.iter().find(|each| each["channel"] == "mail" && each["template"] == "order_confirmed");
    let mail = mail.unwrap_or_else(|| panic!("{}", ended.text));
    assert!(mail["subject"].as_str().unwrap().contains("SIM-1"), "{mail}");
    assert!(mail["text"]["zh"].as_str().unwrap().contains("120000.00"), "{mail}");
    let own = told.iter().find(|each| each["channel"] == "in_app" && each["template"] == "order_confirmed");
    assert!(own.is_some_and(|own| own["text"]["en"].as_str().unwrap().contains("SIM-1")), "{}", ended.text);
    let causes: Vec<&str> =
        ended.body["story"].as_array().unwrap().iter().filter_map(|entry| entry["cause"].as_str()).collect();
    assert_eq!((causes.first(), causes.last()), (Some(&"start"), Some(&"act")));
    assert!(causes.contains(&"timer"));
    assert_eq!(play(&designer, body(json!([wait, approve]))).await.body["story"], ended.body["story"]);

    for path in ["/orders", "/tasks", "/exceptions"] {
        let found = designer.get(path).await;
        assert_eq!((found.status, &found.body["items"]), (200, &json!([])), "{path}: {}", found.text);
    }
    assert_eq!(designer.get("/notices").await.body["unread"], 0);
    assert_eq!(designer.get("/flow-overview").await.body["drafts"], json!([]));
}

#[tokio::test]
async fn s028_an_act_that_would_be_refused_is_refused_and_named() {
    let designer = Designer::open().await;
    let doc = hurried(&designer).await;
    let body = |acts: Value| json!({ "doc": doc, "facts": large(), "acts": acts });
    let act =
        |act: &str, task: u32, login: &str| json!({ "act": act, "task": task, "as": login, "reason": "no" });
    let begun = play(&designer, body(json!([]))).await;
    let n = u32::try_from(task(&begun, "manager_approval")["number"].as_u64().unwrap()).unwrap();
    let wrong = play(&designer, body(json!([act("approve", n, "fin1")]))).await;
    assert_eq!(refused(&wrong), (403, "not_your_task", "acts[0]"), "{}", wrong.text);
    let nobody = play(&designer, body(json!([act("approve", n, "nobody")]))).await;
    assert_eq!(refused(&nobody), (422, "unknown_person", "acts[0]"), "{}", nobody.text);
    let elsewhere = play(&designer, body(json!([act("approve", n + 40, "smgr1")]))).await;
    assert_eq!(refused(&elsewhere), (404, "task_not_found", "acts[0]"), "{}", elsewhere.text);
    let twice = play(&designer, body(json!([act("reject", n, "smgr1"), act("approve", n, "smgr1")]))).await;
    assert_eq!((refused(&twice).0, refused(&twice).2), (409, "acts[1]"), "{}", twice.text);
    for (bad, path) in [
        (json!([{ "act": "dance" }]), "acts[0]"),
        (json!([act("approve", n, "smgr1"), { "act": "wait", "until": "soon" }]), "acts[1]"),
        (json!(7), "acts"),
    ] {
        let found = play(&designer, body(bad)).await;
        assert_eq!(
            (found.status, found.body["findings"][0]["path"].as_str()),
            (422, Some(path)),
            "{}",
            found.text
        );
        assert_eq!(codes(&found), ["act_unreadable"]);
    }
    let back = json!([{ "act": "wait", "until": "2001-01-01T00:00:00Z" }]);
    assert_eq!(refused(&play(&designer, body(back)).await), (422, "play_time", "acts[0]"));
    let far = json!([{ "act": "wait", "until": "2999-01-01T00:00:00Z" }]);
    assert_eq!(refused(&play(&designer, body(far)).await), (422, "play_time", "acts[0]"));
    let many: Vec<Value> = (0..201).map(|_| json!({ "act": "submit" })).collect();
    assert_eq!(codes(&play(&designer, body(json!(many))).await), ["too_many_items"]);
    let unknown = play(&designer, json!({ "doc": doc, "order": "NO-SUCH" })).await;
    assert_eq!((unknown.status, codes(&unknown)), (422, vec!["unknown_order".to_owned()]));
    let mut inner = doc.clone();
    inner["purpose"] = json!("fulfilment");
    let inner = play(&designer, json!({ "doc": inner, "facts": large() })).await;
    assert_eq!(
        (inner.status, inner.body["code"].as_str()),
        (422, Some("purpose_not_played")),
        "{}",
        inner.text
    );
    let sales = designer.company.sign_in("sales1").await;
    let none = designer.company.post_as(&sales, "/flows/standard/play", &body(json!([]))).await;
    assert_eq!((none.status, none.body["code"].as_str()), (403, Some("forbidden")));
}

#[tokio::test]
async fn s028_a_real_order_is_played_and_stays_as_it_is() {
    let designer = Designer::open().await;
    let mut large = clean("PLAY-1");
    large["lines"][0]["quantity"] = json!("50");
    large["lines"][0]["unit_price"] = json!("10.00");
    let order = designer.company.place(&large).await;
    let (id, number) = (order["id"].as_str().unwrap(), order["number"].as_str().unwrap());
    let before = designer.get(&format!("/orders/{id}")).await;
    let (doc, _) = designer.draft("standard").await;
    let body = |acts: Value| json!({ "doc": doc, "order": number, "acts": acts });
    let begun = play(&designer, body(json!([]))).await;
    assert_eq!((begun.status, begun.body["number"].as_str()), (200, Some(number)), "{}", begun.text);
    let n = task(&begun, "finance_review")["number"].clone();
    let bare = json!({ "act": "approve", "task": n, "as": "fin1" });
    let bare = play(&designer, body(json!([bare]))).await;
    assert_eq!(
        (bare.status, bare.body["code"].as_str()),
        (422, Some("finding_needs_reason")),
        "{}",
        bare.text
    );
    let approve = json!({ "act": "approve", "task": n, "as": "fin1", "reason": "agreed by phone" });
    let ended = play(&designer, body(json!([approve]))).await;
    assert_eq!((ended.status, ended.body["status"].as_str()), (200, Some("confirmed")), "{}", ended.text);
    let after = designer.get(&format!("/orders/{id}")).await;
    assert_eq!((after.etag, after.body), (before.etag, before.body), "the order itself has not moved");
}

#[tokio::test]
async fn s028_a_play_goes_back_to_its_sender_and_on_and_shows_what_each_may_see_and_write() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    let kind = &mut step(&mut doc, "manager_approval")["kind"];
    kind["fields"] = json!({ "special_requests": "edit", "payment_terms": "hide" });
    kind["requires"] = json!(["special_requests"]);
    let body = |acts: Value, look: Value| json!({ "doc": doc, "facts": large(), "acts": acts, "look": look });
    let begun = play(&designer, body(json!([]), Value::Null)).await;
    let asked = task(&begun, "manager_approval");
    let n = asked["number"].clone();
    assert_eq!(
        (&begun.body["fields"], asked["missing"][0]["path"].as_str()),
        (&json!([]), Some("special_requests"))
    );
    let looked = play(&designer, body(json!([]), json!({ "task": n, "as": "smgr1" }))).await;
    let fields = looked.body["fields"].as_array().unwrap();
    let field =
        |path: &str| fields.iter().find(|field| field["path"] == path).unwrap_or_else(|| panic!("{path}"));
    let access = |path: &str| field(path)["access"].as_str().unwrap();
    assert_eq!(
        (access("special_requests"), access("payment_terms"), access("currency")),
        ("edit", "hide", "read")
    );
    assert_eq!(
        (&field("payment_terms")["value"], &field("currency")["value"]),
        (&Value::Null, &json!("CNY"))
    );
    assert_eq!(field("special_requests")["required"], true);
    let back = json!({ "act": "return", "task": n, "as": "smgr1", "reason": "say more" });
    let returned = play(&designer, body(json!([back]), Value::Null)).await;
    assert_eq!(returned.body["status"], "incomplete", "{}", returned.text);
    assert_eq!(returned.body["waits"][0]["kind"], "sender");
    let again = play(&designer, body(json!([back, { "act": "submit" }]), Value::Null)).await;
    let n = task(&again, "manager_approval")["number"].clone();
    let bare = json!({ "act": "approve", "task": n, "as": "smgr1" });
    let bare = play(&designer, body(json!([back, { "act": "submit" }, bare]), Value::Null)).await;
    assert_eq!((bare.status, bare.body["code"].as_str()), (422, Some("fields_missing")), "{}", bare.text);
    assert_eq!(refused(&bare).2, "acts[2]");
    let approve =
        json!({ "act": "approve", "task": n, "as": "smgr1", "values": { "special_requests": "wrapped" } });
    let ended = play(&designer, body(json!([back, { "act": "submit" }, approve]), Value::Null)).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_ne!(ended.body["way"]["steps"], begun.body["way"]["steps"]);
}
