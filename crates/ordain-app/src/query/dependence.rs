//! What breaks if somebody is gone tomorrow: the steps, duties and tasks that depend on one person.
//!
//! Flows in force are looked at, and versions in which orders are under way still. Who stands behind a step is answered by
//! the directory as it is now.

use crate::case::FlowPin;
use crate::case::absence::Delegation;
use crate::case::organisation::Duty;
use crate::case::people::User;
use crate::case::world::House;
use ordain_flow::doc::{DeadlineDo, Node, Party, PersonSettings, Source, walk};
use ordain_flow::run::Flow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that depends on one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependence<'a> {
    /// Steps that nobody else can do.
    pub sole: Vec<Step<'a>>,
    /// Steps that the person does among others.
    pub shared: Vec<Step<'a>>,
    /// Steps where the person steps in for others.
    pub backup: Vec<Step<'a>>,
    /// Steps that tell the person, or go on to them when they are late.
    pub told: Vec<Step<'a>>,
    pub heads: Vec<&'a str>,
    /// Logins of those whose superior the person is.
    pub leads: Vec<&'a str>,
    pub warehouses: Vec<Kept<'a>>,
    pub product_lines: Vec<Kept<'a>>,
    /// Turns on duty that are not over.
    pub duties: Vec<(&'a str, &'a Duty)>,
    /// Delegations from or to the person that are not over.
    pub delegations: Vec<&'a Delegation>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<'a> {
    pub flow: FlowPin,
    pub node: &'a Node,
    /// Who could take over, by login; nobody means that it falls to the process admins.
    pub others: Vec<&'a str>,
}

/// Something that is kept by the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<'a> {
    pub key: &'a str,
    /// The other keepers.
    pub others: Vec<&'a str>,
}

/// What depends on a person at an instant. `running`: versions in which orders are under way.
pub fn dependence<'a>(
    house: &'a House,
    running: impl IntoIterator<Item = FlowPin>,
    user: &'a User,
    at_ms: i64,
) -> Dependence<'a> {
    let organisation = &house.organisation;
    let names = |map: &'a std::collections::BTreeMap<String, String>| {
        map.iter().filter(|(_, login)| **login == user.login).map(|(key, _)| key.as_str()).collect()
    };
    let mut found = Dependence {
        heads: names(&organisation.heads),
        leads: house
            .people
            .users
            .values()
            .filter(|other| !other.disabled && organisation.manager_of(other) == Some(&user.login))
            .map(|other| other.login.as_str())
            .collect(),
        warehouses: kept(&organisation.keepers, user),
        product_lines: kept(&organisation.product_line_owners, user),
        duties: organisation
            .rosters
            .iter()
            .flat_map(|(key, duties)| duties.iter().map(move |duty| (key.as_str(), duty)))
            .filter(|(_, duty)| duty.login == user.login && duty.until_ms > at_ms)
            .collect(),
        delegations: house
            .absences
            .delegations
            .iter()
            .filter(|known| known.until_ms > at_ms && (known.from == user.login || known.to == user.login))
            .collect(),
        ..Dependence::default()
    };
    found.leads.sort_unstable();
    steps(house, running, user, &mut found);
    found
}

fn steps<'a>(
    house: &'a House,
    running: impl IntoIterator<Item = FlowPin>,
    user: &'a User,
    found: &mut Dependence<'a>,
) {
    let mut flows: BTreeMap<FlowPin, &'a Arc<Flow>> = house.active_flows().collect();
    flows.extend(running.into_iter().filter_map(|pin| house.flow(&pin).map(|flow| (pin, flow))));
    let of_flow = |(pin, flow): (FlowPin, &'a Arc<Flow>)| {
        walk(flow.doc()).into_iter().map(move |place| (pin.clone(), place.node)).collect::<Vec<_>>()
    };
    for (pin, node) in flows.into_iter().flat_map(of_flow) {
        if told(node, house).iter().any(|party| user.belongs_to(party)) {
            found.told.push(Step { flow: pin.clone(), node, others: Vec::new() });
        }
        let Some(settings) = node.person() else { continue };
        let (asked, backup) = (asked(house, settings), settings.backup.as_ref());
        let others = |parties: &[Party]| -> Vec<&'a str> {
            let members = parties.iter().flat_map(|party| house.people.members(party));
            let logins: BTreeSet<&'a str> = members.map(|member| member.login.as_str()).collect();
            logins.into_iter().filter(|login| *login != user.login).collect()
        };
        let backups = others(backup.map_or(&[], std::slice::from_ref));
        let step = |others| Step { flow: pin.clone(), node, others };
        if asked.iter().any(|party| user.belongs_to(party)) {
            let colleagues = others(&asked);
            match colleagues.is_empty() {
                true => found.sole.push(step(backups)),
                false => found.shared.push(step(colleagues)),
            }
        } else if backup.is_some_and(|party| user.belongs_to(party)) {
            found.backup.push(step(backups));
        }
    }
}

/// Whom a step may ask: parties named outright or by a rule, and heads of departments.
fn asked(house: &House, settings: &PersonSettings) -> Vec<Party> {
    settings.assignee.iter().flat_map(|source| named(house, source)).collect()
}

fn named(house: &House, source: &Source) -> Vec<Party> {
    match source {
        Source::HeadOf(department) => {
            let head = house.organisation.head_of(department);
            head.map(|login| Party::User(login.to_owned())).into_iter().collect()
        }
        other => other.candidates().unwrap_or_default(),
    }
}

/// Single people whom a step tells, and those to whom it goes on by its deadline.
fn told(node: &Node, house: &House) -> Vec<Party> {
    let sources = node.sources().into_iter().filter(|(setting, _)| *setting != "assignee");
    let notices = sources.flat_map(|(_, source)| named(house, source));
    let deadline = node.person().and_then(|person| person.deadline.as_ref());
    let chains =
        deadline.into_iter().flat_map(|deadline| &deadline.rules).flat_map(|rule| match &rule.action {
            DeadlineDo::Escalate(chain) => chain.clone(),
            _ => Vec::new(),
        });
    notices.chain(chains).filter(|party| matches!(party, Party::User(_))).collect()
}

fn kept<'a>(map: &'a std::collections::BTreeMap<String, Vec<String>>, user: &User) -> Vec<Kept<'a>> {
    let mine = map.iter().filter(|(_, logins)| logins.contains(&user.login));
    mine.map(|(key, logins)| {
        let others = logins.iter().filter(|login| **login != user.login).map(String::as_str).collect();
        Kept { key, others }
    })
    .collect()
}
