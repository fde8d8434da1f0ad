//! The smaller bodies: acts on orders and tasks, sign-in, master data. Each has a shape to be read against and a
//! schema to be shown.

use super::order_body::{INVOICE, REASON, ReasonBody};
use super::reader::{Kind, Shape};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

pub const REASONED: Shape = &[("reason", Kind::Words)];
pub const CANCEL: Shape = &[("reason", Kind::Words), ("reason_code", Kind::Text)];
pub const SUBMIT: Shape = &[("reasons", Kind::List(&Kind::Object(REASON)))];
pub const NOTHING: Shape = &[];
pub const LOSS: Shape = &[("reason_code", Kind::Text)];
pub const WATCH: Shape = &[("on", Kind::Bool)];
pub const TAKE: Shape =
    &[("lines", Kind::List(&Kind::Integer)), ("head", Kind::Bool), ("reason", Kind::Words)];
pub const COMMENT: Shape = &[("text", Kind::Words)];
pub const QUESTION: Shape = &[
    ("finding_id", Kind::Text),
    ("to", Kind::OneOf(&["customer", "sales"])),
    ("text", Kind::Words),
    ("due_at", Kind::Instant),
];
pub const DECISION: Shape = &[
    ("decision", Kind::OneOf(&["approve", "reject", "return"])),
    ("reason", Kind::Words),
    ("accept", Kind::List(&Kind::Object(REASON))),
    ("signature", Kind::Text),
];
pub const TRANSFER: Shape = &[("to", Kind::Text), ("reason", Kind::Words)];
pub const NOTE: Shape = &[("note", Kind::Words)];
pub const HOLD_TASK: Shape = &[("minutes", Kind::Integer), ("reason", Kind::Words)];
pub const PRESS: Shape = &[("button", Kind::Text)];
pub const COPIES: Shape = &[("to", Kind::List(&Kind::Text)), ("note", Kind::Words)];
pub const SIGNER: Shape =
    &[("login", Kind::Text), ("at", Kind::OneOf(&["before", "parallel", "after"])), ("counts", Kind::Bool)];
pub const REASSIGNMENT: Shape =
    &[("user", Kind::Text), ("department", Kind::Text), ("role", Kind::Text), ("reason", Kind::Words)];
pub const RETURN: Shape = &[("to", Kind::Text), ("direct", Kind::Bool), ("reason", Kind::Words)];
pub const FIELDS: Shape = &[("values", Kind::Free)];
pub const SEEN: Shape = &[("fields", Kind::List(&Kind::Text))];
pub const POINT: Shape = &[("point", Kind::Integer)];
pub const BATCH: Shape = &[
    ("ids", Kind::List(&Kind::Text)),
    ("decision", Kind::OneOf(&["approve", "reject", "return"])),
    ("reason", Kind::Words),
];
pub const PEOPLE: Shape = &[("people", Kind::Map(&Kind::List(&Kind::Text)))];
pub const ANSWER: Shape =
    &[("accepted", Kind::Bool), ("evidence", Kind::Words), ("code", Kind::Text), ("signed", Kind::Bool)];
pub const NOTICE: Shape = &[("template", Kind::Text), ("to", Kind::Text)];
pub const SIGNAL: Shape = &[("event", Kind::Text), ("key", Kind::Text)];
pub const INTERVENTION: Shape = &[
    ("act", Kind::OneOf(ACTS)),
    ("to", Kind::Text),
    ("node", Kind::Text),
    ("visit", Kind::Integer),
    ("outcome", Kind::OneOf(&["rejected", "cancelled"])),
    ("finding_id", Kind::Text),
    ("exception_id", Kind::Text),
    ("reason", Kind::Words),
];
const ACTS: &[&str] =
    &["jump", "skip", "rerun", "end", "revive", "override", "take_over", "put_back", "agree"];
