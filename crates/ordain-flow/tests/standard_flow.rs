//! The shipped flow, from outside: it is valid, publishable, and takes orders where it should.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use common::*;
use ordain_flow::run::{CloseReason, Closed, Completion, ExceptionCause, RunStatus, WaitingFor};
use ordain_flow::{
    Decision, Event, Facts, Flow, Input, Outcome, People, Run, StepRefusal, Value, check, json_schema, step,
    waiting,
};

struct Story {
    flow: Flow,
    run: Run,
    all: Vec<Event>,
}

impl Story {
    fn new() -> Self {
        Self { flow: standard_flow(), run: Run::new(), all: Vec::new() }
    }

    fn take(&mut self, input: Input, facts: &Facts) -> Vec<Event> {
        let events = step(&self.flow, &self.run, &input, facts, 1_000).unwrap();
        follow(&mut self.run, &events);
        self.all.extend(events.iter().cloned());
        events
    }

    fn refused(&self, input: Input) -> StepRefusal {
        step(&self.flow, &self.run, &input, &facts("1", false), 1_000).unwrap_err()
    }

    fn waits_at(&self) -> Vec<String> {
        waiting(&self.flow, &self.run).iter().map(|w| w.node.to_string()).collect()
    }

    fn task(&self, node: &str) -> u32 {
        self.run.open_visits().find(|visit| &*visit.node == node).unwrap().visit
    }

    fn decide(&mut self, node: &str, decision: Decision, facts: &Facts) -> Vec<Event> {
        let visit = self.task(node);
        self.take(Input::Decide { visit, decision }, facts)
    }
}

#[test]
fn the_shipped_flow_fits_its_published_schema_and_passes_every_check() {
    let document: serde_json::Value = serde_json::from_str(STANDARD).unwrap();
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(!validator.is_valid(&serde_json::json!({"key": "x"})), "the schema refuses something");
    let report = check(&standard(), &schema(), None);
    assert_eq!(report.problems, vec![]);
    assert_eq!(
        report.not_checked,
        ["F-002", "F-004", "F-006", "F-008", "F-116", "F-118", "F-127", "F-129", "F-131"]
    );
    assert_eq!(serde_json::to_value(standard()).unwrap()["steps"][2], document["steps"][2]);
}

#[test]
fn a_fresh_company_with_one_admin_can_publish_the_shipped_flow() {
    let admin = vec!["admin".to_owned()];
    let people = People {
        roles: [("process_admin".to_owned(), admin)].into(),
        users: [("admin".to_owned(), true)].into(),
        ..People::default()
    };
    let report = check(&standard(), &schema(), Some(&people));
    assert!(report.may_be_published(), "{report:?}");
    assert!(report.problems.iter().any(|problem| problem.code == "F-002"));
    assert!(!check(&standard(), &schema(), Some(&People::default())).may_be_published());
}

#[test]
fn a_clean_small_order_is_confirmed_in_one_step_without_a_person() {
    let mut story = Story::new();
    let events = story.take(Input::Start, &facts("1200.50", false));
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
    let passed = events.iter().filter(|e| matches!(e, Event::PassedByRule { .. })).count();
    assert_eq!(passed, 3);
    assert!(!events.iter().any(|e| matches!(e, Event::TaskOpened { .. } | Event::Decided { .. })));
    assert!(events.iter().any(|e| matches!(e, Event::NoticeRequested { template, .. }
        if &**template == "order_confirmed")));
    assert!(story.run.visits.is_empty());
    let bytes = serde_json::to_string(&events).unwrap();
    assert!(bytes.len() < 1_500, "{} bytes: {bytes}", bytes.len());
}

