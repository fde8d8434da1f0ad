//! What follows a confirmation: deposits and payments, and money that does not come.

use crate::{refused, times};
use ordain_app::admin::AdminCommand;
use ordain_app::case::Case;
use ordain_app::case::decide::{Fulfil, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::Status;
use ordain_store::ReceivableFilter;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, customer, order_of};
use std::sync::Arc;
use uuid::Uuid;

fn payment(reference: &str, amount: &str) -> OrderCommand {
    let (reference, amount) = (reference.to_owned(), decimal(amount));
    OrderCommand::Fulfil(Box::new(Fulfil::Pay { reference, amount, on: None, method: None }))
}

async fn pay(world: &World, id: Uuid, reference: &str, amount: &str) -> Result<Arc<Case>, GateError> {
    world.command("fin1", Some(id), payment(reference, amount)).await
}

/// An order of 1,250.00 on terms that its customer has agreed to.
async fn on_terms(world: &World, po: &str, terms: &str) -> Uuid {
    let item = ordain_app::admin::CustomerItem { payment_terms: Some(terms.to_owned()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![item])).await;
    let mut content = order_of(po, &[("P-1", "100", "12.50")]);
    content.payment_terms = Some(terms.to_owned());
    let case = world.place("sales1", content).await;
    assert_eq!(case.order.status, Status::Confirmed, "{:?}", case.order.checked.findings);
    case.order.id
}

fn owed(world: &World) -> Vec<(String, i64)> {
    let rows = world.app.store.list_receivables(world.org, &ReceivableFilter::default(), None, 50).unwrap();
    rows.into_iter().map(|row| (row.due_on, row.minor)).collect()
}

fn exposure(world: &World) -> i64 {
    world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor
}

#[tokio::test]
async fn s021_a_deposit_is_owed_from_the_confirmation_on_and_what_is_paid_frees_credit() {
    let world = World::open().await;
    let id = on_terms(&world, "PO-D1", "DEPOSIT30").await;
    assert_eq!(world.case(id).order.deposit_minor(), 37_500);
    assert_eq!(owed(&world), [("2026-11-23".to_owned(), 37_500)]);
    assert_eq!(exposure(&world), 125_000);
    pay(&world, id, "B-1", "300.00").await.unwrap();
    assert_eq!(owed(&world), [("2026-11-23".to_owned(), 7_500)]);
    assert!(world.case(id).order.deposit_obstacle().is_some(), "75.00 is not there yet");
    pay(&world, id, "B-2", "75.00").await.unwrap();
    assert_eq!((owed(&world), exposure(&world)), (Vec::new(), 87_500));
    assert!(world.case(id).order.deposit_obstacle().is_none());
    pay(&world, id, "B-3", "875.00").await.unwrap();
    assert_eq!((world.case(id).order.credit_held.clone(), exposure(&world)), (None, 0));
    world.end().await;
}

#[tokio::test]
async fn a_payment_is_recorded_once_whichever_order_it_is_for() {
    let world = World::open().await;
    let id = on_terms(&world, "PO-D2", "NET30").await;
    let other = world.place("sales1", order_of("PO-D3", &[("P-1", "2", "12.50")])).await.order.id;
    pay(&world, id, "B-7", "100.00").await.unwrap();
    let number = world.case(id).order.number.clone();
    let known = Refusal::PaymentKnown { reference: "B-7".into(), number };
    assert_eq!(refused(pay(&world, other, " B-7 ", "5.00").await), known);
    assert_eq!(refused(pay(&world, id, "B-7", "100.00").await), known);
    for bad in ["0", "-5", "1.001"] {
        let Refusal::Invalid(faults) = refused(pay(&world, id, "", bad).await) else { panic!("{bad}") };
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(codes, ["missing_field", "not_positive"], "{bad}: everything is named at once");
    }
    assert_eq!(world.case(id).order.fulfilment.paid_minor(), 10_000);
    assert_eq!(world.case(other).order.fulfilment.paid_minor(), 0);
    // Two at the same moment: one is recorded.
    let (left, right) = tokio::join!(pay(&world, id, "B-8", "1.00"), pay(&world, other, "B-8", "1.00"));
    assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1, "{left:?} {right:?}");
    world.end().await;
}

