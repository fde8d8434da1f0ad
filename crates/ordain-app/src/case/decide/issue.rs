//! Problems that people report. Who handles one first and until when follows from its type, not from whoever reports it.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::{Refusal, given};
use crate::case::{Exception, ExceptionKind};
use ordain_domain::order::Status;
use std::collections::BTreeMap;

impl Story<'_> {
    pub(super) fn report_issue(&mut self, code: &str, text: &str) -> Result<(), Refusal> {
        let status = self.case.order.status;
        if matches!(status, Status::Rejected | Status::Cancelled | Status::Expired) {
            return Err(Refusal::WrongStatus(status));
        }
        let issue = self.world.house.issues.find(code).cloned();
        let issue = issue.ok_or_else(|| Refusal::UnknownIssueType(code.to_owned()))?;
        let text = given(text)?;
        let (owner, due_ms) = self.first_handler(Some(&issue));
        let exception = Exception {
            id: self.ids.mint(),
            kind: ExceptionKind::IssueReported,
            node: None,
            visit: None,
            opened_ms: self.by.at_ms,
            due_ms,
            owner: owner.clone(),
            taken_by: None,
            issue: Some(issue.code),
            reported_by: Some(self.by.actor.clone()),
            evidence: BTreeMap::from([("text".to_owned(), text.to_owned())]),
            asked: None,
            closed: None,
        };
        self.emit(Event::ExceptionRaised { exception: Box::new(exception) });
        self.tell_party("issue_reported", &owner);
        Ok(())
    }
}
