//! Feedback of staff, tied to page, step and order; answered and counted. Also what each role may do.

use crate::company::{Answer, Company, Person, answer, clean};
use reqwest::Method;
use serde_json::{Value, json};

async fn get(company: &Company, person: &Person, path: &str) -> Answer {
    answer(company.as_person(person, Method::GET, path)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s103_feedback_is_tied_to_page_step_and_order_and_its_answer_goes_back_to_the_author() {
    let company = Company::open().await;
    let [warehouse, admin, sales] =
        [company.sign_in("wh1").await, company.sign_in("ops1").await, company.sign_in("sales1").await];
    let mut dear = clean("PO-1");
    dear["lines"][0]["unit_price"] = json!("99");
    let order = company.place(&dear).await;
    assert_eq!(order["status"], "in_review");
    let given = json!({ "page": "/orders/x", "order": order["id"], "text": "看不清价格从哪里来" });
    let once = || {
        let request = company.as_person(&warehouse, Method::POST, "/feedback");
        answer(request.header("idempotency-key", "f-1").json(&given))
    };
    let (kept, again) = (once().await, once().await);
    assert_eq!((kept.status, again.replayed), (201, true), "{}", kept.text);
    let other = company.post_as(&sales, "/feedback", &json!({ "page": "/tasks", "text": "more keys" })).await;
    assert_eq!(other.status, 201, "{}", other.text);

    let all = get(&company, &admin, "/feedback").await.body;
    let [about_page, about_order] = all["items"].as_array().unwrap().as_slice() else { panic!("{all}") };
    assert_eq!((&about_order["step"], &about_order["flow"]), (&json!("finance_review"), &json!("standard")));
    assert_eq!(about_order["step_name"]["zh"], "财务审核");
    assert_eq!((&about_order["order_id"], &about_order["author"]), (&order["id"], &json!("WH1")));
    assert_eq!(
        (&about_page["order_id"], &about_page["step"], &about_page["page"]),
        (&Value::Null, &Value::Null, &json!("/tasks"))
    );
    let told = get(&company, &admin, "/notices?kind=feedback_given").await.body;
    assert_eq!(told["items"].as_array().unwrap().len(), 2);
    // Others see their own alone.
    let own = get(&company, &warehouse, "/feedback").await.body;
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["items"][0]["own"], true);

    let path = format!("/feedback/{}", about_order["id"].as_str().unwrap());
    let said = company.post_as(&admin, &format!("{path}/answer"), &json!({ "answer": "" })).await;
    assert_eq!(
        (said.status, &said.body["findings"][0]["code"]),
        (422, &json!("missing_field")),
        "{}",
        said.text
    );
    let body = json!({ "answer": "鼠标停在价格上即可看到" });
    assert_eq!(company.post_as(&warehouse, &format!("{path}/answer"), &body).await.status, 403);
    assert_eq!(company.post_as(&admin, &format!("{path}/answer"), &body).await.status, 200);
    let back = get(&company, &warehouse, "/notices?kind=feedback_answered").await.body;
    let words = back["items"][0]["text"]["zh"].as_str().unwrap();
    assert!(words.contains("鼠标停在价格上即可看到") && words.contains("看不清价格从哪里来"), "{words}");
    assert_eq!(
        get(&company, &warehouse, "/feedback?state=answered").await.body["items"][0]["answered_by"],
        "OPS1"
    );
    for _ in 0..2 {
        assert_eq!(company.post_as(&admin, &format!("{path}/close"), &json!({})).await.status, 200);
    }
    assert_eq!(
        get(&company, &admin, "/feedback?state=closed").await.body["items"].as_array().unwrap().len(),
        1
    );
    assert_eq!(get(&company, &admin, "/feedback?state=lost").await.status, 400);

    let counts = get(&company, &admin, "/feedback/steps").await.body;
    let of = |step: &str| {
        let found = counts["items"].as_array().unwrap().iter().find(|count| count["step"] == step);
        found.map(|count| (count["all"].clone(), count["new"].clone()))
    };
    assert_eq!((of("finance_review"), of("")), (Some((json!(1), json!(0))), Some((json!(1), json!(1)))));
    let listed = get(&company, &admin, "/feedback?flow=standard&step=finance_review").await.body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "a count is exactly the list it counts");
    assert_eq!(get(&company, &warehouse, "/feedback/steps").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn s103_faults_of_feedback_are_named() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let order = company.place(&clean("PO-1")).await;
    for (body, status) in [
        (json!({ "page": "/", "text": " " }), 422),
        (json!({ "page": "/", "text": "x", "order": order["id"], "step": "nowhere" }), 422),
        (json!({ "page": "/", "text": "x", "order": "00000000-0000-7000-8000-000000000000" }), 404),
        (json!({ "page": "/", "text": "x", "mood": "good" }), 422),
    ] {
        let said = company.post_as(&sales, "/feedback", &body).await;
        assert_eq!(said.status, status, "{body}: {}", said.text);
    }
    assert_eq!(
        company.post("/feedback", &json!({ "page": "/", "text": "x" })).await.status,
        403,
        "a program"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_roles_show_their_rights_their_members_and_who_holds_two_that_should_be_apart() {
    let company = Company::open().await;
    let admin = company.sign_in("root1").await;
    let roles = get(&company, &admin, "/roles").await.body;
    let role = |name: &str| {
        roles["items"].as_array().unwrap().iter().find(|role| role["role"] == name).unwrap().clone()
    };
    let finance = role("finance");
    assert_eq!(finance["members"], 1);
    let rights: Vec<&str> =
        finance["rights"].as_array().unwrap().iter().map(|right| right["name"].as_str().unwrap()).collect();
    assert!(rights.contains(&"keep_accounts") && !rights.contains(&"write_users"), "{rights:?}");
    assert!(!roles["apart"].as_array().unwrap().is_empty());
    // The first admin founds the company alone, and is the only one who holds both.
    let conflicts = roles["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.iter().map(|of| &of["login"]).collect::<Vec<_>>(), [&json!("admin")], "{roles}");
    let put = json!({ "items": [{ "login": "fin1", "roles": ["finance", "warehouse"] }] });
    let said = answer(company.as_person(&admin, Method::PUT, "/users").json(&put)).await;
    assert_eq!(said.status, 200, "{}", said.text);
    let conflicts = get(&company, &admin, "/roles").await.body["conflicts"].clone();
    let found = conflicts.as_array().unwrap().iter().find(|of| of["login"] == "fin1").unwrap();
    assert_eq!(found["roles"], json!(["finance", "warehouse"]));
    assert!(found["reason"]["zh"].as_str().unwrap().contains("分开"));
}
