//! Rules for the products of both modules: prices and mails.

use super::{Report, Severity, Shop};
use crate::text::plain;
use crate::whmcs::catalog::Sold;

pub fn compare(shop: &Shop, sold: &Sold, report: &mut Report) {
    let priced = usize::try_from(sold.priced_currencies).unwrap_or(usize::MAX);
    if !sold.is_free && priced < shop.currencies {
        let what = format!(
            "It has price rows for {priced} of {} currencies, so WHMCS shows customers with another one no price.",
            shop.currencies
        );
        let advice = "Open its tab Pricing and save it.";
        report.of_sold(Severity::Fault, sold, what, advice);
    }
    if sold.welcome_mail > 0 {
        welcome_mail(shop, sold, report);
    }
}

fn welcome_mail(shop: &Shop, sold: &Sold, report: &mut Report) {
    let mut templates = shop.templates.iter();
    let found = templates.find(|template| template.id == sold.welcome_mail);
    let what = match found {
        Some(template) if template.is_enabled => return,
        Some(template) => format!(
            "Its welcome mail {} is disabled, so customers get none.",
            plain(&template.name)
        ),
        None => "Its welcome mail is not in WHMCS any more, so customers get none.".to_owned(),
    };
    let advice = "Choose another Welcome Email in its tab Details, or enable the template.";
    report.of_sold(Severity::Fault, sold, what, advice);
}

/// A mail template that a module setting names; it may be there in several languages.
pub fn named_mail(shop: &Shop, sold: &Sold, setting: &str, name: &str, report: &mut Report) {
    let found = shop.templates.iter();
    let mut found = found.filter(|template| template.is_of_products && template.name == name);
    let why = match found.next() {
        None => "is no mail template for products in WHMCS",
        Some(first) if first.is_enabled || found.any(|other| other.is_enabled) => return,
        Some(_) => "is disabled",
    };
    let what = format!(
        "{} of the setting {setting} {why}, so that mail is never sent.",
        plain(name)
    );
    let advice = "Choose another one in its Module Settings, or enable it.";
    report.of_sold(Severity::Fault, sold, what, advice);
}
