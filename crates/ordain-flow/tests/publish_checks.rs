//! Every F-code of the node types that exist: a document that has the fault gets the code at the right
//! step, and the document without it does not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use common::*;
use ordain_flow::sla::SlaRow;
use ordain_flow::{Flow, FlowDoc, People, Problem, Severity, check};
use serde_json::{Value as Json, json};

fn exclusive(lanes: Json) -> Json {
    node("fork", json!({"type": "exclusive", "lanes": lanes}))
}

fn lane(id: &str, steps: Json) -> Json {
    json!({"id": id, "name": {"zh": id, "en": id}, "steps": steps})
}

fn when(id: &str, text: &str, steps: Json) -> Json {
    let mut lane = lane(id, steps);
    lane["when"] = json!({"cel": text});
    lane
}

fn otherwise(steps: Json) -> Json {
    let mut lane = lane("otherwise", steps);
    lane["otherwise"] = json!(true);
    lane
}

fn parallel(id: &str, lanes: Json) -> Json {
    node(id, json!({"type": "parallel", "lanes": lanes}))
}

fn plain(steps: Vec<Json>) -> FlowDoc {
    let mut all = vec![start()];
    all.extend(steps);
    all.push(end());
    flow_of(Json::Array(all))
}

fn problems(doc: &FlowDoc) -> Vec<Problem> {
    check(doc, &schema(), None).problems
}

fn codes(doc: &FlowDoc) -> Vec<(&'static str, Severity, String)> {
    let brief = |p: Problem| (p.code, p.severity, p.node.unwrap_or_default());
    problems(doc).into_iter().map(brief).collect()
}

#[track_caller]
fn only(doc: &FlowDoc, code: &'static str, severity: Severity, node: &str) -> Problem {
    assert_eq!(codes(doc), [(code, severity, node.to_owned())]);
    problems(doc).remove(0)
}

fn forked(text: &str) -> FlowDoc {
    plain(vec![
        review("first"),
        exclusive(json!([when("a", text, json!([review("second")])), otherwise(json!([]))])),
    ])
}

fn changed(mut node: Json, key: &str, value: Json) -> Json {
    node["kind"][key] = value;
    node
}

use Severity::{Blocker, Warning};

#[test]
fn a_sound_document_has_no_problems() {
    assert_eq!(codes(&plain(vec![review("r")])), vec![]);
    assert_eq!(codes(&forked("amount > 5")), vec![]);
}

#[test]
fn s054_a_step_without_owner_or_instructions_cannot_be_published() {
    let ownerless = changed(review("r"), "assignee", json!({"department": " "}));
    only(&plain(vec![ownerless]), "F-001", Blocker, "r");
    let mut draft = review("r");
    draft["kind"].as_object_mut().unwrap().remove("assignee");
    only(&plain(vec![draft]), "F-001", Blocker, "r");
    let wordless = changed(review("r"), "sop", json!({"zh": " ", "en": ""}));
    only(&plain(vec![wordless]), "F-007", Blocker, "r");
    assert!(
        !check(&plain(vec![changed(review("r"), "sop", json!({"zh": ""}))]), &schema(), None)
            .may_be_published()
    );
}

#[test]
fn guarded_steps_need_a_stand_in_and_every_review_a_deadline() {
    let guarded = changed(review("r"), "guarded", json!(true));
    only(&plain(vec![guarded.clone()]), "F-003", Blocker, "r");
    assert_eq!(codes(&plain(vec![changed(guarded, "backup", json!({"role": "b"}))])), vec![]);
    let timeless = changed(review("r"), "deadline_minutes", Json::Null);
    only(&plain(vec![timeless]), "F-040", Warning, "r");
    let mut foreign = review("r");
    foreign["name"]["en"] = json!("");
    assert_eq!(only(&plain(vec![foreign]), "F-052", Warning, "").params["n"], "1");
}

