//! `ordain`: see `ordain --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ordain::commands::run()
}
