//! From a condition to a rule: names, types, sizes and nesting are checked here, once, so that running a
//! rule can no longer go wrong. Every problem is reported, not only the first.

use super::condition::{Condition, Lines, OnEmpty, Operand, Operator, Row};
use super::eval::{Against, Rule, Tally, Test, Tested, TestedLines};
use super::fact::{FactSchema, FieldDef, FieldType, Value};
use super::pattern::MAX_PATTERN;
use crate::text::{print_lines, print_row};
use serde::Serialize;
use std::collections::BTreeMap;

/// Groups inside groups.
pub const MAX_NESTING: usize = 2;
/// Rows of one condition, those about lines included.
pub const MAX_ROWS: usize = 20;
/// What is said of a text that has not become a tree.
pub(crate) const TEXT_LEFT: &str = "text_not_lowered";
/// Values of one list.
pub const MAX_LIST: usize = 500;

/// Why a condition is no rule: an F-code and its words' parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleProblem {
    pub code: &'static str,
    pub params: BTreeMap<String, String>,
}

impl RuleProblem {
    pub(crate) fn new(code: &'static str, params: &[(&str, &str)]) -> Self {
        let params = params.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Self { code, params }
    }
}

/// Checks the condition against the schema and makes it runnable.
pub fn compile(condition: &Condition, schema: &FactSchema) -> Result<Rule, Vec<RuleProblem>> {
    let mut compiler = Compiler { schema, rows: 0, problems: Vec::new() };
    let test = compiler.condition(condition, 0, false);
    if compiler.rows > MAX_ROWS {
        compiler.problem("F-019", &[("limit", "rows"), ("max", &MAX_ROWS.to_string())]);
    }
    match test {
        Some(test) if compiler.problems.is_empty() => Ok(Rule::new(test)),
        _ => Err(compiler.problems),
    }
}

struct Compiler<'a> {
    schema: &'a FactSchema,
    rows: usize,
    problems: Vec<RuleProblem>,
}

