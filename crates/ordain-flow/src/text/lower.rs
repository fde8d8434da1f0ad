//! From the parser's tree to ours. Each shape a condition can have is matched here and nothing else is:
//! the rest is refused with its name and place, so that text and builder always show the same condition.

use super::{EXCEPTION, TextRefusal};
use crate::rule::{Condition, Deviation, Formula, Lines, OnEmpty, Operand, Operator, Row, result_of};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, SourceInfo, operators};
use cel::parser::ParseErrors;
use rust_decimal::Decimal;
use std::cell::RefCell;

/// A single recovery would only produce more messages about a text that is refused anyway.
const RECOVERIES: u32 = 1;

/// Parses a text the fence has admitted and lowers it; beside what of it fits the tree everything that does not. There
/// is always one of both.
pub fn lower(text: &str) -> (Option<Condition>, Vec<TextRefusal>) {
    // An empty environment expands no macros, so that `exists` and its kin arrive as written.
    let parser = cel::Env::default().parser().error_recovery_limit(RECOVERIES);
    let (expression, source) = match parser.parse_with_source_info(text) {
        Ok(parsed) => parsed,
        Err(errors) => return (None, vec![unreadable(errors)]),
    };
    let lowering = Lowering { text, source: &source, refused: RefCell::default() };
    let lowered = lowering.condition(&expression, None);
    let mut refused = lowering.refused.into_inner();
    match lowered {
        Ok(condition) => (Some(condition), refused),
        Err(last) => {
            refused.push(last);
            (None, refused)
        }
    }
}

fn unreadable(errors: ParseErrors) -> TextRefusal {
    let Some(first) = errors.errors.into_iter().next() else {
        return TextRefusal::Unreadable { line: 0, column: 0, message: String::new() };
    };
    let (line, column) = first.pos;
    TextRefusal::Unreadable {
        line: usize::try_from(line).unwrap_or_default(),
        column: usize::try_from(column).unwrap_or_default(),
        message: first.msg,
    }
}

struct Lowering<'a> {
    text: &'a str,
    source: &'a SourceInfo,
    /// Of rows that are joined, what does not fit, where something else does.
    refused: RefCell<Vec<TextRefusal>>,
}

/// The name of the line variable while inside `lines.…(l, …)`.
type Line<'a> = Option<&'a str>;