#[test]
fn conditions_are_checked_where_they_stand() {
    let mut bare = lane("a", json!([review("second")]));
    bare["when"] = Json::Null;
    let doc = plain(vec![review("r"), exclusive(json!([bare, otherwise(json!([]))]))]);
    assert_eq!(only(&doc, "F-010", Blocker, "fork").params["lane"], "a");
    assert_eq!(only(&forked("gone > 1"), "F-011", Blocker, "fork").params["field"], "gone");
    assert_eq!(only(&forked("amount > \"x\""), "F-015", Blocker, "fork").params["value"], "x");
    assert_eq!(only(&forked("region == \"x\""), "F-016", Warning, "fork").params["field"], "region");
    assert_eq!(codes(&forked("if_empty(region == \"x\", false) || customer_level == null")), vec![]);
    let what = &only(&forked("amount + 1 > 2"), "F-018", Blocker, "fork").params["what"];
    assert!(what.contains('+'), "{what}");
}

#[test]
fn conditions_that_can_never_hold_are_found() {
    for never in [
        "amount > 5 && amount < 3",
        "amount > 5 && amount <= 5",
        "amount >= 5 && amount < 5",
        "amount == 1 && amount == 2",
        "amount == 1 && amount != 1",
        "special_terms && !special_terms",
        "customer == \"a\" && customer == \"b\"",
        "customer in [\"a\", \"b\"] && !(customer in [\"a\", \"b\"])",
        "amount in [1, 2] && amount > 2",
        "requested_date == null && if_empty(requested_date > date(\"2026-01-01\"), false)",
        "special_terms && (amount > 5 && amount < 3)",
        "lines.exists(l, l.quantity > 5 && l.quantity < 5)",
        "customer in []",
    ] {
        assert!(only(&forked(never), "F-014", Blocker, "fork").params.contains_key("expr"), "{never}");
    }
    for possible in [
        "amount > 3 && amount < 5",
        "amount >= 5 && amount <= 5",
        "amount > 5 || amount < 3",
        "amount > 5 && line_count < 3",
        "amount != 1 && amount != 2",
        "customer in [\"a\", \"b\"] && customer != \"a\"",
        "amount > 5 && lines.exists(l, l.amount < 3)",
        "if_empty(amount > 5, true) && if_empty(amount < 3, true)",
    ] {
        assert_eq!(codes(&forked(possible)), vec![], "{possible}");
    }
}

#[test]
fn ways_to_confirm_without_a_person_are_found() {
    let found = only(&plain(vec![]), "F-020", Blocker, "end");
    assert_eq!(found.params["what"], "no_person");
    let capped = |text: &str| {
        plain(vec![exclusive(json!([when("a", text, json!([review("r")])), otherwise(json!([]))]))])
    };
    for text in [
        "amount >= 100",
        "amount > 100 || special_terms",
        "special_terms || amount >= 0",
        "amount > 100 && amount >= 200",
    ] {
        only(&capped(text), "F-017", Warning, "fork");
    }
    for text in ["special_terms", "amount < 100", "amount > 100 && special_terms", "line_count > 3"] {
        let found: Vec<_> = codes(&capped(text)).iter().map(|(code, ..)| *code).collect();
        assert_eq!(found, ["F-017", "F-020"], "{text}");
    }
    let small_alone = plain(vec![exclusive(json!([
        when("small", "amount < 100 && !special_terms", json!([])),
        otherwise(json!([review("r")]))
    ]))]);
    assert_eq!(codes(&small_alone), vec![]);
    let left_out = |settings: Json| {
        let settings = settings.as_object().unwrap().clone();
        plain(vec![
            settings
                .into_iter()
                .fold(changed(review("r"), "when_empty", json!("skip")), |step, (name, value)| {
                    changed(step, &name, value)
                }),
        ])
    };
    for unsure in [
        json!({"assignee": {"field": "extra.who"}}),
        json!({"assignee": {"roster": "night"}}),
        json!({"assignee": {"chosen_by_initiator": {"role": "r"}}}),
        json!({"same_as_initiator": "skip"}),
    ] {
        let found: Vec<_> = codes(&left_out(unsure.clone())).iter().map(|(code, ..)| *code).collect();
        assert!(found.contains(&"F-020"), "{unsure}: nobody found is nobody asked, {found:?}");
    }
    let auto = plain(vec![changed(review("r"), "auto_when_clear", json!(true))]);
    assert_eq!(only(&auto, "F-020", Warning, "end").params["what"], "only_auto_when_clear");
    let side_door = plain(vec![
        exclusive(json!([
            when(
                "quick",
                "special_terms",
                json!([node("quick_end", json!({"type": "end", "outcome": "confirmed"}))])
            ),
            otherwise(json!([]))
        ])),
        review("r"),
    ]);
    only(&side_door, "F-020", Blocker, "quick_end");
}

