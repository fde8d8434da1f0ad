//! A larger company for random flows: several people in each department, superiors, rosters, and working hours that
//! differ. Whether an instant is working time is worked out here from the hours themselves, without the product's
//! calendars.

use super::rng::Rng;
use crate::company::MONDAY_MS;
use ordain_app::case::absence::{Absences, Delegation, DelegationScope, Leave};
use ordain_app::case::organisation::{Duty, Organisation};
use ordain_app::case::people::{Directory, User};
use ordain_app::case::world::House;
use ordain_domain::calendar::{Calendar, CalendarRules, Calendars, Layer, PersonTime};
use ordain_flow::check::People;
use ordain_flow::doc::Party;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Shanghai keeps one offset all year.
const OFFSET_MS: i64 = 8 * HOUR_MS;

/// Login, department and role.
pub const STAFF: [(&str, &str, &str); 16] = [
    ("sales1", "sales", "sales"),
    ("sales2", "sales", "sales"),
    ("smgr1", "sales", "sales_manager"),
    ("fin1", "finance", "finance"),
    ("fin2", "finance", "finance"),
    ("fin3", "finance", "finance"),
    ("wh1", "warehouse", "warehouse"),
    ("wh2", "warehouse", "warehouse"),
    ("plan1", "planning", "planning"),
    ("plan2", "planning", "planning"),
    ("cs1", "service", "service"),
    ("cs2", "service", "service"),
    ("boss1", "", "management"),
    ("ops1", "", "process_admin"),
    ("ops2", "", "process_admin"),
    ("audit1", "", "auditor"),
];

/// People who may leave and come back. Somebody of the process admins always stays.
pub const LEAVERS: [&str; 10] =
    ["sales2", "smgr1", "fin1", "fin2", "wh1", "wh2", "plan1", "cs1", "boss1", "ops2"];

type Week = [Vec<(u16, u16)>; 7];

/// The hours of everybody and who is away.
#[derive(Clone, Debug, Default)]
pub struct Timetable {
    rules: CalendarRules,
    departments: BTreeMap<String, Week>,
    people: BTreeMap<String, Week>,
    pub absences: Absences,
}

fn user(at: usize, (login, department, role): (&str, &str, &str)) -> User {
    User {
        id: Uuid::from_u128(0x7000_8000_0000_0001_0000 + at as u128),
        login: login.to_owned(),
        name: login.to_uppercase(),
        department: (!department.is_empty()).then(|| department.to_owned()),
        roles: vec![role.to_owned()],
        email: Some(format!("{login}@example.com")),
        lang: "zh-CN".to_owned(),
        disabled: false,
        password_once: false,
    }
}

pub fn directory() -> Directory {
    let users = STAFF.iter().enumerate().map(|(at, known)| user(at, *known));
    Directory { users: users.map(|user| (user.id, user)).collect(), ..Directory::default() }
}

/// The same people as publish checks see them.
pub fn people() -> People {
    let mut people = People::default();
    for (login, department, role) in STAFF {
        let login = login.to_owned();
        people.users.insert(login.clone(), true);
        people.roles.entry(role.to_owned()).or_default().push(login.clone());
        if !department.is_empty() {
            people.departments.entry(department.to_owned()).or_default().push(login);
        }
    }
    people
}

pub fn organisation() -> Organisation {
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let list = |pairs: &[(&str, &[&str])]| {
        let several = |logins: &[&str]| logins.iter().map(|login| (*login).to_owned()).collect();
        pairs.iter().map(|(key, logins)| ((*key).to_owned(), several(logins))).collect()
    };
    // By turns of a week, for half a year.
    let duty = |week: i64| {
        let from_ms = MONDAY_MS - DAY_MS + week * 7 * DAY_MS;
        let login = if week % 2 == 0 { "fin2" } else { "wh2" };
        Duty { from_ms, until_ms: from_ms + 7 * DAY_MS, login: login.to_owned() }
    };
    Organisation {
        heads: own(&[("sales", "smgr1"), ("finance", "fin1"), ("warehouse", "wh1"), ("planning", "plan1")]),
        managers: own(&[("smgr1", "boss1"), ("fin1", "boss1"), ("cs1", "smgr1")]),
        keepers: list(&[("SH", &["wh1"]), ("NB", &["wh2", "wh1"])]),
        product_line_owners: list(&[("L1", &["plan1"]), ("L2", &["plan2", "sales2"])]),
        rosters: BTreeMap::from([("night".to_owned(), (0..26).map(duty).collect())]),
    }
}

