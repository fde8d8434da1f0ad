//! The last days of the company, played on a clock of their own: orders come, people see to what they find, timers fire
//! and mails leave, each at its time. Everything passes the Gate that passes it in earnest.

use super::data::SourceOrder;
use super::days::{self, Day};
use super::dice::Dice;
use super::report::Progress;
use super::source::Defaults;
use super::supply;
use crate::commands::Failed;
use jiff::civil::Date;
use ordain_app::admin::{recheck_credit, recheck_left_behind, recheck_waiting};
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::figures;
use ordain_app::gate::{Command, Committed, Done, GateError};
use ordain_app::mail::deliver_outbox;
use ordain_app::overdue::tell_overdue_shortages;
use ordain_app::query::order::by_id;
use ordain_app::reconcile::{fire_due_timers, seal_all};
use ordain_connect::channel::Channel;
use ordain_domain::actor::Actor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::{broadcast, oneshot};
use uuid::Uuid;

/// What happens within so much time is handed to the Gate together.
const TICK_MS: i64 = 20 * 60_000;
/// Whole days before the last one that have left more work than was done.
const BUSY_DAYS: usize = 2;
/// How often somebody tries again what was refused.
const TRIES: u8 = 4;
/// Log entries that are read together.
const ENTRIES: usize = 500;

/// Something that somebody is going to do.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Place(usize),
    /// What is done once a day.
    Morning,
    Of {
        order: Uuid,
        step: Step,
        tries: u8,
    },
}

/// Something that somebody is going to do about an order.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Submit,
    See(Uuid),
    Decide(Uuid),
    Complete,
    GiveUp(&'static str),
    Ask(&'static str),
    TakeChange(Uuid),
    Ship,
    Pay,
    Complain,
    AnswerComplaint(u32),
    Settle(Uuid),
}

/// A command and whose it is.
pub(super) type Put = (Actor, OrderCommand);

type Answer = (Option<Act>, Instant, oneshot::Receiver<Result<Done, GateError>>);

pub(super) struct Play<'a> {
    pub app: &'a App,
    pub org: i64,
    pub dice: Dice,
    pub words: super::words::Words,
    pub defaults: Defaults,
    orders: &'a [SourceOrder],
    /// What is to come, by its time and the order in which it was planned.
    agenda: BTreeMap<(i64, u64), Act>,
    count: u64,
    /// What somebody has on their mind already.
    known: BTreeSet<(Uuid, i64)>,
    /// From here on work piles up.
    pub busy_ms: i64,
    /// The log entry up to which everybody has looked.
    seen: i64,
    times: Vec<Duration>,
    /// What was committed, for goods that an order gave back.
    live: broadcast::Receiver<Committed>,
}

/// Plays the days until `end_ms`; gives how long the Gate took for each order.
pub(super) async fn play(
    app: &App,
    org: i64,
    (orders, days): (&[SourceOrder], &[Day]),
    (seed, end_ms): (&str, i64),
    mail: &Arc<dyn Channel>,
) -> Result<Vec<Duration>, Failed> {
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let mut play = Play {
        app,
        org,
        dice: Dice::of(seed),
        words: super::words::Words::load()?,
        defaults: Defaults::load(app, org)?,
        orders,
        agenda: BTreeMap::new(),
        count: 0,
        known: BTreeSet::new(),
        busy_ms: days.iter().rev().nth(BUSY_DAYS).map_or(end_ms, |day| house.calendar.instant(day.date, 0)),
        seen: 0,
        times: Vec::with_capacity(orders.len()),
        live: app.gate.listen(),
    };
    let instants = days::arrivals(orders, days, (&house.calendar, &play.dice), end_ms);
    for (n, at_ms) in instants.into_iter().enumerate() {
        play.later(at_ms, Act::Place(n));
    }
    for day in days {
        play.later(house.calendar.first_working_moment(day.date), Act::Morning);
    }
    let progress = Progress::of(orders.len());
    while let Some(at_ms) = play.next()?.filter(|at_ms| *at_ms <= end_ms) {
        play.tick((at_ms + TICK_MS).min(end_ms), mail).await?;
        progress.show(play.times.len());
    }
    progress.end();
    app.clock.set_ms(end_ms);
    Ok(play.times)
}

