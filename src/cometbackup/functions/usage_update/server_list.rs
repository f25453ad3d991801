//! A server's list of accounts for both jobs of a cron run that need it, the daily import and the usage metrics: one
//! request, where WHMCS asks for both in one PHP process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::services::{self, Index};
use super::{ObservedUsage, open, usage};
use crate::cometbackup::comet::list_users;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::error::Error;
use crate::installation;
use crate::whmcs::{self, Host};
use crate::worker::fork_safe::PerProcess;

/// Until the end of the PHP request; a cron run may do a lot between its two jobs.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Services of all lists that are kept, with some 200 bytes each.
const MOST_KEPT: usize = 100_000;

static KEPT: PerProcess<(), Vec<Kept>> = PerProcess::new();

/// The job that asks for the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Import,
    Metrics,
}

/// The services of a server, and what its list says of their accounts.
pub struct ServerList {
    pub server: CometServer,
    pub index: Arc<Index>,
    /// The other job has read it.
    is_kept: bool,
}

/// What one job has read, for the other one to take.
struct Kept {
    server: u32,
    /// Address and login.
    access: Fingerprint,
    reader: Reader,
    at: Instant,
    index: Arc<Index>,
}

/// Reads the list, unless the other job has. `None` where there is nothing to ask for, or where this installation may not
/// ask by itself, which it has said.
///
/// # Errors
/// Also where the list does not come to its end.
pub fn read(
    host: &dyn Host,
    given: &whmcs::Server,
    reader: Reader,
) -> Result<Option<ServerList>, Error> {
    if given.id == 0 {
        return Ok(None);
    }
    let server = CometServer::new(given)?;
    let mut database = open(host)?;
    match installation::may_run_unattended(host, &mut database) {
        // Said already.
        Err(Error::Refusal(_)) => return Ok(None),
        end => end?,
    }
    if let Some(index) = take(&server, reader) {
        return Ok(Some(ServerList {
            server,
            index,
            is_kept: true,
        }));
    }
    let mut index = services::read(&mut database, server.id, None)?;
    drop(database);
    if !services::has_any(&index) {
        return Ok(None);
    }
    // The list may take minutes: no connection is held meanwhile that the database might close.
    list_users::read(host, &server, |account| {
        if let Some(entry) = services::entry_of(&mut index, &account) {
            let is_recorded = |id: &str| entry.vault == Some(Fingerprint::of(id));
            let usage = usage(&account, entry.service.vault_quota, is_recorded);
            entry.observed = Some(ObservedUsage::new(usage, &account.measures));
        }
    })?;
    Ok(Some(ServerList {
        server,
        index: Arc::new(index),
        is_kept: false,
    }))
}

impl ServerList {
    /// Keeps a list that was read now for the other job.
    pub fn keep(&self, reader: Reader) {
        if self.is_kept {
            return;
        }
        let mut lists = KEPT.take(&()).unwrap_or_default();
        lists.retain(|kept| kept.server != self.server.id);
        lists.push(Kept {
            server: self.server.id,
            access: access(&self.server),
            reader,
            at: Instant::now(),
            index: Arc::clone(&self.index),
        });
        let size = |lists: &[Kept]| -> usize {
            let sizes = lists.iter().map(|kept| kept.index.entries().len());
            sizes.sum()
        };
        while size(&lists) > MOST_KEPT {
            lists.remove(0);
        }
        KEPT.put((), lists);
    }
}

/// Drops a kept list: at the end of the PHP request, and by commands after which it is not true any more.
pub fn forget() {
    KEPT.close();
}

/// Once: a job that runs again wants to know what is true now.
fn take(server: &CometServer, reader: Reader) -> Option<Arc<Index>> {
    let mut lists = KEPT.take(&())?;
    let fits = |kept: &Kept| {
        kept.server == server.id
            && kept.access == access(server)
            && kept.reader != reader
            && kept.at.elapsed() < FRESH
    };
    let found = lists.iter().position(fits).map(|at| lists.remove(at));
    KEPT.put((), lists);
    found.map(|kept| kept.index)
}

fn access(server: &CometServer) -> Fingerprint {
    let password = server.password.expose();
    Fingerprint::of(&format!("{}\n{}\n{password}", server.base, server.username))
}