#[test]
fn the_shape_is_checked() {
    let doc = |steps: Json| flow_of(steps);
    only(&doc(json!([start(), review("r")])), "F-021", Blocker, "r");
    only(&doc(json!([review("r"), end()])), "F-082", Blocker, "");
    let again = node("again", json!({"type": "start"}));
    only(&doc(json!([start(), review("r"), again, end()])), "F-082", Blocker, "again");
    let twins = vec![review("r"), review("r")];
    only(&plain(twins), "F-081", Blocker, "r");
    only(&plain(vec![review("r"), review("two words")]), "F-080", Blocker, "two words");
    let early = node("early", json!({"type": "end", "outcome": "rejected"}));
    assert!(codes(&plain(vec![early.clone(), review("r")])).contains(&(
        "F-083",
        Blocker,
        "early".to_owned()
    )));
    let fine = lane("b", json!([review("s")]));
    let inside = parallel("p", json!([lane("a", json!([early])), fine.clone()]));
    only(&plain(vec![inside]), "F-083", Blocker, "early");
    let empty = parallel("p", json!([lane("a", json!([])), fine.clone()]));
    assert_eq!(only(&plain(vec![empty]), "F-024", Warning, "p").params["lane"], "a");
    only(&plain(vec![parallel("p", json!([fine.clone()]))]), "F-086", Blocker, "p");
    let idle = parallel("p", json!([when("a", "special_terms", json!([review("r")])), fine.clone()]));
    only(&plain(vec![idle]), "F-090", Blocker, "p");
    let checked = node("c", json!({"type": "auto_check", "checks": []}));
    only(
        &plain(vec![parallel("p", json!([lane("a", json!([checked])), fine.clone()]))]),
        "F-088",
        Blocker,
        "c",
    );
    let forkless =
        exclusive(json!([when("a", "special_terms", json!([])), when("b", "special_terms", json!([]))]));
    only(&plain(vec![review("r"), forkless]), "F-087", Blocker, "fork");
}

#[test]
fn size_and_depth_are_limited_and_such_a_document_never_runs() {
    let wide = plain((0..200).map(|n| review(&format!("r{n}"))).collect());
    only(&wide, "F-084", Blocker, "");
    let mut inner = review("r");
    for level in 0..8 {
        let side = lane("b", json!([review(&format!("s{level}"))]));
        inner = parallel(&format!("p{level}"), json!([lane("a", json!([inner])), side]));
    }
    let deep = plain(vec![inner]);
    assert!(codes(&deep).iter().all(|(code, ..)| *code == "F-085"), "{:?}", codes(&deep));
    for doc in [wide, deep, forked("gone > 1"), flow_of(json!([]))] {
        assert!(Flow::compile(doc, &schema()).is_err());
    }
}

