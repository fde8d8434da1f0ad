//! Who stands behind an actor or a party, with the names that pages show.

use crate::case::people::{Directory, User};
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use uuid::Uuid;

/// Somebody or something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// None for the product itself.
    pub id: Option<Uuid>,
    pub login: String,
    pub name: String,
}

/// The name of an actor; the name is the one it had at the time.
pub fn of_actor(people: &Directory, actor: &Actor) -> Named {
    match actor {
        Actor::Person { id, name } => {
            let login = people.users.get(id).map_or_else(String::new, |user| user.login.clone());
            Named { id: Some(*id), login, name: name.clone() }
        }
        Actor::Token { id, name } => {
            Named { id: Some(*id), login: format!("token:{name}"), name: name.clone() }
        }
        Actor::System { name } => Named { id: None, login: format!("system:{name}"), name: name.clone() },
    }
}

pub fn of_user(user: &User) -> Named {
    Named { id: Some(user.id), login: user.login.clone(), name: user.name.clone() }
}

/// The active members of a party, by login.
pub fn of_party(people: &Directory, party: &Party) -> Vec<Named> {
    people.members(party).into_iter().map(of_user).collect()
}
