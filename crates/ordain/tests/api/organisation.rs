//! Who answers for what, who stands in, and that all of it is logged.

use crate::company::{Company, Person, answer, clean};
use ordain_app::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

/// Monday, 2026-11-23, 10:00 in Shanghai.
const MONDAY_MS: i64 = 1_795_399_200_000;

fn faults(body: &Value) -> Vec<String> {
    let found = body["findings"].as_array().unwrap().iter();
    let name =
        |fault: &Value| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap());
    let mut found: Vec<String> = found.map(name).collect();
    found.sort();
    found
}

fn logins(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|person| person["login"].as_str().unwrap()).collect()
}

async fn delegate(company: &Company, person: &Person, body: Value) -> crate::company::Answer {
    answer(company.as_person(person, Method::POST, "/delegations").json(&body)).await
}

fn organisation() -> Value {
    json!({
        "heads": { "finance": "fin1" },
        "managers": { "sales1": "smgr1", "smgr1": "boss" },
        "keepers": { "SH": ["wh1"] },
        "product_line_owners": { "pumps": ["plan1", "smgr1"] },
        "rosters": { "night": [
            { "login": "wh1", "from": "2026-11-23", "to": "2026-11-29" },
            { "login": "plan1", "from": "2026-11-30T00:00:00+08:00", "to": "2026-12-06" },
        ] },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn s066_changes_of_rights_and_organisation_are_logged() {
    let company = Company::open_at(Clock::manual(MONDAY_MS)).await;
    let root = company.sign_in("root1").await;
    let put = |path: &'static str, tag: Option<String>, body: Value| {
        let request = company.as_person(&root, Method::PUT, path).json(&body);
        answer(match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        })
    };
    let promoted =
        put("/users", None, json!({ "items": [{ "login": "fin1", "roles": ["finance", "process_admin"] }] }))
            .await;
    assert_eq!(promoted.status, 200, "{}", promoted.text);
    for (path, body) in [
        ("/organisation", organisation()),
        ("/calendars/company", json!({ "quiet_hours": "20:00-08:00" })),
        ("/calendars/departments/finance", json!({ "days_off": ["2026-12-24"] })),
        ("/calendars/people/fin1", json!({ "days_off": ["2026-12-25"] })),
    ] {
        let tag = company.get(path).await.etag;
        let done = put(path, tag, body).await;
        assert_eq!(done.status, 200, "{path}: {}", done.text);
    }
    let leave = json!({ "login": "fin1", "from": "2026-12-01", "until": "2026-12-02" });
    let leave = answer(company.as_person(&root, Method::POST, "/leave").json(&leave)).await;
    let stand_in = json!({ "from": "fin1", "to": "ops1", "ends_at": "2026-12-31" });
    let delegation = delegate(&company, &root, stand_in).await;
    for (kind, made) in [("leave", leave), ("delegations", delegation)] {
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/{kind}/{}", made.body["id"].as_str().unwrap());
        let ended = answer(company.as_person(&root, Method::DELETE, &path)).await;
        assert_eq!(ended.status, 200, "{}", ended.text);
    }
    for action in [
        "put_users",
        "put_organisation",
        "put_calendar",
        "put_department_calendar",
        "put_person_calendar",
        "record_leave",
        "end_leave",
        "create_delegation",
        "end_delegation",
    ] {
        let logged = company.get(&format!("/audit?action={action}&actor=ROOT1")).await;
        let entry = &logged.body["items"][0];
        assert_eq!(entry["actor"]["name"], "ROOT1", "{action}: {}", logged.text);
        let changes = entry["events"][0]["changes"].as_array().unwrap();
        assert!(!changes.is_empty(), "{action}");
        assert!(entry["title"]["zh"] != entry["title"]["en"], "{action} has no words: {}", entry["title"]);
    }
    let roles = company.get("/audit?action=put_users&actor=ROOT1").await;
    let change = roles.body["items"][0]["events"][0]["changes"][0].clone();
    assert_eq!((&change["before"], &change["after"]), (&json!("finance"), &json!("finance,process_admin")));
    let report = company.post("/audit/verify", &json!({})).await;
    assert_eq!(report.body["ok"], true, "{}", report.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_replaced_as_a_whole_by_whoever_has_seen_it() {
    let company = Company::open().await;
    let seen = company.get("/organisation").await.etag.unwrap();
    let first = company.replace("/organisation", &organisation()).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let read = company.get("/organisation").await;
    assert_eq!(read.etag, first.etag);
    assert_eq!(read.body["keepers"], organisation()["keepers"]);
    assert_eq!(
        read.body["rosters"]["night"][0]["to"], "2026-11-30T00:00:00.000+08:00",
        "a date is a whole day"
    );
    let request = company.by_token(Method::PUT, "/organisation").header("if-match", seen);
    assert_eq!(answer(request.json(&json!({}))).await.status, 412);
    let same = company.replace("/organisation", &read.body).await;
    assert_eq!(same.etag, read.etag, "what was read can be put: {}", same.text);
    let logged = company.get("/audit?action=put_organisation").await;
    assert_eq!(logged.body["items"].as_array().unwrap().len(), 1, "what changes nothing is not logged");
    let sales = company.sign_in("sales1").await;
    let refused = answer(company.as_person(&sales, Method::PUT, "/organisation").json(&json!({}))).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_an_organisation_is_named_at_once() {
    let company = Company::open().await;
    let body = json!({
        "heads": { "nowhere": "fin1", "finance": "ghost" },
        "managers": { "fin1": "boss", "boss": "smgr1", "smgr1": "fin1" },
        "keepers": { "XX": ["wh1", "ghost"] },
        "rosters": { "night": [
            { "login": "wh1", "from": "2026-11-23", "to": "2026-11-25" },
            { "login": "plan1", "from": "2026-11-25", "to": "2026-11-26" },
            { "login": "ghost", "from": "2026-12-02", "to": "2026-12-01" },
            { "login": "wh1", "from": "someday", "to": "" },
        ] },
    });
    let refused = company.replace("/organisation", &body).await;
    assert_eq!(refused.status, 422);
    let expected = [
        "circular_managers managers.boss",
        "ends_before_start rosters.night[2].to",
        "missing_field rosters.night[3].to",
        "not_a_moment rosters.night[3].from",
        "overlaps rosters.night",
        "unknown_department heads.nowhere",
        "unknown_user heads.finance",
        "unknown_user keepers.XX[1]",
        "unknown_user rosters.night[2].login",
        "unknown_warehouse keepers.XX",
    ];
    assert_eq!(faults(&refused.body), expected, "{}", refused.text);
    assert!(refused.text.contains("boss → smgr1 → fin1 → boss"), "{}", refused.text);
    let shape = company
        .replace("/organisation", &json!({ "heads": { "finance": 7 }, "keepers": { "SH": "wh1" } }))
        .await;
    assert_eq!(faults(&shape.body), ["wrong_type heads.finance", "wrong_type keepers.SH"], "{}", shape.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s062_what_depends_on_a_person_is_named_before_they_are_gone() {
    let company = Company::open_at(Clock::manual(MONDAY_MS)).await;
    company.replace("/organisation", &organisation()).await;
    let mut body = clean("PO-1");
    body["lines"][0]["unit_price"] = json!("11.00");
    company.place(&body).await;
    let users = company.get("/users").await.body;
    let id = |login: &str| {
        let user = users["items"].as_array().unwrap().iter().find(|user| user["login"] == login).unwrap();
        user["id"].as_str().unwrap().to_owned()
    };
    let of = async |login: &str| {
        let answer = company.get(&format!("/users/{}/dependence", id(login))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    };
    let fin = company.sign_in("fin1").await;
    delegate(&company, &fin, json!({ "to": "smgr1", "ends_at": "2026-12-01" })).await;
    let clerk = of("fin1").await;
    assert_eq!(clerk["sole"][0]["node_id"], "finance_review", "{clerk}");
    assert_eq!(logins(&clerk["sole"][0]["others"]), ["boss"], "the backup of the step");
    assert_eq!(clerk["heads"], json!(["finance"]));
    assert_eq!(clerk["delegations"][0]["to"]["login"], "smgr1");
    let keeper = of("wh1").await;
    assert_eq!(
        (&keeper["warehouses"][0]["key"], &keeper["warehouses"][0]["others"]),
        (&json!("SH"), &json!([]))
    );
    assert_eq!(keeper["duties"].as_array().unwrap().len(), 1);
    let planner = of("plan1").await;
    assert_eq!(planner["backup"][0]["node_id"], "warehouse_review", "{planner}");
    assert_eq!(logins(&planner["product_lines"][0]["others"]), ["smgr1"]);
    let manager = of("smgr1").await;
    assert_eq!(logins(&manager["leads"]), ["sales1"]);
    assert!(manager["shared"].as_array().unwrap().iter().any(|step| step["node_id"] == "sales_review"));
    let mine =
        json!({ "items": [{ "code": "C001", "owner": "sales1" }, { "code": "C002", "owner": "smgr1" }] });
    answer(company.by_token(Method::PUT, "/customers").json(&mine)).await;
    assert_eq!(of("sales1").await["customers"], 1);
    assert_eq!(clerk["customers"], 0);
    assert_eq!(clerk["open_tasks"], 1, "the only one of finance has the task: {clerk}");
    assert_eq!(keeper["open_tasks"], 0);
    let nobody = company.get("/users/019b0000-0000-7000-8000-000000000000/dependence").await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn s062_who_is_away_delegates_and_circles_and_overlaps_are_refused() {
    let clock = Clock::manual(MONDAY_MS);
    let company = Company::open_at(clock.clone()).await;
    let (fin, manager, sales) =
        (company.sign_in("fin1").await, company.sign_in("smgr1").await, company.sign_in("sales1").await);
    let made =
        delegate(&company, &fin, json!({ "to": "smgr1", "ends_at": "2026-11-30", "include_open": true }))
            .await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!((&made.body["state"], &made.body["include_open"]), (&json!("running"), &json!(true)));
    assert_eq!(made.body["ends_at"], "2026-12-01T00:00:00.000+08:00");
    let back = delegate(&company, &manager, json!({ "to": "fin1", "ends_at": "2026-11-25" })).await;
    assert_eq!(faults(&back.body), ["delegation_circle to"], "{}", back.text);
    assert!(back.text.contains("smgr1 → fin1 → smgr1"), "{}", back.text);
    let later = json!({ "to": "fin1", "starts_at": "2026-12-01", "ends_at": "2026-12-05" });
    assert_eq!(delegate(&company, &manager, later).await.status, 201, "fin1 is back by then");
    let past = json!({ "to": "smgr1", "starts_at": "2026-11-01", "ends_at": "2026-11-24" });
    let past = delegate(&company, &sales, past).await;
    assert_eq!(
        past.body["starts_at"], "2026-11-23T10:00:00.000+08:00",
        "nobody stood in before: {}",
        past.text
    );
    let twice =
        delegate(&company, &fin, json!({ "to": "cs1", "ends_at": "2026-11-24", "flow": "standard" })).await;
    assert_eq!(faults(&twice.body), ["overlaps starts_at"], "{}", twice.text);
    let wrong = json!({
        "to": "audit1", "starts_at": "2026-11-02", "ends_at": "2026-11-01", "flow": "none", "amount_up_to": "9.999",
    });
    let service = company.sign_in("cs1").await;
    let wrong = delegate(&company, &service, wrong).await;
    let expected = [
        "already_over ends_at",
        "cannot_stand_in to",
        "ends_before_start ends_at",
        "too_precise amount_up_to",
        "two_scopes amount_up_to",
        "unknown_flow flow",
    ];
    assert_eq!(faults(&wrong.body), expected, "{}", wrong.text);
    let missing = delegate(&company, &sales, json!({})).await;
    assert_eq!(faults(&missing.body), ["missing_field ends_at", "unknown_user to"], "{}", missing.text);

    let path = format!("/delegations/{}", made.body["id"].as_str().unwrap());
    let refused = answer(company.as_person(&sales, Method::DELETE, &path)).await;
    assert_eq!(refused.status, 403);
    clock.set_ms(MONDAY_MS + 3_600_000);
    let ended = answer(company.as_person(&fin, Method::DELETE, &path)).await;
    assert_eq!(
        (ended.status, &ended.body["ends_at"]),
        (200, &json!("2026-11-23T11:00:00.000+08:00")),
        "{}",
        ended.text
    );
    assert_eq!(
        delegate(&company, &manager, json!({ "to": "fin1", "ends_at": "2026-11-25" })).await.status,
        201
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn delegations_of_others_need_the_right_and_a_key_makes_one() {
    let company = Company::open_at(Clock::manual(MONDAY_MS)).await;
    let body = json!({ "from": "fin1", "to": "ops1", "ends_at": "2026-12-31", "amount_up_to": "5000.00" });
    let (sales, ops) = (company.sign_in("sales1").await, company.sign_in("ops1").await);
    let refused = delegate(&company, &sales, body.clone()).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")));
    let send = || {
        let request = company.as_person(&ops, Method::POST, "/delegations");
        answer(request.header("idempotency-key", "d-1").json(&body))
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status, again.status, again.replayed), (201, 201, true), "{}", first.text);
    assert_eq!(first.text, again.text);
    assert_eq!(first.body["amount_up_to"], "5000.00");
    let seen = async |person: &Person| {
        let list = answer(company.as_person(person, Method::GET, "/delegations")).await;
        list.body["items"].as_array().unwrap().len()
    };
    let fin = company.sign_in("fin1").await;
    assert_eq!((seen(&ops).await, seen(&fin).await, seen(&sales).await), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_have_an_owner_and_products_a_line_that_stay_when_left_out() {
    let company = Company::open().await;
    let put = async |path: &str, item: Value| {
        answer(company.by_token(Method::PUT, path).json(&json!({ "items": [item] }))).await
    };
    assert_eq!(put("/customers", json!({ "code": "C001", "owner": "sales1" })).await.status, 200);
    assert_eq!(put("/products", json!({ "code": "SKU-1", "line": "pumps" })).await.status, 200);
    assert_eq!(put("/customers", json!({ "code": "C001", "level": "B" })).await.body["updated"], 1);
    assert_eq!(put("/products", json!({ "code": "SKU-1", "name": "Pump" })).await.body["updated"], 1);
    let customer = company.get("/customers?q=C001").await.body["items"][0].clone();
    let product = company.get("/products?q=SKU-1").await.body["items"][0].clone();
    assert_eq!((&customer["owner"], &product["line"]), (&json!("sales1"), &json!("pumps")));
    let refused = put("/customers", json!({ "code": "C001", "owner": "ghost" })).await;
    assert_eq!(faults(&refused.body), ["unknown_user items[0].owner"], "{}", refused.text);
    put("/customers", json!({ "code": "C001", "owner": "" })).await;
    assert!(company.get("/customers?q=C001").await.body["items"][0]["owner"].is_null());
}
