//! Steps of random flows that ask a person: whom, how several decide together, where the order can go from there, what
//! passes without anybody, and until when.

use super::rng::Rng;
use super::shapes::{DEPARTMENTS, DOUBTS, Draft, node, set};
use super::staff;
use serde_json::{Value, json};

impl Draft<'_> {
    /// Somebody whom no rule passes.
    pub(super) fn asked(&mut self) -> Value {
        let mut asked = self.person();
        for rule in ["auto_when_clear", "skip_when"] {
            if let Some(kind) = asked["kind"].as_object_mut() {
                kind.remove(rule);
            }
        }
        asked
    }

    pub(super) fn person(&mut self) -> Value {
        let asks: Vec<String> =
            self.earlier.iter().filter(|(_, asks)| *asks).map(|(id, _)| id.clone()).collect();
        let before = self.rng.pick(&asks).cloned();
        let id = self.id(true);
        let owns: Vec<&str> = (0..1 + self.rng.below(3)).map(|_| self.rng.word(&DOUBTS)).collect();
        let mut made = node(&id, json!({"type": "review", "owns": owns, "sop": {"zh": "看", "en": "look"}}));
        let sources: Vec<Value> =
            (0..1 + self.rng.below(2)).map(|_| self.source(before.as_deref())).collect();
        set(&mut made, "assignee", json!(sources));
        self.together_or_alone(&mut made);
        self.ways(&mut made, before.as_deref());
        self.rights(&mut made);
        let passes = self.passes(&mut made);
        self.until(&mut made, passes);
        let range = |rng: &mut Rng| match rng.below(5) {
            0 => json!("same_department"),
            1 => json!({"department": rng.word(&DEPARTMENTS)}),
            2 => json!({"role": rng.word(&["finance", "sales_manager", "warehouse"])}),
            _ => json!("anyone"),
        };
        if self.rng.chance(40) {
            let ranges = json!({"transfer": range(self.rng), "delegate": range(self.rng), "add_signer": range(self.rng)});
            set(&mut made, "ranges", ranges);
        }
        if self.rng.chance(20) {
            set(&mut made, "hold_max_minutes", json!(30 + self.rng.below(600)));
        }
        if self.rng.chance(8) {
            set(&mut made, "attachment", json!("required"));
        }
        if self.rng.chance(6) {
            set(&mut made, "signature", json!("drawn"));
        }
        if self.rng.chance(20) {
            set(&mut made, "type", json!("task"));
            set(&mut made, "checklist", json!([{"zh": "一", "en": "one"}, {"zh": "二", "en": "two"}]));
        }
        made
    }

    fn source(&mut self, before: Option<&str>) -> Value {
        let department = self.rng.word(&DEPARTMENTS);
        match self.rng.below(20) {
            0 => json!({"head_of": department}),
            1 => json!({"manager_chain": 2}),
            2 => json!("account_owner"),
            3 => json!("line_warehouse"),
            4 => json!("product_line"),
            5 => json!("initiator"),
            6 => json!("initiator_manager"),
            7 => json!({"chosen_by_initiator": {"department": department}}),
            8 => json!({"chosen_by_previous": {"department": department}}),
            9 => json!({"field": "keeper"}),
            10 => json!({"roster": "night"}),
            11 => before.map_or_else(|| json!("initiator"), |before| json!({"same_as": before})),
            12 => {
                let when = self.amount(true);
                json!({"formula": [{"when": when, "then": {"role": "sales_manager"}}, {"then": {"department": department}}]})
            }
            13 | 14 => json!({"user": self.rng.word(&staff::LEAVERS)}),
            15 => json!({"role": self.rng.word(&["finance", "sales_manager", "warehouse"])}),
            _ => json!({"department": department}),
        }
    }

    fn together_or_alone(&mut self, made: &mut Value) {
        let vote = match self.rng.below(12) {
            0 | 1 => json!("all"),
            2 => json!({"percent": 60}),
            3 => json!({"count": 2}),
            4 => json!("sequential"),
            5 => json!("claim"),
            6 => json!("round_robin"),
            7 => json!("least_loaded"),
            _ => json!("any"),
        };
        set(made, "vote", vote);
        set(made, "reject_when", json!(self.rng.word(&["decided", "all_heard"])));
        set(made, "repeats", json!(self.rng.word(&["ask", "ask", "pass_consecutive", "pass_once"])));
        set(made, "same_as_initiator", json!(self.rng.word(&["to_manager", "allow"])));
    }

    /// Where the order can go from here but on.
    fn ways(&mut self, made: &mut Value, before: Option<&str>) {
        if let Some(before) = before {
            if self.rng.chance(15) {
                set(made, "on_reject", json!({"return_to": before}));
            }
            if self.rng.chance(30) {
                set(made, "exclude", json!([{"deciders_of": before}]));
            }
            if self.rng.chance(30) {
                let resume = self.rng.word(&["choose", "step_by_step", "direct"]);
                set(made, "returns", json!({"targets": {"steps": [before]}, "resume": resume}));
            }
        }
        if self.rng.chance(10) {
            set(made, "exclude", json!(["initiator"]));
        }
        let withdraw = match self.rng.below(8) {
            0 => json!("never"),
            1 => json!({"minutes": 60}),
            _ => json!("until_next"),
        };
        set(made, "withdraw", withdraw);
    }

    fn rights(&mut self, made: &mut Value) {
        if self.rng.chance(70) {
            set(
                made,
                "fields",
                json!({"ship_to.address": "edit", "extra.note": "edit", "lines.quantity": "edit"}),
            );
            if self.rng.chance(25) {
                set(made, "requires", json!(["extra.note"]));
            }
        }
        if self.rng.chance(50) {
            set(made, "looks_at", json!(["lines", "ship_to"]));
            if self.rng.chance(15) {
                set(made, "reading", json!({"from_amount": "500"}));
            }
        }
        if self.rng.chance(10) {
            set(
                made,
                "without",
                json!([self.rng.word(&["reject", "transfer", "claim", "add_signer", "urge"])]),
            );
        }
        if self.rng.chance(15) {
            set(made, "batch", json!({"forbidden": true}));
        } else if self.rng.chance(30) {
            set(made, "batch", json!({"max_amount": "300"}));
        }
        if self.rng.chance(20) {
            let to = json!([{"role": "management"}]);
            let notices = json!({"arrive": {}, "soon": {"off": true}, "done": {"to": to}, "cancelled": {}});
            set(made, "notices", notices);
        }
        if self.rng.chance(10) {
            set(made, "on_enter", json!([{"field": "mark", "value": {"text": "asked"}}]));
            set(made, "on_leave", json!([{"field": "mark", "value": {"text": "seen"}}]));
            let hook = json!([{"connector": "erp", "operation": "push", "request": {"no": "number"}}]);
            set(made, "call_on_enter", hook.clone());
            set(made, "call_on_leave", hook);
        }
        set(made, "comment", json!(self.rng.word(&["optional", "on_refusal", "always"])));
    }

    /// How a step passes without anybody; returns whether a clock may pass it.
    fn passes(&mut self, made: &mut Value) -> bool {
        let guarded = self.rng.chance(20);
        if guarded || self.rng.chance(60) {
            let backup = self.rng.word(&["sales_manager", "process_admin", "management", "finance"]);
            set(made, "backup", json!({"role": backup}));
        }
        if guarded {
            set(made, "guarded", json!(true));
        } else if self.rng.chance(15) {
            let when = self.amount(false);
            set(made, "skip_when", when);
        }
        let empty = match self.rng.below(5) {
            0 if !guarded => json!("skip"),
            1 => json!("backup"),
            2 => json!({"user": "boss1"}),
            _ => json!("process_admin"),
        };
        set(made, "when_empty", empty);
        if self.rng.chance(25) {
            set(made, "auto_when_clear", json!(true));
        }
        !guarded
    }

    fn until(&mut self, made: &mut Value, may_pass: bool) {
        let minutes = 30 + self.rng.below(900);
        if self.rng.chance(50) {
            set(made, "remind_before_minutes", json!(15));
        }
        if self.rng.chance(40) {
            return set(made, "deadline_minutes", json!(minutes));
        }
        let from = match self.rng.below(4) {
            0 => json!({"after": {"minutes": minutes, "clock": "calendar"}}),
            1 => json!({"field": {"field": "requested_date", "offset_minutes": -1_200}}),
            _ => json!({"after": {"minutes": minutes}}),
        };
        let has_backup = made["kind"]["backup"].is_object();
        let rules: Vec<Value> = (0..self.rng.below(4)).map(|_| self.rule(has_backup, may_pass)).collect();
        let keeps_running = self.rng.chance(20);
        set(made, "deadline", json!({"from": from, "rules": rules, "keeps_running": keeps_running}));
    }

    fn rule(&mut self, has_backup: bool, may_pass: bool) -> Value {
        let what = match self.rng.below(7) {
            0 => json!("remind"),
            1 => json!("notify_manager"),
            2 if has_backup => json!("to_backup"),
            3 => json!({"escalate": [{"role": "sales_manager"}, {"role": "management"}]}),
            4 => json!("auto_return"),
            5 if may_pass => json!({"auto_pass": {"max_amount": self.rng.word(&["100", "400", "20000"])}}),
            _ => json!("raise_exception"),
        };
        let mut rule = json!({"at_minutes": self.rng.below(240) as i64 - 60, "do": what});
        if self.rng.chance(30) {
            rule["repeat_minutes"] = json!(60);
            rule["repeat_max"] = json!(3);
        }
        rule
    }
}
