//! What people do with work that is theirs: have it prepared by somebody else, let it stand still, send copies; and
//! among whom they may choose.

use crate::company::{Company, Person, answer, clean, task};
use crate::step_settings::{act, company_of, monday, placed, review, step};
use ordain_app::admin::AdminCommand;
use ordain_app::audit::verify;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;

async fn look(settings: Value) -> (Company, Value, Person) {
    let kind = review(settings);
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    (company, order, sales)
}

fn offered<'a>(task: &'a Value, name: &str) -> Option<&'a Value> {
    task["actions"].as_array().unwrap().iter().find(|act| act["name"] == name)
}

async fn task_of(company: &Company, person: &Person, task: &Value) -> Value {
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    answer(company.as_person(person, Method::GET, &path)).await.body
}

fn sound(company: &Company) {
    let report = verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn delegated_work_comes_back_to_whoever_delegated_it_and_nobody_else_decides() {
    let (company, order, sales) = look(json!({})).await;
    let own = task(&order, "look");
    assert_eq!(offered(&own, "give_back"), None);
    let to = |login: &str| json!({ "to": login, "reason": "check the drawing" });
    assert_eq!(act(&company, &sales, &own, "delegate", to("wh1")).await.1["code"], "unfit_person");
    let (status, done) = act(&company, &sales, &own, "delegate", to("smgr1")).await;
    assert_eq!(status, 200, "{done}");
    let manager = company.sign_in("smgr1").await;
    let lent = task_of(&company, &manager, &own).await;
    assert_eq!(
        (&lent["assignee"]["key"], &lent["entrusted_by"]["login"]),
        (&json!("smgr1"), &json!("sales1"))
    );
    assert_eq!(offered(&lent, "approve").unwrap()["reason_code"], "entrusted");
    assert_eq!(offered(&lent, "give_back").unwrap()["allowed"], true);
    for (act_name, body) in [
        ("decide", json!({ "decision": "approve" })),
        ("transfer", to("sales1")),
        ("delegate", to("sales1")),
        ("add-signer", json!({ "login": "boss", "at": "before" })),
        ("return", json!({ "reason": "no" })),
    ] {
        let (status, said) = act(&company, &manager, &own, act_name, body).await;
        assert_eq!((status, &said["code"]), (409, &json!("entrusted")), "{act_name}: {said}");
    }
    // Meanwhile it is not whose it was, except to call it back.
    assert_eq!(act(&company, &sales, &own, "decide", json!({ "decision": "approve" })).await.0, 403);
    let stranger = company.sign_in("wh1").await;
    assert_eq!(act(&company, &stranger, &own, "give-back", json!({})).await.0, 403);
    let (status, _) = act(&company, &manager, &own, "give-back", json!({ "note": "the drawing fits" })).await;
    assert_eq!(status, 200);
    assert_eq!(act(&company, &manager, &own, "give-back", json!({})).await.1["code"], "not_entrusted");
    let back = task_of(&company, &sales, &own).await;
    assert_eq!((&back["assignee"]["key"], &back["entrusted_by"]), (&json!("sales1"), &Value::Null));
    let story = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await.text;
    assert!(story.contains("委派") && story.contains("交回"), "{story}");
    assert_eq!(act(&company, &sales, &own, "decide", json!({ "decision": "approve" })).await.0, 200);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn delegated_work_is_called_back_and_switched_off_and_a_step_says_among_whom() {
    let ranges =
        json!({ "delegate": "anyone", "transfer": { "role": "finance" }, "add_signer": "same_department" });
    let (company, order, sales) =
        look(json!({ "ranges": ranges, "exclude": [{ "deciders_of": "look" }] })).await;
    let own = task(&order, "look");
    for (name, among, apart) in
        [("delegate", "wh1", "sales1x"), ("transfer", "fin1", "smgr1"), ("add_signer", "smgr1", "fin1")]
    {
        let path = format!("/colleagues?task={}&act={name}", own["id"].as_str().unwrap());
        let listed = answer(company.as_person(&sales, Method::GET, &path)).await;
        let logins: Vec<&str> = listed.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| each["login"].as_str().unwrap())
            .collect();
        assert!(logins.contains(&among) && !logins.contains(&apart), "{name}: {logins:?}");
    }
    let bad = answer(company.as_person(
        &sales,
        Method::GET,
        &format!("/colleagues?task={}&act=urge", own["id"].as_str().unwrap()),
    ))
    .await;
    assert_eq!(bad.status, 400, "{}", bad.text);
    for (act_name, body) in [
        ("transfer", json!({ "to": "smgr1", "reason": "x" })),
        ("add-signer", json!({ "login": "fin1", "at": "before" })),
    ] {
        let (status, said) = act(&company, &sales, &own, act_name, body).await;
        assert_eq!((status, &said["code"]), (422, &json!("unfit_person")), "{act_name}: {said}");
    }
    let body = json!({ "to": "wh1", "reason": "count the boxes" });
    assert_eq!(act(&company, &sales, &own, "delegate", body).await.0, 200);
    assert_eq!(act(&company, &sales, &own, "give-back", json!({})).await.0, 200, "called back");
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("可选人范围") && sop.contains("委派：任何人"), "{sop}");
    let (company, order, sales) = look(json!({ "without": ["delegate", "hold", "cc", "print"] })).await;
    let own = task(&order, "look");
    for name in ["delegate", "hold", "cc", "print"] {
        assert_eq!(offered(&own, name), None, "{name}");
    }
    for (act_name, body) in [
        ("delegate", json!({ "to": "smgr1", "reason": "x" })),
        ("hold", json!({ "minutes": 5, "reason": "x" })),
        ("copies", json!({ "to": ["boss"] })),
    ] {
        assert_eq!(act(&company, &sales, &own, act_name, body).await.1["code"], "not_offered", "{act_name}");
    }
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_on_hold_stands_still_with_its_clock_and_goes_on_by_itself() {
    let (company, order, sales) = look(json!({ "hold_max_minutes": 90 })).await;
    let own = task(&order, "look");
    let hold = |minutes: i64| json!({ "minutes": minutes, "reason": "waiting for the sample" });
    let (status, said) = act(&company, &sales, &own, "hold", hold(91)).await;
    assert_eq!((status, &said["code"]), (422, &json!("hold_too_long")), "{said}");
    assert_eq!(
        act(&company, &sales, &own, "hold", json!({ "minutes": 60 })).await.1["code"],
        "reason_required"
    );
    assert_eq!(act(&company, &sales, &own, "resume", json!({})).await.1["code"], "not_on_hold");
    assert_eq!(act(&company, &sales, &own, "hold", hold(60)).await.0, 200);
    let held = task_of(&company, &sales, &own).await;
    assert!(held["held_until"].as_str().unwrap().contains("11:00"), "{held}");
    assert_eq!(offered(&held, "hold"), None);
    // Nobody knows when it is due until its clock goes on.
    let clock = |task: &Value| [task["due_at"].is_null(), task["stands_since"].is_null()];
    assert_eq!((clock(&own), clock(&held)), ([false, true], [true, false]), "{held}");
    let on = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
    assert_eq!(on["waiting_on"][0]["due_at"], Value::Null, "{on}");
    sound(&company);
    company.app.clock.set_ms(monday() + 61 * MINUTE_MS);
    ordain_app::reconcile::fire_due_timers(&company.app).await.unwrap();
    let on = task_of(&company, &sales, &own).await;
    assert_eq!((&on["held_until"], &on["hold_minutes"]), (&Value::Null, &json!(29)));
    // An hour and a minute later, with the break of noon between.
    let due = |task: &Value| task["due_at"].as_str().unwrap()[11..16].to_owned();
    assert_eq!((due(&own), due(&on)), ("11:00".to_owned(), "13:01".to_owned()));
    // What is left may be used, and resumed before its time.
    assert_eq!(act(&company, &sales, &own, "hold", hold(30)).await.1["code"], "hold_too_long");
    assert_eq!(act(&company, &sales, &own, "hold", hold(29)).await.0, 200);
    assert_eq!(act(&company, &sales, &own, "resume", json!({})).await.0, 200);
    assert_eq!(act(&company, &sales, &own, "decide", json!({ "decision": "approve" })).await.0, 200);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_sent_from_a_button_and_stands_in_the_record() {
    let (company, order, sales) = look(json!({ "labels": { "cc": { "zh": "知会", "en": "Inform" } } })).await;
    let own = task(&order, "look");
    assert_eq!(offered(&own, "cc").unwrap()["label"]["en"], "Inform");
    assert_eq!(offered(&own, "print").unwrap()["allowed"], true);
    let (status, said) = act(&company, &sales, &own, "copies", json!({ "to": ["ghost"] })).await;
    assert_eq!((status, &said["code"]), (422, &json!("unknown_person")), "{said}");
    assert_eq!(act(&company, &sales, &own, "copies", json!({})).await.0, 422);
    let body = json!({ "to": ["boss", "fin1"], "note": "for the meeting" });
    assert_eq!(act(&company, &sales, &own, "copies", body).await.0, 200);
    let boss = company.sign_in("boss").await;
    let told = answer(company.as_person(&boss, Method::GET, "/notices")).await.text;
    assert!(told.contains("copied"), "{told}");
    // It lies in a queue of its own until it is read, for each by themselves.
    let fin1 = company.sign_in("fin1").await;
    let copies = async |person, narrow: &str| {
        let page = answer(company.as_person(person, Method::GET, &format!("/tasks?queue=cc{narrow}"))).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let kinds = page.body["items"].as_array().unwrap().iter().map(|item| item["kind"].clone());
        (kinds.collect::<Vec<_>>(), page.body["counts"]["cc"].clone())
    };
    assert_eq!(copies(&boss, "").await, (vec![json!("copy")], json!(1)));
    assert_eq!(copies(&boss, "&customer=C002").await, (vec![], json!(1)), "another customer's");
    let read = json!({ "copies_of": order["id"] });
    assert_eq!(company.post_as(&boss, "/notices/read", &read).await.status, 200);
    assert_eq!(copies(&boss, "").await, (vec![], json!(0)));
    assert_eq!(copies(&fin1, "").await, (vec![json!("copy")], json!(1)));
    let story = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await.text;
    assert!(story.contains("抄送给"), "{story}");
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn s056_work_is_given_to_nobody_whom_four_eyes_keep_from_deciding_it() {
    let second = review(json!({ "exclude": [{ "deciders_of": "look" }] }));
    let company = company_of(|steps| {
        steps.insert(2, step("second", json!({}), second));
        steps.insert(2, step("look", json!({}), review(json!({}))));
    })
    .await;
    let order = placed(&company, "PO-1").await;
    let (sales, manager) = (company.sign_in("sales1").await, company.sign_in("smgr1").await);
    let (status, done) =
        act(&company, &sales, &task(&order, "look"), "decide", json!({ "decision": "approve" })).await;
    assert_eq!(status, 200, "{done}");
    let own = task(&done, "second");
    let to = json!({ "to": "sales1", "reason": "you know it" });
    for name in ["transfer", "delegate"] {
        let (status, said) = act(&company, &manager, &own, name, to.clone()).await;
        assert_eq!((status, &said["code"]), (422, &json!("unfit_person")), "{name}: {said}");
    }
    let admin = company.sign_in("ops1").await;
    let body = json!({ "user": "sales1", "reason": "you know it" });
    let (status, said) = act(&company, &admin, &own, "reassign", body).await;
    assert_eq!((status, &said["code"]), (422, &json!("unfit_person")), "{said}");
    assert_eq!(act(&company, &manager, &own, "decide", json!({ "decision": "approve" })).await.0, 200);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn s101_an_order_that_was_pulled_to_manual_handling_is_put_back_by_nobody_else() {
    let (company, order, sales) = look(json!({})).await;
    let admin = company.sign_in("ops1").await;
    let on = format!("/orders/{}", order["id"].as_str().unwrap());
    let intervene = |act: &'static str| {
        let request = company.as_person(&admin, Method::POST, &format!("{on}/intervene"));
        answer(request.json(&json!({ "act": act, "reason": "the customer calls" })))
    };
    assert_eq!(intervene("take_over").await.status, 200);
    let request = company.as_person(&sales, Method::POST, &format!("{on}/resume"));
    let said = answer(request.json(&json!({}))).await;
    assert_eq!((said.status, &said.body["code"]), (409, &json!("taken_over")), "{}", said.text);
    assert_eq!(intervene("put_back").await.status, 200);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn s101_of_several_runs_of_one_step_the_one_that_is_meant_is_passed_by_hand() {
    let inner = json!({ "key": "packing", "name": { "zh": "包装", "en": "Packing" }, "purpose": "subflow",
        "process_admin": [{ "role": "process_admin" }], "steps": [
            step("begin", json!({}), json!({ "type": "start" })),
            step("check", json!({}), review(json!({ "auto_when_clear": false }))),
            step("done", json!({}), json!({ "type": "end", "outcome": "completed" })) ] });
    let company = company_of(|_| {}).await;
    let publish = async |key: &str, doc: Value| {
        let command = AdminCommand::PublishFlow { key: key.into(), doc: doc.to_string() };
        company.app.admin(1, Actor::system("test"), command).await.unwrap();
    };
    publish("packing", inner).await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let pack = json!({ "type": "subflow", "flow": "packing", "per": "line" });
    doc["steps"].as_array_mut().unwrap().insert(2, step("pack", json!({}), pack));
    publish("standard", doc).await;
    let mut order = clean("PO-1");
    let line = order["lines"][0].clone();
    order["lines"].as_array_mut().unwrap().push(line);
    order["requested_date"] = json!("2026-12-10");
    let order = company.place(&order).await;
    let admin = company.sign_in("ops1").await;
    let on = format!("/orders/{}", order["id"].as_str().unwrap());
    let seen = answer(company.as_person(&admin, Method::GET, &on)).await.body;
    let stays: Vec<u64> = seen["by_hand"]["skip"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["node_id"] == "packing/check")
        .map(|step| step["visit"].as_u64().unwrap())
        .collect();
    let [first, second] = stays.as_slice() else { panic!("{seen}") };
    let skip = async |visit: Value| {
        let body =
            json!({ "act": "skip", "node": "packing/check", "visit": visit, "reason": "packed already" });
        answer(company.as_person(&admin, Method::POST, &format!("{on}/intervene")).json(&body)).await
    };
    for (visit, status) in
        [(json!(9_999_999), 422), (json!(-1), 422), (json!("first"), 422), (json!(u64::MAX), 422)]
    {
        let said = skip(visit.clone()).await;
        assert_eq!(said.status, status, "{visit}: {}", said.text);
    }
    let said = skip(json!(second)).await;
    assert_eq!(said.status, 200, "{}", said.text);
    let open = |order: &Value| -> Vec<Value> {
        let tasks = order["tasks"].as_array().unwrap().iter().filter(|task| task["state"] == "open");
        tasks.map(|task| task["run"].clone()).collect()
    };
    assert_eq!((open(&said.body), first < second), (vec![json!(1)], true), "{}", said.text);
    let again = skip(json!(second)).await;
    assert_eq!((again.status, &again.body["code"]), (422, &json!("unknown_step")), "{}", again.text);
    sound(&company);
}
