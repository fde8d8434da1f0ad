//! Signers beside those whom the flow names: asked first, at the same time or afterwards.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::{Added, Ballot, Seat, SignerAt, Task};
use ordain_flow::doc::{Party, TaskAction, Vote};
use ordain_flow::run::Input;
use uuid::Uuid;

/// Signers added by added signers, and no further.
const DEPTH_MAX: u8 = 2;

impl Story<'_> {
    /// Adds a signer to the actor's own task. `counts` says outright whether the answer is a further seat of the vote.
    pub(super) fn add_signer(
        &mut self,
        id: Uuid,
        login: &str,
        at: SignerAt,
        counts: bool,
    ) -> Result<(), Refusal> {
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task, TaskAction::AddSigner)?;
        let party = self.active_person(login)?;
        if self.takes_part(&party, task.visit) {
            return Err(Refusal::AlreadyAsked(login.to_owned()));
        }
        // Nobody is asked whom the four-eyes rule keeps from answering.
        self.must_be_in_range(&task, TaskAction::AddSigner, login)?;
        let depth = task.added.as_ref().map_or(0, |added| added.depth).saturating_add(1);
        if depth > DEPTH_MAX {
            return Err(Refusal::TooManySigners);
        }
        let by = self.by.actor.person().ok_or(Refusal::NotYourTask)?;
        self.open_ballot(&task);
        if counts {
            // Where not everybody is needed the new seat might decide alone, so it must be of one whom the step could
            // be given to.
            let vote = self.case.ballots.get(&task.visit).map(|ballot| ballot.vote);
            if !matches!(vote, Some(Vote::All | Vote::Sequential)) {
                self.must_be_in_circles(&task, &party)?;
            }
            self.count_seats(task.visit, 1);
        }
        let added = Added { by, to: number, at, counts, depth, removed: false };
        match at {
            SignerAt::After => {
                let seat = Seat { party, added: Some(added) };
                self.emit(Event::SeatQueued { visit: task.visit, seat });
            }
            SignerAt::Before | SignerAt::Parallel => {
                let settings = self.settings(task.visit, &task.node).cloned();
                self.open_task(task.visit, &task.node, settings.as_ref(), party, Some(added));
            }
        }
        Ok(())
    }

    /// Takes away a signer whom the actor brought in and who has not answered yet, with those whom that one had asked.
    pub(super) fn remove_signer(&mut self, id: Uuid) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        let task = task.clone();
        task.must_be_open()?;
        self.must_offer(&task, TaskAction::RemoveSigner)?;
        let by = self.by.actor.person().ok_or(Refusal::NotYourSigner)?;
        if !self.case.was_brought_by(&task, by) {
            return Err(Refusal::NotYourSigner);
        }
        self.take_away(number, &task);
        // It may have been the last answer that was waited for.
        let Some(decision) = self.verdict(task.visit) else {
            self.call_next(number, &task);
            return Ok(());
        };
        let backing = self.look_again();
        self.close_tasks(task.visit, None);
        self.advance(&Input::Decide { visit: task.visit, decision }, backing)
    }

    fn take_away(&mut self, number: u32, task: &Task) {
        let by = Some(self.by.actor.clone());
        self.emit(Event::TaskClosed { task: number, removed: true, by, reason: None });
        if task.has_seat() {
            self.count_seats(task.visit, -1);
        }
        let asked = |other: &Task| other.added.as_ref().is_some_and(|added| added.to == number);
        let open = self.case.open_tasks().filter(|(_, other)| asked(other));
        let open: Vec<(u32, Task)> = open.map(|(number, other)| (number, other.clone())).collect();
        for (number, other) in open {
            self.take_away(number, &other);
        }
        self.call_those_after(number, task);
    }

    /// A step that one person decided so far becomes one that several do.
    fn open_ballot(&mut self, task: &Task) {
        if self.case.ballots.contains_key(&task.visit) {
            return;
        }
        let (vote, reject_when) = match self.settings(task.visit, &task.node) {
            Some(settings) => (settings.vote, settings.reject_when),
            None => (Vote::Any, Default::default()),
        };
        // Of a single seat and the signers that count, everybody is needed.
        let vote = if matches!(vote, Vote::Percent(_) | Vote::Count(_)) { vote } else { Vote::All };
        let ballot = Ballot { vote, reject_when, seats: 1, queue: Vec::new() };
        self.emit(Event::BallotOpened { visit: task.visit, ballot });
    }

    fn count_seats(&mut self, visit: u32, more: i32) {
        let seats = self.case.ballots.get(&visit).map_or(1, |ballot| ballot.seats);
        self.emit(Event::SeatsCounted { visit, seats: seats.saturating_add_signed(more) });
    }

    pub(super) fn active_person(&self, login: &str) -> Result<Party, Refusal> {
        let user = self.world.house.people.by_login(login).filter(|user| !user.disabled);
        user.map(|user| Party::User(user.login.clone()))
            .ok_or_else(|| Refusal::UnknownPerson(login.to_owned()))
    }

    /// Whether somebody is asked in a visit already, has answered in it, or will be asked.
    pub(super) fn takes_part(&self, party: &Party, visit: u32) -> bool {
        let queued =
            self.case.ballots.get(&visit).is_some_and(|b| b.queue.iter().any(|seat| seat.party == *party));
        let person = match party {
            Party::User(login) => self.world.house.people.by_login(login).map(|user| user.id),
            Party::Department(_) | Party::Role(_) => None,
        };
        // Who has delegated their own seat gets it back.
        let sits = |task: &Task| {
            (task.is_open() && task.holder == *party)
                || person.is_some_and(|id| {
                    task.decider() == Some(id) || (task.is_open() && task.entrusted_by == Some(id))
                })
        };
        queued || self.case.tasks_of(visit).any(|(_, task)| sits(task))
    }
}
