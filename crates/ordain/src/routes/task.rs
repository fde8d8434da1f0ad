//! Tasks: queues, and what people do with them.

use super::cursor;
use super::narrow::{TraitsQuery, due_before, refuse_unseen, steps, traits};
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::{FaultView, Problem};
use crate::server::query::{BadValues, Query, some};
use crate::server::write;
use crate::wire::attachment::drawing;
use crate::wire::body::{DECISION, DecisionBody, EmptyBody, NOTHING};
use crate::wire::change::differences;
use crate::wire::finding::finding;
use crate::wire::order::OrderView;
use crate::wire::person::{actor, party_name};
use crate::wire::reader::text;
use crate::wire::task::{Around, ChangedSinceView, TaskView, completion, copy, task};
use crate::words::named;
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::decide::may_decide;
use ordain_app::case::people::Directory;
use ordain_app::case::{Case, Task};
use ordain_app::problem::Fault;
use ordain_app::query::queue::{self, Desk, Queue};
use ordain_app::query::sight::Sight;
use ordain_app::query::{self, order};
use ordain_app::rights::Permission;
use ordain_flow::run::Decision;
use ordain_store::{Id, OrderCursor, OrderRow, Store, TaskFilter, TaskNarrow, TaskRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// `mine`, `pool`, `standby` (late behind somebody else at a step whose backup the caller is), `returned`, `cc`
    /// (orders of which the caller was told in copy, not read), `started` or `done`; without it, and for a token, all open
    /// ones.
    pub queue: Option<String>,
    pub department: Option<String>,
    /// A step as `flow:step`, the id of a step in any flow, or the name of steps in either language; several with
    /// commas.
    pub step: Option<String>,
    /// What is due by then: `overdue`, `today`, `week` (seven days, today among them), or a day such as 2026-12-01.
    pub due: Option<String>,
    /// A tag of the step.
    pub tag: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskPage)]
pub struct TaskPageView {
    pub items: Vec<TaskView>,
    pub next_cursor: Option<String>,
    pub counts: BTreeMap<&'static str, i64>,
}

/// Where a page of a queue ends.
type Place = (i64, Uuid);

fn place_of(row: &TaskRow) -> String {
    let (at_ms, id) = row.place();
    cursor::write(&(at_ms, Uuid::from_bytes(id)))
}

/// What a page of a queue is asked for.
struct Asked {
    queue: Option<Queue>,
    narrow: TaskNarrow,
    after: Option<Place>,
    limit: usize,
}

fn asked(ctx: &Ctx, asked: TaskQuery, of: TraitsQuery) -> Result<Asked, Problem> {
    let mut bad = BadValues::default();
    let (limit, after) = cursor::page(asked.limit, asked.cursor, &mut bad);
    let queue = bad.read("queue", asked.queue, Queue::parse);
    let narrow = TaskNarrow {
        steps: steps(&ctx.house, asked.step),
        department: some(asked.department),
        due_before_ms: bad.read("due", asked.due, |text| due_before(ctx, text)),
        order: traits(&ctx.house, of, &mut bad),
        reach: ctx.reach(Permission::ReadTasks),
    };
    bad.refuse()?;
    refuse_unseen(&Sight::in_lists(&ctx.house, &ctx.caller), &narrow.order)?;
    // Whoever may not read orders sees no more of them through tasks than what lies with them.
    let own = || (!ctx.caller.may(Permission::ReadOrders)).then_some(Queue::Mine);
    Ok(Asked { queue: queue.or_else(own), narrow, after, limit })
}

/// Lists a queue of tasks by due time, or what is asked for of it.
#[utoipa::path(get, path = "/tasks", operation_id = "list_tasks", tag = "tasks", params(TaskQuery, TraitsQuery),
    responses((status = 200, description = "A page of tasks with the whole sizes of all queues", body = TaskPageView)))]
