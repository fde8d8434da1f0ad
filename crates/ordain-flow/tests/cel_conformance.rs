//! The text form against the public conformance suite of CEL: what we take means what CEL means, and all
//! the rest is refused by name. The suite lies beside the repository; without it these tests pass.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail like tests"
)]
#![allow(clippy::disallowed_methods, reason = "this test reads the suite from its archive")]

mod cel_suite;

use cel_suite::lift::Question;
use cel_suite::{Case, cases};
use ordain_flow::{TextRefusal, compile, from_cel, to_cel};
use std::collections::BTreeMap;

enum Outcome {
    /// Taken, with CEL's answer.
    Held,
    /// Taken, with another answer or where CEL gives none.
    Differs,
    Refused(String),
}

fn ask(question: &Question) -> Result<Outcome, TextRefusal> {
    let schema = question.schema();
    let condition = from_cel(&question.text, &schema)?;
    let rule = compile(&condition, &schema).unwrap();
    let answer = rule.eval(&question.facts());
    let again = compile(&from_cel(&to_cel(&condition), &schema).unwrap(), &schema).unwrap();
    assert_eq!(again.eval(&question.facts()), answer, "{} after a round trip", question.text);
    Ok(if question.expected == Some(answer) { Outcome::Held } else { Outcome::Differs })
}

fn outcome(case: &Case) -> Outcome {
    let refusal = match ask(&Question::as_written(case)) {
        Ok(outcome) => return outcome,
        Err(refusal) => refusal,
    };
    let parsed = matches!(refusal, TextRefusal::DoesNotFit { .. } | TextRefusal::Rule { .. });
    let lifted = if parsed { Question::lifted(case) } else { None };
    match lifted.map(|question| ask(&question)) {
        Some(Ok(outcome)) => outcome,
        Some(Err(refusal)) => Outcome::Refused(name(&refusal)),
        None => Outcome::Refused(name(&refusal)),
    }
}

/// What a refusal names, without its place.
fn name(refusal: &TextRefusal) -> String {
    match refusal {
        TextRefusal::DoesNotFit { what, name, .. } => format!("{what} `{name}`"),
        TextRefusal::Forbidden { what, .. } => format!("symbol `{what}`"),
        TextRefusal::TooMany { what, .. } => format!("too many {what}"),
        TextRefusal::TooLong { .. } => "too long".to_owned(),
        TextRefusal::TooDeep { .. } => "too deep".to_owned(),
        TextRefusal::Unreadable { message, .. } => {
            assert!(!message.is_empty());
            "unreadable".to_owned()
        }
        TextRefusal::Rule { problems } => problems[0].code.to_owned(),
    }
}

