//! Half of what goes in at most: what an order waits then, what a page waits beside it, what a crowd takes in memory, and
//! whether memory stays where it is for minutes.

use crate::http::{CONNECTIONS, Failure, Running};
use crate::load::Doors;
use ordain_testkit::home::Home;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long orders come in at half load.
const SECONDS: f64 = 20.0;
/// Connections at once, and orders that each sends in the mean.
const CROWD: usize = 1_000;
const EACH: usize = 10;
const PAGES: [&str; 4] = ["/orders?limit=50", "/tasks?limit=50", "/workbench", "/reports/overview"];

/// One program at half load.
pub struct Steady {
    pub per_second: f64,
    /// Of orders, counted from when they were due; sorted.
    pub orders: Vec<Duration>,
    /// Of pages that one person reads meanwhile, one after the other; sorted.
    pub pages: Vec<Duration>,
    /// After a thousand connections at once.
    pub crowd_mib: f64,
}

pub fn measure(program: &Path, home: &Home, per_second: f64) -> Result<Steady, Failure> {
    let company = Running::start(program, home, 1)?;
    let orders = (per_second * SECONDS) as usize;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let doors = company.doors(CONNECTIONS).await?;
        let mut alone = doors.at_rate(0..orders, per_second).await?;
        let until = Instant::now() + Duration::from_secs_f64(SECONDS);
        let beside = doors.at_rate(orders..2 * orders, per_second);
        let (placed, pages) = tokio::join!(beside, read_until(&doors, until));
        placed?;
        let mut pages = pages?;
        alone.sort_unstable();
        pages.sort_unstable();
        let crowd = company.doors(CROWD).await?;
        crowd.as_fast_as_it_goes(2 * orders..2 * orders + CROWD * EACH).await?;
        Ok(Steady { per_second, orders: alone, pages, crowd_mib: company.resident_mib() })
    })
}

async fn read_until(doors: &Doors, until: Instant) -> Result<Vec<Duration>, Failure> {
    let mut took = Vec::new();
    for page in PAGES.iter().cycle() {
        if Instant::now() > until {
            break;
        }
        took.push(doors.read(page).await?);
    }
    Ok(took)
}

/// What one program took while orders came in at half load, minute by minute.
pub struct Soak {
    pub per_second: f64,
    /// Resident memory in MiB and open handles at the end of each minute.
    pub minutes: Vec<(f64, usize)>,
}

pub fn soak(program: &Path, home: &Home, per_second: f64, minutes: usize) -> Result<Soak, Failure> {
    let company = Running::start(program, home, 1)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let orders = (per_second * 60.0) as usize;
    let mut samples = Vec::with_capacity(minutes);
    runtime.block_on(async {
        let doors = company.doors(CONNECTIONS).await?;
        for minute in 0..minutes {
            let until = Instant::now() + Duration::from_secs(59);
            let placed = doors.at_rate(minute * orders..(minute + 1) * orders, per_second);
            let (placed, pages) = tokio::join!(placed, read_until(&doors, until));
            placed?;
            pages?;
            samples.push((company.resident_mib(), company.handles()));
            eprintln!("minute {}: {:.1} MiB", minute + 1, company.resident_mib());
        }
        Ok(Soak { per_second, minutes: samples })
    })
}
