//! The demo company: real orders driven through the same Gate as any other, with no check weakened.

mod aftermath;
mod at_once;
mod company;
mod data;
mod days;
mod deals;
mod dice;
mod overseers;
mod play;
mod report;
mod reviewers;
mod senders;
mod source;
mod supply;
mod words;

use super::open::{own_gate, own_gate_at, secret};
use super::serve::{bind, carriers, channel, start_log, until_signal};
use super::{Failed, Outcome, path_text, say};
use crate::settings::Settings;
use crate::words::Text;
use clap::{Args, value_parser};
use jiff::Timestamp;
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::figures;
use ordain_app::gate::GateError;
use ordain_app::password;
use ordain_app::reconcile::seal_all;
use ordain_app::setup::{InitOptions, init_company};
use ordain_connect::channel::Channel;
use ordain_connect::mail::MailFolder;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const REPORT: &str = "demo.json";
const SENDER: &str = "orders@ordain.example";
/// Before the first day the company is set up.
const SET_UP_MS: i64 = 60 * 60_000;
const CASES: usize = 500;

#[derive(Args)]
pub(super) struct DemoArgs {
    /// Folder of the demo; without it a fresh temporary one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Working days, up to now, over which the orders came and people worked on them; 0: all came just now.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = value_parser!(u16).range(..=250))]
    days: u16,
    /// Makes ids and passwords repeatable, and what people do nearly so.
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// Ends the days at this time instead of now, such as `2026-03-04T15:00:00+08:00`.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    #[arg(long, value_name = "ADDR", default_value = crate::settings::LISTEN)]
    listen: String,
    /// Ends when the orders are through.
    #[arg(long)]
    no_serve: bool,
    /// Prints what happened as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: DemoArgs) -> Outcome {
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("ordain-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&folder).map_err(|error| {
        let facts = [("path", path_text(&folder)), ("why", Text::plain(error.to_string()))];
        Failed(say("cannot_write", &facts))
    })?;
    let database = format!("sqlite:{}", folder.join("ordain.db").display());
    let settings = Settings { log: "warn".to_owned(), ..super::open::settings(Some(database), None)? };
    start_log(&settings);
    let listener = if args.no_serve { None } else { Some(bind(&args.listen).await?) };
    let address = listener.as_ref().and_then(|listener| listener.local_addr().ok()).map(|at| at.to_string());
    let secret = secret()?;
    let ids = args.seed.as_deref().map_or(IdSource::Real, |seed| IdSource::seeded(number_of(seed)));
    let (mut app, mut lock) = own_gate(&settings, address.clone(), &secret, ids.clone())?;
    let mut report = if app.store.orgs()?.is_empty() {
        drop((app, lock));
        let report = found(&args, &settings, &folder, &ids).await?;
        (app, lock) = own_gate(&settings, address.clone(), &secret, ids)?;
        report
    } else {
        serde_json::from_slice(&std::fs::read(folder.join(REPORT)).unwrap_or_default()).unwrap_or_default()
    };
    let url = address.map(|address| format!("http://{address}"));
    if let Some(map) = report.as_object_mut() {
        map.insert("url".to_owned(), json!(url));
    }
    if args.json {
        out!("{report}");
        std::io::stdout().flush()?;
    } else {
        report::print(&report, &folder);
    }
    let ended = match listener {
        Some(listener) => {
            let carriers = carriers(&settings, Some(post(&settings, &folder)?));
            until_signal(listener, app, carriers, secret).await
        }
        None => Ok(seal_all(&app).await?),
    };
    drop(lock);
    ended
}

/// The mails of the demo go where the settings say, else into a folder, where they can be read and nobody gets them.
fn post(settings: &Settings, folder: &Path) -> Result<Arc<dyn Channel>, Failed> {
    match channel(settings)? {
        Some(channel) => Ok(channel),
        None => in_folder(folder),
    }
}

