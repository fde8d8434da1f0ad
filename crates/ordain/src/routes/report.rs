//! Figures of a period, the orders behind each of them, and what they are measured by.

use super::cursor;
use crate::server::body::{Raw, item};
use crate::server::context::{Ctx, asked_language};
use crate::server::problem::Problem;
use crate::server::query::{Query, some};
use crate::server::write::{self, TaggedView, json, tag_of, text_of};
use crate::wire::Page;
use crate::wire::reader::{Kind, Shape};
use crate::wire::report::{
    BacklogView, FigureTargetsView, LostOrdersView, LostStepView, OrderFactView, OverviewView, SpeedsView,
    cycle_part, cycle_span, day, figures, funnel, lost_reason, node_name, order_fact, speed,
};
use crate::words::{Lang, word};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_app::admin::{AdminCommand, tag_of as tag};
use ordain_app::case::world::House;
use ordain_app::figures::{LostStep, Report, lost_reasons, lost_steps, report, speeds};
use ordain_domain::decimal::money_text;
use ordain_domain::master::FigureTargets;
use ordain_store::{FactCut, FactSet, FactTraits, OrderFactRow, Store, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

/// Days of a period when nobody says otherwise, and at most: more than ten years are asked for by mistake.
const DAYS: i32 = 30;
const DAYS_MAX: i32 = 3_700;
/// Rows of a file that are read together, and at most.
const ROWS: usize = 1_000;
const ROWS_MAX: usize = 100_000;
const TARGETS: Shape = &[
    ("cycle_minutes", Kind::Integer),
    ("cycle_minutes_before", Kind::Integer),
    ("complaints_permille_before", Kind::Integer),
    ("complaints_less_percent", Kind::Integer),
    ("unreceived_minutes", Kind::Integer),
    ("stall_minutes", Kind::Integer),
];

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// First day, as an ISO date; thirty days back if nothing is said.
    pub from: Option<String>,
    /// The day after the last; tomorrow if nothing is said.
    pub to: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FactQuery {
    pub from: Option<String>,
    pub to: Option<String>,
    /// `received`, `confirmed`, `lost`, `with_exception`, `returned`, `changed`, `complained`, `first_pass`,
    /// `straight_through`, `suspected` or `recovered`.
    pub set: String,
    /// Lost for this reason.
    pub reason: Option<String>,
    /// Confirmed in so many working minutes, as `120-240` or `960-`: from (inclusive) and to (exclusive).
    pub cycle: Option<String>,
    /// That came at least so far: 0 received, 1 checked, 2 reviewed, 3 confirmed.
    pub reached: Option<String>,
    /// That waited for this part on their way to confirmation: a department, or one that `/reports/speed` names.
    pub part: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// What sort of orders a board is about; all if nothing is said.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TraitsQuery {
    pub channel: Option<String>,
    /// The flow that the order goes through, by its key.
    pub flow: Option<String>,
    /// The level of the customer.
    pub level: Option<String>,
    /// Login of whoever answers for the customer.
    pub owner: Option<String>,
}

impl TraitsQuery {
    pub(super) fn traits(self) -> FactTraits {
        let Self { channel, flow, level, owner } = self;
        FactTraits { channel: some(channel), flow: some(flow), level: some(level), owner: some(owner) }
    }
}

/// From (inclusive) and to (exclusive).
#[derive(Clone, Copy)]
pub(super) struct Period(pub(super) Date, pub(super) Date);

impl Period {
    pub(super) fn asked(ctx: &Ctx, from: Option<&str>, to: Option<&str>) -> Result<Self, Problem> {
        let day = |name: &'static str, text: Option<&str>| {
            let text = text.filter(|text| !text.is_empty());
            text.map(|text| text.parse().map_err(|_| Problem::bad_query(name, text))).transpose()
        };
        let tomorrow = ctx.house.calendar.date_at(ctx.now_ms).saturating_add(1.days());
        let to: Date = day("to", to)?.unwrap_or(tomorrow);
        let start = day("from", from)?.unwrap_or(to.saturating_sub(DAYS.days()));
        let days = to.since(start).map(|span| span.get_days()).unwrap_or(0);
        if !(1..=DAYS_MAX).contains(&days) {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "bad_period");
            let days = [("from", start), ("to", to)];
            let problem =
                days.into_iter().fold(problem, |problem, (name, day)| problem.with(name, day.to_string()));
            return Err(problem.with("most", DAYS_MAX.to_string()));
        }
        Ok(Self(start, to))
    }

    /// As many days just before.
    pub(super) fn before(self) -> Self {
        let days = self.1.since(self.0).map(|span| span.get_days()).unwrap_or(DAYS);
        Self(self.0.saturating_sub(days.days()), self.0)
    }

    /// The same in instants of the company's calendar.
    pub(super) fn instants(self, house: &House) -> (i64, i64) {
        let start = |day: Date| house.calendar.instant(day, 0);
        (start(self.0), start(self.1))
    }

    /// Its days, as the rows of facts have them.
    fn days(self) -> (String, String) {
        (self.0.to_string(), self.1.to_string())
    }

    /// Every row of a part of a set, as far as a file holds them.
    fn every(
        self,
        store: &Store,
        org: i64,
        set: FactSet,
        cut: &FactCut,
    ) -> Result<Vec<OrderFactRow>, StoreError> {
        let days = self.days();
        every_page(|last: Option<&OrderFactRow>, limit| {
            let after = last.map(|row| (set.day(row), row.order_id));
            store.fact_page(org, (set, cut), (&days.0, &days.1), after, limit)
        })
    }

    fn report(self, store: &Store, org: i64, of: &FactTraits) -> Result<Report, StoreError> {
        let days = self.days();
        let days = (days.0.as_str(), days.1.as_str());
        Ok(report(&store.received_days(org, of, days)?, &store.confirmed_days(org, of, days)?))
    }
}

