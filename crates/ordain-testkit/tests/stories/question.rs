//! Findings become questions, and questions stay on the order.

use crate::{findings, mail, times};
use ordain_app::case::decide::{OrderCommand, QuestionOutcome};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::{QuestionState, QuestionTo};
use ordain_testkit::world::{World, order_of};

fn ask(finding: Option<&str>, to: QuestionTo, text: &str, due_ms: Option<i64>) -> OrderCommand {
    OrderCommand::Ask { finding: finding.map(str::to_owned), to, text: text.into(), due_ms }
}

fn answer(id: u32, text: &str) -> OrderCommand {
    OrderCommand::CloseQuestion { id, outcome: QuestionOutcome::Answer { text: text.into() } }
}

#[tokio::test]
async fn s006_a_finding_opens_a_question_that_is_answered_or_withdrawn_and_kept() {
    let mut world = World::open().await;
    let placed = world.place("sales1", order_of("PO-6", &[("P-1", "10", "11.00")])).await;
    let id = placed.order.id;
    let finding = "price_differs:lines[0].unit_price";
    assert_eq!(findings(&placed), [finding]);
    let due = World::instant(1, 11, 0);
    let text = "贵司采购单单价 11.00,合同价 12.50,请确认。";
    world.command("fin1", Some(id), ask(Some(finding), QuestionTo::Customer, text, Some(due))).await.unwrap();
    world.deliver().await;
    let mail = mail::read(&world.arrived()[0]);
    assert!(mail.to.contains("zhang@example.com") && mail.subject.contains(&placed.order.number), "{mail:?}");
    assert!(mail.text.contains(text) && mail.text.contains("2026-11-24"), "{}", mail.text);
    let unknown = ask(Some("no_list_price:lines[0]"), QuestionTo::Sales, "?", None);
    let refused = world.command("fin1", Some(id), unknown).await.unwrap_err();
    assert_eq!(refused, GateError::Refused(Refusal::UnknownFinding("no_list_price:lines[0]".into())));
    world.command("fin1", Some(id), ask(None, QuestionTo::Sales, "谁报的价?", None)).await.unwrap();
    assert_eq!(times(&world.notices("sales1", id), "question_to_sales"), 1);
    world.command("sales1", Some(id), answer(1, "客户同意按 12.50")).await.unwrap();
    let withdraw = OrderCommand::CloseQuestion {
        id: 2,
        outcome: QuestionOutcome::Withdraw { reason: "已查到".into() },
    };
    world.command("fin1", Some(id), withdraw).await.unwrap();
    let again = world.command("sales1", Some(id), answer(1, "改口")).await.unwrap_err();
    assert_eq!(again, GateError::Refused(Refusal::QuestionClosed));
    // Neither is chased any more.
    world.pass_to(3, 10, 0).await;
    assert_eq!(times(&world.notices("sales1", id), "question_due"), 0);
    let kept = world.case(id).order.questions;
    assert_eq!((kept.len(), kept[0].finding.as_deref(), kept[0].due_ms), (2, Some(finding), due));
    let states = (&kept[0].state, &kept[1].state);
    let (QuestionState::Answered { text, by, .. }, QuestionState::Withdrawn { reason, .. }) = states else {
        panic!("{states:?}")
    };
    assert_eq!((text.as_str(), reason.as_str()), ("客户同意按 12.50", "已查到"));
    assert_eq!(*by, world.actor("sales1"));
    world.end().await;
}

#[tokio::test]
async fn s006_s049_a_question_without_an_answer_is_chased_when_it_is_due() {
    let mut world = World::open().await;
    let id = world.place("sales1", order_of("PO-7", &[("P-1", "10", "11.00")])).await.order.id;
    // 240 working minutes from Monday 10:00 end at 15:00, because nobody works from 12 to 13.
    world.command("fin1", Some(id), ask(None, QuestionTo::Customer, "请确认单价。", None)).await.unwrap();
    world.deliver().await;
    world.pass_to(0, 14, 59).await;
    assert_eq!(times(&world.notices("sales1", id), "question_due"), 0);
    world.pass_to(0, 15, 0).await;
    world.pass_to(2, 10, 0).await;
    for login in ["sales1", "fin1"] {
        assert_eq!(times(&world.notices(login, id), "question_due"), 1, "{login}");
    }
    world.command("sales1", Some(id), answer(1, "同意")).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s006_model_quantity_price_customer_and_special_requests_are_separate_findings() {
    let world = World::open().await;
    let mut content =
        order_of("PO-8", &[("X-1", "1", "12.50"), ("P-1", "0", "12.50"), ("P-2", "1", "99.00")]);
    content.special_requests = Some("周末送货".into());
    content.customer = Some("C-NEW".into());
    let placed = world.place("sales1", content).await;
    let found = findings(&placed);
    for id in [
        "unknown_customer:customer",
        "unknown_product:lines[0].product",
        "quantity_not_positive:lines[1].quantity",
        "price_differs:lines[2].unit_price",
        "special_request:special_requests",
    ] {
        assert!(found.iter().any(|of| of == id), "{id} in {found:?}");
    }
    world.end().await;
}
