//! Opening the tasks of a step: who gets them, through whose hands they go at once, and until when.

use super::{Story, Unasked};
use crate::case::event::Event;
use crate::case::range::may_answer;
use crate::case::side_run::run_of;
use crate::case::who::{self, Asked};
use crate::case::{Added, Ballot, ExceptionKind, HandOver, HandOverWhy, Seat, Task, TaskState, deadline};
use ordain_domain::actor::Actor;
use ordain_flow::doc::{Node, NoticeOn, Party, PersonSettings, Repeats, Vote};
use ordain_flow::run::{CloseReason, Decision, Flow, Spared};
use ordain_flow::vote::needed;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
        match who::asked(self.lookup(visit, node), settings) {
            Asked::Parties(parties) if self.repeats(visit, settings, &parties) => {
                let node = node.to_owned();
                self.unasked.push(Unasked { visit, node, why: Spared::Repeats, otherwise: parties });
            }
            Asked::Parties(parties) => self.open_seats(visit, node, settings, parties),
            Asked::TooFew(parties) => {
                let evidence = [("node", node.to_owned()), ("holder", who::PROCESS_ADMIN.to_owned())];
                self.open_seats(visit, node, settings, parties);
                self.raise(ExceptionKind::NobodyFound, Some((visit, node)), &evidence);
            }
            Asked::StandIn(party) => {
                let evidence = [("node", node.to_owned()), ("holder", party.key().to_owned())];
                self.open_task(visit, node, Some(settings), party, None);
                self.raise(ExceptionKind::NobodyFound, Some((visit, node)), &evidence);
            }
            Asked::Nobody(why) => {
                self.unasked.push(Unasked { visit, node: node.to_owned(), why, otherwise: Vec::new() });
            }
        }
    }

    /// Whether those who have approved this order already would be enough here, where the flow lets that be so.
    fn repeats(&self, visit: u32, settings: &PersonSettings, parties: &[Party]) -> bool {
        let from = self.case.run_with(visit).map_or(0, |(_, run)| run.round_from);
        let of_run = |task: &&Task| run_of(task.visit) == run_of(visit) && task.visit >= from;
        let decided = || self.case.tasks.values().filter(of_run).filter(|task| task.decision().is_some());
        let since = match settings.repeats {
            Repeats::Ask => return false,
            Repeats::PassConsecutive => decided().map(|task| task.visit).max(),
            Repeats::PassOnce => Some(from),
        };
        let approved = decided().filter(|task| since.is_some_and(|since| task.visit >= since));
        let approved = approved
            .filter(|task| task.decision() == Some(Decision::Approve) && self.saw_all(visit, settings, task));
        let kept_out = who::excluded(settings, run_of(visit), &self.case);
        let heard: BTreeSet<Uuid> =
            approved.filter_map(Task::decider).filter(|by| !kept_out.contains(by)).collect();
        let people = &self.world.house.people;
        let theirs = |party: &&Party| people.members(party).iter().any(|user| heard.contains(&user.id));
        let seats = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        seats(parties.iter().filter(theirs).count()) >= needed(settings.vote, seats(parties.len()))
    }

    /// Whether nothing that a step looks at was written since a task was decided; a step of which nobody has said what
    /// it looks at, looks at all.
    fn saw_all(&self, visit: u32, settings: &PersonSettings, task: &Task) -> bool {
        let TaskState::Done { at_ms: decided, .. } = task.state else { return false };
        let guards = settings.guards();
        let looks = |path: &str| guards.is_empty() || self.covered(run_of(visit), &guards, path);
        !self.case.written_ms.iter().any(|(path, written)| *written >= decided && looks(path))
    }

    pub(super) fn open_seats(
        &mut self,
        visit: u32,
        node: &str,
        settings: &PersonSettings,
        parties: Vec<Party>,
    ) {
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
        let at_once: Vec<Party> = parties.collect();
        for party in &at_once {
            self.open_seat((visit, node), Some(settings), party.clone(), None, &at_once);
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
        self.open_seat((visit, node), settings, party, added, &[]);
    }

    /// Opens one task beside those of others, who are not asked twice.
    fn open_seat(
        &mut self,
        (visit, node): (u32, &str),
        settings: Option<&PersonSettings>,
        party: Party,
        added: Option<Added>,
        others: &[Party],
    ) {
        let now = self.by.at_ms;
        let stand_in = self.stand_in_for(&party, visit, settings, others);
        let alone = stand_in.as_ref().is_some_and(|(_, alone)| *alone);
        let handed = stand_in.map(|(handed, _)| handed);
        let holder = handed.as_ref().map_or(party, |handed| handed.to.clone());
        let calendar = deadline::calendar(&self.world.house, &holder);
        let (due_ms, remind_ms) = match settings {
            Some(settings) => {
                let (known, at) = (self.node(visit, node), (&self.case, run_of(visit)));
                let table = known.and_then(|node| deadline::by_table(node, at, &self.world.house));
                deadline::due((settings, table), at, calendar, now, 0)
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
        if alone {
            let evidence = [("node", node.to_owned()), ("holder", who::PROCESS_ADMIN.to_owned())];
            self.raise(ExceptionKind::NobodyFound, Some((visit, node)), &evidence);
        }
    }

    /// Who takes the work of a party that is away: the stand-in they named, else the step's backup, else the process
    /// admin, and an exception says so. None of them takes it who is away too, or has a seat of their own already and can
    /// speak only once.
    fn stand_in_for(
        &self,
        party: &Party,
        visit: u32,
        settings: Option<&PersonSettings>,
        others: &[Party],
    ) -> Option<(HandOver, bool)> {
        let (house, at_ms) = (&self.world.house, self.by.at_ms);
        let active = |party: &Party| {
            house.is_there(party, at_ms) && may_answer((&self.case, run_of(visit)), house, settings, party)
        };
        let named = match party {
            Party::User(login) => {
                let (amount, flows) = (self.case.order.weight_minor(), self.case.flow_keys(visit));
                let can = |login: &str| active(&Party::User(login.to_owned()));
                let found = house.absences.stand_in(login, at_ms, amount, &flows, can);
                found.map(|delegation| Party::User(delegation.to.clone()))
            }
            Party::Department(_) | Party::Role(_) => None,
        };
        let backup = settings.and_then(|settings| settings.backup.clone()).filter(active);
        let left = house.people.members(party).is_empty();
        let why = match &named {
            Some(_) => HandOverWhy::Delegated,
            None if left => HandOverWhy::Left,
            None if !house.is_there(party, at_ms) => HandOverWhy::Absent,
            None => return None,
        };
        let one_voice = settings.is_some_and(|settings| settings.vote.counts_voices());
        let seated = |party: &Party| others.contains(party) || self.takes_part(party, visit);
        let free = |party: &Party| !one_voice || !seated(party);
        let found = named.into_iter().chain(backup).find(free);
        let alone = found.is_none() && why != HandOverWhy::Left;
        let to = found.unwrap_or_else(|| self.process_admin());
        // Where even the process admins are away, the work waits with them.
        (to != *party).then(|| {
            let (from, by) = (party.clone(), Actor::system("absence"));
            (HandOver::new(from, to, why, by, at_ms), alone)
        })
    }

    /// Hands on the open tasks that their holder can decide no more: everybody of it has left, has lost the role or the
    /// right, or is kept from it by what they have decided or entered since.
    pub(super) fn hold_again(&mut self) {
        let lost: Vec<(u32, Task)> = self
            .case
            .open_tasks()
            .filter(|(_, task)| !self.may_take(task, &task.holder))
            .map(|(number, task)| (number, task.clone()))
            .collect();
        for (number, task) in lost {
            let backup = self.settings(task.visit, &task.node).and_then(|settings| settings.backup.clone());
            let free = |party: &Party| self.may_take(&task, party) && !self.takes_part(party, task.visit);
            let found = backup.filter(free);
            let alone = found.is_none();
            let to = found.unwrap_or_else(|| self.process_admin());
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

    /// Hands on the open tasks of those who have gone on leave since, and of people who have named a stand-in for what is
    /// open already.
    pub(super) fn cover_leave(&mut self) {
        let house = &self.world.house;
        let (amount, now) = (self.case.order.weight_minor(), self.by.at_ms);
        let gives = |task: &Task| match &task.holder {
            Party::User(login) => {
                house.absences.gives_open(login, now, amount, &self.case.flow_keys(task.visit))
            }
            Party::Department(_) | Party::Role(_) => false,
        };
        let is_away = |task: &Task| !house.is_there(&task.holder, now) || gives(task);
        let away = self.case.open_tasks();
        let away = away.filter(|(_, task)| task.entrusted_by.is_none() && is_away(task));
        let away: Vec<(u32, Task)> = away.map(|(number, task)| (number, task.clone())).collect();
        for (number, task) in away {
            let settings = self.settings(task.visit, &task.node);
            let Some((handed, alone)) = self.stand_in_for(&task.holder, task.visit, settings, &[]) else {
                continue;
            };
            self.hand_over(number, handed.to, handed.why, None);
            if alone {
                let evidence = [("holder", task.holder.key().to_owned())];
                self.raise(ExceptionKind::NobodyFound, Some((task.visit, &task.node)), &evidence);
            }
        }
    }

    /// Whether somebody of a party is there who may decide a task.
    pub(super) fn may_take(&self, task: &Task, party: &Party) -> bool {
        may_answer(
            (&self.case, run_of(task.visit)),
            &self.world.house,
            self.settings(task.visit, &task.node),
            party,
        )
    }

    pub(super) fn is_staffed(&self, party: &Party) -> bool {
        !self.world.house.people.members(party).is_empty()
    }

    /// Closes whatever is open of a visit; without a reason, because others have decided.
    pub(super) fn close_tasks(&mut self, visit: u32, reason: Option<CloseReason>) {
        let open: Vec<u32> =
            self.case.tasks_of(visit).filter(|(_, task)| task.is_open()).map(|(number, _)| number).collect();
        for task in open {
            let by = Some(self.by.actor.clone());
            self.emit(Event::TaskClosed { task, removed: false, by, reason });
        }
    }
}
