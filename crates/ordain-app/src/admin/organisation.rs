//! The organisation as it is put: replaced as a whole, after everything in it that cannot be has been named.

use super::AdminDone;
use super::document::{expect, replace, stored};
use super::known::Known;
use super::reading::{Edge, Reading};
use crate::case::decide::By;
use crate::case::organisation::{Duty, Organisation};
use crate::gate::{Batch, GateError, ORGANISATION};
use crate::problem::Fault;
use ordain_domain::calendar::Calendar;
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Entries of one map, logins of one entry, and turns of one roster.
const ENTRIES_MAX: usize = 5_000;
const LOGINS_MAX: usize = 50;
const DUTIES_MAX: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrganisationItem {
    pub heads: BTreeMap<String, String>,
    pub managers: BTreeMap<String, String>,
    pub keepers: BTreeMap<String, Vec<String>>,
    pub product_line_owners: BTreeMap<String, Vec<String>>,
    pub rosters: BTreeMap<String, Vec<DutyItem>>,
}

/// A turn on a roster; its ends are dates, whose day they mean as a whole, or instants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DutyItem {
    pub login: String,
    pub from: String,
    pub to: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, ORGANISATION.to_owned()));
    keys.directories.insert(org);
}

pub(super) fn put(
    item: &OrganisationItem,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let before: Organisation = stored(batch, org, ORGANISATION)?;
    expect(expected, &before)?;
    let mut reading = Reading::default();
    let known = Known::of(batch, org);
    let after = read(item, &house.calendar, &known, &mut reading);
    check(&after, &known, &mut reading);
    reading.refuse()?;
    replace(batch, org, by, "put_organisation", ORGANISATION, (&before, &after))
}

fn read(
    item: &OrganisationItem,
    calendar: &Calendar,
    known: &Known<'_>,
    reading: &mut Reading,
) -> Organisation {
    let roster = |(key, duties): (&String, &Vec<DutyItem>)| {
        let path = format!("rosters.{key}");
        reading.code(key, path.clone());
        (key.clone(), self::roster(duties, &path, calendar, known, reading))
    };
    Organisation {
        rosters: item.rosters.iter().map(roster).collect(),
        heads: item.heads.clone(),
        managers: item.managers.clone(),
        keepers: item.keepers.clone(),
        product_line_owners: item.product_line_owners.clone(),
    }
}

/// The turns of a roster in order of time; faults name places as they were sent.
fn roster(
    duties: &[DutyItem],
    path: &str,
    calendar: &Calendar,
    known: &Known<'_>,
    reading: &mut Reading,
) -> Vec<Duty> {
    if !fits(duties.len(), DUTIES_MAX, path, reading) {
        return Vec::new();
    }
    let mut read = Vec::with_capacity(duties.len());
    for (index, duty) in duties.iter().enumerate() {
        let at = format!("{path}[{index}]");
        known.check_login(&duty.login, format!("{at}.login"), reading);
        let from_ms = reading.moment(&duty.from, Edge::Start, calendar, format!("{at}.from"));
        let until_ms = reading.moment(&duty.to, Edge::End, calendar, format!("{at}.to"));
        if let (Some(from_ms), Some(until_ms)) = (from_ms, until_ms)
            && reading.in_order(from_ms, until_ms, format!("{at}.to"))
        {
            read.push(Duty { from_ms, until_ms, login: duty.login.clone() });
        }
    }
    read.sort();
    for (one, next) in read.iter().zip(read.iter().skip(1)) {
        if next.from_ms < one.until_ms {
            let fault = Fault::new("overlaps", path).with("with", one.login.clone());
            reading.fault(fault.with("from", calendar.text(one.from_ms)));
        }
    }
    read
}

fn check(organisation: &Organisation, known: &Known<'_>, reading: &mut Reading) {
    let Organisation { heads, managers, keepers, product_line_owners, rosters } = organisation;
    let sizes = [heads.len(), managers.len(), keepers.len(), product_line_owners.len(), rosters.len()];
    let names = ["heads", "managers", "keepers", "product_line_owners", "rosters"];
    for (size, name) in sizes.into_iter().zip(names) {
        fits(size, ENTRIES_MAX, name, reading);
    }
    for (code, login) in heads {
        let path = format!("heads.{code}");
        known.check_department(code, &path, reading);
        known.check_login(login, path, reading);
    }
    for (login, manager) in managers {
        let path = format!("managers.{login}");
        known.check_login(login, &path, reading);
        known.check_login(manager, path, reading);
    }
    for circle in organisation.circles() {
        let path = format!("managers.{}", circle.first().copied().unwrap_or_default());
        reading.fault(Fault::new("circular_managers", path).with("chain", circle.join(" → ")));
    }
    for code in keepers.keys() {
        known.check_warehouse(code, format!("keepers.{code}"), reading);
    }
    for (name, map) in [("keepers", keepers), ("product_line_owners", product_line_owners)] {
        for (key, logins) in map {
            let path = format!("{name}.{key}");
            reading.code(key, path.clone());
            fits(logins.len(), LOGINS_MAX, &path, reading);
            for (index, login) in logins.iter().enumerate().take(LOGINS_MAX) {
                known.check_login(login, format!("{path}[{index}]"), reading);
            }
        }
    }
}

fn fits(size: usize, most: usize, path: &str, reading: &mut Reading) -> bool {
    if size > most {
        reading.fault(Fault::new("too_many_items", path).with("most", most.to_string()));
    }
    size <= most
}
