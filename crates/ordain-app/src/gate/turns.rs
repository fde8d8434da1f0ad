//! Who is next and who has the least to do: what dealing out work remembers between orders.

use super::ledger::Ledger;
use crate::case::Case;
use crate::case::event::Event;
use crate::case::world::{House, turn_key};
use ordain_flow::doc::{Node, Party, Vote};
use ordain_flow::run::Flow;
use ordain_store::CounterRow;
use std::collections::BTreeMap;

const PREFIX: &str = "turn:";

/// Turns taken so far, by step.
pub(super) fn taken(ledger: &Ledger, org: i64) -> BTreeMap<String, i64> {
    let from = (org, PREFIX.to_owned());
    let of_turns =
        ledger.0.counters.range(from..).take_while(|((o, name), _)| *o == org && name.starts_with(PREFIX));
    of_turns.filter_map(|((_, name), row)| Some((name.strip_prefix(PREFIX)?.to_owned(), row.n))).collect()
}

/// Counters of the steps that were dealt out in turn by these events.
pub(super) fn dealt(
    ledger: &Ledger,
    org: i64,
    house: &House,
    case: &Case,
    events: &[Event],
) -> Vec<CounterRow> {
    let Some(flow) = case.flow.as_ref().and_then(|pin| house.flow(pin)) else { return Vec::new() };
    let mut rows = Vec::new();
    for event in events {
        let Event::TaskAssigned { task, .. } = event else { continue };
        if task.added.is_some() {
            continue;
        }
        let node = &task.node;
        if case
            .node_at(house, task.visit, node)
            .and_then(Node::person)
            .is_some_and(|settings| settings.vote == Vote::RoundRobin)
        {
            let name = format!("{PREFIX}{}", turn_key(&flow.doc().key, node));
            let n = ledger.0.counters.get(&(org, name.clone())).map_or(0, |row| row.n) + 1;
            rows.push(CounterRow { org, name, day: String::new(), n });
        }
    }
    rows
}

/// Carries what a command opened and closed into the loads, so that the next command of the batch sees it.
pub(super) fn carry(loads: &mut BTreeMap<String, i64>, before: Option<&Case>, after: &Case) {
    let mut add = |case: &Case, n: i64| {
        for (_, task) in case.open_tasks() {
            if let Party::User(login) = &task.holder {
                *loads.entry(login.clone()).or_default() += n;
            }
        }
    };
    if let Some(before) = before {
        add(before, -1);
    }
    add(after, 1);
}

/// Whether a flow asks for whoever has the least to do.
pub(super) fn asks_for_loads(flow: &Flow) -> bool {
    let asks = |node: &Node| node.person().is_some_and(|settings| settings.vote == Vote::LeastLoaded);
    flow.nodes().any(asks)
}
