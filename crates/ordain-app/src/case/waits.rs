//! When the waits of a run are over: for the customer's answer, for an event, for a time.

use super::deadline::{date_of, later, moved};
use super::side_run::run_of;
use super::world::House;
use super::{Case, FlowPin};
use ordain_domain::calendar::add_calendar_minutes;
use ordain_flow::doc::{Clock, DelayFor, NodeKind};
use ordain_flow::run::{Visit, VisitKind};

/// Calendar minutes after which a delay has taken too long, if the flow says nothing: 30 days.
const DELAY_MAX_MINUTES: u32 = 43_200;

/// Calendar minutes after which a call counts as failed of which nothing was heard: a day. Long before that it has been
/// answered or given up, unless nobody was there to make it.
const CALL_MAX_MINUTES: i64 = 1_440;

/// What a timer of a wait is for, with the visit that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Due(u32),
    Remind(u32),
    TooLong(u32),
}

impl Wait {
    pub fn key(self) -> String {
        match self {
            Self::Due(visit) => visit.to_string(),
            Self::Remind(visit) => format!("{visit}:remind"),
            Self::TooLong(visit) => format!("{visit}:max"),
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        let (visit, what) = key.split_once(':').unwrap_or((key, ""));
        let visit = visit.parse().ok()?;
        match what {
            "" => Some(Self::Due(visit)),
            "remind" => Some(Self::Remind(visit)),
            "max" => Some(Self::TooLong(visit)),
            _ => None,
        }
    }

    pub fn visit(self) -> u32 {
        match self {
            Self::Due(visit) | Self::Remind(visit) | Self::TooLong(visit) => visit,
        }
    }
}

impl Case {
    /// Since when the customer is waited for, who still has time to answer.
    pub fn asked_ms(&self) -> Option<i64> {
        let open = self.runs().flat_map(|(_, run)| run.open_visits());
        open.filter(|visit| visit.kind == VisitKind::Customer && !visit.lapsed)
            .map(|visit| visit.since_ms)
            .min()
    }

    /// Whether it is the customer who is waited for in an open stay.
    pub fn asks_customer(&self, visit: u32) -> bool {
        let mut open = self.runs().flat_map(|(_, run)| run.open_visits());
        open.any(|stay| stay.visit == visit && stay.kind == VisitKind::Customer)
    }
}

/// The instants that the open waits of a case wait for.
pub fn waits(case: &Case, house: &House) -> Vec<(Wait, i64)> {
    let open = case.runs().flat_map(|(pin, run)| run.open_visits().map(move |visit| (pin, visit)));
    open.flat_map(|(pin, visit)| of_visit(visit, pin, case, house)).collect()
}

fn of_visit(visit: &Visit, pin: &FlowPin, case: &Case, house: &House) -> Vec<(Wait, i64)> {
    let Some(node) = house.flow(pin).and_then(|flow| flow.node(&visit.node)) else { return Vec::new() };
    let (calendar, since_ms, n) = (house.calendars.company(), visit.since_ms, visit.visit);
    let stood = case.stood.get(&n).copied().unwrap_or_default();
    let due_after = |minutes: u32| calendar.add_working_minutes(since_ms, minutes.saturating_add(stood));
    match &node.kind {
        NodeKind::CustomerConfirmation(settings) if !visit.lapsed => {
            let due = settings.deadline_minutes.map(due_after);
            let remind = due
                .zip(settings.remind_before_minutes)
                .map(|(due, before)| calendar.subtract_working_minutes(due, before).max(since_ms));
            let waits = [due.map(|at| (Wait::Due(n), at)), remind.map(|at| (Wait::Remind(n), at))];
            waits.into_iter().flatten().collect()
        }
        NodeKind::WaitEvent(settings) => {
            vec![(Wait::Due(n), due_after(settings.timeout_minutes))]
        }
        NodeKind::ConnectorCall(_) if visit.kind == VisitKind::Call => {
            vec![(Wait::TooLong(n), add_calendar_minutes(since_ms, CALL_MAX_MINUTES))]
        }
        NodeKind::Delay(settings) if visit.kind == VisitKind::Delay => {
            let most = settings.max_minutes.unwrap_or(DELAY_MAX_MINUTES);
            let too_long = (Wait::TooLong(n), add_calendar_minutes(since_ms, i64::from(most)));
            let due = match &settings.wait {
                DelayFor::Minutes { minutes, clock } => Some(later(calendar, *clock, since_ms, *minutes)),
                DelayFor::Field { field, offset_minutes } => date_of(case, run_of(n), field).map(|date| {
                    moved(calendar, Clock::Working, calendar.first_working_moment(date), *offset_minutes)
                }),
                DelayFor::At { date: Some(date), time } => Some(calendar.instant(*date, time.minute())),
                DelayFor::At { date: None, time } => {
                    let today = calendar.date_at(since_ms);
                    let days = [Ok(today), today.tomorrow()].into_iter().flatten();
                    days.map(|date| calendar.instant(date, time.minute())).find(|at_ms| *at_ms >= since_ms)
                }
            };
            due.map(|at| (Wait::Due(n), at)).into_iter().chain([too_long]).collect()
        }
        _ => Vec::new(),
    }
}
