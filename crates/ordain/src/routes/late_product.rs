//! One product is late, and many orders wait for it: each is changed by itself, and each has its own answer.

use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::{Ctx, asked_language};
use crate::server::problem::{FaultView, Problem};
use crate::server::write;
use crate::wire::reader::{Kind, Shape, items, text};
use crate::words::Lang;
use axum::Json;
use jiff::civil::Date;
use ordain_app::case::decide::{ChangeAsked, OrderCommand};
use ordain_app::case::{Case, Refusal};
use ordain_app::gate::{Command, Done};
use ordain_app::problem::Fault;
use ordain_app::query::{self, QueryError, change::impact, mass};
use ordain_app::rights::Permission;
use ordain_domain::order::{ChangeState, Content, Origin};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

const LATE: Shape = &[
    ("product", Kind::Text),
    ("date", Kind::Date),
    ("orders", Kind::List(&Kind::Text)),
    ("reason", Kind::Words),
];

#[derive(Debug, Deserialize, ToSchema)]
pub struct LateProductBody {
    pub product: String,
    /// The day on which its goods can be there.
    #[schema(format = Date)]
    pub date: String,
    /// Ids of the orders that are meant, also such whose goods lie on the shelf; all that wait for the product where nothing
    /// is said.
    pub orders: Option<Vec<String>>,
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LateProduct)]
pub struct LateProductView {
    pub applied: usize,
    pub under_review: usize,
    pub refused: usize,
    /// There are more orders than are changed at once.
    pub more: bool,
    /// The oldest order first; at the end those that were named and do not wait for the product.
    pub items: Vec<LateOrderView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LateOrder)]
pub struct LateOrderView {
    pub id: String,
    pub number: String,
    pub customer: Option<String>,
    /// `applied`, `under_review` or `refused`.
    pub outcome: &'static str,
    /// Lines whose day moves, by id.
    pub lines: Vec<String>,
    /// Why it is refused; the order is as it was.
    pub problem: Option<LateProblemView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LateProblem)]
pub struct LateProblemView {
    pub code: String,
    pub title: String,
    pub detail: String,
    pub findings: Vec<FaultView>,
}

struct Asked {
    product: String,
    day: Date,
    orders: Vec<String>,
    reason: String,
}

/// Reads what is asked; a preview needs no `reason`.
fn asked(raw: &Raw, reason: Option<&'static str>) -> Result<Asked, Problem> {
    let value = shaped(raw, LATE)?;
    let given: Option<Vec<String>> =
        ["product", "date"].into_iter().chain(reason).map(|name| text(&value, name)).collect();
    let day = text(&value, "date").and_then(|day| day.parse().ok());
    let (Some(_), Some(product), Some(day)) = (given, text(&value, "product"), day) else {
        let missing =
            ["product", "date"].into_iter().chain(reason).filter(|name| text(&value, name).is_none());
        return Err(unreadable(missing.map(|path| Fault::new("missing", path)).collect()));
    };
    let orders: Vec<String> =
        items(&value, "orders").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if orders.len() > mass::ORDERS_MAX {
        let fault = Fault::new("too_many_items", "orders").with("most", mass::ORDERS_MAX.to_string());
        return Err(unreadable(vec![fault]));
    }
    Ok(Asked { product, day, orders, reason: text(&value, "reason").unwrap_or_default() })
}

/// The orders that are meant.
struct Found {
    /// With what each would ask for, the oldest first.
    waiting: Vec<(Case, Content)>,
    /// Those that were named and do not wait for the product until that day.
    others: Vec<Case>,
    more: bool,
}

