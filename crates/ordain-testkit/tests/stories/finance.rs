//! What finance answers for.

use crate::findings;
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_app::query::waiting::{WaitingFor, waiting};
use ordain_domain::finding::Finding;
use ordain_domain::order::Status;
use ordain_flow::doc::NodeKind;
use ordain_testkit::world::{World, order_of};
use serde_json::json;

#[tokio::test]
async fn s008_finance_sees_recomputed_totals_tax_payment_and_invoice() {
    let world = World::open().await;
    let lines = [("P-1", "3", "12.49"), ("M-1", "1", "499.99"), ("F-1", "7", "3.33")];
    let mut content = order_of("PO-80", &lines);
    // What the sender reckoned is kept and believed by nobody.
    content.extra.insert("total".into(), json!("1.00"));
    content.extra.insert("tax".into(), json!("0.00"));
    let totals = world.place("sales1", content).await.order.checked.totals.unwrap();
    // 537.46 with 13 % and 23.31 with 9 %.
    assert_eq!((totals.gross, totals.net, totals.tax), (56_077, 49_702, 6_375));
    let house = world.house();
    let flow = house.flow(&house.active_flow("standard").unwrap()).unwrap();
    let NodeKind::Review(finance) = &flow.node("finance_review").unwrap().kind else { panic!("a review") };
    for check in ["price", "payment", "credit", "invoice"] {
        assert!(finance.owns.iter().any(|own| own == check), "{check}");
    }
    for field in ["totals.gross", "payment_terms", "invoice.title", "invoice.tax_no", "invoice.kind"] {
        assert!(finance.looks_at.iter().any(|at| at == field), "{field}");
    }
    world.end().await;
}

#[tokio::test]
async fn s008_finance_answers_for_price_and_credit_and_for_nothing_else() {
    let world = World::open().await;
    // 200 motors at 1,100 each exceed the credit of 200,000.
    let mut content = order_of("PO-81", &[("M-1", "200", "1100.00")]);
    content.payment_terms = Some("NET60".into());
    let id = world.place("sales1", content).await.order.id;
    let case = world.case(id);
    let house = world.house();
    let owned = |node: &str| {
        let waits = waiting(&case, &house);
        let wait =
            waits.iter().find(|w| matches!(w.what, WaitingFor::Task { task, .. } if task.node == node));
        wait.unwrap_or_else(|| panic!("{node}")).findings.iter().map(|f| f.id()).collect::<Vec<_>>()
    };
    let (price, credit) = ("price_differs:lines[0].unit_price", "credit_exceeded:totals.gross");
    let mut finance = owned("finance_review");
    finance.sort();
    assert_eq!(finance, [credit, price]);
    assert_eq!(owned("sales_review"), ["terms_differ:payment_terms"]);
    let over = case.order.checked.findings.iter().find(|f: &&Finding| f.id() == credit).unwrap();
    assert_eq!((over.facts["limit"].as_str(), over.facts["over"].as_str()), ("200000.00", "20000.00"));
    let silent = world.approve("fin1", id, "finance_review").await.unwrap_err();
    assert!(
        matches!(&silent, GateError::Refused(Refusal::FindingsNeedReason(ids)) if ids.len() == 2),
        "{silent:?}"
    );
    let half = world.accept("fin1", id, "finance_review", &[(price, "批准")]).await.unwrap_err();
    assert_eq!(half, GateError::Refused(Refusal::FindingsNeedReason(vec![credit.into()])));
    let other = world.approve("sales1", id, "finance_review").await.unwrap_err();
    assert_eq!(other, GateError::Refused(Refusal::NotYourTask));
    world.accept("fin1", id, "finance_review", &[(price, "批准"), (credit, "已收定金")]).await.unwrap();
    world.accept("sales1", id, "sales_review", &[("terms_differ:payment_terms", "年度协议")]).await.unwrap();
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s008_s021_wrong_invoice_data_and_unknown_payment_stop_the_order() {
    let world = World::open().await;
    let mut content = order_of("PO-83", &[("P-1", "1", "12.50")]);
    content.invoice.kind = Some("receipt".into());
    content.payment_terms = Some("next month".into());
    let placed = world.place("sales1", content).await;
    assert_eq!(placed.order.status, Status::Incomplete);
    let found = findings(&placed);
    for id in ["unknown_invoice_kind:invoice.kind", "unknown_payment_terms:payment_terms"] {
        assert!(found.iter().any(|of| of == id), "{id} in {found:?}");
    }
    world.end().await;
}
