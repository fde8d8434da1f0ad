//! The OpenAPI document, made from the handlers and completed with what all operations share: answers that say no,
//! ways to be known, keys of writes, and the right that each needs.

use super::problem::ProblemView;
use crate::routes;
use crate::routes::table::{PREFIX, Right, right_of};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::openapi::{InfoBuilder, OpenApi};
use utoipa::{PartialSchema, ToSchema};

static TEXT: LazyLock<String> = LazyLock::new(|| serde_json::to_string(&document()).unwrap_or_default());

/// Answers any operation may give, by status.
const REFUSALS: [(&str, &str); 6] = [
    ("400", "Unreadable"),
    ("401", "Not known"),
    ("403", "Not allowed"),
    ("404", "Not found"),
    ("405", "Another method is needed"),
    ("503", "Try again later"),
];
/// And those of writes.
const WRITE_REFUSALS: [(&str, &str); 6] = [
    ("409", "In conflict with the state, or the key belongs to another request"),
    ("412", "Changed meanwhile"),
    ("413", "Too large"),
    ("422", "Faults, all named"),
    ("428", "If-Match is needed"),
    ("507", "The disk is full"),
];

/// The document as JSON text.
pub fn text() -> String {
    TEXT.clone()
}

/// The document.
pub fn document() -> Value {
    let mut made: OpenApi =
        utoipa_axum::router::OpenApiRouter::<super::Shared>::new().nest(PREFIX, routes::api()).into_openapi();
    made.info = InfoBuilder::new()
        .title("Ordain")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Order confirmation. Money and quantities are text, instants are ISO 8601."))
        .build();
    let mut value = serde_json::to_value(made).unwrap_or_default();
    complete(&mut value);
    value
}

fn complete(document: &mut Value) {
    let mut schemas = Vec::new();
    ProblemView::schemas(&mut schemas);
    let Some(components) = object(document, "components") else { return };
    components.insert(
        "securitySchemes".to_owned(),
        json!({
            "bearer": { "type": "http", "scheme": "bearer" },
            "session": { "type": "apiKey", "in": "cookie", "name": super::gatekeeper::COOKIE },
        }),
    );
    if let Some(Value::Object(known)) = components.get_mut("schemas") {
        for (name, schema) in schemas {
            known.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
        let problem = serde_json::to_value(ProblemView::schema()).unwrap_or_default();
        known.insert(ProblemView::name().into_owned(), problem);
        known.iter_mut().filter(|(name, _)| !name.ends_with("Body")).for_each(|(_, schema)| answered(schema));
    }
    let Some(paths) = object(document, "paths") else { return };
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete_operation(path, method, operation);
        }
    }
}

/// In an answer every field is present, if only as null.
fn answered(schema: &mut Value) {
    let names = schema.get("properties").and_then(Value::as_object).map(|properties| {
        // The one field that is left out where it says nothing.
        properties.keys().filter(|name| *name != "intake").cloned().collect::<Vec<_>>()
    });
    if let (Some(names), Some(map)) = (names, schema.as_object_mut()) {
        map.insert("required".to_owned(), json!(names));
    }
}

fn object<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    value.as_object_mut()?.entry(name).or_insert_with(|| json!({})).as_object_mut()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let method = method.to_uppercase();
    let right = right_of(&method, path);
    let write = method != "GET";
    let problem = json!({ "application/problem+json":
        { "schema": { "$ref": format!("#/components/schemas/{}", ProblemView::name()) } } });
    if let Some(responses) = object(operation, "responses") {
        let refusals = REFUSALS.iter().chain(WRITE_REFUSALS.iter().filter(|_| write));
        for (status, words) in refusals {
            let answer = || json!({ "description": words, "content": problem.clone() });
            responses.entry((*status).to_owned()).or_insert_with(answer);
        }
    }
    let Some(operation) = operation.as_object_mut() else { return };
    let name = match right {
        Some(Right::Needs(permission)) => permission.name(),
        Some(Right::SignedIn) => "signed_in",
        Some(Right::Public) => "public",
        None => "nobody",
    };
    operation.insert("x-right".to_owned(), json!(name));
    if right != Some(Right::Public) {
        operation.insert("security".to_owned(), json!([{ "bearer": [] }, { "session": [] }]));
    }
    if write && right != Some(Right::Public) {
        let key = json!({ "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Repeating the request under the same key repeats the answer",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 } });
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        parameters.as_array_mut().into_iter().for_each(|list| list.push(key.clone()));
    }
}
