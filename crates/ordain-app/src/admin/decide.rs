//! Hands each command about the company to whoever decides it.

use super::access::NewSession;
use super::*;

impl AdminCommand {
    pub(crate) fn decide(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            PutCustomers(_)
            | GrantLimit(_)
            | PutProducts(_)
            | PutPrices(_)
            | FeedStock { .. }
            | MoveStock(_)
            | PutPurchases(_)
            | PutBoms(_)
            | ReceivePurchases(_)
            | PutWarehouses(_)
            | PutWorkCentres(_)
            | PutWorkOrders(_)
            | FinishWork(_)
            | PutStockLevels(_)
            | PutUsers(_) => self.upsert(batch, org, by)?.write(batch, org, by),
            PutClauses(items) => clauses::put(items, batch, org, by),
            PutConnector { key, item, expected } => connectors::put(key, item, *expected, batch, org, by),
            PutCreditGroups(items) => credit_groups::put_groups(items, batch, org, by),
            PutRates(items) => credit_groups::put_rates(items, batch, org, by),
            PutCancelReasons { items, expected } => cancel_reasons::put(items, *expected, batch, org, by),
            PutChannels { items, expected } => channels::put(items, *expected, batch, org, by),
            PutSla { items, expected } => sla::put(items, *expected, batch, org, by),
            Rehearse(command) => command.upsert(batch, org, by).map(Upsert::rehearsed),
            Init(init) => company::found(init, batch, org, by),
            PutSettings { company, calendar } => {
                company::put_settings(company.as_deref(), calendar.as_ref(), batch, org, by)
            }
            PutFigureTargets { item, expected } => figure_targets::put(item, *expected, batch, org, by),
            KeepFacts(_) | PutDigests { .. } | SendDigest { .. } | OpenReview(_) | PutReview { .. } => {
                self.of_figures(batch, org, by)
            }
            TellOverdueShortages(overdue) => shortages::tell(overdue, batch, org, by),
            PutSupplyRules { item, expected } => supply_rules::put(item, *expected, batch, org, by),
            PutSavedSets { .. } | PutNoticeRules { .. } | PutHandRules { .. } | PutNoticeTexts { .. } => {
                self.of_rules(batch, org, by)
            }
            PutCalendar { .. } | PutCalendarLayer { .. } => self.of_calendars(batch, org, by),
            PutOrganisation { item, expected } => organisation::put(item, *expected, batch, org, by),
            PutOrderForm { items, expected } => order_form::put(items, *expected, batch, org, by),
            PutIssueTypes { items, expected } => issues::put(items, *expected, batch, org, by),
            RecordLeave(_) | EndLeave(_) | Delegate(_) | EndDelegation(_) => self.of_absence(batch, org, by),
            PutRoles { .. } | CreateToken { .. } | RevokeToken { .. } | JoinPractice(_) | TakeEvidence => {
                self.of_access(batch, org, by)
            }
            OpenSession { .. }
            | CloseSession { .. }
            | RecordLogin { .. }
            | SetLanguage { .. }
            | SetPassword { .. }
            | PutViews(_) => self.of_sessions(batch, org, by),
            GiveFeedback(item) => feedback::give(item, batch, org, by),
            EndFeedback { id, end } => feedback::end(*id, end, batch, org, by),
            PutSelfCheckRules { item, expected } => self_check::put(item, *expected, batch, org, by),
            KeepSelfCheck { row, alarm } => self_check::keep(row, *alarm, batch, org, by),
            ReadNotices { user, ids } => Ok(people::read_notices(*user, ids, batch, org)),
            KeepIntake(kept) => Ok(intake::keep(kept, batch, org, by)),
            RememberImport { hash, name, unreadable } => {
                intake::remember_import(*hash, name, unreadable, batch, org, by)
            }
            PublishFlow { .. } | SaveDraft(_) | ReleaseFlow(_) | DisableFlow { .. } => {
                self.of_flows(batch, org, by)
            }
            ApproveRelease { .. } | WithdrawRelease { .. } | ReleaseDue { .. } => {
                self.of_flows(batch, org, by)
            }
            SettleTimer(timer) => timers::settle(timer, batch, org),
            PreviewOrders { orders, fill } => preview::preview(orders, *fill, batch, org, by),
        }
    }

    /// Rules and lists that are put as a whole; every other command has nothing to do here.
    fn of_rules(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            PutSavedSets { items, expected } => saved_sets::put(items, *expected, batch, org, by),
            PutNoticeRules { item, expected } => notice_rules::put(item, *expected, batch, org, by),
            PutHandRules { item, expected } => hand_rules::put(item, *expected, batch, org, by),
            PutNoticeTexts { items, expected } => notice_texts::put(items, *expected, batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// Flows and what becomes of their versions; every other command has nothing to do here.
    fn of_flows(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            PublishFlow { key, doc } => flows::publish(key, doc, batch, org, by),
            SaveDraft(save) => flow_draft::save(save, batch, org, by),
            ReleaseFlow(release) => flow_release::release(release, batch, org, by),
            ApproveRelease { key } => flow_pending::approve(key, batch, org, by),
            WithdrawRelease { key, reason } => flow_pending::withdraw(key, reason, batch, org, by),
            ReleaseDue { key } => flow_pending::due(key, batch, org, by),
            DisableFlow { key, reason } => flow_release::disable(key, reason, batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// Working hours; every other command has nothing to do here.
    fn of_calendars(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            PutCalendar { item, expected } => calendars::put_company(item, *expected, batch, org, by),
            PutCalendarLayer { of, item, expected } => {
                calendars::put_layer(of, item, *expected, batch, org, by)
            }
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// Who may do what, and what leaves the house; every other command has nothing to do here.
    fn of_access(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            PutRoles { items, expected } => roles::put(items, *expected, batch, org, by),
            CreateToken { name, role, hash } => access::create_token(name, role, *hash, batch, org, by),
            RevokeToken { hash } => access::revoke_token(*hash, batch, org, by),
            JoinPractice(user) => practice::join(user, batch, org, by),
            TakeEvidence => access::take_evidence(batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// How people come in, and what is their own; every other command has nothing to do here.
    fn of_sessions(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            OpenSession { user, hash, csrf, expires_at_ms, viewer } => {
                let session = NewSession {
                    user: *user,
                    hash: *hash,
                    csrf,
                    expires_at_ms: *expires_at_ms,
                    viewer: *viewer,
                };
                access::open_session(&session, batch, org, by)
            }
            CloseSession { hash } => Ok(access::close_session(*hash, batch, org)),
            RecordLogin { user, ok } => access::record_login(*user, *ok, batch, org),
            SetLanguage { user, lang } => people::set_language(*user, lang, batch, org, by),
            SetPassword { user, hash, present } => {
                people::set_password((*user, hash, *present), batch, org, by)
            }
            PutViews(views) => views.put(batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// Who is away and who stands in; every other command has nothing to do here.
    fn of_absence(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            RecordLeave(item) => absences::record_leave(item, batch, org, by),
            EndLeave(id) => absences::end_leave(*id, batch, org, by),
            Delegate(item) => absences::delegate(item, batch, org, by),
            EndDelegation(id) => absences::end_delegation(*id, batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// What concerns figures; every other command has nothing to do here.
    fn of_figures(&self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        use AdminCommand::*;
        match self {
            KeepFacts(facts) => Ok(figures::keep(facts, batch, org)),
            PutDigests { items, expected } => digests::put(items, *expected, batch, org, by),
            SendDigest { code, from, data } => digests::send((code, *from, data), batch, org, by),
            OpenReview(review) => reviews::open(review, batch, org, by),
            PutReview { month, item, expected } => reviews::put((*month, item), *expected, batch, org, by),
            _ => Ok(AdminDone::Nothing),
        }
    }

    /// What a bulk command would write.
    fn upsert(&self, batch: &Batch<'_>, org: i64, by: &By) -> Result<Upsert, GateError> {
        match self {
            AdminCommand::PutCustomers(items) => customers::put(items, batch, org),
            AdminCommand::GrantLimit(grant) => customers::grant(grant, batch, org),
            AdminCommand::PutProducts(items) => products::put(items, batch, org),
            AdminCommand::PutPrices(items) => prices::put(items, batch, org),
            AdminCommand::FeedStock { as_of, items } => stock::feed(as_of.as_deref(), items, batch, org, by),
            AdminCommand::MoveStock(items) => stock_move::book(items, batch, org, by),
            AdminCommand::PutBoms(items) => bom::put(items, batch, org),
            AdminCommand::PutPurchases(items) => purchase::put(items, batch, org),
            AdminCommand::ReceivePurchases(items) => purchase::receive(items, batch, org, by),
            AdminCommand::PutWarehouses(items) => warehouses::put(items, batch, org),
            AdminCommand::PutWorkCentres(items) => work::put_centres(items, batch, org),
            AdminCommand::PutWorkOrders(items) => work::put(items, batch, org, by),
            AdminCommand::FinishWork(items) => work::finish(items, batch, org, by),
            AdminCommand::PutStockLevels(items) => stock_level::put(items, batch, org),
            AdminCommand::PutUsers(items) => people::put(items, batch, org, by),
            _ => Err(GateError::Invalid(vec![Fault::new("not_rehearsable", "")])),
        }
    }
}
