//! Commands about the company itself: set-up, master data, people, tokens, sessions, flows.
//!
//! They go through the same Gate as orders and end in the same commit and log, under the subject `org`. A command
//! that is refused names every fault at once and writes nothing.

mod absences;
mod access;
mod bom;
mod calendars;
mod cancel_reasons;
mod change;
mod channels;
mod clauses;
mod company;
mod connectors;
mod credit_groups;
mod customers;
mod decide;
mod digests;
mod document;
mod feedback;
mod figure_targets;
mod flow_draft;
mod flow_pending;
mod flow_release;
mod flow_scope;
mod flows;
mod hand_rules;
mod intake;
mod issues;
mod items;
mod known;
mod notice_rules;
mod notice_texts;
mod order_form;
mod organisation;
mod people;
mod practice;
mod preview;
mod prices;
mod products;
mod purchase;
mod reading;
mod recheck;
mod reviews;
mod roles;
mod saved_sets;
mod saved_views;
mod self_check;
mod shortages;
mod sla;
mod stock;
mod stock_level;
mod stock_move;
mod supply_rules;
mod timers;
mod told;
mod unchecked;
mod upsert;
mod warehouses;
mod work;
mod work_ready;

pub use absences::{DelegationItem, LeaveItem};
pub use access::{LOCKED_MS, TRIES};
pub use calendars::{CalendarItem, LayerItem, LayerOf};
pub use cancel_reasons::CancelReasonItem;
pub use channels::ChannelItem;
pub use clauses::ClauseItem;
pub use connectors::{ConnectorItem, HeaderItem, OperationItem, SuccessItem};
pub use credit_groups::{CreditGroupItem, RateItem};
pub use digests::DigestItem;
pub use document::tag_of;
pub use feedback::{FEEDBACK_ANSWERED, FEEDBACK_GIVEN, FeedbackEnd, FeedbackItem};
pub use flow_draft::{DraftText, IDLE_MS, SaveDraft, read_document, read_flow};
pub use flow_pending::{Pending, RELEASE_DUE, ROLLBACK_MS, version_before};
pub use flow_release::{NOTE_MIN, Release, inspect, mark};
pub use flows::faults as flow_faults;
pub use hand_rules::HandRules;
pub use intake::KeptIntake;
pub use issues::{IssueTypeItem, TextItem};
pub use items::{
    BomItem, ComponentItem, CustomerItem, FinishItem, LimitGrant, MovementItem, PriceItem, ProductItem,
    PurchaseItem, ReceiptItem, StockItem, StockLevelItem, SubstituteItem, UnitItem, UserItem, WarehouseItem,
    WorkCentreItem, WorkItem,
};
pub use notice_rules::NoticeRules;
pub use notice_texts::{NoticeTextItem, notice_events, notice_variables, read_notice_text, shipped_in_app};
pub use order_form::{FormFieldItem, WhenItem};
pub use organisation::{DutyItem, OrganisationItem};
pub use people::{put_users, read_all_notices, weak_passwords};
pub use preview::Preview;
pub(crate) use recheck::patiently;
pub use recheck::{
    Touched, recheck_credit, recheck_left_behind, recheck_open_tasks, recheck_timers, recheck_waiting,
};
pub use reviews::{ActionItem, FindingItem, ReviewItem};
pub use roles::RoleItem;
pub use saved_sets::SavedSetItem;
pub use saved_views::{PutViews, SavedView, SavedViews, VIEW_PAGES, saved_views};
pub use shortages::SHORTAGES_TOLD;
pub use sla::SlaItem;
pub use supply_rules::SupplyRules;

use crate::app::App;
use crate::case::absence::{Delegation, Leave};
use crate::case::decide::By;
use crate::case::people::User;
use crate::figures::{self, KeptFacts, Review};
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use crate::query::shortage::Request;
use crate::self_check::SelfCheckRules;
use jiff::civil::Date;
use ordain_domain::actor::Actor;
use ordain_domain::calendar::CalendarRules;
use ordain_domain::decimal::Currency;
use ordain_domain::master::{CompanyRules, FigureTargets};
use ordain_domain::order::Content;
use ordain_store::{Hash, Keys, SelfCheckRow, TimerRow};
use upsert::Upsert;
use uuid::Uuid;

