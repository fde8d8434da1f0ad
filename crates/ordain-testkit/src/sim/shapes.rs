//! Random flows that may be published, of every type of step.

use super::aside::{INSIDE, custom};
use super::rng::Rng;
use super::staff::people;
use ordain_app::case::facts::SCHEMA;
use ordain_flow::check::check;
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

const CHECKS: [&str; 12] = [
    "required",
    "catalogue",
    "quantity",
    "date",
    "price",
    "terms",
    "payment",
    "invoice",
    "credit",
    "stock",
    "duplicate",
    "special_request",
];
/// Checks of which findings can be set aside by whoever owns them.
pub(super) const DOUBTS: [&str; 6] = ["price", "terms", "credit", "stock", "duplicate", "special_request"];
pub(super) const DEPARTMENTS: [&str; 5] = ["sales", "finance", "warehouse", "planning", "service"];
/// Events that flows wait for.
pub const EVENTS: [&str; 2] = ["paid", "stamped"];
/// Points of a checklist.
pub const POINTS: usize = 2;
/// Drafts that are thrown away before a plain flow is taken.
const DRAFTS_MAX: usize = 40;
const DEPTH_MAX: usize = 3;

/// What has been built so far of one document.
pub(super) struct Draft<'r> {
    pub(super) rng: &'r mut Rng,
    count: usize,
    /// Steps that stand earlier in the lane being built or one around it, with whether they ask a person.
    pub(super) earlier: Vec<(String, bool)>,
    at_once: usize,
}

/// A random flow, compiled, with how many drafts it took.
///
/// # Errors
/// Problems of the plain flow that is taken if no draft will do: the generator itself is broken.
pub fn publishable(rng: &mut Rng, key: &str) -> Result<(Arc<Flow>, usize), String> {
    static PEOPLE: LazyLock<ordain_flow::check::People> = LazyLock::new(people);
    let mut said = String::new();
    for drafts in 1..=DRAFTS_MAX {
        let doc = document(rng, key, if drafts == DRAFTS_MAX { 0 } else { 1 + drafts % 5 });
        let doc: FlowDoc = serde_json::from_value(doc).map_err(|error| error.to_string())?;
        let report = check(&doc, &SCHEMA, Some(&PEOPLE));
        if report.may_be_published() {
            let flow = Flow::compile(doc, &SCHEMA).map_err(|problems| format!("{problems:?}"))?;
            return Ok((Arc::new(flow), drafts));
        }
        said = format!("{:?}", report.problems);
    }
    Err(said)
}

fn document(rng: &mut Rng, key: &str, steps: usize) -> Value {
    let mut draft = Draft { rng, count: 0, earlier: vec![("check".to_owned(), false)], at_once: 0 };
    let recall = draft.rng.word(&["until_opened", "until_decided", "any_time", "never"]);
    let mut all = vec![node("start", json!({"type": "start", "recall": recall})), draft.checks()];
    if draft.rng.chance(60) {
        all.push(draft.asked());
    }
    all.extend(draft.lane(steps, 0));
    // Somebody looks at every order, and most flows have an owner for every doubt.
    all.push(draft.asked());
    if draft.rng.chance(50) {
        let mut last = draft.asked();
        set(&mut last, "owns", json!(DOUBTS));
        all.push(last);
    }
    let to = json!(["customer", "owner"]);
    all.push(node("tell", json!({"type": "notify", "template": "order_confirmed", "to": to})));
    let told = json!([{"template": "moved", "to": ["owner"]}]);
    all.push(node("end", json!({"type": "end", "outcome": "confirmed", "notices": told})));
    let fields = json!([custom("mark"), custom("box")]);
    json!({"key": key, "name": {"zh": "随机", "en": "random"}, "fields": fields, "steps": all})
}

pub(super) fn node(id: &str, kind: Value) -> Value {
    json!({"id": id, "name": {"zh": id, "en": id}, "stage": "review", "kind": kind})
}

pub(super) fn set(node: &mut Value, setting: &str, value: Value) {
    if let Some(kind) = node.get_mut("kind").and_then(Value::as_object_mut) {
        kind.insert(setting.to_owned(), value);
    }
}

