//! From the columns a customer happens to use to orders with lines, losing nothing on the way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use ordain_connect::mapping::{Kind, Mapping, MappingProblem, OrderSheet, orders, records};
use ordain_connect::sheet::{self, Sheet};

fn table(text: &str) -> Sheet {
    sheet::read(text.as_bytes(), "a.csv").unwrap()
}

fn guessed(text: &str) -> OrderSheet {
    let sheet = table(text);
    orders(&sheet, &Mapping::guess(&sheet.header, Kind::Orders))
}

const SHEET: &str = "订单编号,客户编码,客户单号,ＳＫＵ,商品名称,数量(件),单价,要求交期,下单日期,颜色,备注\n\
    S1,C001,PO-1,SKU-1,螺栓,\"1,000\",￥12.50,2026/12/1,2026-11-20,红,加急\n\
    S1,C001,PO-1,SKU-2,螺母,２０,0.5,2026/12/1,2026-11-20,,加急\n\
    S2,C002,,SKU-1,螺栓,十件,12.50,尽快,,蓝,\n";

#[test]
fn rows_with_one_key_are_the_lines_of_one_order() {
    let found = guessed(SHEET);
    assert_eq!(found.orders.len(), 2);
    let first = &found.orders[0];
    assert_eq!((first.key.as_str(), &first.rows, first.lines.len()), ("S1", &vec![2, 3], 2));
    assert_eq!(first.fields["customer"], "C001");
    assert_eq!(first.fields["customer_po"], "PO-1");
    assert_eq!(first.fields["requested_date"], "2026-12-01");
    assert_eq!(first.fields["special_requests"], "加急");
    assert_eq!(first.extra["order_date"], "2026-11-20");
    assert_eq!(first.lines[0].fields["quantity"], "1000");
    assert_eq!(first.lines[0].fields["unit_price"], "12.50");
    assert_eq!(first.lines[1].fields["quantity"], "20");
    assert_eq!(first.lines[0].extra["颜色"], "红");
    assert!(first.conflicts.is_empty());
    assert_eq!(found.unmapped, ["颜色"]);
}

#[test]
fn what_cannot_be_brought_into_form_keeps_its_text() {
    let second = &guessed(SHEET).orders[1];
    assert_eq!(second.lines[0].fields["quantity"], "十件");
    assert_eq!(second.fields["requested_date"], "尽快");
}

#[test]
fn without_a_key_the_purchase_order_groups_and_without_that_nothing_does() {
    let by_po = guessed("客户,PO,货号,数量\nC1,7,A,1\nC1,7,B,2\nC2,7,A,1\n");
    assert_eq!(by_po.orders.iter().map(|order| order.rows.len()).collect::<Vec<_>>(), [2, 1]);
    let alone = guessed("客户,货号,数量\nC1,A,1\nC1,A,1\n");
    assert_eq!(alone.orders.iter().map(|order| order.key.as_str()).collect::<Vec<_>>(), ["row:2", "row:3"]);
}

#[test]
fn two_customers_under_one_key_are_a_conflict() {
    let found = guessed("订单号,客户,货号,数量\nS1,C1,A,1\nS1,C2,B,2\n");
    let conflict = &found.orders[0].conflicts[0];
    assert_eq!((conflict.row, conflict.field.as_str()), (3, "customer"));
    assert_eq!((conflict.kept.as_str(), conflict.found.as_str()), ("C1", "C2"));
}

#[test]
fn unreadable_rows_stay_beside_the_orders() {
    let found = guessed("订单号,客户,货号,数量\nS1,C1,A,1\nS2,\"C1,B,2\nS3,C1,C,3\n");
    assert_eq!(found.orders.iter().map(|order| order.key.as_str()).collect::<Vec<_>>(), ["S1", "S3"]);
    assert_eq!((found.problems[0].row, found.problems[0].code), (3, "broken_quotes"));
}

#[test]
fn columns_without_a_name_and_cells_past_the_header_are_kept() {
    let sheet = table("货号,,数量,x,x\nA,b,1,c,d,e\n");
    let found = orders(&sheet, &Mapping::guess(&sheet.header, Kind::Orders));
    let extra: Vec<(&str, &str)> =
        found.orders[0].lines[0].extra.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
    assert_eq!(extra, [("#2", "b"), ("#6", "e"), ("x", "c"), ("x #5", "d")]);
}

#[test]
fn a_saved_mapping_wins_and_its_faults_are_named_together() {
    let sheet = table("第一列,第二列\nA,3\n");
    let mapping = Mapping::parse(r#"{"fields": {"product": "第一列", "quantity": " 第二列 "}}"#).unwrap();
    assert!(mapping.check(&sheet.header, Kind::Orders).is_empty());
    assert_eq!(orders(&sheet, &mapping).orders[0].lines[0].fields["quantity"], "3");
    let bad =
        Mapping::parse(r#"{"fields": {"product": "没有", "colour": "第一列", "unit": "第一列"}}"#).unwrap();
    let problems = bad.check(&sheet.header, Kind::Orders);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.contains(&MappingProblem::UnknownField { field: "colour".to_owned() }));
    assert!(matches!(Mapping::parse("{"), Err(MappingProblem::UnreadableMapping { .. })));
    let saved = serde_json::to_string(&mapping).unwrap();
    assert_eq!(Mapping::parse(&saved).unwrap(), mapping);
}

#[test]
fn master_data_of_every_kind_is_recognised() {
    for (kind, text, field, value) in [
        (
            Kind::Customers,
            "客户编码,客户名称,信用额度,税号\nC1,广州机械,\"100,000\",91310000\n",
            "credit_limit",
            "100000",
        ),
        (Kind::Products, "货号,品名,单位,税率,标准价\nA,螺栓,件,0.13,￥9.90\n", "list_price", "9.90"),
        (Kind::Stock, "物料编码,仓库,现存量\nA,上海,12\n", "on_hand", "12"),
        (Kind::Prices, "SKU,客户等级,单价,起订量\nA,VIP,8.8,100\n", "min_quantity", "100"),
    ] {
        let sheet = table(text);
        let mapping = Mapping::guess(&sheet.header, kind);
        assert_eq!(mapping.fields.len(), sheet.header.len(), "{kind:?} {:?}", mapping.fields);
        assert_eq!(records(&sheet, &mapping, kind)[0].fields[field], value);
    }
}
