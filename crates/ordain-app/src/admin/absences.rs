//! Leave and delegations as they are put and ended.
//!
//! Both are ended rather than changed: what has been was so. Of what is long over only the log knows.

use super::AdminDone;
use super::change::Change;
use super::document::{changed, stored, write};
use super::known::Known;
use super::reading::{Edge, MONEY_MAX, Reading, shortened};
use super::roles;
use crate::case::Refusal;
use crate::case::absence::{Absences, Delegation, DelegationScope, Leave};
use crate::case::decide::By;
use crate::gate::{ABSENCES, Batch, GateError};
use crate::problem::Fault;
use crate::rights::Permission;
use jiff::civil::Date;
use ordain_domain::calendar::Calendar;
use ordain_domain::decimal::Currency;
use ordain_store::Keys;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;
/// How long what is over stays beside the log, how long one span may be, and how many there may be.
const KEPT_MS: i64 = 90 * DAY_MS;
const SPAN_MAX_DAYS: i64 = 731;
const ABSENCES_MAX: usize = 2_000;
const HALVES: [&str; 2] = ["morning", "afternoon"];

/// Leave as it is put: dates, of which the first may begin and the last may end at half of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeaveItem {
    pub login: String,
    pub from: String,
    /// `morning` unless said otherwise.
    pub from_half: Option<String>,
    /// The last day.
    pub until: String,
    /// `afternoon` unless said otherwise.
    pub until_half: Option<String>,
}

/// A delegation as it is put. Without `flow` and `amount_up_to` it is of all work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DelegationItem {
    pub from: String,
    pub to: String,
    /// A date or an instant; from now on without it.
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub flow: Option<String>,
    pub amount_up_to: Option<String>,
    pub include_open: bool,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, ABSENCES.to_owned()));
    roles::keys(org, keys);
}

pub(super) fn record_leave(
    item: &LeaveItem,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let mut absences = current(batch, org)?;
    let mut reading = Reading::default();
    let login = item.login.trim();
    Known::of(batch, org).check_login(login, "login", &mut reading);
    let calendar = house.calendars.of_person(login);
    let from = half(&item.from, item.from_half.as_deref(), Edge::Start, calendar, &mut reading);
    let until = half(&item.until, item.until_half.as_deref(), Edge::End, calendar, &mut reading);
    if let (Some(from_ms), Some(until_ms)) = (from, until)
        && spans(from_ms, until_ms, "until", &mut reading)
        && let Some(known) =
            absences.leave_of(login).find(|known| known.from_ms < until_ms && from_ms < known.until_ms)
    {
        let fault = Fault::new("overlaps", "from").with("with", login);
        reading.fault(fault.with("from", calendar.text(known.from_ms)));
    }
    full(absences.leave.len(), &mut reading);
    reading.refuse()?;
    let (Some(from_ms), Some(until_ms)) = (from, until) else {
        return Err(GateError::Bug("leave without its ends".to_owned()));
    };
    let leave = Leave { id: by.id, login: login.to_owned(), from_ms, until_ms };
    absences.leave.push(leave.clone());
    let change = changed("leave", &leave.id.to_string(), None, &leave);
    write(batch, org, by, "record_leave", change.as_slice(), (ABSENCES, &absences))?;
    Ok(AdminDone::Leave(leave))
}

/// Takes back leave that has not begun, and ends leave that has.
pub(super) fn end_leave(id: Uuid, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let mut absences = current(batch, org)?;
    let (leave, change) = end(&mut absences.leave, id, by.at_ms)?;
    write(batch, org, by, "end_leave", change.as_slice(), (ABSENCES, &absences))?;
    Ok(AdminDone::Leave(leave))
}

pub(super) fn delegate(
    item: &DelegationItem,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let mut absences = current(batch, org)?;
    let mut reading = Reading::default();
    let (from, to) = (item.from.trim().to_owned(), item.to.trim().to_owned());
    let (known, own) = (Known::of(batch, org), roles::current(batch, org)?);
    known.check_login(&from, "from", &mut reading);
    known.check_login(&to, "to", &mut reading);
    if known.user(&to).is_some_and(|row| !own.rights(row.roles.split(',')).has(Permission::DecideTasks)) {
        reading.fault(Fault::new("cannot_stand_in", "to").with("found", shortened(&to)));
    }
    let calendar = &house.calendar;
    let starts = match item.starts_at.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => reading.moment(text, Edge::Start, calendar, "starts_at".to_owned()),
        None => Some(by.at_ms),
    };
    // Nobody has stood in before it was said.
    let starts = starts.map(|from_ms| from_ms.max(by.at_ms));
    let ends = item.ends_at.as_deref().unwrap_or_default();
    let ends = reading.moment(ends, Edge::End, calendar, "ends_at".to_owned());
    let flows = house.flows.keys().map(|pin| pin.key.as_str()).collect::<Vec<_>>();
    let scope = scope(item, &flows, house.rules.currency, &mut reading);
    full(absences.delegations.len(), &mut reading);
    let (Some(from_ms), Some(until_ms)) = (starts, ends) else {
        reading.refuse()?;
        return Err(GateError::Bug("a delegation without its ends".to_owned()));
    };
    let sound = spans(from_ms, until_ms, "ends_at", &mut reading);
    if until_ms <= by.at_ms {
        reading.fault(Fault::new("already_over", "ends_at"));
    }
    let include_open = item.include_open;
    let new = Delegation { id: by.id, from, to, from_ms, until_ms, scope, include_open };
    if sound {
        conflicts(&absences, &new, calendar, &mut reading);
    }
    reading.refuse()?;
    absences.delegations.push(new.clone());
    let change = changed("delegation", &new.id.to_string(), None, &new);
    write(batch, org, by, "create_delegation", change.as_slice(), (ABSENCES, &absences))?;
    Ok(AdminDone::Delegation(new))
}

