//! The facts of an order that flow rules may use: one schema, filled from the order and its checks.

use ordain_domain::finding::{Check, Code, Severity};
use ordain_domain::order::Order;
use ordain_flow::rule::{FactSchema, Facts, FieldDef, FieldType, FindingFact, Value};
use rust_decimal::Decimal;
use std::sync::{Arc, LazyLock};

type Words = (&'static str, FieldType, &'static str, &'static str, bool);

/// Name, type, labels and whether the field may be empty. The order is the index in [`Facts`].
fn order_fields() -> Vec<Words> {
    use FieldType::{Bool, Choice, Money, Number, Text};
    vec![
        ("amount", Money, "含税金额", "Amount incl. tax", true),
        ("net_amount", Money, "未税金额", "Amount excl. tax", true),
        ("currency", Choice(Vec::new()), "币种", "Currency", true),
        ("channel", Choice(Vec::new()), "渠道", "Channel", false),
        ("order_type", Choice(Vec::new()), "订单类型", "Order type", false),
        ("customer", Choice(Vec::new()), "客户", "Customer", true),
        ("customer_level", Choice(Vec::new()), "客户等级", "Customer level", true),
        ("payment_terms", Text, "付款条件", "Payment terms", true),
        ("special_terms", Bool, "条款偏离", "Terms deviation", false),
        ("special_request", Bool, "特殊要求", "Special request", false),
        ("price_differs", Bool, "价格偏离", "Price deviation", false),
        ("stock_short", Bool, "库存不足", "Stock short", false),
        ("credit_exceeded", Bool, "超信用额度", "Credit exceeded", false),
        ("line_count", Number, "行数", "Number of lines", false),
        ("revision", Number, "修订版", "Revision", false),
    ]
}

fn line_fields() -> Vec<Words> {
    use FieldType::{Bool, Choice, Money, Number};
    vec![
        ("product", Choice(Vec::new()), "商品", "Product", true),
        ("quantity", Number, "数量", "Quantity", true),
        ("unit_price", Money, "单价", "Unit price", true),
        ("amount", Money, "行金额", "Line amount", true),
        ("short", Bool, "缺货", "Short", false),
    ]
}

/// The schema that every flow document is compiled against.
pub static SCHEMA: LazyLock<FactSchema> = LazyLock::new(|| {
    let field = |line: bool| {
        move |(name, kind, zh, en, may_be_empty): Words| FieldDef {
            name: name.to_owned(),
            kind,
            zh: zh.to_owned(),
            en: en.to_owned(),
            line,
            may_be_empty,
        }
    };
    let order = order_fields().into_iter().map(field(false));
    FactSchema::new(order.chain(line_fields().into_iter().map(field(true))).collect())
});

/// Names of checks and codes, shared so that facts are built without copying text.
static CHECKS: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Check::ALL.iter().map(|c| Arc::from(c.name())).collect());
static CODES: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Code::ALL.iter().map(|c| Arc::from(c.name())).collect());

fn shared(names: &[Arc<str>], at: usize) -> Arc<str> {
    names.get(at).cloned().unwrap_or_else(|| Arc::from(""))
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, |text| Value::Text(Arc::from(text)))
}

fn scaled(value: Option<i64>, places: u32) -> Value {
    value.map_or(Value::Null, |value| Value::Number(Decimal::new(value, places)))
}

/// The facts of an order as its checks left it.
pub fn of(order: &Order) -> Facts {
    let checked = &order.checked;
    let has = |code: Code| Value::Bool(checked.findings.iter().any(|finding| finding.code == code));
    let money = |pick: fn(&ordain_domain::check::Totals) -> i64| {
        checked.totals.as_ref().map_or(Value::Null, |totals| {
            Value::Number(Decimal::new(pick(totals), totals.currency.exponent()))
        })
    };
    let customer = checked.customer.as_ref();
    let fields = vec![
        money(|totals| totals.gross),
        money(|totals| totals.net),
        text(order.content.currency.as_deref()),
        text(Some(&order.channel)),
        text(Some(&order.content.order_type)),
        text(customer.map(|customer| customer.code.as_str())),
        text(customer.and_then(|customer| customer.level.as_deref())),
        text(order.content.payment_terms.as_deref()),
        has(Code::TermsDiffer),
        has(Code::SpecialRequest),
        has(Code::PriceDiffers),
        has(Code::StockShort),
        has(Code::CreditExceeded),
        Value::Number(Decimal::from(order.content.lines.len())),
        Value::Number(Decimal::from(order.revision)),
    ];
    Facts { fields, lines: lines(order), findings: findings(order) }
}

fn lines(order: &Order) -> Vec<Vec<Value>> {
    let exponent = order.checked.totals.as_ref().map_or(2, |totals| totals.currency.exponent());
    let row = |(asked, checked): (&ordain_domain::order::Line, &ordain_domain::check::CheckedLine)| {
        let short =
            checked.qty_milli.is_some_and(|qty| checked.available_milli.is_some_and(|free| free < qty));
        vec![
            text(asked.product.as_deref()),
            scaled(checked.qty_milli, 3),
            scaled(checked.price_e4, 4),
            scaled(checked.amount_minor, exponent),
            Value::Bool(short),
        ]
    };
    order.content.lines.iter().zip(&order.checked.lines).map(row).collect()
}

fn findings(order: &Order) -> Vec<FindingFact> {
    let fact = |finding: &ordain_domain::finding::Finding| FindingFact {
        check: shared(&CHECKS, finding.code.check() as usize),
        code: shared(&CODES, finding.code as usize),
        open: order.is_open(finding),
        sender: finding.code.severity() == Severity::Blocker,
    };
    order.checked.findings.iter().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_names_stand_where_the_enums_say() {
        assert!(Check::ALL.iter().all(|check| &*shared(&CHECKS, *check as usize) == check.name()));
        assert!(Code::ALL.iter().all(|code| &*shared(&CODES, *code as usize) == code.name()));
    }
}
