//! Settings of steps, each by what it does.

use super::company::{Company, Person, answer, clean, task};
use ordain_app::admin::AdminCommand;
use ordain_app::clock::Clock;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

pub fn monday() -> i64 {
    "2026-11-23T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn with(mut value: Value, settings: Value) -> Value {
    for (name, setting) in settings.as_object().unwrap() {
        value[name] = setting.clone();
    }
    value
}

/// A step with settings beside its kind.
pub fn step(id: &str, beside: Value, kind: Value) -> Value {
    let plain = json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": kind });
    with(plain, beside)
}

/// A review by sales.
pub fn review(settings: Value) -> Value {
    let plain = json!({ "type": "review", "assignee": { "department": "sales" }, "deadline_minutes": 60,
        "backup": { "role": "sales_manager" }, "sop": { "zh": "看", "en": "Look" } });
    with(plain, settings)
}

/// The shipped flow with other steps.
pub async fn company_of(change: impl FnOnce(&mut Vec<Value>)) -> Company {
    company_with(|doc| change(doc["steps"].as_array_mut().unwrap())).await
}

/// The shipped flow, changed.
pub async fn company_with(change: impl FnOnce(&mut Value)) -> Company {
    let company = Company::open_at(Clock::manual(monday())).await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    change(&mut doc);
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    company
}

pub async fn placed(company: &Company, po: &str) -> Value {
    company.place(&with(clean(po), json!({ "requested_date": "2026-12-10" }))).await
}

