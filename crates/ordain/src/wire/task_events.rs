//! What happened to the tasks, exceptions and calls of an order, in words.

use super::person::party_name;
use super::timeline::Names;
use crate::words::{Text, list, named, text};
use ordain_app::case::HandOver;
use ordain_app::case::agreed::Departure;
use ordain_app::case::call::{CallEnd, Hook};
use ordain_app::case::event::Event;
use ordain_flow::doc::Party;

pub fn detail(event: &Event, names: &Names<'_>) -> Option<Text> {
    let party = |party: &Party| party_name(names.people(), party);
    let number = |n: u32| Text::plain(n.to_string());
    Some(match event {
        Event::TaskAssigned { task, .. } => {
            let args = [("node", names.node(&task.node)), ("who", party(&task.holder))];
            text("event.task_assigned", &args)
        }
        Event::TaskReopened { .. } => text("event.task_reopened", &[]),
        Event::TaskUrged { .. } => text("event.task_urged", &[]),
        Event::TaskHeld { held, .. } => {
            let args =
                [("until", Text::plain(names.time(held.until_ms))), ("reason", Text::plain(&held.reason))];
            text("event.task_held", &args)
        }
        Event::TaskResumed { minutes, .. } => text("event.task_resumed", &[("n", number(*minutes))]),
        Event::CopySent { to, .. } => {
            let named = to.iter().filter_map(|id| names.people().users.get(id));
            let people: Vec<Text> = named.map(|user| Text::plain(&user.name)).collect();
            text("event.copy_sent", &[("to", list(&people))])
        }
        Event::TaskHandedOver { hand_over, .. } => handed_over(hand_over, names),
        Event::TaskRescheduled { due_ms, .. } => {
            let due = due_ms.map_or_else(|| "–".to_owned(), |due| names.time(due));
            text("event.task_rescheduled", &[("due", Text::plain(due))])
        }
        Event::TaskSeen { .. } => text("event.task_seen", &[]),
        Event::PointTicked { point, .. } => text("event.point_ticked", &[("n", number(point + 1))]),
        Event::BallotOpened { ballot, .. } => text("event.ballot_opened", &[("n", number(ballot.seats))]),
        Event::SeatQueued { seat, .. } => text("event.seat_queued", &[("to", party(&seat.party))]),
        Event::PeopleChosen { node, logins } => {
            let people: Vec<Text> = logins.iter().map(|login| party(&Party::User(login.clone()))).collect();
            text("event.people_chosen", &[("node", names.node(node)), ("to", list(&people))])
        }
        Event::ExceptionRaised { exception } => {
            text("event.exception_raised", &[("kind", named("exception", exception.kind.name()))])
        }
        Event::ExceptionTaken { .. } => text("event.exception_taken", &[]),
        Event::ExceptionEscalated { to, .. } => text("event.exception_escalated", &[("to", party(to))]),
        Event::ExceptionClosed { .. } => text("event.exception_closed", &[]),
        Event::CustomerSpared { node, revision, departures, .. } => {
            let args = [("node", names.node(node)), ("n", number(*revision)), ("what", departed(departures))];
            text("event.customer_spared", &args)
        }
        Event::CodeSent { code } => {
            let channel = named("notice_channel", &code.channel);
            text("event.code_sent", &[("channel", channel), ("to", Text::plain(&code.to))])
        }
        Event::CodeWrong { .. } => text("event.code_wrong", &[]),
        Event::CallMade { call, .. } => {
            let args =
                [("connector", Text::plain(&call.connector)), ("operation", Text::plain(&call.operation))];
            text("event.call_made", &args)
        }
        Event::HookCalled { hook, .. } => told(hook),
        Event::HookEnded { failed: None, .. } => text("event.hook_heard", &[]),
        Event::HookEnded { failed: Some(why), .. } => text("event.call_failed", &[("why", Text::plain(why))]),
        Event::CallEnded { end: CallEnd::Answered { .. }, .. } => text("event.call_answered", &[]),
        Event::CallEnded { end: CallEnd::Failed { why }, .. } => {
            text("event.call_failed", &[("why", Text::plain(why))])
        }
        _ => return None,
    })
}

fn told(hook: &Hook) -> Text {
    let connector = ("connector", Text::plain(&hook.connector));
    let operation = ("operation", Text::plain(&hook.operation));
    match &hook.button {
        None => text("event.hook_called", &[connector, operation]),
        Some(pressed) => {
            text("event.button_pressed", &[("button", Text::from(&pressed.name)), connector, operation])
        }
    }
}

/// How far an order departs from what its customer has accepted.
fn departed(departures: &[Departure]) -> Text {
    if departures.is_empty() {
        return text("departure.none", &[]);
    }
    let one = |departure: &Departure| {
        let args = [
            ("n", Text::plain(departure.line.to_string())),
            ("before", Text::plain(&departure.before)),
            ("after", Text::plain(&departure.after)),
        ];
        text(&format!("departure.{}", departure.what.name()), &args)
    };
    list(&departures.iter().take(20).map(one).collect::<Vec<_>>())
}

fn handed_over(hand_over: &HandOver, names: &Names<'_>) -> Text {
    let name = |party| party_name(names.people(), party);
    let args = [
        ("from", name(&hand_over.from)),
        ("to", name(&hand_over.to)),
        ("why", named("hand_over", hand_over.why.name())),
    ];
    text("event.task_handed_over", &args)
}
