//! A company at work on the real Gate: batches, crashes, repeats, timers, mail; after every batch everything is held
//! against [`super::mirror`]. The same seed gives the same log, however the commands fall into commits and whether the
//! process is lost on the way.

use super::coverage::Coverage;
use super::crowd::{Crowd, Expect, Sent, render};
use super::mirror::Mirror;
use super::names;
use super::rng::Rng;
use super::site::{Answer, ORG, Site};
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::case::Refusal;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::event::change;
use ordain_app::case::timers::TimerKind;
use ordain_app::gate::{Command, Done, Envelope, GateError};
use ordain_app::outbox::MAIL;
use ordain_domain::actor::Actor;
use ordain_store::LogRow;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, VecDeque};
use uuid::Uuid;

/// Orders that people work on at the same time.
const ACTIVE: usize = 60;
/// Most commands in one batch here.
const BATCH: usize = 32;

/// How a run is played.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub commands: u64,
    /// Several commands to a commit; otherwise each has its own.
    pub batched: bool,
    /// The process is lost now and then.
    pub crashes: bool,
    /// Some purchase order numbers come several times.
    pub twins: bool,
    /// SQL that damages the database half-way: the negative control of the checks.
    pub damage: Option<&'static str>,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub seed: u64,
    pub commands: u64,
    pub refused: u64,
    pub replayed: u64,
    pub orders: usize,
    pub confirmed: u64,
    pub large_confirmed: u64,
    pub log_entries: usize,
    pub crashes: u64,
    /// SHA-256 over the hashes of all log entries.
    pub hash: String,
}

impl Options {
    /// Everything at once: batches, crashes, duplicates.
    pub fn full(seed: u64, commands: u64) -> Self {
        Self { seed, commands, batched: true, crashes: true, twins: true, damage: None }
    }
}

/// The first thing that was not as it must be, and where.
#[derive(Debug)]
pub struct Broken {
    pub seed: u64,
    pub commands: u64,
    pub what: String,
}

struct Run<'a> {
    options: &'a Options,
    rng: Rng,
    /// Crashes have a stream of their own, so that a run with and one without them do the same.
    chaos: Rng,
    site: Site,
    mirror: Mirror,
    crowd: Crowd,
    active: Vec<Uuid>,
    coverage: Coverage,
    report: Report,
    damaged: bool,
}

/// Plays a run to its end.
///
/// # Errors
/// The first thing that was not as it must be.
pub fn run(options: &Options) -> Result<(Report, Coverage), Broken> {
    let broken = |commands, what| Broken { seed: options.seed, commands, what };
    let site = Site::found().map_err(|what| broken(0, what))?;
    let mut run = Run {
        options,
        rng: Rng::new(options.seed),
        chaos: Rng::new(!options.seed),
        site,
        mirror: Mirror::of(super::play::company()),
        crowd: Crowd { twins: options.twins, ..Crowd::default() },
        active: Vec::new(),
        coverage: Coverage::default(),
        report: Report { seed: options.seed, ..Report::default() },
        damaged: false,
    };
    run.play().map_err(|what| broken(run.report.commands, what))?;
    let digest = Sha256::digest(&run.mirror.log_hash);
    run.report.hash = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((run.report, run.coverage))
}

