//! The customer's answer as somebody of the house has it, and the proof that it is the customer's.

use super::Story;
use super::wait::answer_recorder;
use crate::case::answer::{CODE_MS, CODE_PAUSE_MS, CODES_MAX, CodeSent, masked};
use crate::case::event::Event;
use crate::case::refusal::{Refusal, given};
use crate::case::world::weight;
use ordain_domain::order::{AnswerProof, Event as OrderEvent, Way};
use ordain_flow::doc::{AttachmentRule, Channel, CustomerSettings, NodeKind, Proof};
use ordain_flow::run::{Answer, Input, VisitKind};
use uuid::Uuid;

/// What sends a code.
pub(crate) const ANSWER_CODE: &str = "answer_code";

/// What shows that it is the customer who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofGiven {
    /// The code of this message was named, as whoever can work it out has found.
    Code(Uuid),
    /// The signed paper is there.
    Signature,
}

impl Story<'_> {
    /// Somebody has the customer's answer in another form: by phone, on paper.
    pub(super) fn record_answer(
        &mut self,
        accepted: bool,
        evidence: &str,
        shown: Option<ProofGiven>,
    ) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        given(evidence)?;
        let (visit, settings) = self.asked_by_recorder()?;
        let proof = self.prove(visit, &settings, shown)?;
        if settings.attachment == AttachmentRule::Required && !self.case.has_attachment(visit) {
            return Err(Refusal::AttachmentMissing);
        }
        let (by, evidence) = (self.by.actor.clone(), Some(evidence.trim().to_owned()));
        self.order(OrderEvent::CustomerAnswered { accepted, by, evidence, proof });
        let backing = self.look_again();
        let answer = if accepted { Answer::Accepted } else { Answer::Declined };
        self.advance(&Input::Answer { visit, answer }, backing)
    }

    /// The stay in which the customer is asked, where the actor is the one who records the answer.
    pub(super) fn asked_by_recorder(&self) -> Result<(u32, CustomerSettings), Refusal> {
        let asked = self.open_visit(|visit| visit.kind == VisitKind::Customer);
        let (visit, node) = asked.ok_or(Refusal::CustomerNotAsked)?;
        let house = &self.world.house;
        let recorder = answer_recorder(&self.case, house).ok_or(Refusal::CustomerNotAsked)?;
        if !self.actor().is_some_and(|user| user.belongs_to(&recorder)) {
            return Err(Refusal::NotYourTask);
        }
        match self.node(visit, &node).map(|node| &node.kind) {
            Some(NodeKind::CustomerConfirmation(settings)) => Ok((visit, settings.clone())),
            _ => Err(Refusal::CustomerNotAsked),
        }
    }

    fn prove(
        &self,
        visit: u32,
        settings: &CustomerSettings,
        shown: Option<ProofGiven>,
    ) -> Result<Option<AnswerProof>, Refusal> {
        let code = |sent: Uuid| {
            let known = self.case.code(visit).filter(|code| code.id == sent && code.is_good(self.by.at_ms));
            let known = known.ok_or(Refusal::CodeVoid)?;
            Ok::<_, Refusal>(AnswerProof::Code { channel: known.channel.clone(), to: known.to.clone() })
        };
        match (settings.proof(weight(&self.case.order)), shown) {
            (_, Some(ProofGiven::Code(sent))) => code(sent).map(Some),
            (Some(Proof::Code), _) => Err(Refusal::ProofNeeded(Proof::Code)),
            (_, Some(ProofGiven::Signature)) => Ok(Some(AnswerProof::Signature)),
            (Some(Proof::Signature), None) => Err(Refusal::ProofNeeded(Proof::Signature)),
            (None, None) => Ok(None),
        }
    }

    /// Sends the customer a code, by another way than the question went.
    pub(super) fn send_code(&mut self) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (visit, settings) = self.asked_by_recorder()?;
        let now_ms = self.by.at_ms;
        if let Some(last) = self.case.code(visit).filter(|last| now_ms < last.at_ms + CODE_PAUSE_MS) {
            return Err(Refusal::CodeSentLately { until_ms: last.at_ms + CODE_PAUSE_MS });
        }
        if self.case.codes.iter().filter(|code| code.visit == visit).count() >= CODES_MAX {
            return Err(Refusal::TooManyCodes);
        }
        let asked = |way: &Channel| {
            let mut sent = self.case.notices.iter().filter(|notice| notice.template == settings.template);
            sent.any(|notice| notice.channel == way.name())
        };
        let others = Channel::ALL.into_iter().filter(|way| !asked(way));
        let mut open = others.filter(|way| self.world.house.channels.carries(*way));
        let way = open.find_map(|way| Some((way, self.address(&settings.contact, way)?)));
        let (channel, to) = way.ok_or(Refusal::NoOtherChannel)?;
        let (channel, shown) = (channel.name().to_owned(), masked(&to));
        let id = self.queue(ANSWER_CODE, None, Way { channel: channel.clone(), to }, Vec::new());
        let code =
            CodeSent { id, visit, channel, to: shown, at_ms: now_ms, until_ms: now_ms + CODE_MS, wrong: 0 };
        self.emit(Event::CodeSent { code: Box::new(code) });
        Ok(())
    }

    /// A wrong code was named: it is counted against the one that was sent.
    pub(super) fn refuse_code(&mut self, sent: Uuid) -> Result<(), Refusal> {
        let (visit, _) = self.asked_by_recorder()?;
        let known = self.case.code(visit).filter(|code| code.id == sent && code.is_good(self.by.at_ms));
        known.ok_or(Refusal::CodeVoid)?;
        self.emit(Event::CodeWrong { id: sent });
        Ok(())
    }
}