impl Lowering<'_> {
    fn at(&self, expression: &IdedExpr) -> usize {
        self.source.offset_for(expression.id).map(|(start, _)| start as usize).unwrap_or_default()
    }

    fn misfit<T>(&self, what: &'static str, name: &str, at: &IdedExpr) -> Result<T, TextRefusal> {
        Err(TextRefusal::DoesNotFit { what, name: name.to_owned(), at: self.at(at) })
    }

    fn condition(&self, expression: &IdedExpr, line: Line<'_>) -> Result<Condition, TextRefusal> {
        let Expr::Call(call) = &expression.expr else {
            return self.row(expression, line).map(Condition::Row);
        };
        match call.func_name.as_str() {
            operators::LOGICAL_AND => self.all_of(call, line).map(Condition::All),
            operators::LOGICAL_OR => self.all_of(call, line).map(Condition::Any),
            _ => match self.lines(expression, call)? {
                Some(_) if line.is_some() => self.misfit("lines", "within lines", expression),
                Some(lines) => Ok(Condition::Lines(lines)),
                None => self.row(expression, line).map(Condition::Row),
            },
        }
    }

    fn all_of(&self, call: &CallExpr, line: Line<'_>) -> Result<Vec<Condition>, TextRefusal> {
        let mut fitting = Vec::with_capacity(call.args.len());
        let mut misfits = Vec::new();
        for child in &call.args {
            match self.condition(child, line) {
                Ok(condition) => fitting.push(condition),
                Err(refused) => misfits.push(refused),
            }
        }
        match misfits.pop() {
            Some(last) if fitting.is_empty() => {
                self.refused.borrow_mut().append(&mut misfits);
                Err(last)
            }
            last => {
                misfits.extend(last);
                self.refused.borrow_mut().append(&mut misfits);
                Ok(fitting)
            }
        }
    }

    /// The statements about lines, or none where the call is about something else.
    fn lines(&self, expression: &IdedExpr, call: &CallExpr) -> Result<Option<Lines>, TextRefusal> {
        if let Some((name, variable, body)) = over_lines(call) {
            let [matching] = body else {
                return self.misfit("call", name, expression);
            };
            let matching = Box::new(self.condition(matching, Some(variable))?);
            return match name {
                "exists" => Ok(Some(Lines::Any { matching })),
                "all" => Ok(Some(Lines::All { matching })),
                other => self.misfit("call", other, expression),
            };
        }
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [negated]) => match &negated.expr {
                Expr::Call(inner) if over_lines(inner).is_some() => match self.lines(negated, inner)? {
                    Some(Lines::Any { matching }) => Ok(Some(Lines::None { matching })),
                    _ => self.misfit("negation of", &inner.func_name, negated),
                },
                _ => Ok(None),
            },
            (name, [left, right]) => match comparison(name) {
                Some(op) => match self.tally(left, op, right)? {
                    None => self.tally(right, op.mirrored(), left),
                    found => Ok(found),
                },
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// `size(lines…) >= 3`, `sum(lines.map(…)) >= 3` and `size(lines.map(…).distinct()) >= 3`.
    fn tally(
        &self,
        counted: &IdedExpr,
        op: Operator,
        value: &IdedExpr,
    ) -> Result<Option<Lines>, TextRefusal> {
        let Expr::Call(call) = &counted.expr else {
            return Ok(None);
        };
        let of = match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            ("size" | "sum", None, [of]) => of,
            ("size", Some(of), []) => of,
            _ => return Ok(None),
        };
        let is_sum = call.func_name == "sum";
        if !is_sum && is_lines(of) {
            let value = self.number(value)?;
            return Ok(Some(Lines::Count { matching: None, op, value }));
        }
        let Expr::Call(inner) = &of.expr else {
            return self.misfit("call", &call.func_name, counted);
        };
        match (is_sum, over_lines(inner), distinct(inner).and_then(over_lines)) {
            (false, Some(("filter", variable, [matching])), _) => Ok(Some(Lines::Count {
                matching: Some(Box::new(self.condition(matching, Some(variable))?)),
                op,
                value: self.number(value)?,
            })),
            (true, Some(("map", variable, body)), _) => {
                let (field, matching) = self.mapped(variable, body, counted)?;
                Ok(Some(Lines::Sum { field, matching, op, value: self.number(value)? }))
            }
            (false, _, Some(("map", variable, body))) => {
                let (field, matching) = self.mapped(variable, body, counted)?;
                Ok(Some(Lines::Distinct { field, matching, op, value: self.number(value)? }))
            }
            _ => self.misfit("call", &call.func_name, counted),
        }
    }

    /// What `map(l, FIELD)` and `map(l, CONDITION, FIELD)` read.
    fn mapped(
        &self,
        variable: &str,
        body: &[IdedExpr],
        at: &IdedExpr,
    ) -> Result<(String, Option<Box<Condition>>), TextRefusal> {
        match body {
            [field] => Ok((self.field(field, Some(variable))?, None)),
            [matching, field] => {
                let matching = Box::new(self.condition(matching, Some(variable))?);
                Ok((self.field(field, Some(variable))?, Some(matching)))
            }
            _ => self.misfit("call", "map", at),
        }
    }

    fn row(&self, expression: &IdedExpr, line: Line<'_>) -> Result<Row, TextRefusal> {
        let call = match &expression.expr {
            Expr::Call(call) => call,
            Expr::Ident(_) | Expr::Select(_) => return self.flag(expression, true, line),
            other => return self.misfit("a bare", word(other), expression),
        };
        match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            (operators::LOGICAL_NOT, None, [negated]) => self.negated(negated, line),
            (operators::IN, None, [field, list]) if is_list(list) => {
                Ok(row(self.field(field, line)?, Operator::In, self.operand(list, line)?))
            }
            ("contains", Some(field), [part]) => {
                Ok(row(self.field(field, line)?, Operator::Contains, self.operand(part, line)?))
            }
            ("startsWith", Some(field), [part]) => {
                Ok(row(self.field(field, line)?, Operator::StartsWith, self.operand(part, line)?))
            }
            ("like", Some(field), [pattern]) => {
                Ok(row(self.field(field, line)?, Operator::Like, self.operand(pattern, line)?))
            }
            ("includes", Some(field), [tags]) => {
                Ok(row(self.field(field, line)?, Operator::Includes, self.operand(tags, line)?))
            }
            ("under", Some(field), [people]) => {
                Ok(row(self.field(field, line)?, Operator::Under, self.operand(people, line)?))
            }
            ("isWorkingDay", Some(field), []) => {
                let (field, operator) = (self.field(field, line)?, Operator::IsWorkingDay);
                Ok(Row { field, operator, value: None, when_empty: None })
            }
            ("if_empty", None, [inner, holds]) => {
                let on_empty = match &holds.expr {
                    Expr::Literal(LiteralValue::Boolean(holds)) => OnEmpty::Holds(*holds.inner()),
                    Expr::Literal(LiteralValue::String(word)) if word.inner() == EXCEPTION => {
                        OnEmpty::Exception
                    }
                    _ => return self.misfit("a second value of", "if_empty", holds),
                };
                let inner = self.row(inner, line)?;
                if inner.operator.is_emptiness() || inner.when_empty.is_some() {
                    return self.misfit("this row in", "if_empty", expression);
                }
                Ok(Row { when_empty: Some(on_empty), ..inner })
            }
            (name, None, [left, right]) => match comparison(name) {
                Some(operator) => self.compared(left, operator, right, line),
                None => self.misfit("call", name, expression),
            },
            (name, ..) => self.misfit("call", name, expression),
        }
    }

    fn flag(&self, field: &IdedExpr, value: bool, line: Line<'_>) -> Result<Row, TextRefusal> {
        Ok(row(self.field(field, line)?, Operator::Eq, Operand::Bool(value)))
    }

    fn negated(&self, expression: &IdedExpr, line: Line<'_>) -> Result<Row, TextRefusal> {
        if matches!(expression.expr, Expr::Ident(_) | Expr::Select(_)) {
            return self.flag(expression, false, line);
        }
        let inner = self.row(expression, line)?;
        match (inner.operator.negated(), inner.when_empty) {
            (Some(operator), None) => Ok(Row { operator, ..inner }),
            _ => self.misfit("negation of", "a comparison", expression),
        }
    }

    fn compared(
        &self,
        left: &IdedExpr,
        operator: Operator,
        right: &IdedExpr,
        line: Line<'_>,
    ) -> Result<Row, TextRefusal> {
        if let Some(row) = self.worked_out(left, operator, right, line)? {
            return Ok(row);
        }
        if let Some(row) = self.worked_out(right, operator.mirrored(), left, line)? {
            return Ok(row);
        }
        let (field, operator, value) = match (&left.expr, &right.expr) {
            _ if is_field(left) => (left, operator, right),
            _ if is_field(right) => (right, operator.mirrored(), left),
            (Expr::Call(call), _) => return self.misfit("call", &call.func_name, left),
            _ => return self.misfit("a comparison without", "field", left),
        };
        let field = self.field(field, line)?;
        if matches!(value.expr, Expr::Literal(LiteralValue::Null)) {
            let operator = match operator {
                Operator::Eq => Operator::IsEmpty,
                Operator::Ne => Operator::NotEmpty,
                _ => return self.misfit("order of", "null", value),
            };
            return Ok(Row { field, operator, value: None, when_empty: None });
        }
        Ok(row(field, operator, self.operand(value, line)?))
    }

    /// `deviation(FIELD, BASE) >= 5` and `workingDaysUntil(FIELD) <= 5`.
    fn worked_out(
        &self,
        left: &IdedExpr,
        operator: Operator,
        right: &IdedExpr,
        line: Line<'_>,
    ) -> Result<Option<Row>, TextRefusal> {
        let Expr::Call(call) = &left.expr else { return Ok(None) };
        match (call.func_name.as_str(), &call.target, call.args.as_slice(), operator) {
            ("deviation", None, [field, base], Operator::Ge) => {
                let (from, percent) = (self.field(base, line)?, self.number(right)?);
                let value = Operand::Deviation(Deviation { from, percent });
                Ok(Some(row(self.field(field, line)?, Operator::Deviates, value)))
            }
            ("workingDaysUntil", None, [field], Operator::Le) => {
                let value = Operand::Number(self.number(right)?);
                Ok(Some(row(self.field(field, line)?, Operator::WithinWorkingDays, value)))
            }
            _ => Ok(None),
        }
    }

    /// `FIELD * 1.1 + 5`, with either part left out.
    fn formula(&self, call: &CallExpr, line: Line<'_>) -> Result<Option<Formula>, TextRefusal> {
        let [left, right] = call.args.as_slice() else { return Ok(None) };
        let multiplied = |field: &IdedExpr, times: &IdedExpr| {
            Ok::<_, TextRefusal>(Formula {
                times: self.number(times)?,
                ..Formula::new(self.field(field, line)?)
            })
        };
        let base = |of: &IdedExpr| match &of.expr {
            _ if is_field(of) => Ok(Some(Formula::new(self.field(of, line)?))),
            Expr::Call(inner) if inner.func_name == operators::MULTIPLY => self.formula(inner, line),
            _ => Ok(None),
        };
        match call.func_name.as_str() {
            operators::MULTIPLY if is_field(left) => multiplied(left, right).map(Some),
            operators::MULTIPLY if is_field(right) => multiplied(right, left).map(Some),
            name @ (operators::ADD | operators::SUBSTRACT) => {
                let Some(base) = base(left)? else { return Ok(None) };
                let plus = self.number(right)?;
                let plus = if name == operators::ADD { plus } else { -plus };
                Ok(Some(Formula { plus, ..base }))
            }
            _ => Ok(None),
        }
    }

    fn field(&self, expression: &IdedExpr, line: Line<'_>) -> Result<String, TextRefusal> {
        match (&expression.expr, line) {
            (Expr::Ident(name), None) => Ok(name.clone()),
            (Expr::Call(call), None) if result_call(call).is_some() => {
                Ok(result_of(result_call(call).unwrap_or_default()))
            }
            (Expr::Select(select), Some(variable)) if !select.test => match &select.operand.expr {
                Expr::Ident(name) if name == variable => Ok(select.field.clone()),
                _ => self.misfit("selection of", &select.field, expression),
            },
            (Expr::Ident(name), Some(_)) => self.misfit("order field within lines", name, expression),
            (Expr::Select(select), None) => self.misfit("selection of", &select.field, expression),
            (other, _) => self.misfit("instead of a field,", word(other), expression),
        }
    }

    fn operand(&self, expression: &IdedExpr, line: Line<'_>) -> Result<Operand, TextRefusal> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Ok(Operand::Bool(*value.inner())),
            Expr::Literal(LiteralValue::String(value)) => Ok(Operand::Text(value.inner().to_owned())),
            _ if is_field(expression) => self.field(expression, line).map(Operand::Field),
            Expr::List(list) => {
                let items: Result<_, _> = list.elements.iter().map(|item| self.operand(item, line)).collect();
                items.map(Operand::List)
            }
            Expr::Call(call) if call.func_name == "date" && call.target.is_none() => {
                self.date(expression, call)
            }
            Expr::Call(call) if named_by("set", call).is_some() => {
                Ok(Operand::Set(named_by("set", call).unwrap_or_default().to_owned()))
            }
            Expr::Call(call) => match self.formula(call, line)? {
                Some(formula) => Ok(Operand::Formula(formula)),
                None => self.number(expression).map(Operand::Number),
            },
            _ => self.number(expression).map(Operand::Number),
        }
    }

    fn date(&self, expression: &IdedExpr, call: &CallExpr) -> Result<Operand, TextRefusal> {
        let [argument] = call.args.as_slice() else {
            return self.misfit("call", "date", expression);
        };
        match &argument.expr {
            Expr::Literal(LiteralValue::String(text)) => match text.inner().parse() {
                Ok(date) => Ok(Operand::Date(date)),
                Err(_) => self.misfit("date", text.inner(), argument),
            },
            other => self.misfit("instead of a date,", word(other), argument),
        }
    }

    fn number(&self, expression: &IdedExpr) -> Result<Decimal, TextRefusal> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Int(value)) => Ok(Decimal::from(*value.inner())),
            // The parser's float is never used: the digits are read again, exactly, from the text.
            Expr::Literal(LiteralValue::Double(value)) => {
                let span = self.source.offset_for(expression.id);
                let digits = span.and_then(|(start, stop)| self.text.get(start as usize..=stop as usize));
                let digits = digits.unwrap_or_default();
                // `….0` marks a whole number past 64 bits and must not cost a digit of precision.
                let needed = match digits.split_once('.') {
                    Some(_) => digits.trim_end_matches('0').trim_end_matches('.'),
                    None => digits,
                };
                match Decimal::from_str_exact(needed) {
                    Ok(exact) if value.inner().is_sign_negative() => Ok(-exact),
                    Ok(exact) => Ok(exact),
                    Err(_) => self.misfit("number", digits, expression),
                }
            }
            Expr::Call(call) if call.func_name == operators::NEGATE => match call.args.as_slice() {
                [value] if matches!(value.expr, Expr::Literal(_)) => self.number(value).map(|value| -value),
                _ => self.misfit("arithmetic", "-", expression),
            },
            Expr::Call(call) => self.misfit("call", &call.func_name, expression),
            other => self.misfit("instead of a number,", word(other), expression),
        }
    }
}

