//! The way of an order through a flow, walked without anybody: every person approves, every finding is open until the
//! step that owns it has been passed. So two versions can be compared on past orders, and saved cases be checked
//! before publishing. Nothing outside is touched.

use crate::doc::{Clock, DateText, DelayFor, DelaySettings, Node, NodeKind, Outcome};
use crate::rule::{FactSchema, Facts, FieldType, FindingFact, Member, Value};
use crate::run::{Answer, Decision, Event, Flow, Input, Run, RunStatus, Visit, VisitKind, apply, step};
use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Decisions after which a way is given up as endless.
const TURNS_MAX: usize = 400;

/// The steps that asked somebody, in order, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Route {
    pub steps: Vec<Arc<str>>,
    /// Where it waited for something that no person of the house decides: a time, an event, a customer, another system or
    /// a flow inside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Arc<str>>,
    /// Working minutes that those waits last by the flow, as far as it says so.
    #[serde(skip)]
    pub waited_minutes: i64,
    /// The waits of which it does not.
    #[serde(skip)]
    pub unmeasured: Vec<Arc<str>>,
    /// None where the order waits for its sender or the flow cannot go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Ending>,
    /// Blocks that no lane's condition held in, so that the otherwise lane was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Confirmed,
    Rejected,
    Cancelled,
    Expired,
    Completed,
}

impl From<Outcome> for Ending {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Confirmed => Self::Confirmed,
            Outcome::Rejected => Self::Rejected,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Expired => Self::Expired,
            Outcome::Completed => Self::Completed,
        }
    }
}

/// What happens to an order with these facts where everybody says yes and nothing is waited for in vain: the events in
/// order, and the run they lead to.
pub fn trace(flow: &Flow, facts: &Facts) -> (Vec<Event>, Run) {
    let (mut run, mut facts) = (Run::new(), facts.clone());
    let (mut told, mut input) = (Vec::new(), Input::Start);
    for _ in 0..TURNS_MAX {
        let Ok(events) = step(flow, &run, &input, &facts, 0) else { break };
        for event in &events {
            apply(&mut run, event);
        }
        told.extend(events);
        if run.outcome().is_some() || matches!(run.status, RunStatus::WaitingForCompletion { .. }) {
            break;
        }
        let Some(open) = run.open_visits().next() else { break };
        close_owned(flow, &open.node, &mut facts);
        input = well(open);
    }
    (told, run)
}

/// The way of an order with these facts.
pub fn route(flow: &Flow, facts: &Facts) -> Route {
    let (told, run) = trace(flow, facts);
    let mut route = Route::default();
    for event in &told {
        route.note(flow, event);
    }
    route.outcome = run.outcome().map(Ending::from);
    route
}

/// What a stay waits for comes, and is good: people approve, the customer accepts, other systems answer.
fn well(open: &Visit) -> Input {
    let visit = open.visit;
    match open.kind {
        VisitKind::Customer => Input::Answer { visit, answer: Answer::Accepted },
        VisitKind::Delay => Input::TimeUp { visit },
        VisitKind::Event => Input::Arrived { visit },
        VisitKind::Call | VisitKind::Subflow | VisitKind::Checks => Input::Done { visit },
        VisitKind::Task | VisitKind::Exception(_) => Input::Decide { visit, decision: Decision::Approve },
    }
}

impl Route {
    fn note(&mut self, flow: &Flow, event: &Event) {
        match event {
            Event::TaskOpened { node, .. } => self.steps.push(node.clone()),
            Event::WaitBegan { node, kind, .. } if *kind != VisitKind::Checks => {
                self.waits.push(node.clone());
                match flow.node(node).and_then(delay) {
                    Some(minutes) => self.waited_minutes += minutes,
                    None => self.unmeasured.push(node.clone()),
                }
            }
            Event::LaneTaken { node, lane, .. } => {
                let lanes = flow.node(node).map(|node| node.lanes()).unwrap_or_default();
                if lanes.iter().any(|known| known.otherwise && known.id == **lane) {
                    self.otherwise.push(node.clone());
                }
            }
            _ => {}
        }
    }
}

/// Working minutes that a delay lasts whatever the order.
fn delay(node: &Node) -> Option<i64> {
    match &node.kind {
        NodeKind::Delay(DelaySettings {
            wait: DelayFor::Minutes { minutes, clock: Clock::Working }, ..
        }) => Some(i64::from(*minutes)),
        _ => None,
    }
}

/// Whoever approves has answered for what the step owns; where no review stands, for everything.
fn close_owned(flow: &Flow, node: &str, facts: &mut Facts) {
    let owns = flow.node(node).and_then(|node| node.person()).map(|person| &person.owns);
    for finding in &mut facts.findings {
        if owns.is_none_or(|owns| owns.iter().any(|check| *check == *finding.check)) {
            finding.open = false;
        }
    }
}