/// Every row of a list, as far as a file holds them: a page at a time, each after the last row of the one before.
pub(super) fn every_page<T>(
    page: impl Fn(Option<&T>, usize) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows: Vec<T> = Vec::new();
    loop {
        let more = page(rows.last(), ROWS)?;
        let last = more.len() < ROWS;
        rows.extend(more);
        if last || rows.len() >= ROWS_MAX {
            return Ok(rows);
        }
    }
}

/// Shows the figures of a period beside those of the one before.
#[utoipa::path(get, path = "/reports/overview", operation_id = "read_overview", tag = "reports", params(PeriodQuery, TraitsQuery),
    responses((status = 200, description = "The figures", body = OverviewView)))]
pub async fn read_overview(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<OverviewView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, of) = (ctx.org(), of.traits());
    let (now, previous, reached) = ctx
        .read(move |store| {
            let days = period.days();
            let reached = store.reached(org, &of, (&days.0, &days.1))?;
            Ok((period.report(store, org, &of)?, period.before().report(store, org, &of)?, reached))
        })
        .await?;
    Ok(Json(OverviewView {
        from: period.0.to_string(),
        to: period.1.to_string(),
        currency: ctx.house.rules.currency.code().to_owned(),
        figures: figures(&now.figures, &ctx.house),
        previous: figures(&previous.figures, &ctx.house),
        funnel: funnel(&reached),
        cycles: now.cycles.iter().map(cycle_span).collect(),
        days: now.days.iter().map(|(on, found)| day(on, found)).collect(),
        targets: FigureTargetsView::from(&ctx.house.rules.targets),
    }))
}

/// Shows how many orders were lost, why, where they stopped and what they were worth.
#[utoipa::path(get, path = "/reports/lost", operation_id = "read_lost_orders", tag = "reports", params(PeriodQuery, TraitsQuery),
    responses((status = 200, description = "The lost orders, counted", body = LostOrdersView)))]
