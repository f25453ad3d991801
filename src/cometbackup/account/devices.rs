//! The devices of an account: which are connected, and taking one off the account.

use serde::Deserialize;

use super::session::{AccountSession, answer_of_done};
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::api::{Call, field};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::list::{self, MapValues};
use crate::cometbackup::tables::accounts::Account;
use crate::error::Error;
use crate::journal::operation::Ended;
use crate::journal::{self, End};
use crate::outcome::Outcome;
use crate::text::plain;

pub const REMOVE: &str = "remove device";
const REFETCH: &str = "refetch profile";

/// Characters of a device's id that tell it apart in a sentence.
const SHORT: usize = 12;

/// A device that is connected to the server now.
pub struct ConnectedDevice {
    /// What the dispatcher calls the connection.
    pub target: String,
    pub device: String,
}

#[derive(Deserialize)]
struct Connection {
    #[serde(rename = "Username")]
    username: String,
    #[serde(rename = "DeviceID", default)]
    device: String,
}

impl AccountSession<'_> {
    /// Returns the connected devices of the account, as many as are asked for something, and how many there are. One request.
    pub fn connected_devices(
        &self,
        account: &Account,
    ) -> Result<(Vec<ConnectedDevice>, usize), Error> {
        let call = Call {
            endpoint: "dispatcher/list-active",
            task: format!(
                "find the connected devices of the Comet account {}",
                plain(&account.username)
            ),
            fields: vec![("UserNameFilter", field(&account.username))],
        };
        let (mut own, mut count) = (Vec::new(), 0);
        list::entries(
            &self.api(),
            &call,
            MapValues::Objects,
            |target, found: Connection| {
                // Old servers ignore the filter and answer with the devices of everybody.
                if found.username == account.username {
                    count += 1;
                    if own.len() < bounds::CONNECTED_DEVICES {
                        own.push(ConnectedDevice {
                            target,
                            device: found.device,
                        });
                    }
                }
            },
        )?;
        Ok((own, count))
    }

    /// Takes a device off the account and ends its connection. What it has stored stays. One request.
    pub fn remove_device(&mut self, account: &Account, device: &str) -> Result<(), Error> {
        let call = Call {
            endpoint: "revoke-device",
            task: removal(account, device),
            fields: vec![
                ("TargetUser", field(&account.username)),
                ("TargetDevice", field(device)),
            ],
        };
        self.change_surely(REMOVE, &call)
    }

    /// Whether a device that is gone was removed by the last request of ours, be it that its answer was lost: that is
    /// settled then.
    pub fn has_removed(&mut self, account: &Account, device: &str) -> Result<bool, Error> {
        let asked = removal(account, device);
        if self
            .undecided(REMOVE)?
            .is_some_and(|open| open.asked == asked)
        {
            self.settle(REMOVE, &asked, End::Done)?;
            return Ok(true);
        }
        self.is_last_done(&asked)
    }

    /// Whether the last operation on the service was this one, and is done: it was started twice.
    pub fn is_last_done(&mut self, asked: &str) -> Result<bool, Error> {
        let last = journal::last(&mut self.database, MODULE, self.service.id)?;
        Ok(last.is_some_and(|last| last.ended(End::Done) && last.asked == asked))
    }

    /// Carries out a change that has no hash: a failure of the server itself may have come after it was done.
    pub fn change_surely(&mut self, operation: &'static str, call: &Call<'_>) -> Result<(), Error> {
        let judge = |outcome| match outcome {
            Outcome::Failed(error @ Error::Refused { status: 500.., .. }) => {
                Outcome::Unknown(error)
            }
            outcome => outcome,
        };
        match self.run(operation, call, judge, |_| Some(()))? {
            Ended::Done(done) => Ok(done.close(&mut self.database, &answer_of_done(&call.task))?),
            Ended::Failed(error) => Err(error),
            Ended::Unknown(lost) => Err(lost.error),
        }
    }

    /// Has a connected device read its profile again. One request.
    pub fn refetch_profile(&mut self, account: &Account, target: &str) -> Result<(), Error> {
        let call = Call {
            endpoint: "dispatcher/refetch-profile",
            task: format!(
                "have a device of the Comet account {} read its profile",
                plain(&account.username)
            ),
            fields: vec![("TargetID", field(target))],
        };
        self.carry_out(REFETCH, &call, |_| Some(()))
    }
}

/// Returns the journal's words for the removal of this device.
pub fn removal(account: &Account, device: &str) -> String {
    let short: String = plain(device).chars().take(SHORT).collect();
    format!(
        "remove the device {short} of the Comet account {}",
        plain(&account.username)
    )
}
