//! What a handler knows of its request: who asks, in which company, and under which key and version.

use super::Shared;
use super::problem::Problem;
use super::scope;
use crate::words::Lang;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::data_scope;
use ordain_app::rights::{Caller, Permission};
use ordain_store::{Id, OrderReach, Store};
use std::sync::Arc;
use uuid::Uuid;

/// Longest Idempotency-Key.
const KEY_MAX: usize = 255;

/// Who asks, as the gatekeeper found out.
#[derive(Clone, Debug)]
pub struct Known {
    pub caller: Caller,
    /// Empty for tokens.
    pub csrf: String,
    /// Who looks at what the caller sees, and changes nothing.
    pub viewer: Option<User>,
}

/// The circumstances of a request by somebody known.
pub struct Ctx {
    pub server: Shared,
    pub caller: Caller,
    pub csrf: String,
    pub viewer: Option<User>,
    pub key: Option<String>,
    pub if_match: Option<String>,
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub house: Arc<House>,
    pub now_ms: i64,
}

impl Ctx {
    pub fn org(&self) -> i64 {
        self.caller.org
    }

    /// The person who asks.
    ///
    /// # Errors
    /// A machine has no tasks, notices or language of its own.
    pub fn user(&self) -> Result<&User, Problem> {
        self.caller.user().ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "people_only"))
    }

    /// The orders that the caller reaches with a right; none: all.
    pub fn reach(&self, right: Permission) -> Option<OrderReach> {
        data_scope::reach(&self.caller, right, &self.house, self.now_ms)
    }

    /// Lets through an order that a body or a query names, as the gatekeeper does with the one of the path.
    ///
    /// # Errors
    /// If it lies outside the caller's data scope; what the store says.
    pub async fn must_reach(&self, right: Permission, orders: &[Uuid]) -> Result<(), Problem> {
        let Some(reach) = self.reach(right) else { return Ok(()) };
        let (caller, house) = (self.caller.clone(), self.house.clone());
        let orders: Vec<Id> = orders.iter().map(|order| order.into_bytes()).collect();
        self.read(move |store| scope::within(store, (&caller, right, &house), &orders, &reach)).await
    }

    /// Reads beside the Gate, on a thread that may wait for the disk.
    ///
    /// # Errors
    /// What the work says.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.server.app.store.clone();
        let work = tokio::task::spawn_blocking(move || work(&store));
        work.await.map_err(|error| Problem::bug(&error.to_string()))?
    }

    /// The version of `If-Match`, where the caller sent one.
    ///
    /// # Errors
    /// If it is not an entity tag of ours.
    pub fn expected(&self) -> Result<Option<i64>, Problem> {
        let Some(tag) = self.if_match.as_deref().map(str::trim).filter(|tag| *tag != "*") else {
            return Ok(None);
        };
        let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let version = inner.and_then(|version| version.parse().ok());
        version.map(Some).ok_or_else(|| Problem::new(StatusCode::PRECONDITION_FAILED, "bad_precondition"))
    }

    /// The version of `If-Match` where a write replaces something as a whole.
    ///
    /// # Errors
    /// If there is none, or it says "whatever it is now": that would overwrite what somebody else has changed.
    pub fn required(&self) -> Result<i64, Problem> {
        if self.if_match.as_deref().is_some_and(|tag| tag.trim() == "*") {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_if_match"));
        }
        let missing = || Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required");
        self.expected()?.ok_or_else(missing)
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The key of a write: visible characters only, so that it can be logged and compared as it stands.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let sound = |key: &&str| {
        !key.is_empty() && key.len() <= KEY_MAX && key.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
    };
    let key = value.to_str().ok().filter(sound).map(str::to_owned);
    key.map(Some).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "bad_key"))
}

/// The language that a request asks for by itself.
pub fn asked_language(headers: &HeaderMap) -> Option<Lang> {
    Lang::parse(&header(headers, "accept-language")?)
}

impl FromRequestParts<Shared> for Ctx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Known>().cloned().ok_or_else(Problem::unauthorized)?;
        let house = server.app.gate.houses().get(known.caller.org);
        let house = house.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_set_up"))?;
        Ok(Self {
            server: server.clone(),
            caller: known.caller,
            csrf: known.csrf,
            viewer: known.viewer,
            key: key(&parts.headers)?,
            if_match: header(&parts.headers, "if-match"),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            headers: parts.headers.clone(),
            house,
            now_ms: server.app.clock.now_ms(),
        })
    }
}