pub async fn read_lost_orders(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<LostOrdersView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, of) = (ctx.org(), of.traits());
    let (now, before, lost) = ctx
        .read(move |store| {
            let received = |period: Period| {
                let days = period.days();
                let received = store.received_days(org, &of, (&days.0, &days.1))?;
                Ok::<_, StoreError>(report(&received, &[]).figures)
            };
            let days = period.days();
            let lost = store.lost_parts(org, &of, (&days.0, &days.1))?;
            Ok((received(period)?, received(period.before())?, lost))
        })
        .await?;
    let step = |LostStep { flow, node, orders }: LostStep| LostStepView {
        node_name: node.as_deref().map(|node| node_name(&ctx.house, flow.as_deref(), node)),
        node_id: node,
        orders,
    };
    Ok(Json(LostOrdersView {
        from: period.0.to_string(),
        to: period.1.to_string(),
        currency: ctx.house.rules.currency.code().to_owned(),
        lost: now.lost,
        amount: money_text(now.lost_minor, ctx.house.rules.currency),
        received: now.received,
        previous_lost: before.lost,
        previous_received: before.received,
        reasons: lost_reasons(&lost).iter().map(|found| lost_reason(found, &ctx.house)).collect(),
        steps: lost_steps(&lost).into_iter().map(step).collect(),
    }))
}

/// Shows how fast each department is at each step, and what lies there now.
#[utoipa::path(get, path = "/reports/speed", operation_id = "read_speed", tag = "reports", params(PeriodQuery, TraitsQuery),
    responses((status = 200, description = "Departments and steps", body = SpeedsView)))]
pub async fn read_speed(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<SpeedsView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, now_ms, house, of) = (ctx.org(), ctx.now_ms, ctx.house.clone(), of.traits());
    let (found, loads, parts, confirmed) = ctx
        .read(move |store| {
            let decided = store.decided_tasks(org, &of, period.instants(&house))?;
            let days = period.days();
            let days = (days.0.as_str(), days.1.as_str());
            let parts = store.cycle_parts(org, &of, days)?;
            let loads = store.department_loads(org, now_ms)?;
            Ok((speeds(&decided, &house), loads, parts, store.confirmed_days(org, &of, days)?))
        })
        .await?;
    let named = |found: ordain_app::figures::Speed| {
        let name = node_name(&ctx.house, None, &found.node);
        speed(found, name)
    };
    let backlog = loads.into_iter().filter(|load| !load.department.is_empty()).map(|load| BacklogView {
        department: load.department,
        open: load.open,
        overdue: load.overdue,
    });
    Ok(Json(SpeedsView {
        from: period.0.to_string(),
        to: period.1.to_string(),
        steps: found.into_iter().map(named).collect(),
        parts: parts.into_iter().map(cycle_part).collect(),
        confirmed: confirmed.iter().map(|row| row.confirmed).sum(),
        cycle_minutes: confirmed.iter().map(|row| row.cycle_minutes.unwrap_or(0) * row.confirmed).sum(),
        backlog: backlog.collect(),
    }))
}

fn set(asked: &FactQuery) -> Result<FactSet, Problem> {
    let found = FactSet::ALL.into_iter().find(|set| set.name() == asked.set);
    found.ok_or_else(|| Problem::bad_query("set", &asked.set))
}

fn cut(asked: &FactQuery, of: TraitsQuery) -> Result<FactCut, Problem> {
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let span = |text: String| {
        let (from, to) = text.split_once('-')?;
        let to = if to.is_empty() { i64::MAX } else { to.parse().ok()? };
        Some((from.parse().ok()?, to))
    };
    let cycle = some(&asked.cycle)
        .map(|text| span(text.clone()).ok_or_else(|| Problem::bad_query("cycle", &text)))
        .transpose()?;
    let reached = some(&asked.reached)
        .map(|text| text.parse().map_err(|_| Problem::bad_query("reached", &text)))
        .transpose()?;
    Ok(FactCut { reason: some(&asked.reason), cycle, reached, part: some(&asked.part), of: of.traits() })
}

/// Lists the orders that a figure counts.
#[utoipa::path(get, path = "/reports/orders", operation_id = "list_report_orders", tag = "reports", params(FactQuery, TraitsQuery),
    responses((status = 200, description = "A page of orders", body = Page<OrderFactView>)))]
