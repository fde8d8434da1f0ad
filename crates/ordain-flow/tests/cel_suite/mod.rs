//! The public conformance suite of CEL: its archive, its text format and what each case asks for.

pub mod lift;

use flate2::read::GzDecoder;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

const ARCHIVE: &str = "../../../shared/data/suites/cel-simple.tar.gz";

/// One case of the suite.
#[derive(Debug)]
pub struct Case {
    /// File and section.
    pub section: String,
    pub name: String,
    pub expr: String,
    /// Kind of value (`int64_value`) and value of each bound name.
    pub bindings: BTreeMap<String, (String, String)>,
    pub expected: Expected,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Bool(bool),
    Number(Decimal),
    Text(String),
    /// A list of so many values.
    List(usize),
    /// A value no condition can have.
    OtherValue,
    Error,
}

/// The cases in their order, or none where the archive is not there.
pub fn cases() -> Option<Vec<Case>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(ARCHIVE);
    let Ok(packed) = std::fs::read(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    let files = files(GzDecoder::new(packed.as_slice()));
    Some(
        files
            .iter()
            .filter(|(name, _)| name.ends_with(".textproto"))
            .flat_map(|(_, text)| of(text))
            .collect(),
    )
}

/// Names and contents of a tar archive, sorted by name.
fn files(archive: impl Read) -> BTreeMap<String, String> {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().unwrap().map(Result::unwrap);
    let read = |mut entry: tar::Entry<_>| {
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        (name, String::from_utf8_lossy(&text).into_owned())
    };
    entries.map(read).collect()
}

fn of(text: &str) -> Vec<Case> {
    let file = Message::read(text);
    let mut cases = Vec::new();
    for section in file.all("section") {
        let name = format!("{}/{}", file.text("name"), section.text("name"));
        cases.extend(section.all("test").map(|test| Case {
            section: name.clone(),
            name: test.text("name"),
            expr: test.text("expr"),
            bindings: test.all("bindings").map(binding).collect(),
            expected: expected(test),
        }));
    }
    cases
}

fn binding(entry: &Message) -> (String, (String, String)) {
    let value = entry.one("value").and_then(|value| value.one("value"));
    let (kind, value) = value.and_then(|value| value.0.first()).unwrap();
    let value = match value {
        Field::Text(text) => text.clone(),
        Field::Message(_) => String::new(),
    };
    (entry.text("key"), (kind.clone(), value))
}

/// None for what no decimal can be, as infinity.
fn number(digits: &str) -> Option<Decimal> {
    Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok()
}

fn expected(test: &Message) -> Expected {
    let typed = test.one("typed_result").and_then(|typed| typed.one("result"));
    let Some(value) = test.one("value").or(typed) else {
        // A case without any expectation expects `true`.
        let error = ["eval_error", "any_eval_errors", "unknown", "any_unknowns", "typed_result"];
        let error = error.iter().any(|name| test.one(name).is_some());
        return if error { Expected::Error } else { Expected::Bool(true) };
    };
    match value.0.first() {
        Some((kind, Field::Text(text))) if kind == "bool_value" => Expected::Bool(text == "true"),
        Some((kind, Field::Text(text))) if kind == "string_value" => Expected::Text(text.clone()),
        Some((kind, Field::Text(text))) if matches!(kind.as_str(), "int64_value" | "double_value") => {
            number(text).map_or(Expected::OtherValue, Expected::Number)
        }
        Some((kind, Field::Message(list))) if kind == "list_value" => {
            Expected::List(list.all("values").count())
        }
        _ => Expected::OtherValue,
    }
}

/// A message in the text format of protocol buffers, as far as the suite uses it.
#[derive(Debug, Default)]
struct Message(Vec<(String, Field)>);

#[derive(Debug)]
enum Field {
    Text(String),
    Message(Message),
}

impl Message {
    fn read(text: &str) -> Self {
        let mut tokens = tokens(text).into_iter().peekable();
        let message = Self::fields(&mut tokens);
        assert!(tokens.next().is_none(), "a bracket too many");
        message
    }

    fn fields(tokens: &mut std::iter::Peekable<std::vec::IntoIter<Token>>) -> Self {
        let mut fields = Vec::new();
        while let Some(Token::Word(name)) = tokens.next_if(|token| matches!(token, Token::Word(_))) {
            tokens.next_if_eq(&Token::Mark(':'));
            let field = match tokens.next() {
                Some(Token::Mark('{')) => {
                    let inner = Self::fields(tokens);
                    assert_eq!(tokens.next(), Some(Token::Mark('}')), "after {name}");
                    Field::Message(inner)
                }
                Some(Token::Word(word)) => Field::Text(word),
                Some(Token::Text(mut text)) => {
                    while let Some(Token::Text(more)) =
                        tokens.next_if(|token| matches!(token, Token::Text(_)))
                    {
                        text += &more;
                    }
                    Field::Text(text)
                }
                other => panic!("{other:?} after {name}"),
            };
            tokens.next_if(|token| matches!(token, Token::Mark(',' | ';')));
            fields.push((name, field));
        }
        Self(fields)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.0.iter().filter_map(move |(known, field)| match field {
            Field::Message(message) if known == name => Some(message),
            _ => None,
        })
    }

    fn one(&self, name: &str) -> Option<&Self> {
        self.0.iter().find_map(|(known, field)| match field {
            Field::Message(message) if known == name => Some(message),
            _ => None,
        })
    }

    fn text(&self, name: &str) -> String {
        let text = self.0.iter().find_map(|(known, field)| match field {
            Field::Text(text) if known == name => Some(text.clone()),
            _ => None,
        });
        text.unwrap_or_default()
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' | '\'' => tokens.push(Token::Text(quoted(&mut chars, c))),
            '[' => {
                // The name of an extension or of the type of an `Any`.
                let name: String = std::iter::from_fn(|| chars.next_if(|c| *c != ']')).collect();
                chars.next();
                tokens.push(Token::Word(name));
            }
            c if c.is_whitespace() => {}
            c if c.is_alphanumeric() || "_-.+".contains(c) => {
                let rest =
                    std::iter::from_fn(|| chars.next_if(|c| c.is_alphanumeric() || "_-.+".contains(*c)));
                tokens.push(Token::Word(std::iter::once(c).chain(rest).collect()));
            }
            mark => tokens.push(Token::Mark(mark)),
        }
    }
    tokens
}

fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> String {
    let mut bytes = Vec::new();
    while let Some(c) = chars.next_if(|c| *c != quote) {
        let escaped = if c == '\\' { chars.next() } else { None };
        let mut number = |radix: u32, most: usize, first: Option<char>| {
            let mut digits: String = first.into_iter().collect();
            while digits.len() < most {
                let Some(digit) = chars.next_if(|c| c.is_digit(radix)) else { break };
                digits.push(digit);
            }
            u32::from_str_radix(&digits, radix).unwrap()
        };
        let read = match escaped {
            None => c,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('a') => '\u{7}',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('v') => '\u{b}',
            Some('u') => char::from_u32(number(16, 4, None)).unwrap(),
            Some('U') => char::from_u32(number(16, 8, None)).unwrap(),
            Some('x') => {
                bytes.push(number(16, 2, None) as u8);
                continue;
            }
            Some(digit @ '0'..='7') => {
                bytes.push(number(8, 3, Some(digit)) as u8);
                continue;
            }
            Some(other) => other,
        };
        bytes.extend(read.to_string().bytes());
    }
    chars.next();
    String::from_utf8_lossy(&bytes).into_owned()
}
