//! Signing in and being known afterwards: sessions of browsers and tokens of machines.
//!
//! Everything here reads beside the Gate; only opening, closing and counting goes through it.

use crate::admin::{AdminCommand, AdminDone, LOCKED_MS, TRIES};
use crate::app::App;
use crate::case::Refusal;
use crate::case::people::User;
use crate::gate::{Command, GateError};
use crate::own_roles::OwnRoles;
use crate::password::{self, Password};
use crate::practice::{is_practice, other_side};
use crate::problem::Fault;
use crate::rights::{Caller, Permission};
use ordain_domain::actor::Actor;
use ordain_store::{Id, SessionRow, UserRow};
use uuid::Uuid;

/// How long a session lasts.
pub const SESSION_MS: i64 = 12 * 3_600_000;

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; it is stored nowhere.
    pub token: String,
    pub csrf: String,
    pub org: i64,
    pub user: User,
    pub expires_at_ms: i64,
}

/// Why nobody was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// No such person, or not the password.
    WrongPassword {
        tries_left: i64,
    },
    Locked {
        until_ms: i64,
    },
    Gate(GateError),
}

impl From<GateError> for SignInRefusal {
    fn from(error: GateError) -> Self {
        SignInRefusal::Gate(error)
    }
}

impl From<ordain_store::StoreError> for SignInRefusal {
    fn from(error: ordain_store::StoreError) -> Self {
        SignInRefusal::Gate(error.into())
    }
}

/// Opens a session for whoever knows login and password.
///
/// # Errors
/// See [`SignInRefusal`]; `Gate(Busy)` if too many sign in at the same time.
pub async fn sign_in(app: &App, login: &str, password: Password) -> Result<SignedIn, SignInRefusal> {
    let Some(row) = find(app, login)? else {
        password::verify(password, None).await?;
        return Err(SignInRefusal::WrongPassword { tries_left: TRIES - 1 });
    };
    let row = prove(app, row, password).await?;
    Ok(open(app, row.org, Uuid::from_bytes(row.id), fresh(app)).await?)
}

/// Lets whoever knows the present password choose another; every session of theirs ends, and this is the new one. `present` is the
/// token of the session it is done in, which is known for as long as requests may still be on their way with it.
///
/// # Errors
/// See [`SignInRefusal`]; a password that will not do is `Gate(Invalid)`.
pub async fn change_password(
    app: &App,
    org: i64,
    user: &User,
    present: Option<&str>,
    [current, chosen]: [Password; 2],
) -> Result<SignedIn, SignInRefusal> {
    let same = (current == chosen).then(|| Fault::new("password_unchanged", "password"));
    if let Some(fault) = chosen.weakness().or(same) {
        return Err(GateError::Invalid(vec![fault]).into());
    }
    let row = app.store.user(org, user.id.into_bytes())?.ok_or(GateError::Refused(Refusal::NotFound))?;
    let row = prove(app, row, current).await?;
    let hash = password::hash(chosen).await?;
    let actor = Actor::Person { id: user.id, name: user.name.clone() };
    app.admin(
        org,
        actor,
        AdminCommand::SetPassword { user: user.id, hash, present: present.map(password::token_hash) },
    )
    .await?;
    Ok(open(app, row.org, Uuid::from_bytes(row.id), fresh(app)).await?)
}

/// A session that has just been proved.
fn fresh(app: &App) -> Opening {
    let expires_at_ms = app.clock.now_ms() + SESSION_MS;
    Opening { actor: Actor::system("session"), viewer: None, expires_at_ms }
}

/// Takes a password as proof of who somebody is; each wrong one counts.
async fn prove(app: &App, row: UserRow, password: Password) -> Result<UserRow, SignInRefusal> {
    unlocked(app, &row)?;
    let good = password::verify(password, row.password_hash.clone()).await?;
    // Somebody may have used up the tries while this one waited for its turn.
    let Some(row) = app.store.user(row.org, row.id)? else {
        return Err(SignInRefusal::WrongPassword { tries_left: 0 });
    };
    unlocked(app, &row)?;
    let tries_left = match &app.passing {
        Some(passing) => passing.tried(row.id, good, app.clock.now_ms()),
        None => {
            let user = Uuid::from_bytes(row.id);
            let tried = AdminCommand::RecordLogin { user, ok: good };
            app.admin(row.org, Actor::system("session"), tried).await?;
            TRIES - 1 - row.failed_logins
        }
    };
    if !good {
        return Err(match tries_left {
            ..=0 => SignInRefusal::Locked { until_ms: app.clock.now_ms() + LOCKED_MS },
            tries_left => SignInRefusal::WrongPassword { tries_left },
        });
    }
    Ok(row)
}

/// How a session opens.
pub(crate) struct Opening {
    /// Who opens it.
    pub actor: Actor,
    /// Whoever only looks at what the user sees.
    pub viewer: Option<Uuid>,
    pub expires_at_ms: i64,
}

/// Opens a session for somebody who is known already.
pub(crate) async fn open(
    app: &App,
    org: i64,
    user: Uuid,
    Opening { actor, viewer, expires_at_ms }: Opening,
) -> Result<SignedIn, GateError> {
    let row = app.store.user(org, user.into_bytes())?.filter(|row| !row.disabled);
    let row = row.ok_or(GateError::Refused(Refusal::NotFound))?;
    let (token, csrf) = (password::token()?, password::token()?);
    let now_ms = app.clock.now_ms();
    let user = crate::gate::user(row.clone());
    if let Some(passing) = &app.passing {
        let session = SessionRow {
            hash: password::token_hash(&token),
            org: row.org,
            user_id: row.id,
            csrf: csrf.clone(),
            created_at_ms: now_ms,
            expires_at_ms,
            viewer_id: viewer.map(Uuid::into_bytes),
        };
        passing.open(session, now_ms);
        return Ok(SignedIn { token, csrf, org: row.org, user, expires_at_ms });
    }
    let command = AdminCommand::OpenSession {
        user: Uuid::from_bytes(row.id),
        hash: password::token_hash(&token),
        csrf: csrf.clone(),
        expires_at_ms,
        viewer,
    };
    app.admin(row.org, actor, command).await?;
    Ok(SignedIn { token, csrf, org: row.org, user, expires_at_ms })
}

