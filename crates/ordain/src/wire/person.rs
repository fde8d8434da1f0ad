//! People and parties as views show them.

use super::roles::role_name;
use crate::words::{Text, named};
use ordain_app::case::people::Directory;
use ordain_app::query::person::{Named, of_actor, of_party, of_user};
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// Empty for the product itself.
    pub id: String,
    /// `token:name` for a program, `system:name` for the product.
    pub login: String,
    pub name: String,
}

/// Who holds a task.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Assignee)]
pub struct AssigneeView {
    /// `user`, `department` or `role`.
    pub kind: &'static str,
    pub key: String,
    pub name: Text,
    pub persons: Vec<PersonView>,
}

impl From<Named> for PersonView {
    fn from(named: Named) -> Self {
        let id = named.id.map_or_else(String::new, |id| id.to_string());
        Self { id, login: named.login, name: named.name }
    }
}

pub fn actor(people: &Directory, actor: &Actor) -> PersonView {
    of_actor(people, actor).into()
}

pub fn user(people: &Directory, id: Uuid) -> Option<PersonView> {
    people.users.get(&id).map(|user| of_user(user).into())
}

pub fn party_name(people: &Directory, party: &Party) -> Text {
    match party {
        Party::Department(code) => match people.departments.get(code) {
            Some((zh, en)) => Text { zh: zh.clone(), en: en.clone() },
            None => named("department", code),
        },
        Party::Role(role) => role_name(&people.own_roles, role),
        Party::User(login) => Text::plain(people.by_login(login).map_or(login.as_str(), |user| &user.name)),
    }
}

pub fn assignee(people: &Directory, party: &Party) -> AssigneeView {
    let kind = match party {
        Party::Department(_) => "department",
        Party::Role(_) => "role",
        Party::User(_) => "user",
    };
    AssigneeView {
        kind,
        key: party.key().to_owned(),
        name: party_name(people, party),
        persons: of_party(people, party).into_iter().map(PersonView::from).collect(),
    }
}
