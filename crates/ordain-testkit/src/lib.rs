//! What tests are made of: a company in a box, orders that are clean or faulty on purpose, and the sample flow.

/// The one the program ships with, for whatever is built on this kit: the tests, the simulation and the benchmarks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod cluster;
pub mod company;
pub mod contract_fake;
#[cfg(feature = "faults")]
pub mod faults;
pub mod home;
#[cfg(feature = "faults")]
pub mod sim;
#[cfg(feature = "faults")]
pub mod vfs;
#[cfg(feature = "faults")]
pub mod world;
