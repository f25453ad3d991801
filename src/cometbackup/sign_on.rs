//! The page that a ticket leads to: who may use it, once, and the session it is for. One request.

use mysql::params;
use serde::Deserialize;

use super::api::{Api, Call, field};
use super::server::Server;
use super::server_table::{self, StoredServer};
use super::sign_on_table::{self, Kind, SignOn};
use super::single_sign_on::{Visitor, not_active};
use super::version::SESSIONS_OF_USERS;
use super::{account_table, known_server, open_database};
use crate::database::{Database, column};
use crate::error::Error;
use crate::owner::Owner;
use crate::secret::Secret;
use crate::whmcs::Host;

const SERVICE: &str = "SELECT domainstatus, userid, server FROM tblhosting WHERE id=:id";

const ADDON: &str = "SELECT a.status, h.userid, a.server
    FROM tblhostingaddons a JOIN tblhosting h ON h.id=a.hostingid WHERE a.id=:id";

/// What the page hands to Comet's web interface.
pub struct HandOver {
    pub kind: Kind,
    /// Scheme, host and port as browsers write them.
    pub origin: String,
    pub username: String,
    pub session_key: Secret<String>,
}

/// A ticket that was right: the session may be asked for.
pub struct Claim {
    kind: Kind,
    /// The account; empty for the server's administrator.
    username: String,
    pub server: StoredServer,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Started {
    session_key: String,
}

/// The page with this ticket is asked for: whose it is, and to what. It cannot be used again.
pub fn claim(host: &dyn Host, ticket_hash: &str, visitor: Visitor) -> Result<Claim, Error> {
    let mut database = open_database(host)?;
    let found = sign_on_table::find(&mut database, ticket_hash)?;
    let found = found.ok_or_else(|| stale("This sign-on is not known."))?;
    let asked = found.asked;
    let same = (asked.admin_id != 0 && asked.admin_id == visitor.admin_id)
        || (asked.client_id != 0 && asked.client_id == visitor.client_id);
    if !same {
        return Err(stale("This sign-on was asked for by somebody else."));
    }
    if found.is_expired {
        return Err(stale("This sign-on has expired."));
    }
    if found.is_used || !sign_on_table::take(&mut database, found.row)? {
        return Err(stale("This sign-on was used already."));
    }
    let username = match asked.kind {
        Kind::Admin => String::new(),
        Kind::Service => account_of(&mut database, &asked)?,
    };
    let server = server_table::find(&mut database, asked.server_id)?.ok_or_else(|| {
        Error::Unusable("The Comet server of this sign-on is no longer in WHMCS.".into())
    })?;
    Ok(Claim {
        kind: asked.kind,
        username,
        server,
    })
}

/// Asks for the session.
pub fn start(host: &dyn Host, claim: Claim, password: &str) -> Result<HandOver, Error> {
    let server = Server::new(&claim.server.with_password(password))?;
    let origin = origin(&server.base)?;
    let api = Api::new(host, &server);
    let task = "open a session at Comet".to_owned();
    let call = match claim.kind {
        Kind::Admin => Call {
            endpoint: "account/session-start",
            task,
            fields: vec![("SelfAddress", field(format!("{}/", server.base)))],
        },
        Kind::Service => Call {
            endpoint: "account/session-start-as-user",
            task,
            fields: vec![("TargetUser", field(&claim.username))],
        },
    };
    let started = api.read(&call, |answer| {
        let started: Started = serde_json::from_str(answer).ok()?;
        (!started.session_key.is_empty()).then_some(started)
    });
    let session_key = match started {
        Ok(started) => Secret::new(started.session_key),
        Err(error) => {
            let is_for_user = claim.kind == Kind::Service;
            let mut database = open_database(host)?;
            if is_for_user && known_server::is_older(&mut database, &api, SESSIONS_OF_USERS) {
                return Err(too_old(&origin));
            }
            return Err(error);
        }
    };
    Ok(HandOver {
        kind: claim.kind,
        username: match claim.kind {
            Kind::Admin => server.username.clone(),
            Kind::Service => claim.username,
        },
        origin,
        session_key,
    })
}

/// As `event.origin` has it: without the port that the scheme has anyway.
pub(super) fn origin(base: &str) -> Result<String, Error> {
    let unusable = || Error::Unusable("The address of the Comet server cannot be opened.".into());
    let url = url::Url::parse(base).map_err(|_| unusable())?;
    let origin = url.origin();
    if !origin.is_tuple() {
        return Err(unusable());
    }
    Ok(origin.ascii_serialization())
}

/// The recorded account of a service that is still active and still the same client's.
fn account_of(database: &mut Database, asked: &SignOn) -> Result<String, Error> {
    let (owner, statement) = if asked.addon_id == 0 {
        (Owner::Service(asked.service_id), SERVICE)
    } else {
        let owner = Owner::Addon {
            id: asked.addon_id,
            service: asked.service_id,
        };
        (owner, ADDON)
    };
    let parameters = params! { "id" => owner.id() };
    let rows = database.rows("read the service", statement, parameters, |row| {
        (column::<String>(row, 0), column::<u32>(row, 1))
    })?;
    let is_theirs = rows.first().is_some_and(|(status, client)| {
        status == "Active" && (asked.client_id == 0 || asked.client_id == *client)
    });
    if !is_theirs {
        return Err(not_active());
    }
    account_table::find(database, owner)?
        .filter(|account| !account.is_planned && account.server_id == asked.server_id)
        .map(|account| account.username)
        .ok_or_else(|| Error::Unusable("No Comet account is recorded for this service.".into()))
}

/// What customer and staff are told of an old server.
pub(super) fn too_old(origin: &str) -> Error {
    Error::Unusable(format!(
        "The Comet Server is older than 19.6.8, which single sign-on needs: log in at {origin} with user name and password."
    ))
}

fn stale(why: &str) -> Error {
    Error::Unusable(format!(
        "{why} Go back to the service's page and press the button again."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_the_browsers() {
        assert_eq!(
            origin("https://c.example:443").unwrap(),
            "https://c.example"
        );
        assert_eq!(origin("http://[::1]:8060").unwrap(), "http://[::1]:8060");
        assert!(origin("javascript:alert(1)").is_err());
    }
}
