//! Accounts on a server that belong to no service: an administrator may have his own there, so they are one finding.

use crate::cometbackup::server::Server;
use crate::error::plain;
use crate::findings::Finding;

const NAMES_SHOWN: usize = 5;

#[derive(Debug, Default)]
pub struct Unknown {
    /// All that the server lists, the known ones included.
    pub listed: u64,
    count: u64,
    first: Vec<String>,
}

impl Unknown {
    pub fn add(&mut self, name: String) {
        self.count += 1;
        if self.first.len() < NAMES_SHOWN {
            self.first.push(name);
        }
    }

    /// `None` where there are none.
    pub fn finding(self, server: &Server) -> Option<Finding> {
        if self.count == 0 {
            return None;
        }
        let names: Vec<String> = self.first.iter().map(|name| plain(name)).collect();
        let more = self.count - names.len() as u64;
        let names = match more {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        };
        let accounts = if self.count == 1 {
            "There is 1 account"
        } else {
            &format!("There are {} accounts", self.count)
        };
        Some(Finding {
            owner: None,
            kind: "unknown",
            subject: format!("server {}", server.id),
            text: format!(
                "{accounts} without service in WHMCS on the Comet Server {}: {names}. If nobody uses them, delete them in Comet.",
                plain(&server.base)
            ),
            server_id: Some(server.id),
        })
    }
}
