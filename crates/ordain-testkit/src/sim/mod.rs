//! Seeded companies in which everything that may happen does happen, and what must be true of them all the same.
//!
//! [`model`] drives the pure decisions over a Gate of a few lines; [`gate`] drives the real Gate over a real database.
//! Both take what people do from [`deal`] and judge confirmations by [`oracle`], which shares no check with the product.

pub mod crowd;
pub mod deal;
pub mod flows;
pub mod gate;
pub mod mirror;
pub mod model;
pub mod names;
pub mod oracle;
pub mod play;
pub mod rng;
pub mod rules;
pub mod site;
pub mod truth;
