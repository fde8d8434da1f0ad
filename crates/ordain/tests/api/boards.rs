//! Boards of work and quality: every number is that of the rows that its list and its file show.

use crate::company::{Answer, Company, Person, answer, clean, task};
use crate::step_settings::monday;
use axum::http::Method;
use ordain_app::case::Case;
use ordain_app::clock::Clock;
use ordain_app::figures::{follow, happenings, task_facts};
use ordain_app::reconcile::fire_due_timers;
use ordain_store::{HappeningCut, TaskFactCut, TaskFactSet};
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

async fn get(company: &Company, person: &Person, path: &str) -> Answer {
    answer(company.as_person(person, Method::GET, path)).await
}

/// How many rows a list has, page by page, and its file.
async fn rows(company: &Company, person: &Person, list: &str, query: &str) -> (i64, i64) {
    let (mut rows, mut cursor) = (0, String::new());
    loop {
        let page = get(company, person, &format!("/reports/{list}?{query}&limit=1&cursor={cursor}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text);
        rows += page.body["items"].as_array().unwrap().len();
        match page.body["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let file = get(company, person, &format!("/reports/{list}.csv?{query}")).await;
    (i64::try_from(rows).unwrap(), i64::try_from(file.text.lines().count()).unwrap() - 1)
}

async fn cheap(company: &Company, po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["unit_price"] = json!("11.00");
    company.place(&body).await
}

fn number(of: &Value, name: &str) -> i64 {
    of[name].as_i64().unwrap_or_else(|| panic!("{name}: {of}"))
}

/// Four orders that finance looks at: one approved in time, one late, one sent back late, and one that waits.
async fn week(company: &Company, clock: &Clock) {
    let finance = company.sign_in("fin1").await;
    let (quick, slow) = (cheap(company, "B-1").await, cheap(company, "B-2").await);
    let (back, open) = (cheap(company, "B-3").await, cheap(company, "B-4").await);
    let path = |order: &Value| format!("/tasks/{}", task(order, "finance_review")["id"].as_str().unwrap());
    let seen = format!("{}/seen", path(&quick));
    assert_eq!(company.post_as(&finance, &seen, &json!({})).await.status, 200);
    assert_eq!(company.decide(&finance, &quick, "finance_review", "approve").await.status, 200);
    clock.set_ms(monday() + 3 * 24 * HOUR_MS);
    let (finance, sales) = (company.sign_in("fin1").await, company.sign_in("sales1").await);
    assert_eq!(company.decide(&finance, &slow, "finance_review", "approve").await.status, 200);
    let returned = company.decide(&finance, &back, "finance_review", "return").await;
    assert_eq!(returned.status, 200, "{}", returned.text);
    let urged = company.post_as(&sales, &format!("{}/urge", path(&open)), &json!({})).await;
    assert_eq!(urged.status, 200, "{}", urged.text);
    cheap(company, "B-5").await;
    // What its sender has to mend was caught by the checks once it is mended.
    let mut gap = clean("B-6");
    gap["lines"][0]["quantity"] = Value::Null;
    let gap = company.place(&gap).await;
    let mended = company.replace(&format!("/orders/{}", gap["id"].as_str().unwrap()), &clean("B-6")).await;
    assert_eq!(mended.body["status"], "confirmed", "{}", mended.text);
    // Who is late is told so, and so is somebody else.
    fire_due_timers(&company.app).await.unwrap();
    follow(&company.app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s071_s091_every_number_of_the_sla_board_opens_exactly_its_tasks() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    week(&company, &clock).await;
    let boss = company.sign_in("boss").await;
    let board = get(&company, &boss, "/reports/sla").await.body;
    assert_eq!((number(&board, "due"), number(&board, "breached")), (5, 3), "{board}");
    let mut asked = vec![
        ("set=due".to_owned(), number(&board, "due")),
        ("set=breached".to_owned(), number(&board, "breached")),
        ("set=opened".to_owned(), number(&board, "opened")),
        ("set=urged".to_owned(), number(&board, "urged")),
    ];
    assert_eq!((number(&board, "urged"), number(&board, "urges")), (1, 1));
    for part in ["steps", "departments"] {
        let parts = board[part].as_array().unwrap();
        let sum: i64 = parts.iter().map(|one| number(one, "due")).sum();
        assert_eq!(sum, number(&board, "due"), "{part} are the whole");
    }
    for step in board["steps"].as_array().unwrap() {
        let of = format!(
            "node={}&step_flow={}",
            step["node_id"].as_str().unwrap(),
            step["flow"].as_str().unwrap()
        );
        asked.push((format!("set=due&{of}"), number(step, "due")));
        asked.push((format!("set=breached&{of}"), number(step, "breached")));
    }
    for department in board["departments"].as_array().unwrap() {
        let of = format!("set=breached&department={}", department["department"].as_str().unwrap());
        asked.push((of, number(department, "breached")));
    }
    let ages = board["ages"].as_array().unwrap();
    let late: Vec<i64> = ages.iter().map(|age| number(age, "tasks")).collect();
    // Three days of eight hours ago less the time it had: more than a day, and no more than three.
    assert_eq!(late, [0, 0, 1, 0], "{board}");
    for age in ages {
        asked.push((format!("set=overdue&age={}", age["age"].as_str().unwrap()), number(age, "tasks")));
    }
    let days = board["calendar"].as_array().unwrap();
    assert_eq!(days.iter().map(|day| number(day, "tasks")).sum::<i64>(), 1, "{board}");
    for day in days {
        let from: jiff::civil::Date = day["day"].as_str().unwrap().parse().unwrap();
        let query = format!("set=upcoming&from={from}&to={}", from.tomorrow().unwrap());
        asked.push((query, number(day, "tasks")));
    }
    for (query, n) in asked {
        assert_eq!(rows(&company, &boss, "tasks", &query).await, (n, n), "{query}");
    }
    for bad in ["set=all", "set=overdue&age=old", "set=due&from=yesterday"] {
        assert_eq!(get(&company, &boss, &format!("/reports/tasks?{bad}")).await.status, 400, "{bad}");
    }
    // Of people only their superiors read.
    assert_eq!((&board["leads"], &board["people"]), (&json!(false), &json!([])));
    let hidden = get(&company, &boss, "/reports/tasks?set=due&person=fin1").await;
    assert_eq!((hidden.status, &hidden.body["code"]), (403, &json!("not_their_superior")));
    assert!(!get(&company, &boss, "/reports/tasks?set=due").await.text.contains("\"person\":\""));
    let organisation = json!({ "managers": { "fin1": "boss" } });
    assert_eq!(company.replace("/organisation", &organisation).await.status, 200);
    let led = get(&company, &boss, "/reports/sla").await.body["people"].clone();
    assert_eq!(
        (&led[0]["login"], number(&led[0], "due"), number(&led[0], "breached")),
        (&json!("fin1"), 3, 2)
    );
    assert_eq!(rows(&company, &boss, "tasks", "set=breached&person=fin1").await, (2, 2));
    let keeper = company.sign_in("wh1").await;
    assert_eq!(get(&company, &keeper, "/reports/sla").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn s060_s071_every_number_of_the_quality_board_opens_exactly_its_rows() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    week(&company, &clock).await;
    let boss = company.sign_in("boss").await;
    let board = get(&company, &boss, "/reports/quality").await.body;
    assert_eq!((number(&board, "decided"), number(&board, "returned")), (3, 1), "{board}");
    assert_eq!(
        (number(&board, "approved"), number(&board, "instant")),
        (1, 1),
        "only one was opened: {board}"
    );
    let step = &board["returns_by_step"][0];
    assert_eq!((number(step, "decided"), number(step, "returned")), (3, 1));
    let reason = board["returns_by_reason"][0]["reason"].as_str().unwrap();
    let tasks = [
        ("set=decided".to_owned(), 3),
        ("set=returned".to_owned(), 1),
        (format!("set=returned&node=finance_review&reason={reason}"), 1),
        ("set=approved".to_owned(), 1),
        ("set=instant".to_owned(), 1),
    ];
    for (query, n) in tasks {
        assert_eq!(rows(&company, &boss, "tasks", &query).await, (n, n), "{query}");
    }
    assert_eq!(board["catches"].as_array().unwrap().len(), 1, "{board}");
    let catches = ("catch", board["catches"].clone());
    for (kind, sorts) in [catches, ("exception", board["exceptions"].clone())] {
        assert!(!sorts.as_array().unwrap().is_empty(), "{kind}: {board}");
        for sort in sorts.as_array().unwrap() {
            let query = format!("kind={kind}&about={}", sort["about"].as_str().unwrap());
            let n = number(sort, "n");
            assert_eq!(rows(&company, &boss, "happenings", &query).await, (n, n), "{query}");
        }
    }
    let (kept, missed) = (number(&board, "promises_kept"), number(&board, "promises_missed"));
    for (state, n) in [("kept", kept), ("missed", missed)] {
        let query = format!("kind=promise&state={state}");
        assert_eq!(rows(&company, &boss, "happenings", &query).await, (n, n), "{query}");
    }
    for bad in ["kind=all", "kind=catch&state=kept"] {
        assert_eq!(get(&company, &boss, &format!("/reports/happenings?{bad}")).await.status, 400, "{bad}");
    }

    // How the program runs.
    let runs = get(&company, &boss, "/reports/operations").await.body;
    assert_eq!((number(&runs, "by_people"), number(&runs, "by_system")), (3, 0), "{runs}");
    assert_eq!(rows(&company, &boss, "tasks", "set=by_people").await, (3, 3));
    for channel in runs["channels"].as_array().unwrap() {
        let about = channel["channel"].as_str().unwrap();
        for (state, name) in [("", "all"), ("sent", "sent"), ("failed", "failed")] {
            let query = format!("kind=notice&about={about}&state={state}");
            let n = number(channel, name);
            assert_eq!(rows(&company, &boss, "happenings", &query).await, (n, n), "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s071_boards_are_narrowed_to_orders_of_one_sort_and_their_rows_made_anew_are_the_same() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    week(&company, &clock).await;
    let boss = company.sign_in("boss").await;
    // Only some of the orders: the number and its rows again.
    for traits in ["channel=api", "channel=portal", "level=none", "flow=none", "owner=none"] {
        let some = get(&company, &boss, &format!("/reports/sla?{traits}")).await.body;
        let n = number(&some, "due");
        assert_eq!(n, if traits == "channel=api" { 5 } else { 0 }, "{traits}: {some}");
        assert_eq!(rows(&company, &boss, "tasks", &format!("set=due&{traits}")).await, (n, n));
        let overview = get(&company, &boss, &format!("/reports/overview?{traits}")).await.body;
        let n = number(&overview["figures"], "received");
        assert_eq!(rows(&company, &boss, "orders", &format!("set=received&{traits}")).await, (n, n));
    }

    // Made anew they are the same.
    let house = ordain_app::gate::load_house(&company.app.store, 1).unwrap();
    let all = (TaskFactSet::Opened, &TaskFactCut::default());
    let kept = company.app.store.task_fact_page(1, all, (0, i64::MAX), 0, None, 100).unwrap();
    let exceptions = HappeningCut { kind: "exception".to_owned(), ..HappeningCut::default() };
    let happened = company.app.store.happening_page(1, &exceptions, (0, i64::MAX), None, 100).unwrap();
    assert!(!kept.is_empty() && !happened.is_empty());
    let case = |order: [u8; 16]| {
        let stored = company.app.store.order_by_id(1, order).unwrap().unwrap();
        serde_json::from_str::<Case>(&stored.body).unwrap()
    };
    for row in kept {
        assert!(task_facts(1, &case(row.order_id), &house).contains(&row));
    }
    for row in happened {
        assert!(happenings(1, &case(row.order_id), &house).contains(&row));
    }
}
