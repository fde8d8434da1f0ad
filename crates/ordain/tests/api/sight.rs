//! What the flow keeps from somebody does not reach them by any door: order, tasks, lists, search, story, checks.

use crate::company::{Answer, Company, Person, answer, clean};
use ordain_app::admin::AdminCommand;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const PHONE: &str = "13912345678";
const TAX_NO: &str = "91330000DEM000001R";
/// Asked price, its sum, the list price, and the sum of that: whoever sees one of them knows the price.
const MONEY: [&str; 4] = ["11.25", "112.5", "12.5", "125"];

/// The warehouse sees no colour and the beginning of the phone; prices are for sales and finance, the tax number for
/// finance alone.
async fn company() -> Company {
    let company = Company::open().await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let lanes = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap();
    for lane in lanes.iter_mut() {
        lane["steps"][0]["kind"]["auto_when_clear"] = json!(false);
    }
    let warehouse = lanes.iter_mut().find(|lane| lane["id"] == "warehouse").unwrap();
    warehouse["steps"][0]["kind"]["fields"] = json!({ "extra.color": "hide", "ship_to.phone": "mask" });
    doc["sensitive"] = json!({
        "lines.unit_price": { "visible_to": [{ "department": "sales" }, { "department": "finance" }], "hidden": true },
        "invoice.tax_no": { "visible_to": [{ "department": "finance" }] },
    });
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    company
}

fn order(po: &str) -> Value {
    let mut body = clean(po);
    body["ship_to"]["phone"] = json!(PHONE);
    body["lines"][0]["unit_price"] = json!("11.25");
    body
}

