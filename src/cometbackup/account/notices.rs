//! Remarks on a Comet Server that staff read once, and not at each command.

use super::quotas::SEAT_OPTIONS;
use super::session::AccountSession;
use crate::cometbackup::comet::limits::{Quotas, SEATS};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::text::plain;

impl AccountSession<'_> {
    /// Writes the limits that are sold, and that the server has no field for, to the Activity Log: once for the server
    /// and limit. No request, and no statement but the first time.
    pub fn say_which_limits_it_lacks(
        &mut self,
        profile: &Profile,
        quotas: &Quotas,
    ) -> Result<(), Error> {
        for position in profile.without_field(quotas) {
            let both = SEATS.get(position).zip(SEAT_OPTIONS.get(position));
            let Some((seat, option)) = both else {
                continue;
            };
            if server_facts::say_once(&mut self.database, &self.server, &mut self.known, option)? {
                self.host.log_activity(format!(
                    "The Comet Server {} has no {} ({}), so the configurable option {option} limits nothing there. This is said once for the server. - {}",
                    plain(&self.server.base),
                    seat.name,
                    seat.servers,
                    self.service.id
                ));
            }
        }
        Ok(())
    }
}
