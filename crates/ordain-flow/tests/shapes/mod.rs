//! Random flows of every type of step, as documents that compile.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use super::common::*;
use ordain_flow::FlowDoc;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

pub const CHECKS: [&str; 4] = ["required", "price", "credit", "stock"];

/// A shape of steps; ids are given when it becomes a document.
#[derive(Clone, Debug)]
pub enum Shape {
    Person(Person),
    Customer(u8),
    Plain(u8),
    Delay,
    Wait(Vec<Shape>),
    Call(Option<Vec<Shape>>),
    Subflow,
    GoTo { conditional: bool, rounds: u32, pick: usize },
    Lanes { inclusive: bool, join: u8, on_reject: u8, lanes: Vec<Vec<Shape>> },
    Exclusive { lanes: Vec<Vec<Shape>>, ends: u8 },
}

#[derive(Clone, Debug)]
pub struct Person {
    owns: usize,
    auto: bool,
    skips: bool,
    guarded: bool,
    task: bool,
    returns: Option<usize>,
}

fn person() -> impl Strategy<Value = Shape> {
    let flags = (0..CHECKS.len(), any::<bool>(), 0u8..5, 0u8..6, 0u8..6, 0u8..5, any::<usize>());
    flags.prop_map(|(owns, auto, skips, guarded, task, returns, pick)| {
        Shape::Person(Person {
            owns,
            auto,
            skips: skips == 0,
            guarded: guarded == 0,
            task: task == 0,
            returns: (returns == 0).then_some(pick),
        })
    })
}

pub fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let leaf = prop_oneof![
        7 => person(),
        1 => (0u8..4).prop_map(Shape::Customer),
        2 => (0u8..4).prop_map(Shape::Plain),
        1 => Just(Shape::Delay),
        1 => Just(Shape::Subflow),
        2 => (any::<bool>(), 1u32..4, any::<usize>())
            .prop_map(|(conditional, rounds, pick)| Shape::GoTo { conditional, rounds, pick }),
    ];
    let step = leaf.prop_recursive(3, 20, 4, |inner| {
        let lane = prop::collection::vec(inner, 0..3);
        let lanes = prop::collection::vec(lane.clone(), 2..4);
        prop_oneof![
            3 => (any::<bool>(), 0u8..4, 0u8..3, lanes.clone()).prop_map(|(inclusive, join, on_reject, lanes)| {
                Shape::Lanes { inclusive, join, on_reject, lanes }
            }),
            1 => lanes.clone().prop_map(|lanes| Shape::Lanes { inclusive: false, join: 0, on_reject: 0, lanes }),
            2 => (lanes, 0u8..6).prop_map(|(lanes, ends)| Shape::Exclusive { lanes, ends }),
            1 => lane.clone().prop_map(Shape::Wait),
            1 => prop::option::of(lane).prop_map(Shape::Call),
        ]
    });
    // A row of people in front of some of them, so that there is somebody to return an order to.
    let row = || vec![Shape::Person(Person::asked()); 4];
    (prop::collection::vec(step, 0..5), 0u8..3).prop_map(move |(mut steps, rowed)| {
        if rowed == 0 {
            steps.splice(0..0, row());
        }
        steps
    })
}

impl Person {
    /// Somebody whom no rule passes.
    fn asked() -> Self {
        Self { owns: 0, auto: false, skips: false, guarded: false, task: false, returns: None }
    }
}

/// What has been built so far of one document.
#[derive(Default)]
struct Builder {
    count: usize,
    /// Steps that stand earlier in the lane being built or one around it, with whether they ask a person.
    earlier: Vec<(String, bool)>,
    at_once: usize,
}

pub fn document(shapes: &[Shape]) -> FlowDoc {
    let rules = json!(CHECKS.map(|check| json!({"check": check, "on_fail": "return"})));
    let mut steps = vec![start(), node("check", json!({"type": "auto_check", "checks": rules}))];
    let mut builder = Builder::default();
    builder.earlier.push(("check".to_owned(), false));
    steps.extend(builder.lane(shapes));
    steps.push(node("tell", json!({"type": "notify", "template": "t", "to": ["customer"]})));
    steps.push(end());
    flow_of(Json::Array(steps))
}

fn named(at: usize, steps: Vec<Json>) -> Json {
    json!({"id": format!("l{at}"), "name": {"zh": "支", "en": "lane"}, "steps": steps})
}

impl Builder {
    fn lane(&mut self, shapes: &[Shape]) -> Vec<Json> {
        let known = self.earlier.len();
        let steps = shapes.iter().map(|shape| self.one(shape)).collect();
        self.earlier.truncate(known);
        steps
    }

    fn lanes(&mut self, lanes: &[Vec<Shape>]) -> Vec<Json> {
        lanes.iter().enumerate().map(|(at, steps)| named(at, self.lane(steps))).collect()
    }

