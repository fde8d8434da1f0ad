//! The slice of the world that one decision needs, loaded by the Gate.

use super::FlowPin;
use super::absence::Absences;
use super::cancel::CancelReasons;
use super::channel::Channels;
use super::connector::Connectors;
use super::issue::IssueTypes;
use super::notice_text::NoticeTexts;
use super::organisation::Organisation;
use super::people::Directory;
use super::saved_set::SavedSets;
use ordain_domain::calendar::{Calendar, Calendars};
use ordain_domain::clause::Clauses;
use ordain_domain::credit::CreditGroups;
use ordain_domain::form::OrderForm;
use ordain_domain::master::{CompanyRules, Master};
use ordain_domain::order::Order;
use ordain_domain::rate::Rates;
use ordain_domain::stock::Free;
use ordain_flow::doc::{Party, Purpose};
use ordain_flow::rule::Sets;
use ordain_flow::run::Flow;
use ordain_flow::scope::{Traits, choose};
use ordain_flow::sla::Sla;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Key of the flow that takes every order no scope admits.
pub const STANDARD_FLOW: &str = "standard";

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
    pub clauses: Clauses,
    /// What orders are asked for beside their own fields.
    pub form: OrderForm,
    /// The company's own words for notices.
    pub notice_texts: NoticeTexts,
    pub cancel_reasons: CancelReasons,
    pub connectors: Connectors,
    /// What carries messages other than mail.
    pub channels: Channels,
    pub credit_groups: CreditGroups,
    pub rates: Rates,
    pub saved_sets: SavedSets,
    /// The saved sets as rules read them.
    pub sets: Arc<Sets>,
    pub issues: IssueTypes,
    /// How long people have where their step does not say.
    pub sla: Sla,
    /// In the order in which stock is taken from them.
    pub warehouses: Vec<String>,
    /// The versions in force, by key of their flow.
    pub active: BTreeMap<String, i64>,
    /// All versions: those in force, and older ones that orders are pinned to.
    pub flows: BTreeMap<FlowPin, Arc<Flow>>,
    /// Some flow asks for whoever has the least to do, so that this must be known.
    pub asks_for_loads: bool,
    /// Some flow asks whether an order is its customer's first, so that this must be known.
    pub asks_for_first_orders: bool,
}

impl House {
    pub fn flow(&self, pin: &FlowPin) -> Option<&Arc<Flow>> {
        self.flows.get(pin)
    }

    /// The version of a flow that is in force.
    pub fn active_flow(&self, key: &str) -> Option<FlowPin> {
        self.active.get(key).map(|version| FlowPin { key: key.to_owned(), version: *version })
    }

    /// The versions in force with their flows, by key.
    pub fn active_flows(&self) -> impl Iterator<Item = (FlowPin, &Arc<Flow>)> {
        self.active.keys().filter_map(|key| {
            let pin = self.active_flow(key)?;
            let flow = self.flow(&pin)?;
            Some((pin, flow))
        })
    }

    /// Whether somebody of a party who may decide tasks is not on leave at an instant.
    pub fn is_there(&self, party: &Party, at_ms: i64) -> bool {
        self.people.deciders(party).iter().any(|user| !self.absences.is_absent(&user.login, at_ms))
    }

    /// The flow that an order would enter now. What no scope admits goes through the standard flow.
    pub fn flow_for(&self, order: &Order) -> Option<FlowPin> {
        let traits = traits(order);
        let known: Vec<_> = self.flows_for(Purpose::Confirmation).collect();
        let flows = known.iter().map(|(pin, flow)| (pin.key.as_str(), flow.doc(), pin));
        choose(flows, STANDARD_FLOW, &traits).cloned()
    }

    /// The flow that an order would enter if a draft of its flow were in force.
    pub fn flow_with<'a>(&'a self, order: &Order, draft: &'a Flow) -> Option<&'a Flow> {
        let mut flows: BTreeMap<String, &Flow> =
            self.flows_for(Purpose::Confirmation).map(|(pin, flow)| (pin.key, flow.as_ref())).collect();
        flows.insert(draft.doc().key.clone(), draft);
        let known = flows.iter().map(|(key, flow)| (key.as_str(), flow.doc(), *flow));
        choose(known, STANDARD_FLOW, &traits(order))
    }

    /// The work that follows from the confirmation of an order, where a flow in force says what that is.
    pub fn fulfilment_for(&self, order: &Order) -> Option<FlowPin> {
        let traits = traits(order);
        let known: Vec<_> = self.flows_for(Purpose::Fulfilment).collect();
        let flows = known.iter().map(|(pin, flow)| (pin.key.as_str(), flow.doc(), pin));
        choose(flows, "", &traits).cloned()
    }

    fn flows_for(&self, purpose: Purpose) -> impl Iterator<Item = (FlowPin, &Arc<Flow>)> {
        self.active_flows().filter(move |(_, flow)| flow.doc().purpose == purpose)
    }

    pub fn flows_in_force(&self) -> impl Iterator<Item = &Arc<Flow>> {
        self.active.keys().filter_map(|key| self.flow(&self.active_flow(key)?))
    }

    /// The version of a flow that is in force, if it is for this.
    pub fn in_force(&self, key: &str, purpose: Purpose) -> Option<FlowPin> {
        let pin = self.active_flow(key)?;
        self.flow(&pin).is_some_and(|flow| flow.doc().purpose == purpose).then_some(pin)
    }
}

/// What was ordered and what was made for the lines of an order, in thousandths, by line.
#[derive(Clone, Debug, Default)]
pub struct Procured {
    pub bought_milli: BTreeMap<u32, i64>,
    pub made_milli: BTreeMap<u32, i64>,
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
    /// Whether nothing was confirmed to the customer before, where a flow asks.
    pub first_order: Option<bool>,
    /// Numbers of the orders that payments were recorded for, by the references that are asked about.
    pub payments: BTreeMap<String, String>,
    /// Numbers of the orders that invoices were issued for, by the numbers that are asked about.
    pub invoices: BTreeMap<String, String>,
    /// Where a change is asked for.
    pub procured: Procured,
    /// The order whose lines are to be taken over, or with which goods are to be exchanged.
    pub other: Option<Order>,
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
        let (payments, invoices) = (BTreeMap::new(), BTreeMap::new());
        let (turns, loads) = (BTreeMap::new(), BTreeMap::new());
        let (procured, other, next_number) = (Procured::default(), None, String::new());
        let first_order = None;
        Self {
            house,
            master,
            free,
            twin,
            first_order,
            payments,
            invoices,
            procured,
            other,
            next_number,
            turns,
            loads,
        }
    }
}

/// Under which the turns of a step are counted.
pub fn turn_key(flow: &str, node: &str) -> String {
    format!("{flow}:{node}")
}

/// What an order comes to where an amount decides, with what it was parted from.
pub fn weight(order: &Order) -> Option<Decimal> {
    let totals = order.checked.totals.as_ref()?;
    Some(Decimal::new(order.weight_minor()?, totals.currency.exponent()))
}

/// What the scopes of flows ask of an order.
pub fn traits(order: &Order) -> Traits<'_> {
    let customer = order.checked.customer.as_ref();
    Traits {
        order_type: &order.content.order_type,
        channel: &order.channel,
        customer_level: customer.and_then(|customer| customer.level.as_deref()),
        address: order.content.ship_to.address.as_deref(),
        amount: weight(order),
    }
}
