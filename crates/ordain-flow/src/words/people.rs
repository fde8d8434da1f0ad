//! Who: parties, sources and how several people decide together.

use super::Speaker;
use crate::doc::{
    CommentRule, CustomField, CustomType, Exclude, FormulaCase, NoticeOn, NoticeRule, NotifyTo, OnReject,
    Party, Purpose, Repeats, Resume, ReturnSettings, ReturnTargets, SameAsInitiator, Sensitive, Source, Vote,
    WhenEmpty, Withdraw,
};
use crate::rule::FieldType;
use std::collections::BTreeMap;

impl Speaker<'_> {
    pub fn party(&self, party: &Party) -> String {
        match party {
            Party::Department(key) => self.name("department", key),
            Party::Role(key) => self.name("role", key),
            Party::User(key) => self.name("user", key),
        }
    }

    pub fn parties(&self, parties: &[Party]) -> String {
        self.list(parties.iter().map(|party| self.party(party)))
    }

    pub fn purpose(&self, purpose: Purpose) -> String {
        self.word(match purpose {
            Purpose::Confirmation => "purpose.confirmation",
            Purpose::Subflow => "purpose.subflow",
            Purpose::Fulfilment => "purpose.fulfilment",
        })
    }

    /// Which fields are kept from whom.
    pub fn sensitive(&self, fields: &BTreeMap<String, Sensitive>) -> String {
        if fields.is_empty() {
            return self.word("sensitive.none");
        }
        self.list(fields.iter().map(|(field, rule)| {
            let key = if rule.hidden { "sensitive.hidden" } else { "sensitive.masked" };
            self.say(key, &[("field", &self.field(field, false)), ("names", &self.parties(&rule.visible_to))])
        }))
    }

    /// The custom fields of a flow, each with its type.
    pub fn custom_fields(&self, fields: &[CustomField]) -> String {
        if fields.is_empty() {
            return self.word("sensitive.none");
        }
        self.list(fields.iter().map(|custom| {
            let kind = match &custom.kind {
                CustomType::Choice(options) => self.list(options.iter().cloned()),
                other => self.word(&format!("custom.{}", FieldType::from(other).word())),
            };
            let key = if custom.line { "custom.of_line" } else { "custom.of_order" };
            self.say(key, &[("field", &self.text(&custom.name)), ("type", &kind)])
        }))
    }

    pub fn sources(&self, sources: &[Source]) -> String {
        if sources.is_empty() {
            return self.word("nobody");
        }
        sources.iter().map(|source| self.source(source)).collect::<Vec<_>>().join(&self.word("join.and"))
    }

    pub fn source(&self, source: &Source) -> String {
        let named = |key: &str, value: &str| self.say(&format!("source.{key}"), &[("name", value)]);
        match source {
            Source::Department(key) => self.name("department", key),
            Source::Role(key) => self.name("role", key),
            Source::User(key) => self.name("user", key),
            Source::HeadOf(key) => named("head_of", &self.name("department", key)),
            Source::ManagerChain(levels) => named("manager_chain", &levels.to_string()),
            Source::AccountOwner => self.word("source.account_owner"),
            Source::LineWarehouse => self.word("source.line_warehouse"),
            Source::ProductLine => self.word("source.product_line"),
            Source::Initiator => self.word("source.initiator"),
            Source::InitiatorManager => self.word("source.initiator_manager"),
            Source::ChosenByInitiator(party) => named("chosen_by_initiator", &self.party(party)),
            Source::ChosenByPrevious(party) => named("chosen_by_previous", &self.party(party)),
            Source::Field(field) => named("field", &self.field(field, false)),
            Source::SameAs(node) => named("same_as", &self.name("step", node)),
            Source::Roster(key) => named("roster", &self.name("roster", key)),
            Source::Formula(cases) => self.list(cases.iter().map(|case| self.case(case))),
        }
    }

    fn case(&self, case: &FormulaCase) -> String {
        let party = self.party(&case.then);
        match &case.when {
            Some(when) => self.say("source.case", &[("condition", &self.condition(when)), ("name", &party)]),
            None => self.say("source.otherwise", &[("name", &party)]),
        }
    }

    pub fn notify_to(&self, to: &[NotifyTo]) -> String {
        self.list(to.iter().map(|to| match to {
            NotifyTo::Customer => self.word("to.customer"),
            NotifyTo::Owner => self.word("to.owner"),
            NotifyTo::People(source) => self.source(source),
        }))
    }

    /// What is told of a step's tasks, and to whom beside the usual.
    pub(super) fn notices(&self, rules: &BTreeMap<NoticeOn, NoticeRule>) -> String {
        self.list(rules.iter().map(|(on, rule)| {
            let on_word = self.word(&format!("notice_on.{}", on.name()));
            if rule.off {
                return self.say("notice.off", &[("on", &on_word)]);
            }
            let template = self.name("template", rule.template.as_deref().unwrap_or(on.template()));
            let key = if rule.to.is_empty() { "notice.sent" } else { "notice.sent_to" };
            let with = [("on", on_word.as_str()), ("template", &template), ("to", &self.notify_to(&rule.to))];
            self.say(key, &with)
        }))
    }

    pub fn vote(&self, vote: Vote) -> String {
        match vote {
            Vote::Percent(percent) => self.say("vote.percent", &[("n", &percent.to_string())]),
            Vote::Count(count) => self.say("vote.count", &[("n", &count.to_string())]),
            Vote::Any => self.word("vote.any"),
            Vote::All => self.word("vote.all"),
            Vote::Sequential => self.word("vote.sequential"),
            Vote::Claim => self.word("vote.claim"),
            Vote::RoundRobin => self.word("vote.round_robin"),
            Vote::LeastLoaded => self.word("vote.least_loaded"),
        }
    }

    pub(super) fn when_empty(&self, rule: &WhenEmpty) -> String {
        match rule {
            WhenEmpty::ProcessAdmin => self.word("when_empty.process_admin"),
            WhenEmpty::Backup => self.word("when_empty.backup"),
            WhenEmpty::User(key) => self.say("when_empty.user", &[("name", &self.name("user", key))]),
            WhenEmpty::Skip => self.word("when_empty.skip"),
        }
    }

    pub(super) fn same_as_initiator(&self, rule: SameAsInitiator) -> String {
        self.word(match rule {
            SameAsInitiator::ToManager => "same_as_initiator.to_manager",
            SameAsInitiator::Allow => "same_as_initiator.allow",
            SameAsInitiator::Skip => "same_as_initiator.skip",
        })
    }

    pub(super) fn repeats(&self, rule: Repeats) -> String {
        self.word(match rule {
            Repeats::Ask => "repeats.ask",
            Repeats::PassConsecutive => "repeats.pass_consecutive",
            Repeats::PassOnce => "repeats.pass_once",
        })
    }

    pub(super) fn exclude(&self, rules: &[Exclude]) -> String {
        self.list(rules.iter().map(|rule| match rule {
            Exclude::Initiator => self.word("source.initiator"),
            Exclude::DecidersOf(node) => self.say("source.same_as", &[("name", &self.name("step", node))]),
        }))
    }

    pub(super) fn on_reject(&self, rule: &OnReject) -> String {
        match rule {
            OnReject::End => self.word("on_reject.end"),
            OnReject::ReturnTo(node) => {
                self.say("on_reject.return_to", &[("name", &self.name("step", node))])
            }
        }
    }

    pub(super) fn returns(&self, rule: &ReturnSettings) -> String {
        let targets = match &rule.targets {
            ReturnTargets::AnyPassed => self.word("returns.any_passed"),
            ReturnTargets::Initiator => self.word("returns.initiator"),
            ReturnTargets::Steps(nodes) => {
                let names = self.list(nodes.iter().map(|node| self.name("step", node)));
                self.say("returns.steps", &[("name", &names)])
            }
        };
        let resume = self.word(match rule.resume {
            Resume::Choose => "resume.choose",
            Resume::StepByStep => "resume.step_by_step",
            Resume::Direct => "resume.direct",
        });
        let guards = rule.guards.iter().map(|(node, fields)| {
            let fields = self.list(fields.iter().map(|field| self.field(field, false)));
            self.say("returns.guard", &[("name", &self.name("step", node)), ("fields", &fields)])
        });
        self.parts([targets, resume].into_iter().chain(guards))
    }

    pub(super) fn withdraw(&self, rule: Withdraw) -> String {
        match rule {
            Withdraw::UntilNext => self.word("withdraw.until_next"),
            Withdraw::Never => self.word("withdraw.never"),
            Withdraw::Minutes(minutes) => {
                self.say("withdraw.minutes", &[("duration", &self.duration(minutes.into()))])
            }
        }
    }

    pub(super) fn comment(&self, rule: CommentRule) -> String {
        self.word(match rule {
            CommentRule::Optional => "comment.optional",
            CommentRule::OnRefusal => "comment.on_refusal",
            CommentRule::Always => "comment.always",
        })
    }
}