async fn found(ctx: &Ctx, asked: &Asked) -> Result<Found, Problem> {
    let ids: Vec<Uuid> = asked.orders.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
    ctx.must_reach(Permission::WriteOrders, &ids).await?;
    let (org, product, day, named) = (ctx.org(), asked.product.clone(), asked.day, asked.orders.clone());
    let reach = ctx.reach(Permission::WriteOrders);
    ctx.read(move |store| {
        let (waiting, more) = mass::late(store, org, &product, day, &named, reach.as_ref())?;
        let (mut others, mut faults) = (Vec::new(), Vec::new());
        if store.product(org, &product)?.is_none() {
            faults.push(Fault::new("unknown_product", "product").with("found", product));
        }
        let meant: BTreeSet<String> = waiting.iter().map(|(case, _)| case.order.id.to_string()).collect();
        for (index, id) in named.iter().enumerate().filter(|(_, id)| !meant.contains(*id)) {
            let order = Uuid::parse_str(id).map_err(|_| QueryError::NotFound);
            match order.and_then(|order| query::order::by_id(store, org, order)) {
                Ok(case) => others.push(case),
                Err(QueryError::NotFound) => {
                    let fault = Fault::new("unknown_order", format!("orders[{index}]"));
                    faults.push(fault.with("found", id.as_str()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        if faults.is_empty() { Ok(Found { waiting, others, more }) } else { Err(unreadable(faults)) }
    })
    .await
}

/// Why an order that was named is left alone.
fn left_alone(ctx: &Ctx, case: &Case) -> LateOrderView {
    let refusal = if mass::is_under_way(&case.order) {
        Refusal::NothingChanged
    } else {
        Refusal::WrongStatus(case.order.status)
    };
    item(ctx, case, &case.order.as_it_stands().content, Err(Problem::from(refusal)))
}

fn wish(content: Content, reason: &str) -> ChangeAsked {
    ChangeAsked { content, reason: reason.to_owned(), origin: Origin::Planning, direct: true }
}

/// Says which orders wait for a late product and what a later day would come to for each. Writes nothing.
#[utoipa::path(post, path = "/changes/late-product/preview", operation_id = "preview_late_product", tag = "changes",
    request_body = LateProductBody,
    responses((status = 200, description = "What would become of each", body = LateProductView)))]
pub async fn preview_late_product(ctx: Ctx, raw: Raw) -> Result<Json<LateProductView>, Problem> {
    let asked = asked(&raw, None)?;
    let Found { waiting, others, more } = found(&ctx, &asked).await?;
    let (org, house, by) = (ctx.org(), ctx.house.clone(), ctx.server.app.by(ctx.caller.actor()));
    let tried = ctx
        .read(move |store| {
            let mut tried = Vec::with_capacity(waiting.len());
            for (case, content) in waiting {
                let asked = wish(content.clone(), "-");
                let impact = impact(store, org, &house, &case, asked, &by)?;
                tried.push((case, content, impact));
            }
            Ok(tried)
        })
        .await?;
    let view = |(case, content, impact): (Case, Content, Result<_, _>)| {
        let outcome = match impact {
            Ok(ordain_app::query::change::Impact { taken: Some(_), at_once: true, .. }) => Ok("applied"),
            Ok(ordain_app::query::change::Impact { taken: Some(_), .. }) => Ok("under_review"),
            Ok(impact) => {
                let blocking = |found: &&ordain_domain::finding::Finding| {
                    found.code.severity() == ordain_domain::finding::Severity::Blocker
                };
                let ids = impact.checked.findings.iter().filter(blocking);
                let ids = ids.map(ordain_domain::finding::Finding::id).collect();
                Err(Problem::from(Refusal::ChangeIncomplete(ids)))
            }
            Err(refusal) => Err(Problem::from(refusal)),
        };
        item(&ctx, &case, &content, outcome)
    };
    let others = others.iter().map(|case| left_alone(&ctx, case));
    Ok(Json(summed(tried.into_iter().map(view).chain(others).collect(), more)))
}

/// Moves the day of every order that waits for a late product: each by a change of its own, so that what is refused
/// leaves no trace on the others.
#[utoipa::path(post, path = "/changes/late-product", operation_id = "postpone_product", tag = "changes",
    request_body = LateProductBody,
    responses((status = 200, description = "What became of each", body = LateProductView)))]
pub async fn postpone_product(ctx: Ctx, raw: Raw) -> Result<Json<LateProductView>, Problem> {
    let asked = asked(&raw, Some("reason"))?;
    let Found { waiting, others, more } = found(&ctx, &asked).await?;
    let mut items = Vec::with_capacity(waiting.len());
    for (case, content) in waiting {
        let outcome = change(&ctx, &raw, &case, wish(content.clone(), &asked.reason)).await;
        items.push(item(&ctx, &case, &content, outcome));
    }
    items.extend(others.iter().map(|case| left_alone(&ctx, case)));
    Ok(Json(summed(items, more)))
}

async fn change(ctx: &Ctx, raw: &Raw, case: &Case, asked: ChangeAsked) -> Result<&'static str, Problem> {
    let id = case.order.id;
    let command = OrderCommand::RequestChange(Box::new(asked));
    let command = Command::Order { id: Some(id), expected: None, command };
    let outcome = |done: &Done| match done {
        Done::Order(case) if last_is_applied(case) => "applied",
        _ => "under_review",
    };
    // Each order has a key of its own: what a repeated request finds changed by itself is no refusal.
    let key = ctx.key.as_ref().map(|key| {
        write::key_of(ctx, raw, format!("{key}:{id}"), Arc::new(move |done| (200, outcome(done).to_owned())))
    });
    let envelope = ctx.server.app.envelope(ctx.org(), ctx.caller.actor(), command, key);
    match ctx.server.app.gate.send(envelope).await? {
        Done::Replayed { body, .. } if body == "applied" => Ok("applied"),
        done => Ok(outcome(&done)),
    }
}

fn last_is_applied(case: &Case) -> bool {
    case.order.changes.last().is_some_and(|change| matches!(change.state, ChangeState::Applied { .. }))
}

fn item(ctx: &Ctx, case: &Case, content: &Content, outcome: Result<&'static str, Problem>) -> LateOrderView {
    let own = ctx.caller.user().and_then(|user| Lang::parse(&user.lang));
    let lang = asked_language(&ctx.headers).or(own).unwrap_or_default();
    let worded = |problem: &Problem| {
        let view = problem.view(lang, "", Some(&ctx.house.calendar));
        LateProblemView { code: view.code, title: view.title, detail: view.detail, findings: view.findings }
    };
    let before = &case.order.as_it_stands().content.lines;
    let moved = content.lines.iter().filter(|line| !before.contains(line));
    LateOrderView {
        id: case.order.id.to_string(),
        number: case.order.number.clone(),
        customer: case.order.checked.customer.as_ref().map(|customer| customer.name.clone()),
        lines: moved.map(|line| line.id.to_string()).collect(),
        problem: outcome.as_ref().err().map(worded),
        outcome: outcome.unwrap_or("refused"),
    }
}

fn summed(items: Vec<LateOrderView>, more: bool) -> LateProductView {
    let count = |outcome: &str| items.iter().filter(|item| item.outcome == outcome).count();
    let (applied, under_review, refused) = (count("applied"), count("under_review"), count("refused"));
    LateProductView { applied, under_review, refused, more, items }
}
