//! Who answers for what: heads of departments, superiors, keepers of warehouses, owners of product lines, duty rosters.
//!
//! People are named by login. An organisation is stored as one document; that it names nobody unknown and has no
//! circle is seen to where it is put, and look-ups end even if it had one.

use super::people::{Directory, User};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Organisation {
    /// By code of the department.
    pub heads: BTreeMap<String, String>,
    /// Whose superior is who, where it is not the head of the department.
    pub managers: BTreeMap<String, String>,
    /// By code of the warehouse.
    pub keepers: BTreeMap<String, Vec<String>>,
    /// By product line.
    pub product_line_owners: BTreeMap<String, Vec<String>>,
    /// By key, each in order of time.
    pub rosters: BTreeMap<String, Vec<Duty>>,
}

/// Somebody's turn on a roster, without its last instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Duty {
    pub from_ms: i64,
    pub until_ms: i64,
    pub login: String,
}

impl Organisation {
    pub fn head_of(&self, department: &str) -> Option<&str> {
        self.heads.get(department).map(String::as_str)
    }

    /// The superior of a person: the one named for them, else the head of their department.
    pub fn manager_of(&self, user: &User) -> Option<&str> {
        let named = self.managers.get(&user.login).map(String::as_str);
        let head = || self.head_of(user.department.as_deref()?).filter(|head| *head != user.login);
        named.or_else(head)
    }

    /// The superiors of a person up to a level, nearest first.
    pub fn managers_above<'a>(&'a self, user: &'a User, people: &'a Directory, levels: u8) -> Vec<&'a str> {
        let (mut above, mut at) = (Vec::new(), user);
        for _ in 0..levels {
            let Some(manager) =
                self.manager_of(at).filter(|next| *next != user.login && !above.contains(next))
            else {
                break;
            };
            above.push(manager);
            let Some(next) = people.by_login(manager) else { break };
            at = next;
        }
        above
    }

    pub fn keepers_of(&self, warehouse: &str) -> &[String] {
        self.keepers.get(warehouse).map_or(&[], Vec::as_slice)
    }

    pub fn owners_of_line(&self, line: &str) -> &[String] {
        self.product_line_owners.get(line).map_or(&[], Vec::as_slice)
    }

    /// Who is on duty on a roster at an instant.
    pub fn on_duty(&self, roster: &str, at_ms: i64) -> Option<&str> {
        let duties = self.rosters.get(roster)?;
        duties
            .iter()
            .find(|duty| (duty.from_ms..duty.until_ms).contains(&at_ms))
            .map(|duty| duty.login.as_str())
    }

    /// Circles among those who are named as superiors, each once, from its first login and back to it.
    pub fn circles(&self) -> Vec<Vec<&str>> {
        let mut circles = Vec::new();
        for start in self.managers.keys() {
            let mut chain = vec![start.as_str()];
            let mut at = self.managers.get(start);
            while let Some(next) = at.filter(|next| !chain.contains(&next.as_str())) {
                chain.push(next);
                at = self.managers.get(next);
            }
            let first = chain.iter().min().copied();
            if at == Some(start) && first == Some(start.as_str()) {
                chain.push(start);
                circles.push(chain);
            }
        }
        circles
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn user(n: u128, login: &str, department: &str) -> User {
        User {
            id: Uuid::from_u128(n),
            login: login.to_owned(),
            name: login.to_uppercase(),
            department: Some(department.to_owned()),
            roles: Vec::new(),
            email: None,
            lang: "zh-CN".to_owned(),
            disabled: false,
            password_once: false,
        }
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    fn people() -> Directory {
        let users = [user(1, "fin1", "finance"), user(2, "cfo", "finance"), user(3, "boss", "")];
        Directory { users: users.into_iter().map(|user| (user.id, user)).collect(), ..Directory::default() }
    }

    #[test]
    fn superiors_are_those_named_else_the_head_and_end_at_the_top() {
        let people = people();
        let organisation = Organisation {
            heads: map(&[("finance", "cfo")]),
            managers: map(&[("cfo", "boss")]),
            ..Organisation::default()
        };
        let clerk = people.by_login("fin1").unwrap();
        assert_eq!(organisation.managers_above(clerk, &people, 9), ["cfo", "boss"]);
        assert_eq!(organisation.managers_above(clerk, &people, 1), ["cfo"]);
        assert_eq!(organisation.manager_of(people.by_login("boss").unwrap()), None);
    }

    #[test]
    fn a_circle_is_found_once_and_does_not_hold_up_a_look_up() {
        let people = people();
        let organisation = Organisation {
            managers: map(&[("fin1", "cfo"), ("cfo", "boss"), ("boss", "cfo"), ("self", "self")]),
            ..Organisation::default()
        };
        assert_eq!(organisation.circles(), [vec!["boss", "cfo", "boss"], vec!["self", "self"]]);
        assert_eq!(
            organisation.managers_above(people.by_login("fin1").unwrap(), &people, 9),
            ["cfo", "boss"]
        );
    }

    #[test]
    fn a_turn_on_the_roster_ends_where_the_next_begins() {
        let duty = |from_ms, until_ms, login: &str| Duty { from_ms, until_ms, login: login.to_owned() };
        let rosters = BTreeMap::from([("night".to_owned(), vec![duty(0, 10, "a"), duty(10, 20, "b")])]);
        let organisation = Organisation { rosters, ..Organisation::default() };
        let on = |at_ms| organisation.on_duty("night", at_ms);
        assert_eq!([on(0), on(9), on(10), on(20)], [Some("a"), Some("a"), Some("b"), None]);
        assert_eq!(organisation.on_duty("day", 0), None);
    }
}