/// What can be asked of the company's data.
#[derive(Clone, Debug)]
pub enum AdminCommand {
    /// Founds the company that the envelope names.
    Init(Box<Init>),
    PutCustomers(Vec<CustomerItem>),
    GrantLimit(LimitGrant),
    PutProducts(Vec<ProductItem>),
    PutPrices(Vec<PriceItem>),
    PutClauses(Vec<ClauseItem>),
    PutConnector {
        key: String,
        item: Box<ConnectorItem>,
        expected: Option<i64>,
    },
    PutCreditGroups(Vec<CreditGroupItem>),
    PutRates(Vec<RateItem>),
    PutCancelReasons {
        items: Vec<CancelReasonItem>,
        expected: Option<i64>,
    },
    /// Replaces the company's own roles.
    PutRoles {
        items: Vec<RoleItem>,
        expected: Option<i64>,
    },
    PutSavedSets {
        items: Vec<SavedSetItem>,
        expected: Option<i64>,
    },
    PutChannels {
        items: Vec<ChannelItem>,
        expected: Option<i64>,
    },
    PutSla {
        items: Vec<SlaItem>,
        expected: Option<i64>,
    },
    /// `as_of` is an instant or date in ISO 8601; without it the counts are of now.
    FeedStock {
        as_of: Option<String>,
        items: Vec<StockItem>,
    },
    MoveStock(Vec<MovementItem>),
    PutPurchases(Vec<PurchaseItem>),
    /// What products are made of.
    PutBoms(Vec<BomItem>),
    ReceivePurchases(Vec<ReceiptItem>),
    PutWarehouses(Vec<WarehouseItem>),
    PutWorkCentres(Vec<WorkCentreItem>),
    PutWorkOrders(Vec<WorkItem>),
    FinishWork(Vec<FinishItem>),
    /// What is frozen, kept as safety stock, and below what people are told.
    PutStockLevels(Vec<StockLevelItem>),
    /// Passwords are hashed before: see [`put_users`].
    PutUsers(Vec<UserItem>),
    PutSettings {
        company: Option<Box<CompanyRules>>,
        calendar: Option<CalendarRules>,
    },
    PutFigureTargets {
        item: FigureTargets,
        expected: Option<i64>,
    },
    PutDigests {
        items: Vec<DigestItem>,
        expected: Option<i64>,
    },
    /// Lets the mails of a digest leave for the period that began on a day, unless they have.
    SendDigest {
        code: String,
        from: Date,
        data: serde_json::Value,
    },
    /// Tells of requests for goods that were not answered in time, those that were told of left out.
    TellOverdueShortages(Vec<Request>),
    /// Keeps the review of a month, unless there is one.
    OpenReview(Box<Review>),
    PutReview {
        /// Its first day.
        month: Date,
        item: ReviewItem,
        expected: Option<i64>,
    },
    PutSupplyRules {
        item: SupplyRules,
        expected: Option<i64>,
    },
    PutNoticeRules {
        item: NoticeRules,
        expected: Option<i64>,
    },
    PutHandRules {
        item: HandRules,
        expected: Option<i64>,
    },
    /// `expected` is the tag of what is replaced, where the sender has seen it.
    PutCalendar {
        item: CalendarItem,
        expected: Option<i64>,
    },
    PutCalendarLayer {
        of: LayerOf,
        item: LayerItem,
        expected: Option<i64>,
    },
    PutOrganisation {
        item: OrganisationItem,
        expected: Option<i64>,
    },
    PutOrderForm {
        items: Vec<FormFieldItem>,
        expected: Option<i64>,
    },
    PutNoticeTexts {
        items: Vec<NoticeTextItem>,
        expected: Option<i64>,
    },
    PutIssueTypes {
        items: Vec<IssueTypeItem>,
        expected: Option<i64>,
    },
    RecordLeave(LeaveItem),
    /// Ends leave now, or takes it back before it begins.
    EndLeave(Uuid),
    Delegate(DelegationItem),
    EndDelegation(Uuid),
    CreateToken {
        name: String,
        role: String,
        hash: Hash,
    },
    RevokeToken {
        hash: Hash,
    },
    OpenSession {
        user: Uuid,
        hash: Hash,
        csrf: String,
        expires_at_ms: i64,
        /// Whoever only looks at what the user sees.
        viewer: Option<Uuid>,
    },
    CloseSession {
        hash: Hash,
    },
    /// Counts a sign-in; too many failures lock the account for a while.
    RecordLogin {
        user: Uuid,
        ok: bool,
    },
    SetLanguage {
        user: Uuid,
        lang: String,
    },
    /// A person's own choice, see [`crate::session::change_password`].
    SetPassword {
        user: Uuid,
        hash: String,
        /// The session it is done in, by the hash of its cookie.
        present: Option<Hash>,
    },
    /// The log leaves the house, see [`crate::audit::write_evidence`].
    TakeEvidence,
    /// What orders count for in the figures, as far as the log was read for it.
    KeepFacts(Box<KeptFacts>),
    /// Somebody of the company, as they are to be in its practice company.
    JoinPractice(Box<User>),
    PutViews(PutViews),
    GiveFeedback(FeedbackItem),
    EndFeedback {
        id: Uuid,
        end: FeedbackEnd,
    },
    PutSelfCheckRules {
        item: SelfCheckRules,
        expected: Option<i64>,
    },
    /// What a self-check found; with an alarm those are told who keep the flows.
    KeepSelfCheck {
        row: Box<SelfCheckRow>,
        alarm: bool,
    },
    ReadNotices {
        user: Uuid,
        ids: Vec<Uuid>,
    },
    KeepIntake(KeptIntake),
    /// Remembers a file of orders for ever, with its unreadable rows as intake items. Answers when it was first seen.
    RememberImport {
        hash: Hash,
        name: String,
        unreadable: Vec<KeptIntake>,
    },
    PublishFlow {
        key: String,
        doc: String,
    },
    SaveDraft(Box<SaveDraft>),
    /// Makes the draft, or an old version, the version in force.
    ReleaseFlow(Release),
    /// Agrees to a release that somebody else has asked for.
    ApproveRelease {
        key: String,
    },
    WithdrawRelease {
        key: String,
        reason: String,
    },
    /// The time of a release has come.
    ReleaseDue {
        key: String,
    },
    /// Leaves a flow without a version in force; its running orders go on.
    DisableFlow {
        key: String,
        reason: String,
    },
    /// Brings a due timer that its order refused in line with what the order wants: moved, or removed.
    SettleTimer(TimerRow),
    /// Checks orders as they would be checked on receipt, and writes nothing.
    PreviewOrders {
        orders: Vec<Content>,
        /// Whether what is absent is filled in from customer and product.
        fill: bool,
    },
    /// Answers as the command would, and writes nothing.
    Rehearse(Box<AdminCommand>),
}

