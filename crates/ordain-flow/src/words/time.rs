//! Until when: durations, deadlines and what happens around them.

use super::Speaker;
use super::condition::grouped;
use crate::doc::{Clock, DeadlineDo, DeadlineFrom, DeadlineRule, PersonSettings};

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

impl Speaker<'_> {
    /// Minutes in the largest units that lose nothing. Hours are not made days: a working day has fewer.
    pub fn duration(&self, minutes: u64) -> String {
        let part = |n: u64, key: &str| self.say(key, &[("n", &n.to_string())]);
        let (hours, rest) = (minutes / HOUR, minutes % HOUR);
        match (hours, rest) {
            (0, rest) => part(rest, "minutes"),
            (hours, 0) => part(hours, "hours"),
            (hours, rest) => format!("{} {}", part(hours, "hours"), part(rest, "minutes")),
        }
    }

    pub fn clocked(&self, minutes: u64, clock: Clock) -> String {
        match clock {
            Clock::Working => self.duration(minutes),
            Clock::Calendar if minutes >= DAY && minutes.is_multiple_of(DAY) => {
                self.say("calendar_days", &[("n", &(minutes / DAY).to_string())])
            }
            Clock::Calendar => self.say("calendar", &[("duration", &self.duration(minutes))]),
        }
    }

    /// A date of the order, moved by an offset.
    pub fn date(&self, field: &str, offset_minutes: i32) -> String {
        let field = self.field(field, false);
        let duration = self.duration(offset_minutes.unsigned_abs().into());
        let with = [("field", field.as_str()), ("duration", duration.as_str())];
        match offset_minutes {
            0 => self.say("date.at", &with),
            ..0 => self.say("date.before", &with),
            1.. => self.say("date.after", &with),
        }
    }

    /// The deadline of a person's step in a few words; empty without one.
    pub fn deadline(&self, person: &PersonSettings) -> String {
        match (&person.deadline, person.deadline_minutes) {
            (Some(deadline), _) => match &deadline.from {
                DeadlineFrom::Sla => self.word("deadline.by_table"),
                DeadlineFrom::After { minutes, clock } => self.clocked((*minutes).into(), *clock),
                DeadlineFrom::Field { field, offset_minutes } => self.date(field, *offset_minutes),
            },
            (None, Some(minutes)) if minutes > 0 => self.duration(minutes.into()),
            _ => String::new(),
        }
    }

    /// What happens on the way to the deadline and after it, one sentence each.
    pub fn deadline_rules(&self, person: &PersonSettings) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(minutes) = person.remind_before_minutes {
            said.push(self.at(-i64::from(minutes), &self.word("do.remind")));
        }
        if let Some(deadline) = &person.deadline {
            said.extend(deadline.rules.iter().map(|rule| self.deadline_rule(rule)));
            if deadline.keeps_running {
                said.push(self.word("deadline.keeps_running"));
            }
        }
        said
    }

    fn at(&self, minutes: i64, action: &str) -> String {
        let duration = self.duration(minutes.unsigned_abs());
        let with = [("duration", duration.as_str()), ("action", action)];
        match minutes {
            0 => self.say("deadline.at", &with),
            ..0 => self.say("deadline.before", &with),
            1.. => self.say("deadline.after", &with),
        }
    }

    fn deadline_rule(&self, rule: &DeadlineRule) -> String {
        let action = match &rule.action {
            DeadlineDo::Remind => self.word("do.remind"),
            DeadlineDo::NotifyManager => self.word("do.notify_manager"),
            DeadlineDo::ToBackup => self.word("do.to_backup"),
            DeadlineDo::Escalate(chain) => self.say("do.escalate", &[("name", &self.parties(chain))]),
            DeadlineDo::AutoReturn => self.word("do.auto_return"),
            DeadlineDo::AutoPass { max_amount: Some(max) } => {
                self.say("do.auto_pass_up_to", &[("amount", &grouped(max))])
            }
            DeadlineDo::AutoPass { max_amount: None } => self.word("do.auto_pass"),
            DeadlineDo::RaiseException => self.word("do.raise_exception"),
        };
        let once = self.at(rule.at_minutes.into(), &action);
        let Some(every) = rule.repeat_minutes else { return once };
        let every = self.duration(every.into());
        match rule.repeat_max {
            Some(max) => self.say(
                "deadline.repeats_max",
                &[("once", &once), ("duration", &every), ("n", &max.to_string())],
            ),
            None => self.say("deadline.repeats", &[("once", &once), ("duration", &every)]),
        }
    }
}
