//! The slice of the world that one decision needs, loaded by the Gate.

use super::FlowPin;
use super::absence::Absences;
use super::organisation::Organisation;
use super::people::Directory;
use ordain_domain::calendar::{Calendar, Calendars};
use ordain_domain::master::{CompanyRules, Master};
use ordain_domain::stock::Free;
use ordain_flow::run::Flow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings, people and flow: small, seldom changed, shared by every decision.
#[derive(Clone, Debug)]
pub struct House {
    pub rules: CompanyRules,
    /// The company's own.
    pub calendar: Calendar,
    /// Those of departments and people; who has none has the company's.
    pub calendars: Calendars,
    pub people: Directory,
    pub organisation: Organisation,
    pub absences: Absences,
    /// In the order in which stock is taken from them.
    pub warehouses: Vec<String>,
    /// Where an order for the flow is looked up: the active one, and older ones that orders are pinned to.
    pub active: FlowPin,
    pub flows: BTreeMap<FlowPin, Arc<Flow>>,
    /// Some flow asks for whoever has the least to do, so that this must be known.
    pub asks_for_loads: bool,
}

impl House {
    pub fn flow(&self, pin: &FlowPin) -> Option<&Arc<Flow>> {
        self.flows.get(pin)
    }
}

/// Everything a decision about one order may look at.
#[derive(Clone, Debug)]
pub struct World {
    pub house: Arc<House>,
    pub master: Master,
    /// Free stock of the order's products, without what the order itself holds.
    pub free: Free,
    /// Number of another live order of the same customer and customer PO.
    pub twin: Option<String>,
    /// The number a new order gets.
    pub next_number: String,
    /// How often each step was dealt out to people who take turns, by [`turn_key`].
    pub turns: BTreeMap<String, i64>,
    /// Open tasks by login, where a flow asks for whoever has the fewest.
    pub loads: BTreeMap<String, i64>,
}

impl World {
    /// What is known of an order's surroundings; a new order's number, turns and loads are left to who needs them.
    pub fn around(house: Arc<House>, master: Master, free: Free, twin: Option<String>) -> Self {
        let (turns, loads) = (BTreeMap::new(), BTreeMap::new());
        Self { house, master, free, twin, next_number: String::new(), turns, loads }
    }
}

/// Under which the turns of a step are counted.
pub fn turn_key(flow: &str, node: &str) -> String {
    format!("{flow}:{node}")
}
