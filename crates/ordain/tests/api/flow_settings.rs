//! A published flow says what was published: no setting of any step is lost on the way.

use crate::company::Company;
use ordain_app::admin::AdminCommand;
use ordain_domain::actor::Actor;
use ordain_flow::doc::FlowDoc;
use serde_json::{Value, json};

fn step(id: &str, kind: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "description": { "zh": "说明", "en": "About" },
        "customer_name": { "zh": "处理中", "en": "In hand" }, "tags": ["urgent"], "stage": "review",
        "department": "sales", "kind": kind })
}

fn ignoring(mut step: Value) -> Value {
    step["on_error"] = json!("ignore");
    step
}

fn lane(id: &str, rest: Value, steps: Value) -> Value {
    let mut lane = json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps });
    for (name, value) in rest.as_object().unwrap() {
        lane[name] = value.clone();
    }
    lane
}

fn amount_from(number: &str) -> Value {
    json!({ "row": { "field": "amount", "op": "ge", "value": { "number": number } } })
}

/// Every setting of a step that asks a person, each with another value than it has by itself.
fn person(kind: &str) -> Value {
    let mut made = json!({
        "type": kind,
        "assignee": [
            { "department": "finance" }, { "role": "finance" }, { "user": "fin1" }, { "head_of": "finance" },
            { "manager_chain": 2 }, "account_owner", "line_warehouse", "product_line", "initiator",
            "initiator_manager", { "chosen_by_initiator": { "role": "finance" } },
            { "chosen_by_previous": { "department": "sales" } }, { "field": "approver" }, { "same_as": "first" },
            { "roster": "nights" },
            { "formula": [{ "when": amount_from("10"), "then": { "user": "fin1" } }, { "then": { "role": "sales" } }] }
        ],
        "backup": { "role": "management" },
        "when_empty": { "user": "boss" },
        "same_as_initiator": "allow",
        "repeats": "pass_once",
        "exclude": ["initiator", { "deciders_of": "first" }],
        "vote": { "percent": 60 },
        "on_reject": { "return_to": "first" },
        "reject_when": "all_heard",
        "returns": { "targets": { "steps": ["first"] }, "resume": "direct", "guards": { "first": ["lines.quantity"] } },
        "withdraw": { "minutes": 15 },
        "comment": "always",
        "batch": { "forbidden": true, "max_amount": "1000.50" },
        "fields": { "special_requests": "edit", "payment_terms": "read", "invoice.tax_no": "mask", "extra.secret": "hide" },
        "requires": ["special_requests"],
        "without": ["transfer", "hold"],
        "labels": { "approve": { "zh": "放行", "en": "Release" } },
        "remind_before_minutes": 5,
        "deadline": {
            "from": { "field": { "field": "requested_date", "offset_minutes": -60 } },
            "keeps_running": true,
            "rules": [
                { "at_minutes": -30, "do": "remind", "repeat_minutes": 10, "repeat_max": 3 },
                { "at_minutes": 0, "do": "notify_manager" }, { "at_minutes": 5, "do": "to_backup" },
                { "at_minutes": 10, "do": { "escalate": [{ "user": "boss" }, { "role": "process_admin" }] } },
                { "at_minutes": 20, "do": "auto_return" }, { "at_minutes": 30, "do": "raise_exception" },
                { "at_minutes": 40, "do": { "auto_pass": { "max_amount": "500.25" } } }
            ]
        },
        "sop": { "zh": "逐项核对", "en": "Check each item" },
        "owns": ["price", "credit"],
        "auto_when_clear": true,
        "skip_when": amount_from("5"),
        "looks_at": ["totals.gross"]
    });
    let more = json!({
        "order": ["return", "approve"],
        "confirm": { "reject": { "zh": "确定拒绝？", "en": "Really refuse?" } },
        "notices": { "arrive": { "template": "task_urged" }, "soon": { "off": true }, "done": { "to": ["owner", { "user": "boss" }] } },
        "on_enter": [{ "field": "mark", "value": { "text": "asked" } }],
        "on_leave": [{ "field": "mark", "value": { "field": "customer" } }],
        "reading": { "from_amount": "99.50" },
        "buttons": [{ "id": "label", "name": { "zh": "打印标签", "en": "Print label" }, "confirm": { "zh": "现在？", "en": "Now?" },
            "call": { "connector": "erp", "operation": "push", "request": { "no": "number" } } }],
        "phrases": [{ "zh": "已核对", "en": "Checked" }]
    });
    made.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    made
}

/// Whoever can be told.
fn told() -> Value {
    json!([{ "user": "boss" }, { "role": "sales" }, { "head_of": "finance" }, { "manager_chain": 2 }, "account_owner",
        "line_warehouse", "product_line", "initiator", "initiator_manager", { "field": "route" }, { "same_as": "first" },
        { "roster": "nights" },
        { "formula": [{ "when": amount_from("7"), "then": { "user": "boss" } }, { "then": { "role": "sales" } }] }])
}

