//! Files of orders and master data, from the bytes of a spreadsheet to commands through the Gate, with a report per
//! row.
//!
//! Of orders every one in the file is taken, and a file that comes again makes no second order. Master data is all
//! or nothing unless the sender wants what can be had.

mod content;
mod master;
mod orders;
mod rows;

pub use master::import_master;
pub use orders::import_orders;

use crate::admin::{AdminCommand, KeptIntake};
use crate::app::App;
use crate::gate::GateError;
use crate::problem::Fault;
use ordain_connect::mapping::{Kind, Mapping, MappingProblem};
use ordain_connect::sheet::{Sheet, SheetRefusal, read_for};
use ordain_domain::actor::Actor;
use ordain_store::Hash;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Under which name unreadable rows stand in the journal of refused bodies.
const DOOR: &str = "import";

/// A file as it was handed in.
#[derive(Clone, Debug)]
pub struct ImportFile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// Which column means what; guessed from the column names if absent.
    pub mapping: Option<Mapping>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Reports what would happen and writes nothing.
    pub dry_run: bool,
    /// Of orders: what a file leaves out is filled in from customer and product.
    pub fill_defaults: bool,
    /// Of master data: takes the good rows of a file with bad ones.
    pub partial: bool,
}

/// Why a file was not taken at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    #[error(transparent)]
    Sheet(#[from] SheetRefusal),
    #[error("the mapping does not fit: {0:?}")]
    Mapping(Vec<MappingProblem>),
    /// Not one column has a known name.
    #[error("no column is known: {0:?}")]
    NoColumnKnown(Vec<String>),
    /// A table of orders without these fields: it is a table of something else.
    #[error("columns are missing: {missing:?}")]
    NotOrders { missing: Vec<&'static str>, header: Vec<String> },
    #[error(transparent)]
    Gate(#[from] GateError),
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// It is in a new order that nothing of the sender's is missing from.
    Created,
    /// It is in a new order that the sender must complete.
    Incomplete,
    /// Its order was there before.
    Repeated,
    /// It could not be read and stands in the intake journal.
    Unreadable,
    /// Master data that was taken over.
    Taken,
    /// Master data that is wrong.
    Refused,
    /// Nothing wrong with it, but not taken.
    Skipped,
}

/// One row of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowReport {
    pub row: u32,
    /// Number of the order that the row is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    pub status: RowStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Fault>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    pub kind: Kind,
    pub file: String,
    /// SHA-256 of the file, hexadecimal.
    pub hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<&'static str>,
    pub mapping: Mapping,
    /// Columns without a meaning.
    pub unmapped: Vec<String>,
    pub dry_run: bool,
    /// Whether anything of the file is now, or would be, in the database.
    pub applied: bool,
    /// New orders or objects.
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Orders that were there before.
    pub repeated: usize,
    /// New orders that the sender must complete.
    pub incomplete: usize,
    pub rows: Vec<RowReport>,
}

/// A file that was read, with the meaning of its columns.
struct Table {
    sheet: Arc<Sheet>,
    mapping: Mapping,
    hash: Hash,
    size: i64,
}

impl Table {
    fn report(&self, kind: Kind, name: &str, dry_run: bool) -> ImportReport {
        ImportReport {
            kind,
            file: name.to_owned(),
            hash: hex::encode(self.hash),
            encoding: self.sheet.encoding,
            mapping: self.mapping.clone(),
            unmapped: Vec::new(),
            dry_run,
            applied: false,
            created: 0,
            updated: 0,
            unchanged: 0,
            repeated: 0,
            incomplete: 0,
            rows: Vec::new(),
        }
    }
}

/// Reads a file beside the runtime: a workbook may take seconds.
async fn read(file: &ImportFile, kind: Kind) -> Result<Table, ImportRefusal> {
    let (bytes, name) = (file.bytes.clone(), file.name.clone());
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let work = move || (Sha256::digest(&bytes).into(), read_for(&bytes, &name, kind));
    let (hash, sheet) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ImportRefusal::Gate(GateError::Bug(error.to_string())))?;
    let sheet = sheet?;
    let mapping = match &file.mapping {
        Some(mapping) => mapping.clone(),
        None => Mapping::guess(&sheet.header, kind),
    };
    let problems = mapping.check(&sheet.header, kind);
    if !problems.is_empty() {
        return Err(ImportRefusal::Mapping(problems));
    }
    if mapping.fields.is_empty() {
        return Err(ImportRefusal::NoColumnKnown(sheet.header));
    }
    let missing = missing_of_orders(&mapping);
    if kind == Kind::Orders && !missing.is_empty() {
        return Err(ImportRefusal::NotOrders { missing, header: sheet.header });
    }
    Ok(Table { sheet: Arc::new(sheet), mapping, hash, size })
}

/// What no table of orders can do without. A list of shippers has names and phone numbers too, and would make an
/// empty order of every row.
fn missing_of_orders(mapping: &Mapping) -> Vec<&'static str> {
    let has = |field: &str| mapping.fields.contains_key(field);
    let mut missing = Vec::new();
    if !has("product") && !has("product_name") {
        missing.push("product");
    }
    if !has("quantity") {
        missing.push("quantity");
    }
    missing
}

/// Keeps a file that could not be read, so that nothing a customer sent is lost.
async fn keep_file(
    app: &App,
    org: i64,
    actor: Actor,
    file: &ImportFile,
    refusal: &ImportRefusal,
) -> Result<(), GateError> {
    let code = match refusal {
        ImportRefusal::Sheet(refusal) => refusal.code(),
        ImportRefusal::NoColumnKnown(_) => "no_column_known",
        ImportRefusal::NotOrders { .. } => "not_orders",
        // A wrong mapping is put right and the file handed in again; the rest is not the file's fault.
        ImportRefusal::Mapping(_) | ImportRefusal::Gate(_) => return Ok(()),
    };
    let kept = KeptIntake {
        door: DOOR.to_owned(),
        hash: Sha256::digest(&file.bytes).into(),
        size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        code: code.to_owned(),
        detail: serde_json::json!({ "file": file.name }).to_string(),
        head: file.bytes.clone(),
    };
    app.admin(org, actor, AdminCommand::KeepIntake(kept)).await?;
    Ok(())
}