#[test]
fn people_are_checked_only_when_they_are_known() {
    let mut people = People::default();
    for (user, active) in [("wang", true), ("li", true), ("zhao", false)] {
        people.users.insert(user.to_owned(), active);
    }
    people.roles.insert("a".to_owned(), vec!["wang".to_owned(), "zhao".to_owned()]);
    people.roles.insert("b".to_owned(), vec!["wang".to_owned()]);
    people.roles.insert("c".to_owned(), vec!["zhao".to_owned()]);
    let doc = plain(vec![
        review("a"),
        review("b"),
        review("c"),
        changed(review("d"), "assignee", json!({"user": "zhao"})),
        changed(review("e"), "assignee", json!({"user": "li"})),
    ]);
    let found = |people: &People| {
        let report = check(&doc, &schema(), Some(people));
        assert!(report.not_checked.is_empty());
        let param = |(name, value): (&String, &String)| format!("{name}={value}");
        let brief =
            |p: &Problem| (p.code, p.severity, p.params.iter().map(param).collect::<Vec<_>>().join(" "));
        report.problems.iter().map(brief).collect::<Vec<_>>()
    };
    let line = |code, severity, params: &str| (code, severity, params.to_owned());
    let rest = [line("F-004", Warning, "n=2 user=wang"), line("F-006", Warning, "n=1 user=zhao")];
    let mut expected = vec![line("F-002", Blocker, "role=c"), line("F-002", Blocker, "user=zhao")];
    expected.extend(rest.clone());
    expected.push(line("F-131", Warning, "setting=process_admin who=process_admin"));
    assert_eq!(found(&people), expected);
    people.roles.insert("process_admin".to_owned(), vec!["li".to_owned()]);
    let mut expected = vec![line("F-002", Warning, "role=c"), line("F-002", Warning, "user=zhao")];
    expected.extend(rest);
    expected.push(line("F-008", Warning, "user=li"));
    assert_eq!(found(&people), expected);
    let strange = [
        ("backup", json!({"role": "ghosts"})),
        ("when_empty", json!({"user": "ghost"})),
        ("assignee", json!([{"role": "b"}, {"roster": "night"}])),
        ("assignee", json!([{"role": "b"}, {"head_of": "ghosts"}])),
        (
            "deadline",
            json!({"from": {"after": {"minutes": 5}}, "rules": [{"at_minutes": 0, "do": {"escalate": [{"user": "ghost"}]}}]}),
        ),
    ];
    for (setting, value) in strange {
        let report =
            check(&plain(vec![changed(review("b"), setting, value.clone())]), &schema(), Some(&people));
        let found = report.problems.iter().find(|problem| problem.code == "F-131");
        let found = found.unwrap_or_else(|| panic!("{setting} {value}: {:?}", report.problems));
        assert_eq!((found.node.as_deref(), found.params["setting"].as_str()), (Some("b"), setting));
    }
    let ranges = json!({"transfer": {"role": "c"}, "delegate": {"role": "b"}, "add_signer": "anyone"});
    let chosen = plain(vec![changed(review("b"), "ranges", ranges)]);
    let report = check(&chosen, &schema(), Some(&people));
    let nobody = report.problems.iter().find(|problem| problem.code == "F-116").unwrap();
    assert_eq!((nobody.severity, nobody.params["role"].as_str()), (Warning, "c"));
}

#[test]
fn a_misspelt_setting_is_refused_when_the_document_is_read() {
    let document: Json = serde_json::from_str(STANDARD).unwrap();
    assert!(serde_json::from_value::<FlowDoc>(document.clone()).is_ok());
    let spoilt: [&dyn Fn(&mut Json); 7] = [
        &|doc| doc["keyy"] = json!("x"),
        &|doc| doc["steps"][0]["kind"]["x"] = json!(1),
        &|doc| doc["steps"][1]["kind"]["reserve"] = json!(true),
        &|doc| doc["steps"][2]["kind"]["lanes"][0]["steps"][0]["kind"]["sopp"] = json!({}),
        &|doc| doc["steps"][3]["kind"]["type"] = json!("script"),
        &|doc| {
            doc["steps"][3]["kind"] =
                json!({"type": "delay", "for": {"minutes": {"minutes": 5, "clokc": "wall"}}})
        },
        &|doc| {
            let from =
                json!({"from": {"field": {"field": "requested_date", "offset_minuts": 5}}, "rules": []});
            doc["steps"][2]["kind"]["lanes"][0]["steps"][0]["kind"]["deadline"] = from;
        },
    ];
    for spoil in spoilt {
        let mut copy = document.clone();
        spoil(&mut copy);
        assert!(serde_json::from_value::<FlowDoc>(copy).is_err());
    }
}

#[test]
fn a_task_reads_its_own_settings_and_those_of_a_person_and_no_others() {
    let mut task = review("t");
    task["kind"]["type"] = json!("task");
    task["kind"]["outputs"] = json!(["serial"]);
    task["kind"]["assignee"] = json!([{"role": "t"}, "initiator", {"manager_chain": 2}]);
    let read = serde_json::from_value::<ordain_flow::Node>(task.clone()).unwrap();
    assert_eq!(read.person().unwrap().assignee.len(), 3);
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written, task, "written as it was read");
    for spoilt in ["sopp", "output", "deadline_minute", "checks"] {
        let refused = serde_json::from_value::<ordain_flow::Node>(changed(task.clone(), spoilt, json!([])));
        assert!(refused.unwrap_err().to_string().contains(spoilt), "{spoilt}");
    }
}

