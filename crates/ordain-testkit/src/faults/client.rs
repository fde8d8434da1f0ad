//! Who asks while something dies: remembers what was acknowledged in a file of its own, and what it does not know the
//! outcome of, to ask again under the same key.

use super::ask::{Act, Ask, Receipt};
use super::dice::Dice;
use super::node::Node;
use super::seed::{self, Company, DEAR};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) const CLIENTS: u64 = 16;
pub(super) const COMPANY: Company = Company { hot: 8, pieces: 900 };

/// A client and what it remembers over the deaths of the node.
pub(super) struct Client {
    pub name: String,
    dice: Dice,
    sent: u64,
    /// The ask whose outcome is not known.
    pub pending: Option<Ask>,
    /// Own orders that still wait for somebody.
    waiting: Vec<Receipt>,
    acknowledged: PathBuf,
    pub settled: u64,
}

impl Client {
    pub fn new(folder: &Path, run: u64, n: u64, seed: u64) -> Self {
        Self {
            name: format!("c{run}-{n}"),
            dice: Dice::new(seed.wrapping_mul(1_000_003) + run * 1_000 + n),
            sent: 0,
            pending: None,
            waiting: Vec::new(),
            acknowledged: folder.join(format!("acknowledged-{run}-{n}.jsonl")),
            settled: 0,
        }
    }

    fn next(&mut self) -> Ask {
        self.sent += 1;
        let key = format!("{}-{}", self.name, self.sent);
        let act = match self.waiting.pop() {
            Some(receipt) if self.dice.below(3) == 0 => Act::Cancel { id: receipt.id },
            _ => {
                let dear = self.dice.below(10) == 0;
                let mut lines = vec![(self.product(), self.dice.between(1, 3) as u32)];
                if dear {
                    lines.push((DEAR.to_owned(), 1));
                }
                let customer = seed::customer(self.dice.next_u64());
                Act::Place { customer, po: format!("PO-{key}"), lines }
            }
        };
        Ask { caller: self.name.clone(), key, act }
    }

    fn product(&mut self) -> String {
        seed::hot(self.dice.below(COMPANY.hot as u64) as usize)
    }

    /// Asks until the node is gone, or `limit` times; what was acknowledged goes to the client's own file first.
    pub fn work(&mut self, node: &Node, limit: u64) {
        let mut file = File::options().create(true).append(true).open(&self.acknowledged).expect("a file");
        let Some(mut line) = node.connect() else { return };
        for _ in 0..limit {
            self.settled += u64::from(self.pending.is_some());
            let ask = self.pending.take().unwrap_or_else(|| self.next());
            self.pending = Some(ask.clone());
            let Some(answer) = line.ask(&ask).filter(|answer| !answer.is_unknown()) else { return };
            if answer.status == 429 {
                continue;
            }
            self.pending = None;
            if let Some(receipt) = answer.receipt() {
                let mut text = answer.body;
                text.push('\n');
                file.write_all(text.as_bytes()).expect("the acknowledgement is kept");
                if receipt.status == "in_review" {
                    self.waiting.push(receipt);
                }
            }
        }
    }
}

/// What all of them were told.
pub(super) fn acknowledged(clients: &[Client]) -> Vec<Receipt> {
    let texts = clients.iter().filter_map(|client| std::fs::read_to_string(&client.acknowledged).ok());
    texts
        .flat_map(|text| text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect::<Vec<_>>())
        .collect()
}
