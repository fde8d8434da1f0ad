//! Customers that owe together, and the rates by which their amounts are told in one currency. Both are put by key: what
//! is not named stays as it is.

use super::AdminDone;
use super::change::Change;
use super::document::{stored, write};
use super::items::number;
use super::reading::{MONEY_MAX, Reading, shortened};
use super::recheck::Touched;
use crate::case::decide::By;
use crate::gate::{Batch, CREDIT_GROUPS, GateError, RATES};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::credit::{CreditGroup, CreditGroups};
use ordain_domain::decimal::{Currency, money_text, scaled_text};
use ordain_domain::rate::{RATE_E8_MAX, Rates};
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Groups a company may have, and customers that may owe together: each order of one looks at all of them.
const GROUPS_MAX: usize = 500;
const MEMBERS_MAX: usize = 200;
/// Days of rates that are kept of all currencies; every decision carries them along.
const RATES_MAX: usize = 10_000;

/// What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreditGroupItem {
    pub code: String,
    pub name: Option<String>,
    pub currency: Option<String>,
    #[serde(deserialize_with = "number")]
    pub limit: Option<String>,
    pub limit_until: Option<String>,
    /// Codes of all customers that are in the group from now on.
    pub members: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateItem {
    pub currency: String,
    /// The day from which it holds.
    pub on: String,
    /// What a unit is worth in the company's currency.
    #[serde(deserialize_with = "number")]
    pub rate: Option<String>,
}

pub(super) fn group_keys(items: &[CreditGroupItem], org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CREDIT_GROUPS.to_owned()));
    let members = items.iter().flat_map(|item| item.members.iter().flatten());
    keys.customers.extend(members.map(|member| (org, member.trim().to_owned())));
}

pub(super) fn rate_keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, RATES.to_owned()));
}

pub(super) fn put_groups(
    items: &[CreditGroupItem],
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let home = batch.house(org)?.rules.currency;
    let mut groups: CreditGroups = stored(batch, org, CREDIT_GROUPS)?;
    let (mut reading, mut seen, mut put) = (Reading::default(), BTreeSet::new(), Put::default());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let before = groups.0.get(&code).cloned();
        let group = group(item, before.as_ref(), home, at, &mut reading);
        for (nth, member) in group.members.iter().enumerate() {
            let path = format!("{}[{nth}]", at("members"));
            if !batch.slice.customers.contains_key(&(org, member.clone())) && item.members.is_some() {
                reading.fault(Fault::new("unknown_customer", path).with("found", shortened(member)));
            } else if let Some((other, _)) = groups.of(member).filter(|(other, _)| **other != code) {
                reading.fault(Fault::new("in_other_group", path).with("group", other));
            }
        }
        let members = before.iter().flat_map(|group| &group.members).chain(&group.members);
        put.touched.customers.extend(members.cloned());
        put.note(
            Change::between("credit_group", &code, before.as_ref().map(shown).as_ref(), &shown(&group)),
            before.is_none(),
        );
        groups.0.insert(code, group);
    }
    if groups.0.len() > GROUPS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", GROUPS_MAX.to_string()));
    }
    reading.refuse()?;
    write(batch, org, by, "put_credit_groups", &put.events, (CREDIT_GROUPS, &groups))?;
    Ok(put.told(items.len()))
}

fn group(
    item: &CreditGroupItem,
    before: Option<&CreditGroup>,
    home: Currency,
    at: impl Fn(&str) -> String,
    reading: &mut Reading,
) -> CreditGroup {
    let currency = before.map_or(home, |group| group.currency);
    let currency = reading.currency(item.currency.as_deref(), currency, at("currency"));
    let known = before.map(|group| group.limit_minor);
    let limit = reading.number(item.limit.as_deref(), known, (currency.exponent(), MONEY_MAX), at("limit"));
    if limit.is_none() {
        reading.fault(Fault::new("missing_field", at("limit")));
    }
    if before.is_some_and(|group| group.currency != currency) && item.limit.is_none() {
        // The stored limit is an amount of the old currency.
        reading.fault(Fault::new("missing_field", at("limit")));
    }
    let members = item
        .members
        .as_ref()
        .map(|members| members.iter().map(|member| member.trim().to_owned()).collect::<BTreeSet<String>>());
    let members = members.or_else(|| Some(before?.members.clone())).unwrap_or_default();
    if members.len() > MEMBERS_MAX {
        reading.fault(Fault::new("too_many_items", at("members")).with("most", MEMBERS_MAX.to_string()));
    }
    let until = before.and_then(|group| group.limit_until);
    CreditGroup {
        name: reading.required(item.name.as_deref(), before.map(|group| group.name.as_str()), at("name")),
        currency,
        limit_minor: limit.unwrap_or(0),
        limit_until: reading.day(item.limit_until.as_deref(), until, at("limit_until")),
        members,
    }
}

pub(super) fn put_rates(
    items: &[RateItem],
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let mut rates: Rates = stored(batch, org, RATES)?;
    let (mut reading, mut seen, mut put) = (Reading::default(), BTreeSet::new(), Put::default());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let home = house.rules.currency;
        let code = reading.code(&item.currency, at("currency"));
        let currency = reading.currency(Some(&code), home, at("currency"));
        if currency == home && Currency::parse(item.currency.trim()).is_some() {
            reading.fault(Fault::new("own_currency", at("currency")).with("found", home.code()));
        }
        let on = reading.day(Some(&item.on), None, at("on"));
        if item.on.trim().is_empty() {
            reading.fault(Fault::new("missing_field", at("on")));
        }
        let rate = reading.number(item.rate.as_deref(), None, (8, RATE_E8_MAX), at("rate"));
        match rate {
            None if item.rate.is_none() => reading.fault(Fault::new("missing_field", at("rate"))),
            Some(0) => reading.fault(Fault::new("not_positive", at("rate")).with("found", "0")),
            _ => {}
        }
        let (Some(on), Some(rate)) = (on, rate) else { continue };
        reading.once(&mut seen, (currency, on), at("on"));
        let before = rates.0.entry(currency).or_default().insert(on, rate);
        let shown = |rate: i64| json!({ "rate": scaled_text(rate, 8, 0) });
        let key = format!("{}/{on}", currency.code());
        put.note(Change::between("rate", &key, before.map(shown).as_ref(), &shown(rate)), before.is_none());
    }
    if rates.0.values().map(std::collections::BTreeMap::<Date, i64>::len).sum::<usize>() > RATES_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", RATES_MAX.to_string()));
    }
    reading.refuse()?;
    put.touched.customers = house.credit_groups.0.values().flat_map(|group| group.members.clone()).collect();
    write(batch, org, by, "put_rates", &put.events, (RATES, &rates))?;
    Ok(put.told(items.len()))
}

/// What a command comes to.
#[derive(Default)]
struct Put {
    events: Vec<Change>,
    created: usize,
    touched: Touched,
}

impl Put {
    fn note(&mut self, change: Option<Change>, new: bool) {
        self.created += usize::from(new && change.is_some());
        self.events.extend(change);
    }

    fn told(self, items: usize) -> AdminDone {
        let (all, created) = (self.events.len(), self.created);
        let (updated, unchanged, findings) = (all - created, items.saturating_sub(all), Vec::new());
        AdminDone::Upserted { created, updated, unchanged, findings, touched: self.touched }
    }
}

/// The group as the log shows it.
fn shown(group: &CreditGroup) -> Value {
    json!({
        "name": group.name,
        "currency": group.currency,
        "limit": money_text(group.limit_minor, group.currency),
        "limit_until": group.limit_until,
        "members": group.members,
    })
}
