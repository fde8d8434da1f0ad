//! Reading how many tests passed and failed from the closing lines of each runner.

use crate::shell::Done;

/// What one stage adds to the total.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    pub const PASSED: Counts = Counts { passed: 1, failed: 0, ignored: 0 };
    pub const FAILED: Counts = Counts { passed: 0, failed: 1, ignored: 0 };

    pub fn of(ok: bool) -> Counts {
        if ok { Counts::PASSED } else { Counts::FAILED }
    }

    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Every `test result:` line of libtest, over all binaries. A binary that died leaves no such line
/// and counts as one failure; so does a run that failed before any test.
pub fn libtest(done: &Done) -> Counts {
    let mut counts = Counts::default();
    for line in &done.lines {
        if let Some(rest) = line.trim_start().strip_prefix("test result:") {
            counts.passed += number_before(rest, " passed");
            counts.failed += number_before(rest, " failed");
            counts.ignored += number_before(rest, " ignored");
        } else if line.contains("process didn't exit successfully") && line.contains("(signal:") {
            counts.failed += 1;
        }
    }
    at_least_the_exit_code(counts, done)
}

/// Vitest's `Tests  1 failed | 12 passed | 2 skipped (15)`.
pub fn vitest(done: &Done) -> Counts {
    let mut counts = Counts::default();
    for line in &done.lines {
        if let Some(rest) = line.trim_start().strip_prefix("Tests  ") {
            counts.passed += number_before(rest, " passed");
            counts.failed += number_before(rest, " failed");
            counts.ignored += number_before(rest, " skipped");
        }
    }
    at_least_the_exit_code(counts, done)
}

/// Node's own runner: `# pass 3` in TAP, `ℹ pass 3` in its spec reporter.
pub fn node(done: &Done) -> Counts {
    let mut counts = Counts::default();
    for line in &done.lines {
        let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else { continue };
        let Some((word, number)) = rest.split_once(' ') else { continue };
        let Ok(number) = number.trim().parse::<u64>() else { continue };
        match word {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.ignored += number,
            _ => {}
        }
    }
    at_least_the_exit_code(counts, done)
}

/// A run that failed without a failed test, or that passed without any test, is one failure.
fn at_least_the_exit_code(mut counts: Counts, done: &Done) -> Counts {
    let ran_nothing = counts.passed + counts.failed == 0;
    if counts.failed == 0 && (!done.ok || ran_nothing) {
        counts.failed = 1;
    }
    counts
}

/// The whole number that ends right before `word`.
fn number_before(text: &str, word: &str) -> u64 {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    let digits = before.trim_end_matches(|c: char| c.is_ascii_digit());
    before[digits.len()..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(ok: bool, text: &str) -> Done {
        Done { ok, lines: text.lines().map(str::to_owned).collect() }
    }

    fn counts(passed: u64, failed: u64, ignored: u64) -> Counts {
        Counts { passed, failed, ignored }
    }

    #[test]
    fn libtest_binaries_are_summed() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured";
        assert_eq!(libtest(&done(false, text)), counts(15, 2, 1));
    }

    #[test]
    fn a_dead_binary_and_a_build_that_fails_count() {
        let died = "test result: ok. 2 passed; 0 failed; 0 ignored\n  process didn't exit successfully: `x` (signal: 6, SIGABRT)";
        assert_eq!(libtest(&done(false, died)), counts(2, 1, 0));
        assert_eq!(libtest(&done(false, "error: could not compile")), counts(0, 1, 0));
        assert_eq!(libtest(&done(true, "")), counts(0, 1, 0), "no test at all is no success");
    }

    #[test]
    fn vitest_is_read_in_any_order() {
        let text = " Test Files  1 failed | 3 passed (4)\n      Tests  1 failed | 12 passed | 2 skipped (15)";
        assert_eq!(vitest(&done(false, text)), counts(12, 1, 2));
        assert_eq!(vitest(&done(true, "      Tests  7 passed (7)")), counts(7, 0, 0));
        assert_eq!(
            vitest(&done(false, "      Tests  7 passed (7)")),
            counts(7, 1, 0),
            "an error outside any test"
        );
    }

    #[test]
    fn node_is_read_in_both_forms() {
        assert_eq!(
            node(&done(false, "# tests 4\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0")),
            counts(3, 1, 0)
        );
        assert_eq!(node(&done(false, "ℹ pass 3\nℹ fail 0\nℹ cancelled 1")), counts(3, 1, 0));
        assert_eq!(node(&done(true, "# Subtest: # pass\n# pass 2\n# fail 0")), counts(2, 0, 0));
    }
}
