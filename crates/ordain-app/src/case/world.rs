//! The slice of the world that one decision needs, loaded by the Gate.

use super::FlowPin;
use super::absence::Absences;
use super::organisation::Organisation;
use super::people::Directory;
use ordain_domain::calendar::{Calendar, Calendars};
use ordain_domain::master::{CompanyRules, Master};
use ordain_domain::stock::Free;
use ordain_flow::run::Flow;
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
    pub flows: std::collections::BTreeMap<FlowPin, Arc<Flow>>,
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
}
