//! Who is there: users, departments, roles, and who resolves to a party of a flow.

use crate::own_roles::OwnRoles;
use crate::rights::{Permission, Rights};
use ordain_flow::doc::{Party, PersonSettings, Source};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The roles that are shipped; a company may have others beside them.
pub const ROLES: [&str; 10] = [
    "sales",
    "sales_manager",
    "finance",
    "warehouse",
    "planning",
    "service",
    "process_admin",
    "management",
    "auditor",
    "admin",
];

/// A user as far as decisions need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub department: Option<String>,
    pub roles: Vec<String>,
    pub email: Option<String>,
    pub lang: String,
    pub disabled: bool,
    /// Signs in with a password that somebody else made: nothing is open before it is changed.
    pub password_once: bool,
}

impl User {
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }

    /// All parties that the user belongs to.
    pub fn parties(&self) -> Vec<Party> {
        let roles = self.roles.iter().cloned().map(Party::Role);
        let department = self.department.iter().cloned().map(Party::Department);
        roles.chain(department).chain([Party::User(self.login.clone())]).collect()
    }

    /// What no person took in is completed by sales.
    pub fn completes_what_nobody_took(&self) -> bool {
        self.department.as_deref() == Some("sales")
    }

    /// Whether the user belongs to a party.
    pub fn belongs_to(&self, party: &Party) -> bool {
        !self.disabled
            && match party {
                Party::Department(code) => self.department.as_deref() == Some(code),
                Party::Role(role) => self.has_role(role),
                Party::User(login) => self.login == *login,
            }
    }
}

/// Everybody, with the departments' names.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub users: BTreeMap<Uuid, User>,
    /// Code, Chinese and English name.
    pub departments: BTreeMap<String, (String, String)>,
    pub own_roles: OwnRoles,
}

impl Directory {
    /// What a user may do.
    pub fn rights(&self, user: &User) -> Rights {
        self.own_roles.rights(user.roles.iter().map(String::as_str))
    }

    /// The active members of a party, by login.
    pub fn members(&self, party: &Party) -> Vec<&User> {
        let mut members: Vec<&User> = self.users.values().filter(|user| user.belongs_to(party)).collect();
        members.sort_by(|a, b| a.login.cmp(&b.login));
        members
    }

    /// Those of a party who may decide tasks, by login: work is given to nobody else, or it would stand still.
    pub fn deciders(&self, party: &Party) -> Vec<&User> {
        let mut members = self.members(party);
        members.retain(|user| self.may_decide(user));
        members
    }

    pub fn may_decide(&self, user: &User) -> bool {
        self.rights(user).has(Permission::DecideTasks)
    }

    pub fn by_login(&self, login: &str) -> Option<&User> {
        self.users.values().find(|user| user.login == login)
    }

    /// Who holds a task: the first source with somebody in it, else the backup, else the process admin. A task always
    /// has someone.
    pub fn holder(&self, settings: &PersonSettings) -> Party {
        let staffed = |party: &Party| !self.deciders(party).is_empty();
        let named = settings.assignee.iter().filter_map(Source::party);
        let found = named.chain(settings.backup.clone()).find(staffed);
        found.unwrap_or_else(|| Party::Role("process_admin".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s062_a_task_always_has_someone() {
        let user = |n: u128, department: &str, role: &str, disabled| User {
            id: Uuid::from_u128(n),
            login: format!("u{n}"),
            name: format!("U{n}"),
            department: Some(department.into()),
            roles: vec![role.into()],
            email: None,
            lang: "zh-CN".into(),
            disabled,
            password_once: false,
        };
        let mut people = Directory::default();
        for user in [user(1, "finance", "finance", true), user(2, "sales", "sales_manager", false)] {
            people.users.insert(user.id, user);
        }
        let finance = Party::Department("finance".into());
        let manager = Party::Role("sales_manager".into());
        let step = |assignee: &Party, backup: Option<&Party>| PersonSettings {
            assignee: vec![assignee.clone().into()],
            backup: backup.cloned(),
            ..PersonSettings::default()
        };
        assert_eq!(people.holder(&step(&manager, None)), manager);
        assert_eq!(people.holder(&step(&finance, Some(&manager))), manager, "the only clerk is disabled");
        assert_eq!(people.holder(&step(&finance, None)), Party::Role("process_admin".into()));
        let mut either = step(&finance, None);
        either.assignee.push(manager.clone().into());
        assert_eq!(people.holder(&either), manager, "the first source that is staffed");
    }
}