/// A week of the same hours on some days.
fn week(days: usize, spans: &[(u16, u16)]) -> Week {
    std::array::from_fn(|day| if day < days { spans.to_vec() } else { Vec::new() })
}

impl Timetable {
    /// A seeded one: a warehouse that works on Saturdays, a service that begins early, somebody who works mornings.
    pub fn draw(rng: &mut Rng) -> Self {
        let mut table = Self::default();
        if rng.chance(50) {
            table.departments.insert("warehouse".to_owned(), week(6, &[(8 * 60, 16 * 60)]));
        }
        if rng.chance(50) {
            table.departments.insert("service".to_owned(), week(7, &[(6 * 60, 10 * 60), (18 * 60, 22 * 60)]));
        }
        if rng.chance(50) {
            table.people.insert("fin2".to_owned(), week(3, &[(9 * 60, 11 * 60 + 30)]));
        }
        table
    }

    /// Something about somebody's time changes.
    pub fn shake(&mut self, rng: &mut Rng, now_ms: i64) {
        let day = |rng: &mut Rng| {
            let at_ms = now_ms + DAY_MS * rng.below(20) as i64 + OFFSET_MS;
            jiff_date(at_ms)
        };
        match rng.below(6) {
            0 => {
                self.rules.holidays.extend(day(rng));
            }
            1 => {
                let worked = day(rng);
                self.rules.makeup_workdays.extend(worked);
            }
            2 => {
                let hours = week(5, &[(8 * 60 + 30, 12 * 60), (14 * 60, 19 * 60)]);
                self.rules.week = if rng.chance(50) { hours } else { CalendarRules::default().week };
            }
            3 => drop(self.people.insert(rng.word(&LEAVERS).to_owned(), week(4, &[(10 * 60, 15 * 60)]))),
            4 => self.leave(rng, now_ms),
            _ => self.delegate(rng, now_ms),
        }
    }

    fn leave(&mut self, rng: &mut Rng, now_ms: i64) {
        let from_ms = now_ms + HOUR_MS * rng.below(30) as i64;
        let until_ms = from_ms + DAY_MS * (1 + rng.below(9) as i64);
        let id = Uuid::from_u128(u128::from(rng.next()));
        let login = rng.word(&LEAVERS).to_owned();
        self.absences.leave.push(Leave { id, login, from_ms, until_ms });
        if self.absences.leave.len() > 6 {
            self.absences.leave.remove(0);
        }
    }

    /// As the product takes them: none in a circle, and none for the same work at the same time.
    fn delegate(&mut self, rng: &mut Rng, now_ms: i64) {
        let (from, to) = (rng.word(&LEAVERS).to_owned(), rng.word(&LEAVERS).to_owned());
        let scope = match rng.below(3) {
            0 => DelegationScope::AmountUpTo(2_000_000),
            1 => DelegationScope::Flow("f1".to_owned()),
            _ => DelegationScope::All,
        };
        let from_ms = now_ms + HOUR_MS * rng.below(5) as i64;
        let until_ms = from_ms + DAY_MS * (1 + rng.below(5) as i64);
        let id = Uuid::from_u128(u128::from(rng.next()));
        let new = Delegation { id, from, to, from_ms, until_ms, scope, include_open: false };
        self.absences.delegations.retain(|known| known.until_ms > now_ms);
        let known = &self.absences;
        if new.from != new.to && known.overlapping(&new).is_none() && known.circle(&new).is_none() {
            self.absences.delegations.push(new);
        }
    }

