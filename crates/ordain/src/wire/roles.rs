//! Roles with their rights and members, and who holds two that should be apart.

use crate::words::{Text, word};
use ordain_app::case::people::ROLES;
use ordain_app::case::world::House;
use ordain_app::rights::{APART, Permission, conflicts};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleRight)]
pub struct RightView {
    pub name: &'static str,
    pub text: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    pub role: &'static str,
    /// Active people who have it.
    pub members: usize,
    pub rights: Vec<RightView>,
}

/// Two roles that one person should not hold together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RolesApart)]
pub struct ApartView {
    pub roles: [&'static str; 2],
    pub reason: Text,
}

/// Somebody who holds both.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleConflict)]
pub struct ConflictView {
    pub login: String,
    pub name: String,
    pub roles: [&'static str; 2],
    pub reason: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Roles)]
pub struct RolesView {
    pub items: Vec<RoleView>,
    pub apart: Vec<ApartView>,
    pub conflicts: Vec<ConflictView>,
}

fn reason(code: &str) -> Text {
    word(&format!("roles_apart.{code}"))
}

pub fn roles(house: &House) -> RolesView {
    let active = || house.people.users.values().filter(|user| !user.disabled);
    let role = |role: &'static str| RoleView {
        role,
        members: active().filter(|user| user.has_role(role)).count(),
        rights: Permission::ALL
            .iter()
            .filter(|right| right.roles().contains(&role))
            .map(|right| RightView {
                name: right.name(),
                text: word(&format!("permission.{}", right.name())),
            })
            .collect(),
    };
    let found = active().flat_map(|user| conflicts(user).map(move |found| (user, found)));
    let mut found: Vec<ConflictView> = found
        .map(|(user, (one, other, code))| ConflictView {
            login: user.login.clone(),
            name: user.name.clone(),
            roles: [one, other],
            reason: reason(code),
        })
        .collect();
    found.sort_by(|a, b| a.login.cmp(&b.login));
    RolesView {
        items: ROLES.into_iter().map(role).collect(),
        apart: APART
            .iter()
            .map(|(one, other, code)| ApartView { roles: [one, other], reason: reason(code) })
            .collect(),
        conflicts: found,
    }
}
