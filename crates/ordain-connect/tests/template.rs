//! The mails customers read: complete, escaped, and within the writing rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use ordain_connect::template::{TemplateError, render};
use serde_json::{Value, json};

fn data() -> Value {
    json!({
        "company": "华东五金",
        "order": {
            "number": "SO-20261123-000001", "revision": 2, "later_revision": 2, "customer_po": "PO-7781", "customer_name": "广州机械",
            "currency": "CNY", "net": "1106.19", "tax": "143.81", "gross": "1250.00",
            "payment_terms": "月结 30 天", "requested_date": "2026-12-01",
            "ship_to": {"name": "李明", "phone": "13800138000", "address": "广州市天河区 1 号"},
            "special_requests": "木箱 <b>包装</b>",
            "lines": [
                {"product": "SKU-1", "name": "螺栓 & 螺母", "quantity": "100", "unit": "件",
                 "unit_price": "12.50", "amount": "1250.00", "promised_date": "2026-12-01", "undated": false},
                {"product": "SKU-2", "name": null, "quantity": "1", "unit": null,
                 "unit_price": "0.00", "amount": "0.00", "promised_date": null, "undated": false}
            ]
        },
        "contact": {"name": "王芳", "email": "wang@example.cn", "phone": "021-5555"},
        "question": {"text": "能否用 M8 代替?", "due": "2026-11-25"}
    })
}

fn set(data: &mut Value, pointer: &str, value: Value) {
    *data.pointer_mut(pointer).unwrap() = value;
}

#[test]
fn the_confirmation_names_everything_that_was_agreed() {
    for lang in ["zh-CN", "en"] {
        let mail = render("order_confirmed", lang, &data()).unwrap();
        for fact in [
            "SO-20261123-000001",
            "PO-7781",
            "广州机械",
            "SKU-1",
            "12.50",
            "1250.00",
            "2026-12-01",
            "1106.19",
            "143.81",
            "CNY",
            "月结 30 天",
            "李明",
            "13800138000",
            "广州市天河区 1 号",
            "王芳",
            "wang@example.cn",
            "华东五金",
        ] {
            assert!(mail.text.contains(fact), "{lang} text lacks {fact}:\n{}", mail.text);
            assert!(mail.html.contains(fact), "{lang} html lacks {fact}");
        }
        assert!(mail.subject.contains("SO-20261123-000001") && mail.subject.contains("PO-7781"));
        assert!(!mail.subject.contains('\n'));
        assert!(
            mail.text.contains("木箱 <b>包装</b>") && mail.html.contains("木箱 &lt;b&gt;包装&lt;&#x2f;b&gt;"),
            "{}",
            mail.html
        );
        assert!(mail.html.contains("螺栓 &amp; 螺母"));
        assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
    }
}

#[test]
fn the_question_is_asked_in_full() {
    for lang in ["zh-CN", "en"] {
        let mail = render("question_to_customer", lang, &data()).unwrap();
        assert!(mail.text.contains("能否用 M8 代替?") && mail.text.contains("2026-11-25"));
        assert!(mail.html.contains("能否用 M8 代替?"));
    }
}

#[test]
fn words_are_facts_without_shouting_or_flattery() {
    for template in ["order_confirmed", "question_to_customer", "customer_confirmation"] {
        for lang in ["zh-CN", "en"] {
            let mail = render(template, lang, &data()).unwrap();
            let words = format!("{}{}{}", mail.subject, mail.text, mail.html.replace("<!doctype", ""));
            for banned in ["!", "!", "请您", "亲", "none", "undefined"] {
                assert!(!words.contains(banned), "{template} {lang} has {banned}:\n{words}");
            }
        }
    }
}

#[test]
fn what_does_not_exist_is_null_and_left_out() {
    let mut data = data();
    for absent in [
        "/order/customer_po",
        "/order/payment_terms",
        "/order/requested_date",
        "/order/ship_to",
        "/order/special_requests",
        "/contact/phone",
        "/contact/email",
    ] {
        set(&mut data, absent, Value::Null);
    }
    let mail = render("order_confirmed", "zh-CN", &data).unwrap();
    assert!(
        !mail.text.contains("none") && !mail.text.contains("收货") && !mail.text.contains("付款条件"),
        "{}",
        mail.text
    );
}

#[test]
fn a_day_nobody_knows_any_more_is_said_to_follow() {
    let mut data = data();
    set(&mut data, "/order/lines/1/undated", Value::Bool(true));
    for (lang, words) in [("zh-CN", "交期待定"), ("en", "date to follow")] {
        let mail = render("order_confirmed", lang, &data).unwrap();
        assert_eq!(
            (mail.text.matches(words).count(), mail.html.matches(words).count()),
            (1, 1),
            "{}",
            mail.text
        );
    }
}

#[test]
fn a_missing_key_and_an_unknown_template_are_named() {
    let mut data = data();
    data["order"].as_object_mut().unwrap().remove("gross");
    assert!(matches!(render("order_confirmed", "en", &data), Err(TemplateError::MissingData { .. })));
    assert!(matches!(render("no_such", "en", &data), Err(TemplateError::Unknown { .. })));
}

#[test]
fn the_longest_order_renders_and_an_endless_one_does_not() {
    let mut data = data();
    let line = data["order"]["lines"][0].clone();
    set(&mut data, "/order/lines", Value::Array(vec![line.clone(); 5_000]));
    assert!(render("order_confirmed", "zh-CN", &data).unwrap().text.contains("5000. SKU-1"));
    set(&mut data, "/order/lines", Value::Array(vec![line; 200_000]));
    assert_eq!(render("order_confirmed", "zh-CN", &data), Err(TemplateError::TooLong));
}
