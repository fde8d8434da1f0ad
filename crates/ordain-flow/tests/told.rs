//! What people read of a flow: pictures, procedures, BPMN and differences, of the flows that are shipped and of one
//! that has every type of step.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![allow(clippy::disallowed_methods, reason = "the reviewed documents are files")]

mod common;

use common::{flow_of, node, review};
use ordain_flow::bpmn::bpmn;
use ordain_flow::check::{People, Severity, check};
use ordain_flow::diff::{ChangeKind, diff, sentences};
use ordain_flow::doc::walk;
use ordain_flow::picture::{Drawn, NodeState, layout, svg};
use ordain_flow::rule::{FieldDef, FieldType};
use ordain_flow::sop::sop;
use ordain_flow::words::{Lang, Names, Speaker};
use ordain_flow::{FactSchema, Flow, FlowDoc, from_cel};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SHIPPED: [&str; 4] = [
    include_str!("../../../flows/standard.json"),
    include_str!("../../../flows/sequential.json"),
    include_str!("../../../flows/large-and-special.json"),
    include_str!("../../../flows/fulfilment.json"),
];

fn schema() -> FactSchema {
    let fields: Vec<Value> = serde_json::from_str(include_str!("../../ordain-app/data/facts.json")).unwrap();
    let text = |field: &Value, key: &str| field[key].as_str().unwrap().to_owned();
    let kind = |word: &str| match word {
        "money" => FieldType::Money,
        "number" => FieldType::Number,
        "bool" => FieldType::Bool,
        "text" => FieldType::Text,
        _ => FieldType::Choice(Vec::new()),
    };
    let def = |field: &Value| FieldDef {
        name: text(field, "name"),
        kind: kind(&text(field, "type")),
        zh: text(field, "zh"),
        en: text(field, "en"),
        line: field["line"].as_bool().unwrap(),
        may_be_empty: field["may_be_empty"].as_bool().unwrap(),
    };
    FactSchema::new(fields.iter().map(def).collect())
}

