//! Runs beside the main one: flows that one of its steps has started, and the work that follows from the confirmation.
//!
//! Every run numbers its stays in a range of its own, so that a stay, a task or a timer tells by its number alone to
//! which run it belongs; and the steps of a side run are called by their flow and id. What a side run does never
//! confirms: it has no door to the order's status.

use super::world::House;
use super::{Case, FlowPin};
use ordain_domain::order::{Line, Order};
use ordain_flow::access::path_of;
use ordain_flow::doc::Node;
use ordain_flow::rule::Operand;
use ordain_flow::run::{Flow, Run};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of the run that leads to the confirmation.
pub const MAIN: u32 = 0;
/// Most side runs of one order.
pub const RUNS_MAX: usize = 1_000;
/// Stays of one run: two to this power.
const STAYS: u32 = 16;

/// One run beside the main one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideRun {
    /// The version that it began with, and keeps.
    #[serde(flatten)]
    pub pin: FlowPin,
    /// The stay that started it; none for what follows from the confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// What of the order it is about, if not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// What it was given for fields of its flow, and where what it writes into them goes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub input: BTreeMap<String, Operand>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub output: BTreeMap<String, String>,
    /// It goes on although the order is given up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outlives_parent: bool,
    pub began_ms: i64,
    pub run: Run,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// By the id of the line.
    Line(u32),
    Warehouse(String),
}

impl About {
    /// The line that it is about, with its place.
    pub fn line<'a>(&self, order: &'a Order) -> Option<(usize, &'a Line)> {
        let Self::Line(id) = self else { return None };
        order.content.lines.iter().enumerate().find(|(_, line)| line.id == *id)
    }
}

impl SideRun {
    /// A run of a flow about all of the order, for nobody who waits.
    pub fn of(pin: FlowPin, began_ms: i64) -> Self {
        let (input, output, run) = (BTreeMap::new(), BTreeMap::new(), Run::new());
        Self { pin, parent: None, about: None, input, output, outlives_parent: false, began_ms, run }
    }

    pub fn is_over(&self) -> bool {
        self.run.outcome().is_some()
    }
}

/// The run to which a stay belongs.
pub fn run_of(visit: u32) -> u32 {
    visit >> STAYS
}

/// The stays of a run are numbered from here on.
pub fn first_visit(number: u32) -> u32 {
    number << STAYS
}

impl Case {
    /// A run by its number, with the flow that it is pinned to.
    pub fn run_at(&self, number: u32) -> Option<(&FlowPin, &Run)> {
        match number {
            MAIN => Some((self.flow.as_ref()?, self.run.as_ref()?)),
            number => self.side_run(number).map(|side| (&side.pin, &side.run)),
        }
    }

    /// The run that a stay belongs to.
    pub fn run_with(&self, visit: u32) -> Option<(&FlowPin, &Run)> {
        self.run_at(run_of(visit))
    }

    /// Where a custom field of a run lies in the order: under the name that the flow around it has for it, and with the
    /// line that the run is about.
    pub fn place_of(&self, number: u32, path: &str) -> String {
        let (Some(side), Some(field)) = (self.side_run(number), path.strip_prefix("extra.")) else {
            return path.to_owned();
        };
        let outer = side.output.get(field);
        let around = side.parent.map_or(MAIN, run_of);
        let place = outer.map_or_else(|| path.to_owned(), |outer| self.place_of(around, &path_of(outer)));
        match self.line_of(number).filter(|_| place.starts_with("extra.")) {
            Some(at) => format!("lines[{at}].{place}"),
            None => place,
        }
    }

    /// The place of the line that a run is about.
    pub fn line_of(&self, number: u32) -> Option<usize> {
        let about = self.side_run(number)?.about.as_ref()?;
        about.line(&self.order).map(|(at, _)| at)
    }

    /// The place of the line that a run is about, or one around it.
    pub fn line_around(&self, number: u32) -> Option<usize> {
        let around = || self.line_around(run_of(self.side_run(number)?.parent?));
        self.line_of(number).or_else(around)
    }

    /// The flow that a visit belongs to and the one that leads to the confirmation: what is said of either holds of both.
    pub fn flow_keys(&self, visit: u32) -> Vec<&str> {
        let main = self.flow.iter().map(|pin| pin.key.as_str());
        let own = self.run_at(run_of(visit)).map(|(pin, _)| pin.key.as_str());
        main.chain(own).collect()
    }

    pub fn side_run(&self, number: u32) -> Option<&SideRun> {
        self.side_runs.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Whether it was a stay in this step that began a run.
    pub fn began_at(&self, side: &SideRun, node: &str) -> bool {
        let parent = side.parent.and_then(|visit| Some((visit, self.run_with(visit)?.1)));
        let stays = parent.and_then(|(visit, run)| run.visits.iter().find(|stay| stay.visit == visit));
        stays.is_some_and(|stay| &*stay.node == node)
    }

    /// All runs with their flows, the main one first.
    pub fn runs(&self) -> impl Iterator<Item = (&FlowPin, &Run)> {
        let side = self.side_runs.iter().map(|side| (&side.pin, &side.run));
        self.flow.as_ref().zip(self.run.as_ref()).into_iter().chain(side)
    }

    /// Whether a stay is still waited for.
    pub fn waits_at(&self, visit: u32) -> bool {
        let run = self.run_with(visit).map(|(_, run)| run);
        run.is_some_and(|run| run.open_visits().any(|open| open.visit == visit))
    }

    /// A step as the version has it that the run of a stay keeps: two runs of one flow may be in two versions of it.
    pub fn node_at<'a>(&self, house: &'a House, visit: u32, id: &str) -> Option<&'a Node> {
        let (pin, _) = self.run_with(visit)?;
        house.flow(pin)?.node(id)
    }

    /// A step by the name that it has in its runs, as any of them has it: enough to say that there is one and what it is
    /// called.
    pub fn named<'a>(&self, house: &'a House, id: &str) -> Option<&'a Node> {
        self.flows(house).find_map(|flow| flow.node(id))
    }

    /// The flows that the order goes through or has gone through, each once.
    pub fn flows<'a>(&self, house: &'a House) -> impl Iterator<Item = &'a Arc<Flow>> {
        let mut pins: Vec<&FlowPin> = self.flow.iter().collect();
        for side in &self.side_runs {
            if !pins.contains(&&side.pin) {
                pins.push(&side.pin);
            }
        }
        pins.into_iter().filter_map(|pin| house.flow(pin)).collect::<Vec<_>>().into_iter()
    }
}