pub async fn list_report_orders(
    ctx: Ctx,
    Query(asked): Query<FactQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<Page<OrderFactView>>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (set, cut, limit) = (set(&asked)?, cut(&asked, of)?, cursor::limit(asked.limit.as_deref())?);
    let after: Option<(String, [u8; 16])> = cursor::read(asked.cursor.as_deref())?;
    let org = ctx.org();
    let rows = ctx
        .read(move |store| {
            let days = (period.0.to_string(), period.1.to_string());
            Ok(store.fact_page(org, (set, &cut), (&days.0, &days.1), after, limit)?)
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(set.day(row), row.order_id)));
    let items = rows.into_iter().map(|row| order_fact(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// The same orders as a file of comma-separated values, all of them.
#[utoipa::path(get, path = "/reports/orders.csv", operation_id = "export_report_orders", tag = "reports", params(FactQuery, TraitsQuery),
    responses((status = 200, description = "A row for each order", content_type = "text/csv", body = String)))]
pub async fn export_report_orders(
    ctx: Ctx,
    Query(asked): Query<FactQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Response, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (set, cut, org) = (set(&asked)?, cut(&asked, of)?, ctx.org());
    let rows = ctx.read(move |store| Ok(period.every(store, org, set, &cut)?)).await?;
    let facts = rows.into_iter().map(|row| order_fact(row, &ctx.house));
    let name = format!("{}-{}-{}.csv", set.name(), period.0, period.1);
    csv_file(&ctx, &name, |writer, lang| table(writer, lang, facts))
}

/// A table as a file, in the language of whoever asks. It begins with a byte order mark, without which spreadsheets
/// take Chinese for something else.
pub(super) fn csv_file(
    ctx: &Ctx,
    name: &str,
    write: impl FnOnce(&mut csv::Writer<Vec<u8>>, Lang) -> Result<(), csv::Error>,
) -> Result<Response, Problem> {
    let own = ctx.caller.user().and_then(|user| Lang::parse(&user.lang));
    let lang = asked_language(&ctx.headers).or(own).unwrap_or_default();
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    write(&mut writer, lang).map_err(|error| Problem::bug(&error.to_string()))?;
    let text = writer.into_inner().map_err(|error| Problem::bug(&error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}

const COLUMNS: [&str; 15] = [
    "number",
    "customer",
    "customer_name",
    "channel",
    "status",
    "received_at",
    "confirmed_at",
    "cycle_minutes",
    "lost_reason",
    "amount",
    "tasks",
    "returns",
    "exceptions",
    "changes",
    "complaints",
];

fn table(
    writer: &mut csv::Writer<Vec<u8>>,
    lang: Lang,
    facts: impl Iterator<Item = OrderFactView>,
) -> Result<(), csv::Error> {
    writer.write_record(COLUMNS.map(|name| word(&format!("fact.{name}")).of(lang).to_owned()))?;
    for fact in facts {
        let number = |n: i64| n.to_string();
        let reason = fact.lost_reason.map(|reason| reason.name.of(lang).to_owned());
        writer.write_record([
            plain(&fact.number),
            plain(&fact.customer.unwrap_or_default()),
            plain(&fact.customer_name.unwrap_or_default()),
            plain(&fact.channel),
            fact.status,
            fact.received_at,
            fact.confirmed_at.unwrap_or_default(),
            fact.cycle_minutes.map(number).unwrap_or_default(),
            reason.unwrap_or_default(),
            fact.amount.unwrap_or_default(),
            number(fact.tasks),
            number(fact.returns),
            number(fact.exceptions),
            number(fact.changes),
            number(fact.complaints),
        ])?;
    }
    Ok(())
}

/// A text that a spreadsheet does not take for a formula.
pub(super) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Shows what the figures are measured by.
#[utoipa::path(get, path = "/settings/figures", operation_id = "read_figure_targets", tag = "reports",
    responses((status = 200, description = "The targets", body = FigureTargetsView)))]
pub async fn read_figure_targets(ctx: Ctx) -> Result<Response, Problem> {
    let known = &ctx.house.rules.targets;
    let mut response = json(200, text_of(&FigureTargetsView::from(known)));
    response.headers_mut().extend(tag_of(tag(known)).map(|tag| (header::ETAG, tag)));
    Ok(response)
}

/// Replaces what the figures are measured by.
#[utoipa::path(put, path = "/settings/figures", operation_id = "put_figure_targets", tag = "reports",
    request_body = FigureTargetsView,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_figure_targets(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let item: FigureTargets = item(&raw, TARGETS)?;
    write::document(&ctx, &raw, AdminCommand::PutFigureTargets { item, expected }).await
}
