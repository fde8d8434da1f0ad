//! An order played through a flow that need not be published: people act, time passes, and everything that follows is told.
//!
//! Nothing here decides by itself. Every act is a command of [`crate::case::decide`], on a case that nobody stores, at the
//! instant of a clock that only the player moves. The same acts give the same play, byte for byte.

mod act;
mod stage;
mod thought;

pub use act::{Act, Persona, Wait, personas, waits};
pub use stage::{Stage, house_with, of_order, open_to_all};
pub use thought::{Thought, thought_out};

use crate::case::decide::{By, OrderCommand, Place, decide, missing_fields};
use crate::case::notice_text::IN_APP;
use crate::case::timers::{TimerKind, wanted};
use crate::case::world::House;
use crate::case::{Case, Event, Refusal, Task, World};
use crate::clock::IdSource;
use ordain_domain::actor::Actor;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most acts of one play.
pub const ACTS_MAX: usize = 200;
/// Most timers that one play lets fire: a reminder may repeat itself for ever.
pub const FIRINGS_MAX: usize = 300;
/// How far time can be moved on: longer than any flow waits, shorter than a calendar is known.
pub const DAYS_MAX: i64 = 400;
/// Timers to come of which is told what they would do.
const AHEAD_MAX: usize = 20;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const SEED: i64 = 1;

/// Why a play stops before its last act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The order could not be handed in.
    Start(Refusal),
    /// The engine refused an act, by its place.
    Act(usize, Refusal),
    /// Time cannot go there: it goes back, or too far.
    Time(usize),
    /// Timers fire without an end.
    Endless(usize),
}

/// What made something happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Start,
    /// An act, by its place among those that were asked for.
    Act(usize),
    Timer(TimerKind),
}

/// One thing that happened, with all that followed from it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at_ms: i64,
    pub by: Actor,
    pub cause: Cause,
    pub events: Vec<Event>,
}

/// A timer to come, with what would happen if nobody acted until then.
#[derive(Clone, Debug)]
pub struct Ahead {
    pub at_ms: i64,
    pub kind: TimerKind,
    pub events: Vec<Event>,
}

/// An order on its way through a play.
#[derive(Debug)]
pub struct Play {
    pub case: Case,
    pub world: World,
    pub start_ms: i64,
    pub now_ms: i64,
    pub entries: Vec<Entry>,
    fired: usize,
    ids: IdSource,
}

impl Play {
    /// Hands the order in and plays the acts one after the other; `seen` is told of each entry with the case as it was then.
    ///
    /// # Errors
    /// Where it stops, and why.
    pub fn run(
        stage: Stage,
        acts: &[Act],
        mut seen: impl FnMut(&Entry, &Case, &House),
    ) -> Result<Self, Stopped> {
        let Stage { world, place, sender, start_ms } = stage;
        let mut play = Self::begin(world, place, sender, start_ms).map_err(Stopped::Start)?;
        let mut told = 0;
        let mut tell = |play: &Self| {
            play.entries.iter().skip(told).for_each(|entry| seen(entry, &play.case, &play.world.house));
            told = play.entries.len();
        };
        tell(&play);
        for (at, act) in acts.iter().enumerate() {
            if let Act::Wait { until } = act {
                play.wait(at, until.as_millisecond(), &mut tell)?;
            } else {
                play.act(at, act).map_err(|refusal| Stopped::Act(at, refusal))?;
                tell(&play);
            }
        }
        Ok(play)
    }

    fn begin(mut world: World, place: Place, sender: Actor, start_ms: i64) -> Result<Self, Refusal> {
        let ids = IdSource::seeded(SEED);
        let by = By { actor: sender.clone(), at_ms: start_ms, id: ids.fresh(start_ms) };
        let decided = decide(None, &world, &OrderCommand::Place(Box::new(place)), &by)?;
        stage::hold(&mut world, &decided.case.order, 1);
        let entry = Entry { at_ms: start_ms, by: sender, cause: Cause::Start, events: decided.events };
        let (case, now_ms, entries) = (decided.case, start_ms, vec![entry]);
        let mut play = Self { case, world, start_ms, now_ms, entries, fired: 0, ids };
        play.deliver();
        Ok(play)
    }

