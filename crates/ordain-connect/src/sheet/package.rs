//! Looks into a zip container before any workbook reader does: how many parts, how many bytes they really unpack
//! to, and which workbook format they make up. The sizes written in the container are not believed.

use std::io::{Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::SheetRefusal;
use super::limits::*;
use super::open_document;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Xlsx,
    Xlsb,
    OpenDocument,
}

const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

pub(super) fn inspect(bytes: &[u8]) -> Result<Format, SheetRefusal> {
    // Counted before the directory is loaded, since loading a million entries is itself the attack.
    let entries = bytes.windows(DIRECTORY_ENTRY.len()).filter(|window| *window == DIRECTORY_ENTRY).count();
    if entries > MAX_ENTRIES {
        return Err(SheetRefusal::TooManyEntries { limit: MAX_ENTRIES });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
    if archive.len() > MAX_ENTRIES {
        return Err(SheetRefusal::TooManyEntries { limit: MAX_ENTRIES });
    }
    let format = format_of(&archive)?;
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(refusal)?;
        let shared_strings = part.name().map_err(refusal)?.to_lowercase().ends_with("sharedstrings.xml");
        if shared_strings {
            let mut content = Vec::new();
            left = left.saturating_sub(copy(&mut part, &mut content, left)?);
            check_string_count(&content)?;
        } else {
            left = left.saturating_sub(copy(&mut part, &mut std::io::sink(), left)?);
        }
    }
    if format == Format::OpenDocument {
        open_document::check(&mut archive)?;
    }
    Ok(format)
}

fn copy(part: &mut impl Read, into: &mut impl std::io::Write, left: u64) -> Result<u64, SheetRefusal> {
    let copied =
        std::io::copy(&mut part.take(left + 1), into).map_err(|_| SheetRefusal::UnreadableWorkbook)?;
    if copied > left {
        return Err(SheetRefusal::UnpackedTooLarge { limit_bytes: MAX_UNPACKED_BYTES });
    }
    Ok(copied)
}

fn format_of<R: Read + std::io::Seek>(archive: &ZipArchive<R>) -> Result<Format, SheetRefusal> {
    let has = |wanted: &dyn Fn(&str) -> bool| {
        archive.file_names().flatten().any(|name| wanted(&name.to_lowercase()))
    };
    if has(&|name| name.ends_with("workbook.bin")) {
        Ok(Format::Xlsb)
    } else if has(&|name| name == "mimetype") && has(&|name| name == "content.xml") {
        Ok(Format::OpenDocument)
    } else if has(&|name| name == "[content_types].xml")
        && has(&|name| name.starts_with("xl/") || name.starts_with("xl\\") || name.ends_with("workbook.xml"))
    {
        Ok(Format::Xlsx)
    } else {
        Err(SheetRefusal::NotAWorkbook)
    }
}

/// The reader reserves memory for as many strings as the part claims to have, so the claim is held against the
/// shortest text that many strings could take.
fn check_string_count(content: &[u8]) -> Result<(), SheetRefusal> {
    const SHORTEST_STRING: &[u8] = b"<si/>";
    let mut reader = quick_xml::Reader::from_reader(content);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) if start.local_name().as_ref() == "sst" => {
                let claimed = start.try_get_attribute("uniqueCount").ok().flatten();
                let claimed = claimed.and_then(|count| count.value.trim().parse::<usize>().ok()).unwrap_or(0);
                let possible = content.len() / SHORTEST_STRING.len();
                return if claimed > possible { Err(SheetRefusal::UnreadableWorkbook) } else { Ok(()) };
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn refusal(error: ZipError) -> SheetRefusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            SheetRefusal::Encrypted
        }
        _ => SheetRefusal::UnreadableWorkbook,
    }
}
