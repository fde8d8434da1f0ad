//! One connection: statements are prepared once, reads wait for their answer, writes are collected and sent together,
//! so that a commit takes a fixed number of round trips however much it holds.
//!
//! A thread of the process moves the bytes of all connections; whoever asks waits for its answer without being part of
//! an asynchronous runtime itself.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::argument::{Argument, kinds, many, one};
use super::dialect;
use super::target::Target;
use crate::StoreError;
use crate::faults::patience;
use crate::sql::{Found, Params, any_number};

/// Statements kept prepared; filters are put together in many ways.
const STATEMENTS: usize = 512;
/// How long after the server must have ended a statement it may still be heard of. A connection over which nothing comes
/// any more does not end by itself: without this whoever asks would wait for ever, and the commits of a node with it.
const GRACE: Duration = Duration::from_secs(1);
/// How long a server may take to let somebody in.
const GREETING: Duration = Duration::from_secs(10);

pub(crate) struct Session {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
    /// How long an answer may take; none: as long as it takes.
    patience: Cell<Option<Duration>>,
    /// Writes that are not sent yet.
    waiting: RefCell<Vec<Write>>,
}

struct Write {
    sql: String,
    arguments: Vec<Argument>,
    changed: Changed,
}

/// Judges how many rows a statement has touched.
type Changed = Box<dyn Fn(usize) -> Result<(), StoreError> + Send>;

type Sent<'s> = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + 's>>;

/// The thread that moves bytes. It lives as long as the process.
pub(super) fn runtime() -> Result<&'static Runtime, StoreError> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let start = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let built = builder.worker_threads(1).thread_name("postgres").enable_all().build();
        built.map_err(|error| error.to_string())
    };
    RUNTIME.get_or_init(start).as_ref().map_err(|error| StoreError::Unavailable(error.clone()))
}

fn mute() -> StoreError {
    StoreError::Unavailable("nothing is heard of PostgreSQL any more".to_owned())
}

impl Session {
    pub(super) fn connect(target: &Target, settings: &str, limit: Duration) -> Result<Self, StoreError> {
        let (target, runtime) = (target.clone(), runtime()?);
        let connecting = runtime.spawn(async move {
            let greeted = tokio::time::timeout(patience(GREETING), target.client()).await;
            let (client, connection) = greeted.map_err(|_| mute())??;
            // It ends with its client or with the server; whoever waits then is told by the client.
            tokio::spawn(async move { drop(connection.await) });
            Ok::<_, StoreError>(client)
        });
        let client = futures::executor::block_on(connecting)
            .map_err(|error| StoreError::Unavailable(error.to_string()))??;
        let (statements, waiting) = (RefCell::default(), RefCell::default());
        let session =
            Self { client, statements, waiting, patience: Cell::new(Some(patience(limit + GRACE))) };
        session.batch(settings)?;
        session.limit(Some(limit))?;
        Ok(session)
    }

    /// How long each statement may take from now on; none: as long as it takes.
    pub(super) fn limit(&self, limit: Option<Duration>) -> Result<(), StoreError> {
        let ms = limit.map_or(0, |limit| limit.as_millis());
        self.batch(&format!("SET statement_timeout = {ms}"))?;
        self.patience.set(limit.map(|limit| patience(limit + GRACE)));
        Ok(())
    }

