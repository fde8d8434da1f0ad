//! The order form: what a company asks for beside an order's own fields, put by somebody who cannot program, and held to at
//! every door.

use super::company::{Answer, Company, answer, clean, codes};
use ordain_app::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

/// Monday, 23 November 2026, ten o'clock in Shanghai.
const MONDAY_MS: i64 = 1_795_399_200_000;

fn field(key: &str, kind: &str, more: Value) -> Value {
    let mut field = json!({ "field": key, "name": { "zh": format!("字段{key}"), "en": format!("Field {key}") }, "type": kind });
    for (name, value) in more.as_object().unwrap() {
        field[name] = value.clone();
    }
    field
}

fn form() -> Value {
    json!({ "items": [
        field("project", "text", json!({ "required": true, "group": { "zh": "项目", "en": "Project" } })),
        field("route", "choice", json!({ "options": ["sea", "air"], "default": "sea" })),
        field("licence", "text", json!({ "required_when": [{ "field": "route", "is": ["air"] }] })),
        field("batch_no", "text", json!({ "line": true, "required": true })),
        field("mail", "email", json!({})),
    ] })
}

fn found(order: &Value) -> Vec<String> {
    let findings = order["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| format!("{} {}", f["code"].as_str().unwrap(), f["path"].as_str().unwrap()))
        .collect()
}

fn filled(po: &str) -> Value {
    let mut order = clean(po);
    order["extra"] = json!({ "project": "Bridge" });
    for line in order["lines"].as_array_mut().unwrap() {
        line["extra"] = json!({ "batch_no": "B-7" });
    }
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn s028_s053_a_field_of_the_form_is_asked_for_at_every_door() {
    let company = Company::open().await;
    let put = company.replace("/order-form", &form()).await;
    assert_eq!(put.status, 200, "{}", put.text);

    // By API: everything that is missing is named at once, in both languages, and nothing is lost.
    let mut asked = clean("PO-1");
    asked["extra"] = json!({ "route": "air", "mail": "nobody" });
    let placed = company.place(&asked).await;
    assert_eq!(placed["status"], "incomplete");
    let lines = placed["lines"].as_array().unwrap().len();
    let mut expected =
        vec!["custom_missing extra.project".to_owned(), "custom_missing extra.licence".to_owned()];
    expected.extend((0..lines).map(|n| format!("custom_missing lines[{n}].extra.batch_no")));
    expected.push("custom_unfit extra.mail".to_owned());
    assert_eq!(found(&placed), expected);
    let message = &placed["findings"][0]["message"];
    assert_eq!(
        (&message["zh"], &message["en"]),
        (&json!("缺少字段project"), &json!("Field project is missing"))
    );

    // Before it is placed as well.
    let checked = company.post("/orders/check", &asked).await;
    assert!(checked.text.contains("custom_missing"), "{}", checked.text);

    // What is complete passes, with what the form fills in.
    let order = company.place(&filled("PO-2")).await;
    assert_eq!((&order["status"], &order["extra"]["route"]), (&json!("confirmed"), &json!("sea")), "{order}");

    // A copy, a change and an edit pass the same form.
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let mut changed = filled("PO-2");
    changed["extra"] = json!({ "project": "Bridge", "route": "air" });
    changed["reason"] = json!("faster");
    changed["origin"] = json!("customer");
    let change = company.post(&format!("{path}/changes"), &changed).await;
    assert!(change.text.contains("custom_missing"), "{}", change.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_a_field_that_comes_breaks_no_order_that_runs_and_one_that_goes_takes_nothing_with_it() {
    let clock = Clock::manual(MONDAY_MS);
    let company = Company::open_at(clock.clone()).await;
    let mut running = clean("PO-1");
    running["special_requests"] = json!("wooden crates");
    let running = company.place(&running).await;
    assert_eq!(running["status"], "in_review");
    let path = format!("/orders/{}", running["id"].as_str().unwrap());

    clock.set_ms(MONDAY_MS + 60_000);
    assert_eq!(company.replace("/order-form", &form()).await.status, 200);
    // Something makes it be looked at again.
    let comment = company.post(&format!("{path}/comments"), &json!({ "text": "still with us" })).await;
    assert_eq!(comment.status, 200, "{}", comment.text);
    let again = company.get(&path).await.body;
    assert_eq!((&again["status"], found(&again)), (&json!("in_review"), found(&running)));

    // What was asked for stays with the order when the form asks no more.
    let order = company.place(&filled("PO-2")).await;
    assert_eq!(order["status"], "confirmed");
    assert_eq!(company.replace("/order-form", &json!({ "items": [] })).await.status, 200);
    let kept = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
    assert_eq!(kept["extra"]["project"], "Bridge");
    assert_eq!(company.place(&clean("PO-3")).await["status"], "confirmed");
}

/// What lines weigh, what all of them weigh, and what that costs to carry.
fn weighing() -> Value {
    let worked_out = |formula: &str| json!({ "formula": formula });
    json!({ "items": [
        field("each", "number", json!({ "line": true })),
        field("weight", "number", json!({ "line": true, "formula": "quantity * each" })),
        field("pallet", "number", json!({ "default": "20" })),
        field("total", "number", worked_out("lines.weight + pallet")),
        field("freight", "money", worked_out("total * 0.333")),
    ] })
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_what_the_form_works_out_follows_the_order_at_every_door_and_is_nobodys_to_write() {
    let company = Company::open().await;
    let put = company.replace("/order-form", &weighing()).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let mut asked = clean("PO-1");
    for line in asked["lines"].as_array_mut().unwrap() {
        line["extra"] = json!({ "each": "1.5", "weight": "made up" });
    }
    asked["extra"] = json!({ "total": "1" });
    let order = company.place(&asked).await;
    assert_eq!(order["status"], "confirmed", "{order}");
    let weigh = |order: &Value| {
        let lines = order["lines"].as_array().unwrap();
        let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
        let each = lines.iter().map(|line| number(&line["quantity"]) * 1.5);
        let told = lines.iter().map(|line| number(&line["extra"]["weight"]));
        assert_eq!(each.clone().collect::<Vec<_>>(), told.collect::<Vec<_>>());
        each.sum::<f64>() + 20.0
    };
    let total = weigh(&order);
    assert_eq!(order["extra"]["total"], json!(total.to_string()));
    assert_eq!(order["extra"]["freight"], json!(((total * 0.333 * 100.0).round() / 100.0).to_string()));

    // A change of a quantity carries along what follows from it, and shows it.
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    asked["lines"][0]["quantity"] = json!("1");
    asked["lines"][0]["id"] = order["lines"][0]["id"].clone();
    asked["extra"]["pallet"] = json!("20");
    (asked["reason"], asked["origin"]) = (json!("fewer"), json!("customer"));
    let change = company.post(&format!("{path}/changes"), &asked).await;
    assert_eq!(change.status, 201, "{}", change.text);
    let body = &change.body;
    assert_eq!((&body["extra"]["total"], &body["extra"]["freight"]), (&json!("21.5"), &json!("7.16")));
    assert_eq!(body["lines"][0]["extra"]["weight"], "1.5");
    let told = company.get(&format!("{path}/changes")).await;
    assert!(told.text.contains("extra.total"), "{}", told.text);

    // Where a part is missing nothing is guessed.
    let bare = company.place(&clean("PO-2")).await;
    assert_eq!((&bare["extra"]["total"], &bare["extra"]["pallet"]), (&Value::Null, &json!("20")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s053_a_formula_that_cannot_be_worked_out_is_refused_with_every_fault() {
    let company = Company::open().await;
    let of = |key: &str, kind: &str, formula: &str, more: Value| {
        let mut made = field(key, kind, more);
        made["formula"] = json!(formula);
        made
    };
    let refused = company
        .replace(
            "/order-form",
            &json!({ "items": [
                of("a", "text", "1 + 1", json!({})),
                of("b", "number", "a +", json!({})),
                of("c", "number", "later + colour", json!({})),
                of("later", "number", "quantity", json!({})),
                of("d", "number", "lines.d", json!({ "line": true })),
                of("e", "money", "2", json!({ "default": "1", "required": true })),
                field("cost", "money", json!({ "line": true, "visible_to": ["finance", "management"] })),
                of("spent", "money", "lines.cost", json!({})),
                of("twice", "money", "2 * cost", json!({ "line": true, "visible_to": ["finance"] })),
            ] }),
        )
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut named = codes(&refused.body["findings"]);
    named.sort();
    let expected = [
        "formula_alone",
        "formula_of_no_number",
        "formula_tells",
        "not_a_formula",
        "unknown_formula_field",
        "unknown_formula_field",
        "unknown_formula_field",
        "unknown_formula_field",
    ];
    assert_eq!(named, expected);
    assert_eq!(company.get("/order-form").await.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s028_every_fault_of_a_form_is_named_at_once_and_nothing_is_kept() {
    let company = Company::open().await;
    let refused: Answer = company
        .replace(
            "/order-form",
            &json!({ "items": [
                field("Two Words", "text", json!({})),
                field("a", "colour", json!({})),
                field("b", "choice", json!({ "options": [] })),
                field("c", "number", json!({ "default": "many" })),
                field("d", "text", json!({ "required_when": [{ "field": "weather", "is": [] }] })),
                field("d", "text", json!({})),
                { "field": "e", "name": { "zh": "只有中文" }, "type": "date" },
                field("f", "text", json!({ "visible_to": ["finance", "nobody", "finance"] })),
            ] }),
        )
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut named = codes(&refused.body["findings"]);
    named.sort();
    let expected = [
        "bad_field_key",
        "duplicate_code",
        "duplicate_code",
        "missing_field",
        "missing_field",
        "missing_field",
        "unfit_default",
        "unknown_condition_field",
        "unknown_field_type",
        "unknown_role",
    ];
    assert_eq!(named, expected, "{}", refused.text);
    assert_eq!(company.get("/order-form").await.body, json!({ "items": [] }));

    // Whoever has read an older form does not overwrite a newer one.
    let path = "/order-form";
    let old = company.get(path).await.etag.unwrap();
    assert_eq!(company.replace(path, &form()).await.status, 200);
    let late = answer(company.by_token(Method::PUT, path).header("if-match", old).json(&form())).await;
    assert_eq!(late.status, 412, "{}", late.text);

    // Programs read it as a schema.
    let schema = company.get("/order-form/schema").await.body;
    let extra = &schema["properties"]["extra"];
    assert_eq!(
        (&extra["required"], &extra["properties"]["route"]["enum"]),
        (&json!(["project"]), &json!(["sea", "air"]))
    );
    let lines = &schema["properties"]["lines"]["items"]["properties"]["extra"];
    assert_eq!(lines["required"], json!(["batch_no"]));
}

/// A wish that is older than what became of the order is put onto it, and what follows from the rest is worked out anew:
/// what the wish says of it is neither a wish of its own nor in the way.
#[tokio::test(flavor = "multi_thread")]
async fn s053_s023_what_is_worked_out_follows_a_wish_that_is_put_onto_a_newer_order() {
    let company = Company::open().await;
    assert_eq!(company.replace("/order-form", &weighing()).await.status, 200);
    let (warehouse, sales) = (company.sign_in("wh1").await, company.sign_in("sales1").await);
    let with = |quantity: &str, reason: &str, origin: &str| {
        let mut body = clean("PO-1");
        body["lines"] = json!([{ "id": "1", "product": "SKU-1", "quantity": quantity, "unit": "pcs",
            "unit_price": "12.50", "extra": { "each": "1.5" } }]);
        body["extra"]["pallet"] = json!("20");
        (body["reason"], body["origin"]) = (json!(reason), json!(origin));
        body
    };
    let mut first = with("10", "", "");
    for name in ["reason", "origin"] {
        first.as_object_mut().unwrap().remove(name);
    }
    first["lines"][0].as_object_mut().unwrap().remove("id");
    let order = company.place(&first).await;
    assert_eq!((&order["status"], &order["extra"]["total"]), (&json!("confirmed"), &json!("35")), "{order}");
    let path = format!("/orders/{}/changes", order["id"].as_str().unwrap());
    let mut elsewhere = with("10", "the dock has moved", "warehouse");
    elsewhere["ship_to"]["address"] = json!("Dock 9");
    assert_eq!(company.post_as(&warehouse, &path, &elsewhere).await.status, 201);
    let between = company.post_as(&sales, &path, &with("8", "fewer", "customer")).await;
    assert_eq!((between.status, &between.body["extra"]["total"]), (201, &json!("32")), "{}", between.text);
    let known = company.get(&path).await.body;
    let wish =
        known["items"].as_array().unwrap().iter().find(|of| of["reason"] == "the dock has moved").unwrap();
    let take = format!("{path}/{}/take", wish["id"].as_str().unwrap());
    let taken = company.post_as(&sales, &take, &json!({})).await;
    assert_eq!((taken.status, &taken.body["ship_to"]["address"]), (200, &json!("Dock 9")), "{}", taken.text);
    let line = &taken.body["lines"][0];
    assert_eq!(
        (&line["quantity"], &line["extra"]["weight"], &taken.body["extra"]["total"]),
        (&json!("8"), &json!("12"), &json!("32"))
    );
}
