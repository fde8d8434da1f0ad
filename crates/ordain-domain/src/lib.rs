//! The language of the business and its decisions: orders, findings, promises, money, calendars.
//!
//! Pure: no IO, no clock, no randomness, no async. Time, ids and facts come in as arguments; events come out.
//! It deliberately knows nothing of flows, tasks, databases or screens.

pub mod actor;
pub mod atp;
pub mod audit;
pub mod bom;
pub mod calendar;
pub mod check;
pub mod clause;
pub mod credit;
pub mod ctp;
pub mod decimal;
pub mod finding;
pub mod form;
pub mod formula;
pub mod load;
pub mod master;
pub mod order;
pub mod promise;
pub mod rate;
pub mod stock;
pub mod tax_number;
pub mod terms;
