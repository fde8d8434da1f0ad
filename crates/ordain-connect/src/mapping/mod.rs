//! Says which column of a table means which field, guessed from the column names in Chinese and English or saved
//! by a user, and applies that to the rows. Everything stays text: the intake decides what is right.

mod normal;
mod orders;
mod synonyms;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::sheet::Sheet;
pub use normal::{normal_date, normal_number};
pub use orders::{Conflict, OrderSheet, SheetLine, SheetOrder, orders};

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Orders,
    Customers,
    Products,
    Stock,
    Prices,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Orders, Self::Customers, Self::Products, Self::Stock, Self::Prices];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Customers => "customers",
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Prices => "prices",
        }
    }

    /// The fields a column can be mapped to.
    pub fn fields(self) -> Vec<&'static str> {
        synonyms::of(self).map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

/// Field name to column name. This is the file a user saves and gives again with `--map`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub fields: BTreeMap<String, String>,
}

/// Something in a saved mapping that does not fit the kind or the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum MappingProblem {
    #[error("unreadable_mapping: {detail}")]
    UnreadableMapping { detail: String },
    #[error("unknown_field: {field}")]
    UnknownField { field: String },
    #[error("missing_column: {column} for {field}")]
    MissingColumn { field: String, column: String },
    #[error("column_used_twice: {column}")]
    ColumnUsedTwice { column: String },
}

impl Mapping {
    /// Takes for each field the column whose name is nearest to the front of the field's list of names.
    pub fn guess(header: &[String], kind: Kind) -> Self {
        let names: Vec<(String, &String)> =
            header.iter().map(|column| (synonyms::plain(column), column)).collect();
        let mut fields = BTreeMap::new();
        for (field, words) in synonyms::of(kind).into_iter().flatten() {
            let column = words.iter().find_map(|word| names.iter().find(|(name, _)| name == word));
            if let Some((_, column)) = column {
                fields.insert(field.clone(), (*column).clone());
            }
        }
        Self { fields }
    }

    pub fn parse(json: &str) -> Result<Self, MappingProblem> {
        serde_json::from_str(json)
            .map_err(|error| MappingProblem::UnreadableMapping { detail: error.to_string() })
    }

    /// Every fault of this mapping at once, for this kind and this table.
    pub fn check(&self, header: &[String], kind: Kind) -> Vec<MappingProblem> {
        let known = kind.fields();
        let mut problems = Vec::new();
        let mut used = BTreeSet::new();
        for (field, column) in &self.fields {
            if !known.contains(&field.as_str()) {
                problems.push(MappingProblem::UnknownField { field: field.clone() });
            }
            if position(header, column).is_none() {
                problems.push(MappingProblem::MissingColumn { field: field.clone(), column: column.clone() });
            }
            if !used.insert(column) {
                problems.push(MappingProblem::ColumnUsedTwice { column: column.clone() });
            }
        }
        problems
    }
}

/// One row of master data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    pub row: u32,
    pub fields: BTreeMap<String, String>,
    /// Columns without a meaning, by column name.
    pub extra: BTreeMap<String, String>,
}

/// The rows of any table but orders, with numbers and dates in normal form where they have one.
pub fn records(sheet: &Sheet, mapping: &Mapping, kind: Kind) -> Vec<Record> {
    let columns = Columns::new(sheet, mapping, kind);
    sheet
        .rows
        .iter()
        .map(|row| {
            let (fields, extra) = columns.split(&row.cells);
            Record { row: row.number, fields, extra }
        })
        .collect()
}

/// Column names of the table that the mapping gives no meaning to.
fn unmapped(sheet: &Sheet, mapping: &Mapping) -> Vec<String> {
    let mapped: BTreeSet<Option<usize>> =
        mapping.fields.values().map(|column| position(&sheet.header, column)).collect();
    let free = sheet.header.iter().enumerate().filter(|(at, _)| !mapped.contains(&Some(*at)));
    free.filter(|(_, name)| !name.is_empty()).map(|(_, name)| name.clone()).collect()
}

fn position(header: &[String], column: &str) -> Option<usize> {
    let column = column.trim();
    header.iter().position(|name| name == column).or_else(|| {
        let plain = synonyms::plain(column);
        header.iter().position(|name| synonyms::plain(name) == plain)
    })
}

/// For each column of the table its field, if it has one.
struct Columns<'a> {
    header: &'a [String],
    fields: BTreeMap<usize, &'a str>,
}

impl<'a> Columns<'a> {
    fn new(sheet: &'a Sheet, mapping: &'a Mapping, kind: Kind) -> Self {
        let known = kind.fields();
        let fields = mapping
            .fields
            .iter()
            .filter(|(field, _)| known.contains(&field.as_str()))
            .filter_map(|(field, column)| Some((position(&sheet.header, column)?, field.as_str())))
            .collect();
        Self { header: &sheet.header, fields }
    }

    /// Fields with their values, and what is left by column name. Empty cells are in neither.
    fn split(&self, cells: &[String]) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let (mut fields, mut extra) = (BTreeMap::new(), BTreeMap::new());
        for (at, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            match self.fields.get(&at) {
                Some(field) => fields.insert((*field).to_owned(), normal(field, cell)),
                None => extra.insert(self.name(at), cell.to_owned()),
            };
        }
        (fields, extra)
    }

    /// A column without a name, or with one that another column has too, is told apart by its place.
    fn name(&self, at: usize) -> String {
        match self.header.get(at).filter(|name| !name.is_empty()) {
            Some(name) if self.header.iter().position(|other| other == name) == Some(at) => name.clone(),
            Some(name) => format!("{name} #{}", at + 1),
            None => format!("#{}", at + 1),
        }
    }
}

const NUMBERS: [&str; 8] =
    ["quantity", "unit_price", "credit_limit", "tax_rate", "list_price", "on_hand", "price", "min_quantity"];
const DATES: [&str; 4] = ["requested_date", "line_requested_date", "valid_from", "valid_to"];

/// What has no normal form keeps its text, so that a person sees what was sent.
fn normal(field: &str, cell: &str) -> String {
    let normal = if NUMBERS.contains(&field) {
        normal_number(cell)
    } else if DATES.contains(&field) {
        normal_date(cell)
    } else {
        None
    };
    normal.unwrap_or_else(|| cell.to_owned())
}
