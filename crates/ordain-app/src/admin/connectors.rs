//! Connectors as they are put: each as a whole but for its secrets, which are taken in and never shown again, not even
//! in the log. A secret that is left out stays as it is.

use super::AdminDone;
use super::document::{changed, expect, keep, row, stored, tag_of, write};
use super::issues::{TextItem, text};
use super::reading::{Edge, Reading, shortened};
use crate::case::connector::{Connector, Connectors, Operation, Secrets, Success};
use crate::case::decide::By;
use crate::gate::{Batch, CONNECTOR_SECRETS, CONNECTORS, GateError};
use crate::problem::Fault;
use ordain_connect::http::IDEMPOTENCY_KEY;
use ordain_connect::sink::Method;
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Most connectors of a company, headers and operations of one, and bytes of a sample.
const CONNECTORS_MAX: usize = 100;
const HEADERS_MAX: usize = 20;
const OPERATIONS_MAX: usize = 50;
const SAMPLE_MAX: usize = 64 * 1024;
/// Longest header value, in characters.
const VALUE_MAX: usize = 4_096;
/// Headers that belong to the call itself.
const OWN_HEADERS: [&str; 5] =
    ["host", "content-length", "content-type", "transfer-encoding", IDEMPOTENCY_KEY];

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectorItem {
    pub name: TextItem,
    pub base_url: String,
    pub headers: Vec<HeaderItem>,
    pub operations: BTreeMap<String, OperationItem>,
    pub disabled: bool,
    /// An instant or a date; after it nothing is called.
    pub expires_at: Option<String>,
}

/// A header with a value that may be read, or with a secret.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HeaderItem {
    pub name: String,
    pub value: Option<String>,
    pub secret: Option<String>,
}

/// Written out by hand to keep the secret out of logs.
impl fmt::Debug for HeaderItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = self.secret.as_ref().map(|_| "***");
        let mut shown = formatter.debug_struct("HeaderItem");
        shown.field("name", &self.name).field("value", &self.value).field("secret", &secret).finish()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationItem {
    pub method: String,
    pub path: String,
    pub success: Option<SuccessItem>,
    pub sample: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SuccessItem {
    pub at: String,
    pub is: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CONNECTORS.to_owned()));
    keys.settings.insert((org, CONNECTOR_SECRETS.to_owned()));
}

pub(super) fn put(
    key: &str,
    item: &ConnectorItem,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let house = batch.house(org)?;
    let mut connectors: Connectors = stored(batch, org, CONNECTORS)?;
    let mut secrets: Secrets = stored(batch, org, CONNECTOR_SECRETS)?;
    let before = connectors.0.get(key).cloned();
    expect(expected, &before.clone().unwrap_or_default())?;
    let mut reading = Reading::default();
    let key = reading.code(key, "key".to_owned());
    if before.is_none() && connectors.0.len() >= CONNECTORS_MAX {
        reading.fault(Fault::new("too_many_items", "key").with("most", CONNECTORS_MAX.to_string()));
    }
    let own = secrets.0.remove(&key).unwrap_or_default();
    let (headers, kept) = read_headers(&item.headers, &own, &mut reading);
    let expires = item.expires_at.as_deref().filter(|text| !text.trim().is_empty());
    let after = Connector {
        name: text(&item.name, "name", true, &mut reading),
        base_url: base_url(&item.base_url, &mut reading),
        headers,
        secrets_ms: match kept == own {
            true => before.as_ref().and_then(|before| before.secrets_ms),
            false => Some(by.at_ms),
        },
        operations: operations(&item.operations, &mut reading),
        disabled: item.disabled,
        expires_ms: expires
            .and_then(|text| reading.moment(text, Edge::End, &house.calendar, "expires_at".to_owned())),
    };
    reading.refuse()?;
    let tag = tag_of(&after);
    let change = changed("connector", &key, before.as_ref(), &after);
    if kept != own {
        secrets.0.insert(key.clone(), kept);
        keep(batch, row(org, CONNECTOR_SECRETS, &secrets)?);
    }
    connectors.0.insert(key, after);
    write(batch, org, by, "put_connector", change.as_slice(), (CONNECTORS, &connectors))?;
    Ok(AdminDone::Tagged { tag })
}

