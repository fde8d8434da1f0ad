//! What tests are made of: a company in a box, orders that are clean or faulty on purpose, and the sample flow.

pub mod company;
pub mod faults;
pub mod sim;
pub mod vfs;
pub mod world;
