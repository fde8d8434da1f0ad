//! Decisions on tasks: who may take and decide them, what a decision needs, and when several answers decide a step.

use super::{Story, signs};
use crate::case::event::Event;
use crate::case::people::User;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::world::{House, weight};
use crate::case::{Added, Ballot, Case, HandOver, HandOverWhy, Returned, SignerAt, Task, who};
use ordain_domain::finding::{Code, Finding};
use ordain_domain::order::Status;
use ordain_flow::doc::{Node, NodeKind, NoticeOn, Party, PersonSettings, TaskAction, Vote};
use ordain_flow::run::{Decision, Flow, Input, StepRefusal};
use ordain_flow::vote::{Verdict, tally};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Story<'_> {
    /// The person who acts, as the house knows them.
    pub(super) fn actor(&self) -> Option<&User> {
        self.by.actor.person().and_then(|id| self.world.house.people.users.get(&id))
    }

    pub(super) fn flow(&self) -> Option<&Flow> {
        self.case.flow.as_ref().and_then(|pin| self.world.house.flow(pin)).map(AsRef::as_ref)
    }

    /// A step as the run of a stay has it.
    pub(super) fn node(&self, visit: u32, node: &str) -> Option<&Node> {
        self.case.node_at(&self.world.house, visit, node)
    }

    pub(super) fn settings(&self, visit: u32, node: &str) -> Option<&PersonSettings> {
        self.node(visit, node).and_then(Node::person)
    }

    /// The open task, if the actor may decide it.
    pub(super) fn own_task(&self, id: Uuid) -> Result<(u32, Task), Refusal> {
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        task.must_be_open()?;
        let user = self.actor().ok_or(Refusal::NotYourTask)?;
        may_decide(user, task, &self.case, &self.world.house, self.by.at_ms)?;
        Ok((number, task.clone()))
    }

    /// The open task, if the actor may decide it and does not only work on it for somebody else.
    pub(super) fn task_to_decide(&self, id: Uuid) -> Result<(u32, Task), Refusal> {
        let (number, task) = self.own_task(id)?;
        if task.entrusted_by.is_some() { Err(Refusal::Entrusted) } else { Ok((number, task)) }
    }

    /// Refuses an act that the step does not offer.
    pub(super) fn must_offer(&self, task: &Task, action: TaskAction) -> Result<(), Refusal> {
        match self.settings(task.visit, &task.node) {
            Some(settings) if settings.without.contains(&action) => Err(Refusal::NotOffered(action)),
            _ => Ok(()),
        }
    }

    pub(super) fn claim(&mut self, id: Uuid) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        let by = self.by.actor.person().ok_or(Refusal::NotYourTask)?;
        if task.claimed_by != Some(by) {
            self.emit(Event::TaskClaimed { task: number, by });
        }
        Ok(())
    }

    /// Records an answer of the actor, and in whose place they gave it.
    pub(super) fn emit_decided(
        &mut self,
        number: u32,
        task: &Task,
        decision: Decision,
        reason: Option<String>,
    ) {
        let (case, house, at_ms) = (&self.case, &self.world.house, self.by.at_ms);
        let on_behalf = self.actor().and_then(|user| Holding { task, case, house, at_ms }.on_behalf(user));
        let by = self.by.actor.clone();
        self.emit(Event::TaskDecided { task: number, decision, by, reason, on_behalf });
    }

    pub(super) fn decide_task(
        &mut self,
        id: Uuid,
        decision: Decision,
        reason: Option<&str>,
        accept: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task, button(decision))?;
        // Not only when the last of several answers: a refusal that cannot be carried out would wait for ever.
        if decision == Decision::Reject && self.is_chore(&task) {
            return Err(Refusal::Flow(StepRefusal::NothingToReject { visit: task.visit }));
        }
        if decision == Decision::Return && run_of(task.visit) != MAIN {
            // The sender is asked by the run that leads to the confirmation.
            return Err(Refusal::NotOffered(TaskAction::Return));
        }
        if awaits_signers(&self.case, number) {
            return Err(Refusal::SignersPending);
        }
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let rule = self.settings(task.visit, &task.node).map(|settings| settings.comment).unwrap_or_default();
        if reason.is_none() && rule.asks(decision != Decision::Approve) {
            return Err(Refusal::ReasonRequired);
        }
        let keeps = self.keeps() && self.case.order.status != Status::Incomplete;
        let backing = self.look_again();
        if decision == Decision::Approve {
            for (finding, reason) in accept {
                if reason.trim().is_empty() {
                    return Err(Refusal::FindingsNeedReason(vec![finding.clone()]));
                }
                self.accept_finding(finding, reason.trim())?;
            }
            if keeps {
                self.hold_credit();
            }
            self.nothing_left_open(&task)?;
            self.all_filled(number, &task)?;
            self.all_seen(&task)?;
        }
        self.all_proved(number, &task, decision)?;
        self.emit_decided(number, &task, decision, reason.map(str::to_owned));
        let Some(decision) = self.decided(number, &task, decision) else { return Ok(()) };
        self.close_tasks(task.visit, None);
        self.tell_of_decision(&task, decision);
        // A change that is sent back is not made; the order stands, and nobody has to complete it.
        if decision == Decision::Return && !self.case.order.is_changing() {
            let reason = reason.unwrap_or_default().to_owned();
            let by = self.by.actor.clone();
            let returned = Returned { by, node: task.node.clone(), reason, at_ms: self.by.at_ms };
            self.emit(Event::ReturnedToSender(returned));
        }
        if decision == Decision::Approve {
            return self.approve_visit(&task, backing);
        }
        self.advance(&Input::Decide { visit: task.visit, decision }, backing)
    }

    /// Tells that a step was decided, or sent back.
    pub(super) fn tell_of_decision(&mut self, task: &Task, decision: Decision) {
        let back = decision == Decision::Return;
        self.tell_of_task(if back { NoticeOn::Returned } else { NoticeOn::Done }, task);
    }

    /// Whether the step is work to be done rather than a question.
    fn is_chore(&self, task: &Task) -> bool {
        self.node(task.visit, &task.node).is_some_and(|node| matches!(node.kind, NodeKind::Task(_)))
    }

    pub(super) fn decide_in_batch(
        &mut self,
        task: Uuid,
        decision: Decision,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        self.may_batch(task)?;
        self.decide_task(task, decision, reason, &BTreeMap::new())
    }

    /// Whether the step lets a task be decided as one of many.
    fn may_batch(&self, id: Uuid) -> Result<(), Refusal> {
        let (_, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        if forbids_batch(self.settings(task.visit, &task.node), &self.case) {
            Err(Refusal::NotInBatch)
        } else {
            Ok(())
        }
    }

    /// What the step must leave behind is there.
    pub(super) fn all_filled(&self, number: u32, task: &Task) -> Result<(), Refusal> {
        let (missing, open) = (self.missing_fields(task), self.unticked(number, task));
        match (missing.is_empty(), open.is_empty()) {
            (false, _) => Err(Refusal::FieldsMissing(missing)),
            (true, false) => Err(Refusal::PointsOpen(open)),
            (true, true) => Ok(()),
        }
    }

    /// What the answers of a step come to with this one, or nothing while others are still asked.
    pub(super) fn decided(&mut self, number: u32, task: &Task, decision: Decision) -> Option<Decision> {
        if decision == Decision::Return || !self.case.ballots.contains_key(&task.visit) {
            return Some(decision);
        }
        let verdict = self.verdict(task.visit);
        if verdict.is_none() {
            self.call_next(number, task);
        }
        verdict
    }

    /// What the answers of a visit that several people decide come to so far.
    pub(super) fn verdict(&self, visit: u32) -> Option<Decision> {
        let ballot = self.case.ballots.get(&visit)?;
        let answers = ballot.answers(self.case.tasks_of(visit).map(|(_, task)| task));
        match tally(ballot.vote, ballot.reject_when, answers)? {
            Verdict::Approved => Some(Decision::Approve),
            Verdict::Rejected => Some(Decision::Reject),
        }
    }

    /// Asks whoever was to be asked after this task: those its holder added, else the next in the step's own order once
    /// whoever is asked now has answered, signers included.
    pub(super) fn call_next(&mut self, number: u32, task: &Task) {
        let Some(ballot) = self.case.ballots.get(&task.visit) else { return };
        let next = ballot.queue.iter().position(|seat| seat.added.is_none());
        let after = ballot.waiting_for(number);
        let busy = self.case.tasks_of(task.visit).any(|(_, other)| other.is_open());
        let called = match (after.as_slice(), ballot.vote) {
            ([], Vote::Sequential) if !busy => next.into_iter().collect(),
            _ => after,
        };
        self.call(called, task);
    }

    /// Asks those whom the holder of a task wanted to be asked after him: he will not answer any more.
    pub(super) fn call_those_after(&mut self, number: u32, task: &Task) {
        let after = self.case.ballots.get(&task.visit).map(|ballot| ballot.waiting_for(number));
        self.call(after.unwrap_or_default(), task);
    }

    fn call(&mut self, called: Vec<usize>, task: &Task) {
        // From the back, so that the places of the others stay as they are.
        for at in called.into_iter().rev() {
            let seat = self.case.ballots.get(&task.visit).and_then(|ballot| ballot.queue.get(at)).cloned();
            let Some(seat) = seat else { continue };
            self.emit(Event::SeatCalled { visit: task.visit, at });
            let settings = self.settings(task.visit, &task.node).cloned();
            self.open_task(task.visit, &task.node, settings.as_ref(), seat.party, seat.added);
        }
    }

    /// Approving answers for every finding that the step owns.
    pub(super) fn nothing_left_open(&self, task: &Task) -> Result<(), Refusal> {
        let open = owned_open(&self.case, self.node(task.visit, &task.node));
        let (short, doubtful): (Vec<&Finding>, Vec<&Finding>) =
            open.into_iter().partition(|finding| finding.code == Code::StockShort);
        let ids = |findings: Vec<&Finding>| findings.into_iter().map(Finding::id).collect::<Vec<_>>();
        if !short.is_empty() {
            return Err(Refusal::PromiseNotBacked(ids(short)));
        }
        if !doubtful.is_empty() {
            return Err(Refusal::FindingsNeedReason(ids(doubtful)));
        }
        let asked = self.unanswered(task);
        if asked.is_empty() { Ok(()) } else { Err(Refusal::QuestionsOpen(asked)) }
    }

    /// Open questions about what the step answers for; where no review stands, all of them.
    fn unanswered(&self, task: &Task) -> Vec<u32> {
        let step = self.node(task.visit, &task.node);
        let findings = &self.case.order.checked.findings;
        let owned = |id: &String| findings.iter().any(|finding| finding.id() == *id && owns(step, finding));
        let everything = step.and_then(Node::person).is_none();
        let concerns = |finding: &Option<String>| everything || finding.as_ref().is_none_or(owned);
        let open = self.case.order.open_questions().filter(|question| concerns(&question.finding));
        open.map(|question| question.id).collect()
    }
}

