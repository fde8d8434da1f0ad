//! What is measured while the system runs, and that the dashboard and the alarms ask for what is measured.

use crate::company::{Company, answer, clean};
use std::collections::{BTreeMap, BTreeSet};

const DASHBOARD: &str = include_str!("../../../../deploy/grafana-dashboard.json");
const ALARMS: &str = include_str!("../../../../deploy/prometheus-alarms.yml");

/// Value by name and labels.
async fn measured(company: &Company) -> BTreeMap<String, f64> {
    let got = answer(company.client.get(format!("{}/metrics", company.base))).await;
    assert_eq!(got.status, 200);
    assert!(got.content_type.starts_with("application/openmetrics-text"), "{}", got.content_type);
    assert!(got.text.ends_with("# EOF\n"), "{}", got.text);
    let lines = got.text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, n)| (name.to_owned(), n.parse().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_and_what_was_done_is_measured() {
    let company = Company::open().await;
    let before = measured(&company).await;
    for n in 0..3 {
        company.place(&clean(&format!("PO-{n}"))).await;
    }
    let mut late = clean("PO-late");
    late["payment_terms"] = serde_json::json!("NET90");
    company.place(&late).await;
    let after = measured(&company).await;
    let gained = |name: &str| after[name] - before.get(name).copied().unwrap_or(0.0);
    assert!(gained("ordain_gate_commands_total") >= 4.0, "{after:?}");
    assert!(gained("ordain_gate_commits_total") >= 4.0);
    let timed = gained("ordain_gate_commit_duration_seconds_count");
    assert!(
        (timed - gained("ordain_gate_commits_total")).abs() <= 1.0,
        "one may be between the two: {after:?}"
    );
    assert_eq!(gained("ordain_http_requests_total{method=\"POST\",status=\"2xx\"}"), 4.0);
    assert_eq!((after["ordain_database_up"], after["ordain_read_only"]), (1.0, 0.0));
    assert_eq!(after["ordain_outbox_waiting{channel=\"mail\"}"], 3.0, "no mail server is set: {after:?}");
    assert!(after["ordain_database_size_bytes"] > 0.0);
    let text = answer(company.client.get(format!("{}/metrics", company.base))).await.text;
    assert!(!text.contains("C001") && !text.contains("PO-"), "no label names anybody");
}

/// Names of metrics that a text asks for.
fn asked(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("ordain_")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_and_the_alarms_ask_for_what_is_measured() {
    let company = Company::open().await;
    company.place(&clean("PO-1")).await;
    let known: BTreeSet<String> = measured(&company).await.into_keys().collect();
    let known: BTreeSet<&str> = known.iter().map(|name| name.split('{').next().unwrap()).collect();
    serde_json::from_str::<serde_json::Value>(DASHBOARD).unwrap();
    for (text, at_least) in [(DASHBOARD, 12), (ALARMS, 8)] {
        let asked = asked(text);
        let unknown: Vec<_> = asked.iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?} of {known:?}");
        assert!(asked.len() >= at_least, "{asked:?}");
    }
}
