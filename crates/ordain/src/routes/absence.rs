//! Leave and delegations: one puts one's own, and those of others only with the right to maintain the organisation.
//!
//! Who is away is no secret among colleagues, and why is not asked. Delegations are seen by whom they concern.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, text_of};
use crate::wire::Page;
use crate::wire::absence::{
    DELEGATION, DelegationBody, DelegationView, LEAVE, LeaveBody, LeaveView, delegation, leave,
};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, AdminDone, DelegationItem, LeaveItem};
use ordain_app::gate::{Command, Done, Renderer};
use ordain_app::rights::Permission;
use std::sync::Arc;
use uuid::Uuid;

/// Whether the caller sees and changes what concerns these people: oneself, or anybody with the right.
fn concerned(ctx: &Ctx, logins: &[&str]) -> bool {
    let own = ctx.caller.user().is_some_and(|user| logins.contains(&user.login.as_str()));
    own || ctx.caller.may(Permission::WriteOrganisation)
}

fn admit(ctx: &Ctx, login: &str) -> Result<(), Problem> {
    match concerned(ctx, &[login]) {
        true => Ok(()),
        false => Err(Problem::forbidden(Permission::WriteOrganisation, &ctx.house.people)),
    }
}

/// The login meant, the caller's own where none was named.
fn whose(ctx: &Ctx, named: String) -> Result<String, Problem> {
    let named = named.trim().to_owned();
    if named.is_empty() {
        return Ok(ctx.caller.user().map(|user| user.login.clone()).unwrap_or_default());
    }
    admit(ctx, &named)?;
    Ok(named)
}

/// Puts a command and answers with the leave or delegation as it is then.
async fn put(ctx: &Ctx, raw: &Raw, command: AdminCommand, status: u16) -> Result<Response, Problem> {
    let (house, now_ms) = (ctx.house.clone(), ctx.now_ms);
    let render: Renderer = Arc::new(move |done| {
        let body = match done {
            Done::Admin(AdminDone::Leave(known)) => text_of(&leave(known, &house, now_ms)),
            Done::Admin(AdminDone::Delegation(known)) => text_of(&delegation(known, &house, now_ms)),
            _ => String::new(),
        };
        (status, body)
    });
    Ok(write::send(ctx, raw, Command::Admin(Box::new(command)), render).await?.response)
}

/// Lists who is or will be away.
#[utoipa::path(get, path = "/leave", operation_id = "list_leave", tag = "people",
    responses((status = 200, description = "Leave by its begin", body = Page<LeaveView>)))]
pub async fn list_leave(ctx: Ctx) -> Result<Json<Page<LeaveView>>, Problem> {
    let mut known: Vec<_> = ctx.house.absences.leave.iter().collect();
    known.sort_by_key(|known| (known.from_ms, known.id));
    let items = known.into_iter().map(|known| leave(known, &ctx.house, ctx.now_ms)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// Records leave. Deadlines that are counted on the person's hours pass over it.
#[utoipa::path(post, path = "/leave", operation_id = "record_leave", tag = "people", request_body = LeaveBody,
    responses((status = 201, description = "The leave", body = LeaveView)))]
pub async fn record_leave(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let item: LeaveItem = item(&raw, LEAVE)?;
    let item = LeaveItem { login: whose(&ctx, item.login)?, ..item };
    put(&ctx, &raw, AdminCommand::RecordLeave(item), 201).await
}

/// Ends leave now, or takes it back before it begins.
#[utoipa::path(delete, path = "/leave/{id}", operation_id = "end_leave", tag = "people",
    params(("id" = String, Path, description = "Id of the leave")),
    responses((status = 200, description = "The leave", body = LeaveView)))]
pub async fn end_leave(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    let known = ctx.house.absences.leave.iter().find(|known| known.id == id);
    // A repetition finds what the first request has taken back only under its key.
    if let Some(known) = known {
        admit(&ctx, &known.login)?;
    }
    put(&ctx, &raw, AdminCommand::EndLeave(id), 200).await
}

/// Lists delegations: those from and to oneself, or everybody's.
#[utoipa::path(get, path = "/delegations", operation_id = "list_delegations", tag = "people",
    responses((status = 200, description = "Delegations by their begin", body = Page<DelegationView>)))]
pub async fn list_delegations(ctx: Ctx) -> Result<Json<Page<DelegationView>>, Problem> {
    let all = ctx.house.absences.delegations.iter();
    let mut known: Vec<_> = all.filter(|known| concerned(&ctx, &[&known.from, &known.to])).collect();
    known.sort_by_key(|known| (known.from_ms, known.id));
    let items = known.into_iter().map(|known| delegation(known, &ctx.house, ctx.now_ms)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// Delegates work to somebody else for a while.
#[utoipa::path(post, path = "/delegations", operation_id = "create_delegation", tag = "people",
    request_body = DelegationBody,
    responses((status = 201, description = "The delegation", body = DelegationView)))]
pub async fn create_delegation(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let item: DelegationItem = item(&raw, DELEGATION)?;
    let item = DelegationItem { from: whose(&ctx, item.from)?, ..item };
    put(&ctx, &raw, AdminCommand::Delegate(item), 201).await
}

/// Ends a delegation now, or takes it back before it begins.
#[utoipa::path(delete, path = "/delegations/{id}", operation_id = "end_delegation", tag = "people",
    params(("id" = String, Path, description = "Id of the delegation")),
    responses((status = 200, description = "The delegation", body = DelegationView)))]
pub async fn end_delegation(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    let known = ctx.house.absences.delegations.iter().find(|known| known.id == id);
    if let Some(known) = known {
        admit(&ctx, &known.from)?;
    }
    put(&ctx, &raw, AdminCommand::EndDelegation(id), 200).await
}
