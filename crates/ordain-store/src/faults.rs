//! What the test kit changes in how long this crate waits. Without the feature `faults` there is nothing here.

use std::time::Duration;

/// How long an answer of a server may take.
#[cfg(not(feature = "faults"))]
pub(crate) fn patience(limit: Duration) -> Duration {
    limit
}

/// At most the milliseconds in `ORDAIN_PATIENCE_MS`; the negative control waits for ever.
#[cfg(feature = "faults")]
pub(crate) fn patience(limit: Duration) -> Duration {
    if std::env::var("ORDAIN_BROKEN").is_ok_and(|wanted| wanted == "waits_for_ever") {
        return Duration::from_secs(86_400);
    }
    let most = std::env::var("ORDAIN_PATIENCE_MS").ok().and_then(|ms| ms.parse().ok());
    most.map_or(limit, |ms| limit.min(Duration::from_millis(ms)))
}