/// The person with this login who may sign in, in whichever company; a practice company is entered from its own alone.
fn find(app: &App, login: &str) -> Result<Option<UserRow>, GateError> {
    for org in app.store.orgs()?.into_iter().filter(|row| !is_practice(row.org)) {
        let row = app.store.user_by_login(org.org, login.trim())?;
        if let Some(row) = row.filter(|row| !row.disabled && row.password_hash.is_some()) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

fn unlocked(app: &App, row: &UserRow) -> Result<(), SignInRefusal> {
    let now_ms = app.clock.now_ms();
    let here = app.passing.as_ref().and_then(|passing| passing.locked_until_ms(row.id, now_ms));
    match row.locked_until_ms.filter(|until| *until > now_ms).or(here) {
        Some(until_ms) => Err(SignInRefusal::Locked { until_ms }),
        None => Ok(()),
    }
}

/// Ends a session; one that is not there has ended already.
///
/// # Errors
/// See [`GateError`].
pub async fn sign_out(app: &App, token: &str) -> Result<(), GateError> {
    let hash = password::token_hash(token);
    if let Some(passing) = &app.passing {
        passing.close(hash);
        return Ok(());
    }
    if let Some(row) = app.store.session_by_hash(hash)? {
        app.admin(row.org, Actor::system("session"), AdminCommand::CloseSession { hash }).await?;
    }
    Ok(())
}

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Recognised {
    pub caller: Caller,
    pub csrf: String,
    /// Who looks at what the caller sees, where it is not the caller who asks.
    pub viewer: Option<User>,
}

/// Whose session this is.
///
/// # Errors
/// If the database cannot be read.
pub fn authenticate_session(app: &App, token: &str) -> Result<Option<Recognised>, GateError> {
    let hash = password::token_hash(token);
    let here = app.passing.as_ref().and_then(|passing| passing.find(hash));
    let row = if here.is_some() { here } else { app.store.session_by_hash(hash)? };
    let Some(row) = row else { return Ok(None) };
    if row.expires_at_ms <= app.clock.now_ms() {
        // It ends for good: a clock that is set back does not bring it to life again. The purge does what a full queue
        // leaves undone.
        let close = Command::Admin(Box::new(AdminCommand::CloseSession { hash }));
        let _ = app.gate.submit(app.envelope(row.org, Actor::system("session"), close, None));
        return Ok(None);
    }
    let known = |org: i64, id: Id| {
        let house = app.gate.houses().get(org)?;
        house.people.users.get(&Uuid::from_bytes(id)).filter(|user| !user.disabled).cloned()
    };
    // Whoever is no longer of the company practises no longer.
    let practises = || known(other_side(row.org), row.user_id).is_some();
    let user = known(row.org, row.user_id).filter(|_| !is_practice(row.org) || practises());
    let own = own_roles(app, row.org);
    let viewer = match row.viewer_id {
        None => None,
        Some(id) => {
            let grants =
                |user: &User| own.rights(user.roles.iter().map(String::as_str)).has(Permission::WriteUsers);
            let Some(viewer) = known(row.org, id).filter(grants) else { return Ok(None) };
            Some(viewer)
        }
    };
    Ok(user.map(|user| Recognised { caller: Caller::person(row.org, user, &own), csrf: row.csrf, viewer }))
}

/// The roles that a company has made for itself, as they are now.
pub fn own_roles(app: &App, org: i64) -> OwnRoles {
    app.gate.houses().get(org).map(|house| house.people.own_roles.clone()).unwrap_or_default()
}

/// Until when a session lasts; one that is not there is over.
///
/// # Errors
/// If the database cannot be read.
pub fn expires_at_ms(app: &App, token: &str) -> Result<i64, GateError> {
    Ok(app.store.session_by_hash(password::token_hash(token))?.map_or(0, |row| row.expires_at_ms))
}

/// Whose token this is.
///
/// # Errors
/// If the database cannot be read.
pub fn authenticate_token(app: &App, bearer: &str) -> Result<Option<Caller>, GateError> {
    let row = app.store.token_by_hash(password::token_hash(bearer))?.filter(|row| !row.revoked);
    Ok(row.map(|row| {
        let token = (Uuid::from_bytes(row.id), row.name, row.role);
        Caller::token(row.org, token, &own_roles(app, row.org))
    }))
}

/// Makes a token of a role; it is shown once and stored nowhere.
///
/// # Errors
/// See [`GateError`].
pub async fn create_token(
    app: &App,
    org: i64,
    actor: Actor,
    name: &str,
    role: &str,
) -> Result<(Uuid, String), GateError> {
    let token = password::token()?;
    let hash = password::token_hash(&token);
    let command = AdminCommand::CreateToken { name: name.to_owned(), role: role.to_owned(), hash };
    match app.admin(org, actor, command).await? {
        AdminDone::TokenCreated { id } => Ok((id, token)),
        other => Err(GateError::Bug(format!("creating a token answered {other:?}"))),
    }
}