/// Open findings that a step answers for.
pub(in crate::case) fn owned_open<'c>(case: &'c Case, step: Option<&Node>) -> Vec<&'c Finding> {
    case.order.open_findings().filter(|finding| owns(step, finding)).collect()
}

/// Whether a step answers for a finding; where none stands, for all of them.
fn owns(step: Option<&Node>, finding: &Finding) -> bool {
    step.is_none_or(|node| node.answers_for(finding.code.check().name()))
}

/// Whether the step, or the amount, wants a decision of its own.
pub(in crate::case) fn forbids_batch(settings: Option<&PersonSettings>, case: &Case) -> bool {
    let Some(batch) = settings.map(|settings| &settings.batch) else { return false };
    let amount = weight(&case.order);
    settings.is_some_and(signs)
        || batch.forbidden
        || batch.max_amount.is_some_and(|most| amount.is_none_or(|amount| amount > most))
}

/// Whether somebody was asked to answer before this task and has not done so.
pub(in crate::case) fn awaits_signers(case: &Case, number: u32) -> bool {
    case.open_tasks().any(|(_, other)| precedes(other, number))
}

fn precedes(task: &Task, other: u32) -> bool {
    let before = |added: &Added| added.to == other && added.at == SignerAt::Before;
    task.added.as_ref().is_some_and(before)
}

