//! Moving a running order to another version of its flow. Tasks whose step is still there stay as they are; where a step
//! is gone, the run goes on where it is told to. Nothing is moved that would lose what was decided.

use super::Story;
use crate::case::event::Event;
use crate::case::passing_over::may_jump;
use crate::case::refusal::Refusal;
use crate::case::{ExceptionKind, FlowPin, Migration, Task};
use ordain_domain::promise::Promise;
use ordain_flow::migrate::{Assessment, Class, Move, Stay};
use ordain_flow::run::{CloseReason, Event as FlowEvent, Flow, Input, RunStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long a move can be undone.
const UNDO_MS: i64 = 24 * 60 * 60 * 1000;

/// What becomes of tasks whose step is still there and asks otherwise in the new version: kept as they are, unless it
/// says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoveChoice {
    /// The step asks anew whom it would ask now. Where several have begun to decide together they finish it.
    pub reassign: bool,
    /// Deadlines are counted as the new version says, from when the task was opened.
    pub recompute: bool,
}

impl Story<'_> {
    pub(super) fn migrate(
        &mut self,
        version: i64,
        mapping: &BTreeMap<String, String>,
        classes: &[Class],
        choice: MoveChoice,
    ) -> Result<(), Refusal> {
        let from = self.case.flow.clone().ok_or(Refusal::NoFlow)?;
        let pin = FlowPin { key: from.key.clone(), version };
        if pin == from {
            return Ok(());
        }
        let house = self.world.house.clone();
        let old = house.flow(&from).ok_or(Refusal::NoFlow)?;
        let new = house.flow(&pin).ok_or(Refusal::UnknownVersion)?;
        let run = self.case.run.clone().ok_or(Refusal::NotMovable)?;
        let versions = Move::new(old, new);
        let found = versions.classify(&run).ok_or(Refusal::NotMovable)?;
        if found.class == Class::X || !classes.contains(&found.class) {
            return Err(Refusal::NotMovable);
        }
        let waits = match &run.status {
            RunStatus::WaitingForCompletion { visit, .. } => Some(*visit),
            _ => None,
        };
        let mut targets = BTreeSet::new();
        let mut moved = BTreeMap::new();
        for stay in found.stays.iter().filter(|stay| stay.class == Class::C) {
            let target = mapping.get(&stay.node).ok_or(Refusal::NotMovable)?;
            // Who waits for its sender goes on with the checks once the sender is done; nobody need be asked now.
            if Some(stay.visit) != waits {
                versions.may_replace(&stay.node, target).map_err(Refusal::Flow)?;
                targets.insert(Arc::<str>::from(target.as_str()));
            }
            moved.insert(stay.node.clone(), target.clone());
        }
        self.emit(Event::Migrated { from, pin, mapping: moved });
        self.leave_steps(&found, waits);
        let stays = found.stays.iter().filter(|stay| stay.class == Class::B && Some(stay.visit) != waits);
        for stay in stays {
            self.ask_again(new, stay, choice);
        }
        let by = self.by.actor.person();
        if !targets.iter().all(|to| may_jump(&self.case, &self.world.house, by, to)) {
            return Err(Refusal::FourEyes);
        }
        if !targets.is_empty() {
            let targets = targets.into_iter().collect();
            self.advance(&Input::Replace { targets }, Promise::default())?;
        }
        self.go_on()
    }

    fn ask_again(&mut self, new: &Flow, stay: &Stay, choice: MoveChoice) {
        let open: Vec<(u32, Task)> =
            self.case.tasks_of(stay.visit).map(|(n, task)| (n, task.clone())).collect();
        let open = || open.iter().filter(|(_, task)| task.is_open());
        if choice.reassign && open().next().is_some() && !self.case.ballots.contains_key(&stay.visit) {
            self.close_tasks(stay.visit, Some(CloseReason::RunAgain));
            return self.assign(new, stay.visit, &stay.node);
        }
        if choice.recompute {
            open().for_each(|(number, task)| self.retime(*number, task, None));
        }
    }

    /// Closes the stays in steps that the new version does not have.
    fn leave_steps(&mut self, found: &Assessment, waits: Option<u32>) {
        for stay in found.stays.iter().filter(|stay| stay.class == Class::C) {
            let (visit, node) = (stay.visit, Arc::from(stay.node.as_str()));
            if Some(visit) != waits {
                let reason = CloseReason::Jumped;
                self.emit(Event::Flow(FlowEvent::TaskClosed { visit, node, reason }));
                self.close_tasks(visit, Some(reason));
            }
        }
    }

    /// The order stays where it is, and somebody learns of it.
    pub(super) fn migration_failed(&mut self, version: i64, why: &str) {
        let evidence = [("version", version.to_string()), ("why", why.to_owned())];
        self.raise(ExceptionKind::MigrationFailed, None, &evidence);
    }

    pub(super) fn undo_migration(&mut self) -> Result<(), Refusal> {
        let Some(Migration { at_ms, version, .. }) = self.case.migration.as_deref() else {
            return Err(Refusal::NotMoved);
        };
        if *version != self.case.version || self.by.at_ms - at_ms > UNDO_MS {
            return Err(Refusal::TooLateToUndo);
        }
        self.emit(Event::MigrationUndone);
        Ok(())
    }
}
