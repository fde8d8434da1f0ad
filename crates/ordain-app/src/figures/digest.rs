//! Figures by mail: each period is told once to whom the company names, whoever restarts in between.

use super::{Figures, Speed, lost_reasons, report, speeds};
use crate::admin::AdminCommand;
use crate::app::App;
use crate::case::world::House;
use crate::gate::GateError;
use jiff::ToSpan;
use jiff::civil::Date;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::money_text;
use ordain_flow::doc::Text;
use ordain_store::{FactTraits, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The settings under which the digests stand, and which period of each was told last.
pub const DIGESTS: &str = "digests";
pub const DIGESTS_TOLD: &str = "digests_told";

/// From this minute of the company's day on; the figures of the evening are in by then.
const FROM_MINUTE: u16 = 8 * 60;
/// Steps and reasons that are named.
const NAMED: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Day,
    Week,
    Month,
}

impl Every {
    pub const ALL: [Every; 3] = [Every::Day, Every::Week, Every::Month];

    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The last one that is over: from (inclusive) and to (exclusive). Weeks begin on Mondays.
    pub fn last(self, today: Date) -> (Date, Date) {
        let to = match self {
            Self::Day => today,
            Self::Week => today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days()),
            Self::Month => today.first_of_month(),
        };
        (self.before(to), to)
    }

    /// The beginning of the one before a beginning.
    fn before(self, to: Date) -> Date {
        match self {
            Self::Day => to.saturating_sub(1.day()),
            Self::Week => to.saturating_sub(7.days()),
            Self::Month => to.saturating_sub(1.month()),
        }
    }
}

/// What part of the figures is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Board {
    All,
    Overview,
    Lost,
    Speed,
}

impl Board {
    pub const ALL: [Board; 4] = [Board::All, Board::Overview, Board::Lost, Board::Speed];

    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Overview => "overview",
            Self::Lost => "lost",
            Self::Speed => "speed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub code: String,
    pub every: Every,
    pub board: Board,
    pub to: Vec<String>,
    /// `zh-CN` or `en`.
    pub lang: String,
}

/// All digests of a company. They are replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    pub items: Vec<Digest>,
}

/// Which day the last period that was told began on, by code of its digest.
pub type Told = BTreeMap<String, Date>;

/// Lets every digest leave whose period is over and was not told; gives how many.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn send_digests(app: &App) -> Result<usize, GateError> {
    let mut sent = 0;
    for org in app.store.orgs()? {
        let Some(house) = app.gate.houses().get(org.org) else { continue };
        let digests: Digests = setting(&app.store, org.org, DIGESTS)?;
        if digests.items.is_empty() {
            continue;
        }
        let told: Told = setting(&app.store, org.org, DIGESTS_TOLD)?;
        let now_ms = app.clock.now_ms();
        let today = house.calendar.date_at(now_ms);
        if now_ms < house.calendar.instant(today, FROM_MINUTE) {
            continue;
        }
        for digest in digests.items {
            let (from, to) = digest.every.last(today);
            if told.get(&digest.code).is_some_and(|last| *last >= from) {
                continue;
            }
            let data = data(&app.store, org.org, (&org.name, &house), &digest, (from, to))?;
            let command = AdminCommand::SendDigest { code: digest.code, from, data };
            app.admin(org.org, Actor::system("digest"), command).await?;
            sent += 1;
        }
    }
    Ok(sent)
}

fn setting<T: serde::de::DeserializeOwned + Default>(
    store: &Store,
    org: i64,
    key: &str,
) -> Result<T, GateError> {
    let Some(row) = store.setting(org, key)? else { return Ok(T::default()) };
    serde_json::from_str(&row.value).map_err(|error| GateError::Bug(format!("setting {key}: {error}")))
}

