//! Reads mails as they came over the wire: headers with encoded words, bodies in base64 or quoted-printable.

/// A mail as its receiver sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The part of the Message-ID before the `@`.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

pub fn read(raw: &str) -> Mail {
    let (head, body) = split(raw);
    let id = header(&head, "Message-ID").trim_start_matches('<').to_owned();
    Mail {
        id: id.split('@').next().unwrap_or_default().to_owned(),
        to: header(&head, "To"),
        subject: words(&header(&head, "Subject")),
        text: plain(&head, &body),
    }
}

/// Headers, unfolded, and body.
fn split(raw: &str) -> (String, String) {
    let raw = raw.replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n").expect("a mail has a head and a body");
    (head.replace("\n ", " ").replace("\n\t", " "), body.to_owned())
}

fn header(head: &str, name: &str) -> String {
    let found = head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    found.unwrap_or_default()
}

/// The first plain text of the mail.
fn plain(head: &str, body: &str) -> String {
    let kind = header(head, "Content-Type");
    if let Some(boundary) = kind.split("boundary=").nth(1) {
        let boundary = boundary.trim_matches('"').split('"').next().unwrap_or_default();
        let part = body.split(&format!("--{boundary}")).nth(1).expect("a part");
        let (head, body) = split(part.trim_start_matches('\n'));
        return plain(&head, &body);
    }
    assert!(kind.starts_with("text/plain"), "{kind}");
    let bytes = match header(head, "Content-Transfer-Encoding").to_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted(&body.replace("=\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

/// Encoded words of a header.
fn words(text: &str) -> String {
    let (mut bytes, mut rest, mut encoded) = (Vec::new(), text, false);
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        // Blanks between encoded words are not part of the text.
        if !(encoded && before.trim().is_empty()) {
            bytes.extend_from_slice(before.as_bytes());
        }
        let mut parts = word.splitn(5, '?');
        let (coding, data) = (parts.nth(2).unwrap_or_default(), parts.next().unwrap_or_default());
        bytes.extend(if coding.eq_ignore_ascii_case("b") {
            base64(data)
        } else {
            quoted(&data.replace('_', " "))
        });
        rest = parts.next().unwrap_or_default().trim_start_matches('=');
        encoded = true;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).expect("UTF-8")
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut have) = (Vec::new(), 0u32, 0u32);
    for digit in text.bytes().filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte)) {
        bits = (bits << 6) | u32::try_from(digit).expect("six bits");
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push(u8::try_from((bits >> have) & 0xFF).expect("eight bits"));
        }
    }
    bytes
}

fn quoted(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        let digits = if byte == b'=' { rest.next().zip(rest.next()) } else { None };
        let value = digits.and_then(|(a, b)| u8::from_str_radix(std::str::from_utf8(&[a, b]).ok()?, 16).ok());
        bytes.push(value.unwrap_or(byte));
    }
    bytes
}