impl Compiler<'_> {
    fn problem(&mut self, code: &'static str, params: &[(&str, &str)]) {
        self.problems.push(RuleProblem::new(code, params));
    }

    fn condition(&mut self, condition: &Condition, nesting: usize, in_line: bool) -> Option<Test> {
        match condition {
            Condition::All(children) => self.group(children, nesting, in_line).map(Test::All),
            Condition::Any(children) => self.group(children, nesting, in_line).map(Test::Any),
            Condition::Row(row) => {
                self.rows += 1;
                self.row(row, in_line).map(Test::Row)
            }
            Condition::Lines(_) if in_line => {
                self.problem("F-019", &[("limit", "lines_within_lines"), ("max", "0")]);
                None
            }
            Condition::Lines(lines) => {
                self.rows += 1;
                self.lines(lines).map(Test::Lines)
            }
            Condition::Cel(text) => {
                self.problem("F-018", &[("what", TEXT_LEFT), ("text", text)]);
                None
            }
        }
    }

    fn group(&mut self, children: &[Condition], nesting: usize, in_line: bool) -> Option<Vec<Test>> {
        if nesting >= MAX_NESTING {
            self.problem("F-019", &[("limit", "nesting"), ("max", &MAX_NESTING.to_string())]);
            return None;
        }
        if children.is_empty() {
            self.problem("F-010", &[("what", "empty_group")]);
            return None;
        }
        let tests: Vec<_> =
            children.iter().map(|child| self.condition(child, nesting + 1, in_line)).collect();
        tests.into_iter().collect()
    }

    fn field(&mut self, name: &str, in_line: bool) -> Option<(usize, FieldDef)> {
        let found = self.schema.find(name, in_line).map(|(slot, def)| (slot, def.clone()));
        if found.is_none() {
            self.problem("F-011", &[("field", name), ("of", if in_line { "line" } else { "order" })]);
        }
        found
    }

    fn mismatch(&mut self, def: &FieldDef, operator: Operator, value: &str) {
        let operator = format!("{operator:?}").to_lowercase();
        let params =
            [("field", def.name.as_str()), ("type", def.kind.word()), ("op", &operator), ("value", value)];
        self.problem("F-015", &params);
    }

    fn row(&mut self, row: &Row, in_line: bool) -> Option<Tested> {
        let (slot, def) = self.field(&row.field, in_line)?;
        let raises = row.when_empty == Some(OnEmpty::Exception);
        // One empty field among many lines would stop an order that the others decide.
        if raises && in_line {
            self.problem("F-126", &[("field", &row.field)]);
        }
        let against = match (&row.value, row.operator.takes_nothing()) {
            (None, true) if operator_fits(row.operator, &def.kind) => Against::Nothing,
            (Some(operand), false) if operator_fits(row.operator, &def.kind) => {
                self.against(&def, row.operator, operand, in_line)?
            }
            (value, _) => {
                self.mismatch(&def, row.operator, &value.as_ref().map(show).unwrap_or_default());
                return None;
            }
        };
        Some(Tested {
            slot,
            operator: row.operator,
            against,
            on_empty: row.when_empty == Some(OnEmpty::Holds(true)),
            raises,
            field: row.field.as_str().into(),
            text: print_row(row, in_line).into(),
        })
    }

    fn against(
        &mut self,
        def: &FieldDef,
        operator: Operator,
        operand: &Operand,
        in_line: bool,
    ) -> Option<Against> {
        let list = operator.takes_list();
        let only_list = list && !operator.takes_one();
        let worked_out = matches!(operator, Operator::Deviates | Operator::WithinWorkingDays);
        let pattern = matches!(operator, Operator::Like | Operator::NotLike);
        match operand {
            Operand::Text(text) if pattern && text.chars().count() > MAX_PATTERN => {
                self.problem("F-019", &[("limit", "pattern"), ("max", &MAX_PATTERN.to_string())]);
                None
            }
            Operand::List(items) if list => {
                if items.len() > MAX_LIST {
                    self.problem("F-019", &[("limit", "list"), ("max", &MAX_LIST.to_string())]);
                    return None;
                }
                let values: Vec<_> = items.iter().map(|item| self.constant(def, operator, item)).collect();
                let mut values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
                values.sort_unstable();
                Some(Against::List(values))
            }
            // Sets hold words.
            Operand::Set(set) if list && !def.kind.is_numeric() && def.kind != FieldType::Date => {
                Some(Against::Set(set.as_str().into()))
            }
            Operand::Field(name) if operator.is_comparison() || partial(operator) => {
                let (slot, other) = self.field(name, in_line)?;
                let same = def.kind.word() == other.kind.word()
                    || (def.kind.is_numeric() && other.kind.is_numeric())
                    || (def.kind.is_textual() && other.kind.is_textual());
                if !same {
                    self.mismatch(def, operator, name);
                    return None;
                }
                Some(Against::Slot(slot))
            }
            Operand::Formula(formula) if operator.is_comparison() && def.kind.is_numeric() => {
                let slot = self.number(def, operator, &formula.field, in_line)?;
                Some(Against::Formula { slot, times: formula.times, plus: formula.plus })
            }
            Operand::Deviation(deviation) if operator == Operator::Deviates => {
                let slot = self.number(def, operator, &deviation.from, in_line)?;
                Some(Against::Deviation { slot, percent: deviation.percent })
            }
            Operand::Number(days) if operator == Operator::WithinWorkingDays => {
                Some(Against::Constant(Value::Number(*days)))
            }
            constant if !only_list && !worked_out && constant.value().is_some() => {
                self.constant(def, operator, constant).map(Against::Constant)
            }
            other => {
                self.mismatch(def, operator, &show(other));
                None
            }
        }
    }

    /// Where the number stands that a value is worked out from.
    fn number(&mut self, def: &FieldDef, operator: Operator, name: &str, in_line: bool) -> Option<usize> {
        let (slot, base) = self.field(name, in_line)?;
        if !base.kind.is_numeric() {
            self.mismatch(def, operator, name);
            return None;
        }
        Some(slot)
    }

    fn constant(&mut self, def: &FieldDef, operator: Operator, operand: &Operand) -> Option<Value> {
        let value = match (operand, &def.kind) {
            (Operand::Number(number), kind) if kind.is_numeric() => Some(Value::Number(*number)),
            (Operand::Bool(value), FieldType::Bool) => Some(Value::Bool(*value)),
            (Operand::Date(date), FieldType::Date) => Some(Value::Date(*date)),
            (Operand::Text(text), FieldType::Text | FieldType::Member | FieldType::Tags) => {
                Some(Value::Text(text.as_str().into()))
            }
            (Operand::Text(text), FieldType::Choice(options)) => {
                let partial =
                    !matches!(operator, Operator::Eq | Operator::Ne | Operator::In | Operator::NotIn);
                let known = partial || options.is_empty() || options.contains(text);
                known.then(|| Value::Text(text.as_str().into()))
            }
            _ => None,
        };
        if value.is_none() {
            self.mismatch(def, operator, &show(operand));
        }
        value
    }

    fn lines(&mut self, lines: &Lines) -> Option<TestedLines> {
        let matching = match lines.matching() {
            Some(inner) => Some(Box::new(self.condition(inner, 0, true)?)),
            None => None,
        };
        let tally = match lines {
            Lines::Any { .. } => Tally::Any,
            Lines::All { .. } => Tally::All,
            Lines::None { .. } => Tally::None,
            Lines::Count { op, value, .. } => Tally::Count(self.comparison(*op)?, *value),
            Lines::Sum { field, op, value, .. } => {
                let (slot, def) = self.field(field, true)?;
                if !def.kind.is_numeric() {
                    self.mismatch(&def, *op, &value.to_string());
                    return None;
                }
                Tally::Sum(slot, self.comparison(*op)?, *value)
            }
            Lines::Distinct { field, op, value, .. } => {
                let (slot, _) = self.field(field, true)?;
                Tally::Distinct(slot, self.comparison(*op)?, *value)
            }
        };
        Some(TestedLines { tally, matching, text: print_lines(lines).into() })
    }

    fn comparison(&mut self, operator: Operator) -> Option<Operator> {
        if !operator.is_comparison() {
            let operator = format!("{operator:?}").to_lowercase();
            self.problem("F-015", &[("field", "lines"), ("type", "number"), ("op", &operator)]);
            return None;
        }
        Some(operator)
    }
}

