//! Rules that one order has to keep, whatever the rest of the company does, and the mistakes that runs are planted with.

use ordain_app::case::decide::Decided;
use ordain_app::case::waits::Wait;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Event, event, timers};
use ordain_domain::order::{ChangeState, Event as OrderEvent, Status};

/// A deliberate mistake of the model Gate, which its properties must notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Does not subtract what other orders hold.
    Oversells,
    /// Judges prices with a tolerance of its own.
    HidesPrices,
    /// Does not know what other orders owe.
    ForgetsCredit,
    /// Does not look for duplicates.
    ForgetsTwins,
    /// Leaves an event out of the fold.
    SkipsAnEvent,
    /// Does not give back what a released order held.
    KeepsStock,
    /// Takes everybody for a sales manager.
    LetsOthersDecide,
    /// Lets those decide whom a step keeps out.
    IgnoresFourEyes,
    /// Takes one answer for enough, whatever the vote.
    CountsTooFew,
    /// Lets the clock pass orders of any amount.
    PassesLargeOrders,
    /// Asks nobody in steps that somebody has to look at.
    PassesOver,
    /// Leaves a block with the first lane.
    JoinsEarly,
    /// Forgets who has answered in a vote.
    HearsTwice,
    /// Takes the decision of a task that is over.
    CountsClosed,
    /// Writes more fields than it was asked to.
    LosesFields,
    /// Counts deadlines through the night.
    WorksAtNight,
    /// Opens no task for a step.
    AsksNobody,
    /// Does not notice that people have left.
    AsksLeavers,
    /// Ends a run a second time.
    EndsTwice,
    /// Gives exceptions to somebody unknown.
    LosesOwners,
    /// Moves running orders to the flow that was published last.
    ChangesVersion,
    /// Fires timers before they are due.
    FiresEarly,
    /// Does not decide the same twice.
    DecidesByChance,
    /// Knows no amount from which on a second person has to agree.
    ActsAlone,
}

impl Broken {
    pub const ALL: [Broken; 24] = [
        Broken::Oversells,
        Broken::HidesPrices,
        Broken::ForgetsCredit,
        Broken::ForgetsTwins,
        Broken::SkipsAnEvent,
        Broken::KeepsStock,
        Broken::LetsOthersDecide,
        Broken::IgnoresFourEyes,
        Broken::CountsTooFew,
        Broken::PassesLargeOrders,
        Broken::PassesOver,
        Broken::JoinsEarly,
        Broken::HearsTwice,
        Broken::CountsClosed,
        Broken::LosesFields,
        Broken::WorksAtNight,
        Broken::AsksNobody,
        Broken::AsksLeavers,
        Broken::EndsTwice,
        Broken::LosesOwners,
        Broken::ChangesVersion,
        Broken::FiresEarly,
        Broken::DecidesByChance,
        Broken::ActsAlone,
    ];
}

/// Every change of status along the events must be one that the status allows.
pub fn allowed(before: Option<&Case>, decided: &Decided, at_ms: i64) -> Result<(), String> {
    let mut case = before.cloned();
    for event in &decided.events {
        let old = case.as_ref().map(|case| case.order.status);
        event::apply(&mut case, event, at_ms);
        let new = case.as_ref().map(|case| case.order.status);
        match (old, new) {
            (None, Some(Status::Draft)) => {}
            (Some(old), Some(new)) if old == new || old.may_become(new) => {}
            // By hand, and only what is over without having been confirmed.
            (Some(Status::Cancelled | Status::Rejected | Status::Expired), Some(Status::InReview))
                if matches!(event, Event::Order(OrderEvent::Reopened { .. })) => {}
            other => return Err(format!("status {other:?} by {event:?}")),
        }
    }
    Ok(())
}

/// A timer is for something that is still awaited, and stands under the name of what it is for.
pub fn timers_are_live(case: &Case, house: &House) -> Result<(), String> {
    use timers::TimerKind;
    for (kind, key) in timers::wanted(case, house).keys() {
        let open = || case.open_tasks().any(|(_, task)| task.id.to_string() == *key);
        let unsent = || case.notices.iter().any(|n| n.id.to_string() == *key && n.sent_ms.is_none());
        let asked = || {
            let live = !matches!(case.order.status, Status::Cancelled | Status::Rejected | Status::Expired);
            let open = ordain_domain::order::QuestionState::Open;
            live && case.order.questions.iter().any(|q| q.id.to_string() == *key && q.state == open)
        };
        let live = match kind {
            TimerKind::Gap => case.order.status == Status::Incomplete,
            TimerKind::TaskSoon | TimerKind::TaskDue => open(),
            TimerKind::TaskHeld => {
                case.open_tasks().any(|(_, task)| task.held.is_some() && task.id.to_string() == *key)
            }
            TimerKind::TaskUnreceived => {
                let task = key.split_once(':').map_or(key.as_str(), |(task, _)| task);
                case.open_tasks().any(|(_, open)| open.id.to_string() == task && open.received_ms.is_none())
            }
            TimerKind::Stall => {
                matches!(case.order.status, Status::Incomplete | Status::InReview) && !case.order.on_hold
            }
            TimerKind::NoticeLate => unsent(),
            TimerKind::QuestionDue => asked(),
            TimerKind::DeadlineRule | TimerKind::HolderAway => {
                let task = key.split_once(':').map_or(key.as_str(), |(task, _)| task);
                case.open_tasks().any(|(_, open)| open.id.to_string() == task)
            }
            TimerKind::SupplyDue => {
                case.order.status.is_firm()
                    && case.order.coming.iter().any(|part| part.source.to_string() == *key)
            }
            TimerKind::ReservationDue => {
                case.order.status == Status::InReview
                    && !(case.order.held.is_empty() && case.order.coming.is_empty())
            }
            TimerKind::ChangeDue => {
                let mut asked =
                    case.order.changes.iter().filter(|change| change.state == ChangeState::Requested);
                asked.any(|change| change.id.to_string() == *key)
            }
            TimerKind::PaymentDue => case.order.status.is_firm() && case.order.unpaid_minor() > 0,
            TimerKind::ExceptionDue => case.open_exceptions().any(|open| open.id.to_string() == *key),
            TimerKind::WaitDue => {
                let visit = Wait::parse(key).map(Wait::visit);
                let mut open = case.runs().flat_map(|(_, run)| run.open_visits());
                open.any(|open| Some(open.visit) == visit)
            }
        };
        if !live {
            return Err(format!("timer {kind:?} {key} of {:?} is for nothing", case.order.status));
        }
    }
    Ok(())
}
