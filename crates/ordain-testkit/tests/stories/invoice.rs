//! Invoices that are taken back: asked for and not wanted any more, made void, or corrected by one with a minus.

use crate::refused;
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::Origin;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, order_of};
use std::sync::Arc;
use uuid::Uuid;

async fn act(world: &World, id: Uuid, act: Fulfil) -> Result<Arc<Case>, GateError> {
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await
}

async fn bill(world: &World, id: Uuid, number: Option<&str>, amount: &str) -> Result<Arc<Case>, GateError> {
    act(world, id, Fulfil::Invoice { number: number.map(str::to_owned), amount: decimal(amount) }).await
}

/// Takes invoice `of` of the order back, with the red-letter number and the amount that are given.
async fn correct(
    world: &World,
    id: Uuid,
    (of, kind): (u32, &str),
    (number, amount): (Option<&str>, Option<&str>),
) -> Result<Arc<Case>, GateError> {
    let (number, amount) = (number.map(str::to_owned), amount.and_then(decimal));
    let (kind, reason) = (kind.to_owned(), "wrong title".to_owned());
    act(world, id, Fulfil::CorrectInvoice { id: of, kind, amount, number, reason }).await
}

/// An order of 100.00.
async fn placed(world: &World, po: &str) -> Uuid {
    world.place("sales1", order_of(po, &[("P-1", "8", "12.50")])).await.order.id
}

fn stands(world: &World, id: Uuid) -> (i64, i64) {
    let fulfilment = world.case(id).order.fulfilment;
    (fulfilment.billed_minor(), fulfilment.invoiced_minor())
}

fn faults(refusal: Refusal) -> Vec<String> {
    let Refusal::Invalid(faults) = refusal else { panic!("{refusal:?}") };
    faults.into_iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

#[tokio::test]
async fn s029_an_invoice_that_is_taken_back_can_be_billed_anew() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    bill(&world, id, Some("F-1"), "60.00").await.unwrap();
    bill(&world, id, None, "40.00").await.unwrap();
    assert_eq!(stands(&world, id), (6_000, 10_000));
    // A request is withdrawn; the next number is not given to it.
    correct(&world, id, (2, "withdrawn"), (None, None)).await.unwrap();
    assert_eq!(stands(&world, id), (6_000, 6_000));
    bill(&world, id, Some("F-2"), "40.00").await.unwrap();
    let invoices = world.case(id).order.fulfilment.invoices;
    assert_eq!(
        invoices.iter().map(|invoice| invoice.issued.is_some()).collect::<Vec<_>>(),
        [true, false, true]
    );
    assert!(world.case(id).order.is_billed());

    correct(&world, id, (1, "void"), (None, None)).await.unwrap();
    assert_eq!(stands(&world, id), (4_000, 4_000));
    assert!(!world.case(id).order.is_billed());
    correct(&world, id, (3, "red_letter"), (Some("R-1"), Some("15.00"))).await.unwrap();
    correct(&world, id, (3, "red_letter"), (Some("R-2"), None)).await.unwrap();
    assert_eq!(stands(&world, id), (0, 0));
    bill(&world, id, Some("F-3"), "100.00").await.unwrap();
    assert!(world.case(id).order.is_billed());
    world.end().await;
}

#[tokio::test]
async fn s029_a_number_of_an_invoice_is_never_given_again() {
    let world = World::open().await;
    let (id, other) = (placed(&world, "PO-1").await, placed(&world, "PO-2").await);
    bill(&world, id, Some("F-1"), "60.00").await.unwrap();
    bill(&world, id, Some("F-2"), "40.00").await.unwrap();
    correct(&world, id, (1, "void"), (None, None)).await.unwrap();
    correct(&world, id, (2, "red_letter"), (Some("R-1"), Some("10.00"))).await.unwrap();
    for number in ["F-1", "R-1"] {
        for order in [id, other] {
            let again = refused(bill(&world, order, Some(number), "10.00").await);
            assert_eq!(faults(again), ["number_known number"], "{number}");
        }
        let again = refused(correct(&world, id, (2, "red_letter"), (Some(number), None)).await);
        assert_eq!(faults(again), ["number_known number"], "{number}");
    }
    world.end().await;
}

#[tokio::test]
async fn s029_every_fault_of_a_correction_is_named_at_once_and_nothing_is_booked() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    bill(&world, id, Some("F-1"), "60.00").await.unwrap();
    bill(&world, id, None, "40.00").await.unwrap();
    let before = world.case(id).version;
    let wrong = |of: u32, kind: &'static str, number: Option<&'static str>, amount: Option<&'static str>| {
        let world = &world;
        async move { faults(refused(correct(world, id, (of, kind), (number, amount)).await)) }
    };
    assert_eq!(wrong(1, "withdrawn", None, None).await, ["wrong_correction kind"]);
    assert_eq!(wrong(2, "void", None, None).await, ["wrong_correction kind"]);
    assert_eq!(wrong(1, "burnt", None, Some("0")).await, ["unknown_value kind", "not_positive amount"]);
    assert_eq!(wrong(1, "void", None, Some("10.00")).await, ["not_of_invoice amount"]);
    assert_eq!(
        wrong(1, "red_letter", Some(" "), Some("60.01")).await,
        ["missing_field number", "not_of_invoice amount"]
    );
    assert_eq!(refused(correct(&world, id, (9, "void"), (None, None)).await), Refusal::InvoiceNotFound);
    assert_eq!(world.case(id).version, before);
    correct(&world, id, (1, "void"), (None, None)).await.unwrap();
    assert_eq!(wrong(1, "void", None, None).await, ["not_of_invoice amount"], "nothing is left of it");
    world.end().await;
}

#[tokio::test]
async fn s029_a_change_can_come_to_less_once_the_invoice_is_taken_back() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    let stages = || world.case(id).order.open_by_stage();
    bill(&world, id, Some("F-1"), "100.00").await.unwrap();
    assert_eq!(stages(), (0, 10_000));
    let fewer = || {
        let content = order_of("PO-1", &[("P-1", "6", "12.50")]);
        let asked = ChangeAsked { content, reason: "fewer".into(), origin: Origin::Customer, direct: true };
        OrderCommand::RequestChange(Box::new(asked))
    };
    let below = refused(world.command("sales1", Some(id), fewer()).await);
    assert_eq!(faults(below), ["below_billed totals.gross"]);
    correct(&world, id, (1, "red_letter"), (Some("R-1"), Some("30.00"))).await.unwrap();
    assert_eq!(stages(), (0, 7_000));
    world.command("sales1", Some(id), fewer()).await.unwrap();
    assert_eq!(world.case(id).order.total_minor(), 7_500);
    world.end().await;
}
