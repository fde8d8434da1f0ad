//! Which flow takes an order, what lanes leave out, and what becomes of running orders at a new version.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use common::{facts, flow_of, follow, node, review, schema};
use ordain_flow::check::{Problem, Severity, check};
use ordain_flow::coverage::coverage;
use ordain_flow::doc::Scope;
use ordain_flow::migrate::{Class, Move, Reason, plan};
use ordain_flow::run::StepRefusal;
use ordain_flow::scope::{Traits, choose, contests};
use ordain_flow::{Decision, Flow, FlowDoc, Input, Run, step};
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn lane(id: &str, when: Value) -> Value {
    json!({"id": id, "name": {"zh": id, "en": id}, "when": when, "steps": [review(&format!("r_{id}"))]})
}

fn amount(op: &str, value: &str) -> Value {
    json!({"row": {"field": "amount", "op": op, "value": {"number": value}}})
}

fn split(mut lanes: Vec<Value>) -> FlowDoc {
    lanes.push(json!({"id": "else", "name": {"zh": "其他", "en": "Else"}, "otherwise": true}));
    flow_of(json!([
        common::start(),
        node("split", json!({"type": "exclusive", "lanes": lanes})),
        review("last"),
        common::end()
    ]))
}

fn told(lanes: Vec<Value>) -> Vec<String> {
    let doc = split(lanes);
    let found = coverage(&doc.steps[1], &schema());
    let overlaps =
        found.overlaps.into_iter().map(|o| format!("{}>{} {} e.g. {}", o.lane, o.other, o.range, o.example));
    overlaps.chain(found.gaps.into_iter().map(|g| format!("gap {} e.g. {}", g.range, g.example))).collect()
}

#[test]
fn overlaps_name_the_range_and_the_winner() {
    let between = json!({"all": [amount("ge", "10000"), amount("lt", "60000")]});
    assert_eq!(
        told(vec![lane("a", amount("ge", "50000")), lane("b", between)]),
        ["a>b [50000, 60000) e.g. 50000", "gap < 10000 e.g. 9999",]
    );
    assert_eq!(told(vec![lane("a", amount("le", "5")), lane("b", amount("ge", "5"))]), ["a>b 5 e.g. 5"]);
    let types = |list: Value| json!({"row": {"field": "order_type", "op": "in", "value": {"list": list}}});
    let one = types(json!([{"text": "special"}]));
    assert_eq!(
        told(vec![lane("a", one.clone()), lane("b", one)]),
        ["a>b special e.g. special", "gap standard e.g. standard",]
    );
}

#[test]
fn gaps_are_found_between_bounds() {
    let lanes = vec![lane("low", amount("lt", "49999")), lane("high", amount("gt", "50000"))];
    assert_eq!(told(lanes), ["gap [49999, 50000] e.g. 49999"]);
    let lanes = vec![lane("low", amount("le", "49999")), lane("high", amount("ge", "50000"))];
    assert_eq!(told(lanes), ["gap (49999, 50000) e.g. 49999.5"]);
    let lanes = vec![lane("low", amount("lt", "50000")), lane("high", amount("ge", "50000"))];
    assert!(told(lanes).is_empty());
    let not_one = vec![lane("one", amount("eq", "1")), lane("rest", amount("ne", "1"))];
    assert!(told(not_one).is_empty());
}

#[test]
fn between_two_days_lies_nothing() {
    let day =
        |op: &str, day: &str| json!({"row": {"field": "requested_date", "op": op, "value": {"date": day}}});
    let (june, july) = ("2026-06-30", "2026-07-01");
    assert!(told(vec![lane("old", day("le", june)), lane("new", day("ge", july))]).is_empty());
    assert!(told(vec![lane("old", day("lt", july)), lane("new", day("gt", june))]).is_empty());
    assert_eq!(
        told(vec![lane("old", day("lt", june)), lane("new", day("gt", july))]),
        ["gap [2026-06-30, 2026-07-01] e.g. 2026-06-30"]
    );
    assert_eq!(
        told(vec![lane("old", day("lt", july)), lane("new", day("ge", june))]),
        ["old>new 2026-06-30 e.g. 2026-06-30"]
    );
}

#[test]
fn nothing_is_claimed_of_what_is_not_understood() {
    let mixed = json!({"any": [amount("ge", "5"),
        {"row": {"field": "special_terms", "op": "eq", "value": {"bool": true}}}]});
    assert!(told(vec![lane("a", mixed), lane("b", amount("ge", "1"))]).is_empty());
    let field = json!({"row": {"field": "amount", "op": "ge", "value": {"field": "line_count"}}});
    assert!(told(vec![lane("a", field), lane("b", amount("lt", "1"))]).is_empty());
}