fn shipped() -> Vec<FlowDoc> {
    SHIPPED.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

fn names() -> Names {
    [("department.finance", "财务部"), ("role.management", "管理层"), ("user.zhao", "赵强")]
        .map(|(key, name)| (key.to_owned(), name.to_owned()))
        .into()
}

/// A document with every type of step, block and way back.
fn everything() -> FlowDoc {
    let lane = |id: &str, steps: Value| json!({"id": id, "name": {"zh": id, "en": id}, "steps": steps});
    let when = |id: &str, amount: &str| {
        let row = json!({"row": {"field": "amount", "op": "ge", "value": {"number": amount}}});
        json!({"id": id, "name": {"zh": id, "en": id}, "when": row, "steps": [review(&format!("r_{id}"))]})
    };
    let otherwise = json!({"id": "else", "name": {"zh": "其他", "en": "Else"}, "otherwise": true});
    let late = lane("late", json!([node("late_note", json!({"type": "cc", "to": ["owner"]}))]));
    let failed = lane("failed", json!([node("lost", json!({"type": "end", "outcome": "cancelled"}))]));
    flow_of(json!([
        common::start(),
        node("checks", json!({"type": "auto_check", "checks": [{"check": "price", "on_fail": "return"}]})),
        review("first"),
        node(
            "work",
            json!({"type": "task", "assignee": [{"head_of": "finance"}, "account_owner"],
            "checklist": [{"zh": "一", "en": "one"}], "outputs": ["region"], "vote": "all"})
        ),
        node(
            "both",
            json!({"type": "parallel", "join": "any",
            "lanes": [lane("a", json!([review("ra")])), lane("b", json!([]))]})
        ),
        node("one", json!({"type": "exclusive", "lanes": [when("big", "50000"), otherwise]})),
        node("some", json!({"type": "inclusive", "lanes": [when("huge", "900000"), otherwise]})),
        node("pause", json!({"type": "delay", "for": {"minutes": {"minutes": 90, "clock": "calendar"}}})),
        node(
            "paid",
            json!({"type": "wait_event", "event": "payment", "timeout_minutes": 600, "on_timeout": late})
        ),
        node("set", json!({"type": "update_data", "tags": ["vip"], "stock": "reserve"})),
        node(
            "erp",
            json!({"type": "connector_call", "connector": "erp", "operation": "post", "on_failure": failed})
        ),
        node("inner", json!({"type": "subflow", "flow": "sequential"})),
        node("ask", json!({"type": "customer_confirmation", "template": "t"})),
        node(
            "back",
            json!({"type": "go_to", "target": "first", "max_rounds": 3,
            "when": {"row": {"field": "special_terms", "op": "eq", "value": {"bool": true}}}})
        ),
        node("tell", json!({"type": "notify", "template": "t", "to": ["customer"]})),
        common::end(),
    ]))
}

fn every_document() -> Vec<FlowDoc> {
    shipped().into_iter().chain([everything()]).collect()
}

/// Element names in the order they open; fails on anything that is not well-formed.
fn elements(xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                tag.attributes().for_each(|attribute| drop(attribute.unwrap()));
                found.push(tag.name().as_ref().to_owned());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn speaking<T>(lang: Lang, tell: impl FnOnce(&Speaker<'_>) -> T) -> T {
    let (schema, names) = (schema(), names());
    tell(&Speaker { lang, schema: &schema, names: &names })
}

/// Keys of the catalogue look like `card.start`; in a text made for people none may be left.
fn catalogue_keys() -> Vec<String> {
    let words: BTreeMap<String, String> = serde_json::from_str(include_str!("../words/en.json")).unwrap();
    words.into_keys().filter(|key| key.contains('.')).collect()
}

#[test]
fn shipped_flows_can_be_published_by_a_fresh_company() {
    let admin = || vec!["admin".to_owned()];
    let departments = ["sales", "finance", "warehouse", "planning", "service"];
    let people = People {
        departments: departments.map(|key| (key.to_owned(), Vec::new())).into(),
        roles: [("admin".to_owned(), admin()), ("process_admin".to_owned(), admin())].into(),
        users: [("admin".to_owned(), true)].into(),
        ..People::default()
    };
    for doc in shipped() {
        let report = check(&doc, &schema(), Some(&people));
        let blockers: Vec<_> =
            report.problems.iter().filter(|problem| problem.severity == Severity::Blocker).collect();
        assert!(blockers.is_empty(), "{}: {blockers:?}", doc.key);
        assert!(report.problems.iter().all(|problem| problem.code != "F-052"), "{}", doc.key);
        Flow::compile(doc, &schema()).unwrap();
    }
}

#[test]
fn nothing_is_told_without_words() {
    let keys = catalogue_keys();
    for lang in [Lang::Zh, Lang::En] {
        for doc in every_document() {
            let told = speaking(lang, |speaker| {
                let picture = svg(&doc, speaker, &BTreeMap::new());
                let mut bare = doc.clone();
                bare.steps.clear();
                let changes = sentences(&bare, &doc, speaker).into_iter().map(|s| s.text).collect::<Vec<_>>();
                [picture, sop(&doc, Some(1), speaker), bpmn(&doc, speaker), changes.join("\n")].join("\n")
            });
            let left: Vec<_> = keys.iter().filter(|key| told.contains(key.as_str())).collect();
            assert!(left.is_empty(), "{} {lang:?}: {left:?}", doc.key);
            for prefix in ["setting.", "card.", "type.", "check.", "sop.", "diff.", "op.", "vote."] {
                let unknown: Vec<_> =
                    told.split_whitespace().filter(|word| word.starts_with(prefix)).collect();
                assert!(unknown.is_empty(), "{} {lang:?}: {unknown:?}", doc.key);
            }
        }
    }
}

#[test]
fn pictures_are_well_formed_and_the_same_every_time() {
    for doc in every_document() {
        speaking(Lang::Zh, |speaker| {
            let states = BTreeMap::from([("first".to_owned(), NodeState::Done)]);
            let picture = svg(&doc, speaker, &states);
            assert_eq!(picture, svg(&doc, speaker, &states));
            let names = elements(&picture);
            assert_eq!(names.first().map(String::as_str), Some("svg"));
            assert!(names.iter().all(|name| name != "script" && name != "style"));
            for place in walk(&doc) {
                assert!(picture.contains(&format!("data-node=\"{}\"", place.node.id)), "{}", place.node.id);
            }
            assert_eq!(picture.contains("已完成"), doc.key == "t");
        });
    }
}

#[test]
fn cards_never_overlap() {
    for doc in every_document() {
        let layout = layout(&doc);
        let apart = |a: &ordain_flow::picture::Shape<'_>, b: &ordain_flow::picture::Shape<'_>| {
            a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
        };
        for (at, one) in layout.shapes.iter().enumerate() {
            assert!(one.x >= 0 && one.x + one.w <= layout.width && one.y + one.h <= layout.height);
            for other in &layout.shapes[at + 1..] {
                assert!(apart(one, other), "{}: {one:?} {other:?}", doc.key);
            }
        }
        let steps = layout.shapes.iter().filter(|shape| matches!(shape.what, Drawn::Step(_))).count();
        assert_eq!(steps, walk(&doc).len());
    }
}

#[test]
fn names_with_markup_stay_text() {
    let mut doc = everything();
    doc.steps[2].name.zh = "<script>&\"'\u{1}|*".to_owned();
    speaking(Lang::Zh, |speaker| {
        for xml in [svg(&doc, speaker, &BTreeMap::new()), bpmn(&doc, speaker)] {
            assert!(elements(&xml).iter().all(|name| name != "script"));
        }
        let text = sop(&doc, None, speaker);
        assert!(text.contains("\\<script>&\"'\u{1}|\\*") && text.contains("\\|"), "{text}");
    });
}

#[test]
fn bpmn_has_every_step_with_its_shape_and_a_default_where_it_chooses() {
    for doc in every_document() {
        let xml = speaking(Lang::En, |speaker| bpmn(&doc, speaker));
        let names = elements(&xml);
        let layout = layout(&doc);
        let count = |name: &str| names.iter().filter(|found| *found == name).count();
        let borders = count("bpmn:boundaryEvent");
        assert_eq!(count("bpmndi:BPMNShape"), layout.shapes.len() + borders, "{}", doc.key);
        assert_eq!(count("bpmn:sequenceFlow"), layout.links.len());
        assert_eq!(count("bpmndi:BPMNEdge"), layout.links.len());
        let places = walk(&doc);
        let conditions =
            places.iter().flat_map(|place| place.node.lanes()).filter(|lane| lane.when.is_some());
        let goes_back = usize::from(doc.key == "t");
        assert_eq!(count("bpmn:conditionExpression"), conditions.count() + goes_back);
    }
}

#[test]
fn the_procedure_says_who_until_when_and_where_next() {
    let doc = &shipped()[2];
    let zh = speaking(Lang::Zh, |speaker| sop(doc, Some(3), speaker));
    for part in [
        "# 大额与特殊订单 作业指导书",
        "第 3 版",
        "- **适用订单**:含税金额 ≥ 50,000 · 优先级 10",
        "### 3.2.1 财务审核",
        "- **处理人**:财务部",
        "- **备份负责人**:管理层",
        "- **时限**:2 小时",
        "- **到期前后**:到期前 30 分钟 提醒处理人",
        "- **负责的问题**:价格、付款条件、信用额度、开票信息",
        "- **之后**:4 是否有特殊条款",
        "*当 条款偏离 为 是 或 特殊要求 为 是*",
        "*当 含税金额 ≥ 500,000(为空也算)*",
        "- **之后**:流程结束",
    ] {
        assert!(zh.contains(part), "{part} is missing in\n{zh}");
    }
    let en = speaking(Lang::En, |speaker| sop(doc, None, speaker));
    assert!(
        en.contains("- **Deadline**: 2 h") && en.contains("*when Amount incl. tax ≥ 500,000 (or empty)*"),
        "{en}"
    );
}

#[test]
fn every_operator_and_tally_is_said_in_both_languages() {
    for (text, zh, en) in [
        ("payment_terms.like(\"月结*\")", "付款条件 匹配「月结*」", "Payment terms fits \"月结*\""),
        ("!payment_terms.like(\"?\")", "付款条件 不匹配「?」", "Payment terms does not fit \"?\""),
        (
            "size(lines.map(l, l.product).distinct()) > 9",
            "不同 商品 的个数 > 9",
            "number of different Product > 9",
        ),
        (
            "size(lines.map(l, l.short, l.product).distinct()) > 9",
            "缺货 为 是 的各行中不同 商品 的个数 > 9",
            "number of different Product over lines with Short: yes > 9",
        ),
    ] {
        let condition = from_cel(text, &schema()).unwrap();
        assert_eq!(speaking(Lang::Zh, |speaker| speaker.condition(&condition)), zh);
        assert_eq!(speaking(Lang::En, |speaker| speaker.condition(&condition)), en);
    }
}

fn changed(change: impl FnOnce(&mut Value)) -> FlowDoc {
    let mut doc: Value = serde_json::from_str(SHIPPED[0]).unwrap();
    change(&mut doc);
    serde_json::from_value(doc).unwrap()
}

fn told(after: &FlowDoc) -> Vec<String> {
    let before = &shipped()[0];
    speaking(Lang::Zh, |speaker| sentences(before, after, speaker).into_iter().map(|s| s.text).collect())
}

#[test]
fn an_unchanged_flow_has_no_differences() {
    for doc in every_document() {
        assert!(diff(&doc, &doc).is_empty());
    }
}

#[test]
fn differences_are_sentences_for_a_manager() {
    let row = json!({"row": {"field": "amount", "op": "ge", "value": {"number": "100000"}}});
    let mut boss = review("boss");
    boss["name"] = json!({"zh": "总经理审批", "en": "General manager"});
    boss["kind"]["assignee"] = json!({"role": "management"});
    boss["kind"]["backup"] = json!({"user": "zhao"});
    boss["kind"]["deadline_minutes"] = json!(240);
    let lane = json!({"id": "huge", "name": {"zh": "特大", "en": "Huge"}, "when": row, "steps": [boss]});
    let after = changed(|doc| doc["steps"][3]["kind"]["lanes"].as_array_mut().unwrap().insert(0, lane));
    assert_eq!(
        told(&after),
        [
            "新增分支:是否大额或特殊条款 的「特大」(当 含税金额 ≥ 100,000)",
            "新增:含税金额 ≥ 100,000 时由 总经理审批 处理(管理层 · 4 小时 · 备份 赵强)",
        ]
    );
    let finance = "/steps/2/kind/lanes/1/steps/0";
    let set = |key: &str, value: Value| changed(|doc| doc.pointer_mut(finance).unwrap()["kind"][key] = value);
    assert_eq!(told(&set("vote", json!("all"))), ["修改:财务审核 或签 → 会签"]);
    assert_eq!(told(&set("backup", json!({"user": "zhao"}))), ["修改:财务审核 的备份负责人 管理层 → 赵强"]);
    assert_eq!(
        told(&set("deadline_minutes", json!(60))),
        ["修改:财务审核 的时限 2 小时 · 到期前 30 分钟 提醒处理人 → 1 小时 · 到期前 30 分钟 提醒处理人"]
    );
    assert_eq!(told(&set("sop", json!({"zh": "看", "en": "look"}))), ["修改:财务审核 的作业说明"]);
    let gone = changed(|doc| drop(doc["steps"].as_array_mut().unwrap().remove(4)));
    assert_eq!(told(&gone), ["删除:通知确认结果(向 客户、负责销售 发送「order_confirmed」)"]);
}

/// Between two documents of one step beside the beginning and the end.
fn between(before: &Value, after: &Value) -> Vec<String> {
    let doc = |kind: &Value| -> FlowDoc {
        let step = |id: &str, kind: &Value| json!({"id": id, "name": {"zh": "此步", "en": "Step"}, "stage": "review", "kind": kind});
        let steps = [
            step("start", &json!({"type": "start"})),
            step("x", kind),
            step("end", &json!({"type": "end", "outcome": "confirmed"})),
        ];
        serde_json::from_value(json!({"key": "f", "name": {"zh": "流程", "en": "Flow"}, "steps": steps}))
            .unwrap()
    };
    let (before, after) = (doc(before), doc(after));
    speaking(Lang::Zh, |speaker| sentences(&before, &after, speaker).into_iter().map(|s| s.text).collect())
}

#[test]
fn what_no_person_decides_is_told_in_words_too() {
    let cases = [
        (
            json!({"type": "update_data", "stock": "reserve"}),
            "stock",
            json!("release"),
            "修改:此步 的库存动作 预占库存 → 释放库存",
        ),
        (
            json!({"type": "subflow", "flow": "f2"}),
            "per",
            json!("line"),
            "修改:此步 的运行单位 整单 → 每一行",
        ),
        (
            json!({"type": "connector_call", "connector": "erp", "operation": "credit", "timeout_seconds": 5}),
            "timeout_seconds",
            json!(9),
            "修改:此步 的调用超时 5 秒 → 9 秒",
        ),
        (
            json!({"type": "connector_call", "connector": "erp", "operation": "credit"}),
            "request",
            json!({"total": "amount"}),
            "修改:此步 的传出字段 未设 → 含税金额:total",
        ),
    ];
    for (before, key, value, told) in cases {
        let mut after = before.clone();
        after[key] = value;
        assert_eq!(between(&before, &after), [told]);
    }
}

#[test]
fn a_moved_step_is_moved_and_not_removed_and_added() {
    let after = changed(|doc| {
        let step = doc["steps"][3]["kind"]["lanes"][0]["steps"].as_array_mut().unwrap().remove(0);
        doc["steps"].as_array_mut().unwrap().insert(4, step);
    });
    let changes = diff(&shipped()[0], &after);
    let kinds: Vec<_> = changes.iter().map(|change| (change.kind, change.node.as_deref())).collect();
    assert_eq!(kinds, [(ChangeKind::Moved, Some("manager_approval"))]);
    assert_eq!(
        told(&after),
        [
            "移动:销售主管审批 从 「是否大额或特殊条款」的分支「大额或特殊条款」最前 移到 「是否大额或特殊条款」之后"
        ]
    );
}

/// The documents of the shipped flows as files, so that a change of wording or drawing is seen in review. Written anew
/// with ORDAIN_WRITE_SNAPSHOTS set.
#[test]
fn documents_are_as_reviewed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let mut every = everything();
    every.key = "every-type".to_owned();
    let mut changed = Vec::new();
    for doc in shipped().into_iter().chain([every]) {
        let made = [
            ("svg", speaking(Lang::Zh, |speaker| svg(&doc, speaker, &BTreeMap::new()))),
            ("bpmn", speaking(Lang::En, |speaker| bpmn(&doc, speaker))),
            ("zh.md", speaking(Lang::Zh, |speaker| sop(&doc, Some(1), speaker))),
            ("en.md", speaking(Lang::En, |speaker| sop(&doc, Some(1), speaker))),
        ];
        for (form, text) in made {
            let path = folder.join(format!("{}.{form}", doc.key));
            if std::env::var_os("ORDAIN_WRITE_SNAPSHOTS").is_some() {
                std::fs::write(&path, &text).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                changed.push(path);
            }
        }
    }
    assert!(changed.is_empty(), "look at what changed and write them anew: {changed:?}");
}
