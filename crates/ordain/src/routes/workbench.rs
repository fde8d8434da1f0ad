//! The workbench.

use super::order_read::{day_start, end_of_day};
use super::task::urgent;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::wire::order_row::row;
use crate::wire::route::STAGES;
use crate::wire::workbench::{DepartmentLoadView, StageCountView, WorkCountsView, WorkbenchView};
use crate::words::{Text, text, word};
use axum::Json;
use ordain_app::query::queue::{Desk, Queue};
use ordain_app::query::sight::Sight;
use ordain_app::rights::Permission;
use ordain_store::{OrderCount, OrderFilter, OrderReach, OrderRow, Store};

const TOP: usize = 5;
const RECENT: usize = 8;

/// Counts that need a look at the store.
struct Read {
    counts: WorkCountsView,
    orders: Vec<OrderCount>,
    loads: Vec<ordain_store::DepartmentLoad>,
    recent: Vec<OrderRow>,
}

/// Shows what to do now.
#[utoipa::path(get, path = "/workbench", operation_id = "read_workbench", tag = "workbench",
    responses((status = 200, description = "Tasks, counts and recent orders", body = WorkbenchView)))]
pub async fn read_workbench(ctx: Ctx) -> Result<Json<WorkbenchView>, Problem> {
    let tasks = urgent(&ctx, TOP).await?;
    let (org, now_ms, user) = (ctx.org(), ctx.now_ms, ctx.caller.user().cloned());
    let house = ctx.house.clone();
    let (today, tonight) = (day_start(&ctx, 0), end_of_day(&ctx));
    let buys = ctx.caller.may(Permission::WritePurchases);
    let (may_read, reach) = (ctx.caller.may(Permission::ReadOrders), ctx.reach(Permission::ReadTasks));
    let read = ctx
        .read(move |store| {
            let mut counts = orders_of_day(store, org, reach.as_ref(), (today, tonight, now_ms))?;
            if let Some(user) = &user {
                let desk = Desk { store, org, house: &house, user, now_ms, reach: None };
                (counts.my_open, counts.overdue) = desk.count(Queue::Mine)?;
                counts.due_today = Desk { now_ms: tonight, ..desk }.count(Queue::Mine)?.1;
            }
            if buys {
                counts.shortages = Some(store.count_requests(org, now_ms)?.0);
            }
            let recent = if may_read {
                let all = OrderFilter { reach: reach.clone(), ..OrderFilter::default() };
                store.list_orders(org, &all, None, RECENT)?
            } else {
                Vec::new()
            };
            let orders = match &reach {
                Some(reach) => store.order_counts_within(org, reach)?,
                None => store.order_counts(org)?,
            };
            let loads = store.department_loads(org, now_ms)?;
            Ok(Read { counts, orders, loads, recent })
        })
        .await?;
    Ok(Json(view(&ctx, tasks, read)))
}

fn orders_of_day(
    store: &Store,
    org: i64,
    reach: Option<&OrderReach>,
    (today, tonight, now_ms): (i64, i64, i64),
) -> Result<WorkCountsView, Problem> {
    let count = |filter: OrderFilter| -> Result<i64, Problem> {
        Ok(store.count_orders(org, &OrderFilter { reach: reach.cloned(), ..filter })?)
    };
    let in_review = || vec!["in_review".to_owned()];
    let due =
        |before| OrderFilter { due_before_ms: Some(before), statuses: in_review(), ..OrderFilter::default() };
    let confirmed = OrderFilter {
        statuses: vec!["confirmed".to_owned()],
        created_from_ms: Some(today),
        ..OrderFilter::default()
    };
    Ok(WorkCountsView {
        confirm_today: count(due(tonight))?,
        stuck: count(due(now_ms))?,
        confirmed_today: count(confirmed)?,
        ..WorkCountsView::default()
    })
}

fn view(ctx: &Ctx, tasks: Vec<crate::wire::task::TaskView>, read: Read) -> WorkbenchView {
    let Read { mut counts, orders, loads, recent } = read;
    let sight = Sight::in_lists(&ctx.house, &ctx.caller);
    let of_status =
        |status: &str| orders.iter().filter(|count| count.status == status).map(|count| count.n).sum();
    (counts.incomplete, counts.in_review) = (of_status("incomplete"), of_status("in_review"));
    let live = |count: &&OrderCount| !matches!(count.status.as_str(), "cancelled" | "rejected" | "expired");
    let of_stage = |stage: &str| {
        orders.iter().filter(live).filter(|count| count.stage == stage).map(|count| count.n).sum()
    };
    let stages = STAGES.iter().map(|stage| StageCountView { stage, count: of_stage(stage) }).collect();
    let known = |load: &ordain_store::DepartmentLoad| !load.department.is_empty();
    let by_department = loads.into_iter().filter(known).map(|load| DepartmentLoadView {
        department: load.department,
        open: load.open,
        overdue: load.overdue,
    });
    WorkbenchView {
        sentence: sentence(ctx, &counts),
        tasks,
        stages,
        by_department: by_department.collect(),
        recent_orders: recent.into_iter().map(|found| row(found, &ctx.house, &sight, ctx.now_ms)).collect(),
        counts,
    }
}

fn sentence(ctx: &Ctx, counts: &WorkCountsView) -> Text {
    let n = |n: i64| Text::plain(n.to_string());
    if !ctx.caller.may(Permission::DecideTasks) {
        let args = [
            ("in_review", n(counts.in_review)),
            ("incomplete", n(counts.incomplete)),
            ("confirmed", n(counts.confirmed_today)),
        ];
        return text("sentence.workbench_reader", &args);
    }
    if counts.my_open == 0 {
        return word("sentence.workbench_idle");
    }
    let args = [("open", n(counts.my_open)), ("overdue", n(counts.overdue)), ("today", n(counts.due_today))];
    text("sentence.workbench", &args)
}
