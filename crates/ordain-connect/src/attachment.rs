//! Files that people add to orders: which kinds are taken, and whether a file is what its name says it is.

/// Bytes of the largest file that is taken.
pub const SIZE_MAX: usize = 5 * 1024 * 1024;
/// Characters of the longest name.
const NAME_MAX: usize = 150;

const OFFICE: &str = "application/vnd.openxmlformats-officedocument";

/// What is taken, by the end of its name. Nothing of it can act by itself in a browser.
const KINDS: [(&str, &str); 14] = [
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("csv", "text/csv"),
    ("txt", "text/plain"),
    ("log", "text/plain"),
];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("no usable name")]
    Name,
    #[error("nothing in it")]
    Empty,
    #[error("larger than {SIZE_MAX} bytes")]
    TooLarge,
    #[error("of a kind that is not taken")]
    Kind,
    #[error("not what its name says")]
    Content,
}

/// The media type of a file that may be taken: told by its name, and borne out by what is in it.
///
/// # Errors
/// The first reason not to take it.
pub fn media_type(name: &str, content: &[u8]) -> Result<&'static str, Unfit> {
    let name = name.trim();
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\');
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains(odd) {
        return Err(Unfit::Name);
    }
    if content.is_empty() {
        return Err(Unfit::Empty);
    }
    if content.len() > SIZE_MAX {
        return Err(Unfit::TooLarge);
    }
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let known = KINDS.iter().find(|(known, _)| *known == end).map(|(_, kind)| *kind);
    let kind = known.ok_or(Unfit::Kind)?;
    if bears_out(kind, content) { Ok(kind) } else { Err(Unfit::Content) }
}

fn bears_out(kind: &str, content: &[u8]) -> bool {
    let found = infer::get(content).map(|found| found.mime_type());
    if kind.starts_with("text/") {
        return found.is_none() && !content.contains(&0);
    }
    let stored = match kind {
        // Not every program writes its parts in the order by which they are told apart.
        office if office.starts_with(OFFICE) => "application/zip",
        "application/msword" | "application/vnd.ms-excel" => "application/x-ole-storage",
        kind => kind,
    };
    found.is_some_and(|found| found == kind || found == stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn a_file_is_taken_for_what_is_in_it() {
        assert_eq!(media_type("合同.PDF", b"%PDF-1.7\n"), Ok("application/pdf"));
        assert_eq!(media_type("seal.png", PNG), Ok("image/png"));
        assert_eq!(media_type("lines.csv", "品号,数量\nA,1\n".as_bytes()), Ok("text/csv"));
        assert_eq!(media_type("terms.docx", b"PK\x03\x04rest"), Ok(KINDS[6].1));
        for (name, content, why) in [
            ("page.html", &b"<script>"[..], Unfit::Kind),
            ("drawing.svg", b"<svg/>", Unfit::Kind),
            ("noend", b"x", Unfit::Kind),
            ("fake.pdf", PNG, Unfit::Content),
            ("fake.txt", PNG, Unfit::Content),
            ("zeros.txt", b"a\0b", Unfit::Content),
            ("fake.png", b"plain", Unfit::Content),
            ("empty.txt", b"", Unfit::Empty),
            ("a/b.txt", b"x", Unfit::Name),
            ("line\nbreak.txt", b"x", Unfit::Name),
        ] {
            assert_eq!(media_type(name, content), Err(why), "{name}");
        }
        assert_eq!(media_type("big.txt", &vec![b'a'; SIZE_MAX + 1]), Err(Unfit::TooLarge));
    }
}
