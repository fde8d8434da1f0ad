//! Who may do what: the one table of permissions and of the roles that are shipped.
//!
//! `docs/rights.md` and the authorization test of the API are made from it. This table answers whether somebody may ask at
//! all; of which orders, `data_scope` says; whether a task is theirs is answered where the row is.

use crate::case::people::User;
use crate::data_scope::DataScope;
use crate::own_roles::OwnRoles;
use ordain_domain::actor::Actor;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! permissions {
    ($($variant:ident $name:literal [$($role:literal)*] $token:literal),+ $(,)?) => {
        /// One thing that can be allowed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Permission { $(#[serde(rename = $name)] $variant),+ }

        impl Permission {
            pub const ALL: &'static [Permission] = &[$(Permission::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(Permission::$variant => $name),+ }
            }

            /// The roles whose people have the permission.
            pub fn roles(self) -> &'static [&'static str] {
                match self { $(Permission::$variant => &[$($role),*]),+ }
            }

            /// Whether a token of the role `admin` has it.
            pub fn admin_token(self) -> bool {
                match self { $(Permission::$variant => $token),+ }
            }
        }
    };
}

permissions! {
    ReadOrders "read_orders" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management" "auditor"] true,
    WriteOrders "write_orders" ["sales" "sales_manager" "service" "process_admin"] true,
    CommentOrders "comment_orders" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management"] true,
    ChangeOrders "change_orders" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management"] true,
    ShipOrders "ship_orders" ["warehouse" "process_admin"] true,
    KeepPromises "keep_promises" ["sales_manager" "warehouse" "planning" "process_admin"] true,
    KeepAccounts "keep_accounts" ["finance" "process_admin"] true,
    ReadReceivables "read_receivables" ["sales" "sales_manager" "finance" "process_admin" "management" "auditor"] true,
    ReadReports "read_reports" ["sales_manager" "finance" "process_admin" "management" "auditor" "admin"] true,
    ReadTasks "read_tasks" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management" "auditor" "admin"] true,
    DecideTasks "decide_tasks" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management"] false,
    Intervene "intervene" ["process_admin"] false,
    ReadExceptions "read_exceptions" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management" "auditor" "admin"] true,
    ReadCosts "read_costs" ["sales_manager" "finance" "process_admin" "management" "admin"] true,
    SettleExceptions "settle_exceptions" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "management"] false,
    ReadMaster "read_master" ["sales" "sales_manager" "finance" "warehouse" "planning" "service" "process_admin" "admin"] true,
    WriteMaster "write_master" ["process_admin" "admin"] true,
    ReadStock "read_stock" ["sales" "sales_manager" "warehouse" "planning" "service" "process_admin" "management"] true,
    FeedStock "feed_stock" ["warehouse" "process_admin"] true,
    WritePurchases "write_purchases" ["planning" "process_admin"] true,
    ReadUsers "read_users" ["process_admin" "admin"] true,
    WriteUsers "write_users" ["admin"] true,
    WriteOrganisation "write_organisation" ["process_admin" "admin"] true,
    ReadFlows "read_flows" ["sales_manager" "process_admin" "management" "auditor" "admin"] true,
    PublishFlows "publish_flows" ["process_admin"] true,
    ApproveFlows "approve_flows" ["process_admin" "management"] false,
    ReadConnectors "read_connectors" ["process_admin" "auditor" "admin"] true,
    WriteConnectors "write_connectors" ["process_admin" "admin"] true,
    ReadAudit "read_audit" ["process_admin" "management" "auditor" "admin"] true,
    VerifyAudit "verify_audit" ["auditor" "admin"] true,
    AnswerFeedback "answer_feedback" ["process_admin"] true,
    ReadSelfChecks "read_self_checks" ["process_admin" "management" "auditor" "admin"] true,
    RunSelfChecks "run_self_checks" ["process_admin" "admin"] true,
    ReadIntake "read_intake" ["sales" "sales_manager" "service" "process_admin"] true,
}

/// What somebody may do, whichever roles it comes from: one bit for each permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights(u64);

impl Rights {
    /// Those of a role that is shipped; no other role has any.
    pub fn of_role(role: &str) -> Self {
        Permission::ALL.iter().copied().filter(|right| right.roles().contains(&role)).collect()
    }

    /// Those of a program with a token of the role `admin`.
    fn of_admin_token() -> Self {
        Permission::ALL.iter().copied().filter(|right| right.admin_token()).collect()
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn has(self, permission: Permission) -> bool {
        self.0 & Self::from_iter([permission]).0 != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |right| self.has(*right))
    }
}

