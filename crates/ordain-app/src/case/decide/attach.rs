//! Files that people add to an order, to their work or to a customer's answer, and the signature under a decision.

use super::Story;
use crate::case::attachment::{ATTACHMENTS_MAX, About, Attachment, NewFile, Signed, sha256};
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::{Case, Task};
use ordain_flow::doc::{AttachmentRule, PersonSettings, Signature};
use ordain_flow::run::Decision;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Story<'_> {
    pub(super) fn attach(&mut self, file: &NewFile, about: About) -> Result<(), Refusal> {
        let visit = match about {
            About::Order => None,
            About::Task(id) => Some(self.own_task(id)?.1.visit),
            About::Answer => Some(self.asked_by_recorder()?.0),
        };
        self.keep(file, visit, None)
    }

    fn keep(&mut self, file: &NewFile, visit: Option<u32>, signs: Option<Signed>) -> Result<(), Refusal> {
        if self.case.attachments.len() >= ATTACHMENTS_MAX {
            return Err(Refusal::TooManyAttachments);
        }
        let bytes = &file.content.0;
        let attachment = Attachment {
            id: self.ids.mint(),
            name: file.name.trim().to_owned(),
            media_type: file.media_type.clone(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: sha256(bytes),
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
            visit,
            signs,
        };
        self.emit(Event::Attached { attachment: Box::new(attachment) });
        Ok(())
    }

    /// Decides one's own task under a signature.
    pub(super) fn decide_signed(
        &mut self,
        id: Uuid,
        decision: Decision,
        reason: Option<&str>,
        accept: &BTreeMap<String, String>,
        drawn: &NewFile,
    ) -> Result<(), Refusal> {
        let (number, task) = self.task_to_decide(id)?;
        let signs = self.case.signed(number, decision);
        self.keep(drawn, Some(task.visit), signs)?;
        self.decide_task(id, decision, reason, accept)
    }

    /// What stands under the decision is there, and the file that the step asks for.
    pub(super) fn all_proved(&self, number: u32, task: &Task, decision: Decision) -> Result<(), Refusal> {
        let Some(settings) = self.settings(task.visit, &task.node) else { return Ok(()) };
        if signs(settings) && decision != Decision::Return && !self.is_signed_now(number, decision) {
            return Err(Refusal::SignatureMissing);
        }
        if decision == Decision::Approve && lacks_file(settings, &self.case, task) {
            return Err(Refusal::AttachmentMissing);
        }
        Ok(())
    }

    /// Whether this very decision came with a signature: one under an earlier decision says nothing of it.
    fn is_signed_now(&self, number: u32, decision: Decision) -> bool {
        self.events.iter().any(|event| {
            let Event::Attached { attachment } = event else { return false };
            attachment.signs.as_ref().is_some_and(|of| (of.task, of.decision) == (number, decision))
        })
    }
}

/// Whether decisions of the step are signed.
pub fn signs(settings: &PersonSettings) -> bool {
    settings.signature != Signature::None
}

/// Whether the step asks for a file that is not there yet.
pub fn lacks_file(settings: &PersonSettings, case: &Case, task: &Task) -> bool {
    settings.attachment == AttachmentRule::Required && !case.has_attachment(task.visit)
}
