//! Roles with their rights and members, who holds two that should be apart, and the company's own roles as they are put.

use super::reader::{Kind, Shape, WORDS};
use crate::words::{Text, list, named, text, word};
use ordain_app::case::people::{Directory, ROLES, User};
use ordain_app::case::world::House;
use ordain_app::data_scope::{DataScope, OVER_ALL, scopes};
use ordain_app::own_roles::{OwnRoles, RIGHTS_APART};
use ordain_app::rights::{Caller, Grant, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SCOPE: Shape = &[("kind", Kind::OneOf(&DataScope::KINDS)), ("codes", Kind::List(&Kind::Text))];
const ROLE: Shape = &[
    ("role", Kind::Text),
    ("name", WORDS),
    ("rights", Kind::List(&Kind::Text)),
    ("scope", Kind::Object(SCOPE)),
];
pub const OWN_ROLES: Shape = &[("items", Kind::List(&Kind::Object(ROLE)))];

/// What is left out does not exist afterwards.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = OwnRoles)]
pub struct OwnRolesView {
    pub items: Vec<OwnRoleView>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = OwnRole)]
pub struct OwnRoleView {
    pub role: String,
    pub name: Text,
    /// Names of permissions.
    pub rights: Vec<String>,
    /// All orders where nothing is said.
    pub scope: Option<ScopeView>,
}

/// Which orders the people of a role reach beside their own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DataScope)]
pub struct ScopeView {
    /// `all`, `own`, `team` (of oneself and whoever reports to one), `department`, `customers` or `warehouses`.
    pub kind: String,
    /// Of the customers or warehouses.
    #[serde(default)]
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleRight)]
pub struct RightView {
    pub name: &'static str,
    pub text: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    pub role: String,
    pub name: Text,
    /// Made by the company; the others are shipped, and stay as they are.
    pub own: bool,
    /// Active people who have it.
    pub members: usize,
    pub rights: Vec<RightView>,
    pub scope: ScopeView,
    /// The scope in words.
    pub scope_text: Text,
}

/// Two roles that one person should not hold together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RolesApart)]
pub struct ApartView {
    pub roles: [String; 2],
    pub reason: Text,
}

/// Two rights, by name, that no role of the company's own may have together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RightsApart)]
pub struct RightsApartView {
    pub rights: [&'static str; 2],
    pub reason: Text,
}

/// Somebody who holds both.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleConflict)]
pub struct ConflictView {
    pub login: String,
    pub name: String,
    pub roles: [String; 2],
    pub reason: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Roles)]
pub struct RolesView {
    pub items: Vec<RoleView>,
    /// Everything that a role can allow.
    pub rights: Vec<RightView>,
    pub apart: Vec<ApartView>,
    pub rights_apart: Vec<RightsApartView>,
    /// Names of the rights that a role can have with all orders in its scope alone.
    pub rights_over_all: Vec<&'static str>,
    pub conflicts: Vec<ConflictView>,
}

/// Who can give somebody another role, by name.
pub fn grantors(people: &Directory) -> Text {
    let grants = |user: &&User| !user.disabled && people.rights(user).has(Permission::WriteUsers);
    let names: Vec<Text> = people.users.values().filter(grants).map(|user| Text::plain(&user.name)).collect();
    list(&names)
}

/// Codes of a scope that are told.
const CODES_TOLD: usize = 8;

/// A data scope in words.
fn scope_text(scope: &DataScope) -> Text {
    let codes = scope.codes().into_iter().flatten();
    let mut told: Vec<Text> = codes.take(CODES_TOLD).map(Text::plain).collect();
    if scope.codes().is_some_and(|codes| codes.len() > CODES_TOLD) {
        told.push(Text::plain("…"));
    }
    text(&format!("data_scope.{}", scope.kind()), &[("codes", list(&told))])
}

/// Which orders a caller reaches with a right, in words; none where it is every order, or the caller has no such right.
pub fn scopes_text(caller: &Caller, right: Permission) -> Option<Text> {
    let mut scopes = scopes(caller, right);
    if scopes.contains(&DataScope::All) || !caller.may(right) {
        return None;
    }
    if scopes.is_empty() {
        scopes.insert(&DataScope::Own);
    }
    let told: Vec<Text> = scopes.into_iter().map(scope_text).collect();
    Some(list(&told))
}

fn reason(code: &str) -> Text {
    word(&format!("roles_apart.{code}"))
}

fn right(right: Permission) -> RightView {
    RightView { name: right.name(), text: word(&format!("permission.{}", right.name())) }
}

/// A role in words: the company's own as it named it.
pub fn role_name(own: &OwnRoles, role: &str) -> Text {
    own.find(role).map_or_else(|| named("role", role), |own| Text::from(&own.name))
}

pub fn roles(house: &House) -> RolesView {
    let people = &house.people;
    let active = || people.users.values().filter(|user| !user.disabled);
    let role = |role: &str| {
        let Grant { rights, scope } = people.own_roles.grant(role);
        RoleView {
            role: role.to_owned(),
            name: role_name(&people.own_roles, role),
            own: !ROLES.contains(&role),
            members: active().filter(|user| user.has_role(role)).count(),
            rights: rights.iter().map(right).collect(),
            scope_text: scope_text(&scope),
            scope: ScopeView {
                kind: scope.kind().to_owned(),
                codes: scope.codes().into_iter().flatten().cloned().collect(),
            },
        }
    };
    let apart = people.own_roles.apart();
    let pair = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
    let mut conflicts = Vec::new();
    for user in active() {
        let held = apart.iter().filter(|(one, other, _)| user.has_role(one) && user.has_role(other));
        conflicts.extend(held.map(|(one, other, code)| ConflictView {
            login: user.login.clone(),
            name: user.name.clone(),
            roles: pair(one, other),
            reason: reason(code),
        }));
    }
    conflicts.sort_by(|a, b| a.login.cmp(&b.login));
    RolesView {
        items: people.own_roles.codes().map(role).collect(),
        rights: Permission::ALL.iter().copied().map(right).collect(),
        apart: apart
            .iter()
            .map(|(one, other, code)| ApartView { roles: pair(one, other), reason: reason(code) })
            .collect(),
        rights_apart: RIGHTS_APART
            .iter()
            .map(|(one, other, code)| RightsApartView {
                rights: [one.name(), other.name()],
                reason: reason(code),
            })
            .collect(),
        rights_over_all: OVER_ALL.iter().map(|right| right.name()).collect(),
        conflicts,
    }
}
