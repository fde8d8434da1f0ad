//! Text in lines that fit. Widths are those of common sans-serif fonts, in hundredths of the font size: no font is
//! asked, so that the picture is the same everywhere.

/// About how wide a character is, in hundredths of the font size.
fn width(c: char) -> i32 {
    match c {
        'i' | 'l' | 'j' | 't' | 'f' | 'r' | '.' | ',' | ';' | ':' | '\'' | '|' | '!' | ' ' | '(' | ')' => 34,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 88,
        'A'..='Z' => 68,
        c if (c as u32) < 0x2000 => 56,
        _ => 100,
    }
}

/// The text in at most so many lines of at most so many pixels; what does not fit ends in an ellipsis.
pub(super) fn wrap(text: &str, pixels: i32, font: i32, most: usize) -> Vec<String> {
    let room = pixels * 100 / font.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let cut = fitting(rest, room);
        if lines.len() + 1 == most && cut < rest.len() {
            let shorter = fitting(rest, room - width('…'));
            lines.push(format!("{}…", rest.get(..shorter).unwrap_or_default().trim_end()));
            break;
        }
        lines.push(rest.get(..cut).unwrap_or_default().trim_end().to_owned());
        rest = rest.get(cut..).unwrap_or_default().trim_start();
    }
    lines
}

/// How many bytes fit: up to the last place where a line may break, at least one character.
fn fitting(text: &str, room: i32) -> usize {
    let (mut used, mut last_break) = (0, 0);
    for (at, c) in text.char_indices() {
        if at > 0 && (c == ' ' || c as u32 >= 0x2E80) {
            last_break = at;
        }
        used += width(c);
        if used > room && at > 0 {
            return if last_break > 0 { last_break } else { at };
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_between_characters() {
        assert_eq!(wrap("one two three", 60, 12, 9), ["one two", "three"]);
        assert_eq!(wrap("一二三四五", 36, 12, 9), ["一二三", "四五"]);
        assert_eq!(wrap("一二三四五六七", 36, 12, 2), ["一二三", "四五…"]);
        assert_eq!(wrap("  ", 36, 12, 2), Vec::<String>::new());
        assert_eq!(wrap("unbreakable", 6, 12, 3).len(), 3);
    }
}
