//! The checks as tables: every code by one small change of a clean order, the edges of every limit, and sums against
//! arithmetic that shares nothing with the product's.

#![allow(clippy::unwrap_used)] // helpers of tests, which clippy takes for the product

mod clean;
mod edges;
mod prices;
mod sums;
mod table;