/// What the mail says: the figures of a period beside those of the one before.
fn data(
    store: &Store,
    org: i64,
    (company, house): (&str, &House),
    digest: &Digest,
    (from, to): (Date, Date),
) -> Result<Value, StoreError> {
    let all = FactTraits::default();
    let counted = |from: Date, to: Date| -> Result<Figures, StoreError> {
        let days = (from.to_string(), to.to_string());
        let days = (days.0.as_str(), days.1.as_str());
        Ok(report(&store.received_days(org, &all, days)?, &store.confirmed_days(org, &all, days)?).figures)
    };
    let now = counted(from, to)?;
    let reasons = lost_reasons(&store.lost_parts(org, &all, (&from.to_string(), &to.to_string()))?);
    let before = counted(digest.every.before(from), from)?;
    let instants = (house.calendar.instant(from, 0), house.calendar.instant(to, 0));
    let steps = speeds(&store.decided_tasks(org, &all, instants)?, house);
    let zh = digest.lang.starts_with("zh");
    let of = |text: &Text| if zh || text.en.is_empty() { text.zh.clone() } else { text.en.clone() };
    let last = to.saturating_sub(1.day());
    Ok(json!({
        "company": company,
        "every": digest.every.name(),
        "board": digest.board.name(),
        "from": from.to_string(),
        "last": last.to_string(),
        "currency": house.rules.currency.code(),
        "target_minutes": house.rules.targets.cycle_minutes,
        "now": numbers(&now, house),
        "before": numbers(&before, house),
        "reasons": reasons.iter().take(NAMED).map(|reason| {
            let name = house.cancel_reasons.find(&reason.reason).map(|known| of(&known.name));
            json!({
                "name": name.unwrap_or_else(|| reason.reason.clone()),
                "orders": reason.orders,
                "amount": money_text(reason.minor, house.rules.currency),
            })
        }).collect::<Vec<_>>(),
        "steps": steps.iter().take(NAMED).map(|step| step_data(step, house, &of)).collect::<Vec<_>>(),
    }))
}

fn step_data(step: &Speed, house: &House, of: &dyn Fn(&Text) -> String) -> Value {
    let named = house.active_flows().find_map(|(_, flow)| flow.node(&step.node).map(|node| of(&node.name)));
    json!({
        "name": named.unwrap_or_else(|| step.node.clone()),
        "department": step.department,
        "decided": step.decided,
        "late": step.late,
        "p50": shown(step.p50),
        "share_percent": step.share_permille / 10,
    })
}

/// Counts and shares as a mail tells them; what cannot be said is a dash.
fn numbers(figures: &Figures, house: &House) -> Value {
    let percent = |part: i64, of: i64| shown((part * 100).checked_div(of));
    json!({
        "received": figures.received,
        "confirmed": figures.confirmed,
        "lost": figures.lost,
        "lost_amount": money_text(figures.lost_minor, house.rules.currency),
        "lost_percent": percent(figures.lost, figures.received),
        "suspected": figures.suspected,
        "recovered": figures.recovered,
        "cycle_mean": shown(figures.cycle_mean),
        "cycle_p50": shown(figures.cycle_p50),
        "cycle_p90": shown(figures.cycle_p90),
        "exceptions": figures.with_exception,
        "exceptions_percent": percent(figures.with_exception, figures.received),
        "first_pass_percent": percent(figures.first_pass, figures.confirmed),
        "returned": figures.returned,
        "changed": figures.changed,
        "complaints": figures.complaints,
        "complained": figures.complained,
    })
}

fn shown(number: Option<i64>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_last_period_is_the_one_that_is_over() {
        let wednesday = date(2026, 3, 4);
        assert_eq!(Every::Day.last(wednesday), (date(2026, 3, 3), wednesday));
        assert_eq!(Every::Week.last(wednesday), (date(2026, 2, 23), date(2026, 3, 2)));
        assert_eq!(Every::Week.last(date(2026, 3, 2)), (date(2026, 2, 23), date(2026, 3, 2)));
        assert_eq!(Every::Month.last(wednesday), (date(2026, 2, 1), date(2026, 3, 1)));
        assert_eq!(Every::Month.last(date(2026, 1, 1)), (date(2025, 12, 1), date(2026, 1, 1)));
    }
}
