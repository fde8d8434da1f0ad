//! Reads the query of an address. What is missing or cannot be read there is a problem like any other.

use super::problem::Problem;
use axum::extract::{FromRequestParts, Query as Parsed};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parsed = Parsed::<T>::from_request_parts(parts, state).await;
        parsed.map(|Parsed(value)| Self(value)).map_err(|refused| named(&refused.body_text()))
    }
}

/// The reader says which parameter it is about in a sentence of its own.
fn named(sentence: &str) -> Problem {
    let problem = |code: &str, name: &str| Problem::new(StatusCode::BAD_REQUEST, code).with("name", name);
    let missing = sentence.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`'));
    if let Some((name, _)) = missing {
        return problem("missing_query", name);
    }
    let told = sentence.strip_prefix("Failed to deserialize query string: ").unwrap_or(sentence);
    let name = told.split_once(':').map_or("", |(name, _)| name);
    problem("bad_query_value", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Asked {
        from: i64,
    }

    async fn told(query: &str) -> (String, String) {
        let (mut parts, ()) = Request::get(format!("/?{query}")).body(()).unwrap().into_parts();
        let problem = Query::<Asked>::from_request_parts(&mut parts, &()).await.err().unwrap();
        let name = problem.facts.iter().find(|(name, _)| *name == "name").map(|(_, name)| name.zh.clone());
        (problem.code, name.unwrap_or_default())
    }

    #[tokio::test]
    async fn what_is_wrong_in_a_query_is_named() {
        assert_eq!(told("").await, ("missing_query".to_owned(), "from".to_owned()));
        assert_eq!(told("from=x").await, ("bad_query_value".to_owned(), "from".to_owned()));
    }
}
