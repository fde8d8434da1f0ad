//! Places in lists, as opaque text that only this program reads.

use crate::server::problem::Problem;
use crate::server::query::BadValues;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Rows of a page when nobody says otherwise, and at most.
const LIMIT: usize = 50;
const LIMIT_MAX: usize = 200;

/// The number of rows asked for.
///
/// # Errors
/// If it is not a number from 1 on.
pub fn limit(asked: Option<&str>) -> Result<usize, Problem> {
    match asked.filter(|asked| !asked.is_empty()) {
        None => Ok(LIMIT),
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(LIMIT_MAX)),
            _ => Err(Problem::bad_query("limit", text)),
        },
    }
}

/// The page asked for: its length, and the place behind which it begins. What cannot be read is told with the rest.
pub fn page<T: DeserializeOwned>(
    asked: Option<String>,
    cursor: Option<String>,
    bad: &mut BadValues,
) -> (usize, Option<T>) {
    let limit = bad.read("limit", asked, |text| limit(Some(text)).ok());
    let place = bad.read("cursor", cursor, |text| read(Some(text)).ok().flatten());
    (limit.unwrap_or(LIMIT), place)
}

pub fn write(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// The place that a cursor names.
///
/// # Errors
/// If it is not one of ours.
pub fn read<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    place.map(Some).ok_or_else(|| Problem::bad_query("cursor", cursor))
}

/// The cursor behind a full page.
pub fn next<T>(rows: &[T], limit: usize, place: impl Fn(&T) -> String) -> Option<String> {
    if rows.len() < limit { None } else { rows.last().map(place) }
}
