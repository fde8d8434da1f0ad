//! A statement that grows condition by condition, each with its values, so that marks and values stay in step.

use crate::sql::Value;

pub(crate) struct Query {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Query {
    pub fn new(sql: impl Into<String>, values: Vec<Value>) -> Self {
        Self { sql: sql.into(), values }
    }

    /// The statement so far ends in a condition.
    pub fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    /// The column holds any of the values; no values: whatever it holds.
    pub fn and_any(&mut self, column: &str, values: &[String]) {
        match values {
            // An index of the column gives the rows in order only for a single value that is compared as such.
            [value] => self.and(&format!("{column} = ?"), value.clone()),
            several => self.and_in(column, "IN", several),
        }
    }

    /// The column holds none of the values.
    pub fn and_none(&mut self, column: &str, values: &[String]) {
        self.and_in(column, "NOT IN", values);
    }

    fn and_in(&mut self, column: &str, compared: &str, values: &[String]) {
        // An empty list is no syntax of PostgreSQL.
        if values.is_empty() {
            return;
        }
        let marks = vec!["?"; values.len()].join(", ");
        self.sql.push_str(&format!(" AND {column} {compared} ({marks})"));
        self.values.extend(values.iter().map(|value| Value::from(value.clone())));
    }

    pub fn and_some<T: Into<Value>>(&mut self, condition: &str, value: Option<T>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }
}