pub async fn list_tasks(
    ctx: Ctx,
    Query(mut query): Query<TaskQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<TaskPageView>, Problem> {
    let tag = some(query.tag.take());
    let asked = asked(&ctx, query, of)?;
    let counts = counts(&ctx).await?;
    let (mut items, next_cursor) = match (ctx.caller.user().is_some(), asked.queue) {
        (true, Some(queue)) if queue.is_of_orders() => orders(&ctx, queue, asked).await?,
        _ => {
            let limit = asked.limit;
            let (rows, cases) = task_rows(&ctx, asked).await?;
            (views(&ctx, &rows, &cases), cursor::next(&rows, limit, place_of))
        }
    };
    if let Some(tag) = tag {
        items.retain(|item| item.tags.contains(&tag));
    }
    Ok(Json(TaskPageView { items, next_cursor, counts }))
}

/// How much lies in each queue of the caller; for whoever sees stock, open shortages too.
async fn counts(ctx: &Ctx) -> Result<BTreeMap<&'static str, i64>, Problem> {
    let shortages = ctx.caller.may(Permission::ReadStock);
    let Some(user) = ctx.caller.user().cloned() else {
        return Ok(Queue::ALL.iter().map(|queue| (queue.name(), 0)).collect());
    };
    let (org, house, now_ms) = (ctx.org(), ctx.house.clone(), ctx.now_ms);
    let reach = ctx.reach(Permission::ReadTasks);
    ctx.read(move |store| {
        let desk = Desk { store, org, house: &house, user: &user, now_ms, reach: reach.as_ref() };
        let mut counts = BTreeMap::new();
        for queue in Queue::ALL {
            counts.insert(queue.name(), desk.count(queue)?.0);
        }
        if shortages {
            counts.insert("shortages", store.count_requests(org, now_ms)?.0);
        }
        Ok(counts)
    })
    .await
}

pub type Cases = BTreeMap<Id, Case>;

fn cases_of(store: &Store, org: i64, ids: impl Iterator<Item = Id>) -> Result<Cases, Problem> {
    let mut cases = Cases::new();
    for id in ids {
        if let std::collections::btree_map::Entry::Vacant(place) = cases.entry(id) {
            place.insert(order::by_id(store, org, Uuid::from_bytes(id))?);
        }
    }
    Ok(cases)
}

async fn task_rows(ctx: &Ctx, asked: Asked) -> Result<(Vec<TaskRow>, Cases), Problem> {
    let (org, house, user, now_ms) = (ctx.org(), ctx.house.clone(), ctx.caller.user().cloned(), ctx.now_ms);
    let Asked { queue, narrow, after, limit } = asked;
    let after = after.map(|(at_ms, id)| (at_ms, id.into_bytes()));
    ctx.read(move |store| {
        let rows = match (user, queue) {
            (Some(user), Some(queue)) => {
                let desk = Desk { store, org, house: &house, user: &user, now_ms, reach: None };
                desk.tasks(queue, &narrow, after, limit)?
            }
            _ => store.list_tasks(org, &TaskFilter::Open, &narrow, after, limit)?,
        };
        let cases = cases_of(store, org, rows.iter().map(|row| row.order_id))?;
        Ok((rows, cases))
    })
    .await
}

/// The open tasks of a queue with the most urgent first, as views.
///
/// # Errors
/// What the store says.
pub async fn urgent(ctx: &Ctx, limit: usize) -> Result<Vec<TaskView>, Problem> {
    if ctx.caller.user().is_none() {
        return Ok(Vec::new());
    }
    let asked = Asked { queue: Some(Queue::Mine), narrow: TaskNarrow::default(), after: None, limit };
    let (rows, cases) = task_rows(ctx, asked).await?;
    Ok(views(ctx, &rows, &cases))
}

