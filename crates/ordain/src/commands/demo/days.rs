//! When the orders came: on working days, a little more of them from week to week, most while people work.

use super::data::SourceOrder;
use super::dice::Dice;
use jiff::civil::Date;
use ordain_domain::calendar::Calendar;

const DAY_MINUTES: u16 = 24 * 60;
/// What comes by machine comes between these minutes of the day too.
const AWAKE: (i64, i64) = (7 * 60, 22 * 60);

/// A working day and how much of it is over.
pub(super) struct Day {
    pub date: Date,
    minutes: i64,
}

/// The last working days, the oldest first; the last one may not be over.
pub(super) fn last(calendar: &Calendar, most: u16, end_ms: i64) -> Vec<Day> {
    let mut days = Vec::new();
    let mut next = Some(calendar.date_at(end_ms));
    // A calendar without working days has no last ones.
    for _ in 0..u32::from(most) * 10 {
        let Some(date) = next.filter(|_| days.len() < usize::from(most)) else { break };
        let over = calendar.instant(date, DAY_MINUTES).min(end_ms);
        let minutes = calendar.working_ms_between(calendar.instant(date, 0), over) / 60_000;
        if minutes > 0 {
            days.push(Day { date, minutes });
        }
        next = date.yesterday().ok();
    }
    days.reverse();
    days
}

/// The instant of each order, in their order, with the two parts of the source side by side.
pub(super) fn arrivals(
    orders: &[SourceOrder],
    days: &[Day],
    (calendar, dice): (&Calendar, &Dice),
    end_ms: i64,
) -> Vec<i64> {
    let whole = days.iter().map(|day| day.minutes).max().unwrap_or(1).max(1);
    // From two to three and a half, with ups and downs of a quarter.
    let weight = |(n, day): (usize, &Day)| {
        let grown = 200 + 150 * n / days.len().max(1);
        let luck = dice.between(&format!("day {n}"), 75, 126);
        i64::try_from(grown).unwrap_or(i64::MAX) * luck * day.minutes / whole
    };
    let weights: Vec<i64> = days.iter().enumerate().map(weight).collect();
    let sum: i64 = weights.iter().sum();
    // The day in which a part, in permille, of all that comes has come.
    let day_of = |permille: i64| {
        let mut upto = 0;
        let over = |weight: &&i64| {
            upto += **weight;
            upto * 1_000 <= permille * sum
        };
        weights.iter().take_while(over).count().min(days.len().saturating_sub(1))
    };
    let count = |large: bool| orders.iter().filter(|order| order.is_large() == large).count();
    let (all, mut come) = ([count(false), count(true)], [0, 0]);
    let instant = |(n, order): (i64, &SourceOrder)| {
        let part = usize::from(order.is_large());
        let permille = come[part] * 1_000 / all[part].max(1);
        come[part] += 1;
        let day = days.get(day_of(i64::try_from(permille).unwrap_or(0)));
        day.map_or(end_ms, |day| at(day, order, n, (calendar, dice)).min(end_ms))
    };
    (0..).zip(orders).map(instant).collect()
}

fn at(day: &Day, order: &SourceOrder, n: i64, (calendar, dice): (&Calendar, &Dice)) -> i64 {
    let ms = dice.between(&format!("ms {n}"), 0, 60_000);
    if matches!(order.ch.as_str(), "api" | "portal") && dice.percent(&format!("free time {n}")) < 30 {
        let minute = dice.between(&format!("minute {n}"), AWAKE.0, AWAKE.1);
        return calendar.instant(day.date, u16::try_from(minute).unwrap_or(0)) + ms;
    }
    let minute = dice.between(&format!("minute {n}"), 0, day.minutes);
    let start = calendar.instant(day.date, 0);
    calendar.add_working_minutes(start, u32::try_from(minute).unwrap_or(0)) + ms
}
