//! All orders at one moment, as fast as the Gate takes them.

use super::data::SourceOrder;
use super::report::Progress;
use super::source::Defaults;
use crate::commands::Failed;
use jiff::Span;
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::gate::{Command, Done, GateError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Orders that are under way at the same time.
const WINDOW: usize = 64;

type Answer = (Instant, oneshot::Receiver<Result<Done, GateError>>);

pub(super) async fn drive(
    app: &App,
    org: i64,
    orders: &[SourceOrder],
) -> Result<(Vec<Case>, Vec<Duration>), Failed> {
    let defaults = Defaults::load(app, org)?;
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let today = house.calendar.date_at(app.clock.now_ms());
    let (mut cases, mut times) = (Vec::with_capacity(orders.len()), Vec::with_capacity(orders.len()));
    let progress = Progress::of(orders.len());
    for (index, window) in orders.chunks(WINDOW).enumerate() {
        let mut answers: Vec<Answer> = Vec::with_capacity(WINDOW);
        for (place, order) in window.iter().enumerate() {
            // When the order came, with the last one today.
            let at = today.at(17, 41, 0, 0).checked_add(Span::new().minutes(order.t));
            let command = defaults.place(order, (today, at.ok().map(|at| at.to_string())), true);
            let command = Command::Order { id: None, expected: None, command };
            let envelope = app.envelope(org, defaults.sender(index + place, order), command, None);
            answers.push((Instant::now(), app.gate.submit(envelope)?));
        }
        for (since, answer) in answers {
            if let Done::Order(case) = answer.await?? {
                cases.push(Case::clone(&case));
            }
            times.push(since.elapsed());
        }
        progress.show(cases.len());
    }
    progress.end();
    Ok((cases, times))
}