#[test]
fn the_publish_check_warns_of_overlaps_and_hints_at_gaps() {
    let doc = split(vec![lane("a", amount("ge", "50")), lane("b", amount("ge", "70"))]);
    let problems = check(&doc, &schema(), None).problems;
    let found = |code: &str| -> Vec<&Problem> { problems.iter().filter(|p| p.code == code).collect() };
    let [overlap] = found("F-012")[..] else { panic!("{problems:?}") };
    assert_eq!((overlap.severity, overlap.params["wins"].as_str()), (Severity::Warning, "a"));
    assert_eq!(overlap.params["range"], "≥ 70");
    let [gap] = found("F-013")[..] else { panic!("{problems:?}") };
    assert_eq!((gap.severity, gap.params["example"].as_str()), (Severity::Hint, "49"));
}

fn scoped(key: &str, scope: Value) -> FlowDoc {
    let mut doc = split(vec![lane("a", amount("ge", "50"))]);
    doc.key = key.to_owned();
    doc.scope = serde_json::from_value::<Scope>(scope).unwrap();
    doc
}

#[test]
fn the_flow_is_chosen_by_type_level_region_and_amount() {
    let flows = [
        scoped("export", json!({"order_types": ["export"], "priority": 5})),
        scoped("large", json!({"amount_from": "50000", "priority": 5})),
        scoped("north", json!({"regions": ["北京", "天津"]})),
        scoped("standard", json!({})),
        scoped("vip", json!({"customer_levels": ["A"], "amount_to": "1000", "priority": 9})),
    ];
    let chosen = |order: Traits<'_>| {
        let known = flows.iter().map(|doc| (doc.key.as_str(), doc, doc.key.as_str()));
        choose(known, "standard", &order).unwrap()
    };
    let plain = || Traits { order_type: "standard", amount: Some(Decimal::from(100)), ..Traits::default() };
    assert_eq!(chosen(plain()), "standard");
    assert_eq!(chosen(Traits { amount: None, ..plain() }), "standard");
    assert_eq!(chosen(Traits { amount: Some(Decimal::from(50_000)), ..plain() }), "large");
    assert_eq!(chosen(Traits { order_type: "export", ..plain() }), "export");
    assert_eq!(chosen(Traits { customer_level: Some("A"), ..plain() }), "vip");
    assert_eq!(
        chosen(Traits { customer_level: Some("A"), amount: Some(Decimal::from(1_001)), ..plain() }),
        "standard"
    );
    assert_eq!(chosen(Traits { address: Some("北京市朝阳区"), ..plain() }), "north");
    // Of equal priority the first by key.
    let both = Traits { order_type: "export", amount: Some(Decimal::from(60_000)), ..plain() };
    assert_eq!(chosen(both), "export");
}

#[test]
fn an_order_that_no_scope_admits_takes_the_flow_that_stands_ready() {
    let flows = [
        scoped("export", json!({"order_types": ["export"]})),
        scoped("standard", json!({"channels": ["api"]})),
    ];
    let known = || flows.iter().map(|doc| (doc.key.as_str(), doc, doc.key.as_str()));
    assert_eq!(
        choose(known(), "standard", &Traits { channel: "web", ..Traits::default() }),
        Some("standard")
    );
    assert_eq!(choose(known(), "gone", &Traits { channel: "web", ..Traits::default() }), None);
}

#[test]
fn scopes_that_meet_are_named_with_the_winner() {
    let large = scoped("large", json!({"amount_from": "50000", "priority": 5}));
    let rush = scoped("rush", json!({"order_types": ["rush"], "priority": 7}));
    let small = scoped("small", json!({"amount_to": "100", "priority": 9}));
    let found = contests(&large, [&rush, &small, &large]);
    assert_eq!(found.iter().map(|c| c.wins.as_str()).collect::<Vec<_>>(), ["rush"]);
    assert!(contests(&rush, [&large]).is_empty());
}

fn compiled(steps: Value) -> Flow {
    Flow::compile(flow_of(steps), &schema()).unwrap()
}

fn started(flow: &Flow) -> Run {
    let mut run = Run::new();
    let events = step(flow, &run, &Input::Start, &facts("100", false), 0).unwrap();
    follow(&mut run, &events);
    run
}

fn chain(first: Value) -> Value {
    json!([common::start(), first, review("later"), common::end()])
}

fn classified(old: &Flow, new: &Flow) -> (Class, Vec<Reason>, Option<String>) {
    let found = Move::new(old, new).classify(&started(old)).unwrap();
    let stay = found.stays.into_iter().next().unwrap();
    (found.class, stay.reasons, stay.suggestion)
}

#[test]
fn a_run_whose_steps_are_the_same_is_of_class_a() {
    let old = compiled(chain(review("first")));
    let mut renamed = review("first");
    renamed["name"]["zh"] = json!("别名");
    let new = compiled(json!([common::start(), renamed, common::end()]));
    assert_eq!(classified(&old, &new), (Class::A, vec![], None));
}

