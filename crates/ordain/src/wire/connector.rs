//! Connectors as they are put and shown. A secret goes in and never comes out: of a header that holds one only the name
//! is shown, and a header that is put with its name alone keeps the secret that it has.

use super::reader::{Kind, Shape, WORDS};
use crate::words::Text;
use ordain_app::case::connector::Connector;
use ordain_app::case::world::House;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const HEADER: Kind = Kind::Object(&[("name", Kind::Text), ("value", Kind::Text), ("secret", Kind::Text)]);
const SUCCESS: Kind = Kind::Object(&[("at", Kind::Text), ("is", Kind::Text)]);
const OPERATION: Kind = Kind::Object(&[
    ("method", Kind::OneOf(&["GET", "POST", "PUT", "PATCH", "DELETE"])),
    ("path", Kind::Text),
    ("success", SUCCESS),
    ("sample", Kind::Any),
]);
pub const CONNECTOR: Shape = &[
    ("name", WORDS),
    ("base_url", Kind::Text),
    ("headers", Kind::List(&HEADER)),
    ("operations", Kind::Map(&OPERATION)),
    ("disabled", Kind::Bool),
    ("expires_at", Kind::Text),
];

/// What is left out does not exist afterwards, but for secrets.
#[derive(Debug, Deserialize, ToSchema)]
#[allow(dead_code, reason = "a shape that the document shows; it is read by the application")]
pub struct ConnectorBody {
    pub name: Text,
    /// Without credentials, query or fragment.
    pub base_url: String,
    pub headers: Option<Vec<HeaderBody>>,
    /// By the name under which steps call them.
    pub operations: BTreeMap<String, OperationView>,
    pub disabled: Option<bool>,
    /// An instant or a date; after it nothing is called.
    pub expires_at: Option<String>,
}

/// A header with a value, or with a secret; with neither it keeps the secret that it has.
#[derive(Debug, Deserialize, ToSchema)]
#[allow(dead_code, reason = "a shape that the document shows; it is read by the application")]
pub struct HeaderBody {
    pub name: String,
    pub value: Option<String>,
    pub secret: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Connectors)]
pub struct ConnectorsView {
    pub items: Vec<ConnectorView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Connector)]
pub struct ConnectorView {
    pub key: String,
    pub name: Text,
    pub base_url: String,
    pub headers: Vec<HeaderView>,
    pub operations: BTreeMap<String, OperationView>,
    pub disabled: bool,
    pub expires_at: Option<String>,
    /// `ready`, `disabled` or `expired`.
    pub state: &'static str,
    /// When a secret was last put.
    pub secrets_at: Option<String>,
}

/// A header without a value holds a secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConnectorHeader)]
pub struct HeaderView {
    pub name: String,
    pub value: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConnectorOperation)]
pub struct OperationView {
    pub method: String,
    /// Behind the base address, with parts such as `{number}` that are filled with what is sent under that name.
    pub path: String,
    /// What an answer says that is a success, where the status alone does not tell.
    pub success: Option<SuccessView>,
    /// An answer as the system gives it, on which the mappings of flows are tried.
    #[schema(value_type = Option<Object>)]
    pub sample: Option<serde_json::Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConnectorSuccess)]
pub struct SuccessView {
    /// Where in the answer, such as `data.code`.
    pub at: String,
    pub is: String,
}

pub fn connector(key: &str, connector: &Connector, house: &House, now_ms: i64) -> ConnectorView {
    let time = |at_ms: i64| house.calendar.text(at_ms);
    let header =
        |(name, value): (&String, &Option<String>)| HeaderView { name: name.clone(), value: value.clone() };
    let operations = connector.operations.iter().map(|(name, operation)| {
        let success = operation.success.as_ref();
        let view = OperationView {
            method: operation.method.clone(),
            path: operation.path.clone(),
            success: success.map(|known| SuccessView { at: known.at.clone(), is: known.is.clone() }),
            sample: operation.sample.clone(),
        };
        (name.clone(), view)
    });
    ConnectorView {
        key: key.to_owned(),
        name: Text::from(&connector.name),
        base_url: connector.base_url.clone(),
        headers: connector.headers.iter().map(header).collect(),
        operations: operations.collect(),
        disabled: connector.disabled,
        expires_at: connector.expires_ms.map(time),
        state: connector.state(now_ms),
        secrets_at: connector.secrets_ms.map(time),
    }
}
