//! What was proved by files and signatures, kept from events alone, and held against what the step asks for.

use ordain_app::case::attachment::Attachment;
use ordain_flow::doc::{AttachmentRule, PersonSettings, Signature};
use ordain_flow::run::Decision;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// Stays with a file.
    files: BTreeSet<u32>,
    /// Tasks with a signature under the decision to come.
    signed: BTreeMap<u32, Decision>,
}

impl Proofs {
    pub fn hear(&mut self, attachment: &Attachment) {
        match (&attachment.signs, attachment.visit) {
            (Some(signs), _) => drop(self.signed.insert(signs.task, signs.decision)),
            (None, Some(visit)) => drop(self.files.insert(visit)),
            (None, None) => {}
        }
    }

    /// # Errors
    /// What the step asks for and was not there.
    pub fn decided(
        &mut self,
        (task, visit): (u32, u32),
        decision: Decision,
        settings: Option<&PersonSettings>,
    ) -> Result<(), String> {
        let signed = self.signed.remove(&task) == Some(decision);
        let Some(settings) = settings else { return Ok(()) };
        if settings.signature == Signature::Drawn && decision != Decision::Return && !signed {
            return Err(format!("task {task} was decided without a signature"));
        }
        let proved = settings.attachment == AttachmentRule::Optional || self.files.contains(&visit);
        if decision == Decision::Approve && !proved {
            return Err(format!("task {task} was approved without a file"));
        }
        Ok(())
    }
}
