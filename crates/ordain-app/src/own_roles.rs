//! Roles that a company makes for itself: a name and the rights that go with it, beside those that are shipped.

use crate::case::people::ROLES;
use crate::data_scope::DataScope;
use crate::rights::{APART, Grant, Permission, Rights};
use ordain_flow::doc::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Rights that no role may have together, and why: codes. Whoever needs both holds two roles, which shows.
pub const RIGHTS_APART: &[(Permission, Permission, &str)] = &[
    (Permission::WriteUsers, Permission::DecideTasks, "grants_and_acts"),
    (Permission::WriteUsers, Permission::Intervene, "grants_and_acts"),
    (Permission::WriteUsers, Permission::PublishFlows, "grants_and_acts"),
    (Permission::VerifyAudit, Permission::DecideTasks, "audits_own_work"),
    (Permission::KeepAccounts, Permission::WriteOrders, "sells_and_books"),
    (Permission::KeepAccounts, Permission::ShipOrders, "ships_and_books"),
];

/// All own roles of a company. They are replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRoles {
    pub items: Vec<OwnRole>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRole {
    pub code: String,
    pub name: Text,
    pub rights: BTreeSet<Permission>,
    #[serde(default)]
    pub scope: DataScope,
}

impl OwnRoles {
    pub fn find(&self, code: &str) -> Option<&OwnRole> {
        self.items.iter().find(|role| role.code == code)
    }

    /// Whether somebody can have the role: a shipped one or one of these.
    pub fn knows(&self, role: &str) -> bool {
        ROLES.contains(&role) || self.find(role).is_some()
    }

    /// The codes of all roles: those that are shipped, then these.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        ROLES.into_iter().chain(self.items.iter().map(|role| role.code.as_str()))
    }

    /// What people of the role may do; one that is gone gives nothing.
    pub fn rights_of(&self, role: &str) -> Rights {
        match self.find(role) {
            Some(own) => own.rights.iter().copied().collect(),
            None => Rights::of_role(role),
        }
    }

    /// What people of the role may do, and of which orders: of all where the role is shipped.
    pub fn grant(&self, role: &str) -> Grant {
        let scope = self.find(role).map(|own| own.scope.clone()).unwrap_or_default();
        Grant { rights: self.rights_of(role), scope }
    }

    /// What people of all these roles may do.
    pub fn rights<'a>(&self, roles: impl IntoIterator<Item = &'a str>) -> Rights {
        roles.into_iter().map(|role| self.rights_of(role)).fold(Rights::default(), Rights::and)
    }

    /// Roles that one person should not hold together, and why: codes.
    pub fn apart(&self) -> Vec<(&str, &str, &'static str)> {
        let mut found: Vec<(&str, &str, &'static str)> = APART.to_vec();
        let codes: Vec<&str> = self.codes().collect();
        for (nth, own) in codes.iter().enumerate().skip(ROLES.len()) {
            for other in &codes[..nth] {
                let (one, two) = (self.rights_of(own), self.rights_of(other));
                // What one of them has by itself does not come of holding both.
                let alone = |clash: &(Permission, Permission, &'static str)| {
                    [one, two].iter().any(|rights| rights.has(clash.0) && rights.has(clash.1))
                };
                let clash = clashes(one.and(two)).find(|clash| !alone(clash));
                found.extend(clash.map(|(_, _, why)| (*other, *own, why)));
            }
        }
        found
    }
}

/// Rights of one role that should be apart, and why.
pub fn clashes(rights: Rights) -> impl Iterator<Item = (Permission, Permission, &'static str)> {
    RIGHTS_APART.iter().copied().filter(move |(one, other, _)| rights.has(*one) && rights.has(*other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn junior() -> OwnRoles {
        let role = OwnRole {
            code: "sales_junior".into(),
            name: Text { zh: "销售助理".into(), en: "Junior sales".into() },
            rights: BTreeSet::from([Permission::ReadOrders, Permission::WriteOrders]),
            scope: DataScope::All,
        };
        OwnRoles { items: vec![role] }
    }

    #[test]
    fn rights_of_several_roles_add_up_and_a_role_that_is_gone_gives_nothing() {
        let own = junior();
        let both = own.rights(["sales_junior", "warehouse"]);
        for right in [Permission::WriteOrders, Permission::ShipOrders] {
            assert!(both.has(right), "{}", right.name());
        }
        assert!(!own.rights(["sales_junior"]).has(Permission::DecideTasks));
        assert_eq!(OwnRoles::default().rights(["sales_junior"]), Rights::default());
    }

    #[test]
    fn roles_are_apart_by_their_rights_and_not_by_what_one_of_them_has_alone() {
        let own = junior();
        let new: Vec<_> = own.apart().into_iter().skip(APART.len()).collect();
        assert_eq!(
            new,
            [("finance", "sales_junior", "sells_and_books")],
            "the process admin does both anyway"
        );
    }

    #[test]
    fn a_right_is_kept_under_its_name() {
        let kept = serde_json::to_value(junior()).unwrap();
        assert_eq!(kept["items"][0]["rights"], serde_json::json!(["read_orders", "write_orders"]));
        assert_eq!(serde_json::from_value::<OwnRoles>(kept).unwrap(), junior());
    }
}
