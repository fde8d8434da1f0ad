//! Who answers for what, and what depends on one person.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::organisation::{
    DependenceView, Load, ORGANISATION, OrganisationBody, OrganisationView, dependence, organisation,
};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use ordain_app::case::FlowPin;
use ordain_app::query::dependence as depends;
use ordain_app::query::flow::under_way;
use ordain_app::query::queue::{Desk, Queue};
use uuid::Uuid;

/// Shows who answers for what.
#[utoipa::path(get, path = "/organisation", operation_id = "read_organisation", tag = "people",
    responses((status = 200, description = "The organisation", body = OrganisationView)))]
pub async fn read_organisation(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.organisation;
    Ok(tagged(known, &organisation(known, &ctx.house.calendar)))
}

/// Replaces the organisation.
#[utoipa::path(put, path = "/organisation", operation_id = "put_organisation", tag = "people",
    request_body = OrganisationBody,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_organisation(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(&raw, ORGANISATION)?;
    write::document(&ctx, &raw, AdminCommand::PutOrganisation { item, expected }).await
}

/// Says what breaks if somebody is gone tomorrow.
#[utoipa::path(get, path = "/users/{id}/dependence", operation_id = "read_dependence", tag = "people",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 200, description = "Steps, duties and tasks that depend on the person", body = DependenceView)))]
pub async fn read_dependence(ctx: Ctx, Path(id): Path<String>) -> Result<Json<DependenceView>, Problem> {
    let id = Uuid::parse_str(&id).map_err(|_| Problem::not_found())?;
    let user = ctx.house.people.users.get(&id).cloned().ok_or_else(Problem::not_found)?;
    let (org, now_ms) = (ctx.org(), ctx.now_ms);
    let (asked, house) = (user.clone(), ctx.house.clone());
    let (load, running) = ctx
        .read(move |store| {
            let desk = Desk { store, org, house: &house, user: &asked, now_ms, reach: None };
            let (open_tasks, overdue_tasks) = desk.count(Queue::Mine)?;
            let customers = store.count_customers_of(org, &asked.login)?;
            let running: Vec<FlowPin> = under_way(store, org)?.into_keys().collect();
            Ok((Load { open_tasks, overdue_tasks, customers }, running))
        })
        .await?;
    let found = depends::dependence(&ctx.house, running, &user, now_ms);
    Ok(Json(dependence(&user.login, &found, &load, &ctx.house, now_ms)))
}