    /// Waits for an answer, not longer than patience lasts. Whoever is told that nothing is heard gives the connection up.
    fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, StoreError> {
        let Some(patience) = self.patience.get() else { return Ok(futures::executor::block_on(work)) };
        let _timers = runtime()?.enter();
        futures::executor::block_on(tokio::time::timeout(patience, work)).map_err(|_| mute())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.wait(self.client.batch_execute(sql))??)
    }

    fn prepare(&self, sql: &str, arguments: &[Argument]) -> Result<Statement, StoreError> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let types: Vec<_> = arguments.iter().map(Argument::type_of).collect();
        let statement = self.wait(self.client.prepare_typed(sql, &types))??;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn ask(&self, sql: &str, arguments: &[Argument]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql, arguments)?;
        Ok(self.wait(self.client.query(&statement, &references(arguments)))??)
    }

    /// Runs a query for every key, all of them at once.
    pub(crate) fn each<P: Params>(
        &self,
        sql: &str,
        keys: impl IntoIterator<Item = P>,
        mut take: impl FnMut(Found<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut keys = keys.into_iter();
        let Some(first) = keys.next() else { return Ok(()) };
        let rows = match keys.next() {
            None => self.ask(&dialect::single(sql), &one(&first)?)?,
            Some(second) => {
                let Some(arguments) = many([first, second].into_iter().chain(keys))? else { return Ok(()) };
                self.ask(&dialect::keyed(sql, &kinds(&arguments)), &arguments)?
            }
        };
        rows.iter().try_for_each(|row| take(Found::Postgres(row)))
    }

    /// Notes a statement for every set of parameters.
    pub(crate) fn run_each<P: Params>(
        &self,
        sql: &str,
        sets: impl IntoIterator<Item = P>,
        changed: fn(usize) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = dialect::single(sql);
        for set in sets {
            self.note(sql.clone(), one(&set)?, Box::new(changed));
        }
        Ok(())
    }

    /// Notes one `INSERT … VALUES` for all rows.
    pub(crate) fn insert_all<P: Params>(
        &self,
        sql: &str,
        rows: impl IntoIterator<Item = P>,
    ) -> Result<(), StoreError> {
        let Some(arguments) = many(rows)? else { return Ok(()) };
        self.note(dialect::arrayed(sql, &kinds(&arguments)), arguments, Box::new(any_number));
        Ok(())
    }

    /// Notes one statement for all sets, each of which is to touch one row of its own.
    pub(crate) fn each_one<P: Params>(
        &self,
        sql: &str,
        sets: impl IntoIterator<Item = P>,
        refused: &'static str,
    ) -> Result<(), StoreError> {
        let mut n = 0;
        let sets = sets.into_iter().inspect(|_| n += 1);
        let Some(arguments) = many(sets)? else { return Ok(()) };
        let changed = move |changed| if changed == n { Ok(()) } else { Err(StoreError::Conflict(refused)) };
        self.note(dialect::arrayed(sql, &kinds(&arguments)), arguments, Box::new(changed));
        Ok(())
    }

    /// As [`Self::insert_all`] where a row may be there already. One statement may meet a row only once, so of rows
    /// with the same key, which is their first `keys` columns, the last counts.
    pub(crate) fn upsert_all<P: Params>(
        &self,
        sql: &str,
        keys: usize,
        rows: impl IntoIterator<Item = P>,
    ) -> Result<(), StoreError> {
        let mut last = BTreeMap::new();
        for row in rows {
            let mut key = one(&row)?;
            key.truncate(keys);
            last.insert(key, row);
        }
        self.insert_all(sql, last.into_values())
    }

    /// Notes one statement over the table `k` of all sets, which `sql` makes of the name of that table.
    pub(super) fn note_all<P: Params>(
        &self,
        sets: impl IntoIterator<Item = P>,
        sql: impl FnOnce(&str) -> String,
        changed: impl Fn(usize) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let Some(arguments) = many(sets)? else { return Ok(()) };
        let sql = sql(&dialect::unnest(&kinds(&arguments), "k"));
        self.note(sql, arguments, Box::new(changed));
        Ok(())
    }

    fn note(&self, sql: String, arguments: Vec<Argument>, changed: Changed) {
        self.waiting.borrow_mut().push(Write { sql, arguments, changed });
    }

    /// Throws away what was noted.
    pub(super) fn forget(&self) {
        self.waiting.borrow_mut().clear();
    }

    /// Sends `before` and all that was noted together; the first fault in that order is the answer.
    pub(crate) fn send(&self, before: &str) -> Result<(), StoreError> {
        let writes = std::mem::take(&mut *self.waiting.borrow_mut());
        let prepared = writes.iter().map(|write| self.prepare(&write.sql, &write.arguments));
        let prepared = prepared.collect::<Result<Vec<_>, _>>()?;
        let parameters: Vec<_> = writes.iter().map(|write| references(&write.arguments)).collect();
        let begin = async {
            if !before.is_empty() {
                self.client.batch_execute(before).await?;
            }
            Ok(0)
        };
        let mut sent: Vec<Sent<'_>> = vec![Box::pin(begin)];
        for (statement, parameters) in prepared.iter().zip(&parameters) {
            sent.push(Box::pin(self.client.execute(statement, parameters)));
        }
        let mut answers = self.wait(in_order(sent))?.into_iter();
        answers.next().transpose()?;
        for (write, answer) in writes.iter().zip(answers) {
            (write.changed)(usize::try_from(answer?).unwrap_or(usize::MAX))?;
        }
        Ok(())
    }
}

fn references(arguments: &[Argument]) -> Vec<&(dyn ToSql + Sync)> {
    arguments.iter().map(|argument| argument as &(dyn ToSql + Sync)).collect()
}

/// Starts all of them, one after the other, before waiting for any: a statement is sent when it is first looked at.
async fn in_order(mut sent: Vec<Sent<'_>>) -> Vec<Result<u64, tokio_postgres::Error>> {
    let mut answers: Vec<Option<Result<u64, tokio_postgres::Error>>> = sent.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        let mut open = false;
        for (future, answer) in sent.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(done) => *answer = Some(done),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(answers.iter_mut().filter_map(Option::take).collect()) }
    })
    .await
}
