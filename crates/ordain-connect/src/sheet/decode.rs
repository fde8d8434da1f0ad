//! Finds the character encoding of a text file: byte order mark, then valid UTF-8, then UTF-16 by its zero
//! bytes, then a guess. The choice is reported, because a guess can be wrong and a person can see that.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// Some bytes had no meaning in this encoding and became U+FFFD.
    pub damaged: bool,
}

pub fn decode(bytes: &[u8]) -> Decoded {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => guess(bytes),
    };
    let (text, encoding, damaged) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), damaged }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return encoding;
    }
    if mostly_utf_8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // GB 18030 contains GBK and GB 2312, so files of all three read right.
    let guessed = match detector.guess(None, Utf8Detection::Deny) {
        encoding if encoding == GBK => GB18030,
        encoding => encoding,
    };
    if guessed == GB18030 || guessed == BIG5 || !fits(GB18030, bytes) {
        return guessed;
    }
    // A short Chinese file looks like a Western one to the detector. Western text hardly ever pairs up into
    // valid GB 18030 throughout.
    if chinese_share(bytes) { GB18030 } else { guessed }
}

fn fits(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// At least nine in ten of the characters beyond ASCII are common ideographs or full-width marks.
fn chinese_share(bytes: &[u8]) -> bool {
    let (text, _) = GB18030.decode_without_bom_handling(bytes);
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let chinese = text
        .chars()
        .filter(|c| matches!(c, '\u{4e00}'..='\u{9fa5}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'))
        .count();
    chinese * 10 >= beyond * 9
}

/// Valid UTF-8, or a file where a few lines of another encoding were pasted among lines of UTF-8: those lines
/// are then reported rather than the whole file misread.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => good += 1,
            Err(_) => bad += 1,
        }
    }
    good > bad
}

/// Delimiters, digits and line ends have a zero byte in UTF-16, always on the same side.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096))?;
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let encoding = match (first, second) {
        (0, second) if second * 20 >= sample.len() => UTF_16LE,
        (first, 0) if first * 20 >= sample.len() => UTF_16BE,
        _ => return None,
    };
    fits(encoding, bytes).then_some(encoding)
}