pub async fn act(company: &Company, person: &Person, task: &Value, act: &str, body: Value) -> (u16, Value) {
    let path = format!("/tasks/{}/{act}", task["id"].as_str().unwrap());
    let said = answer(company.as_person(person, Method::POST, &path).json(&body)).await;
    (said.status, said.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_stand_in_their_order_under_their_names_and_ask_first() {
    let kind = review(json!({ "order": ["reject", "return"], "without": ["transfer"],
        "labels": { "approve": { "zh": "放行", "en": "Release" } },
        "confirm": { "reject": { "zh": "确定？", "en": "Sure?" } },
        "phrases": [{ "zh": "已核对", "en": "Checked" }] }));
    let beside = json!({ "description": { "zh": "先看一眼", "en": "A first look" },
        "customer_name": { "zh": "审核中", "en": "Under review" }, "tags": ["first"] });
    let company = company_of(|steps| steps.insert(2, step("look", beside, kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    let asked = |query: &'static str| company.as_person(&sales, Method::GET, query);
    let listed = answer(asked("/tasks?queue=mine&tag=first")).await.body;
    let look = &listed["items"][0];
    assert_eq!(answer(asked("/tasks?queue=mine&tag=other")).await.body["items"], json!([]));
    let named = |name: &str| {
        let acts = look["actions"].as_array().unwrap();
        acts.iter().position(|act| act["name"] == name).map(|at| (at, acts[at].clone()))
    };
    let (reject, back, approve) =
        (named("reject").unwrap(), named("return").unwrap(), named("approve").unwrap());
    assert_eq!((reject.0, back.0, named("transfer")), (0, 1, None), "{look}");
    assert!(approve.0 > 1 && approve.1["label"]["en"] == "Release" && back.1["label"].is_null());
    assert_eq!(reject.1["confirm"]["zh"], "确定？");
    assert_eq!((&look["description"]["en"], &look["tags"]), (&json!("A first look"), &json!(["first"])));
    assert_eq!(look["phrases"], json!([{ "zh": "已核对", "en": "Checked" }]));
    // What is not offered is refused, whatever a page shows.
    let body = json!({ "to": "smgr1", "reason": "away" });
    let (status, said) = act(&company, &sales, &task(&order, "look"), "transfer", body).await;
    assert_eq!((status, &said["code"]), (409, &json!("not_offered")), "{said}");
    let way = order["route"].as_array().unwrap().iter().find(|step| step["node_id"] == "look").unwrap();
    assert_eq!(way["customer_name"]["en"], "Under review");
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    for said in ["先看一眼", "对客户显示为", "审核中", "按钮确认语", "拒绝：确定？", "常用意见"]
    {
        assert!(sop.contains(said), "{said} in {sop}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_asked_for_as_the_step_says() {
    for (rule, refusing, approving) in
        [("optional", 200, 200), ("on_refusal", 422, 200), ("always", 422, 422)]
    {
        let kind = review(json!({ "comment": rule }));
        let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
        let sales = company.sign_in("sales1").await;
        for (po, decision, status) in [("PO-1", "reject", refusing), ("PO-2", "approve", approving)] {
            let order = placed(&company, po).await;
            let body = json!({ "decision": decision });
            let (said, body) = act(&company, &sales, &task(&order, "look"), "decide", body).await;
            assert_eq!(said, status, "{rule} {decision}: {body}");
        }
    }
}

fn lane(id: &str, steps: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps })
}

/// The shipped checks, with another consequence for one of them, and settings beside.
fn with_check(steps: &mut [Value], check: &str, rule: Value, beside: Value) {
    let kind = &mut steps[1]["kind"];
    let rules = kind["checks"].as_array_mut().unwrap();
    let at = rules.iter().position(|rule| rule["check"] == check).unwrap();
    rules[at] = with(json!({ "check": check, "on_fail": "continue" }), rule);
    *kind = with(kind.take(), beside);
}

fn priced(po: &str, price: &str) -> Value {
    let mut body = with(clean(po), json!({ "requested_date": "2026-12-10" }));
    body["lines"][0]["unit_price"] = json!(price);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_check_goes_its_own_way_first() {
    let company = company_of(|steps| {
        let odd = lane("odd", json!([step("odd_price", json!({}), review(json!({ "owns": ["price"] })))]));
        with_check(steps, "price", json!({ "on_fail": "branch" }), json!({ "on_branch": odd }));
    })
    .await;
    let sales = company.sign_in("sales1").await;
    let order = company.place(&priced("PO-1", "11.00")).await;
    assert_eq!(order["status"], "in_review");
    assert_eq!(super::company::open_nodes(&order), ["odd_price"]);
    let seen = company.decide(&sales, &order, "odd_price", "approve").await;
    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("confirmed")), "{}", seen.text);
    let way = |order: &Value| {
        let route = order["route"].as_array().unwrap();
        route.iter().find(|step| step["node_id"] == "odd_price").unwrap()["state"].clone()
    };
    assert_eq!(way(&seen.body), "done");
    let clean = company.place(&priced("PO-2", "12.50")).await;
    assert_eq!((&clean["status"], way(&clean)), (&json!("confirmed"), json!("skipped")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_check_can_be_an_exception_that_its_cause_ends() {
    let company =
        company_of(|steps| with_check(steps, "price", json!({ "on_fail": "exception" }), json!({}))).await;
    let admin = company.sign_in("ops1").await;
    let order = company.place(&priced("PO-1", "11.00")).await;
    let raised = &company.get("/exceptions").await.body["items"][0];
    assert_eq!(
        (&raised["kind"], &raised["node_id"]),
        (&json!("checks_failed"), &json!("auto_check")),
        "{raised}"
    );
    assert_eq!(super::company::open_nodes(&order), ["auto_check"]);
    // Only what the check found has to be accepted; finance is not asked again for what is settled.
    let seen = company.decide(&admin, &order, "auto_check", "approve").await;
    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("confirmed")), "{}", seen.text);
    assert_eq!(company.get("/exceptions").await.body["items"], json!([]));
    // Where the order comes right by itself, nobody has to say so.
    let order = company.place(&priced("PO-2", "11.00")).await;
    let price = json!([{ "product": "SKU-1", "price": "11.00", "customer": "C001" }]);
    let put = answer(company.by_token(Method::PUT, "/prices").json(&json!({ "items": price }))).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    ordain_app::admin::recheck_open_tasks(&company.app, 1).await.unwrap();
    assert_eq!(company.get(&path).await.body["status"], "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_may_tolerate_other_prices_than_the_company() {
    let rule = json!({ "tolerance_permille": 100 });
    let company = company_of(|steps| with_check(steps, "price", rule, json!({}))).await;
    // One percent is the company's tolerance, ten the flow's.
    assert_eq!(company.place(&priced("PO-1", "11.25")).await["status"], "confirmed");
    let order = company.place(&priced("PO-2", "11.20")).await;
    assert_eq!(super::company::open_nodes(&order), ["finance_review"]);
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("价格容差 100‰"), "{sop}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_takes_too_long_goes_as_the_step_says() {
    use ordain_app::reconcile::fire_due_timers;
    let wait = |id: &str, beside: Value, more: Value| {
        let kind = json!({ "type": "delay", "for": { "field": { "field": "ready_on" } }, "max_minutes": 60 });
        step(id, beside, with(kind, more))
    };
    for (beside, more, stands) in [
        (json!({ "on_error": "ignore" }), json!({}), "confirmed"),
        (
            json!({}),
            json!({ "on_failure": lane("late", json!([step("chase", json!({}), review(json!({})))])) }),
            "chase",
        ),
        (json!({}), json!({}), "pause"),
    ] {
        let company = company_of(|steps| steps.insert(2, wait("pause", beside, more))).await;
        let order = placed(&company, "PO-1").await;
        company.app.clock.set_ms(monday() + 61 * 60_000);
        fire_due_timers(&company.app).await.unwrap();
        let order = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
        let found = match super::company::open_nodes(&order).as_slice() {
            [] => order["status"].as_str().unwrap().to_owned(),
            nodes => nodes.join(" "),
        };
        assert_eq!(found, stands, "{}", order["tasks"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_does_nothing_is_pointed_out() {
    let company = Company::open().await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let steps = doc["steps"].as_array_mut().unwrap();
    with_check(steps, "price", json!({ "on_fail": "branch", "tolerance_permille": 501 }), json!({}));
    with_check(steps, "terms", json!({ "tolerance_permille": 5 }), json!({}));
    let idle = review(json!({ "without": ["transfer"], "order": ["transfer", "approve"],
        "labels": { "transfer": { "zh": "给别人", "en": "Give" } } }));
    steps.insert(2, step("look", json!({ "on_error": "ignore" }), idle));
    let draft = company.by_token(Method::PUT, "/flows/standard/draft").header("if-match", "\"0\"");
    let saved = answer(draft.json(&json!({ "doc": doc }))).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let checked = company.post("/flows/standard/check", &json!({})).await;
    let problems = checked.body["problems"].as_array().unwrap().clone();
    let mut found: Vec<String> = problems
        .iter()
        .filter(|problem| problem["code"].as_str().unwrap() >= "F-110" || problem["code"] == "F-092")
        .map(|problem| format!("{} {}", problem["code"].as_str().unwrap(), problem["node"].as_str().unwrap()))
        .collect();
    found.sort();
    let twice = ["F-110 look", "F-110 look"];
    assert_eq!(
        found,
        [&["F-092 auto_check"][..], &twice, &["F-111 auto_check", "F-112 auto_check", "F-112 look"]].concat(),
        "{}",
        checked.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_without_a_deadline_goes_by_the_companys_table() {
    let untimed = review(json!({ "deadline_minutes": null }));
    let step = step("look", json!({ "department": "sales" }), untimed);
    let company = company_of(|steps| steps.insert(2, step)).await;
    let order = placed(&company, "PO-1").await;
    assert!(task(&order, "look")["due_at"].is_null());
    let wrong = json!({ "items": [
        { "stage": "nowhere", "department": "ghosts", "minutes": 0 },
        { "minutes": 30, "remind_before_minutes": 31 }, { "minutes": 20 } ] });
    let refused = company.replace("/settings/sla", &wrong).await;
    let mut faults: Vec<String> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap()))
        .collect();
    faults.sort();
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        faults,
        [
            "duplicate_code items[2]",
            "out_of_range items[0].minutes",
            "out_of_range items[1].remind_before_minutes",
            "unknown_department items[0].department",
            "unknown_stage items[0].stage",
        ]
    );
    let table = json!({ "items": [
        { "customer_level": "B", "minutes": 10 },
        { "stage": "review", "department": "sales", "customer_level": "A", "minutes": 120, "remind_before_minutes": 30 },
        { "minutes": 480 } ] });
    let put = company.replace("/settings/sla", &table).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let shown = company.get("/settings/sla").await.body;
    assert_eq!((&shown["items"][1]["minutes"], &shown["items"][0]["stage"]), (&json!(120), &Value::Null));
    // Open tasks are due anew, and new ones at once; two hours from ten o'clock, lunch left out.
    ordain_app::admin::recheck_open_tasks(&company.app, 1).await.unwrap();
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    for order in [company.get(&path).await.body, placed(&company, "PO-2").await] {
        let look = task(&order, "look");
        let times = [&look["due_at"], &look["remind_at"]].map(|at| at.as_str().unwrap()[11..16].to_owned());
        assert_eq!(times, ["12:00", "11:30"], "{look}");
        assert!(task(&order, "look")["due_at"].as_str().unwrap().starts_with("2026-11-23"));
    }
    let checked = answer(company.by_token(Method::GET, "/flows/standard/draft")).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let checked = company.post("/flows/standard/check", &json!({})).await.body;
    assert!(!checked.to_string().contains("F-040"), "{checked}");
}

/// What somebody was told, the newest first.
async fn told(company: &Company, login: &str) -> Vec<String> {
    let person = company.sign_in(login).await;
    let page = answer(company.as_person(&person, Method::GET, "/notices")).await.body;
    page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_of_a_steps_tasks_as_the_step_says() {
    use ordain_app::reconcile::fire_due_timers;
    let notices = json!({ "arrive": {}, "soon": { "off": true }, "late": { "to": [{ "user": "boss" }] },
        "done": { "to": [{ "user": "fin1" }] }, "returned": {}, "cancelled": { "template": "task_cancelled" } });
    let kind = review(
        json!({ "remind_before_minutes": 30, "notices": notices, "backup": { "role": "management" } }),
    );
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
    let (one, two, three) =
        (placed(&company, "PO-1").await, placed(&company, "PO-2").await, placed(&company, "PO-3").await);
    assert_eq!(told(&company, "smgr1").await, ["task_arrived"; 3]);
    company.app.clock.set_ms(monday() + 40 * 60_000);
    fire_due_timers(&company.app).await.unwrap();
    assert_eq!(told(&company, "smgr1").await.len(), 3, "nobody is reminded");
    let sales = company.sign_in("sales1").await;
    let body = json!({ "decision": "approve" });
    assert_eq!(act(&company, &sales, &task(&one, "look"), "decide", body).await.0, 200);
    assert_eq!(told(&company, "fin1").await, ["task_done"]);
    let body = json!({ "decision": "return", "reason": "address" });
    assert_eq!(act(&company, &sales, &task(&two, "look"), "decide", body).await.0, 200);
    assert_eq!(told(&company, "smgr1").await[0], "task_returned");
    company.app.clock.set_ms(monday() + 70 * 60_000);
    fire_due_timers(&company.app).await.unwrap();
    assert!(told(&company, "boss").await.contains(&"task_overdue".to_owned()));
    let path = format!("/orders/{}/cancel", three["id"].as_str().unwrap());
    assert_eq!(company.post(&path, &json!({ "reason": "not wanted" })).await.status, 200);
    assert_eq!(told(&company, "smgr1").await[0], "task_cancelled");
    let sop = company.get("/flows/standard/versions/2/sop?lang=en").await.text;
    assert!(sop.contains("nobody is told when due soon"), "{sop}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_whom_the_flow_names_hand_orders_in() {
    let company =
        company_of(|steps| steps[0]["kind"]["starters"] = json!([{ "role": "sales_manager" }])).await;
    let (sales, manager) = (company.sign_in("sales1").await, company.sign_in("smgr1").await);
    let body = |po: &str| with(clean(po), json!({ "requested_date": "2026-12-10" }));
    let refused = answer(company.as_person(&sales, Method::POST, "/orders").json(&body("PO-1"))).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("not_a_starter")), "{}", refused.text);
    assert_eq!(company.get("/orders").await.body["items"], json!([]), "nothing is half done");
    // A draft is everybody's, and whoever is named hands it in.
    let draft = with(body("PO-1"), json!({ "submit": false }));
    let draft = answer(company.as_person(&sales, Method::POST, "/orders").json(&draft)).await;
    let path = format!("/orders/{}/submit", draft.body["id"].as_str().unwrap());
    let hand_in = |person| answer(company.as_person(person, Method::POST, &path).json(&json!({})));
    assert_eq!(hand_in(&sales).await.status, 403);
    let given = hand_in(&manager).await;
    assert_eq!((given.status, &given.body["status"]), (200, &json!("confirmed")), "{}", given.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_takes_an_order_back_as_long_as_the_flow_allows() {
    for (rule, before, after_seen, after_decided) in [
        (json!("until_opened"), 200, 409, 409),
        (json!("until_decided"), 200, 200, 409),
        (json!("any_time"), 422, 422, 422),
        (json!("never"), 409, 409, 409),
    ] {
        let company = company_of(|steps| {
            steps[0]["kind"]["recall"] = rule.clone();
            steps.insert(2, step("first", json!({}), review(json!({ "looks_at": ["customer"] }))));
            steps.insert(3, step("second", json!({}), review(json!({ "assignee": { "user": "fin1" } }))));
        })
        .await;
        let sales = company.sign_in("sales1").await;
        for (po, done, status) in
            [("PO-1", "", before), ("PO-2", "seen", after_seen), ("PO-3", "decide", after_decided)]
        {
            let order = placed(&company, po).await;
            let first = task(&order, "first");
            match done {
                "" => {}
                "seen" => assert_eq!(act(&company, &sales, &first, "seen", json!({})).await.0, 200),
                _ => {
                    let body = json!({ "decision": "approve" });
                    assert_eq!(act(&company, &sales, &first, "decide", body).await.0, 200);
                }
            }
            let path = format!("/orders/{}", order["id"].as_str().unwrap());
            let acts = answer(company.as_person(&sales, Method::GET, &path)).await.body["actions"].clone();
            let offered =
                acts.as_array().unwrap().iter().find(|act| act["name"] == "recall").unwrap().clone();
            assert_eq!(offered["allowed"], status != 409, "{rule} {done}");
            let back =
                answer(company.as_person(&sales, Method::POST, &format!("{path}/recall")).json(&json!({})))
                    .await;
            assert_eq!(back.status, status, "{rule} {done}: {}", back.text);
        }
        let order = placed(&company, "PO-9").await;
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        let body = json!({ "reason": "another address" });
        let back =
            answer(company.as_person(&sales, Method::POST, &format!("{path}/recall")).json(&body)).await;
        if rule == "never" {
            assert_eq!((back.status, &back.body["code"]), (409, &json!("past_recall")));
            continue;
        }
        assert_eq!((back.status, &back.body["status"]), (200, &json!("incomplete")), "{}", back.text);
        assert_eq!(super::company::open_nodes(&back.body), [""; 0]);
        let again = company.post(&format!("{path}/submit"), &json!({})).await;
        assert_eq!(super::company::open_nodes(&again.body), ["first"], "{}", again.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_headed_as_the_flow_says_and_tell_no_more_than_may_be_seen() {
    let company = company_with(|doc| {
        doc["sensitive"] = json!({ "totals.gross": { "visible_to": [{ "role": "process_admin" }], "hidden": true } });
        let start = json!({ "title": "{customer} 的订单 {amount}", "summary": ["amount", "customer_level", "line_count"] });
        let steps = doc["steps"].as_array_mut().unwrap();
        steps[0]["kind"] = with(steps[0]["kind"].take(), start);
        steps.insert(2, step("look", json!({}), review(json!({}))));
    })
    .await;
    placed(&company, "PO-1").await;
    let look = |items: Value| items["items"][0].clone();
    let whole = look(company.get("/tasks").await.body);
    assert_eq!(whole["title"], "C001 的订单 125.00", "{whole}");
    let values: Vec<&str> =
        whole["summary"].as_array().unwrap().iter().map(|fact| fact["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["125.00", "A", "1"]);
    assert_eq!(whole["summary"][0]["label"]["zh"], "含税金额");
    let sales = company.sign_in("sales1").await;
    let cut = look(answer(company.as_person(&sales, Method::GET, "/tasks?queue=mine")).await.body);
    assert_eq!((&cut["title"], &cut["summary"][0]["value"]), (&json!("C001 的订单 "), &Value::Null), "{cut}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_order_is_approved_only_by_somebody_who_has_looked() {
    let looks = json!({ "looks_at": ["customer", "lines"], "reading": { "from_amount": "125.00" } });
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), review(looks)))).await;
    let sales = company.sign_in("sales1").await;
    let order = placed(&company, "PO-1").await;
    let look = task(&order, "look");
    let approve = json!({ "decision": "approve" });
    let (status, said) = act(&company, &sales, &look, "decide", approve.clone()).await;
    let paths: Vec<&Value> =
        said["findings"].as_array().unwrap().iter().map(|fault| &fault["path"]).collect();
    assert_eq!(
        (status, &said["code"], paths),
        (422, &json!("fields_unseen"), vec![&json!("customer"), &json!("lines")]),
        "{said}"
    );
    let seen = json!({ "fields": ["customer", "nowhere"] });
    assert_eq!(act(&company, &sales, &look, "seen", seen).await.0, 200);
    let path = format!("/tasks/{}", look["id"].as_str().unwrap());
    let shown = answer(company.as_person(&sales, Method::GET, &path)).await.body;
    assert_eq!(shown["unseen"], json!(["lines"]), "{shown}");
    assert_eq!(act(&company, &sales, &look, "decide", approve.clone()).await.0, 422);
    assert_eq!(act(&company, &sales, &look, "seen", json!({ "fields": ["lines"] })).await.0, 200);
    assert_eq!(act(&company, &sales, &look, "decide", approve.clone()).await.0, 200);
    let mut small = with(clean("PO-2"), json!({ "requested_date": "2026-12-10" }));
    small["lines"][0]["quantity"] = json!("9");
    let order = company.place(&small).await;
    assert_eq!(act(&company, &sales, &task(&order, "look"), "decide", approve).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_puts_its_own_values_into_fields_when_it_asks_and_when_it_is_approved() {
    let text = |field: &str, text: &str| json!([{ "field": field, "value": { "text": text } }]);
    let kind = review(json!({ "on_enter": text("state", "asked"), "on_leave": text("state", "looked at") }));
    let company = company_of(|steps| {
        steps.insert(2, step("look", json!({}), kind));
        steps.insert(3, step("next", json!({}), review(json!({ "assignee": { "user": "fin1" } }))));
    })
    .await;
    let order = placed(&company, "PO-1").await;
    assert_eq!(order["extra"]["state"], "asked");
    let sales = company.sign_in("sales1").await;
    let decided = company.decide(&sales, &order, "look", "approve").await.body;
    assert_eq!(
        (&decided["extra"]["state"], &decided["extra"]["color"]),
        (&json!("looked at"), &json!("red"))
    );
    let other = placed(&company, "PO-2").await;
    let rejected = company.decide(&sales, &other, "look", "reject").await.body;
    assert_eq!((&rejected["status"], &rejected["extra"]["state"]), (&json!("rejected"), &json!("asked")));
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("进入时填写") && sop.contains("looked at"), "{sop}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_put_in_copy_says_to_have_read_it_where_the_step_asks_for_that() {
    let copy = |needs: bool| json!({ "type": "cc", "to": [{ "user": "boss" }, { "role": "warehouse" }], "needs_receipt": needs });
    let company = company_of(|steps| {
        steps.insert(2, step("tell", json!({}), copy(true)));
        steps.insert(3, step("tell_too", json!({}), copy(false)));
    })
    .await;
    let order = placed(&company, "PO-1").await;
    assert_eq!(order["status"], "confirmed", "nobody waits for it");
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let open = |order: &Value| {
        let receipts = order["receipts"].as_array().unwrap();
        let open = receipts.iter().filter(|receipt| receipt["given_at"].is_null());
        let mut who: Vec<String> =
            open.map(|receipt| receipt["who"]["login"].as_str().unwrap().to_owned()).collect();
        who.sort();
        who
    };
    assert_eq!(open(&order), ["boss", "wh1"], "{}", order["receipts"]);
    let (keeper, sales) = (company.sign_in("wh1").await, company.sign_in("sales1").await);
    let say = |person| {
        answer(company.as_person(person, Method::POST, &format!("{path}/acknowledge")).json(&json!({})))
    };
    let seen = answer(company.as_person(&keeper, Method::GET, &path)).await.body;
    assert!(seen["actions"].as_array().unwrap().iter().any(|act| act["name"] == "acknowledge"));
    let said = say(&keeper).await;
    assert_eq!((said.status, open(&said.body)), (200, vec!["boss".to_owned()]), "{}", said.text);
    for person in [&keeper, &sales] {
        let again = say(person).await;
        assert_eq!(
            (again.status, &again.body["code"]),
            (409, &json!("nothing_to_acknowledge")),
            "{}",
            again.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_lasts_until_a_time_of_day_or_a_moment() {
    use ordain_app::reconcile::fire_due_timers;
    for (wait, minutes) in [
        (json!({ "time": "17:05" }), 7 * 60 + 5),
        (json!({ "time": "09:30" }), 23 * 60 + 30),
        (json!({ "date": "2026-11-25", "time": "10:00" }), 48 * 60),
        (json!({ "date": "2026-11-20", "time": "10:00" }), 0),
    ] {
        let delay = json!({ "type": "delay", "for": { "at": wait } });
        let company = company_of(|steps| steps.insert(2, step("pause", json!({}), delay))).await;
        let order = placed(&company, "PO-1").await;
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        if minutes > 0 {
            company.app.clock.set_ms(monday() + (minutes - 1) * 60_000);
            fire_due_timers(&company.app).await.unwrap();
            assert_eq!(company.get(&path).await.body["status"], "in_review", "{wait} one minute early");
        }
        company.app.clock.set_ms(monday() + minutes * 60_000);
        fire_due_timers(&company.app).await.unwrap();
        assert_eq!(company.get(&path).await.body["status"], "confirmed", "{wait}");
    }
    let read = serde_json::from_value::<ordain_flow::doc::DelayFor>;
    for wrong in ["24:00", "9:00", "09:60", "noon", "+9:00"] {
        assert!(read(json!({ "at": { "time": wrong } })).is_err(), "{wrong}");
    }
}