/// Makes a view of a case, cut to what the caller may see.
fn seen<T>(ctx: &Ctx, whole: &Case, view: impl FnOnce(&Around<'_>) -> T) -> T {
    let flow = whole.flow.as_ref().and_then(|pin| ctx.house.flow(pin)).map(AsRef::as_ref);
    let sight = Sight::of_case(whole, &ctx.house, &ctx.caller);
    let case = sight.cut(whole);
    let (house, caller, now_ms) = (&ctx.house, &ctx.caller, ctx.now_ms);
    view(&Around { case: &case, whole, sight: &sight, flow, house, caller, now_ms })
}

/// Tasks with their cases as the caller may see them.
pub fn views(ctx: &Ctx, rows: &[TaskRow], cases: &Cases) -> Vec<TaskView> {
    let view = |row: &TaskRow| {
        let case = cases.get(&row.order_id)?;
        let (_, found) = case.task(Uuid::from_bytes(row.id))?;
        Some(seen(ctx, case, |around| task(around, found)))
    };
    rows.iter().filter_map(view).collect()
}

/// Orders of a queue, shaped like tasks.
async fn orders(ctx: &Ctx, queue: Queue, asked: Asked) -> Result<(Vec<TaskView>, Option<String>), Problem> {
    let (org, house, user, now_ms) = (ctx.org(), ctx.house.clone(), ctx.user()?.clone(), ctx.now_ms);
    let Asked { narrow, after, limit, .. } = asked;
    let after = after.map(|(created_at_ms, id)| OrderCursor { created_at_ms, id: id.into_bytes() });
    let (rows, cases) = ctx
        .read(move |store| {
            let desk = Desk { store, org, house: &house, user: &user, now_ms, reach: None };
            let rows = desk.orders(queue, &narrow, after, limit)?;
            let cases = cases_of(store, org, rows.iter().map(|row| row.id))?;
            Ok((rows, cases))
        })
        .await?;
    let place = |row: &OrderRow| cursor::write(&(row.created_at_ms, Uuid::from_bytes(row.id)));
    let next_cursor = cursor::next(&rows, limit, place);
    let view = if queue == Queue::Copied { copy } else { completion };
    let views = rows.iter().filter_map(|row| Some(seen(ctx, cases.get(&row.id)?, view)));
    Ok((views.collect(), next_cursor))
}

/// The task that a path names, with its case.
///
/// # Errors
/// If there is no such task, or it is none of the caller's business.
pub async fn case_of(ctx: &Ctx, id: &str) -> Result<(Uuid, Case), Problem> {
    let absent = || Problem::new(StatusCode::NOT_FOUND, "task_not_found");
    let id = Uuid::parse_str(id).map_err(|_| absent())?;
    let (org, caller, house, now_ms) = (ctx.org(), ctx.caller.clone(), ctx.house.clone(), ctx.now_ms);
    ctx.read(move |store| {
        let row = store.task(org, id.into_bytes())?.ok_or_else(absent)?;
        let case = query::order::by_id(store, org, Uuid::from_bytes(row.order_id))?;
        // A backup sees what is theirs to decide, too.
        let decides = |user| {
            case.task(id).is_some_and(|(_, task)| may_decide(user, task, &case, &house, now_ms).is_ok())
        };
        let own = || caller.user().is_some_and(|user| queue::concerns(user, &row) || decides(user));
        if !caller.may(Permission::ReadOrders) && !own() {
            return Err(Problem::forbidden(Permission::ReadOrders, &house.people));
        }
        Ok((id, case))
    })
    .await
}

/// Reads a task.
#[utoipa::path(get, path = "/tasks/{id}", operation_id = "read_task", tag = "tasks",
    params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The task", body = TaskView)))]
pub async fn read_task(ctx: Ctx, Path(id): Path<String>) -> Result<Json<TaskView>, Problem> {
    let (id, case) = case_of(&ctx, &id).await?;
    let (org, node) = (ctx.org(), case.task(id).map(|(_, task)| task.node.clone()).unwrap_or_default());
    let user = ctx.caller.user().map(|user| user.id);
    let (case, since) = ctx
        .read(move |store| {
            let since = query::change::since_last_look(store, org, &case, &node, user)?;
            Ok((case, since))
        })
        .await?;
    let found = case.task(id).map(|(_, found)| {
        seen(&ctx, &case, |around| {
            let since = since.as_ref().filter(|_| found.is_open());
            let changed_since = since.map(|(revision, found)| ChangedSinceView {
                revision: *revision,
                differences: differences(found, around.sight),
            });
            TaskView { changed_since, ..task(around, found) }
        })
    });
    found.map(Json).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "task_not_found"))
}

