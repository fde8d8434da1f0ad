//! The operations of API v1. Routes translate: they read a request, put a command or a question, and word the answer.

pub mod absence;
pub mod attachment;
pub mod audit;
pub mod board;
mod board_rows;
pub mod bom;
pub mod calendar;
mod cancel;
pub mod change;
mod channel;
pub mod clause;
mod connector;
pub mod credit;
pub mod credit_group;
pub mod cursor;
mod digest;
pub mod docs;
mod event_log;
pub mod events;
mod exception;
mod exchange;
pub mod family;
mod feedback;
pub mod flow;
pub mod flow_design;
pub mod flow_draft;
pub mod flow_migrate;
pub mod flow_play;
mod flow_release;
mod hand_over;
mod hand_rules;
pub mod intake;
pub mod internal;
mod issue;
pub mod late_product;
mod leaver;
pub mod master;
pub mod master_write;
pub mod me;
mod narrow;
pub mod notice;
mod notice_rules;
mod notice_text;
pub mod order;
pub mod order_act;
mod order_form;
pub mod order_fulfil;
pub mod order_notice;
mod order_read;
mod order_record;
mod order_run;
pub mod organisation;
mod practice;
pub mod preparation;
pub mod purchase;
pub mod question;
pub mod report;
mod review;
mod roles;
mod saved_set;
mod saved_view;
mod self_check;
mod session;
mod sheet;
mod shortage;
mod sla;
pub mod stock;
pub mod supply;
mod supply_rules;
pub mod table;
pub mod task;
pub mod task_act;
mod task_batch;
mod task_choice;
pub mod view_as;
pub mod warehouse;
pub mod watch;
pub mod work;
pub mod workbench;
pub mod workload;

use crate::server::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every operation below `/api/v1`, with its documentation.
pub fn api() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().merge(orders()).merge(tasks()).merge(company()).merge(figures()).merge(flows())
}

fn orders() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(session::create_session, session::end_session))
        .routes(routes!(session::change_password))
        .routes(routes!(practice::start_practice, practice::end_practice))
        .routes(routes!(view_as::start_view))
        .routes(routes!(view_as::end_view))
        .routes(routes!(me::read_me, me::set_language))
        .routes(routes!(workbench::read_workbench))
        .routes(routes!(workload::read_workload))
        .routes(routes!(order_read::list_orders, order::place_order))
        .routes(routes!(order::check_order))
        .routes(routes!(order_read::read_order, order::edit_order))
        .routes(routes!(order_read::read_timeline))
        .routes(routes!(sheet::print_open_orders))
        .routes(routes!(sheet::print_blank_order))
        .routes(routes!(order_read::explain_order))
        .routes(routes!(supply::read_supply))
        .routes(routes!(exchange::list_exchanges))
        .routes(routes!(order_act::submit_order))
        .routes(routes!(order_act::cancel_order))
        .routes(routes!(order_act::recall_order))
        .routes(routes!(order_act::acknowledge_copy))
        .routes(routes!(order_act::hold_order))
        .routes(routes!(order_act::resume_order))
        .routes(routes!(order_act::comment_order))
        .routes(routes!(change::list_order_changes, change::request_change))
        .routes(routes!(change::list_changes))
        .routes(routes!(change::copy_order))
        .routes(routes!(change::preview_change))
        .routes(routes!(change::take_change))
        .routes(routes!(change::reject_change))
        .routes(routes!(change::withdraw_change))
        .routes(routes!(change::watch_order))
        .routes(routes!(issue::explain_loss))
        .routes(routes!(question::ask_question))
        .routes(routes!(question::answer_question))
        .routes(routes!(question::withdraw_question))
}

