//! Jetpack and each Comet Server: name look-up, TLS, login and clock, by asking them.

use std::time::Instant;

use super::{Line, sentence};
use crate::cometbackup::functions::test_connection;
use crate::error::Error;
use crate::jetpack::api;
use crate::whmcs::{Host, open_database, servers};

/// Asks Jetpack, by one request, and each Comet Server, by two.
pub fn lines(host: &dyn Host) -> Vec<Line> {
    let begun = Instant::now();
    let mut lines = vec![
        match api::Api::new(host, None).and_then(|api| api.families()) {
            Ok(_) => Line::fine(
                "remote.jetpack",
                format!("Jetpack answers, in {} ms.", begun.elapsed().as_millis()),
            ),
            Err(error) => Line::fault("remote.jetpack", sentence(&error)),
        },
    ];
    match comet(host) {
        Ok(servers) => lines.extend(servers),
        Err(error) => lines.push(Line::fault("remote.comet", sentence(&error))),
    }
    lines
}

fn comet(host: &dyn Host) -> Result<Vec<Line>, Error> {
    let check = "remote.comet";
    // WHMCS's code decrypts the passwords, so the connection is not in use then.
    let stored = servers::all(&mut open_database(host)?)?;
    Ok(stored
        .into_iter()
        .map(|stored| stored.decrypted(host))
        .map(|server| match test_connection::check(host, &server) {
            Ok(works) => Line::fine(check, format!("The {works}")),
            Err(error) => Line::fault(
                check,
                format!("Server {} of WHMCS: {}", server.id, sentence(&error)),
            ),
        })
        .collect())
}
