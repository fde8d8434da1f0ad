//! What runs beside the doors: delivers mail, makes calls, fires timers, seals the log, removes what has outlived its use.
//!
//! Each loop compares what is with what should be and may run at any time, twice, or not for a while; a commit wakes
//! it, polling is the truth.

use crate::admin::{
    AdminCommand, RELEASE_DUE, patiently, recheck_left_behind, recheck_open_tasks, recheck_timers,
    recheck_waiting,
};
use crate::app::App;
use crate::call::make_calls;
use crate::case::decide::OrderCommand;
use crate::case::timers::TimerKind;
use crate::figures;
use crate::gate::{Command, Committed, GateError};
use crate::mail::deliver_outbox;
use crate::outbox::Carriers;
use crate::overdue::tell_overdue_shortages;
use crate::self_check;
use ordain_connect::channel::Channel;
use ordain_connect::sink::Sink;
use ordain_domain::actor::Actor;
use ordain_domain::calendar::Calendar;
use ordain_domain::master::CompanyRules;
use ordain_store::TimerRow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

const POLL: Duration = Duration::from_secs(1);
/// Timers looked at together, and rounds after which others have their turn.
const TIMERS: usize = 256;
const ROUNDS: usize = 40;
/// The log is sealed after so long, or after so many entries.
const SEAL_AFTER: Duration = Duration::from_secs(10);
const SEAL_ENTRIES: usize = 1_000;
/// How far the figures may be behind.
const FIGURES_EVERY: Duration = Duration::from_secs(2);
/// How late somebody hears that a request for goods is overdue.
const OVERDUE_EVERY: Duration = Duration::from_secs(30);
/// How late a digest or a review may be.
const PERIODS_EVERY: Duration = Duration::from_secs(60);
/// Each purge removes a bounded number of rows, so it runs often.
const PURGE_EVERY: Duration = Duration::from_secs(60);
const CHECK_EVERY: Duration = Duration::from_secs(60);

/// Runs until `shutdown` becomes true or its sender is gone.
pub async fn run_reconcilers(app: App, carriers: Carriers, mut shutdown: watch::Receiver<bool>) {
    tokio::select! {
        () = deliver(&app, carriers.mail) => {}
        () = call(&app, carriers.calls) => {}
        () = fire(&app) => {}
        () = seal(&app) => {}
        () = purge(&app) => {}
        () = look_again(&app) => {}
        () = count(&app) => {}
        () = tell_periods(&app) => {}
        () = tell_overdue(&app) => {}
        () = serve_waiting(&app) => {}
        () = check(&app) => {}
        _ = shutdown.wait_for(|down| *down) => {}
    }
    // What was committed until now is sealed before the process goes.
    report("seal", seal_all(&app).await);
}

fn report<T>(task: &'static str, outcome: Result<T, GateError>) {
    if let Err(error) = outcome {
        tracing::warn!(task, %error, "will be tried again");
    }
}

/// Waits for a commit that fits, at most until the next poll.
async fn wake(live: &mut broadcast::Receiver<Committed>, fits: fn(&Committed) -> bool) {
    let until = Instant::now() + POLL;
    loop {
        tokio::select! {
            () = sleep_until(until) => return,
            committed = live.recv() => match committed {
                Ok(committed) if fits(&committed) => return,
                Ok(_) => {}
                // Some of what was missed may have fitted.
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => sleep_until(until).await,
            },
        }
    }
}

async fn deliver(app: &App, channel: Option<Arc<dyn Channel>>) {
    let Some(channel) = channel else { return std::future::pending().await };
    let mut live = app.gate.listen();
    loop {
        report("deliver_outbox", deliver_outbox(app, &channel).await);
        wake(&mut live, |committed| committed.outbox).await;
    }
}

async fn call(app: &App, sink: Option<Arc<dyn Sink>>) {
    let Some(sink) = sink else { return std::future::pending().await };
    let mut live = app.gate.listen();
    loop {
        report("make_calls", make_calls(app, &sink).await);
        wake(&mut live, |committed| committed.outbox).await;
    }
}

async fn fire(app: &App) {
    loop {
        report("fire_due_timers", fire_due_timers(app).await);
        sleep(POLL).await;
    }
}

/// Fires what has come due; gives how many timers had an effect.
///
/// A timer that its order refuses is brought in line with what the order wants, so it cannot come due for ever.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn fire_due_timers(app: &App) -> Result<usize, GateError> {
    let mut fired = 0;
    for _ in 0..ROUNDS {
        let due = app.store.due_timers(app.clock.now_ms(), TIMERS)?;
        let full = due.len() == TIMERS;
        let mut answers = Vec::with_capacity(due.len());
        for timer in due {
            let command = fire_command(&timer);
            let envelope = app.envelope(timer.org, Actor::system("timer"), command, None);
            answers.push((timer, patiently(app, &envelope).await?));
        }
        for (timer, answer) in answers {
            let gone = |_| GateError::Unavailable("the committer has stopped".to_owned());
            match answer.await.map_err(gone)? {
                Ok(_) => fired += 1,
                Err(GateError::Refused(_)) => {
                    let org = timer.org;
                    app.admin(org, Actor::system("timer"), AdminCommand::SettleTimer(timer)).await?;
                }
                // One that meets a defect must not hold back those behind it.
                Err(GateError::Bug(why)) => tracing::error!(why, kind = timer.kind, "timer not fired"),
                Err(error) => return Err(error),
            }
        }
        if !full {
            break;
        }
    }
    Ok(fired)
}