impl Draft<'_> {
    pub(super) fn id(&mut self, asks: bool) -> String {
        self.count += 1;
        let id = format!("n{}", self.count);
        self.earlier.push((id.clone(), asks));
        id
    }

    fn lane(&mut self, most: usize, depth: usize) -> Vec<Value> {
        let known = self.earlier.len();
        let steps = (0..self.rng.below(most + 1)).map(|_| self.step(depth)).collect();
        self.earlier.truncate(known);
        steps
    }

    fn lanes(&mut self, depth: usize) -> Vec<Value> {
        let many = 2 + self.rng.below(2);
        (0..many).map(|at| self.named(at, depth)).collect()
    }

    fn named(&mut self, at: usize, depth: usize) -> Value {
        json!({"id": format!("l{at}"), "name": {"zh": "支", "en": "lane"}, "steps": self.lane(2, depth + 1)})
    }

    fn step(&mut self, depth: usize) -> Value {
        match self.rng.below(if depth < DEPTH_MAX { 22 } else { 15 }) {
            0 if self.rng.chance(60) => self.inside(),
            0..=7 => self.person(),
            8 | 9 => self.plain(),
            10 if self.rng.chance(40) => self.call(depth),
            10 => self.delay(),
            11 | 12 => self.customer(),
            13 | 14 => self.go_to(),
            15 | 16 => self.exclusive(depth),
            17 => {
                let id = self.id(false);
                let (event, minutes) = (self.rng.word(&EVENTS), 30 + self.rng.below(600));
                let late = self.named(0, depth);
                node(
                    &id,
                    json!({"type": "wait_event", "event": event, "match": "number", "timeout_minutes": minutes, "on_timeout": late}),
                )
            }
            _ => self.together(depth),
        }
    }

    pub(super) fn amount(&mut self, at_least: bool) -> Value {
        let limit = self.rng.word(&["100", "200", "500", "50000"]);
        let op = if at_least { "ge" } else { "lt" };
        json!({"row": {"field": "amount", "op": op, "value": {"number": limit}}})
    }

    fn customer(&mut self) -> Value {
        let id = self.id(false);
        let lapse = self.rng.word(&["exception", "expire", "accept"]);
        let minutes = 60 + self.rng.below(900);
        let mut kind = json!({"type": "customer_confirmation", "template": "customer_confirmation", "on_lapse": lapse,
            "silence_is_consent": lapse == "accept", "deadline_minutes": minutes});
        if self.rng.chance(50) {
            kind["remind_before_minutes"] = json!(30);
        }
        if self.rng.chance(40) {
            kind["channels"] = json!(["mail", "sms"]);
            kind["contact"] = json!(self.rng.word(&["main", "order"]));
        }
        if self.rng.chance(30) {
            kind["identity"] = json!([{"from_amount": "200", "proof": "signature"}, {"from_amount": "50000", "proof": "code"}]);
        }
        if self.rng.chance(50) {
            kind["tolerance"] = json!({"price_permille": 50, "quantity_permille": 200, "delivery_days": 5});
        }
        if self.rng.chance(30) {
            kind["recorder"] = json!({"department": "service"});
        }
        if self.rng.chance(20) {
            kind["attachment"] = json!("required");
        }
        node(&id, kind)
    }

    /// A flow of its own runs inside.
    fn inside(&mut self) -> Value {
        let id = self.id(false);
        let per = self.rng.word(&["order", "order", "line", "warehouse"]);
        let mut kind =
            json!({"type": "subflow", "flow": INSIDE, "per": per, "detached": self.rng.chance(40)});
        if self.rng.chance(30) {
            kind["input"] = json!({"mark": {"text": "seen"}});
            kind["output"] = json!({"parcel": "box"});
        }
        node(&id, kind)
    }

    /// The automatic checks, a few of which have somebody look at once.
    fn checks(&mut self) -> Value {
        let mut branches = false;
        let mut rules = Vec::new();
        for check in CHECKS {
            let on_fail = match self.rng.below(20) {
                _ if !DOUBTS.contains(&check) => "return",
                0 => "exception",
                1 => "branch",
                _ => "continue",
            };
            branches |= on_fail == "branch";
            rules.push(json!({"check": check, "on_fail": on_fail}));
        }
        let reserve = self.rng.chance(85);
        let mut kind = json!({"type": "auto_check", "checks": rules, "reserve_stock": reserve});
        if self.rng.chance(30) {
            kind["hold_minutes"] = json!(self.rng.below(120));
        }
        if branches {
            kind["on_branch"] = self.named(0, 0);
        }
        node("check", kind)
    }

    /// Another system is called, and its answer fills a field.
    fn call(&mut self, depth: usize) -> Value {
        let id = self.id(false);
        let mut kind = json!({"type": "connector_call", "connector": "erp", "operation": "push",
            "request": {"no": "number", "head.amount": "amount", "mark": "mark"}, "response": {"mark": "id"}});
        if depth < DEPTH_MAX && self.rng.chance(40) {
            kind["on_failure"] = self.named(0, depth);
        }
        node(&id, kind)
    }

    fn delay(&mut self) -> Value {
        let id = self.id(false);
        let wait = match self.rng.below(3) {
            0 => json!({"minutes": {"minutes": 5 + self.rng.below(600)}}),
            1 => json!({"minutes": {"minutes": 30, "clock": "calendar"}}),
            _ => json!({"field": {"field": "requested_date", "offset_minutes": -960}}),
        };
        let mut kind = json!({"type": "delay", "for": wait});
        if self.rng.chance(40) {
            kind["max_minutes"] = json!(120 + self.rng.below(3_000));
        }
        if self.rng.chance(15) {
            kind["on_failure"] = self.named(0, DEPTH_MAX);
        }
        let mut made = node(&id, kind);
        if self.rng.chance(20) {
            made["on_error"] = json!("ignore");
        }
        made
    }

    fn plain(&mut self) -> Value {
        let id = self.id(false);
        let kind = match self.rng.below(5) {
            0 => {
                json!({"type": "cc", "to": ["owner", {"department": "finance"}], "needs_receipt": self.rng.chance(60)})
            }
            1 => json!({"type": "update_data", "tags": ["seen"],
                "assign": [{"field": "mark", "value": {"text": "seen"}}]}),
            2 => json!({"type": "update_data", "assign": [{"field": "keeper", "value": {"text": "wh2"}}],
                "stock": "reserve"}),
            3 if self.rng.chance(40) => json!({"type": "update_data", "stock": "release"}),
            _ => {
                json!({"type": "notify", "template": "delivery_changed", "to": ["customer"], "late_after_minutes": 60, "channels": ["sms", "mail"]})
            }
        };
        node(&id, kind)
    }

    fn go_to(&mut self) -> Value {
        let at = self.rng.below(self.earlier.len());
        let target = self.earlier.get(at).map_or("check", |known| known.0.as_str()).to_owned();
        let (id, when) = (self.id(false), self.amount(true));
        let rounds = 1 + self.rng.below(2);
        node(&id, json!({"type": "go_to", "target": target, "max_rounds": rounds, "when": when}))
    }

    /// The last lane is for all else.
    fn conditions(&mut self, lanes: &mut [Value]) {
        let last = lanes.len().saturating_sub(1);
        for (at, lane) in lanes.iter_mut().enumerate() {
            match at == last {
                true => lane["otherwise"] = json!(true),
                false if at > 0 => lane["when"] = json!({"any": [self.amount(true), self.beside(at)]}),
                false => lane["when"] = self.amount(true),
            }
        }
    }

    /// What is asked beside an amount: of the run, of people, of goods and of days.
    fn beside(&self, at: usize) -> Value {
        let row = |field: &str, op: &str, value: Value| json!({"row": {"field": field, "op": op, "value": value, "when_empty": false}});
        let asked = self.earlier.iter().rev().find(|known| known.1).map(|known| known.0.as_str());
        let approved = |step| row(&format!("result:{step}"), "eq", json!({"text": "approve"}));
        let working =
            json!({"row": {"field": "requested_date", "op": "is_working_day", "when_empty": false}});
        let all = [
            row("returns", "ge", json!({"number": "1"})),
            row("tags", "includes", json!({"text": "seen"})),
            row("salesperson", "under", json!({"text": "smgr1"})),
            row("promise", "eq", json!({"text": "not_promisable"})),
            json!({"row": {"field": "requested_date", "op": "within_working_days", "value": {"number": "10"},
                "when_empty": "exception"}}),
            row("net_amount", "deviates", json!({"deviation": {"from": "amount", "percent": "12"}})),
            asked.map_or_else(|| working.clone(), approved),
            working,
        ];
        all.get((self.earlier.len() + at) % all.len()).cloned().unwrap_or_default()
    }

    fn exclusive(&mut self, depth: usize) -> Value {
        let id = self.id(false);
        let mut lanes = self.lanes(depth);
        self.conditions(&mut lanes);
        if self.at_once == 0 && self.rng.chance(25) {
            let outcome = self.rng.word(&["rejected", "confirmed", "cancelled"]);
            let end = node(&format!("{id}_end"), json!({"type": "end", "outcome": outcome}));
            if let Some(steps) = lanes.first_mut().and_then(|lane| lane["steps"].as_array_mut()) {
                steps.push(end);
            }
        }
        node(&id, json!({"type": "exclusive", "lanes": lanes}))
    }

    fn together(&mut self, depth: usize) -> Value {
        let id = self.id(false);
        self.at_once += 1;
        let mut lanes = self.lanes(depth);
        self.at_once -= 1;
        let inclusive = self.rng.chance(35);
        if inclusive {
            self.conditions(&mut lanes);
        }
        let join = match self.rng.below(4) {
            0 => json!("any"),
            1 => json!({"at_least": 2}),
            _ => json!("all"),
        };
        let on_reject = self.rng.word(&["end", "end", "after_all", "record"]);
        let kind = if inclusive { "inclusive" } else { "parallel" };
        node(&id, json!({"type": kind, "lanes": lanes, "join": join, "on_reject": on_reject}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_mostly_publishable_and_reach_every_type_of_step() {
        let mut rng = Rng::new(9);
        let (mut drafts, mut text) = (0, String::new());
        for _ in 0..300 {
            let (flow, tried) = publishable(&mut rng, "f1").unwrap_or_else(|said| panic!("{said}"));
            drafts += tried;
            text.push_str(&serde_json::to_string(flow.doc()).unwrap_or_default());
        }
        assert!(drafts < 600, "{drafts} drafts for 300 flows");
        for kind in [
            "review",
            "task",
            "customer_confirmation",
            "cc",
            "notify",
            "parallel",
            "exclusive",
            "inclusive",
            "delay",
            "wait_event",
            "update_data",
            "go_to",
            "subflow",
            "connector_call",
            "auto_check",
            "end",
        ] {
            assert!(text.contains(&format!("\"type\":\"{kind}\"")), "no {kind}");
        }
    }
}
