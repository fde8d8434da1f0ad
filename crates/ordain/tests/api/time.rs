//! Working time through the API: holidays with their source, layers, leave, and what deadlines come to.

use crate::company::{Company, answer, clean, task};
use ordain_app::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

async fn due(company: &Company, query: &str) -> String {
    let answer = company.get(&format!("/calendars/deadline?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["due_at"].as_str().unwrap()[..16].to_owned()
}

fn faults(body: &Value) -> Vec<String> {
    let found = body["findings"].as_array().unwrap().iter();
    let name =
        |fault: &Value| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap());
    let mut found: Vec<String> = found.map(name).collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn s080_reminders_know_holidays() {
    let company = Company::open_at(Clock::manual(at("2026-09-30T17:00:00+08:00"))).await;
    // A price that is not the agreed one is finance's, within 120 working minutes.
    let mut body = clean("PO-1");
    body["lines"][0]["unit_price"] = json!("11.00");
    let order = company.place(&body).await;
    let review = task(&order, "finance_review");
    let due_at = review["due_at"].as_str().unwrap();
    assert_eq!(at(due_at), at("2026-10-08T10:00:00+08:00"), "one hour before the holiday, one after it");
    let asked = "from=2026-09-30T09:00:00Z&minutes=120";
    assert_eq!(due(&company, asked).await, "2026-10-08T10:00");
    // The Sunday before was worked for it, and the Saturday after is.
    assert_eq!(due(&company, "from=2026-09-20T01:00:00Z&minutes=60").await, "2026-09-20T10:00");
    assert_eq!(due(&company, "from=2026-10-09T09:00:00Z&minutes=120").await, "2026-10-10T10:00");
}

/// An order with a price that finance has to look at.
fn dear(po: &str, price: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["unit_price"] = json!(price);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn s080_the_load_of_the_month_s_end_is_forecast_and_says_what_comes_first() {
    let clock = Clock::manual(at("2026-10-27T09:30:00+08:00"));
    let company = Company::open_at(clock.clone()).await;
    // The end of October brings three a day, the days before and after it one; one a day is done.
    let days = [(27, 1), (28, 3), (29, 3), (30, 3), (33, 1), (34, 1), (35, 1), (36, 1)];
    for (day, orders) in days {
        let start = at("2026-10-01T09:30:00+08:00");
        clock.set_ms(start + (day - 1) * 86_400_000);
        let mut placed = Vec::new();
        for n in 0..orders {
            placed.push(company.place(&dear(&format!("PO-{day}-{n}"), "13.00")).await);
        }
        let finance = company.sign_in("fin1").await;
        let decided = company.decide(&finance, &placed[0], "finance_review", "approve").await;
        assert_eq!(decided.status, 200, "{}", decided.text);
    }
    clock.set_ms(at("2026-11-24T09:30:00+08:00"));
    let large = company.place(&dear("PO-L", "15.00")).await;
    let small = company.place(&dear("PO-S", "14.00")).await;
    let workload = company.get("/workload").await;
    assert_eq!(workload.status, 200, "{}", workload.text);
    let departments = workload.body["departments"].as_array().unwrap();
    let finance = departments.iter().find(|each| each["department"] == "finance").unwrap();
    assert_eq!((&finance["open"], &finance["overdue"]), (&json!(8), &json!(6)), "{finance}");
    let of = |date: &str| {
        let found = finance["days"].as_array().unwrap().iter().find(|day| day["date"] == date);
        found.unwrap_or_else(|| panic!("no {date}: {finance}")).clone()
    };
    let today = of("2026-11-24");
    assert_eq!((&today["due"], &today["expected"], &today["capacity"]), (&json!(8), &json!(0), &json!(1)));
    assert_eq!(today["tight"], true, "eight are due and one can be done");
    for (date, month_end, expected) in
        [("2026-11-25", false, 1), ("2026-11-26", true, 3), ("2026-11-30", true, 3), ("2026-12-01", false, 1)]
    {
        let day = of(date);
        assert_eq!((&day["month_end"], &day["expected"]), (&json!(month_end), &json!(expected)), "{day}");
    }
    assert!(finance["days"].as_array().unwrap().iter().all(|day| day["date"] != "2026-11-28"), "a day off");
    // What is late comes first, then the larger of what is due today.
    let person = company.sign_in("fin1").await;
    let own = answer(company.as_person(&person, Method::GET, "/workload")).await;
    let first: Vec<(&Value, &Value)> = own.body["first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (&each["class"], &each["task"]["order_number"]))
        .collect();
    assert_eq!(first.len(), 8, "{}", own.text);
    assert!(first[..6].iter().all(|(class, _)| *class == "late"), "{first:?}");
    assert_eq!(first[6..], [(&json!("today"), &large["number"]), (&json!("today"), &small["number"])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_says_where_its_holidays_come_from_and_how_far_they_are_known() {
    let company = Company::open().await;
    let read = company.get("/calendars/company").await;
    let public = &read.body["public_holidays"];
    assert_eq!((&public["from_year"], &public["to_year"]), (&json!(2024), &json!(2027)), "{}", read.text);
    let years = public["years"].as_array().unwrap();
    assert!(years.iter().all(|year| !year["source"].as_str().unwrap().is_empty()));
    let provisional: Vec<&Value> = years.iter().filter(|year| year["provisional"] == true).collect();
    assert_eq!(provisional.len(), 1);
    assert!(!provisional[0]["reason"]["zh"].as_str().unwrap().is_empty());
    assert!(public["beyond"]["en"].as_str().unwrap().contains("after 2027"));
    for (from, known) in
        [("2026-03-02", "announced"), ("2027-03-02", "provisional"), ("2028-03-02", "unknown")]
    {
        let path = format!("/calendars/deadline?from={from}T02:00:00Z&minutes=60");
        let deadline = company.get(&path).await.body;
        assert_eq!(deadline["holidays"], known);
        assert_eq!(deadline["note"].is_null(), known == "announced", "{deadline}");
    }
    let night = company.get("/calendars/deadline?from=2026-03-02T00:00:00Z&minutes=0").await.body;
    assert_eq!(night["notice_at"], night["due_at"], "working time is never quiet");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_company_changes_its_hours_and_keeps_what_it_leaves_out() {
    let company = Company::open().await;
    let path = "/calendars/company";
    let bare = answer(company.by_token(Method::PUT, path).json(&json!({}))).await;
    assert_eq!(bare.status, 428);
    let tag = company.get(path).await.etag.unwrap();
    let mut days = vec![json!(["08:00-12:00"]); 6];
    days.push(json!([]));
    let body = json!({ "week": days, "quiet_hours": "22:00-07:00" });
    let put = || {
        let request = company.by_token(Method::PUT, path).header("if-match", tag.clone());
        answer(request.header("idempotency-key", "c-1").json(&body))
    };
    let (first, again) = (put().await, put().await);
    assert_eq!((first.status, again.replayed), (200, true), "{}", first.text);
    assert_eq!((&first.text, &first.etag), (&again.text, &again.etag));
    let read = company.get(path).await;
    assert_eq!(read.etag, first.etag);
    assert_eq!(read.body["week"][5], json!(["08:00-12:00"]));
    assert_eq!(read.body["quiet_hours"], "22:00-07:00");
    assert!(read.body["holidays"].as_array().unwrap().contains(&json!("2026-10-01")), "left out, so kept");
    assert_eq!(due(&company, "from=2026-11-20T03:00:00Z&minutes=120").await, "2026-11-21T09:00");
    let stale = answer(company.by_token(Method::PUT, path).header("if-match", tag).json(&json!({}))).await;
    assert_eq!((stale.status, &stale.body["code"]), (412, &json!("stale")));
    let logged = company.get("/audit?action=put_calendar").await;
    assert_eq!(logged.body["items"].as_array().unwrap().len(), 1, "{}", logged.text);
    let cleared =
        company.replace(path, &json!({ "holidays": [], "makeup_workdays": [], "public_holidays": "" })).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    assert!(company.get(path).await.body["public_holidays"].is_null());
    assert_eq!(due(&company, "from=2026-10-01T00:00:00Z&minutes=60").await, "2026-10-01T09:00");
    company.replace(path, &json!({ "public_holidays": "cn" })).await;
    assert_eq!(due(&company, "from=2026-10-01T00:00:00Z&minutes=60").await, "2026-10-08T09:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_calendar_is_named_at_once() {
    let company = Company::open().await;
    let body = json!({
        "timezone": "Mars/Base",
        "week": [["09:00-12:00", "11:00-18:00"], ["18:00-09:00"], ["09:00-24:30"], ["nine"], [], [], []],
        "holidays": ["2026-13-01", "2026-08-08"],
        "makeup_workdays": ["2026-08-08"],
        "quiet_hours": "08:00-08:00",
        "public_holidays": "xx",
    });
    let refused = company.replace("/calendars/company", &body).await;
    assert_eq!(refused.status, 422);
    let expected = [
        "bad_quiet_hours quiet_hours",
        "bad_working_hours week[0]",
        "bad_working_hours week[1]",
        "not_a_date holidays[0]",
        "not_a_time_span week[2][0]",
        "not_a_time_span week[3][0]",
        "off_and_worked makeup_workdays",
        "unknown_public_holidays public_holidays",
        "unknown_timezone timezone",
    ];
    assert_eq!(faults(&refused.body), expected, "{}", refused.text);
    for fault in refused.body["findings"].as_array().unwrap() {
        let words = &fault["message"];
        assert!(words["zh"] != words["en"] && !words["en"].as_str().unwrap().contains('{'), "{fault}");
    }
    let short =
        company.replace("/calendars/departments/finance", &json!({ "week": [[], []], "else": 1 })).await;
    assert_eq!(faults(&short.body), ["unknown_field else"], "{}", short.text);
    let short = company.replace("/calendars/departments/finance", &json!({ "week": [[], []] })).await;
    assert_eq!(faults(&short.body), ["not_seven_days week"], "{}", short.text);
    assert_eq!(company.get("/calendars/departments/nowhere").await.status, 404);
    assert_eq!(company.get("/calendars/people/nobody").await.status, 404);
    let unknown = company.by_token(Method::PUT, "/calendars/people/nobody").header("if-match", "\"0\"");
    assert_eq!(answer(unknown.json(&json!({}))).await.status, 412);
}

#[tokio::test(flavor = "multi_thread")]
async fn departments_and_people_have_their_own_hours_and_leave_postpones() {
    let company = Company::open().await;
    let early =
        json!([["06:00-14:00"], ["06:00-14:00"], ["06:00-14:00"], ["06:00-14:00"], ["06:00-14:00"], [], []]);
    let put = company.replace("/calendars/departments/warehouse", &json!({ "week": early })).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let monday = "from=2026-11-22T16:00:00Z&minutes=60";
    assert_eq!(due(&company, &format!("{monday}&department=warehouse")).await, "2026-11-23T07:00");
    assert_eq!(due(&company, &format!("{monday}&person=wh1")).await, "2026-11-23T07:00");
    assert_eq!(due(&company, monday).await, "2026-11-23T10:00");
    company.replace("/calendars/people/wh1", &json!({ "days_off": ["2026-11-23"] })).await;
    assert_eq!(due(&company, &format!("{monday}&person=wh1")).await, "2026-11-24T07:00");
    for query in ["person=ghost", "department=nowhere", "from=noon", "minutes=-1"] {
        let refused = company.get(&format!("/calendars/deadline?{query}")).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!("bad_query")), "{query}");
    }
    let shown = company.get("/calendars/people/wh1").await.body;
    assert_eq!((&shown["week"], &shown["hours"]), (&Value::Null, &early), "{shown}");

    let leave = json!({ "login": "fin1", "from": "2026-11-23", "from_half": "afternoon", "until": "2026-11-25", "until_half": "morning" });
    let made = company.post("/leave", &leave).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let whole = "from=2026-11-23T01:00:00Z&minutes=240&person=fin1";
    assert_eq!(due(&company, whole).await, "2026-11-25T14:00", "three hours on Monday, one on Wednesday");
    let again = company
        .post("/leave", &json!({ "login": "fin1", "from": "2026-11-25", "until": "2026-11-24" }))
        .await;
    assert_eq!(faults(&again.body), ["ends_before_start until"], "{}", again.text);
    let again = company
        .post("/leave", &json!({ "login": "fin1", "from": "2026-11-24", "until": "2026-11-30" }))
        .await;
    assert_eq!(faults(&again.body), ["overlaps from"], "{}", again.text);
    let wrong = json!({ "login": "ghost", "from": "soon", "until": "2031-01-01", "from_half": "night" });
    let wrong = company.post("/leave", &wrong).await;
    assert_eq!(faults(&wrong.body), ["invalid_value from_half", "not_a_moment from", "unknown_user login"]);
    let all = company.get("/calendars").await.body;
    let people: Vec<&str> =
        all["people"].as_array().unwrap().iter().map(|who| who["key"].as_str().unwrap()).collect();
    assert_eq!((people, &all["departments"][0]["key"]), (vec!["fin1", "wh1"], &json!("warehouse")), "{all}");

    let path = format!("/leave/{}", made.body["id"].as_str().unwrap());
    let ended = answer(company.by_token(Method::DELETE, &path)).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    company.replace("/calendars/departments/warehouse", &json!({})).await;
    assert_eq!(
        due(&company, &format!("{monday}&department=warehouse")).await,
        "2026-11-23T10:00",
        "as above again"
    );
}
