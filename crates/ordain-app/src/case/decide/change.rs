//! Changes of an order that is under way. A change of an order in review is the order from then on, and only the steps
//! that it concerns look again. A change of a confirmed order goes through the flow once more beside the revision that
//! stands, and comes into force only where that one did: by `order::confirm::confirm`.

use super::examine::examine_beside;
use super::{Story, floor};
use crate::case::event::Event;
use crate::case::refusal::{Refusal, given};
use crate::case::side_run::{MAIN, run_of};
use crate::case::{FlowPin, Task};
use ordain_domain::check::Checked;
use ordain_domain::finding::{Finding, Severity};
use ordain_domain::form::OrderForm;
use ordain_domain::order::change::{AskedAgain, CHANGES_MAX, Narrowed, Rebased, Taken, fixed_paths};
use ordain_domain::order::content::{Difference, differences, partly};
use ordain_domain::order::family::Part;
use ordain_domain::order::rebase::rebased;
use ordain_domain::order::{Change, ChangeState, Content, Event as OrderEvent, Order, Origin, Status};
use ordain_domain::promise::Promise;
use ordain_flow::access::covers;
use ordain_flow::doc::{Node, PersonSettings};
use ordain_flow::run::{Flow, Input};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// The mail that tells the customer of a change in place of the first confirmation.
pub(super) const CHANGE_CONFIRMED: &str = "change_confirmed";

/// A wish for a change.
#[derive(Clone, Debug)]
pub struct ChangeAsked {
    /// The whole order as it should be; lines keep their ids.
    pub content: Content,
    pub reason: String,
    pub origin: Origin,
    /// Whoever asks may write orders, so that nobody has to take the change up first.
    pub direct: bool,
}

/// What a wish comes to on the order as it stands; nothing where it was asked of that. What becomes an order of its own is
/// asked anew, as its part was cut out of what there was.
pub(in crate::case) fn rebase(
    change: &Change,
    order: &Order,
    form: &OrderForm,
) -> Result<Option<Rebased>, Refusal> {
    if change.base == order.revision {
        return Ok(None);
    }
    let outdated =
        |conflicts| Refusal::ChangeOutdated { base: change.base, current: order.revision, conflicts };
    let stands = order.as_it_stands();
    if change.part.is_some() {
        return Err(outdated(Vec::new()));
    }
    // What is worked out follows from the rest, whatever it was when the change was asked for.
    let wanted = change.differences.iter().filter(|found| !form.works_out(&found.path)).cloned();
    let mut content = rebased(&stands.content, &Vec::from_iter(wanted)).map_err(outdated)?;
    form.work_out(&mut content, order.handed_in_ms.unwrap_or(change.at_ms));
    let found = differences(&stands.content, &content);
    if found.is_empty() {
        return Err(outdated(Vec::new()));
    }
    Ok(Some(Rebased { base: stands.revision, content, differences: found }))
}

/// Whom a change concerns.
struct Concerned {
    pin: FlowPin,
    again: Vec<AskedAgain>,
    kept: Vec<String>,
    /// Findings whose acceptance was given by steps that look again.
    dropped: Vec<String>,
}