fn base_url(text: &str, reading: &mut Reading) -> String {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    // Who is asked stands in headers, where it can be kept secret.
    let sound = !host.is_empty() && !rest.contains(['@', '?', '#', '{', ' ', '\\']) && text.len() <= 500;
    if text.is_empty() {
        reading.fault(Fault::new("missing_field", "base_url"));
    } else if !sound {
        reading.fault(Fault::new("bad_base_url", "base_url").with("found", shortened(text)));
    }
    text.to_owned()
}

type Headers = (BTreeMap<String, Option<String>>, BTreeMap<String, String>);

/// The headers, and the secrets among them.
fn read_headers(items: &[HeaderItem], own: &BTreeMap<String, String>, reading: &mut Reading) -> Headers {
    let (mut headers, mut secrets, mut seen) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    if items.len() > HEADERS_MAX {
        reading.fault(Fault::new("too_many_items", "headers").with("most", HEADERS_MAX.to_string()));
    }
    for (index, item) in items.iter().enumerate().take(HEADERS_MAX) {
        let at = |name: &str| format!("headers[{index}].{name}");
        let name = reading.code(&item.name.to_lowercase(), at("name"));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if OWN_HEADERS.contains(&name.as_str()) || !name.chars().all(plain) {
            reading.fault(Fault::new("bad_header", at("name")).with("found", shortened(&name)));
        }
        reading.once(&mut seen, name.clone(), at("name"));
        let given = item.value.as_deref().or(item.secret.as_deref()).unwrap_or_default();
        if given.chars().count() > VALUE_MAX {
            reading.fault(Fault::new("too_long", at("value")).with("limit", VALUE_MAX.to_string()));
        } else if given.chars().any(|c| c.is_control() || !c.is_ascii()) {
            reading.fault(Fault::new("bad_character", at("value")));
        }
        match (&item.value, &item.secret, own.get(&name)) {
            (Some(_), Some(_), _) => reading.fault(Fault::new("value_or_secret", at("value"))),
            (Some(value), None, _) => drop(headers.insert(name, Some(value.trim().to_owned()))),
            (None, Some(secret), _) | (None, None, Some(secret)) => {
                secrets.insert(name.clone(), secret.trim().to_owned());
                headers.insert(name, None);
            }
            (None, None, None) => reading.fault(Fault::new("missing_field", at("secret"))),
        }
    }
    (headers, secrets)
}

fn operations(items: &BTreeMap<String, OperationItem>, reading: &mut Reading) -> BTreeMap<String, Operation> {
    if items.is_empty() {
        reading.fault(Fault::new("missing_field", "operations"));
    } else if items.len() > OPERATIONS_MAX {
        reading.fault(Fault::new("too_many_items", "operations").with("most", OPERATIONS_MAX.to_string()));
    }
    let read = |(key, item): (&String, &OperationItem)| {
        let at = |name: &str| format!("operations.{key}.{name}");
        let key = reading.code(key, "operations".to_owned());
        let method = item.method.trim().to_uppercase();
        if Method::parse(&method).is_none() {
            reading.fault(Fault::new("bad_method", at("method")).with("found", shortened(&item.method)));
        }
        let path = item.path.trim();
        let open = path.matches('{').count() != path.matches('}').count();
        if open || !(path.is_empty() || path.starts_with('/')) || path.contains(['#', ' ', '\\']) {
            reading.fault(Fault::new("bad_path", at("path")).with("found", shortened(path)));
        }
        let size = item.sample.as_ref().map_or(0, |sample| sample.to_string().len());
        if size > SAMPLE_MAX {
            reading.fault(Fault::new("too_long", at("sample")).with("limit", SAMPLE_MAX.to_string()));
        }
        let success = item.success.as_ref().map(|success| Success {
            at: reading.required(Some(&success.at), None, at("success.at")),
            is: reading.text(Some(&success.is), None, at("success.is")),
        });
        (key, Operation { method, path: path.to_owned(), success, sample: item.sample.clone() })
    };
    items.iter().take(OPERATIONS_MAX).map(read).collect()
}