pub(super) fn end_delegation(
    id: Uuid,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    batch.house(org)?;
    let mut absences = current(batch, org)?;
    let (delegation, change) = end(&mut absences.delegations, id, by.at_ms)?;
    write(batch, org, by, "end_delegation", change.as_slice(), (ABSENCES, &absences))?;
    Ok(AdminDone::Delegation(delegation))
}

/// The absences as the batch sees them, without what has long been over.
fn current(batch: &Batch<'_>, org: i64) -> Result<Absences, GateError> {
    let mut absences: Absences = stored(batch, org, ABSENCES)?;
    let kept_from_ms = batch.now_ms - KEPT_MS;
    absences.delegations.retain(|known| known.until_ms > kept_from_ms);
    absences.leave.retain(|leave| leave.until_ms > kept_from_ms);
    Ok(absences)
}

/// What lasts from one moment to another.
trait Lasting: Clone + Serialize {
    const KIND: &'static str;

    fn id(&self) -> Uuid;
    fn span(&mut self) -> (i64, &mut i64);
}

impl Lasting for Leave {
    const KIND: &'static str = "leave";

    fn id(&self) -> Uuid {
        self.id
    }

    fn span(&mut self) -> (i64, &mut i64) {
        (self.from_ms, &mut self.until_ms)
    }
}

impl Lasting for Delegation {
    const KIND: &'static str = "delegation";

    fn id(&self) -> Uuid {
        self.id
    }

    fn span(&mut self) -> (i64, &mut i64) {
        (self.from_ms, &mut self.until_ms)
    }
}

/// Ends one of a list now. What has not begun ends where it begins, and thus never was.
fn end<T: Lasting>(list: &mut Vec<T>, id: Uuid, now_ms: i64) -> Result<(T, Option<Change>), Refusal> {
    let found = list.iter_mut().find(|known| known.id() == id).ok_or(Refusal::NotFound)?;
    let before = found.clone();
    let (from_ms, until_ms) = found.span();
    *until_ms = now_ms.max(from_ms).min(*until_ms);
    let never_was = *until_ms == from_ms;
    let after = found.clone();
    if never_was {
        list.retain(|known| known.id() != id);
    }
    let change = changed(T::KIND, &id.to_string(), Some(&before), &after);
    Ok((after, change))
}

fn full(size: usize, reading: &mut Reading) {
    if size >= ABSENCES_MAX {
        reading.fault(Fault::new("too_many_items", "").with("most", ABSENCES_MAX.to_string()));
    }
}

/// Names a span that ends before it begins, or is longer than anybody means.
fn spans(from_ms: i64, until_ms: i64, path: &str, reading: &mut Reading) -> bool {
    let in_order = reading.in_order(from_ms, until_ms, path.to_owned());
    let too_long = in_order && until_ms - from_ms > SPAN_MAX_DAYS * DAY_MS;
    if too_long {
        reading.fault(Fault::new("span_too_long", path).with("most", SPAN_MAX_DAYS.to_string()));
    }
    in_order && !too_long
}

fn half(
    text: &str,
    half: Option<&str>,
    edge: Edge,
    calendar: &Calendar,
    reading: &mut Reading,
) -> Option<i64> {
    let (path, whole) = match edge {
        Edge::Start => ("from", "morning"),
        Edge::End => ("until", "afternoon"),
    };
    let half = half.map(str::trim).filter(|half| !half.is_empty()).unwrap_or(whole);
    if !HALVES.contains(&half) {
        let fault = Fault::new("invalid_value", format!("{path}_half")).with("found", shortened(half));
        reading.fault(fault.with("allowed", HALVES.join(", ")));
    }
    let moment = reading.moment(text, edge, calendar, path.to_owned())?;
    match text.trim().parse::<Date>() {
        Ok(date) if half != whole => Some(calendar.middle_of(date)),
        _ => Some(moment),
    }
}

fn scope(
    item: &DelegationItem,
    flows: &[&str],
    currency: Currency,
    reading: &mut Reading,
) -> DelegationScope {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let (flow, amount) = (given(&item.flow), given(&item.amount_up_to));
    if !flow.is_empty() && !amount.is_empty() {
        reading.fault(Fault::new("two_scopes", "amount_up_to"));
    }
    if !flow.is_empty() && !flows.contains(&flow.as_str()) {
        reading.fault(Fault::new("unknown_flow", "flow").with("found", shortened(&flow)));
    }
    let scale = (currency.exponent(), MONEY_MAX);
    match reading.number(Some(&amount), None, scale, "amount_up_to".to_owned()) {
        Some(most) => DelegationScope::AmountUpTo(most),
        None if !flow.is_empty() => DelegationScope::Flow(flow),
        None => DelegationScope::All,
    }
}

fn conflicts(absences: &Absences, new: &Delegation, calendar: &Calendar, reading: &mut Reading) {
    if let Some(chain) = absences.circle(new) {
        reading.fault(Fault::new("delegation_circle", "to").with("chain", chain.join(" → ")));
    }
    if let Some(known) = absences.overlapping(new) {
        let fault = Fault::new("overlaps", "starts_at").with("with", known.to.clone());
        reading.fault(fault.with("from", calendar.text(known.from_ms)));
    }
}
