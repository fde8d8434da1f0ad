//! Looking at the program as somebody else sees it (以 TA 的身份查看): a short session of theirs that only reads. That it began
//! stands in the log, with who looked.

use crate::app::App;
use crate::case::Refusal;
use crate::case::people::User;
use crate::gate::GateError;
use crate::session::{Opening, SignedIn, open};
use ordain_domain::actor::Actor;
use uuid::Uuid;

/// Opens a session in which `viewer` sees what somebody else of the company sees, as long as the one it takes the place of
/// would have lasted.
///
/// # Errors
/// `Refused(NotFound)` if nobody active has that id, or it is the viewer; see [`GateError`].
pub async fn start(
    app: &App,
    org: i64,
    viewer: &User,
    seen: Uuid,
    expires_at_ms: i64,
) -> Result<SignedIn, GateError> {
    if seen == viewer.id {
        return Err(GateError::Refused(Refusal::NotFound));
    }
    open(app, org, seen, Opening { viewer: Some(viewer.id), ..opening(viewer, expires_at_ms) }).await
}

/// Brings the viewer back.
///
/// # Errors
/// `Refused(NotFound)` if they are not of the company any more; see [`GateError`].
pub async fn end(app: &App, org: i64, viewer: &User, expires_at_ms: i64) -> Result<SignedIn, GateError> {
    open(app, org, viewer.id, opening(viewer, expires_at_ms)).await
}

fn opening(viewer: &User, expires_at_ms: i64) -> Opening {
    let actor = Actor::Person { id: viewer.id, name: viewer.name.clone() };
    Opening { actor, viewer: None, expires_at_ms }
}
