//! R10: a retry is free. One effect per key, however often and however much at once it is sent; the stored answer
//! comes back byte for byte, also after a restart and after a death right behind the commit.

use super::Outcome;
use super::ask::{Act, Answer, Ask, answer, envelope, put};
use super::dice::Dice;
use super::ground::Ground;
use super::node::{self, Launcher};
use super::seed::{self, Company};
use crate::home::Home;
use ordain_app::app::App;
use std::sync::Mutex;

const THREADS: u64 = 16;
const COMPANY: Company = Company { hot: 20, pieces: 10_000 };

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub writes: u64,
    /// Deaths right behind a commit.
    pub kills: u64,
    pub seed: u64,
}

pub fn run(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R10 idempotency");
    repeated(plan, &mut outcome);
    outcome.violations.extend(killed(launcher, plan, &mut 0));
    outcome.figure("deaths behind a commit", plan.kills);
    outcome
}

/// Only the deaths: what a negative control of the key is caught by.
pub fn run_kills(launcher: &Launcher, plan: Plan) -> Outcome {
    let mut outcome = Outcome::new("R10 idempotency, deaths");
    let mut sent = 0;
    outcome.violations = killed(launcher, plan, &mut sent);
    outcome.figure("deaths", plan.kills);
    outcome.figure("writes", sent);
    outcome
}

fn ask(dice: &mut Dice, caller: &str, key: String) -> Ask {
    let lines = vec![(seed::hot(dice.below(COMPANY.hot as u64) as usize), dice.between(1, 3) as u32)];
    let act =
        Act::Place { customer: seed::customer(dice.next_u64()), po: format!("PO-{caller}-{key}"), lines };
    Ask { caller: caller.to_owned(), key, act }
}

/// Sends the copies of a write, all at once or one after the other.
fn send(app: &App, ask: &Ask, copies: u64, at_once: bool) -> Vec<Answer> {
    if !at_once {
        return (0..copies).map(|_| put(app, ask)).collect();
    }
    let queued: Vec<_> = (0..copies).map(|_| app.gate.submit(envelope(app, ask))).collect();
    let told = queued.into_iter().filter_map(|reply| reply.ok()?.blocking_recv().ok());
    told.map(answer).collect()
}

/// The answers to one write must be one answer.
fn judge(ask: &Ask, answers: &[Answer], copies: u64, found: &mut Vec<String>) {
    let key = &ask.key;
    if answers.len() as u64 != copies || answers.iter().any(|answer| !answer.is_done()) {
        found.push(format!("answer: {key} got {answers:?}"));
    }
    if answers.iter().any(|a| (a.status, &a.body) != (answers[0].status, &answers[0].body)) {
        found.push(format!("bytes: the answers to {key} differ: {answers:?}"));
    }
    let first = answers.iter().filter(|answer| !answer.replayed).count();
    if first != 1 {
        found.push(format!("twice: {key} had {first} effects"));
    }
}

/// Another body under the key is refused; another caller's key is another key.
fn misuse(app: &App, dice: &mut Dice, used: &Ask, found: &mut Vec<String>) {
    let mut other = ask(dice, &used.caller, used.key.clone());
    if let Act::Place { po, .. } = &mut other.act {
        po.push_str("-other");
    }
    let refused = put(app, &other);
    if refused.status != 422 {
        found.push(format!("reused: another body under {} was answered {refused:?}", used.key));
    }
    let stranger = put(app, &ask(dice, &format!("{}-stranger", used.caller), used.key.clone()));
    if !stranger.is_done() || stranger.replayed {
        found.push(format!("caller: another caller's {} was answered {stranger:?}", used.key));
    }
}

fn repeated(plan: Plan, outcome: &mut Outcome) {
    let ground = Ground::new(COMPANY);
    let app = node::open(ground.home.database()).expect("it opens");
    let kept: Mutex<Vec<(Ask, Answer)>> = Mutex::default();
    let found: Mutex<Vec<String>> = Mutex::default();
    let tally: Mutex<(u64, usize)> = Mutex::default();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (app, kept, found, tally) = (&app, &kept, &found, &tally);
            scope.spawn(move || {
                let mut dice = Dice::new(plan.seed * 1_000 + thread);
                for n in (thread..plan.writes).step_by(THREADS as usize) {
                    let copies = dice.between(1, 5);
                    let ask = ask(&mut dice, &format!("caller-{thread}"), format!("key-{n}"));
                    let answers = send(app, &ask, copies, n % 2 == 0);
                    let mut new = Vec::new();
                    judge(&ask, &answers, copies, &mut new);
                    let strangers = n % 10 == 0;
                    if strangers {
                        misuse(app, &mut dice, &ask, &mut new);
                    }
                    found.lock().expect("whole").extend(new);
                    kept.lock().expect("whole").extend(answers.into_iter().next().map(|first| (ask, first)));
                    let mut tally = tally.lock().expect("whole");
                    *tally = (tally.0 + copies, tally.1 + 1 + usize::from(strangers));
                }
            });
        }
    });
    drop(app);
    let (sent, effects) = tally.into_inner().expect("whole");
    let mut violations = found.into_inner().expect("whole");
    violations.extend(after_restart(&ground.home, &kept.into_inner().expect("whole")));
    let verdict = ground.examine(&[]);
    violations.extend(verdict.violations);
    if verdict.orders != effects {
        violations.push(format!("twice: {} orders for {effects} keys", verdict.orders));
    }
    outcome.figure("keys", effects);
    outcome.figure("sent", sent);
    outcome.figure("orders", verdict.orders);
    outcome.violations.extend(violations);
}

/// Another process on the same database gives the same answers.
fn after_restart(home: &Home, kept: &[(Ask, Answer)]) -> Vec<String> {
    let app = node::open(home.database()).expect("it opens again");
    let mut found = Vec::new();
    for (ask, first) in kept {
        let again = put(&app, ask);
        if !again.replayed || (again.status, &again.body) != (first.status, &first.body) {
            found.push(format!("restart: {} was answered {first:?} and then {again:?}", ask.key));
        }
    }
    found
}

/// A node that dies right behind its n-th commit; its successor is asked again under the same key.
fn killed(launcher: &Launcher, plan: Plan, sent: &mut u64) -> Vec<String> {
    let ground = Ground::new(COMPANY);
    let mut dice = Dice::new(plan.seed);
    let mut receipts = Vec::new();
    let mut found = Vec::new();
    let mut pending: Option<Ask> = None;
    for round in 0..=plan.kills {
        let mut launcher = launcher.clone();
        if round < plan.kills {
            let nth = dice.between(1, 9).to_string();
            launcher = launcher.with("ORDAIN_FAULT_POINT", "after_commit").with("ORDAIN_FAULT_NTH", nth);
        }
        let node = launcher.start(ground.home.address(), &[]);
        let Some(mut line) = node.connect() else { continue };
        for n in 0..12 {
            let ask = pending.take().unwrap_or_else(|| ask(&mut dice, "mortal", format!("{round}-{n}")));
            *sent += 1;
            let Some(told) = line.ask(&ask) else {
                pending = Some(ask);
                break;
            };
            if !told.is_done() {
                found.push(format!("answer: {} got {told:?}", ask.key));
            }
            receipts.extend(told.receipt());
        }
        if pending.is_none() && round < plan.kills {
            found.push("the node did not die at its fault point".to_owned());
        }
    }
    found.extend(ground.examine(&receipts).violations);
    found
}