fn tasks() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(notice_rules::read_notice_rules, notice_rules::put_notice_rules))
        .routes(routes!(task::list_tasks))
        .routes(routes!(task_choice::list_task_choices))
        .routes(routes!(shortage::list_shortages))
        .routes(routes!(task::read_task))
        .routes(routes!(task::claim_task))
        .routes(routes!(task_act::transfer_task))
        .routes(routes!(task_act::add_signer))
        .routes(routes!(task_act::remove_signer))
        .routes(routes!(task_act::urge_task))
        .routes(routes!(task_act::press_button))
        .routes(routes!(task_act::reassign_task))
        .routes(routes!(task_act::return_task))
        .routes(routes!(task_act::delegate_task))
        .routes(routes!(task_act::give_back_task))
        .routes(routes!(task_act::hold_task))
        .routes(routes!(task_act::resume_task))
        .routes(routes!(task_act::send_copy))
        .routes(routes!(task_act::withdraw_decision))
        .routes(routes!(task_act::write_fields))
        .routes(routes!(task_act::tick_point))
        .routes(routes!(task_act::see_task))
        .routes(routes!(task_batch::decide_tasks))
        .routes(routes!(attachment::attach_file))
        .routes(routes!(attachment::fetch_attachment))
        .routes(routes!(order_run::choose_people))
        .routes(routes!(order_run::record_answer))
        .routes(routes!(order_run::send_answer_code))
        .routes(routes!(order_run::signal_event))
        .routes(routes!(order_run::intervene))
        .routes(routes!(order_notice::preview_notice))
        .routes(routes!(order_notice::send_notice))
        .routes(routes!(order_fulfil::ship_order))
        .routes(routes!(supply::settle_promise))
        .routes(routes!(order_fulfil::record_payment))
        .routes(routes!(order_fulfil::reverse_payment))
        .routes(routes!(order_fulfil::record_invoice))
        .routes(routes!(order_fulfil::correct_invoice))
        .routes(routes!(order_fulfil::record_complaint))
        .routes(routes!(order_fulfil::answer_complaint))
        .routes(routes!(order_fulfil::close_complaint))
        .routes(routes!(order_fulfil::list_receivables))
        .routes(routes!(order_record::list_shipments))
        .routes(routes!(order_record::list_invoices))
        .routes(routes!(order_record::list_payments))
        .routes(routes!(order_record::list_complaints))
        .routes(routes!(leaver::hand_over_tasks))
        .routes(routes!(exception::list_exceptions))
        .routes(routes!(issue::report_issue))
        .routes(routes!(family::split_order))
        .routes(routes!(family::merge_orders))
        .routes(routes!(late_product::preview_late_product))
        .routes(routes!(late_product::postpone_product))
        .routes(routes!(exception::take_exception))
        .routes(routes!(exception::close_exception))
        .routes(routes!(task::decide_task))
}

fn company() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(master::list_customers, master_write::put_customers))
        .routes(routes!(credit::read_credit))
        .routes(routes!(credit::grant_limit))
        .routes(routes!(warehouse::list_warehouses, warehouse::put_warehouses))
        .routes(routes!(credit_group::list_credit_groups, credit_group::put_credit_groups))
        .routes(routes!(credit_group::list_rates, credit_group::put_rates))
        .routes(routes!(master::list_products, master_write::put_products))
        .routes(routes!(master::list_prices, master_write::put_prices))
        .routes(routes!(clause::list_clauses, clause::put_clauses))
        .routes(routes!(connector::list_connectors))
        .routes(routes!(connector::read_connector, connector::put_connector))
        .routes(routes!(stock::list_stock))
        .routes(routes!(master_write::feed_stock))
        .routes(routes!(stock::list_stock_movements, stock::move_stock))
        .routes(routes!(stock::put_stock_levels))
        .routes(routes!(supply_rules::read_supply_rules, supply_rules::put_supply_rules))
        .routes(routes!(hand_rules::read_hand_rules, hand_rules::put_hand_rules))
        .routes(routes!(stock::read_atp))
        .routes(routes!(preparation::list_preparation))
        .routes(routes!(purchase::list_purchases, purchase::put_purchases))
        .routes(routes!(purchase::receive_purchases))
        .routes(routes!(bom::list_boms, bom::put_boms))
        .routes(routes!(work::list_work_centres, work::put_work_centres))
        .routes(routes!(work::list_work_orders, work::put_work_orders))
        .routes(routes!(work::finish_work))
        .routes(routes!(master::list_users, master_write::put_users))
        .routes(routes!(master::list_departments))
        .routes(routes!(master::list_colleagues))
        .routes(routes!(organisation::read_dependence))
        .routes(routes!(organisation::read_organisation, organisation::put_organisation))
        .routes(routes!(order_form::read_order_form, order_form::put_order_form))
        .routes(routes!(order_form::read_order_form_schema))
        .routes(routes!(issue::read_issue_types, issue::put_issue_types))
        .routes(routes!(sla::read_sla, sla::put_sla))
        .routes(routes!(channel::read_channels, channel::put_channels))
        .routes(routes!(cancel::read_cancel_reasons, cancel::put_cancel_reasons))
        .routes(routes!(calendar::read_calendars))
        .routes(routes!(calendar::read_deadline))
        .routes(routes!(calendar::read_company_calendar, calendar::put_company_calendar))
        .routes(routes!(calendar::read_department_calendar, calendar::put_department_calendar))
        .routes(routes!(calendar::read_person_calendar, calendar::put_person_calendar))
        .routes(routes!(absence::list_leave, absence::record_leave))
        .routes(routes!(absence::end_leave))
        .routes(routes!(absence::list_delegations, absence::create_delegation))
        .routes(routes!(absence::end_delegation))
        .routes(routes!(saved_view::read_views, saved_view::put_views))
        .routes(routes!(notice::list_notices))
        .routes(routes!(feedback::give_feedback, feedback::list_feedback))
        .routes(routes!(feedback::count_feedback))
        .routes(routes!(feedback::answer_feedback))
        .routes(routes!(feedback::close_feedback))
        .routes(routes!(self_check::list_self_checks, self_check::run_self_check))
        .routes(routes!(self_check::read_self_check_rules, self_check::put_self_check_rules))
        .routes(routes!(roles::list_roles, roles::put_roles))
        .routes(routes!(notice::read_notices))
}

