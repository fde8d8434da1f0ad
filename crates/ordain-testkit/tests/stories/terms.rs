//! What the parties agree on beside goods and prices: clauses with their versions, how to pay, where to deliver.

use crate::findings;
use ordain_app::admin::{AdminCommand, ClauseItem, CustomerItem};
use ordain_domain::clause::OrderClause;
use ordain_domain::order::content::DeliveryTerms;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{World, customer, order_of};

async fn put(world: &World, zh: &str, required: bool) {
    let item = ClauseItem {
        code: "WARRANTY".into(),
        zh: Some(zh.into()),
        required: Some(required),
        ..ClauseItem::default()
    };
    world.put(AdminCommand::PutClauses(vec![item])).await;
}

fn with_clause(po: &str, text: Option<&str>) -> Content {
    let clause = OrderClause { code: "WARRANTY".into(), version: None, text: text.map(str::to_owned) };
    Content { clauses: vec![clause], ..order_of(po, &[("P-1", "2", "12.50")]) }
}

#[tokio::test]
async fn s042_an_order_keeps_the_version_of_a_clause_it_was_made_under() {
    let world = World::open().await;
    put(&world, "保修一年", false).await;
    let first = world.place("sales1", with_clause("PO-K1", None)).await;
    assert_eq!(first.order.status, Status::Confirmed, "{:?}", first.order.checked.findings);
    put(&world, "保修两年", false).await;
    put(&world, "保修两年", false).await;
    let second = world.place("sales1", with_clause("PO-K2", None)).await;
    let version = |id| world.case(id).order.content.clauses[0].version;
    assert_eq!(
        (version(first.order.id), version(second.order.id)),
        (Some(1), Some(2)),
        "putting it again changes nothing"
    );
    let clauses = world.house().clauses.0["WARRANTY"].clone();
    assert_eq!(clauses.version(1).map(|text| text.zh.as_str()), Some("保修一年"), "nothing is forgotten");
    // The standard words, written out, are no departure.
    let same = world.place("sales1", with_clause("PO-K3", Some(" 保修两年 "))).await;
    assert_eq!(same.order.status, Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s042_s064_s072_other_words_are_special_terms_that_the_sales_manager_approves() {
    let world = World::open().await;
    put(&world, "保修一年", false).await;
    let id = world.place("sales1", with_clause("PO-K4", Some("终身保修"))).await.order.id;
    assert_eq!(findings(&world.case(id)), ["clause_departs:clauses[0].text"]);
    assert_eq!(world.open_steps(id), ["sales_review"]);
    world
        .accept("sales1", id, "sales_review", &[("clause_departs:clauses[0].text", "大客户")])
        .await
        .unwrap();
    assert_eq!(world.open_steps(id), ["manager_approval"], "special terms go to approval");
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s019_a_missing_clause_is_flagged() {
    let world = World::open().await;
    put(&world, "保修一年", true).await;
    let id = world.place("sales1", order_of("PO-K5", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(findings(&world.case(id)), ["clause_missing:clauses.WARRANTY"]);
    assert_eq!(world.status(id), Status::InReview);
    let whole = world.place("sales1", with_clause("PO-K6", None)).await;
    assert_eq!(whole.order.status, Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s043_the_payment_method_is_compared_with_what_was_agreed() {
    let world = World::open().await;
    let item = CustomerItem { payment_method: Some("bank_transfer".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![item])).await;
    let place = async |po: &str, method: &str| {
        let method = Some(method.to_owned());
        let content = Content { payment_method: method, ..order_of(po, &[("P-1", "2", "12.50")]) };
        let case = world.place("sales1", content).await;
        (case.order.status, findings(&case))
    };
    assert_eq!(place("PO-K7", "bank_transfer").await, (Status::Confirmed, Vec::new()));
    let differs = vec!["payment_method_differs:payment_method".to_owned()];
    assert_eq!(place("PO-K8", "acceptance_bill").await, (Status::InReview, differs));
    let unknown = vec![
        "unknown_payment_method:payment_method".to_owned(),
        "payment_method_differs:payment_method".to_owned(),
    ];
    assert_eq!(place("PO-K9", "barter").await, (Status::Incomplete, unknown));
    world.end().await;
}

#[tokio::test]
async fn s014_delivery_terms_are_codes_of_the_incoterms_with_a_place() {
    let world = World::open().await;
    let place = async |po: &str, code: Option<&str>, at: Option<&str>| {
        let delivery_terms = DeliveryTerms { code: code.map(str::to_owned), place: at.map(str::to_owned) };
        let content = Content { delivery_terms, ..order_of(po, &[("P-1", "2", "12.50")]) };
        findings(&*world.place("sales1", content).await)
    };
    assert_eq!(place("PO-L1", Some("FOB"), Some("上海港")).await, [""; 0]);
    assert_eq!(place("PO-L2", Some("FOB"), None).await, ["missing_field:delivery_terms.place"]);
    assert_eq!(place("PO-L3", Some("DAT"), Some("上海")).await, ["unknown_incoterm:delivery_terms.code"]);
    assert_eq!(place("PO-L4", None, Some("上海")).await, ["missing_field:delivery_terms.code"]);
    world.end().await;
}
