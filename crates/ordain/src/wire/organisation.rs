//! The organisation as it is shown and put, and what depends on one person.

use super::absence::{DelegationView, by_login, delegation};
use super::person::PersonView;
use super::reader::{Kind, Shape};
use crate::words::Text;
use ordain_app::case::organisation::{Duty, Organisation};
use ordain_app::case::world::House;
use ordain_app::query::dependence::{Dependence, Kept, Step};
use ordain_domain::calendar::Calendar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const LOGINS: Kind = Kind::Map(&Kind::List(&Kind::Text));
const DUTY: Shape = &[("login", Kind::Text), ("from", Kind::Text), ("to", Kind::Text)];
pub const ORGANISATION: Shape = &[
    ("heads", Kind::Map(&Kind::Text)),
    ("managers", Kind::Map(&Kind::Text)),
    ("keepers", LOGINS),
    ("product_line_owners", LOGINS),
    ("rosters", Kind::Map(&Kind::List(&Kind::Object(DUTY)))),
];

/// Who answers for what, by login. It is replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationView {
    /// Department to its head.
    pub heads: BTreeMap<String, String>,
    /// Person to their superior, where it is not the head of the department.
    pub managers: BTreeMap<String, String>,
    /// Warehouse to its keepers.
    pub keepers: BTreeMap<String, Vec<String>>,
    /// Product line to who answers for it.
    pub product_line_owners: BTreeMap<String, Vec<String>>,
    /// Roster to turns on duty.
    pub rosters: BTreeMap<String, Vec<DutyView>>,
}

/// What is left out is empty afterwards.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrganisationBody {
    pub heads: Option<BTreeMap<String, String>>,
    pub managers: Option<BTreeMap<String, String>>,
    pub keepers: Option<BTreeMap<String, Vec<String>>>,
    pub product_line_owners: Option<BTreeMap<String, Vec<String>>>,
    pub rosters: Option<BTreeMap<String, Vec<DutyView>>>,
}

/// A turn on duty; as it is put, its ends may be dates, whose day they mean as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Duty)]
pub struct DutyView {
    pub login: String,
    pub from: String,
    pub to: String,
}

/// What breaks if somebody is gone tomorrow.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Dependence)]
pub struct DependenceView {
    pub who: PersonView,
    /// Open tasks in the person's own queue.
    pub open_tasks: i64,
    pub overdue_tasks: i64,
    /// Customers whose salesperson the person is.
    pub customers: i64,
    /// Steps that nobody else can do.
    pub sole: Vec<StepView>,
    pub shared: Vec<StepView>,
    pub backup: Vec<StepView>,
    /// Steps that tell the person, or go on to them when they are late.
    pub told: Vec<StepView>,
    /// Codes of departments.
    pub heads: Vec<String>,
    pub leads: Vec<PersonView>,
    pub warehouses: Vec<KeptView>,
    pub product_lines: Vec<KeptView>,
    pub duties: Vec<RosterDutyView>,
    pub delegations: Vec<DelegationView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DependentStep)]
pub struct StepView {
    pub flow: String,
    pub version: i64,
    pub node_id: String,
    pub name: Text,
    /// Who could take over; nobody means that it falls to the process admins.
    pub others: Vec<PersonView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = KeptThing)]
pub struct KeptView {
    pub key: String,
    pub others: Vec<PersonView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RosterDuty)]
pub struct RosterDutyView {
    pub roster: String,
    pub from: String,
    pub to: String,
}

pub fn organisation(organisation: &Organisation, calendar: &Calendar) -> OrganisationView {
    let duty = |duty: &Duty| DutyView {
        login: duty.login.clone(),
        from: calendar.text(duty.from_ms),
        to: calendar.text(duty.until_ms),
    };
    let roster = |(key, duties): (&String, &Vec<Duty>)| (key.clone(), duties.iter().map(duty).collect());
    OrganisationView {
        heads: organisation.heads.clone(),
        managers: organisation.managers.clone(),
        keepers: organisation.keepers.clone(),
        product_line_owners: organisation.product_line_owners.clone(),
        rosters: organisation.rosters.iter().map(roster).collect(),
    }
}

/// What the store counts for the person.
pub struct Load {
    pub open_tasks: i64,
    pub overdue_tasks: i64,
    pub customers: i64,
}

pub fn dependence(
    login: &str,
    found: &Dependence<'_>,
    load: &Load,
    house: &House,
    now_ms: i64,
) -> DependenceView {
    let person = |login: &&str| by_login(&house.people, login);
    let step = |step: &Step<'_>| StepView {
        flow: step.flow.key.clone(),
        version: step.flow.version,
        node_id: step.node.id.clone(),
        name: Text::from(&step.node.name),
        others: step.others.iter().map(person).collect(),
    };
    let kept = |kept: &Kept<'_>| KeptView {
        key: kept.key.to_owned(),
        others: kept.others.iter().map(person).collect(),
    };
    let duty = |(roster, duty): &(&str, &Duty)| RosterDutyView {
        roster: (*roster).to_owned(),
        from: house.calendar.text(duty.from_ms),
        to: house.calendar.text(duty.until_ms),
    };
    DependenceView {
        who: by_login(&house.people, login),
        open_tasks: load.open_tasks,
        overdue_tasks: load.overdue_tasks,
        customers: load.customers,
        sole: found.sole.iter().map(step).collect(),
        shared: found.shared.iter().map(step).collect(),
        backup: found.backup.iter().map(step).collect(),
        told: found.told.iter().map(step).collect(),
        heads: found.heads.iter().map(|code| (*code).to_owned()).collect(),
        leads: found.leads.iter().map(person).collect(),
        warehouses: found.warehouses.iter().map(kept).collect(),
        product_lines: found.product_lines.iter().map(kept).collect(),
        duties: found.duties.iter().map(duty).collect(),
        delegations: found.delegations.iter().map(|known| delegation(known, house, now_ms)).collect(),
    }
}
