//! One text for both engines: statements and schema files are written in the words that SQLite and PostgreSQL share, and
//! the few that differ are replaced here.
//!
//! Shared by way of functions that the schema defines: `instr`, `json_extract`. Replaced: the marks of parameters, the
//! empty byte string, the types of columns, and hints that only SQLite needs.

use crate::sql::Kind;

/// The statement with `mark` in place of each parameter, which are counted from one.
fn with_marks(sql: &str, mark: impl Fn(usize) -> String) -> String {
    let sql = without_hints(sql).replace("x''", "''::bytea");
    let mut out = String::with_capacity(sql.len() + 32);
    let mut rest = sql.as_str();
    let mut seen = 0;
    while let Some(at) = rest.find(['?', '$', '\'']) {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let (sign, after) = marked.split_at(1);
        if sign == "'" {
            let end = after.find('\'').map_or(after.len(), |end| end + 1);
            out.push_str(sign);
            out.push_str(&after[..end]);
            rest = &after[end..];
            continue;
        }
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let place = after[..digits].parse().unwrap_or_else(|_| {
            seen += 1;
            seen
        });
        out.push_str(&mark(place));
        rest = &after[digits..];
    }
    out.push_str(rest);
    out
}

/// Without the names of indexes that SQLite has to be told.
fn without_hints(sql: &str) -> String {
    let mut parts = sql.split("INDEXED BY ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.trim_start_matches(|c: char| !c.is_whitespace()))
}

/// For one set of parameters.
pub(super) fn single(sql: &str) -> String {
    with_marks(sql, |place| format!("${place}"))
}

/// A query for many keys at once. Fenced by `OFFSET 0`, so that the index is asked once for each key whatever the
/// planner thinks of their number.
pub(super) fn keyed(sql: &str, kinds: &[Kind]) -> String {
    let query = with_marks(sql, |place| format!("k.p{place}"));
    format!("SELECT r.* FROM {} CROSS JOIN LATERAL ({query} OFFSET 0) AS r", unnest(kinds, "k"))
}

/// `INSERT … VALUES (?, …) …` or `UPDATE … SET … WHERE …` for many rows at once.
pub(super) fn arrayed(sql: &str, kinds: &[Kind]) -> String {
    let sets = unnest(kinds, "k");
    let sql = with_marks(sql, |place| format!("k.p{place}"));
    if let Some((head, tail)) = sql.split_once(" VALUES (") {
        let tail = tail.split_once(')').map_or("", |(_, tail)| tail);
        return format!("{head} SELECT * FROM {sets}{tail}");
    }
    sql.split_once("WHERE").map_or(sql.clone(), |(set, tail)| format!("{set}FROM {sets} WHERE{tail}"))
}

/// The sets of parameters as a table of that name, its columns `p1`, `p2` and so on.
pub(super) fn unnest(kinds: &[Kind], name: &str) -> String {
    let arrays = kinds.iter().zip(1..).map(|(kind, n)| format!("${n}::{}[]", type_name(*kind)));
    let columns = (1..=kinds.len()).map(|n| format!("p{n}"));
    let (arrays, columns) = (arrays.collect::<Vec<_>>().join(", "), columns.collect::<Vec<_>>().join(", "));
    format!("unnest({arrays}) AS {name}({columns})")
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "int8",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
    }
}

/// A schema file. Text is compared byte by byte, as SQLite does, whatever the database was created with.
pub(super) fn schema(sql: &str) -> String {
    sql.replace("INTEGER", "BIGINT")
        .replace("BLOB", "BYTEA")
        .replace("TEXT", "TEXT COLLATE \"C\"")
        .replace(") STRICT, WITHOUT ROWID", ")")
        .replace(") STRICT", ")")
        .replace("x''", "''::bytea")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_numbered_and_texts_left_alone() {
        assert_eq!(single("a = ? AND b = '?' AND c = ?"), "a = $1 AND b = '?' AND c = $2");
        assert_eq!(single("a = ?1 OR b = $1 OR c = $2"), "a = $1 OR b = $1 OR c = $2");
        assert_eq!(
            single("coalesce(a, x'') = coalesce(?, x'')"),
            "coalesce(a, ''::bytea) = coalesce($1, ''::bytea)"
        );
        assert_eq!(single("FROM t INDEXED BY i WHERE a IN ('')"), "FROM t  WHERE a IN ('')");
    }

    #[test]
    fn many_sets_become_one_table() {
        let kinds = [Kind::Integer, Kind::Text];
        let unnested = "unnest($1::int8[], $2::text[]) AS k(p1, p2)";
        assert_eq!(
            keyed("SELECT x FROM t WHERE a = ? AND b = ?", &kinds),
            format!(
                "SELECT r.* FROM {unnested} CROSS JOIN LATERAL (SELECT x FROM t WHERE a = k.p1 AND b = k.p2 OFFSET 0) AS r"
            )
        );
        assert_eq!(
            arrayed("INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING", &kinds),
            format!("INSERT INTO t (a, b) SELECT * FROM {unnested} ON CONFLICT (a) DO NOTHING")
        );
        assert_eq!(
            arrayed("UPDATE t SET a = a + ? WHERE b = ?", &kinds),
            format!("UPDATE t SET a = a + k.p1 FROM {unnested} WHERE b = k.p2")
        );
    }

    #[test]
    fn a_schema_file_gets_the_types_of_the_engine() {
        assert_eq!(
            schema("CREATE TABLE t (a INTEGER, b BLOB, c TEXT) STRICT, WITHOUT ROWID;"),
            "CREATE TABLE t (a BIGINT, b BYTEA, c TEXT COLLATE \"C\");"
        );
    }
}
