//! Queues of work: what lies with a person, what anybody of a department may take, what is late behind somebody else,
//! what came back to its sender, what one was put in copy of.

use super::QueryError;
use super::order::by_id;
use crate::case::decide::may_decide;
use crate::case::people::User;
use crate::case::world::House;
use ordain_store::{
    Id, OrderCursor, OrderFilter, OrderReach, OrderRow, StepKey, Store, TaskFilter, TaskNarrow, TaskRow,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Rows looked at in one go while they are sifted.
const SIFT: usize = 200;
/// How far is counted what is late behind others: whether somebody may decide it is seen in the order alone.
const STANDBY_COUNTED: usize = 50;
/// Most rows sifted for one page.
const SIFT_MAX: usize = 2_000;

/// Which queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    Mine,
    Pool,
    /// Late at a step whose backup the person is.
    Standby,
    Returned,
    /// Orders of which the person was told in copy and has not read it.
    Copied,
    Done,
    Started,
}

impl Queue {
    pub const ALL: [Queue; 7] = [
        Queue::Mine,
        Queue::Pool,
        Queue::Standby,
        Queue::Returned,
        Queue::Copied,
        Queue::Done,
        Queue::Started,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Queue::Mine => "mine",
            Queue::Pool => "pool",
            Queue::Standby => "standby",
            Queue::Returned => "returned",
            Queue::Copied => "cc",
            Queue::Done => "done",
            Queue::Started => "started",
        }
    }

    /// Whether it holds orders rather than tasks.
    pub fn is_of_orders(self) -> bool {
        matches!(self, Queue::Returned | Queue::Copied | Queue::Started)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }
}

/// The filter for what a user's department and roles may take.
pub fn pool_of(user: &User) -> TaskFilter {
    TaskFilter::Pool { departments: user.department.iter().cloned().collect(), roles: user.roles.clone() }
}

/// Whether a task lies with somebody, was decided by them, or may be taken by them.
pub fn concerns(user: &User, row: &TaskRow) -> bool {
    let id = Some(user.id.into_bytes());
    let offered = row.assignee.is_none()
        && (row.department.is_some() && row.department == user.department
            || row.role.as_ref().is_some_and(|role| user.roles.contains(role)));
    offered || [row.assignee, row.claimed_by, row.decided_by].contains(&id)
}

/// Whose queues are looked into, in which company, and when.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub store: &'a Store,
    pub org: i64,
    pub house: &'a House,
    pub user: &'a User,
    pub now_ms: i64,
    /// The orders that they reach; none: all.
    pub reach: Option<&'a OrderReach>,
}