impl FromIterator<Permission> for Rights {
    fn from_iter<T: IntoIterator<Item = Permission>>(rights: T) -> Self {
        Self(rights.into_iter().fold(0, |bits, right| bits | 1 << right as u32))
    }
}

impl Permission {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|right| right.name() == name)
    }

    /// Decisions are for people: a token never has them, whatever its role.
    pub fn is_for_people(self) -> bool {
        matches!(
            self,
            Permission::DecideTasks
                | Permission::Intervene
                | Permission::SettleExceptions
                | Permission::ApproveFlows
        )
    }
}

/// Roles that one person should not hold together, and why: codes.
pub const APART: &[(&str, &str, &str)] = &[
    ("admin", "sales", "grants_and_acts"),
    ("admin", "sales_manager", "grants_and_acts"),
    ("admin", "finance", "grants_and_acts"),
    ("admin", "warehouse", "grants_and_acts"),
    ("admin", "planning", "grants_and_acts"),
    ("admin", "service", "grants_and_acts"),
    ("admin", "process_admin", "grants_and_acts"),
    ("admin", "management", "grants_and_acts"),
    ("auditor", "sales", "audits_own_work"),
    ("auditor", "sales_manager", "audits_own_work"),
    ("auditor", "finance", "audits_own_work"),
    ("auditor", "warehouse", "audits_own_work"),
    ("auditor", "planning", "audits_own_work"),
    ("auditor", "service", "audits_own_work"),
    ("auditor", "process_admin", "audits_own_work"),
    ("auditor", "admin", "audits_own_work"),
    ("finance", "sales", "sells_and_books"),
    ("finance", "sales_manager", "sells_and_books"),
    ("finance", "warehouse", "ships_and_books"),
];

/// Who makes a request, as authentication found out.
#[derive(Clone, Debug)]
pub struct Caller {
    pub org: i64,
    pub kind: CallerKind,
    grants: Vec<Grant>,
}

/// What one role allows, and of which orders.
#[derive(Clone, Debug)]
pub struct Grant {
    pub rights: Rights,
    pub scope: DataScope,
}

/// A person with a session, or a machine with a token.
#[derive(Clone, Debug)]
pub enum CallerKind {
    Person(User),
    Token { id: Uuid, name: String, role: String },
}

impl Caller {
    pub fn person(org: i64, user: User, own: &OwnRoles) -> Self {
        let grants = user.roles.iter().map(|role| own.grant(role)).collect();
        Self { org, kind: CallerKind::Person(user), grants }
    }

    pub fn token(org: i64, (id, name, role): (Uuid, String, String), own: &OwnRoles) -> Self {
        let grant = match role.as_str() {
            "admin" => Grant { rights: Rights::of_admin_token(), scope: DataScope::All },
            role => {
                let Grant { rights, scope } = own.grant(role);
                Grant { rights: rights.iter().filter(|right| !right.is_for_people()).collect(), scope }
            }
        };
        Self { org, kind: CallerKind::Token { id, name, role }, grants: vec![grant] }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.scopes(permission).next().is_some()
    }

    /// Of which orders the caller may: by each role that allows it.
    pub fn scopes(&self, permission: Permission) -> impl Iterator<Item = &DataScope> {
        self.grants.iter().filter(move |grant| grant.rights.has(permission)).map(|grant| &grant.scope)
    }

    pub fn user(&self) -> Option<&User> {
        match &self.kind {
            CallerKind::Person(user) => Some(user),
            CallerKind::Token { .. } => None,
        }
    }

    pub fn actor(&self) -> Actor {
        match &self.kind {
            CallerKind::Person(user) => Actor::Person { id: user.id, name: user.name.clone() },
            CallerKind::Token { id, name, .. } => Actor::Token { id: *id, name: name.clone() },
        }
    }

    /// Name under which idempotency keys are kept: keys of different callers never meet.
    pub fn key_space(&self) -> String {
        match &self.kind {
            CallerKind::Person(user) => format!("user:{}", user.id),
            CallerKind::Token { id, .. } => format!("token:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::people::ROLES;

    #[test]
    fn every_role_named_exists_and_nobody_both_grants_rights_and_decides() {
        for permission in Permission::ALL {
            assert!(permission.roles().iter().all(|role| ROLES.contains(role)), "{}", permission.name());
        }
        assert!(APART.iter().all(|(one, other, _)| ROLES.contains(one) && ROLES.contains(other)));
        assert!(!Permission::WriteUsers.roles().contains(&"process_admin"));
        assert!(!Permission::DecideTasks.roles().contains(&"admin"));
        assert!(!Permission::DecideTasks.admin_token());
        assert!(Permission::ALL.len() <= 64, "a bit for each");
    }
}
