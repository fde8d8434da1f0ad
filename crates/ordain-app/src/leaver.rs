//! Everything open that lies with somebody who leaves goes to somebody else, order by order, each with its own answer:
//! what cannot be given to that person stays where it is, and is named.

use crate::app::App;
use crate::case::HandOverWhy;
use crate::case::decide::OrderCommand;
use crate::case::people::User;
use crate::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_flow::doc::Party;
use ordain_store::{StoreError, TaskFilter, TaskNarrow, TaskRow};
use uuid::Uuid;

/// Tasks read in one go.
const PAGE: usize = 200;

/// What became of one task.
#[derive(Debug)]
pub struct HandedOver {
    pub task: Uuid,
    pub order: Uuid,
    pub outcome: Result<(), GateError>,
}

/// Hands over every open task that is somebody's own or that they have taken.
///
/// # Errors
/// If the database cannot be read.
pub async fn hand_over_tasks(
    app: &App,
    org: i64,
    actor: &Actor,
    from: &User,
    to: &str,
    reason: &str,
) -> Result<Vec<HandedOver>, StoreError> {
    let mut found = Vec::new();
    for row in open_tasks(app, org, from)? {
        let (task, order) = (Uuid::from_bytes(row.id), Uuid::from_bytes(row.order_id));
        let (to, reason) = (Party::User(to.to_owned()), reason.to_owned());
        let command = OrderCommand::Reassign { task, to, why: HandOverWhy::Left, reason };
        let outcome = app.order(org, actor.clone(), Some(order), command).await.map(|_| ());
        found.push(HandedOver { task, order, outcome });
    }
    Ok(found)
}

fn open_tasks(app: &App, org: i64, of: &User) -> Result<Vec<TaskRow>, StoreError> {
    let filter = TaskFilter::Mine { user: of.id.into_bytes() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = app.store.list_tasks(org, &filter, &TaskNarrow::default(), after, PAGE)?;
        after = rows.last().map(TaskRow::place);
        let last = rows.len() < PAGE;
        found.extend(rows);
        if last {
            return Ok(found);
        }
    }
}
