//! Reads the query of an address. What is missing or cannot be read there is a problem like any other.

use super::problem::Problem;
use axum::extract::{FromRequestParts, Query as Parsed};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ordain_app::problem::Fault;
use serde::de::DeserializeOwned;

pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parsed = Parsed::<T>::from_request_parts(parts, state).await;
        parsed.map(|Parsed(value)| Self(value)).map_err(|refused| named(&refused.body_text()))
    }
}

/// A value of a query, unless it is empty.
pub fn some(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What stands between the commas of a value.
pub fn listed(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Values of a query that mean nothing: all are told at once.
#[derive(Debug, Default)]
pub struct BadValues(Vec<Fault>);

impl BadValues {
    /// What a value means; nothing where nothing is asked, or what is asked means nothing.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        asked: Option<String>,
        meaning: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let asked = some(asked)?;
        let read = meaning(&asked);
        if read.is_none() {
            let found: String = asked.chars().take(60).collect();
            self.0.push(Fault::new("bad_query", name).with("found", found));
        }
        read
    }

    /// # Errors
    /// If there are any.
    pub fn refuse(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::bad_queries(self.0)) }
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

    #[test]
    fn all_values_that_mean_nothing_are_told_at_once() {
        let (mut bad, number) = (BadValues::default(), |text: &str| text.parse::<i64>().ok());
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(bad.read("one", said(" 1 "), number), Some(1));
        assert_eq!(bad.read("none", said(" "), number), None);
        assert_eq!(
            (bad.read("two", said("zwei"), number), bad.read("three", said("drei"), number)),
            (None, None)
        );
        let problem = bad.refuse().unwrap_err();
        let paths: Vec<&str> = problem.faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!((problem.code.as_str(), paths), ("bad_query", vec!["two", "three"]));
        assert!(BadValues::default().refuse().is_ok());
    }

    #[tokio::test]
    async fn what_is_wrong_in_a_query_is_named() {
        assert_eq!(told("").await, ("missing_query".to_owned(), "from".to_owned()));
        assert_eq!(told("from=x").await, ("bad_query_value".to_owned(), "from".to_owned()));
    }
}
