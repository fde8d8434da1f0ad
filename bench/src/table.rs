//! The report: a Markdown table, each figure with what it is measured against.

use crate::engine::Engine;
use crate::grow::Grown;
use crate::measure::{Round, Rounds, quantile_ms};
use crate::moved::Moved;
use crate::promise::{Contention, Promise};
use crate::steady::{Soak, Steady};
use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    fn row(&mut self, what: &str, figure: String, reference: String, budget: &str) {
        self.rows.push([what.to_owned(), figure, reference, budget.to_owned()]);
    }

    pub fn engine(&mut self, engine: &Engine) {
        let figure = format!("{:.0} runs/s", engine.runs_per_second);
        self.row("flow engine alone, one core, rules included", figure, "–".into(), "≥ 100,000/s");
        let figure = format!("{:.0} decisions/s", engine.decisions_per_second);
        self.row("– tasks decided by people", figure, "–".into(), "≥ 50,000/s");
        let figure = format!("{:.1} ms", engine.checks.as_secs_f64() * 1_000.0);
        self.row("– publish checks of a flow of 150 nodes", figure, "–".into(), "≤ 50 ms");
    }

    pub fn promise(&mut self, promise: &Promise) {
        let ms = |took: Duration| format!("{:.2} ms", took.as_secs_f64() * 1_000.0);
        let what = "available to promise of a product with 10,000 future movements";
        self.row(what, ms(promise.atp), "in memory".into(), "≤ 2 ms");
        self.row("– read from the database first", ms(promise.atp_read), "–".into(), "–");
        self.row("order of 5,000 lines, durable", ms(promise.large_order), "–".into(), "≤ 500 ms");
        let Contention { promised, short, errors, took } = &promise.contention;
        let figure =
            format!("{promised} promised, {short} short, {errors} errors in {:.1} s", took.as_secs_f64());
        self.row("16 clients ask for 120,000 of 100,000 pieces", figure, "–".into(), "100,000 promised");
    }

    pub fn moved(&mut self, moved: &Moved) {
        let what = format!("a purchase moves among {} open lines", moved.lines);
        let figure = format!("{:.1} ms", moved.took.as_secs_f64() * 1_000.0);
        let reference = format!("{} orders wait for it", moved.holders);
        self.row(&what, figure, reference, "≤ 200 ms");
    }

    pub fn grown(&mut self, grown: &Grown) {
        let n = grown.orders;
        let (first, last) = (grown.first_per_second, grown.last_per_second);
        let figure = format!("{last:.0} orders/s = {:.0} %", 100.0 * last / first);
        let reference = format!("{first:.0} orders/s in the empty database");
        self.row(&format!("straight-through orders, in process, at {n} orders"), figure, reference, "≥ 80 %");
        let ms = |took: Duration| format!("{:.1} ms", took.as_secs_f64() * 1_000.0);
        for page in &grown.pages {
            let figure = format!("p50 {}, p95 {}", ms(page.p50), ms(page.p95));
            let reference = format!("{} requests, {} bytes", page.requests, page.bytes);
            self.row(&page.what, figure, reference, page.budget);
        }
        self.row("start to ready", ms(grown.start), "–".into(), "≤ 1 s");
        let memory = format!("{:.0} MiB", grown.resident_mib);
        self.row("resident memory after the pages", memory, "–".into(), "≤ 200 MiB");
        for (what, verified, budget) in [
            ("`audit verify --chain`", &grown.chain, "≥ 100 MB/s and 50,000 entries/s"),
            ("`audit verify`", &grown.whole, "≥ 20,000 entries/s"),
        ] {
            let seconds = verified.took.as_secs_f64();
            let (entries, bytes) = (verified.entries as f64 / seconds, verified.bytes as f64 / seconds / 1e6);
            let reference = format!("{} entries, {} MB of log", verified.entries, verified.bytes / 1_000_000);
            self.row(what, format!("{entries:.0} entries/s, {bytes:.0} MB/s"), reference, budget);
        }
    }

    pub fn in_process(&mut self, rounds: &Rounds) {
        self.speed("straight-through orders of 5 lines, in process", rounds, "≥ 60 %");
        if let Some(Round { measured, bare }) = rounds.median() {
            let figure = format!("{:.0} orders/s", measured.orders as f64 / measured.replay.as_secs_f64());
            self.row(
                "replay of stored orders through a draft and the flow in force",
                figure,
                "–".into(),
                "≥ 20,000/s",
            );
            let cost = format!("{:.1} rows, {:.0} bytes", bare.rows_per_order, bare.bytes_per_order);
            self.row("cost of one order", cost, "final rows and file growth".into(), "–");
        }
    }

    pub fn hot(&mut self, rounds: &[(f64, f64)]) {
        self.pairs("one hot product in every order", rounds, "many products", "≥ 50 %");
    }

    pub fn nodes(&mut self, rounds: &[(f64, f64)]) {
        self.pairs("three programs over one database, 16 connections", rounds, "one program", "≥ 80 %");
    }

    /// The pair with the median ratio, with the lowest and the highest.
    fn pairs(&mut self, what: &str, rounds: &[(f64, f64)], reference: &str, budget: &str) {
        let share = |(run, against): &(f64, f64)| 100.0 * run / against;
        let mut rounds = rounds.to_vec();
        rounds.sort_by(|a, b| share(a).total_cmp(&share(b)));
        let (Some(low), Some(high)) = (rounds.first(), rounds.last()) else { return };
        let Some(median) = rounds.get(rounds.len() / 2) else { return };
        let range = format!("({:.0}–{:.0} %)", share(low), share(high));
        let figure = format!("{:.0} orders/s = {:.0} % {range}", median.0, share(median));
        self.row(what, figure, format!("{reference}: {:.0} orders/s", median.1), budget);
    }

    pub fn steady(&mut self, steady: &Steady) {
        let at = |sorted: &[Duration], share| format!("{:.1} ms", quantile_ms(sorted, share));
        let orders = format!("p50 {}, p99 {}", at(&steady.orders, 0.5), at(&steady.orders, 0.99));
        let reference = format!("{:.0} orders/s, open loop", steady.per_second);
        self.row("– orders at half of that load", orders, reference, "p99 ≤ 50 ms");
        let pages = format!("p50 {}, p95 {}", at(&steady.pages, 0.5), at(&steady.pages, 0.95));
        self.row("– pages read beside it", pages, format!("{} pages", steady.pages.len()), "–");
        let memory = format!("{:.0} MiB", steady.crowd_mib);
        self.row("– resident memory after 1,000 connections at once", memory, "–".into(), "≤ 300 MiB");
    }

    pub fn soak(&mut self, soak: &Soak) {
        let what = format!("{} minutes at {:.0} orders/s, and pages", soak.minutes.len(), soak.per_second);
        let (Some(first), Some(last)) = (soak.minutes.first(), soak.minutes.last()) else { return };
        let most = soak.minutes.iter().map(|(mib, _)| *mib).fold(0.0, f64::max);
        let figure = format!("{:.0} MiB and {} handles at the end, {most:.0} MiB at most", last.0, last.1);
        let reference = format!("{:.0} MiB and {} handles after a minute", first.0, first.1);
        self.row(&what, figure, reference, "flat, ≤ 200 MiB");
    }

    pub fn over_http(&mut self, rounds: &Rounds) {
        self.speed("the same over HTTP, 16 connections", rounds, "≥ 35 %");
    }

    fn speed(&mut self, what: &str, rounds: &Rounds, budget: &str) {
        let Some(round @ Round { measured, bare }) = rounds.median() else { return };
        let (share, (low, high)) = (round.share(), rounds.range());
        let figure = format!("{:.0} orders/s = {share:.0} % ({low:.0}–{high:.0} %)", measured.per_second());
        let reference = format!("bare writes {:.0}/s in groups of {:.1}", bare.per_second(), measured.group);
        self.row(what, figure, reference, budget);
        let latency =
            format!("p50 {:.1} ms, p99 {:.1} ms", measured.quantile_ms(0.5), measured.quantile_ms(0.99));
        self.row("– latency at that load", latency, "closed loop".into(), "–");
        let memory = format!("{:.0} MiB", rounds.resident_mib);
        self.row("– resident memory after the first run", memory, "–".into(), "≤ 200 MiB");
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | figure | reference | budget |\n|---|---|---|---|")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}