/// A saved case: facts, and the steps that must be asked for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    pub name: String,
    /// Order fields by name; what is absent is empty.
    #[serde(default)]
    pub facts: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<BTreeMap<String, serde_json::Value>>,
    /// Checks with something open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Ids of the steps that ask somebody, in order.
    pub path: Vec<String>,
    /// The day on which it is looked at, where a rule counts from today; the day itself without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub today: Option<Date>,
}

/// A saved case that goes another way than expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failing {
    pub case: String,
    pub expected: Vec<String>,
    pub found: Vec<String>,
}

/// The cases that this flow does not take the expected way; what stands beside an order is looked up for each.
pub fn failing(flow: &Flow, cases: &[TestCase], look_up: impl Fn(&mut Facts, Option<Date>)) -> Vec<Failing> {
    let tried = cases.iter().map(|case| {
        let mut facts = case.read(flow.schema());
        look_up(&mut facts, case.today);
        let found = route(flow, &facts).steps.iter().map(|id| id.to_string()).collect();
        Failing { case: case.name.clone(), expected: case.path.clone(), found }
    });
    tried.filter(|tried| tried.found != tried.expected).collect()
}

impl TestCase {
    /// Facts that no order has, or that cannot have the value they are given.
    pub fn misfits(&self, schema: &FactSchema) -> Vec<String> {
        let misfit = |name: &str, json: &serde_json::Value, line: bool| {
            let field = schema.fields().iter().find(|field| field.line == line && field.name == name);
            let empty = json.is_null() || json.as_str() == Some("");
            field.is_none_or(|field| !empty && value(json, &field.kind) == Value::Null)
        };
        let of_order = self.facts.iter().filter(|(name, json)| misfit(name, json, false));
        let mut found: Vec<String> = of_order.map(|(name, _)| name.clone()).collect();
        for (at, line) in self.lines.iter().enumerate() {
            let of_line = line.iter().filter(|(name, json)| misfit(name, json, true));
            found.extend(of_line.map(|(name, _)| format!("lines[{at}].{name}")));
        }
        found
    }

    /// The facts that the case stands for.
    pub fn read(&self, schema: &FactSchema) -> Facts {
        let row = |values: &BTreeMap<String, serde_json::Value>, line: bool| {
            let fields = schema.fields().iter().filter(|field| field.line == line);
            fields
                .map(|field| values.get(&field.name).map_or(Value::Null, |v| value(v, &field.kind)))
                .collect()
        };
        let finding = |check: &String| {
            let check: Arc<str> = check.as_str().into();
            FindingFact { code: check.clone(), check, open: true, sender: false }
        };
        Facts {
            fields: row(&self.facts, false),
            lines: self.lines.iter().map(|line| row(line, true)).collect(),
            findings: self.open.iter().map(finding).collect(),
            ..Facts::default()
        }
    }
}

/// A fact written as JSON; what does not fit its type is empty.
fn value(json: &serde_json::Value, kind: &FieldType) -> Value {
    let text = match json {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let read = match kind {
        FieldType::Money | FieldType::Number => Decimal::from_str_exact(&text).ok().map(Value::Number),
        FieldType::Bool => json.as_bool().map(Value::Bool),
        FieldType::Date => text.parse::<Date>().ok().map(Value::Date),
        FieldType::Text | FieldType::Choice(_) => json.as_str().map(|text| Value::Text(text.into())),
        // With superiors as a list, the person first.
        FieldType::Member => {
            let logins = words(json);
            logins
                .split_first()
                .map(|(login, above)| Value::Member(Member { login: login.clone(), above: above.into() }))
        }
        FieldType::Tags => Some(Value::Tags(words(json).into())),
    };
    read.unwrap_or_default()
}

/// One word, or a list of them.
fn words(json: &serde_json::Value) -> Vec<Arc<str>> {
    let one = |json: &serde_json::Value| json.as_str().map(Arc::from);
    match json {
        serde_json::Value::Array(items) => items.iter().filter_map(one).collect(),
        one_word => one(one_word).into_iter().collect(),
    }
}

/// Orders that go another way, gathered by what changed for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub orders: usize,
    pub different: usize,
    /// What all orders that go another way cost more, in working minutes.
    pub minutes: i64,
    pub groups: Vec<Group>,
    /// Orders that no condition of a block was made for, by block.
    pub uncovered: Vec<Uncovered>,
    /// Orders that would be confirmed without asking anybody.
    pub asks_nobody: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Steps that ask somebody or wait now, and did not before.
    pub added: Vec<Arc<str>>,
    pub removed: Vec<Arc<str>>,
    pub count: usize,
    pub before: Route,
    pub after: Route,
    /// How much longer each of them is under way, in working minutes, reckoned one step after the other with what each
    /// usually takes; shorter where negative.
    pub minutes: i64,
    /// Steps of either way of which nobody knows how long they take; they count as nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmeasured: Vec<Arc<str>>,
    /// The first of them.
    pub orders: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    pub node: Arc<str>,
    pub count: usize,
    pub orders: Vec<String>,
}

