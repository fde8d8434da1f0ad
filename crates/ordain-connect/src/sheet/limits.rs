//! How much of a foreign file is read. Each limit is checked on what is really there, before memory is spent on
//! it, and never on what the file says about itself.

use std::time::Duration;

pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// All parts of a packed file together, and all text of the table taken from it.
pub const MAX_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;
pub const MAX_ENTRIES: usize = 10_000;
pub const MAX_ROWS: usize = 200_000;
pub const MAX_COLUMNS: usize = 1_000;
/// Rows times columns, empty cells between full ones included: rows and columns alone would allow 200 million.
pub const MAX_CELLS: usize = 4_000_000;
pub const MAX_CELL_BYTES: usize = 32 * 1024;
/// A workbook that takes longer is given up as unreadable.
pub const MAX_READ_TIME: Duration = Duration::from_secs(20);