fn everything() -> Value {
    let mut task = person("task");
    task["checklist"] = json!([{ "zh": "装箱", "en": "Pack" }, { "zh": "称重", "en": "Weigh" }]);
    task["outputs"] = json!(["weight"]);
    let plain = |minutes: u32| {
        json!({ "type": "review", "assignee": { "department": "finance" }, "backup": { "role": "management" },
            "deadline_minutes": minutes, "guarded": true, "sop": { "zh": "核对", "en": "Check" } })
    };
    let lanes = json!([
        lane("a", json!({ "when": amount_from("100") }), json!([step("in_a", plain(61))])),
        lane("b", json!({ "otherwise": true }), json!([]))
    ]);
    let both = json!([
        lane("c", json!({}), json!([step("in_c", plain(62))])),
        lane("d", json!({}), json!([step("in_d", plain(63))]))
    ]);
    let some = json!([
        lane("e", json!({ "when": amount_from("7") }), json!([step("in_e", plain(64))])),
        lane(
            "f",
            json!({ "when": { "any": [amount_from("8"), { "all": [amount_from("9")] }] } }),
            json!([step("in_f", plain(65))])
        ),
        lane("g", json!({ "otherwise": true }), json!([]))
    ]);
    json!({
        "key": "everything",
        "name": { "zh": "全部", "en": "Everything" },
        "scope": { "order_types": ["rare"], "channels": ["fax"], "customer_levels": ["Z"], "regions": ["上海"],
            "amount_from": "1.50", "amount_to": "2.50", "priority": 3 },
        "process_admin": [{ "user": "ops1" }, { "role": "process_admin" }],
        "steps": [
            step("start", json!({ "type": "start", "starters": [{ "role": "sales" }], "recall": "any_time",
                "title": "{customer}：{amount}", "summary": ["amount", "customer_level"] })),
            step("checks", json!({ "type": "auto_check", "reserve_stock": true, "checks": [
                { "check": "required", "on_fail": "return" }, { "check": "credit", "on_fail": "exception" },
                { "check": "price", "on_fail": "continue", "tolerance_permille": 30 },
                { "check": "terms", "on_fail": "branch" }],
                "on_branch": lane("odd", json!({}), json!([step("in_odd", plain(68))])) })),
            step("first", plain(60)),
            step("review", person("review")),
            step("task", task),
            step("branch", json!({ "type": "exclusive", "lanes": lanes })),
            step("together", json!({ "type": "parallel", "lanes": both, "join": "any", "on_reject": "after_all" })),
            step("some", json!({ "type": "inclusive", "lanes": some, "join": { "at_least": 2 }, "on_reject": "record" })),
            step("copy", json!({ "type": "cc", "to": told(), "needs_receipt": true })),
            step("by_table", json!({ "type": "review", "assignee": { "role": "sales" }, "sop": { "zh": "核对", "en": "Check" },
                "deadline": { "from": "sla", "rules": [{ "at_minutes": 0, "do": "notify_manager" }] } })),
            step("pause", json!({ "type": "delay", "for": { "minutes": { "minutes": 5, "clock": "calendar" } }, "max_minutes": 90,
                "on_failure": lane("too_long", json!({}), json!([step("in_too_long", plain(69))])) })),
            ignoring(step("until", json!({ "type": "delay", "for": { "field": { "field": "ready_on", "offset_minutes": -30 } } }))),
            step("at_five", json!({ "type": "delay", "for": { "at": { "time": "17:05" } } })),
            step("on_day", json!({ "type": "delay", "for": { "at": { "date": "2027-01-04", "time": "09:00" } } })),
            step("wait", json!({ "type": "wait_event", "event": "payment_received", "timeout_minutes": 600,
                "on_timeout": lane("late", json!({}), json!([step("in_late", plain(66))])) })),
            step("set", json!({ "type": "update_data", "assign": [{ "field": "route", "value": { "text": "north" } }],
                "stock": "release", "tags": ["checked"] })),
            step("call", json!({ "type": "connector_call", "connector": "erp", "operation": "push", "request": { "no": "number" },
                "response": { "erp_no": "id" }, "timeout_seconds": 20, "retries": 5,
                "on_failure": lane("failed", json!({}), json!([step("in_failed", plain(67))])) })),
            step("ask", json!({ "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 600,
                "remind_before_minutes": 60, "on_lapse": "accept", "silence_is_consent": true, "recorder": { "role": "service" } })),
            step("again", json!({ "type": "go_to", "target": "first", "when": amount_from("1000000"), "max_rounds": 2 })),
            step("tell", json!({ "type": "notify", "template": "order_confirmed", "late_after_minutes": 45,
                "to": ["customer", "owner", { "department": "sales" }] })),
            step("end", json!({ "type": "end", "outcome": "confirmed" })),
        ]
    })
}

/// Numbers of every path and value in a document.
fn leaves(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| leaves(&format!("{path}/{name}"), value, found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(&format!("{path}/{at}"), value, found))
        }
        leaf => found.push((path.to_owned(), leaf.to_string())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s028_every_setting_of_every_step_is_read_back_as_it_was_published() {
    let company = Company::open().await;
    let doc = everything();
    let read: FlowDoc = serde_json::from_value(doc.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), doc, "the document is written as it is read");
    assert_eq!(company.replace("/connectors/erp", &crate::connectors::erp()).await.status, 200);
    let command = AdminCommand::PublishFlow { key: "everything".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    let got = company.get("/flows/everything").await;
    assert_eq!(got.status, 200, "{}", got.text);
    let (mut sent, mut stored) = (Vec::new(), Vec::new());
    leaves("", &doc, &mut sent);
    leaves("", &got.body, &mut stored);
    let lost: Vec<_> = sent.iter().filter(|leaf| !stored.contains(leaf)).collect();
    assert!(lost.is_empty() && sent.len() == stored.len(), "{lost:?}");
}
