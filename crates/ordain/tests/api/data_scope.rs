//! Data scopes of roles: what somebody reaches who does not reach every order, by every door.

use crate::company::{Answer, Company, PASSWORD, Person, answer, clean, open_nodes, soon, task};
use ordain::routes::table::{Right, TABLE};
use ordain_app::data_scope::OVER_ALL;
use ordain_app::rights::Permission;
use ordain_app::session::create_token;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

/// Everything that a role of a narrower scope can have, beside what has to be apart.
fn rights() -> Vec<&'static str> {
    let apart = [Permission::WriteUsers, Permission::KeepAccounts];
    let may = Permission::ALL.iter().filter(|right| !OVER_ALL.contains(right) && !apart.contains(right));
    may.map(|right| right.name()).collect()
}

fn role(code: &str, scope: &Value) -> Value {
    let name = json!({ "zh": "业务员", "en": "Agent" });
    json!({ "role": code, "name": name, "rights": rights(), "scope": scope })
}

async fn give(company: &Company, login: &str, roles: &[&str]) {
    let body = json!({ "items": [{ "login": login, "roles": roles }] });
    let given = answer(company.by_token(Method::PUT, "/users").json(&body)).await;
    assert_eq!(given.status, 200, "{}", given.text);
}

/// Service's only person with a role of this scope alone.
async fn agent(company: &Company, scope: Value) -> Person {
    let roles = json!({ "items": [role("agent", &scope)] });
    let put = company.replace("/roles", &roles).await;
    assert_eq!(put.status, 200, "{}", put.text);
    give(company, "cs1", &["agent"]).await;
    company.sign_in("cs1").await
}

async fn read(company: &Company, person: &Person, path: &str) -> Answer {
    answer(company.as_person(person, Method::GET, path)).await
}

async fn place_as(company: &Company, person: &Person, body: &Value) -> Value {
    let placed = answer(company.as_person(person, Method::POST, "/orders").json(body)).await;
    assert_eq!(placed.status, 201, "{}", placed.text);
    placed.body
}

fn path(order: &Value, below: &str) -> String {
    format!("/orders/{}{below}", order["id"].as_str().unwrap())
}

fn number(order: &Value) -> &str {
    order["number"].as_str().unwrap()
}

/// An order that waits for goods, with an open task and a problem that somebody has reported.
async fn waiting(company: &Company, person: &Person, po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["quantity"] = json!("100000");
    let order = place_as(company, person, &body).await;
    let issue = json!({ "type": "goods_missing", "text": "the label is wrong" });
    let reported = company.post_as(person, &path(&order, "/issues"), &issue).await;
    assert_eq!(reported.status, 200, "{}", reported.text);
    reported.body
}

