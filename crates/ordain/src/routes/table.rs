//! Which right each operation needs. The gatekeeper reads it, `docs/rights.md` is made from it, and the test of rights
//! walks through it; an operation that does not stand here answers nobody.

use ordain_app::rights::Permission;

/// Who may use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Anybody, known or not.
    Public,
    /// Anybody known.
    SignedIn,
    Needs(Permission),
}

/// Method, path below `/api/v1`, operation id, right.
pub type Row = (&'static str, &'static str, &'static str, Right);

const fn needs(permission: Permission) -> Right {
    Right::Needs(permission)
}

pub const PREFIX: &str = "/api/v1";

pub const TABLE: &[Row] = &[
    ("POST", "/session", "create_session", Right::Public),
    ("DELETE", "/session", "end_session", Right::SignedIn),
    ("GET", "/me", "read_me", Right::SignedIn),
    ("PUT", "/me", "set_language", Right::SignedIn),
    ("PUT", "/me/password", "change_password", Right::SignedIn),
    ("POST", "/practice", "start_practice", Right::SignedIn),
    ("DELETE", "/practice", "end_practice", Right::SignedIn),
    ("GET", "/workbench", "read_workbench", needs(Permission::ReadTasks)),
    ("GET", "/workload", "read_workload", needs(Permission::ReadTasks)),
    ("GET", "/orders", "list_orders", needs(Permission::ReadOrders)),
    ("POST", "/orders", "place_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/check", "check_order", needs(Permission::WriteOrders)),
    ("GET", "/orders/{id}", "read_order", needs(Permission::ReadOrders)),
    ("PUT", "/orders/{id}", "edit_order", needs(Permission::WriteOrders)),
    ("GET", "/orders/{id}/timeline", "read_timeline", needs(Permission::ReadOrders)),
    ("GET", "/sheets/open-orders", "print_open_orders", needs(Permission::ReadOrders)),
    ("GET", "/sheets/blank-order", "print_blank_order", Right::SignedIn),
    ("GET", "/orders/{id}/why", "explain_order", needs(Permission::ReadOrders)),
    ("POST", "/orders/{id}/submit", "submit_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/cancel", "cancel_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/acknowledge", "acknowledge_copy", needs(Permission::CommentOrders)),
    ("POST", "/orders/{id}/recall", "recall_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/hold", "hold_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/resume", "resume_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/comments", "comment_order", needs(Permission::CommentOrders)),
    ("POST", "/orders/{id}/attachments", "attach_file", needs(Permission::CommentOrders)),
    ("GET", "/orders/{id}/attachments/{file}", "fetch_attachment", needs(Permission::ReadOrders)),
    ("GET", "/changes", "list_changes", needs(Permission::ReadOrders)),
    ("POST", "/orders/{id}/copy", "copy_order", needs(Permission::WriteOrders)),
    ("GET", "/orders/{id}/changes", "list_order_changes", needs(Permission::ReadOrders)),
    ("POST", "/orders/{id}/changes", "request_change", needs(Permission::ChangeOrders)),
    ("POST", "/orders/{id}/changes/preview", "preview_change", needs(Permission::ChangeOrders)),
    ("POST", "/orders/{id}/split", "split_order", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/merge", "merge_orders", needs(Permission::WriteOrders)),
    ("GET", "/cancel-reasons", "read_cancel_reasons", Right::SignedIn),
    ("PUT", "/cancel-reasons", "put_cancel_reasons", needs(Permission::WriteOrganisation)),
    ("POST", "/changes/late-product/preview", "preview_late_product", needs(Permission::WriteOrders)),
    ("POST", "/changes/late-product", "postpone_product", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/changes/{change}/take", "take_change", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/changes/{change}/reject", "reject_change", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/changes/{change}/withdraw", "withdraw_change", needs(Permission::ChangeOrders)),
    ("POST", "/orders/{id}/watch", "watch_order", needs(Permission::ReadOrders)),
    ("POST", "/orders/{id}/questions", "ask_question", needs(Permission::CommentOrders)),
    ("POST", "/orders/{id}/questions/{qid}/answer", "answer_question", needs(Permission::CommentOrders)),
    ("POST", "/orders/{id}/questions/{qid}/withdraw", "withdraw_question", needs(Permission::CommentOrders)),
    ("GET", "/tasks", "list_tasks", needs(Permission::ReadTasks)),
    ("GET", "/tasks/shortages", "list_shortages", needs(Permission::ReadStock)),
    ("GET", "/tasks/{id}", "read_task", needs(Permission::ReadTasks)),
    ("POST", "/tasks/{id}/claim", "claim_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/seen", "see_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/decide", "decide_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/transfer", "transfer_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/delegate", "delegate_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/give-back", "give_back_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/hold", "hold_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/resume", "resume_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/copies", "send_copy", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/add-signer", "add_signer", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/remove-signer", "remove_signer", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/urge", "urge_task", needs(Permission::CommentOrders)),
    ("POST", "/tasks/{id}/return", "return_task", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/withdraw", "withdraw_decision", needs(Permission::DecideTasks)),
    ("PUT", "/tasks/{id}/fields", "write_fields", needs(Permission::DecideTasks)),
    ("POST", "/tasks/{id}/tick", "tick_point", needs(Permission::DecideTasks)),
    ("POST", "/tasks/batch", "decide_tasks", needs(Permission::DecideTasks)),
    ("POST", "/orders/{id}/people", "choose_people", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/answer-code", "send_answer_code", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/answer", "record_answer", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/signals", "signal_event", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/intervene", "intervene", needs(Permission::Intervene)),
    ("GET", "/orders/{id}/notices/preview", "preview_notice", needs(Permission::ReadOrders)),
    ("POST", "/orders/{id}/notices", "send_notice", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/shipments", "ship_order", needs(Permission::ShipOrders)),
    ("POST", "/orders/{id}/lines/{line}/promise", "settle_promise", needs(Permission::KeepPromises)),
    ("POST", "/orders/{id}/payments", "record_payment", needs(Permission::KeepAccounts)),
    ("POST", "/orders/{id}/invoices", "record_invoice", needs(Permission::KeepAccounts)),
    ("POST", "/orders/{id}/complaints", "record_complaint", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/complaints/{qid}/answer", "answer_complaint", needs(Permission::WriteOrders)),
    ("POST", "/orders/{id}/complaints/{qid}/close", "close_complaint", needs(Permission::WriteOrders)),
    ("GET", "/receivables", "list_receivables", needs(Permission::ReadReceivables)),
    ("POST", "/users/{id}/hand-over", "hand_over_tasks", needs(Permission::Intervene)),
    ("GET", "/exceptions", "list_exceptions", needs(Permission::ReadExceptions)),
    ("POST", "/orders/{id}/issues", "report_issue", needs(Permission::CommentOrders)),
    ("GET", "/order-form", "read_order_form", Right::SignedIn),
    ("GET", "/order-form/schema", "read_order_form_schema", Right::SignedIn),
    ("PUT", "/order-form", "put_order_form", needs(Permission::WriteOrganisation)),
    ("GET", "/issue-types", "read_issue_types", Right::SignedIn),
    ("PUT", "/issue-types", "put_issue_types", needs(Permission::WriteOrganisation)),
    ("GET", "/settings/channels", "read_channels", needs(Permission::ReadConnectors)),
    ("PUT", "/settings/channels", "put_channels", needs(Permission::WriteConnectors)),
    ("GET", "/settings/sla", "read_sla", Right::SignedIn),
    ("PUT", "/settings/sla", "put_sla", needs(Permission::WriteOrganisation)),
    ("POST", "/exceptions/{id}/take", "take_exception", needs(Permission::SettleExceptions)),
    ("POST", "/exceptions/{id}/close", "close_exception", needs(Permission::SettleExceptions)),
    ("POST", "/tasks/{id}/reassign", "reassign_task", needs(Permission::Intervene)),
    ("GET", "/customers", "list_customers", needs(Permission::ReadMaster)),
    ("PUT", "/customers", "put_customers", needs(Permission::WriteMaster)),
    ("PUT", "/customers/{code}/temporary-limit", "grant_limit", needs(Permission::KeepAccounts)),
    ("GET", "/customers/{code}/credit", "read_credit", needs(Permission::ReadReceivables)),
    ("GET", "/warehouses", "list_warehouses", needs(Permission::ReadMaster)),
    ("PUT", "/warehouses", "put_warehouses", needs(Permission::WriteMaster)),
    ("GET", "/credit-groups", "list_credit_groups", needs(Permission::ReadReceivables)),
    ("PUT", "/credit-groups", "put_credit_groups", needs(Permission::WriteMaster)),
    ("GET", "/rates", "list_rates", needs(Permission::ReadMaster)),
    ("PUT", "/rates", "put_rates", needs(Permission::WriteMaster)),
    ("GET", "/products", "list_products", needs(Permission::ReadMaster)),
    ("PUT", "/products", "put_products", needs(Permission::WriteMaster)),
    ("GET", "/prices", "list_prices", needs(Permission::ReadMaster)),
    ("PUT", "/prices", "put_prices", needs(Permission::WriteMaster)),
    ("GET", "/clauses", "list_clauses", needs(Permission::ReadMaster)),
    ("PUT", "/clauses", "put_clauses", needs(Permission::WriteMaster)),
    ("GET", "/connectors", "list_connectors", needs(Permission::ReadConnectors)),
    ("GET", "/connectors/{key}", "read_connector", needs(Permission::ReadConnectors)),
    ("PUT", "/connectors/{key}", "put_connector", needs(Permission::WriteConnectors)),
    ("GET", "/stock", "list_stock", needs(Permission::ReadStock)),
    ("PUT", "/stock/feed", "feed_stock", needs(Permission::FeedStock)),
    ("GET", "/stock/movements", "list_stock_movements", needs(Permission::ReadStock)),
    ("POST", "/stock/movements", "move_stock", needs(Permission::FeedStock)),
    ("PUT", "/stock/levels", "put_stock_levels", needs(Permission::FeedStock)),
    ("GET", "/preparation", "list_preparation", needs(Permission::ReadStock)),
    ("GET", "/reports/overview", "read_overview", needs(Permission::ReadReports)),
    ("GET", "/reports/lost", "read_lost_orders", needs(Permission::ReadReports)),
    ("GET", "/reports/speed", "read_speed", needs(Permission::ReadReports)),
    ("GET", "/reports/orders", "list_report_orders", needs(Permission::ReadReports)),
    ("GET", "/reports/orders.csv", "export_report_orders", needs(Permission::ReadReports)),
    ("GET", "/reports/hand-overs", "read_hand_overs", needs(Permission::ReadReports)),
    ("GET", "/reports/hand-over-list", "list_hand_overs", needs(Permission::ReadReports)),
    ("GET", "/reports/hand-over-list.csv", "export_hand_overs", needs(Permission::ReadReports)),
    ("GET", "/settings/digests", "read_digests", needs(Permission::ReadReports)),
    ("PUT", "/settings/digests", "put_digests", needs(Permission::WriteOrganisation)),
    ("GET", "/reviews", "list_reviews", needs(Permission::ReadReports)),
    ("GET", "/reviews/{month}", "read_review", needs(Permission::ReadReports)),
    ("PUT", "/reviews/{month}", "put_review", needs(Permission::ReadReports)),
    ("GET", "/reviews/{month}/print", "print_review", needs(Permission::ReadReports)),
    ("GET", "/reports/event-log.xes", "export_xes", needs(Permission::ReadAudit)),
    ("GET", "/reports/event-log.json", "export_ocel", needs(Permission::ReadAudit)),
    ("GET", "/settings/figures", "read_figure_targets", needs(Permission::ReadReports)),
    ("PUT", "/settings/figures", "put_figure_targets", needs(Permission::WriteOrganisation)),
    ("GET", "/settings/supply", "read_supply_rules", needs(Permission::ReadStock)),
    ("PUT", "/settings/supply", "put_supply_rules", needs(Permission::WriteOrganisation)),
    ("GET", "/settings/by-hand", "read_hand_rules", needs(Permission::ReadExceptions)),
    ("PUT", "/settings/by-hand", "put_hand_rules", needs(Permission::WriteUsers)),
    ("GET", "/purchase-orders", "list_purchases", needs(Permission::ReadStock)),
    ("PUT", "/purchase-orders", "put_purchases", needs(Permission::WritePurchases)),
    ("POST", "/purchase-orders/receive", "receive_purchases", needs(Permission::FeedStock)),
    ("GET", "/work-centres", "list_work_centres", needs(Permission::ReadStock)),
    ("PUT", "/work-centres", "put_work_centres", needs(Permission::WritePurchases)),
    ("GET", "/work-orders", "list_work_orders", needs(Permission::ReadStock)),
    ("PUT", "/work-orders", "put_work_orders", needs(Permission::WritePurchases)),
    ("POST", "/work-orders/finish", "finish_work", needs(Permission::FeedStock)),
    ("GET", "/boms", "list_boms", needs(Permission::ReadStock)),
    ("PUT", "/boms", "put_boms", needs(Permission::WritePurchases)),
    ("GET", "/orders/{id}/supply", "read_supply", needs(Permission::ReadOrders)),
    ("GET", "/atp", "read_atp", needs(Permission::ReadStock)),
    ("GET", "/users", "list_users", needs(Permission::ReadUsers)),
    ("PUT", "/users", "put_users", needs(Permission::WriteUsers)),
    ("GET", "/colleagues", "list_colleagues", Right::SignedIn),
    ("GET", "/departments", "list_departments", Right::SignedIn),
    ("GET", "/users/{id}/dependence", "read_dependence", needs(Permission::ReadUsers)),
    ("GET", "/organisation", "read_organisation", Right::SignedIn),
    ("PUT", "/organisation", "put_organisation", needs(Permission::WriteOrganisation)),
    ("GET", "/calendars", "read_calendars", Right::SignedIn),
    ("GET", "/calendars/deadline", "read_deadline", Right::SignedIn),
    ("GET", "/calendars/company", "read_company_calendar", Right::SignedIn),
    ("PUT", "/calendars/company", "put_company_calendar", needs(Permission::WriteOrganisation)),
    ("GET", "/calendars/departments/{code}", "read_department_calendar", Right::SignedIn),
    ("PUT", "/calendars/departments/{code}", "put_department_calendar", needs(Permission::WriteOrganisation)),
    ("GET", "/calendars/people/{login}", "read_person_calendar", Right::SignedIn),
    ("PUT", "/calendars/people/{login}", "put_person_calendar", needs(Permission::WriteOrganisation)),
    // What concerns others is put only with the right to maintain the organisation: the handlers look whose it is.
    ("GET", "/leave", "list_leave", Right::SignedIn),
    ("POST", "/leave", "record_leave", Right::SignedIn),
    ("DELETE", "/leave/{id}", "end_leave", Right::SignedIn),
    ("GET", "/delegations", "list_delegations", Right::SignedIn),
    ("POST", "/delegations", "create_delegation", Right::SignedIn),
    ("DELETE", "/delegations/{id}", "end_delegation", Right::SignedIn),
    ("GET", "/notices", "list_notices", Right::SignedIn),
    ("POST", "/notices/read", "read_notices", Right::SignedIn),
    ("GET", "/flows", "list_flows", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}", "read_flow", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/versions/{version}", "read_flow_version", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/versions/{version}/picture.svg", "draw_flow", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/versions/{version}/sop", "write_flow_sop", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/versions/{version}/bpmn", "write_flow_bpmn", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/diff", "compare_flows", needs(Permission::ReadFlows)),
    ("GET", "/flows/{key}/draft", "read_flow_draft", needs(Permission::ReadFlows)),
    ("PUT", "/flows/{key}/draft", "save_flow_draft", needs(Permission::PublishFlows)),
    ("GET", "/flow-vocabulary", "read_flow_vocabulary", needs(Permission::ReadFlows)),
    ("GET", "/flow-overview", "read_flow_overview", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/inspect", "inspect_flow", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/try", "try_flow", needs(Permission::PublishFlows)),
    ("POST", "/flows/{key}/check", "check_flow", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/replay", "replay_flow", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/publish", "publish_flow", needs(Permission::PublishFlows)),
    ("GET", "/flows/{key}/release", "read_release", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/release/approve", "approve_release", needs(Permission::ApproveFlows)),
    ("POST", "/flows/{key}/release/withdraw", "withdraw_release", needs(Permission::PublishFlows)),
    ("POST", "/flows/{key}/disable", "disable_flow", needs(Permission::PublishFlows)),
    ("GET", "/flows/{key}/migrate", "plan_migration", needs(Permission::ReadFlows)),
    ("POST", "/flows/{key}/migrate", "migrate_flow", needs(Permission::PublishFlows)),
    ("POST", "/orders/{id}/undo-migration", "undo_migration", needs(Permission::PublishFlows)),
    ("GET", "/audit", "search_audit", needs(Permission::ReadAudit)),
    ("POST", "/audit/verify", "verify_audit", needs(Permission::VerifyAudit)),
    ("GET", "/intake", "list_intake", needs(Permission::ReadIntake)),
    ("GET", "/events", "watch_events", Right::SignedIn),
];

/// What is open to somebody who has still to choose a password.
pub const BEFORE_PASSWORD: [&str; 4] = ["end_session", "read_me", "set_language", "change_password"];

/// Operations that write nothing although their method would let them, or what a process that only reads keeps by itself.
pub const READING: [&str; 10] = [
    "create_session",
    "end_session",
    "check_order",
    "preview_change",
    "preview_late_product",
    "inspect_flow",
    "try_flow",
    "check_flow",
    "replay_flow",
    "verify_audit",
];

/// Whether an operation changes what is stored.
pub fn writes(method: &str, path: &str) -> bool {
    !matches!(method, "GET" | "HEAD")
        && row_of(method, path).is_none_or(|(_, _, id, _)| !READING.contains(id))
}

/// Whether an operation is open then.
pub fn is_before_password(method: &str, path: &str) -> bool {
    row_of(method, path).is_some_and(|(_, _, id, _)| BEFORE_PASSWORD.contains(id))
}

/// The right of an operation by its method and matched path, with or without the prefix.
pub fn right_of(method: &str, path: &str) -> Option<Right> {
    row_of(method, path).map(|(.., right)| *right)
}

fn row_of(method: &str, path: &str) -> Option<&'static Row> {
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    // Whoever may read may ask for the headers alone.
    let method = if method == "HEAD" { "GET" } else { method };
    TABLE.iter().find(|(m, p, ..)| *m == method && *p == path)
}
