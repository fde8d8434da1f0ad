//! Customers, products, stock and prices from a file: all of it or, if the sender wants that, the rows without fault.

use super::rows::index;
use super::{ImportFile, ImportOptions, ImportRefusal, ImportReport, RowReport, RowStatus, read};
use crate::admin::{AdminCommand, AdminDone, recheck_waiting};
use crate::admin::{CustomerItem, PriceItem, ProductItem, StockItem};
use crate::app::App;
use crate::gate::GateError;
use crate::problem::Fault;
use jiff::Timestamp;
use jiff::civil::DateTime;
use ordain_connect::mapping::{Kind, Record, normal_date, normal_number, records};
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{DecimalText, scaled_text};
use ordain_domain::master::{Contact, InvoiceProfile, ShipTo};
use std::collections::BTreeMap;

/// Faults by place in the list of records.
type Faults = BTreeMap<usize, Vec<Fault>>;

/// Takes master data from a file and looks again at the orders that waited for it.
///
/// # Errors
/// If the file cannot be read or the Gate not be reached; faults of rows are part of the report.
pub async fn import_master(
    app: &App,
    org: i64,
    actor: Actor,
    kind: Kind,
    file: &ImportFile,
    options: ImportOptions,
) -> Result<ImportReport, ImportRefusal> {
    let table = read(file, kind).await?;
    let records = records(&table.sheet, &table.mapping, kind);
    let mut faults: Faults = BTreeMap::new();
    let mut report = table.report(kind, &file.name, options.dry_run);
    let whole = options.partial || table.sheet.problems.is_empty();
    let done = put(app, org, &actor, kind, &records, &mut faults, (options, whole)).await?;
    let mut left_out = Faults::new();
    if let Some((done, taken)) = done {
        let AdminDone::Upserted { created, updated, unchanged, findings, touched } = done else {
            return Err(GateError::Bug(format!("master data answered {done:?}")).into());
        };
        (report.created, report.updated, report.unchanged, report.applied) =
            (created, updated, unchanged, true);
        for finding in findings {
            let place = index(&finding.path, "items").and_then(|item| taken.get(item)).copied();
            left_out.entry(place.unwrap_or_default()).or_default().push(finding);
        }
        recheck_waiting(app, org, &touched.products, &touched.customers).await?;
    }
    let unreadable = table.sheet.problems.iter().map(|problem| RowReport {
        row: problem.row,
        order: None,
        status: RowStatus::Unreadable,
        findings: vec![Fault::new(problem.code, "")],
    });
    report.rows = unreadable.chain(tell(&records, faults, left_out, report.applied)).collect();
    report.rows.sort_by_key(|row| row.row);
    Ok(report)
}

/// Puts what can be put; gives nothing if that is nothing, else the answer and the places of the items put.
async fn put(
    app: &App,
    org: i64,
    actor: &Actor,
    kind: Kind,
    records: &[Record],
    faults: &mut Faults,
    (options, whole): (ImportOptions, bool),
) -> Result<Option<(AdminDone, Vec<usize>)>, GateError> {
    loop {
        let good = |place: &usize| !options.partial || !faults.contains_key(place);
        let places: Vec<usize> = (0..records.len()).filter(good).collect();
        let chosen: Vec<&Record> = places.iter().filter_map(|place| records.get(*place)).collect();
        let command = command(kind, &chosen);
        // With a fault known already, the rest is only tried, so that all faults are named at once.
        let refused = !whole || (!options.partial && !faults.is_empty());
        let rehearsed = options.dry_run || refused;
        let command = if rehearsed { AdminCommand::Rehearse(Box::new(command)) } else { command };
        match app.admin(org, actor.clone(), command).await {
            Ok(done) => return Ok((!refused).then_some((done, places))),
            Err(GateError::Invalid(found)) => {
                for fault in found {
                    let place = index(&fault.path, "items").and_then(|item| places.get(item)).copied();
                    let Some(place) = place else { return Err(GateError::Invalid(vec![fault])) };
                    faults.entry(place).or_default().push(fault);
                }
                if !options.partial {
                    return Ok(None);
                }
            }
            Err(error) => return Err(error),
        }
    }
}

fn tell(records: &[Record], mut faults: Faults, mut left_out: Faults, applied: bool) -> Vec<RowReport> {
    let report = |(place, record): (usize, &Record)| {
        let (wrong, left_out) = (faults.remove(&place), left_out.remove(&place));
        let status = match (&wrong, &left_out) {
            (Some(_), _) => RowStatus::Refused,
            (None, None) if applied => RowStatus::Taken,
            _ => RowStatus::Skipped,
        };
        let findings =
            wrong.into_iter().chain(left_out).flatten().map(|fault| of_row(fault, record)).collect();
        RowReport { row: record.row, order: None, status, findings }
    };
    records.iter().enumerate().map(report).collect()
}