async fn send(company: &Company, person: &Person, method: Method, path: &str, body: &Value) -> Answer {
    let tag = answer(company.as_person(person, Method::GET, path)).await.etag;
    let request = company.as_person(person, method, path).json(body);
    answer(tag.into_iter().fold(request, |request, tag| request.header("if-match", tag))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s035_s059_what_a_step_or_a_role_is_not_to_see_reaches_nobody_there() {
    let company = company().await;
    let (sales, finance, warehouse) =
        (company.sign_in("sales1").await, company.sign_in("fin1").await, company.sign_in("wh1").await);
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&order("PO-59"))).await;
    let id = placed.body["id"].as_str().unwrap().to_owned();
    assert!(placed.text.contains("11.25") && placed.text.contains(TAX_NO), "who took it in sees it whole");
    // Other prices and another phone come and go, so that the story has differences to tell.
    let back = json!({ "decision": "return", "reason": "check the phone" });
    let task = crate::company::task(&placed.body, "finance_review");
    let path = format!("/tasks/{}/decide", task["id"].as_str().unwrap());
    assert_eq!(answer(company.as_person(&finance, Method::POST, &path).json(&back)).await.status, 200);
    let mut other = order("PO-59");
    other["ship_to"]["phone"] = json!("13987654321");
    other["lines"][0]["quantity"] = json!("9");
    let edited = send(&company, &sales, Method::PUT, &format!("/orders/{id}"), &other).await;
    assert_eq!(edited.status, 200, "{}", edited.text);

    let doors = [
        format!("/orders/{id}"),
        format!("/orders/{id}/timeline?limit=100"),
        format!("/orders/{id}/why"),
        "/orders".to_owned(),
        "/tasks?queue=pool".to_owned(),
        "/tasks?queue=mine".to_owned(),
        "/workbench".to_owned(),
        "/notices".to_owned(),
        "/exceptions".to_owned(),
        "/sheets/open-orders".to_owned(),
    ];
    for door in &doors {
        let got = answer(company.as_person(&warehouse, Method::GET, door)).await;
        assert_eq!(got.status, 200, "{door} {}", got.text);
        let money = MONEY.iter().chain(&["101.25", "11.2"]).find(|money| told(&got.body, money));
        assert_eq!(money, None, "{door} {}", got.text);
        for kept in [PHONE, "13987654321", TAX_NO] {
            assert!(!got.text.contains(kept), "{door} tells {kept}: {}", got.text);
        }
        assert!(!got.text.contains("\"red\""), "{door} {}", got.text);
    }
    let seen = answer(company.as_person(&warehouse, Method::GET, &doors[0])).await.body;
    assert_eq!((&seen["ship_to"]["phone"], &seen["invoice"]["tax_no"]), (&json!("139***"), &json!("913***")));
    assert_eq!((&seen["lines"][0]["quantity"], &seen["lines"][0]["unit_price"]), (&json!("9"), &Value::Null));
    let preview =
        answer(company.as_person(&warehouse, Method::GET, &format!("/orders/{id}/notices/preview"))).await;
    assert_eq!((preview.status, &preview.body["code"]), (403, &json!("notice_not_seen")));

    let seen = answer(company.as_person(&finance, Method::GET, &doors[0])).await;
    for open in ["13987654321", TAX_NO, "11.25", "\"red\""] {
        assert!(seen.text.contains(open), "finance sees {open}");
    }
    let story = answer(company.as_person(&finance, Method::GET, &doors[1])).await;
    assert!(story.text.contains("13987654321") && story.text.contains(PHONE), "{}", story.text);

    let number = seen.body["number"].as_str().unwrap();
    for (person, q, hits) in
        [(&warehouse, "13987654321", 0), (&warehouse, number, 1), (&finance, "13987654321", 1)]
    {
        let found = answer(company.as_person(person, Method::GET, &format!("/orders?q={q}"))).await;
        assert_eq!(found.body["items"].as_array().unwrap().len(), hits, "{q} {}", found.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s035_s059_what_is_not_seen_is_not_found_out_by_a_filter() {
    let company = company().await;
    let (finance, warehouse) = (company.sign_in("fin1").await, company.sign_in("wh1").await);
    company.place(&order("PO-62")).await;
    let get = async |person, path: &str| answer(company.as_person(person, Method::GET, path)).await;
    for list in ["/tasks?queue=mine", "/orders?view=all"] {
        for asked in ["amount_from=100", "amount_to=200", "currency=CNY"] {
            let refused = get(&warehouse, &format!("{list}&{asked}")).await;
            let code = &refused.body["code"];
            assert_eq!((refused.status, code), (403, &json!("field_not_seen")), "{list} {asked}");
            let open = get(&finance, &format!("{list}&{asked}")).await;
            assert_eq!(
                (open.status, open.body["items"].as_array().unwrap().len()),
                (200, 1),
                "{list} {asked}"
            );
        }
        let open = get(&warehouse, &format!("{list}&customer=C001&warehouse=SH")).await;
        assert_eq!(open.status, 200, "{}", open.text);
    }
    let fields = |answer: Answer| answer.body["fields"].clone();
    assert_eq!(
        fields(get(&warehouse, "/tasks/choices").await),
        json!(["step", "customer", "due", "warehouse"])
    );
    assert_eq!(fields(get(&finance, "/tasks/choices").await).as_array().unwrap().len(), 5);
}

/// Whether some text in the answer has the number as a word of its own.
fn told(value: &Value, number: &str) -> bool {
    match value {
        // An id may hold any digits.
        Value::String(text) if text.parse::<Uuid>().is_ok() => false,
        Value::String(text) => text
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .any(|word| word.trim_end_matches('0').trim_end_matches('.') == number),
        Value::Array(items) => items.iter().any(|item| told(item, number)),
        Value::Object(fields) => fields.values().any(|field| told(field, number)),
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_who_does_not_see_a_field_can_neither_ask_for_it_nor_lose_it() {
    let company = company().await;
    let (sales, service) = (company.sign_in("sales1").await, company.sign_in("cs1").await);
    let mut draft = order("PO-60");
    draft["submit"] = json!(false);
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&draft)).await;
    let path = format!("/orders/{}", placed.body["id"].as_str().unwrap());
    let seen = answer(company.as_person(&service, Method::GET, &path)).await.body;
    assert_eq!(
        (&seen["lines"][0]["unit_price"], &seen["invoice"]["tax_no"]),
        (&Value::Null, &json!("913***"))
    );
    // What service has on its screen, with another quantity and a line more.
    let mut body = draft.clone();
    body["invoice"]["tax_no"] = seen["invoice"]["tax_no"].clone();
    body["lines"] = json!([
        { "id": seen["lines"][0]["id"], "product": "SKU-1", "quantity": "7", "unit": "pcs" },
        { "product": "SKU-2", "quantity": "1", "unit": "pcs", "unit_price": "1.00" },
    ]);
    let edited = send(&company, &service, Method::PUT, &path, &body).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let after = answer(company.as_person(&sales, Method::GET, &path)).await.body;
    assert_eq!(
        (&after["lines"][0]["quantity"], &after["lines"][0]["unit_price"]),
        (&json!("7"), &json!("11.25"))
    );
    assert_eq!(after["invoice"]["tax_no"], TAX_NO);
    assert_eq!(after["lines"][1]["unit_price"], Value::Null, "a price that cannot be seen cannot be set");

    let check =
        answer(company.as_person(&service, Method::POST, "/orders/check").json(&order("PO-61"))).await;
    assert_eq!(check.status, 200, "{}", check.text);
    assert!(MONEY.iter().all(|money| !told(&check.body, money)), "{}", check.text);
    assert_eq!((&check.body["totals"], &check.body["customer"]["credit"]), (&Value::Null, &Value::Null));
    // An order of its own opens no door to what other customers owe and pay.
    let mut own = order("PO-62");
    own["submit"] = json!(false);
    let own = answer(company.as_person(&service, Method::POST, "/orders").json(&own)).await;
    let asked = format!("/orders/check?order={}", own.body["id"].as_str().unwrap());
    let check = answer(company.as_person(&service, Method::POST, &asked).json(&order("PO-62"))).await;
    assert_eq!(check.status, 200, "{}", check.text);
    assert_eq!((&check.body["totals"], &check.body["customer"]["credit"]), (&Value::Null, &Value::Null));
    let check = answer(company.as_person(&sales, Method::POST, "/orders/check").json(&order("PO-61"))).await;
    assert!(told(&check.body, "12.5"), "sales is told the price agreed: {}", check.text);
}

/// A company whose form shows two fields to finance alone, and a draft that fills them.
async fn with_secrets(po: &str) -> (Company, Value) {
    let company = Company::open().await;
    let field = |key: &str, line: bool| {
        json!({ "field": key, "name": { "zh": key, "en": key }, "type": "text",
        "line": line, "required": true, "visible_to": ["finance"] })
    };
    let form = json!({ "items": [field("rebate", false), field("source", true)] });
    assert_eq!(company.replace("/order-form", &form).await.status, 200);
    let mut draft = clean(po);
    draft["submit"] = json!(false);
    draft["extra"] = json!({ "rebate": "four-percent" });
    draft["lines"][0]["extra"] = json!({ "source": "second-plant" });
    (company, draft)
}

/// What the form shows to finance alone is neither read nor asked for nor lost by others, whichever flow the order is in;
/// whoever took the order in sees it, and so do the people of a step that names it.
#[tokio::test(flavor = "multi_thread")]
async fn s059_s028_a_field_of_the_form_is_seen_by_its_roles_alone() {
    let (company, draft) = with_secrets("PO-70").await;
    let (sales, service, finance) =
        (company.sign_in("sales1").await, company.sign_in("cs1").await, company.sign_in("fin1").await);
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&draft)).await;
    assert!(placed.text.contains("four-percent") && placed.text.contains("second-plant"), "{}", placed.text);
    let path = format!("/orders/{}", placed.body["id"].as_str().unwrap());
    let mut again = draft.clone();
    again["extra"]["rebate"] = json!("five-percent");
    assert_eq!(send(&company, &sales, Method::PUT, &path, &again).await.status, 200);

    for door in [path.clone(), format!("{path}/timeline?limit=100"), "/orders".to_owned()] {
        let seen = answer(company.as_person(&service, Method::GET, &door)).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        for kept in ["four-percent", "five-percent", "second-plant"] {
            assert!(!seen.text.contains(kept), "{door} tells {kept}: {}", seen.text);
        }
    }
    let story = answer(company.as_person(&finance, Method::GET, &format!("{path}/timeline?limit=100"))).await;
    assert!(story.text.contains("five-percent"), "{}", story.text);

    // Service has neither on its screen, and writes what it means to write there.
    let seen = answer(company.as_person(&service, Method::GET, &path)).await.body;
    let mut body = draft.clone();
    body["lines"] = json!([{ "id": seen["lines"][0]["id"], "product": "SKU-1", "quantity": "7", "unit": "pcs",
        "extra": { "source": "somewhere" } }]);
    body["extra"] = json!({ "rebate": "all of it" });
    let edited = send(&company, &service, Method::PUT, &path, &body).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let after = answer(company.as_person(&finance, Method::GET, &path)).await.body;
    assert_eq!(after["lines"][0]["quantity"], "7");
    assert_eq!(
        (&after["extra"]["rebate"], &after["lines"][0]["extra"]["source"]),
        (&json!("five-percent"), &json!("second-plant"))
    );

    // A step that asks its people to look at the field shows it to them; one that says it of all fields does not.
    let shows = |fields: Value| {
        let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
        let lanes = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap();
        let warehouse = lanes.iter_mut().find(|lane| lane["id"] == "warehouse").unwrap();
        warehouse["steps"][0]["kind"]["fields"] = fields;
        AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() }
    };
    let warehouse = company.sign_in("wh1").await;
    for (fields, seen) in
        [(json!({ "lines": "read" }), false), (json!({ "lines.extra.source": "read" }), true)]
    {
        company.app.admin(1, Actor::system("test"), shows(fields.clone())).await.unwrap();
        let got = answer(company.as_person(&warehouse, Method::GET, &path)).await;
        assert_eq!(got.text.contains("second-plant"), seen, "{fields} {}", got.text);
        assert!(!got.text.contains("five-percent"), "{}", got.text);
    }
}