#[test]
fn a_run_whose_step_asks_differently_or_stands_elsewhere_is_of_class_b() {
    let old = compiled(chain(review("first")));
    let mut other = review("first");
    other["kind"]["assignee"] = json!({"role": "boss"});
    let settings = vec!["assignee".to_owned()];
    assert_eq!(
        classified(&old, &compiled(chain(other))),
        (Class::B, vec![Reason::SettingsChanged { settings }], None)
    );
    let inside = json!({"type": "exclusive", "lanes": [
        {"id": "l", "name": {"zh": "l", "en": "l"}, "when": amount("ge", "1"), "steps": [review("first")]},
        {"id": "else", "name": {"zh": "e", "en": "e"}, "otherwise": true}]});
    let new = compiled(chain(node("block", inside)));
    assert_eq!(classified(&old, &new), (Class::B, vec![Reason::Moved], None));
}

#[test]
fn a_run_whose_step_or_block_is_gone_is_of_class_c_with_a_suggestion() {
    let old = compiled(chain(review("first")));
    let mut twin = review("other");
    twin["name"]["zh"] = json!("first");
    let new = compiled(chain(twin));
    assert_eq!(classified(&old, &new), (Class::C, vec![Reason::Removed], Some("other".to_owned())));
    let lanes = |count: usize| -> Vec<Value> {
        let steps =
            |at: usize| if at == 0 { json!([review("first")]) } else { json!([review(&format!("p{at}"))]) };
        (0..count)
            .map(|at| json!({"id": format!("l{at}"), "name": {"zh": "l", "en": "l"}, "steps": steps(at)}))
            .collect()
    };
    let block = |count| compiled(chain(node("both", json!({"type": "parallel", "lanes": lanes(count)}))));
    let found = Move::new(&block(2), &block(3)).classify(&started(&block(2))).unwrap();
    assert_eq!(found.class, Class::C);
    assert_eq!(found.stays[0].reasons, [Reason::BlockChanged { block: "both".to_owned() }]);
    // In its own lane it would be alone: nobody would ever be asked in the new one.
    assert_eq!(found.stays[0].suggestion.as_deref(), Some("both"));
    let (two, three) = (block(2), block(3));
    let versions = Move::new(&two, &three);
    assert_eq!(versions.may_replace("first", "both"), Ok(()));
    assert_eq!(
        versions.may_replace("first", "first"),
        Err(StepRefusal::LanesMissing { node: "first".into() })
    );
    let renamed = |at: usize| json!([review(if at == 0 { "desk" } else { "p1" })]);
    let lanes: Vec<Value> = (0..2)
        .map(|at| json!({"id": format!("l{at}"), "name": {"zh": "l", "en": "l"}, "steps": renamed(at)}))
        .collect();
    let same = compiled(chain(node("both", json!({"type": "parallel", "lanes": lanes}))));
    assert_eq!(
        Move::new(&two, &same).may_replace("first", "desk"),
        Ok(()),
        "in the lane of what it replaces"
    );
    assert!(Move::new(&two, &same).may_replace("first", "nowhere").is_err());
}

#[test]
fn no_step_is_suggested_that_the_run_has_passed() {
    let steps = |ids: &[&str]| {
        let people = ids.iter().map(|id| review(id));
        let all = [common::start()].into_iter().chain(people).chain([common::end()]);
        compiled(Value::Array(all.collect()))
    };
    let old = steps(&["first", "gone", "last"]);
    let mut waiting = started(&old);
    let visit = waiting.open_visits().next().unwrap().visit;
    let decide = Input::Decide { visit, decision: Decision::Approve };
    let events = step(&old, &waiting, &decide, &facts("100", false), 1).unwrap();
    follow(&mut waiting, &events);
    let suggested = |new: &Flow| {
        let found = Move::new(&old, new).classify(&waiting).unwrap();
        (found.stays[0].node.clone(), found.stays[0].suggestion.clone())
    };
    assert_eq!(suggested(&steps(&["first", "last"])), ("gone".to_owned(), Some("last".to_owned())));
    assert_eq!(suggested(&steps(&["first"])).1, None, "its like has decided already");
}

#[test]
fn a_plan_counts_classes_and_groups_orders_by_step() {
    let old = compiled(chain(review("first")));
    let new = compiled(json!([common::start(), review("later"), common::end()]));
    let waiting = started(&old);
    let mut further = waiting.clone();
    let decide =
        Input::Decide { visit: further.open_visits().next().unwrap().visit, decision: Decision::Approve };
    let events = step(&old, &further, &decide, &facts("100", false), 1).unwrap();
    follow(&mut further, &events);
    let mut over = further.clone();
    let events = step(&old, &over, &Input::Cancel, &facts("100", false), 2).unwrap();
    follow(&mut over, &events);
    let found = plan(&Move::new(&old, &new), [("one", &waiting), ("two", &further), ("three", &over)]);
    assert_eq!((found.counts[&Class::A], found.counts[&Class::C], found.counts[&Class::X]), (1, 1, 0));
    let groups: Vec<_> = found.groups.iter().map(|g| (g.node.as_str(), g.class, g.orders.clone())).collect();
    assert_eq!(groups, [("first", Class::C, vec!["one"]), ("later", Class::A, vec!["two"])]);
}