/// Takes a task for oneself.
#[utoipa::path(post, path = "/tasks/{id}/claim", operation_id = "claim_task", tag = "tasks",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn claim_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    let (id, case) = case_of(&ctx, &id).await?;
    let claimed = write::order(&ctx, &raw, Some(case.order.id), OrderCommand::Claim { task: id }, 200).await;
    claimed.map_err(|problem| elsewhere(&ctx, id, &case, problem))
}

/// Approves, rejects or returns.
#[utoipa::path(post, path = "/tasks/{id}/decide", operation_id = "decide_task", tag = "tasks",
    request_body = DecisionBody, params(("id" = String, Path, description = "Id of the task")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn decide_task(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, DECISION)?;
    let decision = match text(&value, "decision").as_deref() {
        Some("approve") => Decision::Approve,
        Some("reject") => Decision::Reject,
        Some("return") => Decision::Return,
        _ => return Err(unreadable(vec![Fault::new("missing", "decision")])),
    };
    let (id, case) = case_of(&ctx, &id).await?;
    let reason = text(&value, "reason");
    let accept = super::order_act::reasons(&value, "accept");
    let command = match text(&value, "signature") {
        Some(drawn) => {
            OrderCommand::DecideSigned { task: id, decision, reason, accept, drawn: drawing(&drawn)? }
        }
        None => OrderCommand::Decide { task: id, decision, reason, accept },
    };
    let decided = write::order(&ctx, &raw, Some(case.order.id), command, 200).await;
    decided.map_err(|problem| elsewhere(&ctx, id, &case, worded(&ctx, &case, problem)))
}

/// A refusal because a task is somebody else's, with who has it now and how it came to them.
pub fn elsewhere(ctx: &Ctx, id: Uuid, case: &Case, problem: Problem) -> Problem {
    let Some((_, task)) = case.task(id) else { return problem };
    let people = &ctx.house.people;
    match problem.code.as_str() {
        "claimed_by_other" => return claimed(problem, task, people),
        "not_your_task" => {}
        _ => return problem,
    }
    let holder = party_name(people, &task.holder);
    let problem = problem.with("holder", holder);
    match task.hand_overs.last() {
        None => problem.said("held_by"),
        Some(last) => problem
            .said("handed_over")
            .with("by", actor(people, &last.by).name)
            .with("from", party_name(people, &last.from))
            .with("why", named("hand_over", last.why.name()))
            .at("at", last.at_ms),
    }
}

/// Who has claimed the task, and when.
fn claimed(problem: Problem, task: &Task, people: &Directory) -> Problem {
    match (task.claimed_by.and_then(|by| people.users.get(&by)), task.taken_ms) {
        (Some(by), Some(at_ms)) => problem.said("claimed").with("by", by.name.clone()).at("at", at_ms),
        _ => problem,
    }
}

/// The findings that a refusal names, with their words.
fn worded(ctx: &Ctx, case: &Case, mut problem: Problem) -> Problem {
    let case = seen(ctx, case, |around| around.case.clone());
    for fault in &mut problem.faults {
        let found = case.order.checked.findings.iter().find(|finding| finding.id() == fault.id);
        if let Some(found) = found {
            *fault = FaultView::from(finding(found, &case, &ctx.house, &ctx.caller));
        }
    }
    problem
}
