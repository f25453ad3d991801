//! The page as it was last shown, kept for a minute, and longer for visitors while the server cannot be reached.
//!
//! It is used only while the account, its server, its customer and the product's settings are the same, and no operation on
//! the service has begun or ended since.

use std::time::Instant;

use super::page_data::PageData;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::pages::{self, PageKey};
use crate::error::Error;
use crate::hash::sha256;

/// Which fields a kept page has.
pub(super) const SHAPE: u16 = 2;

/// A longer page is read anew each time: it is one of thousands of protected items.
const LONGEST: usize = 400_000;

/// What is known of earlier pages, before the server is asked.
pub(super) struct Earlier {
    identity: String,
    /// `None` where nothing can be kept.
    mark: Option<String>,
    looked_at: Instant,
    /// Read in the last minute.
    pub is_recent: bool,
    pub page: Option<PageData>,
}

/// Finds what is kept of the page. One round trip to the database.
pub(super) fn find(session: &mut AccountSession<'_>, account: &Account) -> Earlier {
    let looked_at = Instant::now();
    let identity = identity(session, account);
    let key = key(session, account, &identity);
    let found = pages::find(&mut session.database, MODULE, &key);
    let (mark, kept) = found.map_or((None, None), |(mark, kept)| (Some(mark), kept));
    let is_recent = kept.as_ref().is_some_and(|kept| kept.is_recent);
    let page = kept.and_then(|kept| {
        let page: PageData = serde_json::from_str(&kept.document).ok()?;
        Some(PageData {
            known_at: Some(kept.read_at),
            ..page
        })
    });
    Earlier {
        identity,
        mark,
        looked_at,
        is_recent,
        page,
    }
}

/// Keeps what was just read. One statement.
pub(super) fn keep(
    session: &mut AccountSession<'_>,
    account: &Account,
    earlier: &Earlier,
    page: &PageData,
) {
    let (Some(mark), Ok(document)) = (&earlier.mark, serde_json::to_string(page)) else {
        return;
    };
    if document.len() <= LONGEST {
        let key = key(session, account, &earlier.identity);
        let age = earlier.looked_at.elapsed().as_secs();
        pages::keep(&mut session.database, &key, mark, &document, age);
    }
}

/// Removes it: the server says that the account is not this one any more.
pub(super) fn forget(session: &mut AccountSession<'_>, account: &Account) -> Result<(), Error> {
    Ok(pages::end(&mut session.database, &[account.row])?)
}

fn key<'a>(session: &AccountSession<'_>, account: &Account, identity: &'a str) -> PageKey<'a> {
    PageKey {
        service_id: session.service.id,
        account: account.row,
        identity,
        shape: SHAPE,
    }
}

/// All that makes it this account of this customer, as this product shows it.
fn identity(session: &AccountSession<'_>, account: &Account) -> String {
    let service = session.service;
    let parts = [
        account.row.to_string(),
        account.username.clone(),
        account.creation_guid.clone().unwrap_or_default(),
        account.vault_id.clone().unwrap_or_default(),
        session.server.id.to_string(),
        session.server.base.clone(),
        service.client_id.to_string(),
        format!("{:?}", ModuleSettings::read(&service.options).vault_quota),
    ];
    sha256(&parts.join("\n"))
}
