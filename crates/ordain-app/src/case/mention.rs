//! Who is spoken to in a comment: an `@` with a person's name or login behind it.

use super::people::{Directory, User};
use crate::rights::Permission;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Everybody who is named in a text and may read orders, each once. The longest name that fits is meant; a name that
/// several people have means all of them.
pub fn mentioned(text: &str, people: &Directory) -> BTreeSet<Uuid> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('@') {
        // An address is no mention.
        if text[..at].chars().next_back().is_some_and(|before| before.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = &text[at + 1..];
        let named = |user: &User| {
            let names = [user.name.as_str(), user.login.as_str()];
            names.into_iter().filter(|name| fits(rest, name)).map(str::len).max()
        };
        let readers = people
            .users
            .values()
            .filter(|user| !user.disabled && people.rights(user).has(Permission::ReadOrders));
        let fitting: Vec<(usize, Uuid)> = readers.filter_map(|user| Some((named(user)?, user.id))).collect();
        let longest = fitting.iter().map(|(length, _)| *length).max();
        found.extend(fitting.into_iter().filter(|(length, _)| Some(*length) == longest).map(|(_, id)| id));
    }
    found
}

/// Chinese sets no blank behind a name; letters and digits go on.
fn fits(rest: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let Some(behind) = rest.strip_prefix(name).filter(|_| !name.is_empty()) else { return false };
    let latin = name.chars().next_back().is_some_and(goes_on);
    !(latin && behind.chars().next().is_some_and(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(known: &[(u128, &str, &str, &str)]) -> Directory {
        let user = |(id, login, name, role): &(u128, &str, &str, &str)| User {
            id: Uuid::from_u128(*id),
            login: (*login).to_owned(),
            name: (*name).to_owned(),
            department: None,
            roles: vec![(*role).to_owned()],
            email: None,
            lang: "zh-CN".to_owned(),
            disabled: *id == 9,
            password_once: false,
        };
        let users = known.iter().map(user).map(|user| (user.id, user)).collect();
        Directory { users, ..Directory::default() }
    }

    #[test]
    fn the_longest_name_is_meant_and_an_address_is_none() {
        let people = people(&[
            (1, "fin1", "王芳", "finance"),
            (2, "fin12", "王芳芳", "finance"),
            (3, "wh1", "陈刚", "warehouse"),
            (4, "wh2", "陈刚", "warehouse"),
            (5, "root", "管理员", "admin"),
            (9, "gone", "离职", "sales"),
        ]);
        let found = |text: &str| -> Vec<u128> {
            mentioned(text, &people).into_iter().map(|id| id.as_u128()).collect()
        };
        assert_eq!(found("@王芳看一下"), [1]);
        assert_eq!(found("请 @王芳芳 看一下,@fin1 也看"), [1, 2]);
        assert_eq!(found("@fin12: ok"), [2]);
        assert_eq!(found("@fin123 or mail a@fin1"), [0u128; 0]);
        assert_eq!(found("@陈刚"), [3, 4], "two of one name");
        assert_eq!(found("@管理员 @离职 @"), [0u128; 0], "who may read no orders, and who has left");
    }
}
