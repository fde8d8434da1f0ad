//! Event logs for process mining: what happened to orders, in the forms that the tools of the field read.
//!
//! An order is written as it comes and forgotten, so a log of any size takes the memory of one order.

mod ocel;
mod xes;

pub use ocel::OcelWriter;
pub use xes::XesWriter;

/// Where a step stands after an event, by the names of the standard life cycle of XES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    Schedule,
    Start,
    Reassign,
    Suspend,
    Resume,
    Withdraw,
    Autoskip,
    Complete,
}

impl Transition {
    pub fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Start => "start",
            Self::Reassign => "reassign",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Withdraw => "withdraw",
            Self::Autoskip => "autoskip",
            Self::Complete => "complete",
        }
    }
}

/// One thing that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Unlike that of any other event.
    pub id: String,
    /// In microseconds: what happened to an order in one instant keeps its order by them, whatever a reader sorts by.
    pub at_us: i64,
    /// A step of the flow, or what became of the order.
    pub activity: String,
    pub transition: Transition,
    pub resource: String,
    pub department: Option<String>,
    pub decision: Option<String>,
    /// The task that it is about.
    pub task: Option<String>,
}

impl LogEvent {
    /// The kind of the event where there is no life cycle beside it: the activity alone is the one that was completed.
    pub fn kind(&self) -> String {
        match self.transition {
            Transition::Complete => self.activity.clone(),
            other => format!("{} ({})", self.activity, other.name()),
        }
    }

    /// What is said of an event, by the names of [`EVENT_FACTS`].
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let facts = [
            Some(self.resource.as_str()),
            self.department.as_deref(),
            self.decision.as_deref(),
            Some(self.activity.as_str()),
        ];
        EVENT_FACTS.into_iter().zip(facts).filter_map(|(name, fact)| Some((name, fact?))).collect()
    }
}

pub const EVENT_FACTS: [&str; 4] = ["resource", "department", "decision", "activity"];

/// Something that events are about, or that such a thing refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogObject {
    /// Unlike that of any other object.
    pub id: String,
    pub kind: ObjectKind,
    /// Since when it is as it is described, in microseconds.
    pub since_us: i64,
    /// By the names of its kind; what is not known is absent.
    pub facts: Vec<(&'static str, String)>,
    /// What it refers to, and as what.
    pub refers: Vec<(String, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Order,
    Task,
    Customer,
    Product,
}

impl ObjectKind {
    pub const ALL: [ObjectKind; 4] =
        [ObjectKind::Order, ObjectKind::Task, ObjectKind::Customer, ObjectKind::Product];

    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Task => "task",
            Self::Customer => "customer",
            Self::Product => "product",
        }
    }

    /// What is said of such an object.
    pub fn facts(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["number", "channel", "status", "flow", "amount", "currency"],
            Self::Task => &["step", "department"],
            Self::Customer | Self::Product => &["code", "name"],
        }
    }

    /// The id of an object of this kind.
    pub fn id(self, key: &str) -> String {
        format!("{}:{key}", self.name())
    }
}

/// An order with everything that happened to it, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub order: LogObject,
    pub tasks: Vec<LogObject>,
    pub events: Vec<LogEvent>,
}

/// An instant, always with microseconds: readers take the form of the first for that of all.
pub fn instant(at_us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at_us).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{at:.6}")
}
