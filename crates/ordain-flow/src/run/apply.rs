//! The only thing that changes a run.

use super::event::WayBack;
use super::event::{Event, LaneOf, LaneTried};
use super::state::{
    Closed, Completion, CountedLane, Detour, LaneEnd, OpenBlock, Run, RunStatus, Visit, VisitKind,
};
use crate::doc::Outcome;
use std::sync::Arc;

/// Changes the run as the event says. Cannot fail; an event that says nothing about this run's state
/// leaves it as it is.
pub fn apply(run: &mut Run, event: &Event) {
    match event {
        Event::Entered { visit, .. } => {
            run.next_visit = run.next_visit.max(visit.saturating_add(1));
            run.status = RunStatus::Running;
        }
        Event::ChecksPassed { .. } | Event::Jumped { .. } => run.status = RunStatus::Running,
        Event::TaskOpened { visit, node, at_ms, kind, asked } => {
            run.open(*visit, node, *at_ms, *kind, *asked);
            run.kept.retain(|kept| kept != node);
        }
        Event::Kept { visit, node, at_ms } => {
            run.open(*visit, node, *at_ms, VisitKind::Task, false);
            run.close(*visit, Closed::Kept);
            run.kept.retain(|kept| kept != node);
        }
        Event::WaitBegan { visit, node, kind, at_ms } => run.open(*visit, node, *at_ms, *kind, false),
        Event::PassedByRule { visit, spared, .. } => {
            run.close(*visit, spared.map_or(Closed::PassedByRule, Closed::Spared));
        }
        Event::Decided { visit, decision, .. } => run.close(*visit, Closed::Decided(*decision)),
        Event::Answered { visit, answer, .. } => run.close(*visit, Closed::Answered(*answer)),
        Event::WaitEnded { visit, how, .. } => run.close(*visit, Closed::Waited(*how)),
        Event::TaskClosed { visit, reason, .. } => run.close(*visit, Closed::Without(*reason)),
        Event::LapseNoted { visit, .. } => run.edit(*visit, |visit| visit.lapsed = true),
        Event::Withdrawn { visit, lanes, .. } => run.reopen(*visit, lanes),
        Event::ReturnedForCompletion { visit, node, by, at_ms } => {
            if *by == Completion::Person {
                run.returns = run.returns.saturating_add(1);
            }
            if matches!(by, Completion::Person | Completion::Sender) {
                run.begin_round();
            }
            run.status = RunStatus::WaitingForCompletion {
                visit: *visit,
                node: node.clone(),
                by: by.clone(),
                since_ms: *at_ms,
            };
        }
        Event::Revived | Event::Revised { .. } | Event::RevisionDropped | Event::Ended { .. } => {
            of_whole(run, event);
        }
        Event::Forked { node, lanes, .. } => run.fork(node, lanes),
        Event::LaneEnded { node, lane, how } => run.mark(node, lane, Some(*how)),
        Event::Joined { node } => run.blocks.retain(|block| block.node != *node),
        Event::Abandoned { nodes } => {
            run.blocks.retain(|block| !nodes.contains(&block.node));
            run.detours.retain(|detour| !nodes.contains(&detour.from));
        }
        Event::LoopedBack { node, round, .. } => {
            run.loops.insert(node.clone(), *round);
        }
        Event::ReturnedTo { .. } => run.note_return(event),
        Event::AskedAgain { from, node, rest } => {
            if let Some(detour) = run.detours.iter_mut().find(|detour| detour.from == *from) {
                detour.at = node.clone();
                detour.again.clone_from(rest);
            }
        }
        Event::CameBack { to } => run.detours.retain(|detour| detour.from != *to),
        Event::LaneTaken { .. }
        | Event::NoticeRequested { .. }
        | Event::CopyRequested { .. }
        | Event::DataSet { .. }
        | Event::SubflowDetached { .. }
        | Event::WentBack { .. } => {}
    }
}

/// What begins or ends a run as a whole.
fn of_whole(run: &mut Run, event: &Event) {
    match event {
        Event::Revived => {
            run.begin_round();
            run.status = RunStatus::Running;
        }
        Event::Revised { kept } => {
            if run.outcome() == Some(Outcome::Confirmed) {
                run.confirmed = Some(run.standing());
            }
            run.begin_round();
            run.kept.clone_from(kept);
            run.status = RunStatus::Running;
        }
        Event::RevisionDropped => {
            run.begin_round();
            run.kept = run.confirmed.take().unwrap_or_default();
            run.status = RunStatus::Ended { outcome: Outcome::Confirmed };
        }
        Event::Ended { outcome, .. } => {
            run.blocks.clear();
            run.detours.clear();
            if *outcome == Outcome::Confirmed {
                run.confirmed = None;
            }
            run.status = RunStatus::Ended { outcome: *outcome };
        }
        _ => {}
    }
}

impl Run {
    fn note_return(&mut self, event: &Event) {
        let Event::ReturnedTo { node, to, way, reopen, .. } = event else { return };
        self.sent_back = self.sent_back.saturating_add(1);
        if *way == WayBack::Direct {
            let (from, at, reopen) = (node.clone(), to.clone(), reopen.clone());
            self.detours.push(Detour { from, at, again: Vec::new(), reopen });
        }
    }

    fn open(&mut self, visit: u32, node: &Arc<str>, since_ms: i64, kind: VisitKind, asked: bool) {
        let node = node.clone();
        self.visits.push(Visit { visit, node, since_ms, kind, asked, lapsed: false, closed: None });
    }

    fn edit(&mut self, visit: u32, change: impl FnOnce(&mut Visit)) {
        if let Some(known) = self.visits.iter_mut().find(|known| known.visit == visit) {
            change(known);
        }
    }

    fn close(&mut self, visit: u32, how: Closed) {
        self.edit(visit, |visit| {
            visit.closed.get_or_insert(how);
        });
    }

    fn reopen(&mut self, visit: u32, lanes: &[LaneOf]) {
        self.edit(visit, |visit| visit.closed = None);
        for ended in lanes {
            self.mark(&ended.node, &ended.lane, None);
        }
        self.status = RunStatus::Running;
    }

    fn begin_round(&mut self) {
        self.round_from = self.next_visit;
        self.blocks.clear();
        self.detours.clear();
        self.loops.clear();
        self.kept.clear();
    }

    /// A block that is entered again counts afresh.
    fn fork(&mut self, node: &Arc<str>, lanes: &[LaneTried]) {
        self.blocks.retain(|block| block.node != *node);
        let lanes = lanes.iter().map(|taken| CountedLane { lane: taken.lane.clone(), ended: None });
        self.blocks.push(OpenBlock { node: node.clone(), lanes: lanes.collect() });
    }

    fn mark(&mut self, node: &str, lane: &str, ended: Option<LaneEnd>) {
        let block = self.blocks.iter_mut().find(|block| &*block.node == node);
        let lane = block.and_then(|block| block.lanes.iter_mut().find(|known| &*known.lane == lane));
        if let Some(lane) = lane {
            lane.ended = ended;
        }
    }
}
