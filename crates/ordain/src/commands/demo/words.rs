//! What the people of the demo say.

use super::dice::Dice;
use crate::commands::Failed;
use serde::Deserialize;
use std::collections::BTreeMap;

const WORDS: &str = include_str!("../../../../../examples/demo-data/words.json");

/// Words by the code of a finding, and under `other` for every other one.
type ByFinding = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
pub(super) struct Words {
    pub accept: ByFinding,
    pub send_back: ByFinding,
    pub reject: ByFinding,
    /// By reason for cancelling.
    pub give_up: BTreeMap<String, String>,
    pub changes: Vec<String>,
    pub wishes: Vec<String>,
    pub complaints: Vec<Complaint>,
    pub answers: Vec<String>,
    pub settled: Vec<String>,
    pub carriers: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Complaint {
    pub kind: String,
    pub text: String,
}

impl Words {
    pub(super) fn load() -> Result<Self, Failed> {
        Ok(serde_json::from_str(WORDS)?)
    }
}

pub(super) fn about(of: &ByFinding, code: &str, (dice, question): (&Dice, &str)) -> String {
    let said = of.get(code).or_else(|| of.get("other"));
    said.and_then(|said| dice.one(question, said)).cloned().unwrap_or_default()
}