/// A timer of no known kind or order can only be settled.
fn fire_command(timer: &TimerRow) -> Command {
    match (timer.order_id, TimerKind::parse(&timer.kind)) {
        (None, None) if timer.kind == RELEASE_DUE => {
            Command::Admin(Box::new(AdminCommand::ReleaseDue { key: timer.key.clone() }))
        }
        (Some(order), Some(kind)) => Command::Order {
            id: Some(Uuid::from_bytes(order)),
            expected: None,
            command: OrderCommand::Fire { kind, key: timer.key.clone() },
        },
        _ => Command::Admin(Box::new(AdminCommand::SettleTimer(timer.clone()))),
    }
}

async fn seal(app: &App) {
    let mut live = app.gate.listen();
    loop {
        report("seal", seal_all(app).await);
        let until = Instant::now() + SEAL_AFTER;
        let mut entries = 0;
        while entries < SEAL_ENTRIES {
            tokio::select! {
                () = sleep_until(until), if entries > 0 => break,
                committed = live.recv() => match committed {
                    Ok(_) => entries += 1,
                    Err(RecvError::Lagged(missed)) => entries += usize::try_from(missed).unwrap_or(SEAL_ENTRIES),
                    Err(RecvError::Closed) => return std::future::pending().await,
                },
            }
        }
    }
}

/// Brings the figures up to the log, some seconds behind it: nobody waits for them, and orders come first.
async fn count(app: &App) {
    let mut live = app.gate.listen();
    loop {
        report("follow_figures", figures::follow(app).await);
        sleep(FIGURES_EVERY).await;
        wake(&mut live, |committed| committed.order.is_some()).await;
    }
}

async fn tell_overdue(app: &App) {
    loop {
        report("tell_overdue_shortages", tell_overdue_shortages(app).await);
        sleep(OVERDUE_EVERY).await;
    }
}

/// Mails figures of periods that are over, and makes the review of each month. The figures have followed the log to its
/// end before they are told.
async fn tell_periods(app: &App) {
    loop {
        let followed = figures::follow(app).await;
        let whole = followed.is_ok();
        report("follow_figures", followed);
        if whole {
            report("send_digests", figures::send_digests(app).await);
            report("keep_reviews", figures::keep_reviews(app).await);
        }
        sleep(PERIODS_EVERY).await;
    }
}

/// Seals what the logs of all companies have gained.
///
/// # Errors
/// See [`GateError`].
pub async fn seal_all(app: &App) -> Result<(), GateError> {
    for org in app.store.orgs()? {
        app.gate.send(app.envelope(org.org, Actor::system("seal"), Command::Seal, None)).await?;
    }
    Ok(())
}

/// What timers hang on beside their order. Those of tasks hang on more, but tasks are looked at after every change.
type TimedBy = (Calendar, CompanyRules);

/// Looks again at what was left waiting, once at the start, and at open tasks, then and whenever people, calendars or
/// flows have changed; at whatever else waits for a time where the company's hours or rules have.
async fn look_again(app: &App) {
    let mut live = app.gate.listen();
    let mut timed_by: BTreeMap<i64, TimedBy> = BTreeMap::new();
    for org in app.store.orgs().unwrap_or_default() {
        report("recheck_left_behind", recheck_left_behind(app, org.org).await);
    }
    loop {
        let orgs = app.store.orgs().unwrap_or_default();
        for org in orgs {
            let org = org.org;
            report("recheck_open_tasks", recheck_open_tasks(app, org).await);
            let now = app.gate.houses().get(org).map(|house| (house.calendar.clone(), house.rules.clone()));
            if timed_by.get(&org) != now.as_ref() {
                report("recheck_timers", recheck_timers(app, org).await);
            }
            timed_by.extend(now.map(|now| (org, now)));
        }
        loop {
            match live.recv().await {
                Ok(committed) if committed.furnishes => break,
                Ok(_) => {}
                // Some of what was missed may have been such a change.
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}

/// Looks again at those who wait for goods that an order gave back.
async fn serve_waiting(app: &App) {
    let mut live = app.gate.listen();
    loop {
        match live.recv().await {
            Ok(committed) if committed.freed.is_empty() => {}
            Ok(committed) => {
                report("recheck_waiting", recheck_waiting(app, committed.org, &committed.freed, &[]).await);
            }
            // Some of what was missed may have been such a gift.
            Err(RecvError::Lagged(_)) => {
                for org in app.store.orgs().unwrap_or_default() {
                    report("recheck_left_behind", recheck_left_behind(app, org.org).await);
                }
            }
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Looks at the whole of it, as often as each company wants.
async fn check(app: &App) {
    loop {
        sleep(CHECK_EVERY).await;
        report("self_check", self_check::run_due(app).await);
    }
}

async fn purge(app: &App) {
    loop {
        let envelope = app.envelope(0, Actor::system("purge"), Command::Purge, None);
        report("purge", app.gate.send(envelope).await);
        sleep(PURGE_EVERY).await;
    }
}
