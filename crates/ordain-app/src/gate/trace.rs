//! What is told to a tracer of the commands about orders: how long each waited for its turn, and how long for its commit.

use super::command::{Command, Done, Envelope, GateError};
use super::log_entry::command_name;
use super::outlet::Decided;
use crate::case::decide::OrderCommand;
use ordain_connect::trace::{Step, Tracer};
use ordain_store::OutboxRow;
use std::time::SystemTime;
use uuid::Uuid;

/// The steps of a batch that has been committed just now and is not answered yet.
pub(super) fn tell(tracer: &Tracer, done: &Decided) {
    let (taken, ended) = (&done.taken, SystemTime::now());
    let size = taken.len().to_string();
    for ((envelope, reply), answer) in taken.envelopes.iter().zip(&taken.replies).zip(&done.answers) {
        let Some((order, command)) = subject(envelope, answer) else { continue };
        // The step that made the order bears its id, and all others are a part of it.
        let made = matches!(envelope.command, Command::Order { id: None, .. });
        let id = if made { tail(order) } else { tail(envelope.by.id) };
        let whole = Step {
            trace: order.into_bytes(),
            id,
            part_of: (!made).then(|| tail(order)),
            name: command_name(command).into(),
            began: reply.since,
            ended,
            facts: vec![("ordain.order", order.to_string()), ("ordain.command", envelope.by.id.to_string())],
            failed: answer.as_ref().err().map(ToString::to_string),
        };
        let part = |id: u64, name: &'static str, began, ended| Step {
            id,
            part_of: Some(whole.id),
            name: name.into(),
            began,
            ended,
            facts: vec![("ordain.batch", size.clone())],
            failed: None,
            ..whole.clone()
        };
        tracer.tell(part(id ^ 1, "queue", reply.since, taken.at));
        tracer.tell(part(id ^ 2, "commit", taken.at, ended));
        tracer.tell(whole);
    }
}

/// The order that a command is about, where there is one.
fn subject<'e>(envelope: &'e Envelope, answer: &Result<Done, GateError>) -> Option<(Uuid, &'e OrderCommand)> {
    match (&envelope.command, answer) {
        (Command::Order { id: Some(id), command, .. }, _) => Some((*id, command)),
        (Command::Order { command, .. }, Ok(Done::Order(case))) => Some((case.order.id, command)),
        (Command::FinishOutbox { told: Some((id, command)), .. }, _) => Some((*id, command)),
        _ => None,
    }
}

/// That a message of an order was tried to be sent.
pub(crate) fn sending(row: &OutboxRow, began: SystemTime, failed: Option<String>) -> Option<Step> {
    let order = Uuid::from_bytes(row.order_id?);
    let message = Uuid::from_bytes(row.id);
    Some(Step {
        trace: order.into_bytes(),
        // A message and the command it comes from have neighbouring ids.
        id: tail(message).rotate_left(32) ^ u64::from_ne_bytes(row.attempts.to_ne_bytes()),
        part_of: Some(tail(order)),
        name: "send".into(),
        began,
        ended: SystemTime::now(),
        facts: vec![
            ("ordain.order", order.to_string()),
            ("ordain.message", message.to_string()),
            ("ordain.channel", row.channel.clone()),
            ("ordain.attempt", row.attempts.to_string()),
        ],
        failed,
    })
}

/// The half of an id that is random.
fn tail(id: Uuid) -> u64 {
    id.as_u64_pair().1
}
