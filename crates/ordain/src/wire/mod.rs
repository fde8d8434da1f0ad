//! The shapes of API v1: what comes in is read here, what goes out is worded here. No rule lives in this folder.

pub mod absence;
pub mod action;
pub mod attachment;
pub mod audit;
pub mod board;
pub mod body;
pub mod brief;
pub mod calendar;
pub mod cancel;
pub mod change;
pub mod channel;
pub mod check;
pub mod choice;
pub mod connector;
pub mod design;
pub mod exception;
pub mod feedback;
pub mod finding;
pub mod flow;
pub mod fulfilment;
pub mod intake;
pub mod issue;
pub mod line;
pub mod master;
pub mod material;
pub mod me;
pub mod notice;
pub mod order;
pub mod order_body;
pub mod order_form;
pub mod order_record;
pub mod order_row;
pub mod organisation;
pub mod person;
pub mod play;
pub mod play_task;
pub mod preparation;
pub mod purchase;
pub mod reader;
pub mod receipt;
pub mod report;
pub mod review;
pub mod roles;
pub mod route;
pub mod saved_set;
pub mod saved_view;
pub mod self_check;
pub mod sentence;
pub mod sla;
pub mod stock;
pub mod task;
pub mod task_events;
pub mod timeline;
pub mod waiting;
pub mod why;
pub mod workbench;

use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list, with the place where the next one begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}