pub const PASSWORD: Shape = &[("current", Kind::Text), ("password", Kind::Text)];
pub const SESSION: Shape = &[("login", Kind::Text), ("password", Kind::Text)];
pub const PRACTICE: Shape = &[("role", Kind::Text)];
pub const LANGUAGE: Shape = &[("lang", Kind::OneOf(&["zh", "en", "zh-CN"]))];
pub const READ_NOTICES: Shape =
    &[("ids", Kind::List(&Kind::Text)), ("copies_of", Kind::Text), ("all", Kind::Bool)];

const SHIP_TO: Shape = &[("name", Kind::Text), ("phone", Kind::Text), ("address", Kind::Text)];
const CONTACT: Shape =
    &[("name", Kind::Text), ("email", Kind::Text), ("phone", Kind::Text), ("role", Kind::Text)];
const CUSTOMER: Shape = &[
    ("code", Kind::Text),
    ("name", Kind::Text),
    ("level", Kind::Text),
    ("credit_limit", Kind::Number),
    ("credit_limit_until", Kind::Text),
    ("temporary_limit", Kind::Number),
    ("temporary_limit_until", Kind::Text),
    ("currency", Kind::Text),
    ("payment_terms", Kind::Text),
    ("payment_method", Kind::Text),
    ("ship_to", Kind::List(&Kind::Object(SHIP_TO))),
    ("invoice", Kind::Object(INVOICE)),
    ("contacts", Kind::List(&Kind::Object(CONTACT))),
    ("owner", Kind::Text),
];
const PRODUCT: Shape = &[
    ("code", Kind::Text),
    ("name", Kind::Text),
    ("unit", Kind::Text),
    ("tax_rate", Kind::Number),
    ("list_price", Kind::Number),
    ("line", Kind::Text),
    ("floor_price", Kind::Number),
    ("cost_price", Kind::Number),
    ("min_margin", Kind::Number),
    ("units", Kind::List(&Kind::Object(UNIT))),
    ("indivisible", Kind::Bool),
    ("substitutes", Kind::List(&Kind::Object(SUBSTITUTE))),
];
const SUBSTITUTE: Shape = &[("product", Kind::Text), ("ratio", Kind::Number)];
const UNIT: Shape = &[("unit", Kind::Text), ("contains", Kind::Number)];
const PRICE: Shape = &[
    ("product", Kind::Text),
    ("customer", Kind::Text),
    ("level", Kind::Text),
    ("currency", Kind::Text),
    ("kind", Kind::Text),
    ("valid_from", Kind::Text),
    ("valid_to", Kind::Text),
    ("price", Kind::Number),
    ("min_quantity", Kind::Number),
];
const STOCK: Shape =
    &[("product", Kind::Text), ("warehouse", Kind::Text), ("on_hand", Kind::Number), ("as_of", Kind::Text)];
