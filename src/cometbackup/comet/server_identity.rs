//! The identity of a Comet Server: its license and its address. An entry of WHMCS's list of servers is neither: two may be
//! for one server, and one may be deleted and created again.

/// A Comet Server; each part is empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerIdentity {
    /// `ServerLicenseHash`.
    pub hash: String,
    /// Host and port.
    pub address: String,
}

/// An entry of WHMCS's list, and the Comet Server behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerPlace {
    pub entry: u32,
    pub server: ServerIdentity,
}

/// A confirmation by staff, once for an entry: both places are one Comet Server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmation {
    pub from: String,
    pub to: String,
}

/// Whether the Comet Server of a service is the one that its account was recorded on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Reached as before.
    Same,
    /// The same Comet Server, by another entry of WHMCS.
    SameByAnotherEntry,
    /// Another one by license, host or port, which staff say is the same.
    Confirmed,
    /// Another one; it may be a clone or a restored copy.
    Unconfirmed,
}

impl ServerIdentity {
    pub const fn is_complete(&self) -> bool {
        !self.hash.is_empty() && !self.address.is_empty()
    }

    /// Whether nothing that is known of both differs.
    pub fn may_be(&self, other: &Self) -> bool {
        let agree = |a: &str, b: &str| a == b || a.is_empty() || b.is_empty();
        agree(&self.hash, &other.hash) && agree(&self.address, &other.address)
    }
}

impl ServerPlace {
    /// Returns the name in a confirmation: of a place that an earlier version recorded only the entry is known.
    pub fn name(&self) -> String {
        let Self { entry, server } = self;
        format!("{entry} {} {}", server.hash, server.address)
    }

    /// Returns in words what differs between two places.
    pub fn differences(&self, now: &Self) -> String {
        let (before, after) = (&self.server, &now.server);
        let mut parts = Vec::new();
        if before.address != after.address {
            parts.push(if before.address.is_empty() {
                "its address was not recorded"
            } else {
                "host or port differ"
            });
        }
        if before.hash != after.hash {
            parts.push(if before.hash.is_empty() || after.hash.is_empty() {
                "its license is not known"
            } else {
                "its license differs"
            });
        }
        parts.join(" and ")
    }
}

/// Compares where an account was recorded with where its service's server is now.
pub fn standing(
    recorded: &ServerPlace,
    now: &ServerPlace,
    confirmed: Option<&Confirmation>,
) -> Standing {
    let (before, after) = (&recorded.server, &now.server);
    let is_same_entry = recorded.entry == now.entry;
    let agree = |a: &str, b: &str| a == b || (is_same_entry && (a.is_empty() || b.is_empty()));
    if agree(&before.hash, &after.hash) && agree(&before.address, &after.address) {
        if is_same_entry {
            return Standing::Same;
        }
        // An entry that does not say which server it is may be any.
        if after.is_complete() {
            return Standing::SameByAnotherEntry;
        }
    }
    let is_confirmed = confirmed.is_some_and(|confirmed| {
        after.is_complete() && confirmed.from == recorded.name() && confirmed.to == now.name()
    });
    if is_confirmed {
        Standing::Confirmed
    } else {
        Standing::Unconfirmed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(entry: u32, hash: &str, address: &str) -> ServerPlace {
        let server = ServerIdentity {
            hash: hash.into(),
            address: address.into(),
        };
        ServerPlace { entry, server }
    }

    #[test]
    fn a_server_is_its_license_and_its_address_whichever_entry_names_it() {
        let recorded = place(1, "h", "comet:8060");
        for (now, expected) in [
            (place(1, "h", "comet:8060"), Standing::Same),
            // It did not say.
            (place(1, "", "comet:8060"), Standing::Same),
            (place(2, "h", "comet:8060"), Standing::SameByAnotherEntry),
            (place(2, "", "comet:8060"), Standing::Unconfirmed),
            (place(2, "h", "other:8060"), Standing::Unconfirmed),
            (place(2, "h", "comet:443"), Standing::Unconfirmed),
            (place(2, "other", "comet:8060"), Standing::Unconfirmed),
            (place(1, "other", "comet:8060"), Standing::Unconfirmed),
            (place(1, "h", "other:8060"), Standing::Unconfirmed),
        ] {
            assert_eq!(standing(&recorded, &now, None), expected, "{now:?}");
        }
    }

    #[test]
    fn what_an_earlier_version_recorded_is_on_the_server_of_its_entry() {
        let recorded = place(1, "", "");
        let same = standing(&recorded, &place(1, "h", "comet:8060"), None);
        assert_eq!(same, Standing::Same);
        let other = standing(&recorded, &place(2, "h", "comet:8060"), None);
        assert_eq!(other, Standing::Unconfirmed);
    }

    #[test]
    fn a_confirmation_is_for_the_two_places_it_names() {
        let (recorded, now) = (place(1, "h", "old:8060"), place(2, "h", "new:8060"));
        let confirmed = Confirmation {
            from: recorded.name(),
            to: now.name(),
        };
        let standing = |recorded, now| standing(recorded, now, Some(&confirmed));
        assert_eq!(standing(&recorded, &now), Standing::Confirmed);
        let elsewhere = place(1, "h", "third:8060");
        assert_eq!(standing(&elsewhere, &now), Standing::Unconfirmed);
        assert_eq!(standing(&recorded, &elsewhere), Standing::Unconfirmed);
    }
}
