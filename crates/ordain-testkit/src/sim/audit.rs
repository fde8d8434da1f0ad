//! What the books on an order come to: whether a vote was really won, and whether anything will ever happen next.

use super::books::{Books, Sheet};
use super::course::{Stay, settings};
use super::oracle::SIDE;
use ordain_app::case::Case;
use ordain_app::case::timers::{TimerKind, Timers};
use ordain_app::case::waits::Wait;
use ordain_app::case::world::House;
use ordain_domain::order::Status;
use ordain_flow::doc::{FlowDoc, Vote};
use ordain_flow::run::{Decision, VisitKind};
use uuid::Uuid;

impl Books {
    /// Counts the answers of a visit again before the run takes it as decided.
    pub(super) fn recount(&self, visit: u32, decision: Decision, doc: &FlowDoc) -> Result<(), String> {
        let Some(stay) = self.course_of(visit).stays.get(&visit) else { return Ok(()) };
        let own = |sheet: &&Sheet| sheet.task.visit == visit && !sheet.removed;
        let sheets: Vec<&Sheet> = self.sheets.iter().filter(own).collect();
        let queue = self.queued.get(&visit).map(Vec::as_slice).unwrap_or_default();
        let of_flow = sheets.iter().filter(|sheet| sheet.task.added.is_none()).count()
            + queue.iter().filter(|seat| seat.added.is_none()).count();
        let counts = |sheet: &&&Sheet| sheet.task.added.as_ref().is_none_or(|added| added.counts);
        let seats = sheets.iter().filter(counts).count()
            + queue.iter().filter(|seat| seat.added.as_ref().is_none_or(|added| added.counts)).count();
        let said = |sheet: &&&Sheet, wanted: Decision| sheet.decided.is_some_and(|(_, said)| said == wanted);
        let approved = sheets.iter().filter(counts).filter(|sheet| said(sheet, Decision::Approve)).count();
        let refused = sheets.iter().filter(|sheet| said(sheet, Decision::Reject)).count();
        let added = sheets.len() > of_flow || queue.iter().any(|seat| seat.added.is_some());
        let vote = settings(doc, &stay.node).filter(|_| stay.kind.is_task()).map_or(Vote::Any, |s| s.vote);
        let needed = match vote {
            Vote::Percent(share) => (seats * usize::from(share)).div_ceil(100),
            Vote::Count(count) => seats.min(usize::try_from(count).unwrap_or(usize::MAX)),
            Vote::All | Vote::Sequential => seats,
            // One answer is enough, unless signers were added to a single one.
            _ if of_flow == 1 && added => seats,
            _ => 1,
        };
        match decision {
            Decision::Approve if approved < needed => Err(format!(
                "visit {visit} was approved with {approved} of {needed} ({vote:?}, {seats} seats)"
            )),
            Decision::Reject if refused == 0 => Err(format!("visit {visit} was rejected by nobody")),
            _ => Ok(()),
        }
    }

    /// A live order always waits for somebody or for a time, and one that is over for nothing.
    ///
    /// # Errors
    /// Why nothing would ever happen to it again.
    pub fn goes_on(&self, case: &Case, timers: &Timers, house: &House) -> Result<(), String> {
        let changing = case.order.standing.is_some();
        let live = [Status::Draft, Status::Incomplete, Status::InReview, Status::AwaitingCustomer];
        let exceptions: Vec<Uuid> =
            self.exceptions.iter().filter(|(_, open)| **open).map(|(id, _)| *id).collect();
        if !live.contains(&case.order.status) && !changing {
            let confirmed = case.order.status.is_firm();
            let main = |sheet: &&Sheet| sheet.open && (!confirmed || sheet.task.visit < SIDE);
            let waits = self.course.open().next().is_some() || self.sheets.iter().any(|sheet| main(&sheet));
            let lasts = |id: &Uuid| self.refunds.contains(id) || (confirmed && self.lasting.contains(id));
            if waits || !exceptions.iter().all(lasts) {
                return Err(format!("{:?} and still waits", case.order.status));
            }
            return if confirmed { self.each_is_awaited(self.open_aside(), timers, case) } else { Ok(()) };
        }
        if let Some(id) =
            exceptions.iter().find(|id| !timers.contains_key(&(TimerKind::ExceptionDue, id.to_string())))
        {
            return Err(format!("exception {id} is never due"));
        }
        if let Some(doc) = self.doc(house) {
            self.course.side_by_side(doc)?;
        }
        let reviewed = matches!(case.order.status, Status::InReview | Status::AwaitingCustomer);
        if (reviewed || changing) && self.course.open().next().is_none() {
            return Err(format!("{:?} and nothing is waited for", case.order.status));
        }
        self.each_is_awaited(self.course.open().chain(self.open_aside()), timers, case)
    }

    /// Somebody is asked in every stay that is open, or a time comes.
    fn each_is_awaited<'a>(
        &self,
        open: impl Iterator<Item = (u32, &'a Stay)>,
        timers: &Timers,
        case: &Case,
    ) -> Result<(), String> {
        for (visit, stay) in open {
            let asked = self.sheets.iter().any(|sheet| sheet.open && sheet.task.visit == visit);
            let timed = || {
                let key = |(kind, key): &(TimerKind, String)| {
                    *kind == TimerKind::WaitDue && Wait::parse(key).is_some_and(|wait| wait.visit() == visit)
                };
                timers.keys().any(key)
            };
            let goes_on = match stay.kind {
                VisitKind::Task | VisitKind::Exception(_) => asked,
                // Time stands still for an order on hold.
                VisitKind::Delay | VisitKind::Event => timed() || case.order.on_hold,
                // The customer, and whoever may record the answer.
                VisitKind::Customer | VisitKind::Call | VisitKind::Subflow => true,
                // Made in the same commit.
                VisitKind::Checks => false,
            };
            if !goes_on {
                return Err(format!("nobody is asked in {} and no time comes", stay.node));
            }
        }
        Ok(())
    }
}