fn row(field: String, operator: Operator, value: Operand) -> Row {
    Row { field, operator, value: Some(value), when_empty: None }
}

fn is_field(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::Ident(_) | Expr::Select(_) => true,
        Expr::Call(call) => result_call(call).is_some(),
        _ => false,
    }
}

/// The step of `result("STEP")`.
fn result_call(call: &CallExpr) -> Option<&str> {
    named_by("result", call)
}

/// The one text in the brackets of a call by this name.
fn named_by<'a>(name: &str, call: &'a CallExpr) -> Option<&'a str> {
    match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
        (called, None, [text]) if called == name => match &text.expr {
            Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
            _ => None,
        },
        _ => None,
    }
}

/// Written out, or saved: `[…]` and `set("CODE")`.
fn is_list(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::List(_) => true,
        Expr::Call(call) => named_by("set", call).is_some(),
        _ => false,
    }
}

fn is_lines(expression: &IdedExpr) -> bool {
    matches!(&expression.expr, Expr::Ident(name) if name == "lines")
}

/// `lines.NAME(VARIABLE, BODY…)`.
fn over_lines(call: &CallExpr) -> Option<(&str, &str, &[IdedExpr])> {
    let (variable, body) = call.args.split_first()?;
    match (&call.target, &variable.expr) {
        (Some(target), Expr::Ident(variable)) if is_lines(target) => Some((&call.func_name, variable, body)),
        _ => None,
    }
}

/// `VALUES.distinct()`.
fn distinct(call: &CallExpr) -> Option<&CallExpr> {
    match (call.func_name.as_str(), &call.target.as_ref()?.expr, call.args.as_slice()) {
        ("distinct", Expr::Call(values), []) => Some(values),
        _ => None,
    }
}

fn comparison(name: &str) -> Option<Operator> {
    Some(match name {
        operators::EQUALS => Operator::Eq,
        operators::NOT_EQUALS => Operator::Ne,
        operators::GREATER => Operator::Gt,
        operators::GREATER_EQUALS => Operator::Ge,
        operators::LESS => Operator::Lt,
        operators::LESS_EQUALS => Operator::Le,
        _ => return None,
    })
}

fn word(expression: &Expr) -> &'static str {
    match expression {
        Expr::Unspecified => "nothing",
        Expr::Call(_) => "call",
        Expr::Comprehension(_) => "comprehension",
        Expr::Ident(_) => "name",
        Expr::List(_) => "list",
        Expr::Literal(LiteralValue::UInt(_)) => "unsigned constant",
        Expr::Literal(_) => "constant",
        Expr::Map(_) => "map",
        Expr::Select(_) => "selection",
        Expr::Struct(_) => "message",
    }
}
