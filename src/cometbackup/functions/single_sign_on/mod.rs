//! `cometbackup_ServiceSingleSignOn` and `cometbackup_AdminSingleSignOn`: a click stores a ticket for a page of ours.
//! No request; the page (`page`) opens the session.

pub mod page;
mod session;
mod ticket;

use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::version::SESSIONS_OF_USERS;
use crate::cometbackup::tables::server_facts;
use crate::cometbackup::tables::sign_ons::{self, SignOn, SignOnKind};
use crate::database::{Database, column};
use crate::error::Error;
use crate::php_value::Value;
use crate::text::decode_entities;
use crate::whmcs::{self, Host, Service, Visitor, open_database, system_url};
use ticket::Ticket;

/// Below WHMCS's own address.
const PAGE: &str = "modules/servers/cometbackup/sso.php";

/// Stores a ticket for one service, and returns where the customer, or a staff member for him, goes.
pub fn for_service(host: &dyn Host, service: &Service, visitor: Visitor) -> Result<Value, Error> {
    let ticket = Ticket::new()?;
    if !service.status.is_in_use() {
        return Err(ticket::not_active());
    }
    let mut account_session = AccountSession::open(host, service)?;
    let account = account_session.account()?;
    if account.is_planned {
        return Err(Error::Refusal(
            "The Comet account is not created yet. Run Create first.".into(),
        ));
    }
    let api = Api::new(host, &account_session.server);
    let version = server_facts::remembered_version(&mut account_session.database, &api);
    if version.is_some_and(|version| version < SESSIONS_OF_USERS) {
        return Err(ticket::too_old(&ticket::origin(
            &account_session.server.base,
        )?));
    }
    let asked = SignOn {
        kind: SignOnKind::Service,
        service_id: service.id.service(),
        addon_id: service.id.addon(),
        server_id: account_session.server.id,
        admin_id: visitor.admin_id,
        // A staff member who is also logged in as a client counts as staff.
        client_id: if visitor.is_staff() {
            0
        } else {
            visitor.client_id
        },
    };
    address(&mut account_session.database, &ticket, &asked).map(redirect)
}

/// Stores a ticket for the server itself, and returns where the staff member goes.
pub fn for_server(
    host: &dyn Host,
    given: &whmcs::Server,
    visitor: Visitor,
) -> Result<Value, Error> {
    let ticket = Ticket::new()?;
    let server = CometServer::new(given)?;
    let asked = SignOn {
        kind: SignOnKind::Admin,
        service_id: 0,
        addon_id: 0,
        server_id: server.id,
        admin_id: visitor.admin_id,
        client_id: 0,
    };
    address(&mut open_database(host)?, &ticket, &asked).map(redirect)
}

fn address(database: &mut Database, ticket: &Ticket, asked: &SignOn) -> Result<String, Error> {
    let values: Vec<String> =
        database.query("read the address of WHMCS", system_url::READ, (), |row| {
            column(row, 0)
        })?;
    let address = page(
        values.first().map_or("", String::as_str),
        ticket.text.expose(),
    )?;
    sign_ons::add(database, &ticket.hash, asked)?;
    Ok(address)
}

/// The ticket's page below WHMCS's address.
fn page(system_url: &str, ticket: &str) -> Result<String, Error> {
    let unusable = || {
        Error::Config("The System URL of WHMCS is not an https address: correct it under System Settings, General Settings.".into())
    };
    let typed = decode_entities(system_url);
    let mut url = url::Url::parse(typed.trim()).map_err(|_| unusable())?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if !(url.scheme() == "https" || (url.scheme() == "http" && local)) {
        return Err(unusable());
    }
    let path = format!("{}/{PAGE}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url.set_fragment(None);
    url.set_query(Some(&format!("ticket={ticket}")));
    Ok(url.into())
}

/// Returns what has WHMCS send the browser to an address.
pub fn redirect(address: String) -> Value {
    Value::Array(vec![
        ("success".into(), Value::Bool(true)),
        ("redirectTo".into(), address.into()),
    ])
}

/// Returns a failed sign-on, in the shape that WHMCS expects.
pub fn failure(sentence: &str) -> Value {
    Value::Array(vec![
        ("success".into(), Value::Bool(false)),
        ("errorMsg".into(), sentence.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stands_below_the_address_of_whmcs() {
        for (system_url, address) in [
            (
                "https://whmcs.example/",
                "https://whmcs.example/modules/servers/cometbackup/sso.php?ticket=t",
            ),
            (
                "https://whmcs.example/billing",
                "https://whmcs.example/billing/modules/servers/cometbackup/sso.php?ticket=t",
            ),
            (
                "http://localhost:8080/",
                "http://localhost:8080/modules/servers/cometbackup/sso.php?ticket=t",
            ),
        ] {
            assert_eq!(page(system_url, "t").unwrap(), address);
        }
        for unusable in [
            "",
            "/whmcs/",
            "http://whmcs.example/",
            "javascript:alert(1)",
        ] {
            assert!(page(unusable, "t").is_err(), "{unusable}");
        }
    }
}