/// Neither the check of an edit nor a change tells of such a field, and neither misses it.
#[tokio::test(flavor = "multi_thread")]
async fn s059_s023_a_field_that_is_not_seen_is_neither_missed_nor_told_of() {
    let (company, draft) = with_secrets("PO-71").await;
    let (sales, service, finance) =
        (company.sign_in("sales1").await, company.sign_in("cs1").await, company.sign_in("fin1").await);
    let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&draft)).await;
    let path = format!("/orders/{}", placed.body["id"].as_str().unwrap());
    let check = format!("/orders/check?order={}", placed.body["id"].as_str().unwrap());
    let mut unseen = clean("PO-71");
    unseen["lines"] = json!([{ "id": placed.body["lines"][0]["id"], "product": "SKU-1", "quantity": "7", "unit": "pcs",
        "unit_price": "12.50" }]);
    for (person, missed) in [(&service, false), (&sales, true)] {
        let told = answer(company.as_person(person, Method::POST, &check).json(&unseen)).await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert_eq!(told.text.contains("custom_missing"), missed, "{}", told.text);
    }

    // Who hands in none of a group of fields loses none that it does not see.
    unseen["submit"] = json!(false);
    let edited = send(&company, &service, Method::PUT, &path, &unseen).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let after = answer(company.as_person(&finance, Method::GET, &path)).await.body;
    assert_eq!(after["lines"][0]["extra"]["source"], "second-plant", "{after}");

    let mut wished = clean("PO-71");
    wished["extra"] = json!({ "rebate": "four-percent" });
    wished["lines"][0]["extra"] = json!({ "source": "second-plant" });
    let confirmed = send(&company, &sales, Method::PUT, &path, &wished).await;
    assert_eq!(confirmed.body["status"], "confirmed", "{}", confirmed.text);
    wished["lines"][0]["id"] = confirmed.body["lines"][0]["id"].clone();
    wished["extra"]["rebate"] = json!("six-percent");
    (wished["reason"], wished["origin"]) = (json!("a better offer"), json!("customer"));
    let change = company.post(&format!("{path}/changes"), &wished).await;
    assert_eq!(change.status, 201, "{}", change.text);
    for (person, sees) in [(&service, false), (&finance, true)] {
        for door in [format!("{path}/changes"), format!("{path}/timeline?limit=100")] {
            let told = answer(company.as_person(person, Method::GET, &door)).await;
            assert_eq!(told.status, 200, "{}", told.text);
            assert_eq!(told.text.contains("six-percent"), sees, "{door}: {}", told.text);
        }
    }
}