    /// Decides a command on the case as it is now.
    fn decide(&mut self, actor: &Actor, command: &OrderCommand) -> Result<Vec<Event>, Refusal> {
        let by = By { actor: actor.clone(), at_ms: self.now_ms, id: self.ids.fresh(self.now_ms) };
        let decided = decide(Some(&self.case), &self.world, command, &by)?;
        self.put(decided.case);
        Ok(decided.events)
    }

    /// The case as it is from now on; what it holds is taken from the world.
    fn put(&mut self, case: Case) {
        stage::hold(&mut self.world, &self.case.order, -1);
        stage::hold(&mut self.world, &case.order, 1);
        self.case = case;
    }

    fn note(&mut self, by: Actor, cause: Cause, events: Vec<Event>) {
        self.entries.push(Entry { at_ms: self.now_ms, by, cause, events });
        self.deliver();
    }

    /// Nothing leaves a play. What would have left counts as having arrived, so that nobody is told that it is late.
    fn deliver(&mut self) {
        let waits = |notice: &&crate::case::Notice| {
            notice.channel != IN_APP && notice.sent_ms.is_none() && notice.failed.is_none()
        };
        let notices: Vec<Uuid> = self.case.notices.iter().filter(waits).map(|notice| notice.id).collect();
        let left = notices.into_iter().chain(self.case.hooks.keys().copied()).collect::<Vec<_>>();
        let outbox = Actor::system("outbox");
        for id in left {
            // A notice that nobody waits for any more is none of the play's business.
            drop(self.decide(&outbox, &OrderCommand::NoticeDelivered { id, failed: None }));
        }
    }

    /// Lets time pass; every timer that comes due on the way fires at its own instant.
    fn wait(&mut self, at: usize, until_ms: i64, tell: &mut impl FnMut(&Self)) -> Result<(), Stopped> {
        let most = self.start_ms.saturating_add(DAYS_MAX * DAY_MS);
        if until_ms < self.now_ms || until_ms > most {
            return Err(Stopped::Time(at));
        }
        let mut refused = BTreeSet::new();
        while let Some((kind, key, due_ms)) = self.next_timer(until_ms, &refused) {
            if self.fired == FIRINGS_MAX {
                return Err(Stopped::Endless(at));
            }
            self.fired += 1;
            self.now_ms = self.now_ms.max(due_ms);
            match self.decide(&clock(), &OrderCommand::Fire { kind, key: key.clone() }) {
                Ok(events) => {
                    self.note(clock(), Cause::Timer(kind), events);
                    tell(self);
                }
                // What the order does not want any more has no effect, here as outside.
                Err(_) => drop(refused.insert((kind, key, due_ms))),
            }
        }
        self.now_ms = until_ms;
        Ok(())
    }

    fn next_timer(
        &self,
        until_ms: i64,
        refused: &BTreeSet<(TimerKind, String, i64)>,
    ) -> Option<(TimerKind, String, i64)> {
        let timers = wanted(&self.case, &self.world.house).into_iter();
        let timers = timers.map(|((kind, key), at_ms)| (kind, key, at_ms));
        let due = timers.filter(|timer| timer.2 <= until_ms && !refused.contains(timer));
        due.min_by_key(|(kind, key, at_ms)| (*at_ms, *kind, key.clone()))
    }

    /// The fields that a task must leave filled and that are empty.
    pub fn missing(&self, task: &Task) -> Vec<String> {
        missing_fields(&self.case, &self.world.house, task)
    }

    /// The timers that the case wants now, the next first, with what each would do.
    pub fn ahead(&self) -> Vec<Ahead> {
        let mut timers: Vec<_> = wanted(&self.case, &self.world.house).into_iter().collect();
        timers.sort_by_key(|((kind, key), at_ms)| (*at_ms, *kind, key.clone()));
        let fires = |((kind, key), due_ms): ((TimerKind, String), i64)| {
            let at_ms = self.now_ms.max(due_ms);
            let by = By { actor: clock(), at_ms, id: IdSource::seeded(SEED).fresh(at_ms) };
            let fire = OrderCommand::Fire { kind, key };
            let decided = decide(Some(&self.case), &self.world, &fire, &by).ok()?;
            Some(Ahead { at_ms, kind, events: decided.events })
        };
        timers.into_iter().filter_map(fires).take(AHEAD_MAX).collect()
    }
}

fn clock() -> Actor {
    Actor::system("timer")
}
