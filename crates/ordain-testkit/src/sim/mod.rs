//! Seeded companies in which everything that may happen does happen, and what must be true of them all the same.
//!
//! [`model`] drives the pure decisions over a Gate of a few lines: [`play`] in short sequences on the shipped flow, [`life`]
//! over virtual time on random flows. [`gate`] drives the real Gate over a real database. All of them take what people do from [`deal`] and judge confirmations by [`oracle`], which shares no check with the product.

pub mod aside;
mod asking;
pub mod audit;
pub mod bend;
pub mod books;
pub mod course;
pub mod coverage;
pub mod crowd;
pub mod cut;
pub mod deal;
pub mod errands;
pub mod flows;
pub mod gate;
pub mod life;
pub mod mirror;
pub mod model;
pub mod names;
pub mod oracle;
pub mod play;
mod proofs;
pub mod rng;
pub mod rules;
pub mod shapes;
pub mod site;
pub mod staff;
pub mod supply;
pub mod truth;
