//! Codes for one use by which customers show that it is they who answer. What a code is stands neither in the case nor in
//! its log: whoever holds the program's key works it out of the message that carries it.

use super::{Case, Event};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const MINUTE_MS: i64 = 60_000;
/// How long a code can be used.
pub const CODE_MS: i64 = 10 * MINUTE_MS;
/// Between two codes.
pub const CODE_PAUSE_MS: i64 = MINUTE_MS;
/// Codes for one question, and wrong ones that are borne with for each of them.
pub const CODES_MAX: usize = 5;
pub const TRIES_MAX: u32 = 5;

/// A code that is on its way to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// The message that carries it.
    pub id: Uuid,
    /// The stay that waits for the answer.
    pub visit: u32,
    pub channel: String,
    /// Where to, with most of it left out.
    pub to: String,
    pub at_ms: i64,
    pub until_ms: i64,
    #[serde(default)]
    pub wrong: u32,
}

impl CodeSent {
    pub fn tries_left(&self) -> u32 {
        TRIES_MAX.saturating_sub(self.wrong)
    }

    /// Whether it can be used still.
    pub fn is_good(&self, now_ms: i64) -> bool {
        now_ms < self.until_ms && self.tries_left() > 0
    }
}

impl Case {
    /// The code that counts for a stay: the last one that was sent.
    pub fn code(&self, visit: u32) -> Option<&CodeSent> {
        self.codes.iter().rev().find(|code| code.visit == visit)
    }
}

pub(super) fn of_codes(case: &mut Case, event: &Event) {
    match event {
        Event::CodeSent { code } => case.codes.push((**code).clone()),
        Event::CodeWrong { id } => {
            for code in case.codes.iter_mut().filter(|code| code.id == *id) {
                code.wrong = code.wrong.saturating_add(1);
            }
        }
        _ => {}
    }
}

/// An address of which its owner knows the rest.
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, host)) => format!("{}***@{host}", name.chars().take(1).collect::<String>()),
        None => {
            let digits: Vec<char> = address.chars().collect();
            let (head, tail) = (digits.iter().take(3), digits.iter().rev().take(4));
            let tail: String = tail.collect::<Vec<_>>().into_iter().rev().collect();
            format!("{}****{tail}", head.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_keeps_what_its_owner_knows_it_by() {
        assert_eq!(masked("li.wei@example.com"), "l***@example.com");
        assert_eq!(masked("13900001234"), "139****1234");
    }
}
