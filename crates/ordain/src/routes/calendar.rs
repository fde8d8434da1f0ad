//! Working time: the calendars of the company, of departments and of people, and what a deadline comes to.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::absence::{LeaveView, leave};
use crate::wire::calendar::{
    CALENDAR, CalendarBody, CalendarLayerBody, CalendarView, CalendarsView, DeadlineView, LAYER, LayerView,
    calendar, deadline, layer,
};
use axum::Json;
use axum::response::Response;
use jiff::Timestamp;
use ordain_app::admin::{AdminCommand, LayerOf};
use ordain_app::case::world::House;
use ordain_app::gate::CALENDAR_LAYERS;
use ordain_domain::calendar::{CalendarLayers, Layer};
use serde::Deserialize;
use utoipa::IntoParams;

async fn layers(ctx: &Ctx) -> Result<CalendarLayers, Problem> {
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.setting(org, CALENDAR_LAYERS)?)).await?;
    let Some(row) = row else { return Ok(CalendarLayers::default()) };
    serde_json::from_str(&row.value).map_err(|error| Problem::bug(&error.to_string()))
}

fn leave_of(login: &str, ctx: &Ctx) -> Vec<LeaveView> {
    let (house, now_ms) = (&ctx.house, ctx.now_ms);
    house.absences.leave_of(login).map(|known| leave(known, house, now_ms)).collect()
}

fn of_department(code: &str, known: &Layer, house: &House) -> LayerView {
    layer(code, known, house.calendars.of_department(code), Vec::new())
}

fn of_person(login: &str, known: &Layer, ctx: &Ctx) -> LayerView {
    layer(login, known, ctx.house.calendars.of_person(login), leave_of(login, ctx))
}

/// Shows the calendar of the company and all that is otherwise.
#[utoipa::path(get, path = "/calendars", operation_id = "read_calendars", tag = "calendars",
    responses((status = 200, description = "All calendars", body = CalendarsView)))]
pub async fn read_calendars(ctx: Ctx) -> Result<Json<CalendarsView>, Problem> {
    let mut layers = layers(&ctx).await?;
    for leave in &ctx.house.absences.leave {
        layers.people.entry(leave.login.clone()).or_default();
    }
    let departments = layers.departments.iter().map(|(code, known)| of_department(code, known, &ctx.house));
    let people = layers.people.iter().map(|(login, known)| of_person(login, known, &ctx));
    Ok(Json(CalendarsView {
        company: calendar(ctx.house.calendar.rules()),
        departments: departments.collect(),
        people: people.collect(),
    }))
}

/// Shows the calendar of the company, with the source and range of its public holidays.
#[utoipa::path(get, path = "/calendars/company", operation_id = "read_company_calendar", tag = "calendars",
    responses((status = 200, description = "The calendar", body = CalendarView)))]
pub async fn read_company_calendar(ctx: Ctx) -> Result<Response, Problem> {
    let rules = ctx.house.calendar.rules();
    Ok(tagged(rules, &calendar(rules)))
}

/// Changes the calendar of the company. Deadlines of open tasks are counted anew.
#[utoipa::path(put, path = "/calendars/company", operation_id = "put_company_calendar", tag = "calendars",
    request_body = CalendarBody,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_company_calendar(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(&raw, CALENDAR)?;
    write::document(&ctx, &raw, AdminCommand::PutCalendar { item, expected }).await
}

/// Shows the hours of a department.
#[utoipa::path(get, path = "/calendars/departments/{code}", operation_id = "read_department_calendar",
    tag = "calendars", params(("code" = String, Path, description = "Code of the department")),
    responses((status = 200, description = "What is otherwise, and what it comes to", body = LayerView)))]
pub async fn read_department_calendar(ctx: Ctx, Path(code): Path<String>) -> Result<Response, Problem> {
    if !ctx.house.people.departments.contains_key(&code) {
        return Err(Problem::not_found());
    }
    let known = layers(&ctx).await?.departments.remove(&code).unwrap_or_default();
    Ok(tagged(&known, &of_department(&code, &known, &ctx.house)))
}

/// Changes the hours of a department.
#[utoipa::path(put, path = "/calendars/departments/{code}", operation_id = "put_department_calendar",
    tag = "calendars", request_body = CalendarLayerBody,
    params(("code" = String, Path, description = "Code of the department"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_department_calendar(
    ctx: Ctx,
    Path(code): Path<String>,
    raw: Raw,
) -> Result<Response, Problem> {
    put_layer(&ctx, &raw, LayerOf::Department(code)).await
}

/// Shows the hours and the leave of a person.
#[utoipa::path(get, path = "/calendars/people/{login}", operation_id = "read_person_calendar",
    tag = "calendars", params(("login" = String, Path, description = "Login of the person")),
    responses((status = 200, description = "What is otherwise, and what it comes to", body = LayerView)))]
pub async fn read_person_calendar(ctx: Ctx, Path(login): Path<String>) -> Result<Response, Problem> {
    ctx.house.people.by_login(&login).ok_or_else(Problem::not_found)?;
    let known = layers(&ctx).await?.people.remove(&login).unwrap_or_default();
    Ok(tagged(&known, &of_person(&login, &known, &ctx)))
}

/// Changes the hours of a person.
#[utoipa::path(put, path = "/calendars/people/{login}", operation_id = "put_person_calendar",
    tag = "calendars", request_body = CalendarLayerBody,
    params(("login" = String, Path, description = "Login of the person"),
        ("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_person_calendar(ctx: Ctx, Path(login): Path<String>, raw: Raw) -> Result<Response, Problem> {
    put_layer(&ctx, &raw, LayerOf::Person(login)).await
}

async fn put_layer(ctx: &Ctx, raw: &Raw, of: LayerOf) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item = item(raw, LAYER)?;
    write::document(ctx, raw, AdminCommand::PutCalendarLayer { of, item, expected }).await
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeadlineQuery {
    /// An instant; now without it.
    pub from: Option<String>,
    /// Working minutes.
    pub minutes: Option<String>,
    /// Code of the department whose hours count.
    pub department: Option<String>,
    /// Login of the person whose hours count.
    pub person: Option<String>,
}

/// Says when something would be due that begins at an instant and takes some working minutes.
#[utoipa::path(get, path = "/calendars/deadline", operation_id = "read_deadline", tag = "calendars",
    params(DeadlineQuery), responses((status = 200, description = "The deadline", body = DeadlineView)))]
pub async fn read_deadline(
    ctx: Ctx,
    Query(asked): Query<DeadlineQuery>,
) -> Result<Json<DeadlineView>, Problem> {
    let from_ms = match asked.from.as_deref().filter(|from| !from.is_empty()) {
        None => ctx.now_ms,
        Some(text) => {
            let at = text.parse::<Timestamp>().map_err(|_| Problem::bad_query("from", text))?;
            at.as_millisecond()
        }
    };
    let minutes = asked.minutes.as_deref().unwrap_or("0");
    let minutes = minutes.parse().map_err(|_| Problem::bad_query("minutes", minutes))?;
    let (calendars, people) = (&ctx.house.calendars, &ctx.house.people);
    let calendar = match (&asked.person, &asked.department) {
        (Some(login), _) if people.by_login(login).is_none() => {
            return Err(Problem::bad_query("person", login));
        }
        (Some(login), _) => calendars.of_person(login),
        (None, Some(code)) if !people.departments.contains_key(code) => {
            return Err(Problem::bad_query("department", code));
        }
        (None, Some(code)) => calendars.of_department(code),
        (None, None) => calendars.company(),
    };
    Ok(Json(deadline(calendar, from_ms, minutes)))
}
