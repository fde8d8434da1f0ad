//! The fault harness from the command line: `faults --bar r1|r2|r3|r4|r7|r8|r10|r12|r15|r16|r16nodes|r17|r19|r19db [--rounds N]
//! [--seed N]`.
//!
//! `--rounds` counts kills (r1, r8, r15), cuts (r2), operations from one error to the next (r3), times that the disk is full
//! (r4), asks (r7), writes (r10), orders (r12), failovers (r17) times that each weather comes (r19) or jumps of a clock (r16). Prints one row of the table in `docs/reliability.md`; exits with 1 if the bar was not held. It
//! starts itself as the node that is killed.
//! `ORDAIN_BROKEN` in the environment names a negative control, for this process and for its nodes; R2 knows
//! `synchronous_normal` and R17 `asynchronous_standby` beside those of the product.

use ordain_store::Synchronous;
use ordain_testkit::faults::node::Launcher;
use ordain_testkit::faults::{
    Outcome, clocks, failover, full, history, idempotency, io, kill, mail, network, node, oversell, power,
    timers,
};
use std::process::ExitCode;

const USAGE: &str = "faults --bar r1|r2|r3|r4|r7|r8|r10|r12|r15|r16|r16nodes|r17|r19|r19db [--rounds N] [--cuts N] [--seed N]";

struct Wish {
    bar: String,
    rounds: Option<u64>,
    seed: u64,
    control: Option<String>,
}

fn wish(args: &[String]) -> Option<Wish> {
    let mut wish =
        Wish { bar: String::new(), rounds: None, seed: 1, control: std::env::var("ORDAIN_BROKEN").ok() };
    for pair in args.chunks(2) {
        let [name, value] = pair else { return None };
        match name.as_str() {
            "--bar" => wish.bar.clone_from(value),
            "--rounds" | "--cuts" => wish.rounds = Some(value.parse().ok()?),
            "--seed" => wish.seed = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(wish)
}

fn run(wish: &Wish) -> Option<Outcome> {
    let launcher = Launcher::new(std::env::current_exe().ok()?, &["node"]);
    let seed = wish.seed;
    Some(match wish.bar.as_str() {
        "r1" => {
            let (rounds, until_caught) = (wish.rounds.unwrap_or(500), wish.control.is_some());
            kill::run(&launcher, kill::Plan { rounds, seed, kill_after_ms: (200, 1_500), until_caught })
        }
        "r2" => {
            let normal = wish.control.as_deref() == Some("synchronous_normal");
            let synchronous = if normal { Synchronous::Normal } else { Synchronous::Full };
            let cuts = wish.rounds.unwrap_or(10_000);
            power::run(power::Plan { cuts, seed, synchronous, until_caught: normal })
        }
        "r3" => io::run(io::Plan { stride: wish.rounds.unwrap_or(1), seed }),
        "r4" => {
            let (cycles, until_caught) = (wish.rounds.unwrap_or(50), wish.control.is_some());
            full::run(full::Plan { cycles, seed, until_caught })
        }
        "r7" => oversell::run(oversell::Plan { asks: wish.rounds.unwrap_or(1_000_000), seed }),
        "r8" => {
            let (kills, until_caught) = (wish.rounds.unwrap_or(200), wish.control.is_some());
            history::run(&launcher, history::Plan { kills, seed, until_caught })
        }
        "r10" => {
            let plan = idempotency::Plan { writes: wish.rounds.unwrap_or(100_000), kills: 20, seed };
            idempotency::run(&launcher, plan)
        }
        "r12" => mail::run(&launcher, mail::Plan { orders: wish.rounds.unwrap_or(10_000), kills: 100, seed }),
        "r15" => {
            let kills = wish.rounds.unwrap_or(50);
            timers::run(&launcher, timers::Plan { kills, orders_per_kill: 650, seed })
        }
        bar @ ("r16" | "r16nodes") => {
            let nodes = if bar == "r16" { clocks::Nodes::One } else { clocks::Nodes::TwoThatDiffer };
            clocks::run(
                &launcher,
                clocks::Plan { nodes, jumps: wish.rounds.unwrap_or(200), hold_ms: 300, seed },
            )
        }
        "r17" => {
            let asynchronous = wish.control.as_deref() == Some("asynchronous_standby");
            let rounds = wish.rounds.unwrap_or(50);
            failover::run(
                &launcher,
                failover::Plan { rounds, seed, waits: !asynchronous, until_caught: asynchronous },
            )
        }
        bar @ ("r19" | "r19db") => {
            let between = if bar == "r19" { network::Between::Doors } else { network::Between::Database };
            let (rounds, until_caught) = (wish.rounds.unwrap_or(20), wish.control.is_some());
            network::run(&launcher, network::Plan { between, rounds, spell_ms: 2_000, seed, until_caught })
        }
        _ => return None,
    })
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == "node") {
        node::serve(&args[1..]);
        return ExitCode::SUCCESS;
    }
    let Some(outcome) = wish(&args).and_then(|wish| run(&wish)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    println!("{}", outcome.row());
    outcome.violations.iter().take(20).for_each(|violation| println!("{violation}"));
    if outcome.is_held() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
