//! From a case over constants to the same question about an order. Most cases of the suite compare constants
//! (`1 < 2`), and a condition always reads a field: so the constant on the left becomes a fact of the order,
//! and the values of a list that is searched become its lines. A case that is one constant asks whether a fact
//! with its expected value equals it. Nothing else of the case is changed.

use super::{Case, Expected, number};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, SourceInfo, operators};
use ordain_flow::rule::{FieldDef, FieldType};
use ordain_flow::{FactSchema, Facts, Value};
use rust_decimal::Decimal;

const LINE_FIELD: &str = "value";

/// A condition, the facts it is asked about, and the answer it must give; none where it must be refused.
pub struct Question {
    pub text: String,
    pub expected: Option<bool>,
    asked: Asked,
}

#[derive(Default)]
struct Asked {
    fields: Vec<(String, Value)>,
    lines: Vec<Value>,
}

impl Question {
    /// The case as it is written, about the names it binds.
    pub fn as_written(case: &Case) -> Self {
        let fields = case
            .bindings
            .iter()
            .filter_map(|(name, (kind, value))| Some((name.clone(), bound(kind, value)?)));
        let asked = Asked { fields: fields.collect(), lines: Vec::new() };
        Self { text: case.expr.clone(), expected: answer(&case.expected), asked }
    }

    /// The case with its constants made facts; none where it asks for what is no condition at all. The text
    /// must be one that has been parsed before.
    pub fn lifted(case: &Case) -> Option<Self> {
        let parser = cel::Env::default().parser();
        let (expression, source) = parser.parse_with_source_info(&case.expr).ok()?;
        let asked = Self::as_written(case).asked;
        let mut lifting = Lifting { text: &case.expr, source: &source, asked };
        let (text, expected) = match (&case.expected, &expression.expr) {
            (Expected::Number(value), Expr::Literal(_)) => lifting.means(Value::Number(*value)),
            (Expected::Text(value), Expr::Literal(_)) => lifting.means(Value::Text(value.as_str().into())),
            (Expected::Number(size), Expr::Call(call)) if call.func_name == "size" => {
                (format!("{} == {size}", lifting.size(call)?), Some(true))
            }
            (Expected::List(size), Expr::Call(call)) if call.func_name == "filter" => {
                (format!("size({}) == {size}", lifting.over_list(call)?), Some(true))
            }
            (Expected::Bool(_) | Expected::Error, _) => {
                (lifting.condition(&expression, None)?, answer(&case.expected))
            }
            _ => return None,
        };
        Some(Self { text, expected, asked: lifting.asked })
    }

    pub fn schema(&self) -> FactSchema {
        let field = |name: &str, value: &Value, line| FieldDef {
            name: name.to_owned(),
            kind: kind(value),
            zh: name.to_owned(),
            en: name.to_owned(),
            line,
            may_be_empty: *value == Value::Null,
        };
        let mut fields: Vec<_> =
            self.asked.fields.iter().map(|(name, value)| field(name, value, false)).collect();
        fields.push(field(LINE_FIELD, self.asked.lines.first().unwrap_or(&Value::Null), true));
        FactSchema::new(fields)
    }

    pub fn facts(&self) -> Facts {
        let fields = self.asked.fields.iter().map(|(_, value)| value.clone()).collect();
        let lines = self.asked.lines.iter().map(|value| vec![value.clone()]).collect();
        Facts { fields, lines, ..Facts::default() }
    }
}

fn answer(expected: &Expected) -> Option<bool> {
    match expected {
        Expected::Bool(value) => Some(*value),
        _ => None,
    }
}

fn kind(value: &Value) -> FieldType {
    match value {
        Value::Null | Value::Number(_) => FieldType::Number,
        Value::Bool(_) => FieldType::Bool,
        Value::Text(_) => FieldType::Text,
        Value::Date(_) => FieldType::Date,
        Value::Member(_) => FieldType::Member,
        Value::Tags(_) => FieldType::Tags,
    }
}

fn bound(kind: &str, value: &str) -> Option<Value> {
    match kind {
        "int64_value" | "uint64_value" | "double_value" => number(value).map(Value::Number),
        "bool_value" => Some(Value::Bool(value == "true")),
        "string_value" => Some(Value::Text(value.into())),
        "null_value" => Some(Value::Null),
        _ => None,
    }
}

struct Lifting<'a> {
    text: &'a str,
    source: &'a SourceInfo,
    asked: Asked,
}

/// The name of one value while inside `[…].exists(NAME, …)`.
type Item<'a> = Option<&'a str>;

