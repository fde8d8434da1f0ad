//! The only crate with SQL. It speaks in batches: [`Writer::load`] fetches what a batch of commands
//! needs, [`Writer::commit`] writes what they decided in one transaction, and [`Store`] answers reading
//! queries on connections of its own. One module per noun holds that noun's row, changes and queries; what only
//! one engine says or does is in that engine's folder.

mod attachment;
mod backlog;
mod bom;
mod change_request;
mod changes;
mod copy;
mod customer;
mod cycle_part;
mod department;
mod error;
mod exception;
mod fact;
mod feedback;
mod flow;
mod hand_over;
mod incoming;
mod initials;
mod intake;
mod keys;
mod log;
mod migration;
mod narrow;
mod notice;
mod ocel;
mod order;
mod order_count;
mod order_list;
mod order_record;
mod order_search;
mod outbox;
mod postgres;
mod preparation;
mod product;
mod purchase;
mod query;
mod reach;
mod reader;
mod receipt;
mod receivable;
mod recheck;
mod reservation;
mod row;
mod saved_view;
mod seal;
mod self_check;
mod session;
mod setting;
mod sql;
mod sqlite;
mod stats;
mod stock;
mod stock_movement;
mod task;
mod task_list;
mod timer;
mod token;
mod user;
mod warehouse;
mod work;
mod writer;

pub use attachment::AttachmentRow;
pub use backlog::Backlog;
pub use bom::BomRow;
pub use change_request::{ChangeRequestFilter, ChangeRequestRow};
pub use changes::{Changes, Purge};
pub use copy::Content;
pub use customer::{CustomerRow, ExposureMove};
pub use cycle_part::{CyclePart, CyclePartRow};
pub use department::DepartmentRow;
pub use error::{StoreError, Unusable};
pub use exception::{ExceptionFilter, ExceptionRow};
pub use fact::{
    ConfirmedDay, Days, DecidedTask, FACTS, FactCut, FactSet, LostPart, OrderFactRow, ReceivedDay,
};
pub use feedback::{FeedbackCount, FeedbackFilter, FeedbackRow};
pub use flow::{FlowDraftRow, FlowPendingRow, FlowReleaseRow, FlowRow};
pub use hand_over::{HandOverFactRow, HandOverSet};
pub use incoming::{IncomingRow, Incomings, SupplyMove};
pub use intake::IntakeRow;
pub use keys::{Keys, Slice, TwinKey};
pub use log::{AuditFilter, LogRow};
pub use narrow::{AmountRange, OrderTraits, StepKey};
pub use notice::NoticeRow;
pub use ocel::{OcelFile, OcelPart, OcelRow};
pub use order::{OrderRow, UpdatedOrder};
pub use order_count::OrderCount;
pub use order_list::{OrderCursor, OrderFilter};
pub use order_record::{OrderRecordRow, RecordFilter, RecordKind, RecordPlace};
pub use outbox::{OutboxFinish, OutboxRow};
pub use postgres::{Caller, Nodes};
pub use preparation::{PreparationPlace, PreparationRow};
pub use product::{PricePlace, PriceRow, ProductRow};
pub use purchase::{PurchaseLineRow, PurchaseRequests};
pub use reach::OrderReach;
pub use reader::{Database, Store};
pub use receipt::ReceiptRow;
pub use receivable::{InvoiceRow, PaymentRow, ReceivableFilter, ReceivableRow, Receivables, StageRow};
pub use recheck::{ShortLines, Unmatched, UnmatchedKind};
pub use reservation::{Harden, ReservationRow, Reservations, SoftlyHeld};
pub use saved_view::SavedViewsRow;
pub use seal::SealRow;
pub use self_check::{SelfCheckRow, Since, Spotted, Vitals};
pub use session::{SessionRow, SignedOut};
pub use setting::{CounterRow, OrgRow, SettingRow};
pub use sqlite::OpenOptions;
#[cfg(feature = "faults")]
pub use sqlite::Synchronous;
pub use stats::Stats;
pub use stock::{StockMove, StockRow};
pub use stock_movement::{OffLedger, StockMovementRow};
pub use task::TaskRow;
pub use task_list::{DepartmentLoad, TaskCount, TaskFilter, TaskMoment, TaskNarrow};
pub use timer::{TimerClear, TimerRow};
pub use token::TokenRow;
pub use user::UserRow;
pub use warehouse::WarehouseRow;
pub use work::{LoadAt, WorkCentreRow, WorkOrderRow, WorkPartRow, WorkRequests};
pub use writer::{Heads, Writer};

/// 16 bytes of a UUIDv7.
pub type Id = [u8; 16];
/// SHA-256.
pub type Hash = [u8; 32];
