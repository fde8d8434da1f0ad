//! Runs beside the main one: begun where a step or the confirmation asks for them, stopped with what they were for, and
//! reported back to the step that waits for them.

use super::Story;
use super::change::looking_at;
use crate::case::ExceptionKind;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{About, MAIN, RUNS_MAX, SideRun, first_visit, run_of};
use ordain_domain::order::{ChangeState, Status};
use ordain_flow::doc::{NodeKind, Outcome, Purpose, SubflowPer, SubflowSettings};
use ordain_flow::run::{Event as FlowEvent, Input, Run};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What one run asks of another. Done when the events that asked for it have all been carried out.
pub(super) enum Errand {
    /// A step wants a flow to run inside.
    Start { visit: u32, node: String },
    /// A run that a step may wait for is over.
    Settle { visit: u32 },
    /// What a step waits for may have come.
    Hear { visit: u32 },
    /// A step has set fields, and the run has come to its end.
    CheckAgain { visit: u32 },
    /// The order was confirmed.
    Fulfil,
}

impl Story<'_> {
    pub(super) fn run_errand(&mut self, errand: Errand) -> Result<(), Refusal> {
        match errand {
            Errand::Start { visit, node } => self.start(visit, &node),
            Errand::Settle { visit } => self.settle(visit),
            Errand::Hear { visit } => self.take_heard(visit),
            // What was set has been checked with the setting of it; the run goes on by what was found.
            Errand::CheckAgain { visit } => self.take(&Input::Done { visit }, None),
            Errand::Fulfil => self.begin_fulfilment(),
        }
    }

    pub(super) fn carry_out_side(&mut self, number: u32, event: &FlowEvent) {
        if let FlowEvent::Ended { outcome, .. } = event
            && let Some(visit) = self.case.side_run(number).and_then(|side| side.parent)
        {
            self.errands.push_back(Errand::Settle { visit });
            if *outcome == Outcome::Rejected && !self.case.waits_at(visit) {
                // Nobody waits for what was rejected, so somebody has to be told of it.
                let flow = self.case.side_run(number).map(|side| ("flow", side.pin.key.clone()));
                self.raise(ExceptionKind::FlowFault, None, flow.as_slice());
            }
        }
    }

    fn start(&mut self, visit: u32, node: &str) -> Result<(), Refusal> {
        let settings = self.node(visit, node).and_then(|node| match &node.kind {
            NodeKind::Subflow(settings) => Some(settings.clone()),
            _ => None,
        });
        let pin = settings
            .as_ref()
            .and_then(|settings| self.world.house.in_force(&settings.flow, Purpose::Subflow));
        let Some((settings, pin)) = settings.zip(pin) else {
            return self.nothing_runs(visit, node);
        };
        // The run has gone elsewhere since, or the order was given up in the same commit.
        let given_up =
            matches!(self.case.order.status, Status::Rejected | Status::Cancelled | Status::Expired);
        if (given_up && !settings.outlives_parent) || (!settings.detached && !self.case.waits_at(visit)) {
            return Ok(());
        }
        let abouts = self.abouts(&settings);
        if self.case.side_runs.len() + abouts.len() > RUNS_MAX {
            return self.nothing_runs(visit, node);
        }
        for about in abouts {
            self.begin(SideRun {
                parent: Some(visit),
                about,
                input: settings.input.clone(),
                output: settings.output.clone(),
                outlives_parent: settings.outlives_parent,
                ..SideRun::of(pin.clone(), self.by.at_ms)
            })?;
        }
        self.errands.push_back(Errand::Settle { visit });
        Ok(())
    }

    /// A flow that cannot run has failed: a step that waits for it takes its way out, and somebody holds it. Where nobody
    /// waits, the exception belongs to the order.
    fn nothing_runs(&mut self, visit: u32, node: &str) -> Result<(), Refusal> {
        if self.case.waits_at(visit) {
            return self.take(&Input::Failed { visit }, None);
        }
        self.raise(ExceptionKind::FlowFault, None, &[("node", node.to_owned())]);
        Ok(())
    }

    /// What each of the runs is about.
    fn abouts(&self, settings: &SubflowSettings) -> Vec<Option<About>> {
        let order = &self.case.order;
        let found: Vec<Option<About>> = match settings.per {
            SubflowPer::Order => Vec::new(),
            SubflowPer::Line => order.content.lines.iter().map(|line| Some(About::Line(line.id))).collect(),
            SubflowPer::Warehouse => {
                let drawn: BTreeSet<&String> = order.held.iter().map(|held| &held.warehouse).collect();
                drawn.into_iter().map(|code| Some(About::Warehouse(code.clone()))).collect()
            }
        };
        if found.is_empty() { vec![None] } else { found }
    }

    fn begin(&mut self, side: SideRun) -> Result<(), Refusal> {
        let number = u32::try_from(self.case.side_runs.len()).unwrap_or(u32::MAX).saturating_add(1);
        let side_run = Box::new(SideRun { run: Run::numbered_from(first_visit(number)), ..side });
        self.emit(Event::SideRunBegan { side_run });
        self.take_in(number, &Input::Start, None)
    }

    /// Tells the step that waits, once all of its runs are over.
    fn settle(&mut self, visit: u32) -> Result<(), Refusal> {
        let mut of = self.case.side_runs.iter().filter(|side| side.parent == Some(visit)).peekable();
        if !self.case.waits_at(visit) || of.peek().is_none() {
            return Ok(());
        }
        let outcomes: Option<Vec<Outcome>> = of.map(|side| side.run.outcome()).collect();
        let Some(outcomes) = outcomes else { return Ok(()) };
        if outcomes.into_iter().any(|outcome| outcome != Outcome::Completed) {
            return self.take(&Input::Failed { visit }, None);
        }
        let again = self.overtaken_around(run_of(visit), visit);
        let input = if again.is_empty() { Input::Done { visit } } else { Input::DoneAnew { visit, again } };
        self.take(&input, None)
    }

    /// Steps of a run that have to look again because of what was written inside of it, now that a stay of it is over. Looking
    /// again begins the path anew, so it waits until nothing else is under way that would be done twice.
    fn overtaken_around(&self, run: u32, visit: u32) -> Vec<Arc<str>> {
        let stays = self.case.run_at(run).into_iter().flat_map(|(_, run)| run.open_visits());
        let mut others = stays.filter(|stay| stay.visit != visit);
        if others.any(|stay| !stay.kind.is_task()) {
            return Vec::new();
        }
        let inside = self.case.side_runs.iter().filter(|side| side.parent.map(run_of) == Some(run));
        let began_ms = inside.map(|side| side.began_ms).min().unwrap_or(self.by.at_ms);
        self.overtaken(run, began_ms)
    }

    /// The work that follows from the confirmation begins. What is under way is not begun twice, and what is done is done
    /// again only as far as a change concerns it.
    fn begin_fulfilment(&mut self) -> Result<(), Refusal> {
        let Some(pin) = self.world.house.fulfilment_for(&self.case.order) else { return Ok(()) };
        let after = || self.case.side_runs.iter().zip(1..).filter(|(side, _)| side.parent.is_none());
        if after().any(|(side, _)| !side.is_over()) {
            return Ok(());
        }
        let completed = |side: &SideRun| side.run.outcome() == Some(Outcome::Completed);
        let done = after().filter(|(side, _)| side.pin.key == pin.key && completed(side)).last();
        match done.map(|(_, number)| number) {
            Some(number) => self.follow_up(number),
            None => self.begin(SideRun::of(pin, self.by.at_ms)),
        }
    }

    /// Has those look again, of the work that is done, who look at what has just been changed.
    fn follow_up(&mut self, number: u32) -> Result<(), Refusal> {
        let flow = self.case.run_at(number).and_then(|(pin, _)| self.world.house.flow(pin));
        let now = ChangeState::Applied { at_ms: self.by.at_ms };
        let change = self.case.order.changes.iter().rev().find(|change| change.state == now);
        let (Some(flow), Some(change)) = (flow, change) else { return Ok(()) };
        let again = looking_at(flow, &change.differences);
        if again.is_empty() { Ok(()) } else { self.take_in(number, &Input::Revise { again }, None) }
    }

    /// Stops what a change that is not made has begun: runs of stays from this one on, and what runs inside of them.
    pub(super) fn stop_side_runs_since(&mut self, first: u32) -> Result<(), Refusal> {
        let mut meant: BTreeSet<u32> = BTreeSet::new();
        for (side, number) in self.case.side_runs.iter().zip(1..) {
            let begun = |visit: u32| match run_of(visit) {
                MAIN => visit >= first,
                run => meant.contains(&run),
            };
            if side.parent.is_some_and(begun) && !side.outlives_parent {
                meant.insert(number);
            }
        }
        for number in meant {
            if self.case.side_run(number).is_some_and(|side| !side.is_over()) {
                self.take_in(number, &Input::Cancel, None)?;
            }
        }
        Ok(())
    }

    /// Stops the runs of a stay that is not waited for any more; without one, all of an order that is given up.
    pub(super) fn stop_side_runs(&mut self, of: Option<u32>) -> Result<(), Refusal> {
        let is_meant = |side: &&SideRun| of.is_none_or(|visit| side.parent == Some(visit));
        let runs = self.case.side_runs.iter().zip(1..).filter(|(side, _)| is_meant(side));
        let open = runs.filter(|(side, _)| !side.is_over() && !side.outlives_parent);
        let open: Vec<u32> = open.map(|(_, number)| number).collect();
        for number in open {
            // One that ran inside another is over with that.
            if self.case.side_run(number).is_some_and(|side| !side.is_over()) {
                self.take_in(number, &Input::Cancel, None)?;
            }
        }
        Ok(())
    }
}