async fn reaches(company: &Company, person: &Person, order: &Value) -> bool {
    let one = read(company, person, &path(order, "")).await;
    let listed = read(company, person, "/orders?limit=100").await.text.contains(number(order));
    assert_eq!(one.status == 200, listed, "the list and the order agree: {}", one.text);
    assert!(listed || one.body["code"] == "out_of_scope", "{}", one.text);
    listed
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_no_operation_reaches_an_order_outside_the_data_scope() {
    let company = Company::open().await;
    let (sales, ops) = (company.sign_in("sales1").await, company.sign_in("ops1").await);
    let cs = agent(&company, json!({ "kind": "own" })).await;
    let theirs = waiting(&company, &sales, "PO-1").await;
    let own = waiting(&company, &cs, "PO-2").await;
    let exceptions = read(&company, &ops, "/exceptions").await.body;
    let of = |order: &Value, name: &str| {
        let (node, id) =
            (open_nodes(order).remove(0), |found: &Value| found["id"].as_str().unwrap().to_owned());
        let listed = exceptions["items"].as_array().unwrap();
        match name {
            "/orders/{id}" => id(order),
            "/tasks/{id}" => id(&task(order, &node)),
            _ => id(listed.iter().find(|found| found["order_id"] == order["id"]).unwrap()),
        }
    };
    let may: Vec<&str> = rights();
    let mut asked = 0;
    for (method, pattern, id, right) in TABLE {
        let kind = ["/orders/{id}", "/tasks/{id}", "/exceptions/{id}"]
            .into_iter()
            .find(|kind| pattern.starts_with(kind));
        let Some(kind) = kind.filter(|_| matches!(right, Right::Needs(right) if may.contains(&right.name())))
        else {
            continue;
        };
        let ask = async |order: &Value| {
            let path =
                pattern.replace("{id}", &of(order, kind)).replace("{change}", "x").replace("{qid}", "1");
            let path = path.replace("{line}", "1").replace("{file}", "x");
            answer(company.as_person(&cs, method.parse().unwrap(), &path).body("{}")).await
        };
        let said = ask(&theirs).await;
        assert_eq!((said.status, &said.body["code"]), (403, &json!("out_of_scope")), "{id}: {}", said.text);
        if *method == "GET" {
            assert_ne!(ask(&own).await.body["code"], "out_of_scope", "{id}");
        }
        asked += 1;
    }
    assert!(asked > 50, "{asked} operations were asked");
    // By number as by id, and whoever has the right to everything beside it reaches all.
    let by_number = read(&company, &cs, &format!("/orders/{}", number(&theirs))).await;
    let said = by_number.body["detail"].as_str().unwrap();
    assert!(by_number.status == 403 && said.contains("本人的订单") && said.contains("ROOT1"), "{said}");
    assert_eq!(read(&company, &cs, "/orders/SO-NONE").await.status, 404);
    give(&company, "cs1", &["agent", "service"]).await;
    assert_eq!(read(&company, &cs, &path(&theirs, "")).await.status, 200);
    give(&company, "cs1", &["agent", "auditor"]).await;
    let said = company.post_as(&cs, &path(&theirs, "/comments"), &json!({ "text": "hm" })).await;
    assert_eq!(
        (said.status, &said.body["code"]),
        (403, &json!("out_of_scope")),
        "an auditor reads: {}",
        said.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_lists_counts_and_sheets_hold_no_more_than_the_data_scope() {
    let company = Company::open().await;
    let (sales, ops) = (company.sign_in("sales1").await, company.sign_in("ops1").await);
    let cs = agent(&company, json!({ "kind": "own" })).await;
    let mut theirs = Vec::new();
    for (person, po) in [(&sales, "PO-1"), (&cs, "PO-2")] {
        let confirmed = place_as(&company, person, &clean(po)).await;
        assert_eq!(confirmed["status"], "confirmed", "{confirmed}");
        let ship =
            json!({ "revision": 1, "lines": [{ "line": confirmed["lines"][0]["id"], "quantity": "4" }] });
        let records = [
            ("/shipments", ship),
            ("/invoices", json!({ "amount": "25.00" })),
            ("/payments", json!({ "reference": format!("BANK {po}"), "amount": "10.00" })),
            ("/complaints", json!({ "kind": "damage", "text": "wet" })),
        ];
        for (kind, body) in records {
            let added = company.post_as(&ops, &path(&confirmed, kind), &body).await;
            assert_eq!(added.status, 201, "{kind}: {}", added.text);
        }
        let mut change = clean(po);
        (change["reason"], change["origin"]) = (json!("fewer"), json!("customer"));
        change["lines"][0]["quantity"] = json!("8");
        change.as_object_mut().unwrap().remove("submit");
        let changed = company.post_as(&ops, &path(&confirmed, "/changes"), &change).await;
        assert_eq!(changed.status, 201, "{}", changed.text);
        theirs.push([confirmed, waiting(&company, person, &format!("{po}-W")).await]);
    }
    let own = theirs.pop().unwrap();
    let theirs = theirs.pop().unwrap();
    let doors = [
        ("/orders?limit=100", [true, true]),
        ("/orders?q=PO-1", [false, false]),
        ("/orders?status=confirmed,in_fulfilment", [true, false]),
        ("/changes?state=all", [true, false]),
        ("/preparation", [true, false]),
        ("/receivables", [true, false]),
        ("/shipments", [true, false]),
        ("/invoices", [true, false]),
        ("/payments", [true, false]),
        ("/complaints", [true, false]),
        ("/exceptions", [false, true]),
        ("/sheets/open-orders", [true, true]),
        ("/workbench", [true, true]),
        ("/tasks?queue=started", [true, true]),
    ];
    for (door, holds) in doors {
        let (seen, all) = (read(&company, &cs, door).await, read(&company, &ops, door).await);
        assert_eq!((seen.status, all.status), (200, 200), "{door}: {} {}", seen.text, all.text);
        for (order, holds) in own.iter().zip(holds) {
            assert_eq!(seen.text.contains(number(order)), holds, "{door} and one's own: {}", seen.text);
        }
        for order in &theirs {
            assert!(!seen.text.contains(number(order)), "{door} tells {}: {}", number(order), seen.text);
        }
        let told = theirs.iter().any(|order| all.text.contains(number(order)));
        assert!(told || door.starts_with("/tasks"), "{door} has them for others: {}", all.text);
    }
    let shortages = read(&company, &cs, "/tasks/shortages").await;
    let named: Vec<&Value> =
        shortages.body["items"].as_array().unwrap().iter().map(|item| &item["order_number"]).collect();
    assert_eq!(named, [&Value::Null, &own[1]["number"]], "whom the goods are for: {}", shortages.text);
    let counts = read(&company, &cs, "/workbench").await.body["counts"].clone();
    assert_eq!((&counts["in_review"], &counts["stuck"]), (&json!(1), &json!(0)), "{counts}");
    let exceptions = read(&company, &cs, "/exceptions").await.body["counts"].clone();
    let open: i64 = exceptions.as_object().unwrap().values().map(|of| of["open"].as_i64().unwrap()).sum();
    assert_eq!(open, 1, "{exceptions}");
    let me = read(&company, &cs, "/me").await.body;
    assert_eq!(me["scope"]["en"], "one's own orders");
    assert_eq!(read(&company, &ops, "/me").await.body["scope"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_the_live_feed_says_of_an_order_outside_that_something_has_changed_and_not_what() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let cs = agent(&company, json!({ "kind": "own" })).await;
    let theirs = place_as(&company, &sales, &clean("PO-1")).await;
    let stream = company.as_person(&cs, Method::GET, "/events").header("last-event-id", "1").send().await;
    let mut stream = stream.unwrap();
    let live = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(!live.contains(number(&theirs)), "{live}");
    place_as(&company, &sales, &clean("PO-3")).await;
    let mut heard = String::new();
    while !heard.contains("\"kind\":\"order\"") {
        heard = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    }
    assert!(
        !heard.contains("SO-") && heard.contains("\"order_id\":null"),
        "that something changed, not what: {heard}"
    );
    place_as(&company, &cs, &clean("PO-4")).await;
    while !heard.contains("SO-") {
        heard = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_an_order_that_a_body_or_a_query_names_has_to_be_in_scope_too() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let cs = agent(&company, json!({ "kind": "own" })).await;
    let theirs = waiting(&company, &sales, "PO-1").await;
    let own = waiting(&company, &cs, "PO-2").await;
    let id = |order: &Value| order["id"].clone();
    let late = |orders: Value| json!({ "product": "SKU-1", "date": "2031-01-01", "reason": "late", "orders": orders });
    let asked = [
        (path(&own, "/merge"), json!({ "from": id(&theirs), "reason": "one" })),
        (path(&own, "/lines/1/promise"), json!({ "by": "exchange", "with": id(&theirs) })),
        (format!("/orders/check?order={}", theirs["id"].as_str().unwrap()), clean("PO-1")),
        ("/feedback".to_owned(), json!({ "text": "slow", "page": "order", "order": id(&theirs) })),
        ("/changes/late-product/preview".to_owned(), late(json!([id(&theirs)]))),
    ];
    let foreign = task(&theirs, &open_nodes(&theirs)[0]);
    let batch = json!({ "ids": [foreign["id"]], "decision": "approve" });
    let said = company.post_as(&cs, "/tasks/batch", &batch).await;
    assert!(said.text.contains("out_of_scope"), "{}", said.text);
    for (door, body) in asked {
        let said = company.post_as(&cs, &door, &body).await;
        assert_eq!((said.status, &said.body["code"]), (403, &json!("out_of_scope")), "{door}: {}", said.text);
    }
    // Of all that wait for the product, those in scope are meant.
    let all = json!({ "product": "SKU-1", "date": "2031-01-01", "reason": "late" });
    let shown = company.post_as(&cs, "/changes/late-product/preview", &all).await;
    assert_eq!(shown.body["items"].as_array().map(Vec::len), Some(1), "{}", shown.text);
    assert_eq!(shown.body["items"][0]["number"], own["number"]);
    // Nothing has happened to it.
    assert_eq!(company.get(&path(&theirs, "")).await.body["version"], theirs["version"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_scopes_reach_the_team_the_department_customers_and_warehouses() {
    let company = Company::open().await;
    let (sales, manager) = (company.sign_in("sales1").await, company.sign_in("smgr1").await);
    let by_sales = place_as(&company, &sales, &clean("PO-1")).await;
    let by_manager = place_as(&company, &manager, &clean("PO-2")).await;
    let by_token = company.place(&clean("PO-3")).await;
    let all = [&by_sales, &by_manager, &by_token];
    let reached = async |person: &Person| {
        let mut reached = Vec::new();
        for order in all {
            reached.push(reaches(&company, person, order).await);
        }
        reached
    };
    let cs = agent(&company, json!({ "kind": "department" })).await;
    assert_eq!(reached(&cs).await, [false, false, false], "service took none of them in");
    let roles = |scope: Value| json!({ "items": [role("agent", &scope)] });
    give(&company, "smgr1", &["agent"]).await;
    assert_eq!(reached(&manager).await, [true, true, true], "and what nobody took in");
    give(&company, "sales1", &["agent"]).await;
    assert_eq!(company.replace("/roles", &roles(json!({ "kind": "own" }))).await.status, 200);
    assert_eq!(reached(&manager).await, [false, true, true], "sales is told of what nobody took in");
    assert_eq!(company.replace("/roles", &roles(json!({ "kind": "team" }))).await.status, 200);
    assert_eq!(reached(&sales).await, [true, false, true]);
    let organisation = json!({ "managers": { "sales1": "smgr1", "smgr1": "cs1" } });
    assert_eq!(company.replace("/organisation", &organisation).await.status, 200);
    assert_eq!(reached(&manager).await, [true, true, true]);
    assert_eq!(reached(&cs).await, [true, true, false], "of whoever reports to somebody who does");

    assert_eq!(company.replace("/organisation", &json!({})).await.status, 200);
    let of = |kind: &str, code: &str| roles(json!({ "kind": kind, "codes": [code] }));
    assert_eq!(company.replace("/roles", &of("customers", "C001")).await.status, 200);
    assert_eq!(reached(&cs).await, [true, true, true]);
    let warehouse = company.get("/warehouses").await.body["items"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(company.replace("/roles", &of("warehouses", &warehouse)).await.status, 200);
    assert_eq!(reached(&cs).await, [true, true, true], "goods are held there");
    let ops = company.sign_in("ops1").await;
    let ship = json!({ "revision": 1, "lines": [{ "line": by_sales["lines"][0]["id"], "quantity": "10" }] });
    assert_eq!(company.post_as(&ops, &path(&by_sales, "/shipments"), &ship).await.status, 201);
    let reason = json!({ "reason": "not wanted" });
    assert_eq!(company.post_as(&ops, &path(&by_token, "/cancel"), &reason).await.status, 200);
    assert_eq!(reached(&cs).await, [true, true, false], "taken from there, held there, neither");

    // The customers of a salesperson are theirs, whoever took the order in.
    let owner = json!({ "items": [{ "code": "C001", "owner": "cs1" }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/customers").json(&owner)).await.status, 200);
    assert_eq!(company.replace("/roles", &roles(json!({ "kind": "own" }))).await.status, 200);
    assert_eq!(reached(&cs).await, [true, true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_whoever_is_asked_or_told_reaches_the_order_and_a_program_what_it_handed_in() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let cs = agent(&company, json!({ "kind": "own" })).await;
    let named = place_as(&company, &sales, &clean("PO-1")).await;
    assert!(!reaches(&company, &cs, &named).await);
    let said =
        company.post_as(&sales, &path(&named, "/comments"), &json!({ "text": "@cs1 please look" })).await;
    assert_eq!(said.status, 200, "{}", said.text);
    assert!(reaches(&company, &cs, &named).await, "told of it");

    let asked = waiting(&company, &sales, "PO-2").await;
    let node = open_nodes(&asked).remove(0);
    let department = task(&asked, &node)["assignee"]["key"].as_str().unwrap().to_owned();
    assert!(!reaches(&company, &cs, &asked).await);
    let colleague = company.sign_in(if department == "planning" { "plan1" } else { "wh1" }).await;
    let second =
        json!({ "items": [{ "login": "cs2", "name": "CS2", "roles": ["agent"], "password": PASSWORD }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/users").json(&second)).await.status, 200);
    let stand_in = company.sign_in("cs2").await;
    assert!(!reaches(&company, &stand_in, &asked).await);
    let given = json!({ "to": "cs2", "ends_at": soon() });
    let given = answer(company.as_person(&colleague, Method::POST, "/delegations").json(&given)).await;
    assert_eq!(given.status, 201, "{}", given.text);
    assert!(reaches(&company, &stand_in, &asked).await, "in whose place one decides");

    let moved = json!({ "items": [{ "login": "cs1", "department": department }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/users").json(&moved)).await.status, 200);
    assert!(reaches(&company, &cs, &asked).await, "a task of it is offered to their department");
    let claim = format!("/tasks/{}/claim", task(&asked, &node)["id"].as_str().unwrap());
    assert_eq!(company.post_as(&colleague, &claim, &json!({})).await.status, 200);
    let taken = read(&company, &cs, &path(&asked, "")).await;
    assert_eq!(
        taken.status, 200,
        "an offered task that somebody has claimed may still come back: {}",
        taken.text
    );
    let done = company.post_as(&sales, &path(&asked, "/cancel"), &json!({ "reason": "not wanted" })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(!reaches(&company, &cs, &asked).await, "nobody is asked any more");

    let actor = || Actor::system("test");
    let (_, shop) = create_token(&company.app, 1, actor(), "shop", "agent").await.unwrap();
    let by_shop = |method, path: &str| company.request(method, path).bearer_auth(&shop);
    let own = answer(by_shop(Method::POST, "/orders").json(&clean("WEB-1"))).await.body;
    let listed = answer(by_shop(Method::GET, "/orders?limit=100")).await.body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["items"][0]["number"], own["number"]);
    assert_eq!(answer(by_shop(Method::GET, &path(&own, ""))).await.status, 200);
    let refused = answer(by_shop(Method::GET, &path(&named, ""))).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("out_of_scope")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_every_fault_of_a_data_scope_is_named() {
    let company = Company::open().await;
    let with = |code: &str, scope: Value, rights: &[&str]| json!({ "role": code, "name": { "zh": "甲", "en": "A" }, "rights": rights, "scope": scope });
    let read = &["read_orders"];
    let items = json!({ "items": [
        with("a", json!({ "kind": "customers" }), read),
        with("b", json!({ "kind": "customers", "codes": ["C001", "C404"] }), read),
        with("c", json!({ "kind": "warehouses", "codes": ["nowhere"] }), read),
        with("d", json!({ "kind": "own", "codes": ["C001"] }), read),
        with("e", json!({ "kind": "own" }), &["read_orders", "read_reports", "intervene"]),
        with("f", json!({ "kind": "all" }), &["read_orders", "read_reports"]) ] });
    let refused = company.replace("/roles", &items).await;
    let faults = refused.body["findings"].as_array().unwrap();
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault["path"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    let expected = [
        ("items[0].scope.codes", "missing"),
        ("items[1].scope.codes[1]", "unknown_customer"),
        ("items[2].scope.codes[0]", "unknown_warehouse"),
        ("items[3].scope.codes", "codes_not_wanted"),
        ("items[4].scope", "right_over_all"),
        ("items[4].scope", "right_over_all"),
    ];
    assert_eq!(found, expected, "{}", refused.text);
    let unknown = json!({ "items": [with("a", json!({ "kind": "planet" }), read)] });
    let refused = company.replace("/roles", &unknown).await;
    assert_eq!(refused.body["findings"][0]["path"], "items[0].scope.kind", "{}", refused.text);
    let kept = json!({ "items": [with("a", json!({ "kind": "customers", "codes": ["C001"] }), read)] });
    assert_eq!(company.replace("/roles", &kept).await.status, 200);
    let roles = company.get("/roles").await.body;
    let of = |code: &str| {
        let items = roles["items"].as_array().unwrap();
        items.iter().find(|role| role["role"] == code).unwrap().clone()
    };
    assert_eq!(of("a")["scope"], json!({ "kind": "customers", "codes": ["C001"] }));
    assert!(of("a")["scope_text"]["zh"].as_str().unwrap().contains("C001"));
    assert_eq!(of("sales")["scope"]["kind"], "all");
}
