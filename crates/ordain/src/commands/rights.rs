//! The table of rights as a document.

use crate::routes::table::{PREFIX, Right, TABLE};
use ordain_app::case::people::ROLES;
use ordain_app::rights::Permission;
use std::fmt::Write;

pub fn markdown() -> String {
    let mut out = String::from(
        "# Rights\n\nMade by `ordain rights`. A company may make roles of its own beside these, from the same permissions.\n\n\
         ## Permissions and roles\n\n| permission |",
    );
    for role in ROLES {
        let _ = write!(out, " {role} |");
    }
    out.push_str(" token of role admin |\n|---|");
    out.push_str(&"---|".repeat(ROLES.len() + 1));
    out.push('\n');
    for permission in Permission::ALL {
        let _ = write!(out, "| `{}` |", permission.name());
        for role in ROLES {
            out.push_str(if permission.roles().contains(&role) { " yes |" } else { " |" });
        }
        out.push_str(if permission.admin_token() { " yes |\n" } else { " |\n" });
    }
    let people = Permission::ALL.iter().filter(|permission| permission.is_for_people());
    let people: Vec<String> = people.map(|permission| format!("`{}`", permission.name())).collect();
    let _ = writeln!(
        out,
        "\nTokens of other roles have what their role has, except {}: decisions are for people.",
        people.join(", ")
    );
    out.push_str("\n## Operations\n\n| operation | method and path | needs |\n|---|---|---|\n");
    for (method, path, operation, right) in TABLE {
        let needs = match right {
            Right::Public => "nothing",
            Right::SignedIn => "to be signed in",
            Right::Needs(permission) => permission.name(),
        };
        let _ = writeln!(out, "| `{operation}` | {method} {PREFIX}{path} | {needs} |");
    }
    out
}