fn operator_fits(operator: Operator, kind: &FieldType) -> bool {
    match operator {
        Operator::IsEmpty | Operator::NotEmpty => true,
        Operator::Eq | Operator::Ne => !matches!(kind, FieldType::Tags),
        Operator::In | Operator::NotIn => !matches!(kind, FieldType::Bool | FieldType::Tags),
        Operator::Includes | Operator::NotIncludes => matches!(kind, FieldType::Tags),
        Operator::Under | Operator::NotUnder => matches!(kind, FieldType::Member),
        Operator::Deviates => kind.is_numeric(),
        Operator::WithinWorkingDays | Operator::IsWorkingDay | Operator::NotWorkingDay => {
            matches!(kind, FieldType::Date)
        }
        Operator::Contains
        | Operator::NotContains
        | Operator::StartsWith
        | Operator::Like
        | Operator::NotLike => kind.is_textual(),
        order => order.is_order() && (kind.is_numeric() || matches!(kind, FieldType::Date)),
    }
}

/// Asks for a part of a text, which another field may hold.
fn partial(operator: Operator) -> bool {
    matches!(operator, Operator::Contains | Operator::NotContains | Operator::StartsWith)
}

fn show(operand: &Operand) -> String {
    match operand {
        Operand::Bool(value) => value.to_string(),
        Operand::Number(value) => value.to_string(),
        Operand::Text(value) | Operand::Field(value) | Operand::Set(value) => value.clone(),
        Operand::Date(value) => value.to_string(),
        Operand::List(items) => items.iter().map(show).collect::<Vec<_>>().join(", "),
        Operand::Formula(formula) => formula.field.clone(),
        Operand::Deviation(deviation) => deviation.from.clone(),
    }
}
