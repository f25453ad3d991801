//! `cometbackup_RefetchProfile`, the button "Devices: Read Profile Again": has the connected devices read what was changed.
//! Two requests, and one for each connected device.

use std::time::Instant;

use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::bounds;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Devices: Read Profile Again", "RefetchProfile");

/// Has the connected devices read the profile again.
///
/// # Errors
/// Where no device is connected, or none could be reached.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    AccountSession::with_lock(host, service, refetch)
}

fn refetch(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let (account, _) = session.recorded_account_and_profile()?;
    let (devices, count) = session.connected_devices(&account)?;
    let name = plain(&account.username);
    if devices.is_empty() {
        return Err(Error::Refusal(format!(
            "No device of the Comet account {name} is connected now. Each reads the profile when it connects again."
        )));
    }
    let began = Instant::now();
    let (mut asked, mut failed) = (0, None);
    for device in &devices {
        if began.elapsed() > bounds::UPDATING_DEVICES {
            break;
        }
        match session.refetch_profile(&account, &device.target) {
            Ok(()) => asked += 1,
            // It may have gone in the meantime.
            Err(error @ Error::Refused { .. }) => failed = Some(error),
            Err(error) => return Err(error),
        }
    }
    session.host.log_activity(format!(
        "{asked} of {count} connected devices of the Comet account {name} were asked to read the profile again. - {}",
        session.service.id
    ));
    failed.filter(|_| asked == 0).map_or(Ok(()), Err)
}