fn button(decision: Decision) -> TaskAction {
    match decision {
        Decision::Approve => TaskAction::Approve,
        Decision::Reject => TaskAction::Reject,
        Decision::Return => TaskAction::Return,
    }
}

/// Whether somebody may decide a task now: the one rule behind decisions, lists and buttons.
///
/// # Errors
/// What stands in the way.
pub fn may_decide(user: &User, task: &Task, case: &Case, house: &House, at_ms: i64) -> Result<(), Refusal> {
    let right = Holding { task, case, house, at_ms };
    if !right.is_of(user) {
        return Err(Refusal::NotYourTask);
    }
    if right.is_kept_out(user) {
        return Err(Refusal::FourEyes);
    }
    if case.tasks_of(task.visit).any(|(_, other)| other.id != task.id && other.decider() == Some(user.id)) {
        return Err(Refusal::AlreadyHeard);
    }
    // Whatever of a pool somebody takes, it is the whole work of it.
    let pool = right.settings().is_some_and(|settings| settings.vote == Vote::Claim);
    let same = |other: &&Task| other.id == task.id || (pool && other.is_open());
    let mut work = case.tasks_of(task.visit).map(|(_, other)| other).filter(same);
    if work.any(|task| Holding { task, case, house, at_ms }.is_taken_from(user)) {
        return Err(Refusal::ClaimedByOther);
    }
    Ok(())
}