    fn one(&mut self, shape: &Shape) -> Json {
        self.count += 1;
        let id = format!("n{}", self.count);
        // A block counts as standing before what is inside it.
        self.earlier.push((id.clone(), matches!(shape, Shape::Person(_))));
        let kind = match shape {
            Shape::Person(person) => return self.person(&id, person),
            Shape::Customer(lapse) => json!({
                "type": "customer_confirmation", "template": "t", "silence_is_consent": *lapse == 2,
                "on_lapse": (["exception", "expire", "accept", "exception"][usize::from(*lapse)]),
            }),
            Shape::Plain(0) => json!({"type": "cc", "to": ["owner"]}),
            Shape::Plain(1) => json!({"type": "update_data", "tags": ["seen"],
                "assign": [{"field": "mark", "value": {"number": "3500"}}]}),
            Shape::Plain(2) => json!({"type": "subflow", "flow": "other", "detached": true}),
            Shape::Plain(_) => json!({"type": "notify", "template": "t", "to": ["customer"]}),
            Shape::Delay => json!({"type": "delay", "for": {"minutes": {"minutes": 5}}}),
            Shape::Wait(late) => {
                let lane = named(0, self.lane(late));
                json!({"type": "wait_event", "event": "e", "timeout_minutes": 5, "on_timeout": lane})
            }
            Shape::Call(failed) => {
                let lane = failed.as_ref().map(|steps| named(0, self.lane(steps)));
                json!({"type": "connector_call", "connector": "c", "operation": "o", "on_failure": lane})
            }
            Shape::Subflow => json!({"type": "subflow", "flow": "other"}),
            Shape::GoTo { conditional, rounds, pick } => {
                let earlier = &self.earlier[..self.earlier.len() - 1];
                let target = &earlier[pick % earlier.len()].0;
                let when = conditional.then(|| json!({"cel": "amount >= 2500"}));
                json!({"type": "go_to", "target": target, "max_rounds": rounds, "when": when})
            }
            Shape::Lanes { inclusive, join, on_reject, lanes } => {
                self.at_once(*inclusive, *join, *on_reject, lanes)
            }
            Shape::Exclusive { lanes, ends } => self.exclusive(&id, lanes, *ends),
        };
        node(&id, kind)
    }

    fn person(&self, id: &str, person: &Person) -> Json {
        let mut made = review(id);
        let kind = &mut made["kind"];
        if person.task {
            kind["type"] = json!("task");
        }
        kind["owns"] = json!([CHECKS[person.owns]]);
        kind["auto_when_clear"] = json!(person.auto);
        kind["guarded"] = json!(person.guarded);
        if person.skips {
            kind["skip_when"] = json!({"cel": "amount < 1500"});
        }
        let persons: Vec<_> =
            self.earlier[..self.earlier.len() - 1].iter().filter(|(_, asks)| *asks).collect();
        if let Some(pick) = person.returns.filter(|_| !persons.is_empty()) {
            kind["on_reject"] = json!({"return_to": persons[pick % persons.len()].0});
        }
        made
    }

    fn at_once(&mut self, inclusive: bool, join: u8, on_reject: u8, lanes: &[Vec<Shape>]) -> Json {
        self.at_once += 1;
        let mut made = self.lanes(lanes);
        self.at_once -= 1;
        if inclusive {
            conditions(&mut made);
        }
        let join =
            [json!("all"), json!("any"), json!({"at_least": 2}), json!("all")][usize::from(join)].clone();
        let on_reject = ["end", "after_all", "record"][usize::from(on_reject)];
        let kind = if inclusive { "inclusive" } else { "parallel" };
        json!({"type": kind, "lanes": made, "join": join, "on_reject": on_reject})
    }

    fn exclusive(&mut self, id: &str, lanes: &[Vec<Shape>], ends: u8) -> Json {
        let mut made = self.lanes(lanes);
        conditions(&mut made);
        let outcome = ["rejected", "confirmed", "cancelled"].get(usize::from(ends));
        if let Some(outcome) = outcome.filter(|_| self.at_once == 0) {
            let end = node(&format!("{id}_end"), json!({"type": "end", "outcome": outcome}));
            made[0]["steps"].as_array_mut().unwrap().push(end);
        }
        json!({"type": "exclusive", "lanes": made})
    }
}

/// The last lane is for all else.
fn conditions(lanes: &mut [Json]) {
    let last = lanes.len() - 1;
    for (at, lane) in lanes.iter_mut().enumerate() {
        match at == last {
            true => lane["otherwise"] = json!(true),
            false => lane["when"] = json!({"cel": format!("amount >= {}", 1000 * (at + 1))}),
        }
    }
}
