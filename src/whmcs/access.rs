//! Who may call a function: declared by every exported function, and checked before it gets the service or the server. WHMCS
//! is not the only guard, because it once handed the product addon of one client to another (CVE-2026-29204).

use super::texts::TextSource;
use super::{Host, Visitor, open_database};
use crate::database::{column, params};
use crate::error::Error;
use crate::service_id::ServiceId;

const CLIENT_OF_SERVICE: &str = "SELECT userid FROM tblhosting WHERE id=:id";

/// The client of the service that an addon belongs to, as on WHMCS's own pages.
const CLIENT_OF_ADDON: &str = "SELECT COALESCE(h.userid, a.userid)
    FROM tblhostingaddons a LEFT JOIN tblhosting h ON h.id=a.hostingid WHERE a.id=:id";

/// The callers whom a function admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Whoever's session it is: WHMCS has decided, and the page that a payment returns to may be another client's.
    /// Nothing of a customer is returned to the visitor.
    AnySession,
    /// The client whose service it is, staff, and what has no session: cron and WHMCS's API.
    OwnerStaffOrCron,
    /// The client whose service it is, and staff.
    OwnerOrStaff,
    /// Anybody who is logged in, where a ticket says who may.
    TicketHolder,
    /// Staff, cron and WHMCS's API.
    StaffOrCron,
    Staff,
}

impl Caller {
    /// Whether the visitor may, whatever service it is about; `None` where that depends on whose it is.
    pub const fn admits(self, visitor: Visitor) -> Option<bool> {
        let (is_staff, is_nobody) = (visitor.is_staff(), visitor.is_nobody());
        let owner_decides = if visitor.client_id == 0 {
            Some(false)
        } else {
            None
        };
        match self {
            Self::AnySession => Some(true),
            Self::TicketHolder => Some(!is_nobody),
            Self::StaffOrCron => Some(is_staff || is_nobody),
            Self::Staff => Some(is_staff),
            Self::OwnerStaffOrCron if is_staff || is_nobody => Some(true),
            Self::OwnerOrStaff if is_staff => Some(true),
            Self::OwnerStaffOrCron | Self::OwnerOrStaff => owner_decides,
        }
    }

    /// Whether a customer reads what is returned.
    pub const fn is_read_by_customer(self, visitor: Visitor) -> bool {
        match self {
            Self::AnySession | Self::StaffOrCron | Self::Staff => false,
            Self::OwnerStaffOrCron => !visitor.is_staff() && !visitor.is_nobody(),
            Self::OwnerOrStaff | Self::TicketHolder => !visitor.is_staff(),
        }
    }

    /// Lets the visitor pass to a service, by what WHMCS's tables say of it, not by the parameters. One statement where
    /// a client asks, none else.
    ///
    /// # Errors
    /// One sentence for whoever may not, and the database's.
    pub fn check(
        self,
        host: &dyn Host,
        visitor: Visitor,
        service_id: ServiceId,
        texts: Option<&TextSource>,
    ) -> Result<(), Error> {
        let is_admitted = match self.admits(visitor) {
            Some(is_admitted) => is_admitted,
            None => client_of(host, service_id)? == Some(visitor.client_id),
        };
        if is_admitted {
            return Ok(());
        }
        if visitor.client_id != 0 && !self.is_for_staff() {
            host.log_activity(format!(
                "A service of another client was asked for and not shown - User ID: {} - {service_id}",
                visitor.client_id
            ));
        }
        Err(self.refusal(texts))
    }

    const fn is_for_staff(self) -> bool {
        matches!(self, Self::Staff | Self::StaffOrCron)
    }

    /// The sentence for whoever may not, in the texts of the module; what is for staff only has no page and needs none.
    pub fn refusal(self, texts: Option<&TextSource>) -> Error {
        match (self, texts) {
            (Self::TicketHolder, Some(texts)) => texts.error("access.ticket", &[]),
            (Self::OwnerStaffOrCron | Self::OwnerOrStaff, Some(texts)) => {
                texts.error("access.owner", &[])
            }
            _ => Error::Customer(
                "Log in to the admin area of WHMCS: this is for staff only.".to_owned(),
            ),
        }
    }
}

/// The client whose service or addon it is.
fn client_of(host: &dyn Host, service_id: ServiceId) -> Result<Option<u32>, Error> {
    let mut database = open_database(host)?;
    let statement = match service_id {
        ServiceId::Service(_) => CLIENT_OF_SERVICE,
        ServiceId::Addon { .. } => CLIENT_OF_ADDON,
    };
    let parameters = params! { "id" => service_id.number() };
    let clients = database.query("read whose service it is", statement, parameters, |row| {
        column::<u32>(row, 0)
    })?;
    Ok(clients.first().copied().filter(|client| *client != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_is_decided_without_the_database_but_for_a_client() {
        let nobody = Visitor::nobody();
        let client = Visitor::of_client(10);
        let staff = Visitor::of_staff(3);
        let user = Visitor::of_client(0);
        let all = [nobody, client, staff, user];
        let of = |caller: Caller| all.map(|visitor| caller.admits(visitor));
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(of(Caller::AnySession), [yes, yes, yes, yes]);
        assert_eq!(of(Caller::OwnerStaffOrCron), [yes, None, yes, no]);
        assert_eq!(of(Caller::OwnerOrStaff), [no, None, yes, no]);
        assert_eq!(of(Caller::TicketHolder), [no, yes, yes, yes]);
        assert_eq!(of(Caller::StaffOrCron), [yes, no, yes, no]);
        assert_eq!(of(Caller::Staff), [no, no, yes, no]);
    }
}
