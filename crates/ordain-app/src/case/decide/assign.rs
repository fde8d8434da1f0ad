//! Opening the tasks of a step: who gets them, through whose hands they go at once, and until when.

use super::{Story, Unasked};
use crate::case::event::Event;
use crate::case::range::may_answer;
use crate::case::side_run::run_of;
use crate::case::who::{self, Asked};
use crate::case::{Added, Ballot, ExceptionKind, HandOver, HandOverWhy, Seat, Task, TaskState, deadline};
use ordain_domain::actor::Actor;
use ordain_flow::doc::{Node, NoticeOn, Party, PersonSettings, Repeats, Vote};
use ordain_flow::run::{Decision, Flow};
use std::collections::{BTreeMap, BTreeSet};

/// Working minutes for what nobody planned.
const UNPLANNED_MINUTES: u32 = 60;

impl Story<'_> {
    pub(super) fn assign(&mut self, flow: &Flow, visit: u32, node: &str) {
        if self.open_carried(visit, node) {
            return;
        }
        let Some(settings) = flow.node(node).and_then(Node::person) else {
            // Something nobody owns stands in the way: the process admin decides.
            return self.open_task(visit, node, None, self.process_admin(), None);
        };
        match who::asked(node, run_of(visit), settings, &self.case, self.world, self.by.at_ms) {
            Asked::Parties(parties) if self.repeats(visit, settings, &parties) => {
                self.unasked.push(Unasked { visit, node: node.to_owned(), otherwise: parties });
            }
            Asked::Parties(parties) => self.open_seats(visit, node, settings, parties),
            Asked::StandIn(party) => {
                let evidence = [("node", node.to_owned()), ("holder", party.key().to_owned())];
                self.open_task(visit, node, Some(settings), party, None);
                self.raise(ExceptionKind::NobodyFound, Some((visit, node)), &evidence);
            }
            Asked::Nobody => {
                self.unasked.push(Unasked { visit, node: node.to_owned(), otherwise: Vec::new() });
            }
        }
    }

    /// Whether the one person asked has approved this order already, where the flow lets that be enough.
    fn repeats(&self, visit: u32, settings: &PersonSettings, parties: &[Party]) -> bool {
        let [Party::User(login)] = parties else { return false };
        let Some(user) = self.world.house.people.by_login(login) else { return false };
        let from = self.case.run_with(visit).map_or(0, |(_, run)| run.round_from);
        let of_run = |task: &&Task| run_of(task.visit) == run_of(visit) && task.visit >= from;
        let decided = self.case.tasks.values().rev();
        let mut decided = decided.filter(|task| of_run(task) && task.decision().is_some());
        let theirs =
            |task: &Task| task.decider() == Some(user.id) && task.decision() == Some(Decision::Approve);
        match settings.repeats {
            Repeats::Ask => false,
            Repeats::PassConsecutive => decided.next().is_some_and(theirs),
            Repeats::PassOnce => decided.any(theirs),
        }
    }

    fn open_seats(&mut self, visit: u32, node: &str, settings: &PersonSettings, parties: Vec<Party>) {
        let mut parties = parties.into_iter();
        let seats = u32::try_from(parties.len()).unwrap_or(u32::MAX);
        if seats > 1 {
            let first = if settings.vote == Vote::Sequential { parties.next() } else { None };
            let later = if first.is_some() { parties.by_ref().collect() } else { Vec::new() };
            let queue = later.into_iter().map(|party| Seat { party, added: None }).collect();
            let ballot = Ballot { vote: settings.vote, reject_when: settings.reject_when, seats, queue };
            self.emit(Event::BallotOpened { visit, ballot });
            if let Some(first) = first {
                self.open_task(visit, node, Some(settings), first, None);
            }
        }
        for party in parties {
            self.open_task(visit, node, Some(settings), party, None);
        }
    }

    /// Opens one task. A holder who is away has it handed on at once.
    pub(super) fn open_task(
        &mut self,
        visit: u32,
        node: &str,
        settings: Option<&PersonSettings>,
        party: Party,
        added: Option<Added>,
    ) {
        let now = self.by.at_ms;
        let handed = self.stand_in_for(&party, settings);
        let holder = handed.as_ref().map_or(party, |handed| handed.to.clone());
        let calendar = deadline::calendar(&self.world.house, &holder);
        let (due_ms, remind_ms) = match settings {
            Some(settings) => {
                let known = self.case.node(&self.world.house, node);
                let table = known.and_then(|node| deadline::by_table(node, &self.case, &self.world.house));
                deadline::due((settings, table), &self.case, calendar, now, 0)
            }
            None => (Some(calendar.add_working_minutes(now, UNPLANNED_MINUTES)), None),
        };
        let task = Task {
            id: self.ids.mint(),
            visit,
            node: node.to_owned(),
            timed_by: holder.clone(),
            paused_minutes: 0,
            holder,
            claimed_by: None,
            opened_ms: now,
            due_ms,
            remind_ms,
            added,
            entrusted_by: None,
            held: None,
            held_minutes: 0,
            hand_overs: handed.into_iter().collect(),
            urged_ms: Vec::new(),
            seen: BTreeMap::new(),
            received_ms: None,
            taken_ms: None,
            ticked: BTreeSet::new(),
            state: TaskState::Open,
        };
        let told = settings.is_some_and(|settings| settings.notice(NoticeOn::Arrive).is_some());
        let arrived = told.then(|| task.clone());
        self.emit(Event::TaskAssigned { visit, task: Box::new(task) });
        if let Some(task) = arrived {
            self.tell_of_task(NoticeOn::Arrive, &task);
        }
    }

    /// Who takes the work of somebody who is away: the stand-in they named, else the step's backup. The work of somebody
    /// who has left since the step began finds somebody in any case.
    fn stand_in_for(&self, party: &Party, settings: Option<&PersonSettings>) -> Option<HandOver> {
        let Party::User(login) = party else { return None };
        let house = &self.world.house;
        let amount = self.case.order.weight_minor();
        let flow = self.case.flow.as_ref().map_or("", |pin| pin.key.as_str());
        let named = house.absences.stand_in(login, self.by.at_ms, amount, flow);
        let active = |party: &Party| may_answer(&self.case, house, settings, party);
        let left = house.people.members(party).is_empty();
        let (to, why) = match named.map(|delegation| Party::User(delegation.to.clone())).filter(&active) {
            Some(stand_in) => (stand_in, HandOverWhy::Delegated),
            None if !left && house.absences.is_absent(login, self.by.at_ms) => {
                (settings?.backup.clone().filter(&active)?, HandOverWhy::Absent)
            }
            None if left => {
                let backup = settings.and_then(|settings| settings.backup.clone()).filter(&active);
                (backup.unwrap_or_else(|| Party::Role(who::PROCESS_ADMIN.to_owned())), HandOverWhy::Left)
            }
            None => return None,
        };
        let by = Actor::system("absence");
        let at_ms = self.by.at_ms;
        let from = party.clone();
        Some(HandOver { from, to, why, by, at_ms, reason: None, received_ms: None, taken_ms: None })
    }

    /// Hands on the open tasks whose holder is nobody any more: everybody of it has left, or lost the role.
    pub(super) fn hold_again(&mut self) {
        let lost: Vec<(u32, Task)> = self
            .case
            .open_tasks()
            .filter(|(_, task)| !self.is_staffed(&task.holder))
            .map(|(number, task)| (number, task.clone()))
            .collect();
        for (number, task) in lost {
            let backup = self.settings(&task.node).and_then(|settings| settings.backup.clone());
            let free = |party: &Party| self.may_take(&task, party) && !self.takes_part(party, task.visit);
            let found = backup.filter(free);
            let alone = found.is_none();
            let to = found.unwrap_or_else(|| Party::Role(who::PROCESS_ADMIN.to_owned()));
            if to == task.holder {
                continue;
            }
            self.hand_over(number, to, HandOverWhy::Left, None);
            if alone {
                let evidence = [("holder", task.holder.key().to_owned())];
                self.raise(ExceptionKind::NobodyFound, Some((task.visit, &task.node)), &evidence);
            }
        }
    }

    /// Whether somebody of a party is there who may decide a task.
    pub(super) fn may_take(&self, task: &Task, party: &Party) -> bool {
        may_answer(&self.case, &self.world.house, self.settings(&task.node), party)
    }

    pub(super) fn is_staffed(&self, party: &Party) -> bool {
        !self.world.house.people.members(party).is_empty()
    }

    /// Closes whatever is open of a visit.
    pub(super) fn close_tasks(&mut self, visit: u32) {
        let open: Vec<u32> =
            self.case.tasks_of(visit).filter(|(_, task)| task.is_open()).map(|(number, _)| number).collect();
        for task in open {
            self.emit(Event::TaskClosed { task, removed: false });
        }
    }
}