impl Story<'_> {
    pub(super) fn request_change(&mut self, asked: &ChangeAsked) -> Result<(), Refusal> {
        self.ask_for(asked, None)
    }

    /// Asks for a change; the part becomes an order of its own once it is made.
    pub(super) fn ask_for(&mut self, asked: &ChangeAsked, part: Option<Part>) -> Result<(), Refusal> {
        let reason = given(&asked.reason)?.to_owned();
        self.must_be_under_way()?;
        let proposed = self.pinned(&asked.content);
        let order = &self.case.order;
        if order.changes.len() >= CHANGES_MAX {
            return Err(Refusal::TooManyChanges);
        }
        let stands = order.as_it_stands();
        let found = differences(&stands.content, &proposed);
        if found.is_empty() {
            return Err(Refusal::NothingChanged);
        }
        let fixed = fixed_paths(&stands.content, &proposed);
        if !fixed.is_empty() {
            return Err(Refusal::ChangeNotAllowed(fixed));
        }
        let faults = floor::below(order, &proposed, &self.world.procured);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        let change = Change {
            id: self.ids.mint(),
            number: u32::try_from(order.changes.len()).unwrap_or(u32::MAX).saturating_add(1),
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
            reason,
            origin: asked.origin,
            cancel_code: self.cancel_code.clone(),
            base: stands.revision,
            differences: found,
            proposed: Some(Box::new(proposed)),
            part: part.map(Box::new),
            left_out: Vec::new(),
            left_out_reason: None,
            taken: None,
            state: ChangeState::Requested,
        };
        let id = change.id;
        self.order(OrderEvent::ChangeRequested { change: Box::new(change) });
        if asked.direct {
            return self.take_change(id);
        }
        let owners: BTreeSet<Uuid> = self.owners().iter().map(|user| user.id).collect();
        self.tell_of_change("change_requested", id, owners);
        Ok(())
    }

    /// Puts a change under review.
    pub(super) fn take_change(&mut self, id: Uuid) -> Result<(), Refusal> {
        self.must_be_under_way()?;
        if self.case.order.is_changing() {
            return Err(Refusal::ChangeUnderReview);
        }
        let change = self.up_to_date(id)?;
        let content = change.proposed.clone().ok_or(Refusal::ChangeClosed)?;
        let checked = examine_beside(&content, None, &self.own, self.world, self.by).checked;
        let mut below = floor::below(&self.case.order, &content, &self.world.procured);
        below.extend(floor::below_billed(&self.case.order, &checked));
        if !below.is_empty() {
            return Err(Refusal::Invalid(below));
        }
        let faults = checked.findings.iter().filter(|finding| finding.code.severity() == Severity::Blocker);
        let faults: Vec<String> = faults.map(Finding::id).collect();
        if !faults.is_empty() {
            return Err(Refusal::ChangeIncomplete(faults));
        }
        let Concerned { pin, again, kept, dropped } = self.concerned(&content, &checked, &change)?;
        let nodes = again.iter().map(|asked| Arc::from(asked.node.as_str())).collect();
        let (by, at_ms, revision) = (self.by.actor.clone(), self.by.at_ms, self.case.order.next_revision());
        let taken = Box::new(Taken { by, at_ms, revision, again, kept });
        self.carry_tasks(&taken.again);
        self.order(OrderEvent::ChangeTaken { id, content, taken, dropped });
        self.hold_again();
        self.emit(Event::Pinned { pin, revision });
        let backing = self.check();
        self.hold_resources(backing.clone());
        // An order in review has no revision that would stand: the change is the order from now on.
        let at_once = !self.case.order.is_changing();
        if at_once {
            self.make_change(id);
        }
        self.advance(&Input::Revise { again: nodes }, backing)?;
        let reviewed = self.case.order.change_under_review().is_some();
        match (at_once, reviewed) {
            (true, _) => self.tell_of_change("change_applied", id, BTreeSet::new()),
            (false, true) => self.tell_of_change("change_requested", id, BTreeSet::new()),
            // It came to its end in this very commit, and everybody was told of that.
            (false, false) => {}
        }
        Ok(())
    }

    /// The order is confirmed again as the change wants it.
    pub(super) fn apply_change(&mut self) {
        let Some(id) = self.case.order.change_under_review().map(|change| change.id) else { return };
        self.make_change(id);
        let order = &self.case.order;
        if order.status == Status::InFulfilment && order.is_shipped() {
            self.order(OrderEvent::Completed);
        }
        let told = |event: &Event| matches!(event, Event::Order(OrderEvent::NoticeQueued { template, .. }) if template == CHANGE_CONFIRMED);
        if !self.events.iter().any(told) {
            self.mail_of_change(CHANGE_CONFIRMED, id, None);
        }
        let also = std::mem::take(&mut self.also_told);
        self.tell_of_change("change_applied", id, also);
    }

    /// The change is made, and what it parts from the order becomes one of its own.
    fn make_change(&mut self, id: Uuid) {
        let part = self.case.order.change(id).and_then(|change| change.part.clone());
        let outcome = ChangeState::Applied { at_ms: self.by.at_ms };
        self.order(OrderEvent::ChangeClosed { id, outcome });
        if let Some(part) = part {
            self.split_off(*part);
        }
    }

    /// Takes up what a change wants of some lines, and of the order outside of lines if `head` says so. The rest of it
    /// is refused. What is under review already is looked at anew, as what is left of it.
    pub(super) fn take_part(
        &mut self,
        id: Uuid,
        lines: &BTreeSet<u32>,
        head: bool,
        reason: &str,
    ) -> Result<(), Refusal> {
        let reason = given(reason)?.to_owned();
        let change = self.up_to_date(id)?;
        let order = &self.case.order;
        let before = order.as_it_stands().content.clone();
        let wanted = change.proposed.as_deref().unwrap_or(&order.content);
        let content = self.worked_out(partly(&before, wanted, lines, head));
        let (differences, left_out) = (differences(&before, &content), differences(&content, wanted));
        if differences.is_empty() {
            return Err(Refusal::NothingChanged);
        }
        if change.state == ChangeState::UnderReview {
            let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
            self.close_change(id, ChangeState::Withdrawn { by, at_ms, reason: reason.clone() })?;
            return self.request_change(&ChangeAsked {
                content,
                reason,
                origin: change.origin,
                direct: true,
            });
        }
        let narrowed = Box::new(Narrowed { content, differences, left_out, reason });
        self.order(OrderEvent::ChangeNarrowed { id, narrowed });
        self.take_change(id)
    }

    pub(super) fn reject_change(&mut self, id: Uuid, reason: &str) -> Result<(), Refusal> {
        let reason = given(reason)?.to_owned();
        // What is under review is decided where it lies: in the tasks of the reviewers.
        if self.open_change(id)?.state == ChangeState::UnderReview {
            return Err(Refusal::ChangeUnderReview);
        }
        self.close_change(id, self.rejected(reason))
    }

    pub(super) fn withdraw_change(&mut self, id: Uuid, reason: &str, any: bool) -> Result<(), Refusal> {
        let reason = given(reason)?.to_owned();
        let change = self.open_change(id)?;
        if !any && change.by != self.by.actor {
            return Err(Refusal::NotYourChange);
        }
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        self.close_change(id, ChangeState::Withdrawn { by, at_ms, reason })
    }

    /// The change that is under review is not made, because the run that looked at it ended otherwise.
    pub(super) fn drop_change(&mut self, reason: &str) -> Result<(), Refusal> {
        match self.case.order.change_under_review().map(|change| change.id) {
            Some(id) => self.close_change(id, self.rejected(reason.trim().to_owned())),
            None => Ok(()),
        }
    }

    /// As [`Self::drop_change`], for the reason that a reviewer has just given.
    pub(super) fn refuse_change(&mut self) -> Result<(), Refusal> {
        let given = self.events.iter().rev().find_map(|event| match event {
            Event::TaskDecided { reason, .. } => reason.clone(),
            _ => None,
        });
        self.drop_change(&given.unwrap_or_default())
    }

    /// Ends a change that is not made. What stood stands, with what it held; the run goes back to where it had come.
    pub(super) fn close_change(&mut self, id: Uuid, outcome: ChangeState) -> Result<(), Refusal> {
        let change = self.open_change(id)?;
        let rejected = matches!(outcome, ChangeState::Rejected { .. });
        // Whoever is asked now is told as well, though the tasks are gone then.
        let mut told = self.involved();
        told.extend(change.by.person());
        self.order(OrderEvent::ChangeClosed { id, outcome });
        if change.state == ChangeState::UnderReview {
            self.unasked.clear();
            let first = self.case.run.as_ref().map_or(0, |run| run.round_from);
            self.advance(&Input::DropRevision, Promise::default())?;
            self.stop_side_runs_since(first)?;
        }
        if rejected && change.origin == Origin::Customer {
            self.mail_of_change("change_rejected", id, None);
        }
        self.tell_of_change(if rejected { "change_rejected" } else { "change_withdrawn" }, id, told);
        Ok(())
    }

    /// Wishes that nobody has taken up end with their order.
    pub(super) fn close_requests(&mut self) {
        let over = [Status::Completed, Status::Cancelled, Status::Rejected, Status::Expired];
        if !over.contains(&self.case.order.status) {
            return;
        }
        let open = self.case.order.changes.iter().filter(|change| change.state.is_open());
        let open: Vec<Uuid> = open.map(|change| change.id).collect();
        for id in open {
            let outcome = self.rejected(String::new());
            self.order(OrderEvent::ChangeClosed { id, outcome });
            self.tell_of_change("change_rejected", id, BTreeSet::new());
        }
    }

    fn rejected(&self, reason: String) -> ChangeState {
        ChangeState::Rejected { by: self.by.actor.clone(), at_ms: self.by.at_ms, reason }
    }

    pub(super) fn must_be_under_way(&self) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        match self.case.order.status {
            Status::InReview | Status::AwaitingCustomer | Status::Confirmed | Status::InFulfilment => Ok(()),
            status => Err(Refusal::WrongStatus(status)),
        }
    }

    /// An open change as it is to be looked at: what was asked of an older revision is put onto the one that stands.
    fn up_to_date(&mut self, id: Uuid) -> Result<Change, Refusal> {
        let change = self.open_change(id)?;
        if change.state != ChangeState::Requested {
            return Ok(change);
        }
        if let Some(rebased) = rebase(&change, &self.case.order, &self.world.house.form)? {
            self.order(OrderEvent::ChangeRebased { id, rebased: Box::new(rebased) });
        }
        self.open_change(id)
    }

    fn open_change(&self, id: Uuid) -> Result<Change, Refusal> {
        let change = self.case.order.change(id).ok_or(Refusal::ChangeNotFound)?;
        if change.state.is_open() { Ok(change.clone()) } else { Err(Refusal::ChangeClosed) }
    }

    /// Which steps look again at an order that would be as `content` says, and which stand by what they have decided.
    fn concerned(&self, content: &Content, checked: &Checked, change: &Change) -> Result<Concerned, Refusal> {
        let (order, found) = (&self.case.order, change.differences.as_slice());
        let mut after = Order { content: content.clone(), checked: checked.clone(), ..order.clone() };
        if let Some(part) = &change.part {
            // What becomes an order of its own is weighed with the rest still.
            let family = after.family.get_or_insert_default();
            family.others_minor = family.others_minor.saturating_add(part.minor);
        }
        let run = self.case.run.as_ref().ok_or(Refusal::NoFlow)?;
        let pinned = self.case.flow.clone().ok_or(Refusal::NoFlow)?;
        let chosen = self.world.house.flow_for(&after).ok_or(Refusal::NoFlow)?;
        let flow = self.world.house.flow(&pinned).ok_or(Refusal::NoFlow)?;
        if chosen.key != pinned.key {
            // As it would be, the order belongs into another flow, which begins from the start.
            let again = run
                .standing()
                .into_iter()
                .map(|node| AskedAgain { node: node.to_string(), because: vec!["flow".to_owned()] });
            let dropped = order.accepted.keys().cloned().collect();
            return Ok(Concerned { pin: chosen, again: again.collect(), kept: Vec::new(), dropped });
        }
        let open: Vec<&Finding> = after.open_findings().collect();
        let totals = order.checked.totals != checked.totals;
        let because = |node: &Node, settings: &PersonSettings| {
            let owned =
                |finding: &&&Finding| settings.owns.iter().any(|own| own == finding.code.check().name());
            let mut because = touched(settings, found, totals);
            because.extend(open.iter().filter(owned).map(|finding| finding.id()));
            AskedAgain { node: node.id.clone(), because }
        };
        let asked: Vec<AskedAgain> = persons(flow).map(|(node, settings)| because(node, settings)).collect();
        let (kept, again): (Vec<_>, Vec<_>) = asked.into_iter().partition(|asked| asked.because.is_empty());
        let kept = kept.into_iter().map(|asked| asked.node).filter(|node| run.has_approved(node)).collect();
        let owners: BTreeSet<&str> = persons(flow)
            .filter(|(node, _)| again.iter().any(|asked| asked.node == node.id))
            .flat_map(|(_, settings)| settings.owns.iter().map(String::as_str))
            .collect();
        let dropped = checked.findings.iter().chain(&order.checked.findings);
        let dropped = dropped.filter(|finding| owners.contains(finding.code.check().name())).map(Finding::id);
        let dropped: BTreeSet<String> = dropped.filter(|id| order.accepted.contains_key(id)).collect();
        Ok(Concerned { pin: pinned, again, kept, dropped: dropped.into_iter().collect() })
    }

    /// Notes the open tasks of steps that the change does not concern: who has them keeps them, with their time.
    fn carry_tasks(&mut self, again: &[AskedAgain]) {
        let concerned = |task: &Task| again.iter().any(|asked| asked.node == task.node);
        let together = |task: &Task| self.case.ballots.contains_key(&task.visit);
        // Somebody who has left since has nothing to keep.
        let there = |task: &&Task| self.is_staffed(&task.holder);
        let open = self.case.open_tasks().map(|(_, task)| task).filter(|task| run_of(task.visit) == MAIN);
        self.carried =
            open.filter(there).filter(|task| !concerned(task) && !together(task)).cloned().collect();
    }

    /// Opens the task of a step that was asked already when the order was changed elsewhere.
    pub(super) fn open_carried(&mut self, visit: u32, node: &str) -> bool {
        let Some(at) = self.carried.iter().position(|task| task.node == node) else { return false };
        let task = Task { id: self.ids.mint(), visit, ..self.carried.remove(at) };
        self.emit(Event::TaskAssigned { visit, task: Box::new(task) });
        true
    }

    /// Everybody who has, or had, something to do with the order, and who watches it.
    fn involved(&self) -> BTreeSet<Uuid> {
        let people = &self.world.house.people;
        let mut found: BTreeSet<Uuid> = self.case.watchers.clone();
        found.extend(self.owners().iter().map(|user| user.id));
        for task in self.case.tasks.values() {
            match (task.is_open(), task.claimed_by) {
                (true, Some(by)) => drop(found.insert(by)),
                (true, None) => found.extend(people.members(&task.holder).iter().map(|user| user.id)),
                (false, _) => found.extend(task.decider()),
            }
        }
        found
    }

    /// Tells everybody involved, and these, once.
    fn tell_of_change(&mut self, template: &str, change: Uuid, also: BTreeSet<Uuid>) {
        let mut told = self.involved();
        told.extend(also);
        // Whoever asked hears how it went, but for the one who has just done it.
        let asked = self.case.order.change(change).and_then(|change| change.by.person());
        told.extend(asked.filter(|asked| self.by.actor.person() != Some(*asked)));
        let people = &self.world.house.people;
        told.retain(|id| people.users.get(id).is_some_and(|user| !user.disabled));
        for user in told {
            self.queue_notice(template, super::notify::IN_APP, user.to_string(), Some(change));
        }
    }

    pub(super) fn watch(&mut self, on: bool) -> Result<(), Refusal> {
        let user = self.by.actor.person().ok_or(Refusal::NotYourTask)?;
        if self.case.watchers.contains(&user) != on {
            self.emit(Event::Watched { user, on });
        }
        Ok(())
    }
}