impl Desk<'_> {
    /// Tasks of a queue that are asked for, by due time, behind `after`.
    ///
    /// # Errors
    /// What the store says.
    pub fn tasks(
        &self,
        queue: Queue,
        narrow: &TaskNarrow,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<TaskRow>, QueryError> {
        let user = self.user.id.into_bytes();
        let filters = match queue {
            Queue::Mine => vec![TaskFilter::Mine { user }, pool_of(self.user)],
            Queue::Pool => vec![pool_of(self.user)],
            Queue::Standby => return self.standby(narrow, after, limit),
            Queue::Done => vec![TaskFilter::Done { user }],
            Queue::Returned | Queue::Copied | Queue::Started => Vec::new(),
        };
        let mut rows = Vec::new();
        for filter in &filters {
            rows.extend(self.store.list_tasks(self.org, filter, narrow, after, limit)?);
        }
        if queue != Queue::Done {
            rows.sort_by_key(TaskRow::place);
        }
        rows.truncate(limit);
        Ok(rows)
    }

    /// What is late and not the person's own, at steps behind which they stand.
    fn standby(
        &self,
        narrow: &TaskNarrow,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<TaskRow>, QueryError> {
        let asked = |key: &StepKey| {
            let same =
                |step: &StepKey| step.node == key.node && (step.flow.is_none() || step.flow == key.flow);
            narrow.steps.is_empty() || narrow.steps.iter().any(same)
        };
        let steps: Vec<StepKey> = behind(self.house, self.user).into_iter().filter(asked).collect();
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let due_before_ms = narrow.due_before_ms.map_or(self.now_ms, |before_ms| before_ms.min(self.now_ms));
        let late = TaskNarrow { steps, due_before_ms: Some(due_before_ms), ..narrow.clone() };
        let (mut found, mut after, mut seen) = (Vec::new(), after, 0);
        let most = limit.min(SIFT);
        loop {
            let page = self.store.list_tasks(self.org, &TaskFilter::Open, &late, after, most)?;
            let last = page.len() < most;
            seen += page.len();
            after = page.last().map(TaskRow::place);
            for row in page {
                if !concerns(self.user, &row) && self.may_decide(&row)? {
                    found.push(row);
                }
            }
            if found.len() >= limit || last || seen >= SIFT_MAX {
                found.truncate(limit);
                return Ok(found);
            }
        }
    }

    /// Whether the person could decide a task now.
    fn may_decide(&self, row: &TaskRow) -> Result<bool, QueryError> {
        let case = by_id(self.store, self.org, Uuid::from_bytes(row.order_id))?;
        let task = case.task(Uuid::from_bytes(row.id)).map(|(_, task)| task);
        Ok(task.is_some_and(|task| may_decide(self.user, task, &case, self.house, self.now_ms).is_ok()))
    }

    /// (all, overdue) of a queue; of what is late behind others, up to fifty.
    ///
    /// # Errors
    /// What the store says.
    pub fn count(&self, queue: Queue) -> Result<(i64, i64), QueryError> {
        let Self { store, org, user, now_ms, .. } = *self;
        let tasks = |filter: &TaskFilter| store.count_tasks(org, filter, now_ms);
        let (id, some) = (user.id.into_bytes(), |n: usize| i64::try_from(n).unwrap_or(i64::MAX));
        let all = TaskNarrow { reach: self.reach.cloned(), ..TaskNarrow::default() };
        Ok(match queue {
            Queue::Mine => {
                let (own, pool) = (tasks(&TaskFilter::Mine { user: id })?, tasks(&pool_of(user))?);
                (own.0 + pool.0, own.1 + pool.1)
            }
            Queue::Pool => tasks(&pool_of(user))?,
            Queue::Standby => {
                let late = some(self.standby(&all, None, STANDBY_COUNTED)?.len());
                (late, late)
            }
            Queue::Done => tasks(&TaskFilter::Done { user: id })?,
            Queue::Started | Queue::Copied => (store.count_orders(org, &self.orders_of(queue, &all))?, 0),
            Queue::Returned => (some(self.orders(queue, &all, None, SIFT)?.len()), 0),
        })
    }

    /// What a queue of orders asks the store for.
    fn orders_of(&self, queue: Queue, narrow: &TaskNarrow) -> OrderFilter {
        let of = OrderFilter {
            steps: narrow.steps.clone(),
            waiting_department: narrow.department.clone(),
            due_before_ms: narrow.due_before_ms,
            traits: narrow.order.clone(),
            reach: narrow.reach.clone(),
            ..OrderFilter::default()
        };
        match queue {
            Queue::Started => OrderFilter { receiver: Some(self.user.id.to_string()), ..of },
            Queue::Copied => OrderFilter { copied_to: Some(self.user.id.into_bytes()), ..of },
            _ => OrderFilter { waiting_department: Some("sender".to_owned()), ..of },
        }
    }

    /// Orders of a queue that holds them, newest first, behind `after`.
    ///
    /// # Errors
    /// What the store says.
    pub fn orders(
        &self,
        queue: Queue,
        narrow: &TaskNarrow,
        after: Option<OrderCursor>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, QueryError> {
        let filter = self.orders_of(queue, narrow);
        if queue != Queue::Returned {
            return Ok(self.store.list_orders(self.org, &filter, after, limit)?);
        }
        let me = self.user.id.to_string();
        let (mut found, mut after, mut seen) = (Vec::new(), after, 0);
        loop {
            let page = self.store.list_orders(self.org, &filter, after, SIFT)?;
            let last = page.len() < SIFT;
            seen += page.len();
            after = page.last().map(OrderRow::cursor);
            let mine = page.into_iter().filter(|row| match &row.receiver {
                Some(receiver) => *receiver == me,
                None => self.user.completes_what_nobody_took(),
            });
            found.extend(mine);
            if found.len() >= limit || last || seen >= SIFT_MAX {
                found.truncate(limit);
                return Ok(found);
            }
        }
    }
}

/// The steps behind which somebody stands as backup, in every version that orders run through. Where several decide
/// together everyone has a seat of their own, which nobody else takes.
fn behind(house: &House, user: &User) -> BTreeSet<StepKey> {
    let mut found = BTreeSet::new();
    for (pin, flow) in &house.flows {
        let steps = flow.nodes().filter(|node| {
            node.person().is_some_and(|person| {
                let backup = person.backup.as_ref().filter(|_| !person.vote.counts_voices());
                backup.is_some_and(|backup| user.belongs_to(backup))
            })
        });
        found.extend(steps.map(|node| StepKey { flow: Some(pin.key.clone()), node: node.id.clone() }));
    }
    found
}