/// Who holds a task.
struct Holding<'a> {
    task: &'a Task,
    case: &'a Case,
    house: &'a House,
    at_ms: i64,
}

impl Holding<'_> {
    fn settings(&self) -> Option<&PersonSettings> {
        self.case.node_at(self.house, self.task.visit, &self.task.node).and_then(Node::person)
    }

    /// Whether somebody is among the holders, stands in for one of them who is away, or behind them as the step's
    /// backup. Where several voices count everyone has a seat of their own, and so has a signer who was added: nobody sits
    /// down on another's.
    /// Whoever has left is nothing of it any more.
    fn is_of(&self, user: &User) -> bool {
        let backup = self.settings().and_then(|settings| settings.backup.as_ref());
        let seated = |ballot: &Ballot| ballot.vote.counts_voices() || self.task.added.is_some();
        let alone = !self.case.ballots.get(&self.task.visit).is_some_and(seated);
        !user.disabled
            && (user.belongs_to(&self.task.holder)
                || self.stands_in(user)
                || (alone && backup.is_some_and(|backup| user.belongs_to(backup))))
    }

    /// Whether somebody else has claimed it. The claim of a person who is away, has left or lost the role holds nobody
    /// back, nor that of one who has given away what is open the person they gave it to.
    fn is_taken_from(&self, user: &User) -> bool {
        let claimer = self.task.claimed_by.filter(|by| *by != user.id);
        let claimer = claimer.and_then(|by| self.house.people.users.get(&by));
        claimer.is_some_and(|claimer| {
            let login = &claimer.login;
            !self.house.absences.is_absent(login, self.at_ms)
                && self.is_of(claimer)
                && self.house.people.may_decide(claimer)
                && !self.is_kept_out(claimer)
                && !(self.gives_open(login) && self.gives_to(login, user))
        })
    }

    /// In whose place somebody decides: whoever is away and had it before, has named them, or holds it while the step's
    /// backup acts. Nothing for work of one's own.
    fn on_behalf(&self, user: &User) -> Option<Party> {
        if user.belongs_to(&self.task.holder) {
            let away = |over: &&HandOver| matches!(over.why, HandOverWhy::Delegated | HandOverWhy::Absent);
            return self.task.hand_overs.last().filter(away).map(|over| over.from.clone());
        }
        let giver = self.giver(user).map(|login| Party::User(login.to_owned()));
        Some(giver.unwrap_or_else(|| self.task.holder.clone()))
    }

    fn stands_in(&self, user: &User) -> bool {
        self.giver(user).is_some()
    }

    fn is_kept_out(&self, user: &User) -> bool {
        let out = |settings| who::excluded(settings, run_of(self.task.visit), self.case);
        self.settings().is_some_and(|settings| out(settings).contains(&user.id))
    }

    fn gives_open(&self, login: &str) -> bool {
        let (amount, flows) = (self.case.order.weight_minor(), self.case.flow_keys(self.task.visit));
        self.house.absences.gives_open(login, self.at_ms, amount, &flows)
    }

    fn gives_to(&self, from: &str, user: &User) -> bool {
        let (amount, flows) = (self.case.order.weight_minor(), self.case.flow_keys(self.task.visit));
        let there = |login: &str| self.house.people.by_login(login).is_some_and(|user| !user.disabled);
        let stand_in = self.house.absences.stand_in(from, self.at_ms, amount, &flows, there);
        stand_in.is_some_and(|delegation| delegation.to == user.login)
    }

    /// Of the holders, one whose work lies with somebody.
    fn giver(&self, user: &User) -> Option<&str> {
        let given_to_user = |from: &&str| self.gives_to(from, user);
        let givers = self.house.absences.delegations.iter().map(|delegation| delegation.from.as_str());
        let holder = |login: &str| {
            self.house.people.by_login(login).is_some_and(|giver| giver.belongs_to(&self.task.holder))
        };
        givers.filter(given_to_user).find(|login| holder(login))
    }
}