const USER: Shape = &[
    ("login", Kind::Text),
    ("name", Kind::Text),
    ("department", Kind::Text),
    ("roles", Kind::List(&Kind::Text)),
    ("email", Kind::Text),
    ("lang", Kind::Text),
    ("disabled", Kind::Bool),
    ("password", Kind::Text),
    ("password_once", Kind::Bool),
];
pub const CUSTOMERS: Shape = &[("items", Kind::List(&Kind::Object(CUSTOMER)))];
pub const PRODUCTS: Shape = &[("items", Kind::List(&Kind::Object(PRODUCT)))];
pub const PRICES: Shape = &[("items", Kind::List(&Kind::Object(PRICE)))];
const MOVEMENT: Shape = &[
    ("kind", Kind::OneOf(&["in", "out", "adjust", "transfer"])),
    ("product", Kind::Text),
    ("warehouse", Kind::Text),
    ("to_warehouse", Kind::Text),
    ("quantity", Kind::Number),
    ("reason", Kind::Words),
    ("reference", Kind::Text),
];
pub const MOVEMENTS: Shape = &[("items", Kind::List(&Kind::Object(MOVEMENT)))];
const LEVEL: Shape = &[
    ("product", Kind::Text),
    ("warehouse", Kind::Text),
    ("frozen", Kind::Number),
    ("safety", Kind::Number),
    ("reorder", Kind::Number),
];
pub const LEVELS: Shape = &[("items", Kind::List(&Kind::Object(LEVEL)))];
const PURCHASE: Shape = &[
    ("number", Kind::Text),
    ("line", Kind::Integer),
    ("state", Kind::OneOf(&["requested", "ordered", "cancelled"])),
    ("supplier", Kind::Text),
    ("product", Kind::Text),
    ("warehouse", Kind::Text),
    ("quantity", Kind::Number),
    ("due_date", Kind::Date),
    ("owner", Kind::Text),
];
pub const PURCHASES: Shape = &[("items", Kind::List(&Kind::Object(PURCHASE)))];
const RECEIPT: Shape = &[
    ("number", Kind::Text),
    ("line", Kind::Integer),
    ("product", Kind::Text),
    ("quantity", Kind::Number),
    ("warehouse", Kind::Text),
    ("reference", Kind::Text),
];
pub const RECEIPTS: Shape = &[("items", Kind::List(&Kind::Object(RECEIPT)))];
const COMPONENT: Shape = &[("product", Kind::Text), ("quantity", Kind::Number)];
const BOM: Shape = &[
    ("product", Kind::Text),
    ("days", Kind::Integer),
    ("work_centre", Kind::Text),
    ("minutes", Kind::Number),
    ("components", Kind::List(&Kind::Object(COMPONENT))),
];
const WAREHOUSE: Shape = &[("code", Kind::Text), ("name", Kind::Text), ("rank", Kind::Integer)];
pub const WAREHOUSES: Shape = &[("items", Kind::List(&Kind::Object(WAREHOUSE)))];
const WORK_CENTRE: Shape = &[("code", Kind::Text), ("name", Kind::Text), ("daily_minutes", Kind::Integer)];
pub const WORK_CENTRES: Shape = &[("items", Kind::List(&Kind::Object(WORK_CENTRE)))];
const WORK: Shape = &[
    ("number", Kind::Text),
    ("state", Kind::OneOf(&["requested", "planned", "released", "cancelled"])),
    ("product", Kind::Text),
    ("warehouse", Kind::Text),
    ("work_centre", Kind::Text),
    ("quantity", Kind::Number),
    ("due_date", Kind::Date),
    ("owner", Kind::Text),
];
pub const WORK_ORDERS: Shape = &[("items", Kind::List(&Kind::Object(WORK)))];
const FINISHED: Shape = &[
    ("number", Kind::Text),
    ("product", Kind::Text),
    ("quantity", Kind::Number),
    ("scrapped", Kind::Number),
    ("reference", Kind::Text),
];
pub const FINISHES: Shape = &[("items", Kind::List(&Kind::Object(FINISHED)))];
pub const BOMS: Shape = &[("items", Kind::List(&Kind::Object(BOM)))];
const CLAUSE: Shape =
    &[("code", Kind::Text), ("zh", Kind::Text), ("en", Kind::Text), ("required", Kind::Bool)];
