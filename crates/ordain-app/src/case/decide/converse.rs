//! What people say about an order: comments, questions and answers, kept on the order.

use super::{QuestionOutcome, Story};
use crate::case::issue::{QUESTION_TO_CUSTOMER, QUESTION_TO_SALES};
use crate::case::mention::mentioned;
use crate::case::refusal::{Refusal, given};
use ordain_domain::order::{Event as OrderEvent, Question, QuestionState, QuestionTo, Status};

/// The notice to whoever is spoken to in a comment.
pub const MENTIONED: &str = "mentioned";
/// Working minutes within which a question should be answered when nobody says otherwise.
const ANSWER_MINUTES: u32 = 240;

/// The occasion by which an issue type may say who handles a question and until when.
fn occasion(to: QuestionTo) -> &'static str {
    match to {
        QuestionTo::Customer => QUESTION_TO_CUSTOMER,
        QuestionTo::Sales => QUESTION_TO_SALES,
    }
}

impl Story<'_> {
    /// Tells whoever handles questions of this kind: as an issue type says, else the order's owners.
    pub(super) fn tell_handler(&mut self, template: &str, to: QuestionTo) {
        match self.world.house.issues.for_occasion(occasion(to)).cloned() {
            Some(issue) => {
                let (handler, _) = self.first_handler(Some(&issue));
                self.tell_party(template, &handler);
            }
            None => self.tell_owners(template),
        }
    }

    pub(super) fn comment(&mut self, text: &str) -> Result<(), Refusal> {
        given(text)?;
        self.order(OrderEvent::Commented { text: text.trim().to_owned() });
        let own = self.by.actor.person();
        for user in mentioned(text, &self.world.house.people).into_iter().filter(|user| Some(*user) != own) {
            self.tell(MENTIONED, user);
        }
        Ok(())
    }

    pub(super) fn ask(
        &mut self,
        finding: Option<&str>,
        to: QuestionTo,
        text: &str,
        due_ms: Option<i64>,
    ) -> Result<(), Refusal> {
        let status = self.case.order.status;
        let open = matches!(status, Status::Draft | Status::Incomplete | Status::InReview);
        if !open && !self.case.order.is_changing() {
            return Err(Refusal::WrongStatus(status));
        }
        given(text)?;
        if let Some(id) = finding
            && !self.case.order.checked.findings.iter().any(|known| known.id() == id)
        {
            return Err(Refusal::UnknownFinding(id.to_owned()));
        }
        let house = &self.world.house;
        let standard = || match house.issues.for_occasion(occasion(to)) {
            Some(issue) => issue.due_ms(house, self.by.at_ms),
            None => house.calendar.add_working_minutes(self.by.at_ms, ANSWER_MINUTES),
        };
        let question = Question {
            id: self.case.order.questions.iter().map(|question| question.id).max().unwrap_or(0) + 1,
            finding: finding.map(str::to_owned),
            to,
            text: text.trim().to_owned(),
            due_ms: due_ms.unwrap_or_else(standard),
            asked_by: self.by.actor.clone(),
            asked_ms: self.by.at_ms,
            state: QuestionState::Open,
        };
        self.order(OrderEvent::QuestionAsked { question: Box::new(question.clone()) });
        self.pass_on(&question);
        Ok(())
    }

    pub(super) fn close_question(&mut self, id: u32, outcome: &QuestionOutcome) -> Result<(), Refusal> {
        self.open_question(id)?;
        let (by, at_ms) = (self.by.actor.clone(), self.by.at_ms);
        let outcome = match outcome {
            QuestionOutcome::Answer { text } if !text.trim().is_empty() => {
                QuestionState::Answered { text: text.trim().to_owned(), by, at_ms }
            }
            QuestionOutcome::Withdraw { reason } if !reason.trim().is_empty() => {
                QuestionState::Withdrawn { reason: reason.trim().to_owned(), by, at_ms }
            }
            _ => return Err(Refusal::ReasonRequired),
        };
        self.order(OrderEvent::QuestionClosed { id, outcome });
        self.recheck_and_advance()
    }

    fn open_question(&self, id: u32) -> Result<(), Refusal> {
        let question = self.case.order.questions.iter().find(|question| question.id == id);
        match question.map(|question| &question.state) {
            None => Err(Refusal::QuestionNotFound),
            Some(QuestionState::Open) => Ok(()),
            Some(_) => Err(Refusal::QuestionClosed),
        }
    }
}
