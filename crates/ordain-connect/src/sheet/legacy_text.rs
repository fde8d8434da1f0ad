//! Measures the shared strings of an old binary workbook without reading them: a cell names a string by number,
//! so one long string and a million short cells would become a million long cells.

use super::legacy::{Records, word};

const SHARED_STRINGS: u16 = 0x00fc;
const CONTINUE: u16 = 0x003c;
/// Before the first string: two counts of four bytes.
const COUNTS: usize = 8;
const WIDE: u8 = 0x01;
const EXTENDED: u8 = 0x04;
const FORMATTED: u8 = 0x08;

/// Bytes to allow for a string that could not be measured.
pub(super) const LONGEST: u32 = 32 * 1024;

/// For each shared string the most bytes it can take as UTF-8, as far as they can be followed.
pub(super) fn lengths(records: Records<'_>) -> Vec<u32> {
    let mut parts = Vec::new();
    for (kind, data) in records {
        match kind {
            SHARED_STRINGS if parts.is_empty() => parts.push(data),
            CONTINUE if !parts.is_empty() => parts.push(data),
            _ if !parts.is_empty() => break,
            _ => {}
        }
    }
    let mut strings = Strings { parts: parts.into_iter(), current: &[] };
    strings.current = strings.parts.next().and_then(|first| first.get(COUNTS..)).unwrap_or_default();
    std::iter::from_fn(|| strings.next_length()).collect()
}

struct Strings<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    current: &'a [u8],
}

impl Strings<'_> {
    fn next_length(&mut self) -> Option<u32> {
        if self.current.is_empty() {
            self.current = self.parts.next()?;
        }
        let characters = usize::from(word(self.current, 0)?);
        let flags = *self.current.get(2)?;
        self.current = self.current.get(3..)?;
        let mut after = 0;
        if flags & FORMATTED != 0 {
            after += usize::from(word(self.current, 0)?) * 4;
            self.current = self.current.get(2..)?;
        }
        if flags & EXTENDED != 0 {
            let bytes = self.current.first_chunk::<4>()?;
            after += usize::try_from(u32::from_le_bytes(*bytes)).ok()?;
            self.current = self.current.get(4..)?;
        }
        self.skip_characters(characters, flags)?;
        self.skip(after)?;
        u32::try_from(characters * 3).ok()
    }

    /// Characters that go on in the next part begin there with a byte that says anew how wide they are.
    fn skip_characters(&mut self, mut left: usize, mut flags: u8) -> Option<()> {
        loop {
            let width = if flags & WIDE == 0 { 1 } else { 2 };
            let here = left.min(self.current.len() / width);
            self.current = self.current.get(here * width..)?;
            left -= here;
            if left == 0 {
                return Some(());
            }
            let (first, rest) = self.parts.next()?.split_first()?;
            (flags, self.current) = (*first, rest);
        }
    }

    fn skip(&mut self, mut left: usize) -> Option<()> {
        loop {
            let here = left.min(self.current.len());
            self.current = self.current.get(here..)?;
            left -= here;
            if left == 0 {
                return Some(());
            }
            self.current = self.parts.next()?;
        }
    }
}