/// A row knows its own place: what is left of the path is the field.
fn of_row(fault: Fault, record: &Record) -> Fault {
    let path = match fault.path.split_once("].") {
        Some((list, field)) if list.starts_with("items[") => field.to_owned(),
        _ => fault.path,
    };
    let fault = Fault { path, ..fault };
    match record.fields.get(&fault.path).filter(|_| !fault.facts.contains_key("found")) {
        Some(found) => fault.with("found", found),
        None => fault,
    }
}

fn command(kind: Kind, records: &[&Record]) -> AdminCommand {
    match kind {
        Kind::Customers => {
            AdminCommand::PutCustomers(records.iter().map(|record| customer(record)).collect())
        }
        Kind::Products => AdminCommand::PutProducts(records.iter().map(|record| product(record)).collect()),
        Kind::Prices => AdminCommand::PutPrices(records.iter().map(|record| price(record)).collect()),
        Kind::Stock | Kind::Orders => AdminCommand::FeedStock {
            as_of: None,
            items: records.iter().map(|record| stock(record)).collect(),
        },
    }
}

fn field(record: &Record, name: &str) -> Option<String> {
    record.fields.get(name).cloned()
}

fn customer(record: &Record) -> CustomerItem {
    let get = |name: &str| field(record, name);
    let any = |prefix: &str| record.fields.keys().any(|name| name.starts_with(prefix));
    let ship_to =
        ShipTo { name: get("ship_to_name"), phone: get("ship_to_phone"), address: get("ship_to_address") };
    let invoice = InvoiceProfile {
        title: get("invoice_title"),
        tax_no: get("invoice_tax_no"),
        kind: get("invoice_kind"),
        bank_name: get("invoice_bank_name"),
        bank_account: get("invoice_bank_account"),
    };
    let contact = Contact {
        name: get("contact_name").unwrap_or_default(),
        email: get("contact_email"),
        phone: get("contact_phone"),
        role: None,
    };
    CustomerItem {
        code: get("code").unwrap_or_default(),
        name: get("name"),
        level: get("level"),
        credit_limit: get("credit_limit"),
        currency: get("currency").map(|currency| currency.to_uppercase()),
        payment_terms: get("payment_terms"),
        ship_to: any("ship_to_").then(|| vec![ship_to]),
        invoice: any("invoice_").then_some(invoice),
        contacts: any("contact_").then(|| vec![contact]),
        ..CustomerItem::default()
    }
}

fn product(record: &Record) -> ProductItem {
    ProductItem {
        code: field(record, "code").unwrap_or_default(),
        name: field(record, "name"),
        unit: field(record, "unit"),
        tax_rate: field(record, "tax_rate").map(|rate| fraction(&rate).unwrap_or(rate)),
        list_price: field(record, "list_price"),
        ..ProductItem::default()
    }
}

/// `13%` as `0.13`.
fn fraction(rate: &str) -> Option<String> {
    let percent = normal_number(rate.trim_end().strip_suffix(['%', '\u{ff05}'])?)?;
    let percent_e2 = DecimalText::try_from(percent).ok()?.scaled(2, 1_000_000).ok()?;
    Some(scaled_text(percent_e2, 4, 0))
}

fn price(record: &Record) -> PriceItem {
    PriceItem {
        level: field(record, "level"),
        currency: field(record, "currency").map(|currency| currency.to_uppercase()),
        kind: field(record, "kind"),
        valid_from: field(record, "valid_from"),
        valid_to: field(record, "valid_to"),
        product: field(record, "product").unwrap_or_default(),
        customer: field(record, "customer"),
        min_quantity: field(record, "min_quantity"),
        price: field(record, "price"),
    }
}

fn stock(record: &Record) -> StockItem {
    StockItem {
        product: field(record, "product").unwrap_or_default(),
        warehouse: field(record, "warehouse").unwrap_or_default(),
        on_hand: field(record, "on_hand"),
        as_of: field(record, "as_of").map(|text| instant(&text).unwrap_or(text)),
    }
}

/// A date as people write it; what is an instant already stays as it is.
fn instant(text: &str) -> Option<String> {
    let clear = text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok();
    if clear { None } else { normal_date(text) }
}