/// What a new company starts with.
#[derive(Clone, Debug)]
pub struct Init {
    pub company: String,
    pub currency: Currency,
    pub timezone: String,
    pub admin_password_hash: String,
    /// The flow document as JSON.
    pub flow: String,
}

/// What it did.
#[derive(Clone, Debug)]
pub enum AdminDone {
    Upserted {
        created: usize,
        updated: usize,
        unchanged: usize,
        /// Items that were left out, and why.
        findings: Vec<Fault>,
        /// What orders may have waited for: see [`recheck_waiting`].
        touched: Touched,
    },
    Founded {
        org: i64,
        admin: Uuid,
    },
    TokenCreated {
        id: Uuid,
    },
    /// When the file was first seen, and whether that was before now.
    Remembered {
        at_ms: i64,
        again: bool,
    },
    Published {
        key: String,
        version: i64,
    },
    /// A release waits for what is named.
    ReleaseWaits {
        key: String,
        waits_for: Vec<&'static str>,
    },
    DraftSaved {
        revision: i64,
    },
    FeedbackGiven {
        id: Uuid,
    },
    Previewed(Vec<Preview>),
    /// A document was replaced, or was so already.
    Tagged {
        tag: i64,
    },
    Leave(Leave),
    Delegation(Delegation),
    Nothing,
}

