//! What steps say that no person decides and that change or reach something: data, other systems, other flows.

use super::Speaker;
use crate::doc::{ConnectorSettings, NodeKind, StockAction, SubflowPer, SubflowSettings};
use crate::rule::Operand;

impl Speaker<'_> {
    pub(super) fn of_outward(&self, kind: &NodeKind, key: &str) -> Option<String> {
        match kind {
            NodeKind::UpdateData { assign, .. } if key == "assign" && !assign.is_empty() => {
                Some(self.assignments(assign))
            }
            NodeKind::UpdateData { stock: Some(action), .. } if key == "stock" => Some(self.stock(*action)),
            NodeKind::ConnectorCall(call) => self.of_call(call, key),
            NodeKind::Subflow(subflow) => self.of_subflow(subflow, key),
            _ => None,
        }
    }

    pub(super) fn stock(&self, action: StockAction) -> String {
        self.word(match action {
            StockAction::Reserve => "card.stock_reserve",
            StockAction::Release => "card.stock_release",
        })
    }

    fn of_call(&self, call: &ConnectorSettings, key: &str) -> Option<String> {
        let pair = |(name, field): (&String, &String)| {
            self.say("sop.pair", &[("label", &self.field(field, false)), ("value", name)])
        };
        Some(match key {
            "connector" => self.name("connector", &call.connector),
            "operation" => self.name(&format!("operation.{}", call.connector), &call.operation),
            "request" if !call.request.is_empty() => self.list(call.request.iter().map(pair)),
            "response" if !call.response.is_empty() => {
                self.list(call.response.iter().map(|(field, name)| pair((name, field))))
            }
            "timeout_seconds" => self.say("seconds", &[("n", &call.timeout_seconds?.to_string())]),
            _ => return None,
        })
    }

    fn of_subflow(&self, subflow: &SubflowSettings, key: &str) -> Option<String> {
        Some(match key {
            "per" => self.word(match subflow.per {
                SubflowPer::Order => "per.order",
                SubflowPer::Line => "per.line",
                SubflowPer::Warehouse => "per.warehouse",
            }),
            "input" if !subflow.input.is_empty() => {
                self.list(subflow.input.iter().map(|(field, value)| self.handed(field, value)))
            }
            "output" if !subflow.output.is_empty() => {
                self.list(subflow.output.iter().map(|(inner, outer)| {
                    let from = self.field(inner, false);
                    self.say("sop.pair", &[("label", &self.field(outer, false)), ("value", &from)])
                }))
            }
            _ => return None,
        })
    }

    fn handed(&self, field: &str, value: &Operand) -> String {
        let value = self.operand(value, false);
        self.say("op.eq", &[("field", &self.field(field, false)), ("value", &value)])
    }
}