    /// Puts the times where the product looks for them.
    pub fn furnish(&self, house: &mut House) {
        let layer = |week: &Week| Layer { week: Some(week.clone()), ..Layer::default() };
        let departments = self.departments.iter().map(|(code, week)| (code.clone(), layer(week))).collect();
        let people = STAFF.iter().map(|(login, department, _)| {
            let time = PersonTime {
                department: (!department.is_empty()).then(|| (*department).to_owned()),
                layer: self.people.get(*login).map(layer).unwrap_or_default(),
                leave: self.absences.leave_of(login).map(|leave| (leave.from_ms, leave.until_ms)).collect(),
            };
            ((*login).to_owned(), time)
        });
        if let Ok(calendars) = Calendars::new(self.rules.clone(), &departments, people.collect()) {
            house.calendars = calendars;
        }
        if let Ok(calendar) = Calendar::new(self.rules.clone()) {
            house.calendar = calendar;
        }
        house.absences = self.absences.clone();
    }

    /// Whether a deadline may lie at an instant: in somebody's working time, or at the end of it.
    pub fn may_be_due(&self, party: &Party, at_ms: i64) -> bool {
        self.works(party, at_ms) || self.works(party, at_ms - 1)
    }

    fn works(&self, party: &Party, at_ms: i64) -> bool {
        let (mut week, mut absent) = (&self.rules.week, false);
        match party {
            Party::Department(code) => week = self.departments.get(code).unwrap_or(week),
            Party::User(login) => {
                let department = STAFF.iter().find(|known| known.0 == login).map_or("", |known| known.1);
                week = self.departments.get(department).unwrap_or(week);
                week = self.people.get(login).unwrap_or(week);
                absent =
                    self.absences.leave.iter().any(|leave| {
                        leave.login == *login && leave.from_ms <= at_ms && at_ms < leave.until_ms
                    });
            }
            Party::Role(_) => {}
        }
        let local = at_ms + OFFSET_MS;
        let (day, ms) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS));
        // The first day of 1970 was a Thursday, the fourth of the week.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        let listed = |days: &BTreeSet<_>| jiff_date(local).is_some_and(|date| days.contains(&date));
        let spans = if listed(&self.rules.holidays) {
            &[][..]
        } else if listed(&self.rules.makeup_workdays) {
            week.iter().find(|spans| !spans.is_empty()).map_or(&[][..], Vec::as_slice)
        } else {
            week.get(weekday).map_or(&[][..], Vec::as_slice)
        };
        let within =
            |(from, until): &(u16, u16)| i64::from(*from) * 60_000 <= ms && ms < i64::from(*until) * 60_000;
        !absent && spans.iter().any(within)
    }
}

/// The date of an instant that was moved to the wall.
fn jiff_date(local_ms: i64) -> Option<jiff::civil::Date> {
    let days = i32::try_from(local_ms.div_euclid(DAY_MS)).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_is_told_from_the_hours_alone() {
        let mut table = Timetable::default();
        let sales = Party::Department("sales".to_owned());
        assert!(table.works(&sales, MONDAY_MS), "Monday at ten");
        assert!(!table.works(&sales, MONDAY_MS + 2 * HOUR_MS), "noon");
        assert!(table.may_be_due(&sales, MONDAY_MS + 2 * HOUR_MS), "the end of the morning");
        assert!(!table.works(&sales, MONDAY_MS + 5 * DAY_MS), "Saturday");
        let leave = Leave {
            id: Uuid::nil(),
            login: "fin1".to_owned(),
            from_ms: MONDAY_MS,
            until_ms: MONDAY_MS + HOUR_MS,
        };
        table.absences.leave.push(leave);
        assert!(!table.works(&Party::User("fin1".to_owned()), MONDAY_MS + 1));
    }
}
