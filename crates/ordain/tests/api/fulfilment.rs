//! What follows from a confirmation, over HTTP: the tasks of every department, by name and run, and their end.

use crate::company::{Company, answer, clean, open_nodes, task};
use ordain_app::admin::AdminCommand;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn s085_a_confirmed_order_shows_each_department_what_to_do_next() {
    let company = Company::open().await;
    let doc = include_str!("../../../../flows/fulfilment.json").to_owned();
    let command = AdminCommand::PublishFlow { key: "fulfilment".into(), doc };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    let order = company.place(&clean("PO-85")).await;
    assert_eq!(order["status"], "confirmed");
    let expected = ["fulfilment/issue_invoice", "fulfilment/plan_delivery", "fulfilment/prepare_goods"];
    assert_eq!(open_nodes(&order), expected);
    let [run] = order["side_runs"].as_array().unwrap().as_slice() else { panic!("{order}") };
    assert_eq!((&run["flow"]["key"], &run["state"]), (&json!("fulfilment"), &json!("running")));
    let waits: Vec<&Value> =
        order["waiting_on"].as_array().unwrap().iter().map(|wait| &wait["node_name"]["en"]).collect();
    assert!(waits.contains(&&json!("Prepare goods")), "{order}");

    let warehouse = company.sign_in("wh1").await;
    let queue = answer(company.as_person(&warehouse, Method::GET, "/tasks?queue=pool")).await;
    let found = &queue.body["items"][0];
    assert_eq!(
        (&found["node_name"]["zh"], &found["run"]),
        (&json!("备货"), &run["number"]),
        "{}",
        queue.text
    );
    assert!(found["actions"].as_array().unwrap().iter().all(|action| action["name"] != "return"));
    let goods = task(&order, expected[2]);
    let on = format!("/tasks/{}", goods["id"].as_str().unwrap());
    for point in [0, 1] {
        let ticked = company.as_person(&warehouse, Method::POST, &format!("{on}/tick"));
        assert_eq!(answer(ticked.json(&json!({ "point": point }))).await.status, 200);
    }
    let done = company.decide(&warehouse, &order, expected[2], "approve").await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(open_nodes(&done.body), &expected[..2]);
    let timeline = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await;
    assert!(
        timeline.text.contains("备货") && timeline.text.contains("Work after the confirmation"),
        "{}",
        timeline.text
    );
    // A second confirmation is not needed for any of it, and the status is what it was.
    assert_eq!(done.body["status"], "confirmed");
}
