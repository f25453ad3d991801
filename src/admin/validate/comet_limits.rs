//! Configurable options and custom fields of Comet products: names that are read, types, and prices. No request.

use super::{Report, Severity, Shop};
use crate::admin::comet::options::FIELDS;
use crate::cometbackup::account::quotas::OPTIONS;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::storage_template::OPTION as TEMPLATE;
use crate::text::plain;
use crate::whmcs::catalog::Sold;
use crate::whmcs::catalog::fields::StoredField;
use crate::whmcs::catalog::options::{OptionKind, StoredOption};

/// Forms of one limit, of which the first counts.
const TWICE: [(&str, &str); 2] = [
    ("protected_item_quota_gb", "protected_item_quota_tb"),
    ("storage_vault_quota_gb", "storage_vault_quota_tb"),
];

pub fn options(
    shop: &Shop,
    sold: &Sold,
    settings: &ModuleSettings,
    options: &[StoredOption],
    report: &mut Report,
) {
    for option in options {
        of_option(shop, sold, option, report);
    }
    let has = |name: &str| options.iter().any(|option| option.name == name);
    if !OPTIONS.iter().any(|name| has(name)) {
        let what = "It has none of the configurable options that are limits, so accounts get no limit from WHMCS.";
        let advice = "Create options and fields on the page Comet does it, if limits are sold.";
        report.of_sold(Severity::Note, sold, what, advice);
    }
    for (gigabytes, terabytes) in TWICE {
        if has(gigabytes) && has(terabytes) {
            let what = format!(
                "It has both {gigabytes} and {terabytes}: where the first is not 0, the second counts for nothing."
            );
            let advice = "Hide one of both.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
    }
    let sells_storage = has("storage_vault_quota_gb") || has("storage_vault_quota_tb");
    if sells_storage && settings.storage_template.is_none() && !has(TEMPLATE) {
        let what = "It sells a quota of a storage vault, and no storage template is set, so accounts get no vault from WHMCS that it could be for.";
        let advice = "Choose a Storage Vault in its Module Settings.";
        report.of_sold(Severity::Note, sold, what, advice);
    }
}

fn of_option(shop: &Shop, sold: &Sold, option: &StoredOption, report: &mut Report) {
    let name = option.name.as_str();
    if name == TEMPLATE {
        if option.kind != OptionKind::Choices {
            let what = format!(
                "The configurable option {TEMPLATE} is not of the type dropdown or radio, so no storage template can be chosen."
            );
            let advice =
                "Make it a dropdown whose choices begin with the ids of storage templates.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        return;
    }
    if !OPTIONS.contains(&name) {
        if let Some(meant) = OPTIONS.iter().find(|known| is_like(name, known)) {
            let what = format!(
                "The configurable option {} is not read: its name has to be {meant}.",
                plain(name)
            );
            let advice =
                "Write the name before the bar exactly so, as in number_of_devices|Devices.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        return;
    }
    if option.kind != OptionKind::Quantity {
        let what = format!(
            "The configurable option {name} is not of the type quantity, so it may not be a number."
        );
        let advice = "Make it of the type quantity.";
        report.of_sold(Severity::Fault, sold, what, advice);
    }
    let priced = usize::try_from(option.priced_currencies).unwrap_or(usize::MAX);
    if option.choices == 0 {
        let what = format!(
            "The configurable option {name} has no choice to give a number of, so customers cannot order it."
        );
        let advice = "Add one, such as GB, in the option's window.";
        report.of_sold(Severity::Fault, sold, what, advice);
    } else if priced < shop.currencies {
        let what = format!(
            "The configurable option {name} has prices for {priced} of {} currencies.",
            shop.currencies
        );
        let advice = "Open the option and save it.";
        report.of_sold(Severity::Fault, sold, what, advice);
    }
    if option.is_hidden {
        let what =
            format!("The configurable option {name} is hidden, so customers cannot order it.");
        let advice = "That is right where staff set it; else show it.";
        report.of_sold(Severity::Note, sold, what, advice);
    }
}

pub fn fields(sold: &Sold, fields: &[StoredField], report: &mut Report) {
    for field in fields {
        let name = field.name.as_str();
        let Some(known) = FIELDS.iter().find(|known| known.name == name) else {
            if let Some(meant) = FIELDS.iter().find(|known| is_like(name, known.name)) {
                let what = format!(
                    "The custom field {} is not read: its name has to be {}.",
                    plain(name),
                    meant.name
                );
                let advice = "Write the name before the bar exactly so.";
                report.of_sold(Severity::Fault, sold, what, advice);
            }
            continue;
        };
        if field.kind != known.kind && field.kind != "text" {
            let what = format!(
                "The custom field {name} is of the type {}, and holds a text.",
                plain(&field.kind)
            );
            let advice = "Make Username a text box and Password a password.";
            report.of_sold(Severity::Fault, sold, what, advice);
        } else if field.kind != known.kind {
            let what = format!(
                "The custom field {name} is a text box, so what is typed can be read on the screen."
            );
            let advice = "Make it of the type password.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
        if field.rule.is_empty() && !field.is_admin_only {
            let what = format!(
                "The custom field {name} has no validation, so customers can enter what Comet refuses, after they have paid."
            );
            let advice = match name {
                "Username" => "Enter the validation /^[A-Za-z0-9_.@-]{6,}$/",
                _ => "Enter the validation /^.{8,}$/",
            };
            report.of_sold(Severity::Note, sold, what, advice);
        }
        if field.is_required && field.is_admin_only {
            let what = format!(
                "The custom field {name} is required, and only staff can fill it in, so customers may not be able to order."
            );
            let advice = "Take one of both ticks away.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
    }
}

/// Whether somebody meant the name: the same letters and digits, whatever their case and what is between them.
fn is_like(name: &str, known: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    name != known && letters(name) == letters(known)
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_name_that_was_meant_is_known_again() {
        for name in [
            "Number_of_devices",
            "number of devices",
            "NumberOfDevices",
            "number-of-devices",
        ] {
            assert!(is_like(name, "number_of_devices"), "{name}");
        }
        assert!(!is_like("number_of_devices", "number_of_devices"));
        assert!(!is_like("devices", "number_of_devices"));
    }
}
