//! The visitor behind a call: staff, a client, or nobody.

use crate::php_value::Value;

/// The people of a session. Cron and WHMCS's API have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// 0 for none.
    pub admin_id: u32,
    /// The client that is shown; 0 for none.
    pub client_id: u32,
    is_staff: bool,
    is_logged_in: bool,
}

impl Visitor {
    /// Reads the visitor of WHMCS's session alone.
    pub fn read(session: &Value) -> Self {
        let id = |key: &str| session.get(key).id().unwrap_or_default();
        let (admin_id, client_id) = (id("adminid"), id("uid"));
        Self {
            admin_id,
            client_id,
            is_staff: admin_id != 0,
            is_logged_in: admin_id != 0 || client_id != 0,
        }
    }

    /// Adds what WHMCS's `CurrentUser` knows: `is_user` where a person is logged in who may act for no client. A session
    /// that names somebody all the same is not taken for cron's.
    #[must_use]
    pub const fn known(self, client_id: u32, is_staff: bool, is_user: bool) -> Self {
        Self {
            admin_id: if is_staff { self.admin_id } else { 0 },
            client_id,
            is_staff,
            is_logged_in: is_staff || is_user || client_id != 0 || self.is_logged_in,
        }
    }

    #[cfg(test)]
    pub fn nobody() -> Self {
        Self::read(&Value::Null)
    }

    #[cfg(test)]
    pub fn of_client(client_id: u32) -> Self {
        Self::nobody().known(client_id, false, true)
    }

    #[cfg(test)]
    pub fn of_staff(admin_id: u32) -> Self {
        Self {
            admin_id,
            ..Self::nobody().known(0, true, false)
        }
    }

    /// Whether the visitor is staff, who may be logged in as a client in the same session.
    pub const fn is_staff(self) -> bool {
        self.is_staff
    }

    /// Whether it is cron, a command of the API, or a visitor who is not logged in.
    pub const fn is_nobody(self) -> bool {
        !self.is_logged_in
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(client: &str, admin: Value) -> Value {
        Value::Array(vec![
            ("uid".into(), client.into()),
            ("adminid".into(), admin),
        ])
    }

    #[test]
    fn a_visitor_is_who_the_session_says() {
        let client = Visitor::read(&session("10", Value::Null));
        assert_eq!((client.admin_id, client.client_id), (0, 10));
        assert!(!client.is_staff() && !client.is_nobody());
        assert!(Visitor::read(&session("10", Value::Int(3))).is_staff());
        assert!(Visitor::read(&Value::Null).is_nobody());
    }

    #[test]
    fn whmcs_knows_better_than_its_session_but_nobody_becomes_cron() {
        let session = Visitor::read(&session("10", Value::Int(3)));
        let known = session.known(11, false, true);
        assert_eq!((known.admin_id, known.client_id), (0, 11));
        assert!(!known.is_staff());
        let without_client = session.known(0, false, false);
        assert_eq!(without_client.client_id, 0);
        assert!(!without_client.is_nobody());
        assert!(Visitor::nobody().known(0, false, false).is_nobody());
    }
}