impl AdminCommand {
    pub(crate) fn keys(&self, org: i64, keys: &mut Keys) {
        use AdminCommand::*;
        match self {
            PutCustomers(items) => customers::keys(items, org, keys),
            GrantLimit(grant) => customers::grant_keys(grant, org, keys),
            PutProducts(items) => products::keys(items, org, keys),
            PutPrices(items) => prices::keys(items, org, keys),
            PutClauses(_) => clauses::keys(org, keys),
            PutConnector { .. } => connectors::keys(org, keys),
            PutCreditGroups(items) => credit_groups::group_keys(items, org, keys),
            PutRates(_) => credit_groups::rate_keys(org, keys),
            PutSla { .. } | PutChannels { .. } | PutSavedSets { .. } | PutCancelReasons { .. } => {
                self.list_keys(org, keys);
            }
            PutRoles { .. } | PutUsers(_) | JoinPractice(_) | CreateToken { .. } => self.role_keys(org, keys),
            FeedStock { items, .. } => stock::keys(items.iter().map(|item| &item.product), org, keys),
            MoveStock(items) => stock::keys(items.iter().map(|item| &item.product), org, keys),
            PutPurchases(items) => purchase::keys(items, org, keys),
            PutBoms(items) => bom::keys(items, org, keys),
            ReceivePurchases(items) => purchase::receipt_keys(items, org, keys),
            PutWarehouses(_) => warehouses::keys(org, keys),
            PutWorkCentres(_) => work::centre_keys(org, keys),
            PutWorkOrders(items) => work::keys(items, org, keys),
            FinishWork(items) => work::finish_keys(items, org, keys),
            PutStockLevels(items) => stock_level::keys(items, org, keys),
            PutSettings { .. }
            | PutSupplyRules { .. }
            | PutHandRules { .. }
            | PutNoticeRules { .. }
            | PutFigureTargets { .. } => company::keys(org, keys),
            PutDigests { .. } | SendDigest { .. } => digests::keys(org, keys),
            TellOverdueShortages(_) => shortages::keys(org, keys),
            OpenReview(review) => reviews::keys(review.month, org, keys),
            PutReview { month, .. } => reviews::keys(*month, org, keys),
            PutCalendar { .. } | PutCalendarLayer { .. } => calendars::keys(org, keys),
            PutOrganisation { .. } => organisation::keys(org, keys),
            PutOrderForm { .. } | PutNoticeTexts { .. } | PutIssueTypes { .. } => self.list_keys(org, keys),
            RecordLeave(_) | EndLeave(_) | Delegate(_) | EndDelegation(_) => absences::keys(org, keys),
            RevokeToken { hash } => drop(keys.tokens.insert(*hash)),
            SetPassword { user, present, .. } => {
                keys.users.insert((org, user.into_bytes()));
                keys.sessions.extend(*present);
            }
            RecordLogin { user, .. } | SetLanguage { user, .. } => {
                keys.users.insert((org, user.into_bytes()));
            }
            PutViews(views) => views.keys(org, keys),
            EndFeedback { id, .. } => feedback::keys(*id, org, keys),
            PutSelfCheckRules { .. } => self_check::keys(org, keys),
            RememberImport { hash, .. } => intake::keys(*hash, org, keys),
            PublishFlow { key, .. } | DisableFlow { key, .. } => {
                keys.active_flows.insert((org, key.clone()));
            }
            SaveDraft(save) => drop(keys.flow_drafts.insert((org, save.key.clone()))),
            ReleaseFlow(release) => flow_release::keys(release, org, keys),
            ApproveRelease { key } | WithdrawRelease { key, .. } | ReleaseDue { key } => {
                flow_pending::keys(key, org, keys);
            }
            PreviewOrders { orders, .. } => preview::keys(orders, org, keys),
            SettleTimer(timer) => keys.orders.extend(timer.order_id.map(|order| (org, order))),
            Rehearse(command) => command.keys(org, keys),
            Init(_)
            | OpenSession { .. }
            | CloseSession { .. }
            | GiveFeedback(_)
            | TakeEvidence
            | KeepSelfCheck { .. }
            | ReadNotices { .. }
            | KeepFacts(_)
            | KeepIntake(_) => {}
        }
    }

    /// What is looked up by whatever gives roles or makes them.
    fn role_keys(&self, org: i64, keys: &mut Keys) {
        match self {
            AdminCommand::PutRoles { items, .. } => roles::put_keys(items, org, keys),
            _ => roles::keys(org, keys),
        }
    }

    /// What is looked up of lists that are put as a whole; every other command has nothing to look up here.
    fn list_keys(&self, org: i64, keys: &mut Keys) {
        use AdminCommand::*;
        match self {
            PutCancelReasons { .. } => cancel_reasons::keys(org, keys),
            PutSavedSets { .. } => saved_sets::keys(org, keys),
            PutChannels { .. } => channels::keys(org, keys),
            PutSla { .. } => sla::keys(org, keys),
            PutOrderForm { .. } => order_form::keys(org, keys),
            PutNoticeTexts { .. } => notice_texts::keys(org, keys),
            PutIssueTypes { .. } => issues::keys(org, keys),
            _ => {}
        }
    }
}

/// The refusal of a bulk command that has faults already: a rehearsal finds the rest, so that all are named at once.
pub async fn refused_with(
    app: &App,
    org: i64,
    actor: Actor,
    command: AdminCommand,
    mut faults: Vec<Fault>,
) -> GateError {
    match app.admin(org, actor, AdminCommand::Rehearse(Box::new(command))).await {
        Ok(_) => {}
        Err(GateError::Invalid(found)) => {
            let known: Vec<String> = faults.iter().map(|fault| fault.path.clone()).collect();
            // What could not be read was left out for the rehearsal, which then misses it.
            let within = |path: &str, known: &String| {
                path.strip_prefix(known.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            faults.extend(
                found.into_iter().filter(|fault| !known.iter().any(|known| within(&fault.path, known))),
            );
        }
        Err(error) => return error,
    }
    GateError::Invalid(faults)
}