impl Play<'_> {
    pub(super) fn now_ms(&self) -> i64 {
        self.app.clock.now_ms()
    }

    pub(super) fn house(&self) -> Result<Arc<House>, Failed> {
        Ok(self.app.gate.houses().get(self.org).ok_or(GateError::Bug("no house".to_owned()))?)
    }

    /// Plans something; what should have been before now comes at once.
    pub(super) fn later(&mut self, at_ms: i64, act: Act) {
        self.count += 1;
        self.agenda.insert((at_ms.max(self.now_ms()), self.count), act);
    }

    /// Plans a step after so many working minutes from now.
    pub(super) fn plan(&mut self, house: &House, order: Uuid, minutes: i64, step: Step) {
        self.plan_at(order, after(house, self.now_ms(), minutes), step);
    }

    pub(super) fn plan_at(&mut self, order: Uuid, at_ms: i64, step: Step) {
        self.plan_again(order, at_ms, step, 0);
    }

    pub(super) fn plan_again(&mut self, order: Uuid, at_ms: i64, step: Step, tries: u8) {
        self.later(at_ms, Act::Of { order, step, tries });
    }

    /// Whether this is new to everybody; it is not, the next time.
    pub(super) fn is_news(&mut self, of: Uuid, what: i64) -> bool {
        self.known.insert((of, what))
    }

    /// When something happens next.
    fn next(&self) -> Result<Option<i64>, Failed> {
        let act = self.agenda.keys().next().map(|(at_ms, _)| *at_ms);
        let timer = self.app.store.next_timer_at()?.map(|at_ms| at_ms.max(self.now_ms()));
        Ok(act.into_iter().chain(timer).min())
    }

    async fn tick(&mut self, until_ms: i64, mail: &Arc<dyn Channel>) -> Result<(), Failed> {
        let rest = self.agenda.split_off(&(until_ms, u64::MAX));
        let acts = std::mem::replace(&mut self.agenda, rest);
        let mut answers: Vec<Answer> = Vec::with_capacity(acts.len());
        for ((at_ms, _), act) in acts {
            self.app.clock.set_ms(at_ms.max(self.now_ms()));
            if matches!(act, Act::Morning) {
                self.settle(std::mem::take(&mut answers)).await?;
                self.morning().await?;
            } else {
                answers.extend(self.begin(act)?);
            }
        }
        self.settle(answers).await?;
        self.app.clock.set_ms(until_ms);
        fire_due_timers(self.app).await?;
        self.follow(mail).await?;
        self.look()
    }

    /// Goods that an order gave back are for those who wait for them, and mails leave.
    async fn follow(&mut self, mail: &Arc<dyn Channel>) -> Result<(), Failed> {
        let (mut freed, mut missed, mut mails) = (BTreeSet::new(), false, false);
        loop {
            match self.live.try_recv() {
                Ok(committed) => {
                    mails |= committed.outbox;
                    freed.extend(committed.freed);
                }
                // Anything may have been among what was missed.
                Err(TryRecvError::Lagged(_)) => (missed, mails) = (true, true),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if missed {
            recheck_left_behind(self.app, self.org).await?;
        } else if !freed.is_empty() {
            recheck_waiting(self.app, self.org, &Vec::from_iter(freed), &[]).await?;
        }
        if mails {
            // One after the other: who comes first among several is not the same in every run.
            deliver_outbox(self.app, mail).await?;
        }
        Ok(())
    }

    /// Puts what somebody does to the Gate, if it is still to be done.
    fn begin(&mut self, act: Act) -> Result<Option<Answer>, Failed> {
        let since = Instant::now();
        let (order, actor, command) = match &act {
            Act::Morning => return Ok(None),
            Act::Place(n) => {
                let Some(order) = self.orders.get(*n) else { return Ok(None) };
                let house = self.house()?;
                let (today, at) = (house.calendar.date_at(self.now_ms()), house.calendar.text(self.now_ms()));
                // What somebody has to type is handed in when it is typed.
                let command = self.defaults.place(order, (today, Some(at)), !order.is_typed());
                (None, self.defaults.sender(*n, order), command)
            }
            Act::Of { order, step, tries } => {
                let case = by_id(&self.app.store, self.org, *order)?;
                let Some((actor, command)) = self.command(&case, step, *tries)? else { return Ok(None) };
                (Some(*order), actor, command)
            }
        };
        let command = Command::Order { id: order, expected: None, command };
        let envelope = self.app.envelope(self.org, actor, command, None);
        Ok(Some((Some(act), since, self.app.gate.submit(envelope)?)))
    }

    fn command(&mut self, case: &Case, step: &Step, tries: u8) -> Result<Option<Put>, Failed> {
        let house = self.house()?;
        Ok(match step {
            Step::Submit => self.submit(case, &house),
            Step::See(task) => self.see(case, &house, *task),
            Step::Decide(task) => self.decide(case, &house, *task, tries),
            Step::Complete => self.complete(case, &house, tries),
            Step::GiveUp(code) => self.give_up(case, &house, code),
            Step::Ask(login) => self.ask(case, &house, login),
            Step::TakeChange(change) => self.take_change(case, &house, *change),
            Step::Ship => self.ship(case, &house),
            Step::Pay => self.pay(case, &house),
            Step::Complain => self.complain(case, &house),
            Step::AnswerComplaint(id) => self.answer_complaint(case, &house, *id),
            Step::Settle(exception) => self.settle_exception(case, &house, *exception),
        })
    }

    async fn settle(&mut self, answers: Vec<Answer>) -> Result<(), Failed> {
        for (act, since, answer) in answers {
            let answer = answer.await?;
            match (act, answer) {
                (Some(Act::Place(_)), Ok(_)) => self.times.push(since.elapsed()),
                (Some(Act::Of { step: Step::Pay, .. }), Ok(Done::Order(case))) => {
                    let customer = case.order.content.customer.clone().unwrap_or_default();
                    recheck_credit(self.app, self.org, &customer).await?;
                }
                (_, Ok(_)) => {}
                // What the rules do not allow now is tried again, as people do.
                (Some(Act::Of { order, step, tries }), Err(GateError::Refused(_))) if tries < TRIES => {
                    let house = self.house()?;
                    let minutes = self.dice.between(&format!("again {order} {tries}"), 60, 480);
                    let at_ms = after(&house, self.now_ms(), minutes);
                    self.plan_again(order, at_ms, step, tries + 1);
                }
                (_, Err(GateError::Refused(_) | GateError::Invalid(_))) => {}
                (_, Err(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Everybody looks at what is new.
    fn look(&mut self) -> Result<(), Failed> {
        let house = self.house()?;
        loop {
            let (orders, upto) = self.app.store.orders_in_log(self.org, self.seen, ENTRIES)?;
            if upto == self.seen {
                return Ok(());
            }
            self.seen = upto;
            for row in self.app.store.orders_by_ids(self.org, &orders)? {
                let case: Case = serde_json::from_str(&row.body)?;
                self.look_at_tasks(&case, &house);
                self.look_at_sender(&case, &house);
                self.look_after(&case, &house);
                self.look_at_exceptions(&case, &house);
            }
        }
    }

    /// Goods come, others are ordered, and what the days before have left is written up.
    async fn morning(&mut self) -> Result<(), Failed> {
        let house = self.house()?;
        let today: Date = house.calendar.date_at(self.now_ms());
        supply::go_on(self.app, self.org, (today, &self.dice)).await?;
        tell_overdue_shortages(self.app).await?;
        figures::follow(self.app).await?;
        figures::keep_reviews(self.app).await?;
        Ok(seal_all(self.app).await?)
    }
}

pub(super) fn after(house: &House, from_ms: i64, minutes: i64) -> i64 {
    house.calendar.add_working_minutes(from_ms, u32::try_from(minutes).unwrap_or(0))
}

pub(super) fn person(user: &User) -> Actor {
    Actor::Person { id: user.id, name: user.name.clone() }
}
