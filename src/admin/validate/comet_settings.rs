//! Module settings of Comet products: mails that exist, and settings that contradict each other. No request.

use super::{Report, Severity, Shop, common};
use crate::cometbackup::account::customer_notice::TICKET;
use crate::cometbackup::account::extras;
use crate::cometbackup::account::settings::{Grace, ModuleSettings, Sells, Termination};
use crate::whmcs::Options;
use crate::whmcs::catalog::Sold;
use crate::whmcs::services::ProductRef;

/// Position of *Days without a good backup*.
const BACKUP_OVERDUE: usize = 15;

/// Whether each service of it has an account of its own.
pub fn has_account(sold: &Sold, settings: &ModuleSettings) -> bool {
    matches!(sold.definition, ProductRef::Product(_)) || settings.sells == Sells::Account
}

pub fn compare(
    shop: &Shop,
    sold: &Sold,
    options: &Options,
    departments: &[u32],
    report: &mut Report,
) {
    let settings = ModuleSettings::read(options);
    if !has_account(sold, &settings) {
        if let Err(error) = extras::per_unit(&settings.adds) {
            let advice = "Correct What one unit adds in its Module Settings.";
            report.of_sold(Severity::Fault, sold, error.for_staff(""), advice);
        }
        return;
    }
    deletion(shop, sold, &settings, report);
    notice(shop, sold, options, (&settings, departments), report);
    if !settings.adds.is_empty() {
        let what = "What one unit adds is filled in, and it sells an account of its own, so that is not read.";
        let advice =
            "Empty the setting, or set As a product addon to More for the account of its service.";
        report.of_sold(Severity::Note, sold, what, advice);
    }
}

fn deletion(shop: &Shop, sold: &Sold, settings: &ModuleSettings, report: &mut Report) {
    let keeps = settings.termination == Termination::SuspendAndKeep;
    match settings.grace {
        Grace::Unreadable => {
            let what =
                "Delete after is no number of days, so terminated accounts are never deleted.";
            let advice = "Enter a whole number in its Module Settings; 0 deletes at once.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        Grace::Days(_) if keeps => {
            let what = "Delete after is set, and Termination suspends the account and keeps it, so nothing is ever deleted.";
            let advice = "Set one of both otherwise in its Module Settings.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
        _ => {}
    }
    if let Some(mail) = settings.deletion_notice.as_deref() {
        common::named_mail(shop, sold, "Mail before the deletion", mail, report);
        if keeps || settings.grace == Grace::None {
            let what = "Mail before the deletion is set, and no account is deleted later than at once, so it is never sent.";
            let advice = "Enter days in Delete after, or choose no mail.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
    }
    if keeps && settings.uninstall {
        let what = "Uninstall on termination is on, and Termination keeps the account, so no device is asked to uninstall.";
        let advice = "Set one of both otherwise in its Module Settings.";
        report.of_sold(Severity::Note, sold, what, advice);
    }
}

fn notice(
    shop: &Shop,
    sold: &Sold,
    options: &Options,
    (settings, departments): (&ModuleSettings, &[u32]),
    report: &mut Report,
) {
    let typed = options.at(BACKUP_OVERDUE).map_or("", str::trim);
    if settings.backup_overdue.is_none() && !matches!(typed, "" | "0") {
        let what = "Days without a good backup is no number of days, so the notice is never sent.";
        let advice = "Enter a whole number in its Module Settings; 0 is never.";
        report.of_sold(Severity::Fault, sold, what, advice);
    }
    match (settings.backup_overdue, settings.backup_notice.as_deref()) {
        (Some(_), None) => {
            let what = "Days without a good backup is set, and Notice of failing backups names nothing to send.";
            let advice = "Choose a mail template or a department there.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
        (None, Some(_)) if matches!(typed, "" | "0") => {
            let what = "Notice of failing backups is chosen, and Days without a good backup is 0, so it is never sent.";
            let advice = "Enter days, or choose no notice.";
            report.of_sold(Severity::Note, sold, what, advice);
        }
        _ => {}
    }
    let Some(way) = settings.backup_notice.as_deref() else {
        return;
    };
    match way.strip_prefix(TICKET) {
        None => common::named_mail(shop, sold, "Notice of failing backups", way, report),
        Some(id) => {
            let is_there = departments.iter().any(|known| known.to_string() == id);
            if !is_there {
                let what = "The ticket department of Notice of failing backups is not in WHMCS, so the notice is never sent.";
                let advice = "Choose another one in its Module Settings.";
                report.of_sold(Severity::Fault, sold, what, advice);
            }
        }
    }
}
