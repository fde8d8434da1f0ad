//! What the company of a story starts with, and the orders that are put to it.

use crate::company::{clean_order, line};
use ordain_app::admin::{CustomerItem, ProductItem, UserItem};
use ordain_domain::master::{Contact, InvoiceProfile, ShipTo};
use ordain_domain::order::Content;

/// Somebody by login, department and role.
pub(super) fn user((login, department, role): &(&str, &str, &str)) -> UserItem {
    UserItem {
        login: (*login).into(),
        name: Some(login.to_uppercase()),
        department: Some((*department).into()),
        roles: Some(vec![(*role).into()]),
        email: Some(format!("{login}@example.com")),
        ..UserItem::default()
    }
}

/// A customer with NET30, 200,000 of credit and an address for mail.
pub fn customer(code: &str) -> CustomerItem {
    let text = |text: &str| Some(text.to_owned());
    CustomerItem {
        code: code.into(),
        name: text("华东贸易"),
        level: text("A"),
        credit_limit: text("200000.00"),
        currency: text("CNY"),
        payment_terms: text("NET30"),
        ship_to: Some(vec![ShipTo {
            name: text("张三"), phone: text("13900000000"), address: text("上海")
        }]),
        invoice: Some(InvoiceProfile {
            title: text("华东贸易"),
            tax_no: text("91310000DEM000001H"),
            kind: text("vat_special"),
            ..InvoiceProfile::default()
        }),
        contacts: Some(vec![Contact {
            name: "张三".into(),
            email: text("zhang@example.com"),
            phone: None,
            role: None,
        }]),
        ..CustomerItem::default()
    }
}

pub fn product(code: &str, list_price: &str, tax_rate: &str) -> ProductItem {
    ProductItem {
        code: code.into(),
        name: Some(format!("产品 {code}")),
        unit: Some("pcs".into()),
        tax_rate: Some(tax_rate.into()),
        list_price: Some(list_price.into()),
        ..ProductItem::default()
    }
}

/// An order that nothing is wrong with but these lines.
pub fn order_of(po: &str, lines: &[(&str, &str, &str)]) -> Content {
    let lines =
        lines.iter().zip(1..).map(|((product, quantity, price), id)| line(id, product, quantity, price));
    Content { customer_po: Some(po.to_owned()), lines: lines.collect(), ..clean_order() }
}
