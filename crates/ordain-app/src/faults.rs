//! Named points at which the test kit makes the process die or misbehave. Without the feature `faults` there is
//! nothing here but empty functions.

pub const BEFORE_COMMIT: &str = "before_commit";
pub const AFTER_COMMIT: &str = "after_commit";
pub const BEFORE_SEND: &str = "before_send";
pub const AFTER_SEND: &str = "after_send";

#[cfg(not(feature = "faults"))]
pub fn reach(_point: &'static str) {}

/// Whether a deliberately broken behaviour is switched on: the negative control of a reliability bar.
#[cfg(not(feature = "faults"))]
pub fn broken(_control: &'static str) -> bool {
    false
}

/// Keeps open the gap that a broken behaviour has torn: a disk may be so fast that no death ever falls into it.
#[cfg(not(feature = "faults"))]
pub fn linger() {}

/// How far the clock of this machine is wrong, in milliseconds.
#[cfg(not(feature = "faults"))]
pub fn skew_ms() -> i64 {
    0
}

#[cfg(feature = "faults")]
static SKEW_MS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

/// As the one above.
#[cfg(feature = "faults")]
pub fn skew_ms() -> i64 {
    SKEW_MS.load(std::sync::atomic::Ordering::SeqCst)
}

/// Sets the clock of this machine wrong, as far as this process can see.
#[cfg(feature = "faults")]
pub fn skew(ms: i64) {
    SKEW_MS.store(ms, std::sync::atomic::Ordering::SeqCst);
}

/// As the one above.
#[cfg(feature = "faults")]
pub fn linger() {
    std::thread::sleep(std::time::Duration::from_millis(5));
}

/// Kills the process at the point named in `ORDAIN_FAULT_POINT`, the `ORDAIN_FAULT_NTH` time it is reached.
#[cfg(feature = "faults")]
pub fn reach(point: &'static str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static REACHED: AtomicU64 = AtomicU64::new(0);
    if std::env::var("ORDAIN_FAULT_POINT").is_ok_and(|wanted| wanted == point) {
        let nth = std::env::var("ORDAIN_FAULT_NTH").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
        if REACHED.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            std::process::abort();
        }
    }
}

/// Whether the broken behaviour named in `ORDAIN_BROKEN` is the one asked for.
#[cfg(feature = "faults")]
pub fn broken(control: &'static str) -> bool {
    std::env::var("ORDAIN_BROKEN").is_ok_and(|wanted| wanted == control)
}
