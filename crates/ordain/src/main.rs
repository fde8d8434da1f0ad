//! `ordain`: see `ordain --help`.

use std::process::ExitCode;

/// One order is some hundred small texts, made on one thread and often freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ordain::commands::run()
}