impl Run<'_> {
    fn play(&mut self) -> Result<(), String> {
        self.mirror.read_log(&self.site.app)?;
        while self.report.commands < self.options.commands {
            if self.rng.chance(30) {
                self.pass_time()?;
            }
            if self.rng.chance(10) {
                self.collect_mail()?;
            }
            if self.rng.chance(3) {
                self.hire_and_fire()?;
            }
            self.work()?;
            self.maybe_damage()?;
        }
        self.mirror.sums(&self.site.app)?;
        self.mirror.sweep(&self.site.app, &self.site.tables)?;
        self.report.orders = self.mirror.orders.len();
        self.report.confirmed = self.mirror.confirmed;
        self.report.large_confirmed = self.mirror.large_confirmed;
        self.report.log_entries = self.mirror.log_hash.len() / 32;
        Ok(())
    }

    /// A batch of what people do.
    fn work(&mut self) -> Result<(), String> {
        let size = 1 + self.rng.below(BATCH);
        let mut batch = Vec::with_capacity(size);
        for _ in 0..size {
            let sent = self.crowd.next(&mut self.rng, &self.site.app, &self.mirror, &self.active);
            // An impatient sender: the same request twice in the same moment.
            if sent.envelope.key.is_some() && self.rng.chance(10) {
                batch.push(sent.clone());
            }
            batch.push(sent);
        }
        self.put(batch)
    }

    /// Puts a batch and holds the answers, the log and the tables against what must be.
    fn put(&mut self, batch: Vec<Sent>) -> Result<(), String> {
        let envelopes: Vec<Envelope> = batch.iter().map(|sent| sent.envelope.clone()).collect();
        let crash = self.options.crashes && self.chaos.chance(4);
        let early = self.chaos.chance(50);
        if crash && early {
            self.site.crash_before_commit(&envelopes)?;
            self.report.crashes += 1;
        }
        let answers = if self.options.batched {
            self.site.together(&envelopes)?
        } else {
            self.site.one_by_one(&envelopes)
        };
        if crash && !early {
            self.site.crash_after_commit()?;
            self.report.crashes += 1;
        }
        let mut rows: VecDeque<LogRow> = self.mirror.read_log(&self.site.app)?.into();
        let mut touched = BTreeSet::new();
        for (sent, answer) in batch.iter().zip(&answers) {
            self.hear(sent, answer, &mut rows, &mut touched)?;
        }
        if let Some(row) = rows.front() {
            return Err(format!("only_commands_are_logged: {} of {}", row.command, row.subject));
        }
        for id in touched {
            self.mirror.rows_of(id, &self.site.app, &self.site.tables)?;
        }
        self.mirror.sums(&self.site.app)?;
        if crash && !early { self.ask_again(&envelopes, &answers) } else { Ok(()) }
    }

    /// Senders that never got their answer repeat under their key, and get the answer of the first time.
    fn ask_again(&mut self, envelopes: &[Envelope], answers: &[Answer]) -> Result<(), String> {
        for (envelope, answer) in envelopes.iter().zip(answers) {
            let (Some(_), Ok(done)) = (&envelope.key, answer) else { continue };
            let body = match done {
                Done::Replayed { body, .. } => body.clone(),
                done => render(done),
            };
            match self.site.app.gate.send_blocking(envelope.clone()) {
                Ok(Done::Replayed { body: again, .. }) if again == body => {}
                other => return Err(format!("a_retry_after_a_crash_is_free: {other:?} is not {body}")),
            }
        }
        Ok(())
    }

    fn hear(
        &mut self,
        sent: &Sent,
        answer: &Answer,
        rows: &mut VecDeque<LogRow>,
        touched: &mut BTreeSet<Uuid>,
    ) -> Result<(), String> {
        self.report.commands += 1;
        expected(sent, answer)?;
        if let Command::Order { command, .. } = &sent.envelope.command {
            self.coverage.see(names::command(command));
        }
        match answer {
            Ok(done) => {
                if let Some(change) = &sent.change {
                    change.of(&mut self.mirror.truth);
                }
                self.crowd.hear(&sent.envelope, done, self.site.app.clock.now_ms());
                self.take(done, rows, touched)
            }
            Err(GateError::Refused(refusal)) => {
                self.report.refused += 1;
                self.coverage.see(names::refusal(refusal));
                match (refusal, &sent.envelope.command) {
                    (Refusal::PromiseNotBacked(_), Command::Order { id: Some(id), .. }) => {
                        self.take_note(*id, rows, touched)
                    }
                    _ => Ok(()),
                }
            }
            Err(GateError::KeyReused) => Ok(()),
            Err(_) if sent.expect == Expect::StaleLease => Ok(()),
            Err(error) => Err(format!("the_gate_answers: {error} to {:?}", sent.envelope.command)),
        }
    }

    fn take(
        &mut self,
        done: &Done,
        rows: &mut VecDeque<LogRow>,
        touched: &mut BTreeSet<Uuid>,
    ) -> Result<(), String> {
        match done {
            Done::Order(case) => {
                let known = self.mirror.orders.get(&case.order.id).map(|seen| seen.case.version);
                if known == Some(case.version) {
                    return Ok(());
                }
                let row = rows.pop_front().ok_or("every_change_is_logged: nothing")?;
                if row.order_id != Some(case.order.id.into_bytes()) {
                    return Err(format!("log_follows_the_answers: {} for {}", row.subject, case.order.id));
                }
                let events: Vec<ordain_app::case::Event> =
                    serde_json::from_str(&row.events).map_err(|error| error.to_string())?;
                events.iter().for_each(|event| self.coverage.see(names::event(event)));
                let house = self.site.app.gate.houses().get(ORG).ok_or("no house")?;
                self.mirror.follow(case, &row, &house.people, &self.site.app)?;
                touched.insert(case.order.id);
                if known.is_none() {
                    if self.active.len() >= ACTIVE {
                        self.active.remove(0);
                    }
                    self.active.push(case.order.id);
                }
            }
            Done::Admin(_) => {
                if rows.front().is_some_and(|row| row.order_id.is_none()) {
                    rows.pop_front();
                }
                // Whoever was promised what a count did not find hears of it in the same commit.
                while rows.front().is_some_and(|row| row.command == "lose_goods") {
                    let lost = rows.pop_front();
                    lost.map_or(Ok(()), |row| self.take_row(&row, touched))?;
                }
            }
            Done::Replayed { .. } => self.report.replayed += 1,
            Done::Claimed(_) | Done::Nothing => {}
        }
        Ok(())
    }

    /// A decision that is refused because others took what was reserved leaves the shortage in the log.
    fn take_note(
        &mut self,
        id: Uuid,
        rows: &mut VecDeque<LogRow>,
        touched: &mut BTreeSet<Uuid>,
    ) -> Result<(), String> {
        let Some(seen) = self.mirror.orders.get(&id) else { return Ok(()) };
        let noted = |row: &&LogRow| {
            row.order_id == Some(id.into_bytes())
                && row.command == "recheck_order"
                && row.actor.contains("recheck")
        };
        if seen.case.order.reservation_expired_ms.is_none() || rows.front().filter(noted).is_none() {
            return Ok(());
        }
        let Some(row) = rows.pop_front() else { return Ok(()) };
        self.take_row(&row, touched)
    }

    /// What became of an order by a command of somebody else, as the log alone tells it.
    fn take_row(&mut self, row: &LogRow, touched: &mut BTreeSet<Uuid>) -> Result<(), String> {
        let id = row.order_id.map(Uuid::from_bytes).ok_or("every_loss_is_an_order_s")?;
        let seen = self.mirror.orders.get(&id).ok_or("who_loses_goods_is_known")?;
        let mut case = seen.case.clone();
        let events: Vec<ordain_app::case::Event> =
            serde_json::from_str(&row.events).map_err(|error| error.to_string())?;
        for event in &events {
            self.coverage.see(names::event(event));
            change(&mut case, event, row.at_ms);
        }
        case.version += 1;
        let house = self.site.app.gate.houses().get(ORG).ok_or("no house")?;
        self.mirror.follow(&case, row, &house.people, &self.site.app)?;
        touched.insert(id);
        Ok(())
    }

    /// The clock goes on, sometimes by days, and what has come due is fired; never before its time.
    fn pass_time(&mut self) -> Result<(), String> {
        let minutes = [1, 20, 90, 600, 3 * 1_440].get(self.rng.below(5)).copied().unwrap_or(1);
        let now = self.site.app.clock.now_ms() + minutes * 60_000;
        self.site.app.clock.set_ms(now);
        self.crowd.forget(now);
        let due = self.site.app.store.due_timers(now, 20).map_err(|error| error.to_string())?;
        let mut batch = Vec::new();
        for timer in &due {
            let kind = TimerKind::parse(&timer.kind).ok_or("unknown timer")?;
            let command = OrderCommand::Fire { kind, key: timer.key.clone() };
            let fire = Command::Order { id: timer.order_id.map(Uuid::from_bytes), expected: None, command };
            batch.push(self.by_system(fire.clone()));
            // Two reconcilers: the second comes too late.
            if self.rng.chance(10) {
                batch.push(self.by_system(fire));
            }
        }
        self.put(batch)
    }

    fn by_system(&self, command: Command) -> Sent {
        let envelope = self.site.app.envelope(ORG, Actor::system("sim"), command, None);
        Sent { envelope, change: None, expect: Expect::Anything }
    }

    fn collect_mail(&mut self) -> Result<(), String> {
        let claim = self.by_system(Command::ClaimOutbox { channel: MAIL, lease_ms: 30_000, limit: 10 });
        let now = self.site.app.clock.now_ms();
        match self.site.app.gate.send_blocking(claim.envelope).map_err(|error| error.to_string())? {
            Done::Claimed(rows) => {
                if let Some(early) = rows.iter().find(|row| row.next_at_ms > now) {
                    return Err(format!("mail_leaves_when_it_is_due: {early:?}"));
                }
                // A claim that was handed out anew makes the old one stale.
                self.crowd.claimed.retain(|old| rows.iter().all(|row| row.id != old.id));
                self.crowd.claimed.extend(rows);
            }
            other => return Err(format!("a claim answered {other:?}")),
        }
        let rest = if self.rng.chance(50) { Command::Seal } else { Command::Purge };
        let rest = self.by_system(rest);
        self.site.app.gate.send_blocking(rest.envelope).map(|_| ()).map_err(|error| error.to_string())
    }

    /// People come and go. A commit of its own: the house that a batch sees is that of before the batch.
    fn hire_and_fire(&mut self) -> Result<(), String> {
        let login = self.rng.word(&["fin1", "wh1", "smgr1", "sales1"]);
        let house = self.site.app.gate.houses().get(ORG).ok_or("no house")?;
        let gone = house.people.by_login(login).is_some_and(|user| user.disabled);
        let item = UserItem { login: login.to_owned(), disabled: Some(!gone), ..UserItem::default() };
        let sent = self.by_system(Command::Admin(Box::new(AdminCommand::PutUsers(vec![item]))));
        self.put(vec![sent])
    }

    fn maybe_damage(&mut self) -> Result<(), String> {
        let Some(sql) = self.options.damage else { return Ok(()) };
        if self.damaged || self.report.commands < self.options.commands / 2 {
            return Ok(());
        }
        self.damaged = true;
        let changed = self.site.tables.execute(sql, ()).map_err(|error| error.to_string())?;
        if changed == 0 { Err(format!("the damage changed nothing: {sql}")) } else { Ok(()) }
    }
}

/// What the sender could rely on before asking.
fn expected(sent: &Sent, answer: &Answer) -> Result<(), String> {
    let met = match (&sent.expect, answer) {
        (Expect::Anything, _)
        | (Expect::KeyReused, Err(GateError::KeyReused))
        | (Expect::StaleVersion, Err(GateError::Refused(Refusal::Stale { .. })))
        | (Expect::StaleLease, Err(GateError::Bug(_))) => true,
        (Expect::Repeated(body), Ok(Done::Replayed { body: again, .. })) => body == again,
        _ => false,
    };
    if met { Ok(()) } else { Err(format!("promised_answers: {:?} was answered {answer:?}", sent.expect)) }
}