#[test]
fn s064_large_or_special_orders_are_approved_and_the_log_says_why() {
    for (amount, special, waits) in
        [("50000", false, true), ("49999.99", false, false), ("1", true, true), ("50000.00", true, true)]
    {
        let mut story = Story::new();
        let events = story.take(Input::Start, &facts(amount, special));
        assert_eq!(story.waits_at() == ["manager_approval"], waits, "{amount} {special}");
        let (because, refused) = events
            .iter()
            .find_map(|event| match event {
                Event::LaneTaken { because, refused, .. } => Some((because, refused)),
                _ => None,
            })
            .unwrap();
        let rows = if waits { because } else { &refused[0].because };
        assert_eq!(&*rows[0].text, "amount >= 50000");
        assert_eq!(rows[0].value.as_deref(), Some(amount));
        assert_eq!(rows[0].holds, amount.starts_with("50000"));
        assert_eq!((&*rows[1].text, rows[1].holds), ("special_terms", special));
        if waits {
            story.decide("manager_approval", Decision::Approve, &facts(amount, special));
        }
        assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
    }
}

#[test]
fn missing_data_waits_for_the_sender_until_the_check_is_clear() {
    let mut story = Story::new();
    let missing = with(facts("100", false), &[finding("required", true), finding("price", false)]);
    story.take(Input::Start, &missing);
    let waits = |story: &Story| match &story.run.status {
        RunStatus::WaitingForCompletion { by: Completion::Checks(checks), .. } => checks.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(waits(&story), ["required".into()]);
    assert_eq!(story.take(Input::Recheck, &missing), vec![], "nothing changed, nothing is said");
    story.take(Input::Resubmit, &with(facts("100", false), &[finding("catalogue", true)]));
    assert_eq!(waits(&story), ["catalogue".into()]);
    assert!(matches!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Completion(_)));
    let priced = with(facts("100", false), &[finding("price", false)]);
    story.take(Input::Recheck, &priced);
    assert_eq!(story.waits_at(), ["finance_review"]);
    assert_eq!(story.run.returns, 0, "a check is not a person's return");
    story.take(Input::Recheck, &facts("100", false));
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed), "cleared findings need nobody");
}