/// Orders named in one group.
const NAMED_MAX: usize = 100;

/// A comparison that grows with every order that is put to it.
#[derive(Default)]
pub struct Comparing {
    orders: usize,
    asks_nobody: usize,
    groups: BTreeMap<(Route, Route), (usize, Vec<String>)>,
    uncovered: BTreeMap<Arc<str>, (usize, Vec<String>)>,
}

fn count(entry: &mut (usize, Vec<String>), order: &str) {
    entry.0 += 1;
    if entry.1.len() < NAMED_MAX {
        entry.1.push(order.to_owned());
    }
}

impl Comparing {
    /// One order with the way it would take now and in the draft; without a flow now, it is only looked at.
    pub fn add(&mut self, order: &str, now: Option<Route>, draft: Route) {
        self.orders += 1;
        if draft.steps.is_empty() && draft.outcome == Some(Ending::Confirmed) {
            self.asks_nobody += 1;
        }
        for node in &draft.otherwise {
            count(self.uncovered.entry(node.clone()).or_default(), order);
        }
        if let Some(now) = now
            && (&now.steps, &now.waits, now.outcome) != (&draft.steps, &draft.waits, draft.outcome)
        {
            count(self.groups.entry((now, draft)).or_default(), order);
        }
    }

    /// Groups with the most orders first. `usual`: working minutes that a step usually takes, by its id.
    pub fn finish(self, usual: &BTreeMap<String, i64>) -> Comparison {
        let without = |one: &Route, other: &Route| -> Vec<Arc<str>> {
            let gone = |step: &&Arc<str>| !other.steps.contains(step) && !other.waits.contains(step);
            one.steps.iter().chain(&one.waits).filter(gone).cloned().collect()
        };
        let minutes = |way: &Route| {
            way.waited_minutes + way.steps.iter().filter_map(|step| usual.get(&**step)).sum::<i64>()
        };
        let unknown = |way: &Route| -> BTreeSet<Arc<str>> {
            let asked = way.steps.iter().filter(|step| !usual.contains_key(&***step));
            asked.chain(&way.unmeasured).cloned().collect()
        };
        let unmeasured = |before: &Route, after: &Route| -> Vec<Arc<str>> {
            unknown(before).union(&unknown(after)).cloned().collect()
        };
        let mut groups: Vec<Group> = self
            .groups
            .into_iter()
            .map(|((before, after), (count, orders))| Group {
                added: without(&after, &before),
                removed: without(&before, &after),
                minutes: minutes(&after) - minutes(&before),
                unmeasured: unmeasured(&before, &after),
                count,
                before,
                after,
                orders,
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        let uncovered = self.uncovered.into_iter();
        Comparison {
            orders: self.orders,
            different: groups.iter().map(|group| group.count).sum(),
            minutes: groups
                .iter()
                .map(|group| group.minutes * i64::try_from(group.count).unwrap_or(i64::MAX))
                .sum(),
            groups,
            uncovered: uncovered.map(|(node, (count, orders))| Uncovered { node, count, orders }).collect(),
            asks_nobody: self.asks_nobody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(steps: &[&str]) -> Route {
        Route { steps: steps.iter().map(|step| Arc::from(*step)).collect(), ..Route::default() }
    }

    #[test]
    fn s099_another_way_costs_what_its_steps_usually_take() {
        let mut comparing = Comparing::default();
        for order in ["SO-1", "SO-2"] {
            comparing.add(order, Some(way(&["sales"])), way(&["sales", "finance", "boss"]));
        }
        comparing.add("SO-3", Some(way(&["sales", "finance"])), way(&["finance"]));
        comparing.add("SO-4", Some(way(&["sales"])), way(&["sales"]));
        let usual = BTreeMap::from([("sales".to_owned(), 30), ("finance".to_owned(), 45)]);
        let compared = comparing.finish(&usual);
        assert_eq!((compared.orders, compared.different, compared.minutes), (4, 3, 2 * 45 - 30));
        let costs: Vec<(usize, i64)> =
            compared.groups.iter().map(|group| (group.count, group.minutes)).collect();
        assert_eq!(costs, [(2, 45), (1, -30)]);
        assert_eq!(compared.groups[0].unmeasured, [Arc::from("boss")], "nobody knows yet, and that is said");
        assert!(compared.groups[1].unmeasured.is_empty());
    }
}
