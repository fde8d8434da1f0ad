//! What pages and answers are made of: read models derived from cases, the log and the lists of the store.
//!
//! Nothing here holds words and nothing writes; results name codes, nodes and facts, and the edge puts words to them.

pub mod change;
pub mod credit;
pub mod dependence;
pub mod exchange;
pub mod flow;
pub mod load;
pub mod mass;
pub mod order;
pub mod person;
pub mod queue;
pub mod route;
pub mod shortage;
pub mod sight;
pub mod story;
pub mod substitute;
pub mod supply;
pub mod waiting;
pub mod world;

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("not found")]
    NotFound,
    #[error(transparent)]
    Store(#[from] ordain_store::StoreError),
    #[error("defect: {0}")]
    Bug(String),
}