fn figures() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(report::read_overview))
        .routes(routes!(report::read_lost_orders))
        .routes(routes!(report::read_speed))
        .routes(routes!(report::list_report_orders))
        .routes(routes!(report::export_report_orders))
        .routes(routes!(board::read_board_choices))
        .routes(routes!(board::read_sla_board))
        .routes(routes!(board::read_quality_board))
        .routes(routes!(board::read_operations_board))
        .routes(routes!(board_rows::list_report_tasks))
        .routes(routes!(board_rows::export_report_tasks))
        .routes(routes!(board_rows::list_happenings))
        .routes(routes!(board_rows::export_happenings))
        .routes(routes!(hand_over::read_hand_overs))
        .routes(routes!(hand_over::list_hand_overs))
        .routes(routes!(hand_over::export_hand_overs))
        .routes(routes!(digest::read_digests, digest::put_digests))
        .routes(routes!(notice_text::read_notice_texts, notice_text::put_notice_texts))
        .routes(routes!(notice_text::preview_notice_text))
        .routes(routes!(review::list_reviews))
        .routes(routes!(review::read_review, review::put_review))
        .routes(routes!(review::print_review))
        .routes(routes!(event_log::export_xes))
        .routes(routes!(event_log::export_ocel))
        .routes(routes!(report::read_figure_targets, report::put_figure_targets))
}

fn flows() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(flow::list_flows))
        .routes(routes!(flow::read_flow))
        .routes(routes!(flow::read_flow_version))
        .routes(routes!(flow::draw_flow))
        .routes(routes!(flow::write_flow_sop))
        .routes(routes!(flow::write_flow_bpmn))
        .routes(routes!(flow::compare_flows))
        .routes(routes!(flow_draft::read_flow_draft, flow_draft::save_flow_draft))
        .routes(routes!(saved_set::read_saved_sets, saved_set::put_saved_sets))
        .routes(routes!(flow_design::read_flow_vocabulary))
        .routes(routes!(flow_design::read_flow_overview))
        .routes(routes!(flow_design::inspect_flow))
        .routes(routes!(flow_design::try_flow))
        .routes(routes!(flow_play::play_flow))
        .routes(routes!(flow_draft::check_flow))
        .routes(routes!(flow_draft::replay_flow))
        .routes(routes!(flow_release::publish_flow))
        .routes(routes!(flow_release::read_release))
        .routes(routes!(flow_release::approve_release))
        .routes(routes!(flow_release::withdraw_release))
        .routes(routes!(flow_release::disable_flow))
        .routes(routes!(flow_migrate::plan_migration, flow_migrate::migrate_flow))
        .routes(routes!(flow_migrate::undo_migration))
        .routes(routes!(audit::search_audit))
        .routes(routes!(audit::verify_audit))
        .routes(routes!(audit::take_evidence))
        .routes(routes!(intake::list_intake))
        .routes(routes!(events::watch_events))
}
