//! What people do with tasks, by command.

use super::{Intervention, OrderCommand, Story};
use crate::case::HandOverWhy;
use crate::case::refusal::Refusal;

impl Story<'_> {
    /// What people do with tasks.
    pub(super) fn work(&mut self, command: &OrderCommand) -> Result<(), Refusal> {
        match command {
            OrderCommand::Claim { task } => self.claim(*task)?,
            OrderCommand::See { task, fields } => self.see(*task, fields)?,
            OrderCommand::Decide { task, decision, reason, accept } => {
                self.decide_task(*task, *decision, reason.as_deref(), accept)?;
            }
            OrderCommand::DecideSigned { task, decision, reason, accept, drawn } => {
                self.decide_signed(*task, *decision, reason.as_deref(), accept, drawn)?;
            }
            OrderCommand::Attach { file, about } => self.attach(file, *about)?,
            OrderCommand::Transfer { task, to, reason } => self.transfer(*task, to, reason)?,
            OrderCommand::Delegate { task, to, reason } => self.delegate(*task, to, reason)?,
            OrderCommand::GiveBack { task, note } => self.give_back(*task, note)?,
            OrderCommand::HoldTask { task, minutes, reason } => self.hold_task(*task, *minutes, reason)?,
            OrderCommand::ResumeTask { task } => self.resume_task(*task)?,
            OrderCommand::SendCopy { task, to, note } => self.send_copy(*task, to, note)?,
            OrderCommand::AddSigner { task, login, at, counts } => {
                self.add_signer(*task, login, *at, *counts)?;
            }
            OrderCommand::RemoveSigner { task } => self.remove_signer(*task)?,
            OrderCommand::Urge { task } => self.urge(*task)?,
            OrderCommand::Press { task, button } => self.press(*task, button)?,
            OrderCommand::Reassign { task, to, why: HandOverWhy::Reassigned, reason } => {
                self.intervene(&Intervention::Reassign { task: *task, to: to.clone() }, reason)?;
            }
            OrderCommand::Reassign { task, to, why, reason } => self.reassign(*task, to, *why, reason)?,
            OrderCommand::DecideInBatch { task, decision, reason } => {
                self.decide_in_batch(*task, *decision, reason.as_deref())?;
            }
            OrderCommand::ReturnTo { task, to, direct, reason } => {
                self.return_to(*task, to, *direct, reason)?;
            }
            OrderCommand::Withdraw { task } => self.withdraw(*task)?,
            OrderCommand::WriteFields { task, values } => self.write_fields(*task, values)?,
            OrderCommand::Tick { task, point } => self.tick(*task, *point)?,
            _ => {}
        }
        if matches!(
            command,
            OrderCommand::Decide { .. }
                | OrderCommand::DecideSigned { .. }
                | OrderCommand::DecideInBatch { .. }
        ) {
            // Four eyes may keep whoever has decided here from what they were asked elsewhere.
            self.hold_again();
        }
        Ok(())
    }
}
