//! The loaders of module settings 14 and 16: WHMCS's mail templates and ticket departments. No request.

use crate::cometbackup::MODULE;
use crate::cometbackup::account::customer_notice;
use crate::database::Database;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, mail, module_settings, open_database};

type Choices = Vec<(String, String)>;

const DELETION_NOTICE: usize = 14;
const BACKUP_NOTICE: usize = 16;

/// Returns none, and the mail templates for products.
pub fn mail_templates(host: &dyn Host) -> Result<Choices, Error> {
    with_templates(&mut open_database(host)?, Vec::new(), DELETION_NOTICE)
}

/// Returns none, a ticket in each department, and the mail templates for products.
pub fn notices(host: &dyn Host) -> Result<Choices, Error> {
    let mut database = open_database(host)?;
    let departments = mail::departments(&mut database)?.into_iter();
    let tickets = departments.map(|(id, name)| {
        (
            format!("{}{id}", customer_notice::TICKET),
            format!("Open a ticket: {}", plain(&name)),
        )
    });
    let tickets = tickets.collect();
    with_templates(&mut database, tickets, BACKUP_NOTICE)
}

fn with_templates(
    database: &mut Database,
    mut others: Choices,
    setting: usize,
) -> Result<Choices, Error> {
    let mut choices = vec![(String::new(), "None".to_owned())];
    choices.append(&mut others);
    for name in mail::templates(database)? {
        let label = plain(&name);
        choices.push((name, label));
    }
    // What is stored stays selectable, or the next save would change the product.
    for stored in module_settings::of_position(database, MODULE, setting)? {
        if !choices.iter().any(|(value, _)| *value == stored) {
            let label = format!("{} (not in WHMCS, or disabled)", plain(&stored));
            choices.push((stored, label));
        }
    }
    Ok(choices)
}