#[test]
fn departments_work_at_once_and_the_order_waits_for_all_of_them() {
    let mut story = Story::new();
    let open = with(
        facts("100", false),
        &[finding("terms", false), finding("credit", false), finding("stock", false)],
    );
    story.take(Input::Start, &open);
    assert_eq!(story.waits_at(), ["sales_review", "finance_review", "warehouse_review"]);
    story.decide("finance_review", Decision::Approve, &open);
    story.decide("sales_review", Decision::Approve, &open);
    assert_eq!(story.waits_at(), ["warehouse_review"]);
    story.decide("warehouse_review", Decision::Approve, &facts("100", false));
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn s093_a_finding_that_no_review_owns_goes_to_a_person_at_the_end() {
    let mut story = Story::new();
    let unowned = with(facts("100", false), &[finding("quantity", false)]);
    story.take(Input::Start, &unowned);
    assert_eq!(story.waits_at(), ["tell_customer"]);
    assert!(matches!(
        waiting(&story.flow, &story.run)[0].kind,
        WaitingFor::Exception(ExceptionCause::FindingsOpen)
    ));
    assert_eq!(story.take(Input::Recheck, &unowned), vec![], "it stays while the finding stands");
    story.take(Input::Recheck, &facts("100", false));
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_return_closes_every_task_and_the_whole_path_is_reviewed_again() {
    let mut story = Story::new();
    let open = with(facts("100", false), &[finding("terms", false), finding("credit", false)]);
    story.take(Input::Start, &open);
    story.decide("sales_review", Decision::Approve, &open);
    let finance = story.task("finance_review");
    story.decide("finance_review", Decision::Return, &open);
    assert_eq!(story.run.returns, 1);
    assert!(matches!(story.run.status, RunStatus::WaitingForCompletion { by: Completion::Person, .. }));
    assert_eq!(story.take(Input::Recheck, &facts("100", false)), vec![], "only the sender moves it on");
    story.take(Input::Resubmit, &open);
    assert_eq!(story.waits_at(), ["sales_review", "finance_review"], "sales looks again");
    assert!(story.task("finance_review") > finance);
    assert_eq!(
        story.refused(Input::Decide { visit: finance, decision: Decision::Approve }),
        StepRefusal::AlreadyDecided { visit: finance, decision: Decision::Return }
    );
}

#[test]
fn a_rejection_ends_the_run_and_closes_the_other_tasks() {
    let mut story = Story::new();
    let open = with(facts("100", false), &[finding("terms", false), finding("stock", false)]);
    story.take(Input::Start, &open);
    let warehouse = story.task("warehouse_review");
    let events = story.decide("sales_review", Decision::Reject, &open);
    assert!(events.iter().any(|event| matches!(event, Event::TaskClosed { visit, reason, .. }
        if *visit == warehouse && *reason == CloseReason::Rejected)));
    assert_eq!(story.run.outcome(), Some(Outcome::Rejected));
    assert_eq!(story.refused(Input::Cancel), StepRefusal::AlreadyEnded { outcome: Outcome::Rejected });
    let closed = story.run.visit(warehouse).unwrap().closed;
    assert_eq!(closed, Some(Closed::Without(CloseReason::Rejected)));
}

#[test]
fn every_wrong_input_is_refused_by_name() {
    let mut story = Story::new();
    assert_eq!(story.refused(Input::Recheck), StepRefusal::NotStarted);
    let open = with(facts("100", false), &[finding("stock", false)]);
    story.take(Input::Start, &open);
    assert_eq!(story.refused(Input::Start), StepRefusal::AlreadyStarted);
    assert_eq!(story.refused(Input::Resubmit), StepRefusal::NotWaitingForCompletion);
    let unknown = Input::Decide { visit: 99, decision: Decision::Approve };
    assert_eq!(story.refused(unknown), StepRefusal::UnknownVisit { visit: 99 });
    story.take(Input::Cancel, &open);
    assert_eq!(story.run.outcome(), Some(Outcome::Cancelled));
    assert_eq!(story.waits_at(), Vec::<String>::new());
}

#[test]
fn stock_that_vanished_during_an_approval_is_asked_about_before_the_order_is_confirmed() {
    let mut story = Story::new();
    story.take(Input::Start, &facts("60000", false));
    assert_eq!(story.waits_at(), ["manager_approval"]);
    let short = with(facts("60000", false), &[finding("stock", false)]);
    let events = story.decide("manager_approval", Decision::Approve, &short);
    assert!(events.iter().any(|event| matches!(event, Event::WentBack { to, because_of }
        if &**to == "departments" && &**because_of == "warehouse_review")));
    assert_eq!(story.waits_at(), ["warehouse_review"]);
    story.decide("warehouse_review", Decision::Approve, &short);
    story.decide("manager_approval", Decision::Approve, &short);
    assert_eq!(story.waits_at(), ["tell_customer"], "approving does not make goods appear");
    story.take(Input::Recheck, &facts("60000", false));
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_run_survives_storage_and_an_unknown_flow_version_is_refused() {
    let mut story = Story::new();
    story.take(Input::Start, &with(facts("100", false), &[finding("stock", false)]));
    let stored = serde_json::to_string(&story.run).unwrap();
    let back: Run = serde_json::from_str(&stored).unwrap();
    assert_eq!(back, story.run);
    let other = Flow::compile(flow_of(serde_json::json!([start(), review("r"), end()])), &schema()).unwrap();
    let input = Input::Decide { visit: story.task("warehouse_review"), decision: Decision::Approve };
    let refusal = step(&other, &story.run, &input, &facts("1", false), 0).unwrap_err();
    assert_eq!(refusal, StepRefusal::UnknownNode { node: "warehouse_review".into() });
}

#[test]
fn facts_that_are_missing_count_as_empty() {
    let mut story = Story::new();
    story.take(Input::Start, &Facts::default());
    assert_eq!(story.run.outcome(), Some(Outcome::Confirmed));
    assert_eq!(Value::default(), Value::Null);
}
