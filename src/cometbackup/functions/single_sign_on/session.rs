//! A session at Comet for a ticket: who may redeem the ticket, once, and the request that opens the session. One request
//! for staff, two for a customer.

use serde::Deserialize;

use super::ticket::{Ticket, not_active, origin, too_old, unknown};
use crate::cometbackup::TEXTS;
use crate::cometbackup::comet::api::{Api, Call, Field, field};
use crate::cometbackup::comet::product_name;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::version::SESSIONS_OF_USERS;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::server_facts;
use crate::cometbackup::tables::sign_ons::{self, SignOn, SignOnKind, StoredTicket};
use crate::database::Database;
use crate::error::Error;
use crate::json::object;
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::whmcs::servers::{self, StoredServer};
use crate::whmcs::{Caller, Host, Visitor, open_database, services};

/// What the page hands to Comet's web interface.
pub struct BrowserSession {
    pub kind: SignOnKind,
    /// Scheme, host and port as browsers write them.
    pub origin: String,
    pub username: String,
    /// What the host calls the product.
    pub product_name: String,
    pub session_key: Secret<String>,
}

/// A ticket that was right: the session may be opened.
struct RedeemedTicket {
    /// `None`: the server's administrator.
    account: Option<Account>,
    server: StoredServer,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Started {
    session_key: String,
}

/// Redeems the ticket and opens the session. Without a login to WHMCS, or without what looks like a ticket, no table is
/// read and nothing is logged, so that strangers cost nothing.
pub fn open(
    host: &dyn Host,
    visitor: Visitor,
    ticket: Option<String>,
) -> Result<BrowserSession, Error> {
    if Caller::TicketHolder.admits(visitor) != Some(true) {
        return Err(Caller::TicketHolder.refusal(Some(&TEXTS)));
    }
    let ticket = ticket.and_then(Ticket::read).ok_or_else(unknown)?;
    let found = sign_ons::find(&mut open_database(host)?, &ticket.hash)?.ok_or_else(unknown)?;
    let session = redeem(host, &found, visitor).and_then(|redeemed| start(host, redeemed));
    if let Err(error) = &session {
        host.log_activity(format!("Comet Backup sign-on: {error}"));
    }
    session
}

/// Checks whose the ticket is and what for. It cannot be used again.
fn redeem(
    host: &dyn Host,
    found: &StoredTicket,
    visitor: Visitor,
) -> Result<RedeemedTicket, Error> {
    let mut database = open_database(host)?;
    let asked = found.asked;
    let same = (asked.admin_id != 0 && asked.admin_id == visitor.admin_id)
        || (asked.client_id != 0 && asked.client_id == visitor.client_id);
    if !same {
        return Err(TEXTS.error("sign_on.of_another", &[]));
    }
    if found.is_expired {
        return Err(TEXTS.error("sign_on.expired", &[]));
    }
    if found.is_used || !sign_ons::take(&mut database, found.row)? {
        return Err(TEXTS.error("sign_on.used", &[]));
    }
    let account = match asked.kind {
        SignOnKind::Admin => None,
        SignOnKind::Service => Some(account_of(&mut database, &asked)?),
    };
    let server = servers::find(&mut database, asked.server_id)?.ok_or_else(|| {
        Error::Refusal("The Comet server of this sign-on is no longer in WHMCS.".into())
    })?;
    Ok(RedeemedTicket { account, server })
}

/// Opens the session; for an account after a check that it is still the service's.
fn start(host: &dyn Host, ticket: RedeemedTicket) -> Result<BrowserSession, Error> {
    let server = CometServer::new(&ticket.server.decrypted(host))?;
    let origin = origin(&server.base)?;
    let api = Api::new(host, &server);
    let product_name = product_name::remembered(&host.state_dir(), &server.base);
    let Some(account) = ticket.account else {
        let fields = vec![("SelfAddress", field(format!("{}/", server.base)))];
        return Ok(BrowserSession {
            kind: SignOnKind::Admin,
            username: server.username.clone(),
            product_name,
            origin,
            session_key: session(&api, "account/session-start", fields)?,
        });
    };
    // The session opens all that the account holds.
    let profile = Profile::read(&api, &account.username)?;
    // By another entry only what is known and equal is the same account.
    let guid = profile.creation_guid();
    let is_theirs = if account.place.entry == server.id {
        account.is_of(&guid)
    } else {
        account.is_certainly(&guid)
    };
    if !is_theirs {
        return Err(TEXTS.error("sign_on.another_account", &[("product", &product_name)]));
    }
    let fields = vec![("TargetUser", field(&account.username))];
    let session_key = session(&api, "account/session-start-as-user", fields).map_err(|error| {
        let is_too_old = open_database(host).is_ok_and(|mut database| {
            server_facts::is_older(&mut database, &api, SESSIONS_OF_USERS)
        });
        if is_too_old { too_old(&origin) } else { error }
    })?;
    Ok(BrowserSession {
        kind: SignOnKind::Service,
        username: account.username,
        product_name,
        origin,
        session_key,
    })
}

fn session(
    api: &Api<'_>,
    endpoint: &str,
    fields: Vec<(&'static str, Field)>,
) -> Result<Secret<String>, Error> {
    let call = Call {
        endpoint,
        task: "open a session at Comet".to_owned(),
        fields,
    };
    api.read(&call, |answer| {
        let started: Started = object::from_str(answer).ok()?;
        let key = Some(started.session_key).filter(|key| !key.is_empty())?;
        Some(Secret::new(key))
    })
}

/// The recorded account of a service that is still active and still the same client's.
fn account_of(database: &mut Database, asked: &SignOn) -> Result<Account, Error> {
    let service_id = ServiceId::from_columns(asked.service_id, asked.addon_id);
    let found = services::status_and_client(database, service_id)?;
    let is_theirs = found.is_some_and(|(status, client)| {
        status.is_in_use() && (asked.client_id == 0 || asked.client_id == client)
    });
    if !is_theirs {
        return Err(not_active());
    }
    accounts::find(database, service_id)?
        .filter(|account| !account.is_planned)
        .ok_or_else(|| TEXTS.error("sign_on.no_account", &[]))
}
