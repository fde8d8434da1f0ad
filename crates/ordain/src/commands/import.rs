//! Takes a file of master data or orders.

use super::refusal::mapping_problem;
use super::remote::{Request, ask, result};
use super::{DatabaseArgs, Failed, Outcome, read_file, say};
use crate::server::problem::FaultView;
use crate::words::Text;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use ordain_app::problem::Fault;
use ordain_connect::mapping::{Kind, Mapping};
use serde_json::Value;
use std::path::PathBuf;

/// The shape of a mapping file, which nobody can guess.
const MAP_HELP: &str = r#"Columns are recognised by their names, in Chinese and English. Where they are not, --map names a file that says
which field is in which column:

  {"fields": {"order_key": "Order no.", "customer": "Buyer", "product": "SKU", "quantity": "Pieces"}}

`ordain import WHAT FILE --dry-run --json` prints the mapping that was recognised, to start from."#;

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Customers,
    Products,
    Stock,
    Prices,
    Orders,
}

#[derive(Args)]
#[command(after_help = MAP_HELP)]
pub(super) struct ImportArgs {
    what: What,
    file: PathBuf,
    #[command(flatten)]
    at: DatabaseArgs,
    /// A saved mapping of columns: JSON such as {"fields": {"product": "SKU", "quantity": "Qty"}}.
    #[arg(long)]
    map: Option<PathBuf>,
    /// Says what would happen and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes the good rows of master data and leaves the bad ones.
    #[arg(long)]
    partial: bool,
    /// Fills in from customer and product what orders leave out.
    #[arg(long)]
    fill_defaults: bool,
    /// Prints the whole report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: ImportArgs) -> Outcome {
    let mapping = match &args.map {
        None => None,
        Some(path) => {
            let text = read_file(path)?;
            let parsed = Mapping::parse(&String::from_utf8_lossy(&text));
            Some(parsed.map_err(|problem| Failed(mapping_problem(&problem)))?)
        }
    };
    let kind = match args.what {
        What::Customers => Kind::Customers,
        What::Products => Kind::Products,
        What::Stock => Kind::Stock,
        What::Prices => Kind::Prices,
        What::Orders => Kind::Orders,
    };
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let request = Request::Import {
        kind,
        name,
        bytes: STANDARD.encode(read_file(&args.file)?),
        mapping,
        dry_run: args.dry_run,
        partial: args.partial,
        fill_defaults: args.fill_defaults,
    };
    let report = result(ask(args.at.database, request).await?)?;
    if args.json {
        super::out!("{report}");
    } else {
        print_report(&report);
    }
    if is_there(&report) { Ok(()) } else { Err(Failed(say("nothing_taken", &[]))) }
}

/// Whether anything of the file is in the database now: a file that comes again is there already.
fn is_there(report: &Value) -> bool {
    let applied = report.get("applied").and_then(Value::as_bool).unwrap_or(false);
    applied || report.get("repeated").and_then(Value::as_u64).unwrap_or(0) > 0
}

fn print_report(report: &Value) {
    let n = |name: &str| Text::plain(report.get(name).map_or_else(String::new, Value::to_string));
    let rows = || report.get("rows").and_then(Value::as_array).into_iter().flatten();
    let lost = |status: &str| {
        let count = rows().filter(|row| row.get("status").and_then(Value::as_str) == Some(status)).count();
        Text::plain(count.to_string())
    };
    let mut args: Vec<(&str, Text)> = ["created", "updated", "unchanged", "repeated", "incomplete"]
        .iter()
        .map(|name| (*name, n(name)))
        .collect();
    args.extend(["refused", "unreadable"].map(|status| (status, lost(status))));
    super::out!("{}", say("imported", &args));
    for row in rows() {
        let status = row.get("status").and_then(Value::as_str).unwrap_or_default();
        let findings: Vec<String> =
            row.get("findings").and_then(Value::as_array).into_iter().flatten().map(worded).collect();
        if !findings.is_empty() {
            let number = row.get("row").map_or_else(String::new, Value::to_string);
            super::out!("{number}\t{status}\t{}", findings.join("; "));
        }
    }
}

fn worded(fault: &Value) -> String {
    let field = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut made = Fault::new(field("code"), field("path"));
    for (name, value) in fault.get("facts").and_then(Value::as_object).into_iter().flatten() {
        made = made.with(name, value.as_str().unwrap_or_default());
    }
    FaultView::from(made).message.of(super::lang()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_that_was_taken_before_is_no_failure() {
        let report = |applied: bool, repeated: u64| json!({ "applied": applied, "repeated": repeated });
        assert!(is_there(&report(true, 0)) && is_there(&report(false, 3)));
        assert!(!is_there(&report(false, 0)));
    }
}