/// Cases by section that hold and that are refused; those of `EXACT` and `EMPTY` are neither.
const SECTIONS: [(&str, usize, usize); 92] = [
    ("basic/functions", 0, 3),
    ("basic/reserved_const", 2, 1),
    ("basic/self_eval_nonzeroish", 10, 9),
    ("basic/self_eval_zeroish", 5, 10),
    ("basic/variables", 0, 3),
    ("comparisons/bound", 4, 5),
    ("comparisons/eq_literal", 33, 50),
    ("comparisons/eq_wrapper", 0, 59),
    ("comparisons/gt_literal", 17, 25),
    ("comparisons/gte_literal", 20, 30),
    ("comparisons/in_list_literal", 3, 2),
    ("comparisons/in_map_literal", 0, 5),
    ("comparisons/lt_literal", 20, 28),
    ("comparisons/lte_literal", 19, 28),
    ("comparisons/ne_literal", 17, 32),
    ("conversions/bool", 0, 12),
    ("conversions/bytes", 0, 4),
    ("conversions/double", 0, 20),
    ("conversions/dyn", 0, 1),
    ("conversions/identity", 0, 8),
    ("conversions/int", 0, 16),
    ("conversions/string", 0, 8),
    ("conversions/type", 0, 29),
    ("conversions/uint", 0, 11),
    ("integer_math/int64_math", 0, 46),
    ("integer_math/uint64_math", 0, 18),
    ("lists/concatenation", 0, 6),
    ("lists/in", 8, 4),
    ("lists/index", 0, 17),
    ("lists/size", 2, 2),
    ("logic/AND", 4, 7),
    ("logic/NOT", 2, 1),
    ("logic/OR", 4, 7),
    ("logic/conditional", 0, 5),
    ("macros/all", 4, 5),
    ("macros/exists", 4, 7),
    ("macros/exists_one", 0, 9),
    ("macros/filter", 4, 4),
    ("macros/map", 0, 5),
    ("macros/nested", 0, 2),
    ("math_ext/abs", 0, 6),
    ("math_ext/bit_and", 0, 6),
    ("math_ext/bit_not", 0, 6),
    ("math_ext/bit_or", 0, 4),
    ("math_ext/bit_shift_left", 0, 7),
    ("math_ext/bit_shift_right", 0, 8),
    ("math_ext/bit_xor", 0, 4),
    ("math_ext/ceil", 0, 3),
    ("math_ext/floor", 0, 3),
    ("math_ext/greatest_double_result", 0, 22),
    ("math_ext/greatest_int_result", 0, 22),
    ("math_ext/greatest_uint_result", 0, 17),
    ("math_ext/isFinite", 0, 4),
    ("math_ext/isInf", 0, 3),
    ("math_ext/isNaN", 0, 3),
    ("math_ext/least_double_result", 0, 22),
    ("math_ext/least_int_result", 0, 22),
    ("math_ext/least_uint_result", 0, 17),
    ("math_ext/round", 0, 7),
    ("math_ext/sign", 0, 9),
    ("math_ext/trunc", 0, 4),
    ("parse/bytes_literals", 0, 64),
    ("parse/comments", 0, 1),
    ("parse/nest", 0, 6),
    ("parse/receiver_function_names", 0, 17),
    ("parse/repeat", 2, 10),
    ("parse/selectors", 0, 17),
    ("parse/string_literals", 34, 46),
    ("parse/struct_field_names", 0, 17),
    ("parse/whitespace", 0, 5),
    ("plumbing/check_inputs", 0, 1),
    ("plumbing/eval_inputs", 1, 0),
    ("plumbing/eval_results", 0, 2),
    ("plumbing/min", 1, 0),
    ("string/bytes_concat", 0, 4),
    ("string/concatenation", 0, 9),
    ("string/contains", 8, 0),
    ("string/ends_with", 0, 7),
    ("string/matches", 0, 9),
    ("string/size", 0, 7),
    ("string/starts_with", 7, 0),
    ("timestamps/comparisons", 0, 12),
    ("timestamps/duration_conversions", 0, 3),
    ("timestamps/duration_converters", 0, 4),
    ("timestamps/duration_equality", 0, 4),
    ("timestamps/duration_range", 0, 6),
    ("timestamps/timestamp_arithmetic", 0, 8),
    ("timestamps/timestamp_conversions", 0, 5),
    ("timestamps/timestamp_equality", 0, 4),
    ("timestamps/timestamp_range", 0, 10),
    ("timestamps/timestamp_selectors", 0, 10),
    ("timestamps/timestamp_selectors_tz", 0, 12),
];

/// What the refusals name, by kind.
const REFUSALS: [(&str, usize); 12] = [
    ("F-011", 14),
    ("F-015", 55),
    ("F-019", 2),
    ("a bare", 11),
    ("a comparison without", 22),
    ("call", 496),
    ("instead of a number,", 56),
    ("number", 12),
    ("order of", 4),
    ("selection of", 2),
    ("symbol", 367),
    ("too deep", 2),
];

/// Taken with another answer than CEL's: its doubles round past 2^53, our numbers are exact.
const EXACT: [&str; 8] = [
    "comparisons/lt_literal/not_lt_dyn_int_big_lossy_double",
    "comparisons/lt_literal/not_lt_dyn_small_double_int",
    "comparisons/gt_literal/not_gt_dyn_int_small_lossy_double",
    "comparisons/gt_literal/not_gt_dyn_big_double_int",
    "comparisons/lte_literal/lte_dyn_int_small_lossy_double",
    "comparisons/lte_literal/lte_dyn_big_double_int",
    "comparisons/gte_literal/gte_dyn_int_big_lossy_double",
    "comparisons/gte_literal/gte_dyn_small_double_int",
];

/// Taken where CEL gives an error: a row that reads an empty field does not hold.
const EMPTY: [&str; 1] = ["comparisons/bound/null_lt_right_no_such_overload"];

#[test]
fn every_case_of_the_suite_holds_or_is_refused_by_name() {
    let Some(cases) = cases() else { return };
    let mut sections: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    let mut differing = Vec::new();
    for case in &cases {
        let (held, refused) = sections.entry(&case.section).or_default();
        match outcome(case) {
            Outcome::Held => *held += 1,
            Outcome::Differs => differing.push(format!("{}/{}", case.section, case.name)),
            Outcome::Refused(name) => {
                *refused += 1;
                let (kind, named) = name.split_once(" `").unwrap_or((&name, "code"));
                assert!(named.len() > 1, "{case:?} is refused without a name: {name}");
                *refusals.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }
    let sections: Vec<_> = sections.iter().map(|(name, (held, refused))| (*name, *held, *refused)).collect();
    let refusals: Vec<_> = refusals.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    assert_eq!(differing, [EXACT.as_slice(), EMPTY.as_slice()].concat());
    assert_eq!(sections, SECTIONS);
    assert_eq!(refusals, REFUSALS);
}