impl Lifting<'_> {
    fn condition(&mut self, expression: &IdedExpr, item: Item<'_>) -> Option<String> {
        let Expr::Call(call) = &expression.expr else {
            return self.left(expression, item);
        };
        match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            (operators::LOGICAL_AND, None, args) => self.joined(args, " && ", item),
            (operators::LOGICAL_OR, None, args) => self.joined(args, " || ", item),
            (operators::LOGICAL_NOT, None, [inner]) => Some(format!("!({})", self.condition(inner, item)?)),
            (name, None, [left, right]) if infix(name).is_some() => {
                let left = match &left.expr {
                    Expr::Call(call) if call.func_name == "size" => self.size(call)?,
                    _ => self.left(left, item)?,
                };
                Some(format!("{left} {} {}", infix(name)?, self.right(right, item)?))
            }
            (_, Some(target), _) if matches!(target.expr, Expr::List(_)) => self.over_list(call),
            (name, Some(target), args) => {
                let args: Option<Vec<_>> = args.iter().map(|arg| self.right(arg, item)).collect();
                Some(format!("{}.{name}({})", self.left(target, item)?, args?.join(", ")))
            }
            _ => self.left(expression, item),
        }
    }

    /// A constant alone: a fact with the value that CEL gives the constant must equal it.
    fn means(&mut self, value: Value) -> (String, Option<bool>) {
        self.asked.fields.push(("fact".to_owned(), value));
        (format!("fact == {}", self.text), Some(true))
    }

    fn joined(&mut self, args: &[IdedExpr], joint: &str, item: Item<'_>) -> Option<String> {
        let parts: Option<Vec<_>> = args.iter().map(|arg| self.condition(arg, item)).collect();
        Some(parts?.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(joint))
    }

    /// A constant becomes a fact; inside a list it stays.
    fn left(&mut self, expression: &IdedExpr, item: Item<'_>) -> Option<String> {
        match (self.constant(expression), item) {
            (Some(value), None) => {
                let name = format!("fact_{}", self.asked.fields.len());
                self.asked.fields.push((name.clone(), value));
                Some(name)
            }
            _ => self.right(expression, item),
        }
    }

    fn right(&self, expression: &IdedExpr, item: Item<'_>) -> Option<String> {
        match &bare(expression).expr {
            Expr::Ident(name) if Some(name.as_str()) == item => Some(format!("{name}.{LINE_FIELD}")),
            Expr::Ident(name) => Some(name.clone()),
            Expr::List(list) => {
                let items: Option<Vec<_>> = list.elements.iter().map(|one| self.right(one, item)).collect();
                Some(format!("[{}]", items?.join(", ")))
            }
            Expr::Literal(literal) => Some(match literal {
                LiteralValue::Boolean(value) => value.inner().to_string(),
                LiteralValue::Null => "null".to_owned(),
                LiteralValue::Int(value) => value.inner().to_string(),
                LiteralValue::UInt(value) => format!("{}u", value.inner()),
                LiteralValue::Double(value) => {
                    let sign = if value.inner().is_sign_negative() { "-" } else { "" };
                    format!("{sign}{}", self.written(bare(expression)))
                }
                LiteralValue::String(_) | LiteralValue::Bytes(_) => self.written(bare(expression)).to_owned(),
            }),
            _ => None,
        }
    }

    fn constant(&self, expression: &IdedExpr) -> Option<Value> {
        let expression = bare(expression);
        let Expr::Literal(literal) = &expression.expr else {
            return None;
        };
        match literal {
            LiteralValue::Boolean(value) => Some(Value::Bool(*value.inner())),
            LiteralValue::Null => Some(Value::Null),
            LiteralValue::Int(value) => Some(Value::Number(Decimal::from(*value.inner()))),
            LiteralValue::UInt(value) => Some(Value::Number(Decimal::from(*value.inner()))),
            LiteralValue::Double(value) => {
                let number = number(self.written(expression))?;
                Some(Value::Number(if value.inner().is_sign_negative() { -number } else { number }))
            }
            LiteralValue::String(value) => Some(Value::Text(value.inner().into())),
            LiteralValue::Bytes(_) => None,
        }
    }

    fn written(&self, expression: &IdedExpr) -> &str {
        let (start, stop) = self.source.offset_for(expression.id).unwrap();
        self.text.get(start as usize..=stop as usize).unwrap_or_default().trim_start_matches('-')
    }

    fn size(&mut self, call: &CallExpr) -> Option<String> {
        let of = call.target.as_deref().or(call.args.first())?;
        self.lines(of)?;
        Some("size(lines)".to_owned())
    }

    fn over_list(&mut self, call: &CallExpr) -> Option<String> {
        let [variable, body @ ..] = call.args.as_slice() else {
            return None;
        };
        let Expr::Ident(variable) = &variable.expr else {
            return None;
        };
        self.lines(call.target.as_deref()?)?;
        let body: Option<Vec<_>> = body.iter().map(|part| self.condition(part, Some(variable))).collect();
        Some(format!("lines.{}({variable}, {})", call.func_name, body?.join(", ")))
    }

    /// Takes the values of a list as lines: one list of constants of one type.
    fn lines(&mut self, of: &IdedExpr) -> Option<()> {
        let Expr::List(list) = &of.expr else {
            return None;
        };
        let values: Option<Vec<_>> = list.elements.iter().map(|one| self.constant(one)).collect();
        let values = values?;
        let alike = values.windows(2).all(|two| kind(&two[0]) == kind(&two[1]));
        (alike && self.asked.lines.is_empty()).then(|| self.asked.lines = values)
    }
}

/// `dyn(x)` only keeps CEL's checker from looking at `x`.
fn bare(expression: &IdedExpr) -> &IdedExpr {
    match &expression.expr {
        Expr::Call(CallExpr { func_name, target: None, args }) if func_name == "dyn" && args.len() == 1 => {
            &args[0]
        }
        _ => expression,
    }
}

fn infix(name: &str) -> Option<&'static str> {
    Some(match name {
        operators::EQUALS => "==",
        operators::NOT_EQUALS => "!=",
        operators::GREATER => ">",
        operators::GREATER_EQUALS => ">=",
        operators::LESS => "<",
        operators::LESS_EQUALS => "<=",
        operators::IN => "in",
        _ => return None,
    })
}