#[tokio::test]
async fn s063_money_that_does_not_come_in_time_alarms_finance_and_the_owner_once() {
    let mut world = World::open().await;
    let id = on_terms(&world, "PO-U1", "PREPAID").await;
    let paid = on_terms(&world, "PO-U2", "PREPAID").await;
    pay(&world, paid, "B-9", "1250.00").await.unwrap();
    // The customers have their confirmations, so that nothing else is late.
    world.deliver().await;
    world.pass_to(0, 23, 59).await;
    assert_eq!(times(&world.notices("fin1", id), "payment_overdue"), 0);
    world.pass_to(1, 10, 0).await;
    for login in ["fin1", "sales1"] {
        assert_eq!(times(&world.notices(login, id), "payment_overdue"), 1, "{login}");
        assert_eq!(times(&world.notices(login, paid), "payment_overdue"), 0, "{login}");
    }
    assert_eq!(times(&world.notices("wh1", id), "payment_overdue"), 0, "it is not for everybody");
    let flags = |id: Uuid| world.app.store.order_by_id(world.org, id.into_bytes()).unwrap().unwrap().flags;
    assert_eq!((flags(id).as_str(), flags(paid).as_str()), ("overdue", ""));
    world.pass_to(5, 10, 0).await;
    assert_eq!(times(&world.notices("fin1", id), "payment_overdue"), 1, "the alarm sounds once");
    let before = ReceivableFilter { before: Some("2026-11-24".into()), ..ReceivableFilter::default() };
    assert_eq!(world.app.store.list_receivables(world.org, &before, None, 9).unwrap().len(), 1);
    pay(&world, id, "B-10", "1250.00").await.unwrap();
    assert_eq!((flags(id).as_str(), owed(&world)), ("", Vec::new()));
    world.end().await;
}

#[tokio::test]
async fn s008_invoices_are_never_more_than_the_order() {
    let world = World::open().await;
    let id = on_terms(&world, "PO-V1", "NET30").await;
    let invoice = |number: Option<&str>, amount: Option<&str>| {
        let act = Fulfil::Invoice { number: number.map(str::to_owned), amount: amount.and_then(decimal) };
        OrderCommand::Fulfil(Box::new(act))
    };
    world.command("fin1", Some(id), invoice(None, Some("1000.00"))).await.unwrap();
    let over = refused(world.command("fin1", Some(id), invoice(None, Some("250.01"))).await);
    assert!(matches!(&over, Refusal::Invalid(faults) if faults[0].facts["left"] == "250.00"), "{over:?}");
    world.command("fin1", Some(id), invoice(Some("F-1"), None)).await.unwrap();
    let twice = refused(world.command("fin1", Some(id), invoice(Some("F-1"), None)).await);
    assert!(matches!(&twice, Refusal::Invalid(faults) if faults[0].code == "number_known"), "{twice:?}");
    world.command("fin1", Some(id), invoice(Some("F-2"), None)).await.unwrap();
    let case = world.case(id);
    let issued: Vec<_> = case
        .order
        .fulfilment
        .invoices
        .iter()
        .map(|invoice| (invoice.issued.as_ref().unwrap().number.as_str(), invoice.minor))
        .collect();
    assert_eq!(issued, [("F-1", 100_000), ("F-2", 25_000)]);
    let more = refused(world.command("fin1", Some(id), invoice(None, None)).await);
    assert!(matches!(&more, Refusal::Invalid(faults) if faults[0].code == "more_than_total"), "{more:?}");
    world.end().await;
}

#[tokio::test]
async fn s001_complaints_are_recorded_answered_and_closed() {
    let world = World::open().await;
    let id = on_terms(&world, "PO-C1", "NET30").await;
    let act = |act: Fulfil| OrderCommand::Fulfil(Box::new(act));
    let complaint = |kind: &str| Fulfil::Complain {
        kind: kind.into(),
        text: "两箱破损".into(),
        from: Some("张三".into()),
    };
    let unknown = refused(world.command("cs1", Some(id), act(complaint("anger"))).await);
    assert!(matches!(&unknown, Refusal::Invalid(faults) if faults[0].code == "unknown_complaint_kind"));
    world.command("cs1", Some(id), act(complaint("damage"))).await.unwrap();
    assert_eq!(times(&world.notices("sales1", id), "complaint_recorded"), 1);
    let answer = |id| Fulfil::AnswerComplaint { id, answer: "明天补发".into() };
    let close = |id| Fulfil::CloseComplaint { id, outcome: "已补发".into() };
    assert_eq!(refused(world.command("cs1", Some(id), act(answer(2))).await), Refusal::ComplaintNotFound);
    world.command("cs1", Some(id), act(answer(1))).await.unwrap();
    world.command("cs1", Some(id), act(close(1))).await.unwrap();
    assert_eq!(refused(world.command("cs1", Some(id), act(close(1))).await), Refusal::ComplaintClosed);
    let case = world.case(id);
    let kept = &case.order.fulfilment.complaints[0];
    assert_eq!(
        (kept.state.name(), kept.answer.as_deref(), kept.outcome.as_deref()),
        ("closed", Some("明天补发"), Some("已补发"))
    );
    world.end().await;
}