/// The steps of people, in reading order.
fn persons(flow: &Flow) -> impl Iterator<Item = (&Node, &PersonSettings)> {
    flow.nodes().filter_map(|node| Some((node, node.person()?)))
}

/// The steps of a flow whose people look at something that differs.
pub(super) fn looking_at(flow: &Flow, found: &[Difference]) -> Vec<Arc<str>> {
    let sums = found.iter().any(|difference| difference.path.starts_with("lines"));
    let concerned = persons(flow).filter(|(_, settings)| !touched(settings, found, sums).is_empty());
    concerned.map(|(node, _)| Arc::from(node.id.as_str())).collect()
}

/// The paths that differ of those a step looks at or writes. A step of which nobody has said what it looks at, looks at
/// all.
fn touched(settings: &PersonSettings, found: &[Difference], totals: bool) -> Vec<String> {
    let guards = settings.guards();
    let sums = |guard: &str| guard.starts_with("totals");
    let covered =
        |path: &str| guards.iter().any(|guard| !sums(guard) && (covers(guard, path) || covers(path, guard)));
    let paths = found.iter().map(|difference| &difference.path);
    let mut because: Vec<String> = paths.filter(|path| guards.is_empty() || covered(path)).cloned().collect();
    because.extend(guards.iter().filter(|guard| totals && sums(guard)).cloned());
    because
}