pub const CLAUSES: Shape = &[("items", Kind::List(&Kind::Object(CLAUSE)))];
pub const FEED: Shape = &[("as_of", Kind::Text), ("items", Kind::List(&Kind::Object(STOCK)))];
pub const USERS: Shape = &[("items", Kind::List(&Kind::Object(USER)))];

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonedBody {
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CancelBody {
    /// In words; needed where no code is given, and for `other`.
    pub reason: Option<String>,
    /// One of the company's reasons, by code.
    pub reason_code: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct LossBody {
    /// One of the reasons for which orders are lost, or why the order was none, by code.
    pub reason_code: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WatchBody {
    pub on: bool,
}

/// Nothing of it is needed to take a change up as a whole.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TakeBody {
    /// The lines of which it is taken up, by id.
    pub lines: Option<Vec<u32>>,
    /// Whether what it wants outside of lines is taken up too.
    pub head: Option<bool>,
    /// Why the rest is not taken up.
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SubmitBody {
    pub reasons: Option<Vec<ReasonBody>>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PracticeBody {
    /// The role to practise; the caller's own without it.
    pub role: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct EmptyBody {}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CommentBody {
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct QuestionBody {
    pub finding_id: Option<String>,
    /// `customer` or `sales`.
    pub to: String,
    pub text: String,
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct DecisionBody {
    /// `approve`, `reject` or `return`.
    pub decision: String,
    pub reason: Option<String>,
    /// Reasons for which warnings are accepted.
    pub accept: Option<Vec<ReasonBody>>,
    /// A drawn signature: a PNG in base64, at most 256 KiB.
    pub signature: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SeenBody {
    /// Those of the fields shown first that came into view.
    pub fields: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TransferBody {
    /// Login of the colleague.
    pub to: String,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NoteBody {
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct HoldTaskBody {
    /// Working minutes.
    pub minutes: u32,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PressBody {
    /// Id of the button.
    pub button: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CopiesBody {
    /// Logins.
    pub to: Vec<String>,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignerBody {
    pub login: String,
    /// `before`, `parallel` or `after`.
    pub at: String,
    /// Whether the answer is a further seat of the step's vote; otherwise it is only heard, and its refusal refuses.
    pub counts: Option<bool>,
}

/// One of user, department and role.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReassignmentBody {
    pub user: Option<String>,
    pub department: Option<String>,
    pub role: Option<String>,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReturnBody {
    /// The step to return to; without one the order goes back to its sender.
    pub to: Option<String>,
    /// Straight back here afterwards, instead of through every step between.
    pub direct: Option<bool>,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FieldsBody {
    /// Values by path, for instance `special_requests` or `lines[0].quantity`; null empties a field.
    pub values: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PointBody {
    /// Number of the point in the checklist, from 0.
    pub point: u32,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BatchBody {
    pub ids: Vec<String>,
    /// `approve`, `reject` or `return`.
    pub decision: String,
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PeopleBody {
    /// Logins by step.
    pub people: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerBody {
    pub accepted: bool,
    /// How the customer said so.
    pub evidence: String,
    /// The code that the customer was sent, where the flow asks for one.
    pub code: Option<String>,
    /// The paper that the customer has signed is there.
    pub signed: Option<bool>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NoticeBody {
    /// `order_confirmed` or `customer_confirmation`.
    pub template: String,
    /// A mail address; without one the customer's first contact.
    pub to: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignalBody {
    /// The name of the event, as the flow waits for it.
    pub event: String,
    /// What it is known by, where the flow says which field has to hold that.
    pub key: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct InterventionBody {
    /// `jump`, `skip`, `rerun`, `end`, `revive`, `override`, `take_over`, `put_back` or `agree`.
    pub act: String,
    /// For `jump`: the step to go to.
    pub to: Option<String>,
    /// For `skip` and `rerun`: the step that waits.
    pub node: Option<String>,
    /// In which stay, where it waits in several runs at once; without it, in the first.
    pub visit: Option<u32>,
    /// For `end`: `rejected` or `cancelled`.
    pub outcome: Option<String>,
    /// For `override`: the warning to set aside.
    pub finding_id: Option<String>,
    /// For `agree`: the exception that holds what somebody else wants to do.
    pub exception_id: Option<String>,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SessionBody {
    pub login: String,
    pub password: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PasswordBody {
    pub current: String,
    /// The one to be used from now on.
    pub password: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct LanguageBody {
    /// `zh` or `en`.
    pub lang: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReadNoticesBody {
    pub ids: Option<Vec<String>>,
    /// Id of an order: the copies of it.
    pub copies_of: Option<String>,
    pub all: Option<bool>,
}
