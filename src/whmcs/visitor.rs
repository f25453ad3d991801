//! Who has asked, by WHMCS's session.

use crate::value::Value;

/// The people of a session, by their ids; 0 for none. Cron and WHMCS's API have neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    pub admin_id: u32,
    pub client_id: u32,
}

impl Visitor {
    pub fn read(session: &Value) -> Self {
        let id = |key: &str| session.get(key).id().unwrap_or_default();
        Self {
            admin_id: id("adminid"),
            client_id: id("uid"),
        }
    }

    /// Staff, who may be logged in as a client in the same session.
    pub const fn is_staff(self) -> bool {
        self.admin_id != 0
    }

    /// Nobody: cron, a command of the API, or a visitor who is not logged in.
    pub const fn is_nobody(self) -> bool {
        self.admin_id == 0 && self.client_id == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_who_the_session_says() {
        let session = Value::Array(vec![
            ("uid".into(), "10".into()),
            ("adminid".into(), Value::Null),
        ]);
        let client = Visitor::read(&session);
        assert_eq!((client.admin_id, client.client_id), (0, 10));
        assert!(!client.is_staff() && !client.is_nobody());
        assert!(Visitor::read(&Value::Null).is_nobody());
    }
}
