//! Figures of a period: each is counted from exactly the orders that its list shows.

use crate::company::{Company, answer, clean};
use crate::step_settings::monday;
use axum::http::Method;
use ordain_app::case::Case;
use ordain_app::clock::Clock;
use ordain_app::figures::{fact, follow};
use ordain_store::{FactCut, FactSet};
use serde_json::{Value, json};

async fn cancel(company: &Company, order: &Value, code: &str) {
    let sales = company.sign_in("sales1").await;
    let path = format!("/orders/{}/cancel", order["id"].as_str().unwrap());
    let done = company.post_as(&sales, &path, &json!({ "reason_code": code, "reason": "打电话来" })).await;
    assert_eq!(done.body["status"], "cancelled", "{}", done.text);
}

/// Two confirmed, one of them after a look and with a complaint; three lost, one that was no order.
async fn month(company: &Company) {
    let at_once = company.place(&clean("R-1")).await;
    assert_eq!(at_once["status"], "confirmed");
    let mut cheap = clean("R-2");
    cheap["lines"][0]["unit_price"] = json!("11.00");
    let looked_at = company.place(&cheap).await;
    let finance = company.sign_in("fin1").await;
    assert_eq!(
        company.decide(&finance, &looked_at, "finance_review", "approve").await.body["status"],
        "confirmed"
    );
    let sales = company.sign_in("sales1").await;
    let complaint = json!({ "kind": "damage", "text": "wet" });
    let path = format!("/orders/{}/complaints", looked_at["id"].as_str().unwrap());
    assert_eq!(company.post_as(&sales, &path, &complaint).await.status, 201);
    cheap["customer_po"] = json!("R-3");
    let refused = company.place(&cheap).await;
    let answer = company.decide(&finance, &refused, "finance_review", "reject").await;
    assert_eq!(answer.body["status"], "rejected", "{}", answer.text);
    cheap["customer_po"] = json!("R-4");
    cancel(company, &company.place(&cheap).await, "lost_to_competitor").await;
    cheap["customer_po"] = json!("R-5");
    cancel(company, &company.place(&cheap).await, "duplicate").await;
    let mut short = clean("R-6");
    short["lines"][0]["product"] = json!("SKU-3");
    short["lines"][0]["quantity"] = json!("50");
    cancel(company, &company.place(&short).await, "other").await;
    follow(&company.app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s039_s071_every_figure_is_the_number_of_orders_in_its_list_and_in_its_file() {
    let company = Company::open().await;
    month(&company).await;
    let boss = company.sign_in("boss").await;
    let get = |path: String| answer(company.as_person(&boss, Method::GET, &path));
    let overview = get("/reports/overview".to_owned()).await;
    let figures = &overview.body["figures"];
    let counted = |name: &str| figures[name].as_i64().unwrap();
    assert_eq!((counted("received"), counted("confirmed"), counted("lost")), (6, 2, 3), "{}", overview.text);
    assert_eq!((counted("straight_through"), counted("complained"), counted("first_pass")), (1, 1, 2));
    for set in FactSet::ALL {
        let mut rows = 0;
        let mut cursor = String::new();
        loop {
            let path = format!("/reports/orders?set={}&limit=2&cursor={cursor}", set.name());
            let page = get(path).await;
            assert_eq!(page.status, 200, "{}", page.text);
            rows += page.body["items"].as_array().unwrap().len();
            match page.body["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(i64::try_from(rows).unwrap(), counted(set.name()), "{}", set.name());
        let file = get(format!("/reports/orders.csv?set={}", set.name())).await;
        assert_eq!(file.text.lines().count(), rows + 1, "{}", file.text);
        assert!(file.text.starts_with("\u{feff}订单号,"), "{}", file.text);
    }
    // Parts of a chart add up to the whole, and each opens as many orders as it counts, in the list and in the file.
    let spans = overview.body["cycles"].as_array().unwrap();
    assert_eq!(spans.iter().map(|span| span["orders"].as_i64().unwrap()).sum::<i64>(), counted("confirmed"));
    let mut parts: Vec<(String, i64)> = Vec::new();
    for span in spans {
        let to = span["to_minutes"].as_i64().map(|to| to.to_string()).unwrap_or_default();
        let path = format!("set=confirmed&cycle={}-{to}", span["from_minutes"]);
        parts.push((path, span["orders"].as_i64().unwrap()));
    }
    let lost = get("/reports/lost".to_owned()).await.body;
    for reason in lost["reasons"].as_array().unwrap() {
        let path = format!("set=lost&reason={}", reason["reason"]["code"].as_str().unwrap());
        parts.push((path, reason["orders"].as_i64().unwrap()));
    }
    for (path, orders) in parts {
        let page = get(format!("/reports/orders?{path}")).await.body;
        assert_eq!(i64::try_from(page["items"].as_array().unwrap().len()).unwrap(), orders, "{path}");
        let file = get(format!("/reports/orders.csv?{path}")).await;
        assert_eq!(i64::try_from(file.text.lines().count()).unwrap(), orders + 1, "{path}");
    }
    assert_eq!(get("/reports/orders?set=confirmed&cycle=long".to_owned()).await.status, 400);
    // The days add up to the period, and a period before it is empty.
    let days = overview.body["days"].as_array().unwrap();
    assert_eq!(days.iter().map(|day| day["received"].as_i64().unwrap()).sum::<i64>(), 6);
    assert_eq!(overview.body["previous"]["received"], 0);
    assert_eq!(overview.body["targets"]["cycle_minutes"], 120);
    assert!(counted("cycle_p50") <= counted("cycle_p90"));
    assert_eq!(
        ordain_app::audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap().first_problem,
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s075_one_page_says_how_many_orders_were_lost_why_where_and_what_they_were_worth() {
    let company = Company::open().await;
    month(&company).await;
    let lost = company.get("/reports/lost").await.body;
    assert_eq!((&lost["lost"], &lost["received"], &lost["previous_lost"]), (&json!(3), &json!(6), &json!(0)));
    let reasons: Vec<_> =
        lost["reasons"].as_array().unwrap().iter().map(|found| found["reason"]["code"].clone()).collect();
    assert_eq!(reasons.len(), 3, "{lost}");
    for reason in ["price_or_terms", "lost_to_competitor", "other"] {
        assert!(reasons.contains(&json!(reason)), "{lost}");
    }
    let sum = |list: &str| -> i64 {
        lost[list].as_array().unwrap().iter().map(|found| found["orders"].as_i64().unwrap()).sum()
    };
    assert_eq!((sum("reasons"), sum("steps")), (3, 3), "the parts are the whole");
    assert_eq!(lost["steps"][0]["node_id"], "finance_review", "{lost}");
    assert_eq!(lost["amount"], "845.00", "twice ten for 11.00 and fifty for 12.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn s091_the_speed_of_each_department_is_shown_and_the_bottleneck_comes_first() {
    let company = Company::open().await;
    month(&company).await;
    let speed = company.get("/reports/speed").await.body;
    let first = &speed["steps"][0];
    assert_eq!(
        (&first["department"], &first["node_id"], &first["decided"]),
        (&json!("finance"), &json!("finance_review"), &json!(2)),
        "{speed}"
    );
    assert!(first["p50"].is_i64() && first["node_name"]["zh"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn s039_figures_made_anew_are_the_same_and_bad_questions_are_named() {
    let company = Company::open().await;
    month(&company).await;
    let house = ordain_app::gate::load_house(&company.app.store, 1).unwrap();
    let all = company
        .app
        .store
        .fact_page(1, (FactSet::Received, &FactCut::default()), ("0000", "9999"), None, 100)
        .unwrap();
    assert_eq!(all.len(), 6);
    for row in all {
        let stored = company.app.store.order_by_id(1, row.order_id).unwrap().unwrap();
        let case: Case = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(fact(1, &case, &house), row);
    }
    assert_eq!(follow(&company.app).await.unwrap(), 0, "nothing is left to do");
    for bad in [
        "/reports/orders?set=all",
        "/reports/overview?from=yesterday",
        "/reports/overview?from=2026-02-02&to=2026-02-01",
        "/reports/overview?from=1900-01-01&to=2026-02-01",
    ] {
        let said = company.get(bad).await;
        assert_eq!(said.status, 400, "{bad}: {}", said.text);
        assert_eq!(said.body["code"] == "bad_period", bad.contains("&to="), "{bad}: {}", said.text);
    }
    let keeper = company.sign_in("wh1").await;
    let said = answer(company.as_person(&keeper, Method::GET, "/reports/overview")).await;
    assert_eq!((said.status, &said.body["code"]), (403, &json!("forbidden")));
    let nothing = company.get("/reports/overview?from=2020-01-01&to=2020-02-01").await.body;
    assert_eq!(
        (&nothing["figures"]["confirmed"], &nothing["figures"]["cycle_p50"]),
        (&json!(0), &Value::Null)
    );
    // The targets of before and after.
    let read = company.get("/settings/figures").await;
    let put = |body: Value| {
        company
            .by_token(Method::PUT, "/settings/figures")
            .header("if-match", read.etag.clone().unwrap())
            .json(&body)
    };
    let wrong = answer(put(json!({ "cycle_minutes": 0, "complaints_less_percent": 101 }))).await;
    assert_eq!(wrong.body["findings"].as_array().unwrap().len(), 2, "{}", wrong.text);
    let right = json!({ "cycle_minutes": 120, "cycle_minutes_before": 960, "complaints_permille_before": 50, "complaints_less_percent": 60, "unreceived_minutes": 60, "stall_minutes": 0 });
    assert_eq!(answer(put(right.clone())).await.status, 200);
    assert_eq!(company.get("/reports/overview").await.body["targets"], right);
}

#[tokio::test(flavor = "multi_thread")]
async fn s084_the_reason_of_a_loss_is_proposed_and_put_right_once_by_somebody_named() {
    let company = Company::open().await;
    month(&company).await;
    let list = || company.get("/reports/orders?set=lost&reason=price_or_terms");
    let proposed = list().await.body["items"][0].clone();
    assert_eq!(
        (&proposed["lost_by"], list().await.body["items"].as_array().unwrap().len()),
        (&Value::Null, 1)
    );
    let id = proposed["order_id"].as_str().unwrap();
    let boss = company.sign_in("boss").await;
    let say = |id: String, code: &str| {
        let body = json!({ "reason_code": code });
        answer(company.as_person(&boss, Method::POST, &format!("/orders/{id}/loss")).json(&body))
    };
    let unknown = say(id.to_owned(), "mood").await;
    assert_eq!((unknown.status, &unknown.body["code"]), (422, &json!("unknown_cancel_reason")));
    let said = say(id.to_owned(), "review_timeout").await;
    assert_eq!(said.status, 200, "{}", said.text);
    let loss = &said.body["loss"];
    assert_eq!(
        (&loss["reason"]["code"], &loss["proposed"]["code"]),
        (&json!("review_timeout"), &json!("price_or_terms"))
    );
    assert!(loss["at"].is_string() && loss["by"].is_string());
    let again = say(id.to_owned(), "other").await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("loss_explained")));
    let confirmed = company.get("/reports/orders?set=confirmed").await.body["items"][0]["order_id"].clone();
    let none = say(confirmed.as_str().unwrap().to_owned(), "other").await;
    assert_eq!((none.status, &none.body["code"]), (409, &json!("not_lost")));
    let sales = company.sign_in("sales1").await;
    let kept =
        company.post_as(&sales, &format!("/orders/{id}/loss"), &json!({ "reason_code": "other" })).await;
    assert_eq!(kept.status, 403);

    // The figures follow, and whoever asks the order reads who said so. What was no order is not lost any more.
    follow(&company.app).await.unwrap();
    assert_eq!(list().await.body["items"], json!([]));
    let moved = company.get("/reports/orders?set=lost&reason=review_timeout").await.body["items"][0].clone();
    assert_eq!((&moved["order_id"], &moved["lost_by"]), (&proposed["order_id"], &loss["by"]));
    let timeline = company.get(&format!("/orders/{id}/timeline")).await;
    assert!(timeline.text.contains("掉单原因"), "{}", timeline.text);
    let other =
        company.get("/reports/orders?set=lost&reason=other").await.body["items"][0]["order_id"].clone();
    assert_eq!(say(other.as_str().unwrap().to_owned(), "duplicate").await.status, 200);
    follow(&company.app).await.unwrap();
    let lost = company.get("/reports/lost").await.body;
    let sum: i64 =
        lost["reasons"].as_array().unwrap().iter().map(|one| one["orders"].as_i64().unwrap()).sum();
    assert_eq!((&lost["lost"], sum), (&json!(2), 2), "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s091_the_parts_of_the_time_to_confirmation_add_up_to_it_and_the_funnel_opens_its_orders() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    let mut cheap = clean("W-1");
    cheap["lines"][0]["unit_price"] = json!("11.00");
    let order = company.place(&cheap).await;
    clock.set_ms(monday() + 95 * 60_000 + 30_000);
    let finance = company.sign_in("fin1").await;
    let decided = company.decide(&finance, &order, "finance_review", "approve").await;
    assert_eq!(decided.body["status"], "confirmed", "{}", decided.text);
    // Another one waits for its sender first, until the noon break begins.
    let mut gap = clean("W-2");
    gap["lines"][0]["quantity"] = Value::Null;
    let gap = company.place(&gap).await;
    assert_eq!(gap["status"], "incomplete");
    clock.set_ms(monday() + 125 * 60_000);
    let path = format!("/orders/{}", gap["id"].as_str().unwrap());
    let filled = company.replace(&path, &clean("W-2")).await;
    assert_eq!(filled.body["status"], "confirmed", "{}", filled.text);
    company.place(&clean("W-3")).await;
    let mut open = clean("W-4");
    open["lines"][0]["unit_price"] = json!("11.00");
    company.place(&open).await;
    follow(&company.app).await.unwrap();

    let speed = company.get("/reports/speed").await.body;
    let parts: Vec<(&str, i64, i64)> = speed["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let number = |name: &str| one[name].as_i64().unwrap();
            (one["part"].as_str().unwrap(), number("orders"), number("minutes"))
        })
        .collect();
    assert_eq!(parts, [("finance", 1, 95), ("@sender", 1, 24)], "{speed}");
    assert_eq!((&speed["confirmed"], &speed["cycle_minutes"]), (&json!(3), &json!(95 + 24)));
    for (part, orders, _) in parts {
        let path = format!("set=confirmed&part={}", part.replace('@', "%40"));
        let page = company.get(&format!("/reports/orders?{path}")).await.body;
        assert_eq!(i64::try_from(page["items"].as_array().unwrap().len()).unwrap(), orders, "{path}");
        let file = company.get(&format!("/reports/orders.csv?{path}")).await;
        assert_eq!(i64::try_from(file.text.lines().count()).unwrap(), orders + 1, "{path}");
    }

    let funnel = company.get("/reports/overview").await.body["funnel"].clone();
    let stages: Vec<(&str, i64)> = funnel
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["stage"].as_str().unwrap(), one["orders"].as_i64().unwrap()))
        .collect();
    assert_eq!(stages, [("received", 4), ("checked", 4), ("reviewed", 3), ("confirmed", 3)]);
    for (at, (_, orders)) in stages.iter().enumerate() {
        let page = company.get(&format!("/reports/orders?set=received&reached={at}")).await.body;
        assert_eq!(i64::try_from(page["items"].as_array().unwrap().len()).unwrap(), *orders, "{at}");
    }
    assert_eq!(company.get("/reports/orders?set=received&reached=far").await.status, 400);
}
