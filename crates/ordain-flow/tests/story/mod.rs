//! A run of a small flow, told input by input.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![allow(dead_code, reason = "each test binary uses a part")]

use super::common::*;
use ordain_flow::run::{Answer, WayBack};
use ordain_flow::{Decision, Event, Facts, Flow, Input, Outcome, Run, StepRefusal, step, waiting};
use serde_json::{Value as Json, json};

pub struct Story {
    pub flow: Flow,
    pub run: Run,
    pub facts: Facts,
    pub now_ms: i64,
}

/// The flow of these steps between a start and a confirming end, and its run, started.
pub fn started(steps: Vec<Json>) -> Story {
    started_with(steps, facts("100", false))
}

pub fn started_with(steps: Vec<Json>, facts: Facts) -> Story {
    let mut all = vec![start()];
    all.extend(steps);
    all.push(end());
    let flow = Flow::compile(flow_of(Json::Array(all)), &schema()).unwrap();
    let mut story = Story { flow, run: Run::new(), facts, now_ms: 1_000 };
    story.take(Input::Start);
    story
}

impl Story {
    #[track_caller]
    pub fn take(&mut self, input: Input) -> Vec<Event> {
        let events = step(&self.flow, &self.run, &input, &self.facts, self.now_ms).unwrap();
        follow(&mut self.run, &events);
        events
    }

    #[track_caller]
    pub fn refused(&self, input: Input) -> StepRefusal {
        step(&self.flow, &self.run, &input, &self.facts, self.now_ms).unwrap_err()
    }

    /// The steps the run waits at, oldest first.
    pub fn at(&self) -> Vec<String> {
        waiting(&self.flow, &self.run).iter().map(|wait| wait.node.to_string()).collect()
    }

    /// The last stay at a step, open or not.
    #[track_caller]
    pub fn visit(&self, node: &str) -> u32 {
        self.run.visits.iter().rev().find(|visit| &*visit.node == node).unwrap().visit
    }

    #[track_caller]
    pub fn approve(&mut self, node: &str) -> Vec<Event> {
        self.take(Input::Decide { visit: self.visit(node), decision: Decision::Approve })
    }

    #[track_caller]
    pub fn reject(&mut self, node: &str) -> Vec<Event> {
        self.take(Input::Decide { visit: self.visit(node), decision: Decision::Reject })
    }

    #[track_caller]
    pub fn answer(&mut self, node: &str, answer: Answer) -> Vec<Event> {
        self.take(Input::Answer { visit: self.visit(node), answer })
    }

    pub fn back(&self, from: &str, to: &str, way: WayBack) -> Input {
        Input::ReturnTo { visit: self.visit(from), to: to.into(), way }
    }

    pub fn open(&mut self, check: &str) {
        self.facts.findings = vec![finding(check, false)];
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.run.outcome()
    }
}

pub fn lane(id: &str, steps: Vec<Json>) -> Json {
    json!({"id": id, "name": {"zh": id, "en": id}, "steps": steps})
}

pub fn when(id: &str, text: &str, steps: Vec<Json>) -> Json {
    let mut lane = lane(id, steps);
    lane["when"] = json!({"cel": text});
    lane
}

pub fn otherwise(steps: Vec<Json>) -> Json {
    let mut lane = lane("otherwise", steps);
    lane["otherwise"] = json!(true);
    lane
}

pub fn parallel(lanes: Vec<Json>, join: Json, on_reject: &str) -> Json {
    node("block", json!({"type": "parallel", "lanes": lanes, "join": join, "on_reject": on_reject}))
}

/// A step of a person with some settings changed.
pub fn with_settings(id: &str, settings: Json) -> Json {
    let mut step = review(id);
    for (key, value) in settings.as_object().unwrap() {
        step["kind"][key] = value.clone();
    }
    step
}

pub fn going_back(id: &str, target: &str, rounds: u32) -> Json {
    node(id, json!({"type": "go_to", "target": target, "max_rounds": rounds}))
}
