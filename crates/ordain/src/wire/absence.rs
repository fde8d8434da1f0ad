//! Leave and delegations as they are shown and put.

use super::person::PersonView;
use super::reader::{Kind, Shape};
use ordain_app::case::absence::{Delegation, DelegationScope, Leave};
use ordain_app::case::people::Directory;
use ordain_app::case::world::House;
use ordain_app::query::person::of_user;
use ordain_domain::decimal::money_text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const LEAVE: Shape = &[
    ("login", Kind::Text),
    ("from", Kind::Text),
    ("from_half", Kind::Text),
    ("until", Kind::Text),
    ("until_half", Kind::Text),
];
pub const DELEGATION: Shape = &[
    ("from", Kind::Text),
    ("to", Kind::Text),
    ("starts_at", Kind::Text),
    ("ends_at", Kind::Text),
    ("flow", Kind::Text),
    ("amount_up_to", Kind::Decimal),
    ("include_open", Kind::Bool),
];

#[derive(Debug, Deserialize, ToSchema)]
pub struct LeaveBody {
    /// The caller's own without it.
    pub login: Option<String>,
    /// A date, or an instant.
    pub from: String,
    /// `morning` or `afternoon`.
    pub from_half: Option<String>,
    /// The last day, or an instant.
    pub until: String,
    pub until_half: Option<String>,
}

/// Without `flow` and `amount_up_to` all work is delegated.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DelegationBody {
    /// Whose work; the caller's own without it.
    pub from: Option<String>,
    pub to: String,
    /// A date, or an instant; now without it.
    pub starts_at: Option<String>,
    /// The last day, or an instant.
    pub ends_at: String,
    /// Key of the flow whose tasks are delegated.
    pub flow: Option<String>,
    pub amount_up_to: Option<String>,
    /// Whether tasks that are open already go along.
    pub include_open: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Leave)]
pub struct LeaveView {
    pub id: String,
    pub who: PersonView,
    pub from: String,
    pub until: String,
    /// `coming`, `running` or `over`.
    pub state: &'static str,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Delegation)]
pub struct DelegationView {
    pub id: String,
    pub from: PersonView,
    pub to: PersonView,
    pub starts_at: String,
    pub ends_at: String,
    /// Of one flow only.
    pub flow: Option<String>,
    /// Of orders up to this amount only.
    pub amount_up_to: Option<String>,
    pub include_open: bool,
    /// `coming`, `running` or `over`.
    pub state: &'static str,
}

pub fn leave(leave: &Leave, house: &House, now_ms: i64) -> LeaveView {
    LeaveView {
        id: leave.id.to_string(),
        who: by_login(&house.people, &leave.login),
        from: house.calendar.text(leave.from_ms),
        until: house.calendar.text(leave.until_ms),
        state: state(leave.from_ms, leave.until_ms, now_ms),
    }
}

pub fn delegation(delegation: &Delegation, house: &House, now_ms: i64) -> DelegationView {
    let (flow, amount) = match &delegation.scope {
        DelegationScope::All => (None, None),
        DelegationScope::Flow(key) => (Some(key.clone()), None),
        DelegationScope::AmountUpTo(most) => (None, Some(money_text(*most, house.rules.currency))),
    };
    DelegationView {
        id: delegation.id.to_string(),
        from: by_login(&house.people, &delegation.from),
        to: by_login(&house.people, &delegation.to),
        starts_at: house.calendar.text(delegation.from_ms),
        ends_at: house.calendar.text(delegation.until_ms),
        flow,
        amount_up_to: amount,
        include_open: delegation.include_open,
        state: state(delegation.from_ms, delegation.until_ms, now_ms),
    }
}

fn state(from_ms: i64, until_ms: i64, now_ms: i64) -> &'static str {
    if until_ms <= now_ms {
        "over"
    } else if from_ms <= now_ms {
        "running"
    } else {
        "coming"
    }
}

/// A person by login; of somebody unknown the login is all there is.
pub fn by_login(people: &Directory, login: &str) -> PersonView {
    match people.by_login(login) {
        Some(user) => of_user(user).into(),
        None => PersonView { id: String::new(), login: login.to_owned(), name: login.to_owned() },
    }
}