#[test]
fn people_who_are_told_are_looked_for_like_those_who_are_asked() {
    let mut people = People::default();
    for user in ["wang", "li"] {
        people.users.insert(user.to_owned(), true);
    }
    for role in ["a", "r"] {
        people.roles.insert(role.to_owned(), vec!["wang".to_owned(), "li".to_owned()]);
    }
    people.roles.insert("process_admin".to_owned(), vec!["wang".to_owned(), "li".to_owned()]);
    people.departments.insert("sales".to_owned(), vec!["wang".to_owned()]);
    let found = |to: Json| {
        let steps = vec![review("a"), node("copy", json!({"type": "cc", "to": [to]})), review("r")];
        let problems = check(&plain(steps), &schema(), Some(&people)).problems;
        let of_copy = problems.into_iter().filter(|problem| problem.node.as_deref() == Some("copy"));
        of_copy.map(|problem| problem.code).collect::<Vec<_>>()
    };
    for sound in [
        json!({"same_as": "a"}),
        json!({"head_of": "sales"}),
        json!({"manager_chain": 2}),
        json!("account_owner"),
        json!("initiator_manager"),
        json!("owner"),
        json!({"formula": [{"when": {"cel": "amount > 5"}, "then": {"user": "wang"}}]}),
    ] {
        assert_eq!(found(sound.clone()), [""; 0], "{sound}");
    }
    for (to, code) in [
        (json!({"same_as": "r"}), "F-117"),
        (json!({"same_as": "gone"}), "F-091"),
        (json!({"head_of": "gone"}), "F-131"),
        (json!({"roster": "gone"}), "F-131"),
        (json!({"field": "inspector"}), "F-032"),
        (json!({"role": "gone"}), "F-009"),
        (json!({"formula": [{"then": {"role": "gone"}}]}), "F-009"),
        (json!({"formula": [{"when": {"cel": "amount > \"x\""}, "then": {"user": "wang"}}]}), "F-015"),
        (json!({"formula": []}), "F-135"),
        (json!({"head_of": " "}), "F-135"),
        (json!({"manager_chain": 0}), "F-135"),
        (json!({"chosen_by_initiator": {"role": "a"}}), "F-135"),
    ] {
        assert_eq!(found(to.clone()), [code], "{to}");
    }
}

#[test]
fn a_step_tells_those_who_decided_it_and_none_who_come_later() {
    let noted = |step: &str| {
        let notices = json!({"done": {"to": [{"same_as": step}]}});
        let mut first = review("a");
        first["kind"]["notices"] = notices;
        let problems = check(&plain(vec![first, review("b")]), &schema(), None).problems;
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.params["setting"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(noted("a"), []);
    assert_eq!(noted("b"), [("F-117", "notices".to_owned())]);
}

#[test]
fn the_table_of_deadlines_is_a_deadline_where_it_has_a_row() {
    let mut people = People::default();
    people.users.insert("wang".to_owned(), true);
    people.users.insert("li".to_owned(), true);
    for role in ["a", "process_admin"] {
        people.roles.insert(role.to_owned(), vec!["wang".to_owned(), "li".to_owned()]);
    }
    let mut step = review("a");
    step["kind"]["deadline_minutes"] = Json::Null;
    step["kind"]["deadline"] = json!({"rules": [{"at_minutes": 0, "do": "notify_manager"}]});
    let doc = plain(vec![step]);
    let found = |people: &People| {
        let problems = check(&doc, &schema(), Some(people)).problems;
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(found(&people), ["F-040"]);
    let row = SlaRow {
        stage: None,
        department: None,
        order_type: None,
        customer_level: None,
        minutes: 60,
        remind_before_minutes: None,
    };
    people.sla.items.push(row);
    assert_eq!(found(&people), [""; 0]);
}