fn in_folder(folder: &Path) -> Result<Arc<dyn Channel>, Failed> {
    Ok(Arc::new(MailFolder::new(folder.join("mail"), SENDER)?))
}

fn number_of(seed: &str) -> i64 {
    seed.bytes().fold(7, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_000)
}

/// Makes the company on a clock of its own, which ends now, and keeps the report of it.
async fn found(args: &DemoArgs, settings: &Settings, folder: &Path, ids: &IdSource) -> Result<Value, Failed> {
    let now_ms = Clock::Real.now_ms();
    let end_ms = args.until.map_or(now_ms, |until| until.as_millisecond().min(now_ms));
    let (clock, ids) = match (args.days, ids) {
        (0, ids) => (Clock::Real, ids.clone()),
        // Ids sort by the time that is played, which only those do that are counted.
        (_, IdSource::Real) => (Clock::manual(end_ms), IdSource::seeded(now_ms)),
        (_, ids) => (Clock::manual(end_ms), ids.clone()),
    };
    // Nobody reaches it before it is ready.
    let (app, _lock) = own_gate_at(settings, None, &secret()?, ids, clock)?;
    let report = make(&app, args, end_ms, &in_folder(folder)?).await?;
    seal_all(&app).await?;
    report::keep(&folder.join(REPORT), &report)?;
    Ok(report)
}

async fn make(app: &App, args: &DemoArgs, end_ms: i64, mail: &Arc<dyn Channel>) -> Result<Value, Failed> {
    let started = Instant::now();
    let orders = data::orders()?;
    let options = InitOptions::new(&data::company()?);
    let password = match args.seed {
        Some(_) => "ordain-demo".to_owned(),
        None => password::one_time()?,
    };
    let calendar = company::calendar(&options)?;
    let days = days::last(&calendar, args.days, end_ms);
    let first_ms = days.first().map(|day| calendar.instant(day.date, 0));
    app.clock.set_ms(first_ms.map_or(end_ms, |at_ms| at_ms - SET_UP_MS));
    let org = init_company(app, options).await?.org;
    let logins = company::people(app, org, &password).await?;
    company::master(app, org).await?;
    supply::equip(app, org).await?;
    let (customers, products) = (data::first_codes(data::CUSTOMERS, 3), data::first_codes(data::PRODUCTS, 5));
    deals::agree(app, org, &customers, &products).await?;
    let mut report = if days.is_empty() {
        let (cases, times) = at_once::drive(app, org, &orders).await?;
        supply::run_on(app, org).await?;
        deals::happen(app, org, &cases).await?;
        report::summary(&cases, times)
    } else {
        let seed = args.seed.clone().map_or_else(password::one_time, Ok)?;
        let times = play::play(app, org, (&orders, &days), (&seed, end_ms), mail).await?;
        supply::end_up(app, org).await?;
        figures::follow(app).await?;
        let cases = all(app, org)?;
        let mut report = report::summary(&cases, times);
        merge(&mut report, report::lived(&cases, args.days));
        report
    };
    let seconds = (started.elapsed().as_millis() as f64) / 1_000.0;
    merge(&mut report, json!({ "left_out": data::left_out()?, "logins": logins, "seconds": seconds }));
    Ok(report)
}

fn merge(report: &mut Value, more: Value) {
    if let (Value::Object(report), Value::Object(more)) = (report, more) {
        report.extend(more);
    }
}

/// Every order as it stands.
fn all(app: &App, org: i64) -> Result<Vec<Case>, Failed> {
    let (mut cases, mut after) = (Vec::new(), None);
    loop {
        let rows = app.store.orders_since(org, 0, after, CASES)?;
        after = rows.last().map(|row| (row.created_at_ms, row.id));
        for row in &rows {
            cases.push(serde_json::from_str(&row.body).map_err(|error| GateError::Bug(error.to_string()))?);
        }
        if rows.len() < CASES {
            return Ok(cases);
        }
    }
}
