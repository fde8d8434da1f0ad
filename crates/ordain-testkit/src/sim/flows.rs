//! Flows beside the shipped one: what a careless company might publish, so that the gate itself has to hold.

use ordain_app::case::facts::SCHEMA;
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use std::sync::{Arc, LazyLock};

/// Prices and credit belong to nobody, so only the gate stands between such a finding and the confirmation.
pub const NARROW: &str = r#"{
  "key": "narrow",
  "name": { "zh": "简单", "en": "Narrow" },
  "steps": [
    { "id": "start", "name": { "zh": "开始", "en": "Start" }, "stage": "receive", "kind": { "type": "start" } },
    { "id": "check", "name": { "zh": "校验", "en": "Check" }, "stage": "check",
      "kind": { "type": "auto_check", "reserve_stock": true, "checks": [
        { "check": "required", "on_fail": "return" },
        { "check": "catalogue", "on_fail": "return" },
        { "check": "quantity", "on_fail": "return" } ] } },
    { "id": "size", "name": { "zh": "大小", "en": "Size" }, "stage": "review",
      "kind": { "type": "exclusive", "lanes": [
        { "id": "large", "name": { "zh": "大额", "en": "Large" },
          "when": { "row": { "field": "amount", "op": "ge", "value": { "number": "50000" } } },
          "steps": [
            { "id": "plan", "name": { "zh": "计划", "en": "Plan" }, "stage": "review", "department": "planning",
              "kind": { "type": "review", "assignee": { "department": "planning" },
                "deadline_minutes": 60, "remind_before_minutes": 30, "owns": ["stock"] } } ] },
        { "id": "otherwise", "name": { "zh": "其他", "en": "Otherwise" }, "otherwise": true, "steps": [] } ] } },
    { "id": "wishes", "name": { "zh": "需求", "en": "Wishes" }, "stage": "review", "department": "service",
      "kind": { "type": "review", "assignee": { "department": "service" }, "backup": { "role": "process_admin" },
        "owns": ["special_request", "stock"], "auto_when_clear": true } },
    { "id": "tell", "name": { "zh": "通知", "en": "Tell" }, "stage": "customer",
      "kind": { "type": "notify", "template": "order_confirmed", "to": ["customer", { "role": "sales_manager" }],
        "late_after_minutes": 30 } },
    { "id": "end", "name": { "zh": "结束", "en": "End" }, "stage": "execute",
      "kind": { "type": "end", "outcome": "confirmed" } }
  ]
}"#;

/// Compiled once: tests open thousands of companies.
#[allow(clippy::expect_used)] // a constant of the test kit
static COMPILED: LazyLock<Arc<Flow>> = LazyLock::new(|| {
    let doc: FlowDoc = serde_json::from_str(NARROW).expect("the flow can be read");
    Arc::new(Flow::compile(doc, &SCHEMA).expect("the flow compiles"))
});

pub fn narrow() -> Arc<Flow> {
    COMPILED.clone()
}

/// As the narrow one, but no stock is set aside on the way.
#[allow(clippy::expect_used)] // a constant of the test kit
static BARE: LazyLock<Arc<Flow>> = LazyLock::new(|| {
    let text = NARROW.replace(r#""reserve_stock": true"#, r#""reserve_stock": false"#);
    let doc: FlowDoc = serde_json::from_str(&text).expect("the flow can be read");
    Arc::new(Flow::compile(doc, &SCHEMA).expect("the flow compiles"))
});

pub fn bare() -> Arc<Flow> {
    BARE.clone()
}
