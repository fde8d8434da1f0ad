//! What people say of the program and the way of working.

use crate::reader::page;
use crate::row::{all, row};
use crate::sql::Found;
use crate::{Id, Store, StoreError};

row! {
    /// `state` is `new`, `answered` or `closed`; `flow` and `step` are empty where it is about none.
    FeedbackRow in "feedback"
    key { id: Id, }
    rest {
        at_ms: i64,
        author: Id,
        author_name: String,
        page: String,
        flow: String,
        step: String,
        order_id: Option<Id>,
        text: String,
        state: String,
        answer: Option<String>,
        answered_by: Option<String>,
        answered_at_ms: Option<i64>,
    }
}

/// Which of it is asked for; an empty text or `None` asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedbackFilter {
    pub state: String,
    pub flow: String,
    pub step: String,
    pub author: Option<Id>,
}

/// How much was said of a step of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackCount {
    pub flow: String,
    pub step: String,
    pub all: i64,
    /// Neither answered nor closed.
    pub new: i64,
}

impl Store {
    /// Newest first, before the id `before`.
    pub fn list_feedback(
        &self,
        org: i64,
        filter: &FeedbackFilter,
        before: Option<Id>,
        limit: usize,
    ) -> Result<Vec<FeedbackRow>, StoreError> {
        let (state, flow, step) = (&filter.state, &filter.flow, &filter.step);
        let before = before.unwrap_or([0xff; 16]);
        let rest = "AND id < ? AND (? = '' OR state = ?) AND (? = '' OR flow = ?) AND (? = '' OR step = ?)
            ORDER BY id DESC LIMIT ?";
        let sql = |author: &str| format!("WHERE org_id = ? {author} {rest}");
        let most = page(limit);
        self.read(|c| match filter.author {
            Some(author) => {
                let parameters = (org, author, before, state, state, flow, flow, step, step, most);
                all(c, &sql("AND author = ?"), parameters)
            }
            None => all(c, &sql(""), (org, before, state, state, flow, flow, step, step, most)),
        })
    }

    /// By step, the one of which most is said first.
    pub fn feedback_counts(&self, org: i64) -> Result<Vec<FeedbackCount>, StoreError> {
        let sql = "SELECT flow, step, count(*), count(CASE WHEN state = 'new' THEN 1 END) FROM feedback
            WHERE org_id = ? GROUP BY flow, step ORDER BY count(*) DESC, flow, step LIMIT 500";
        let count = |row: &Found<'_>| {
            Ok(FeedbackCount { flow: row.get(0)?, step: row.get(1)?, all: row.get(2)?, new: row.get(3)? })
        };
        self.read(|c| c.query(sql, (org,), count))
    }
}
