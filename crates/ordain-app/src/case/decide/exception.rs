//! Exceptions: raised where no rule goes on, owned by somebody, due like any work, and closed with a reason.

use super::{Intervention, Story};
use crate::case::event::Event;
use crate::case::issue::IssueType;
use crate::case::people::User;
use crate::case::refusal::{Refusal, given};
use crate::case::side_run::{MAIN, run_of};
use crate::case::standstill::progress_ms;
use crate::case::who::{MANAGEMENT, PROCESS_ADMIN, process_admin};
use crate::case::{Exception, ExceptionClosed, ExceptionKind};
use ordain_domain::actor::Actor;
use ordain_domain::decimal::money_text;
use ordain_domain::order::{ChangeState, Order, Status};
use ordain_flow::doc::Party;
use uuid::Uuid;

const FINANCE: &str = "finance";

/// Working minutes in which an exception must be settled before it goes to somebody else.
const DUE_MINUTES: u32 = 120;
/// Working minutes of a day, after which whoever stands above all is told again.
const AGAIN_MINUTES: u32 = 480;

/// Roles that may settle an exception whoever owns it.
const OVERSEERS: [&str; 3] = ["sales_manager", PROCESS_ADMIN, MANAGEMENT];

impl Story<'_> {
    /// Raises an exception, unless the same one is open already.
    pub(super) fn raise(
        &mut self,
        kind: ExceptionKind,
        at: Option<(u32, &str)>,
        evidence: &[(&str, String)],
    ) {
        let issue = self.world.house.issues.for_occasion(kind.name()).cloned();
        let (owner, due_ms) = self.first_handler(issue.as_ref());
        self.raise_to(kind, at, evidence, (issue, owner, due_ms));
    }

    /// Raises an exception that is this party's, if there is somebody and no issue type says otherwise.
    pub(super) fn raise_for(&mut self, kind: ExceptionKind, party: &Party, evidence: &[(&str, String)]) {
        let issue = self.world.house.issues.for_occasion(kind.name()).cloned();
        let (owner, due_ms) = self.first_handler(issue.as_ref());
        let staffed = issue.is_none() && !self.world.house.people.members(party).is_empty();
        let owner = if staffed { party.clone() } else { owner };
        self.raise_to(kind, None, evidence, (issue, owner, due_ms));
    }

    fn raise_to(
        &mut self,
        kind: ExceptionKind,
        at: Option<(u32, &str)>,
        evidence: &[(&str, String)],
        (issue, owner, due_ms): (Option<IssueType>, Party, i64),
    ) {
        let (visit, node) = at.map_or((None, None), |(visit, node)| (Some(visit), Some(node.to_owned())));
        let same = |known: &Exception| known.kind == kind && known.visit == visit && known.node == node;
        if self.case.open_exceptions().any(same) {
            return;
        }
        let exception = Exception {
            id: self.ids.mint(),
            kind,
            node,
            visit,
            opened_ms: self.by.at_ms,
            due_ms,
            owner: owner.clone(),
            taken_by: None,
            issue: issue.map(|issue| issue.code),
            reported_by: None,
            evidence: evidence.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            asked: None,
            closed: None,
        };
        self.emit(Event::ExceptionRaised { exception: Box::new(exception) });
        self.tell_party("exception_raised", &owner);
    }

    /// Who owns an exception first, and until when: as its issue type says, where somebody is there, else the process
    /// admin.
    pub(super) fn first_handler(&self, issue: Option<&IssueType>) -> (Party, i64) {
        let (house, now_ms) = (&self.world.house, self.by.at_ms);
        let staffed = |issue: &&IssueType| !house.people.members(&issue.handler).is_empty();
        match issue.filter(staffed) {
            Some(issue) => (issue.handler.clone(), issue.due_ms(house, now_ms)),
            None => (self.process_admin(), house.calendar.add_working_minutes(now_ms, DUE_MINUTES)),
        }
    }

    pub(super) fn process_admin(&self) -> Party {
        process_admin(&self.case, &self.world.house)
    }

    /// An exception that is open; one that was closed says by whom.
    pub(super) fn exception(&self, id: Uuid) -> Result<&Exception, Refusal> {
        let found = self.case.exceptions.iter().find(|exception| exception.id == id);
        let found = found.ok_or(Refusal::ExceptionNotFound)?;
        match &found.closed {
            None => Ok(found),
            Some(closed) => {
                Err(Refusal::ExceptionClosed { by: closed.by.name().to_owned(), at_ms: closed.at_ms })
            }
        }
    }

    /// The person who acts, if they are of its owner or oversee all exceptions.
    fn may_settle(&self, id: Uuid) -> Result<Uuid, Refusal> {
        let user = self.actor().ok_or(Refusal::NotYourException)?;
        let known = self.case.exceptions.iter().find(|exception| exception.id == id);
        let own = known.is_none_or(|known| settles(user, known));
        own.then_some(user.id).ok_or(Refusal::NotYourException)
    }

    pub(super) fn take_exception(&mut self, id: Uuid) -> Result<(), Refusal> {
        let by = self.may_settle(id)?;
        if self.exception(id)?.taken_by != Some(by) {
            self.emit(Event::ExceptionTaken { id, by });
        }
        Ok(())
    }

    pub(super) fn close_exception(&mut self, id: Uuid, reason: &str) -> Result<(), Refusal> {
        self.may_settle(id)?;
        self.exception(id)?;
        let reason = given(reason)?;
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        let closed = ExceptionClosed { by, at_ms, reason: Some(reason.to_owned()) };
        self.emit(Event::ExceptionClosed { id, closed });
        Ok(())
    }

    /// Nobody settled it in time: it goes to somebody above, and is due again.
    pub(super) fn escalate_exception(&mut self, key: &str) -> Result<(), Refusal> {
        let id = Uuid::parse_str(key).map_err(|_| Refusal::NothingDue)?;
        let owner = self.exception(id)?.owner.clone();
        let above = Party::Role(MANAGEMENT.to_owned());
        let staffed = !self.world.house.people.members(&above).is_empty();
        let to = if staffed { above } else { self.process_admin() };
        // There is nobody above who could be told next: once a day is enough.
        let minutes = if owner == to { AGAIN_MINUTES } else { DUE_MINUTES };
        let due_ms = self.world.house.calendar.add_working_minutes(self.by.at_ms, minutes);
        self.emit(Event::ExceptionEscalated { id, to: to.clone(), due_ms });
        self.tell_party("exception_overdue", &to);
        Ok(())
    }

    /// Money that the customer has paid beyond what the order comes to is finance's, whichever act made it too much.
    pub(super) fn watch_payments(&mut self) {
        let owed_back = owed_back(&self.case.order);
        if owed_back <= self.owed_back_minor {
            return;
        }
        let currency = self.currency();
        let text = money_text(owed_back, currency);
        let evidence = [("amount", text), ("currency", currency.code().to_owned())];
        let finance = Party::Department(FINANCE.to_owned());
        self.raise_for(ExceptionKind::Overpaid, &finance, &evidence);
    }

    /// Closes exceptions whose cause has gone: the step that they were about is not waited for any more.
    pub(super) fn clear_exceptions(&mut self) {
        let live = [Status::Draft, Status::Incomplete, Status::InReview, Status::AwaitingCustomer];
        let dead = [Status::Rejected, Status::Cancelled, Status::Expired];
        let (status, changing) = (self.case.order.status, self.case.order.is_changing());
        // A problem that somebody reported concerns the delivery as well, and so does the work that follows.
        let lasts = |exception: &Exception| {
            let main = exception.visit.is_some_and(|visit| run_of(visit) == MAIN);
            let kinds = [
                ExceptionKind::IssueReported,
                ExceptionKind::FlowFault,
                ExceptionKind::PromiseBroken,
                ExceptionKind::Overpaid,
            ];
            !main && (exception.visit.is_some() || kinds.contains(&exception.kind))
        };
        let owed_back = owed_back(&self.case.order);
        let asked = self.case.order.changes.iter().any(|change| change.state == ChangeState::Requested);
        let over = |exception: &Exception| match (exception.kind, lasts(exception)) {
            (ExceptionKind::ChangeWaits, _) => !asked,
            (ExceptionKind::Overpaid, _) => owed_back == 0,
            // What is over is revived, and nothing else.
            (ExceptionKind::SecondPerson, _) => revives(exception) != dead.contains(&status),
            (_, true) => dead.contains(&status),
            (_, false) => !live.contains(&status) && !changing,
        };
        let waits = |visit: u32| self.case.waits_at(visit);
        let mended = self.case.order.broken.is_empty();
        let progress_ms = progress_ms(&self.case);
        let unreceived = |visit: u32| {
            self.case.tasks_of(visit).any(|(_, task)| task.is_open() && task.received_ms.is_none())
        };
        let version = self.case.flow.as_ref().map(|pin| pin.version.to_string());
        let moved = |exception: &Exception| match exception.kind {
            ExceptionKind::NotReceived => !exception.visit.is_some_and(unreceived),
            ExceptionKind::SuspectedLost => progress_ms > exception.opened_ms,
            ExceptionKind::MigrationFailed => exception.evidence.get("version") == version.as_ref(),
            _ => false,
        };
        let gone = |exception: &&Exception| {
            over(exception)
                || exception.visit.is_some_and(|visit| !waits(visit))
                || (mended && exception.kind == ExceptionKind::PromiseBroken)
                || moved(exception)
        };
        let gone: Vec<Uuid> =
            self.case.open_exceptions().filter(gone).map(|exception| exception.id).collect();
        for id in gone {
            let closed = ExceptionClosed { by: Actor::system("flow"), at_ms: self.by.at_ms, reason: None };
            self.emit(Event::ExceptionClosed { id, closed });
        }
    }
}

fn revives(exception: &Exception) -> bool {
    exception.asked.as_deref() == Some(&Intervention::Revive)
}

/// Whether somebody is of the owner of an exception, or oversees all of them.
pub(in crate::case) fn settles(user: &User, exception: &Exception) -> bool {
    OVERSEERS.iter().any(|role| user.has_role(role)) || user.belongs_to(&exception.owner)
}

/// What has to go back to the customer, in minor units of the order's currency.
pub(super) fn owed_back(order: &Order) -> i64 {
    let dead = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
    let total = if dead { order.fulfilment.billed_minor() } else { order.total_minor() };
    (order.fulfilment.paid_minor() - total).max(0)
}
