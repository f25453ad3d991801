//! Who may call: admins, tenants' admins, and what their credentials are worth.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::refusal::Refusal;
use super::sessions::Owner;
use super::state::Comet;

pub const TENANT: &str = "cb116e59-be77-406b-afe8-7375fce34bbd";
const PASSWORD: &str = "p&w=d\"1+ü";
/// The code that the second factor takes.
const TOTP_CODE: &str = "123456";

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Admin {
    pub username: String,
    pub password: String,
    #[serde(default, rename = "TOTP")]
    totp: bool,
    /// The tenant, empty for the top level.
    #[serde(default, rename = "OrganizationID")]
    organization: String,
    #[serde(default)]
    permissions: Value,
}

/// Whom a request acts for.
#[derive(Clone, Default)]
pub struct Caller {
    pub admin: String,
    pub organization: String,
    pub permissions: Value,
}

pub fn usual() -> Vec<Admin> {
    let admin = |username: &str, totp, organization: &str| Admin {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        totp,
        organization: organization.to_owned(),
        permissions: Value::Null,
    };
    vec![
        admin("admin", false, ""),
        admin("totp", true, ""),
        admin("tenant", false, TENANT),
    ]
}

impl Caller {
    pub fn sees(&self, organization: &str) -> bool {
        self.organization.is_empty() || self.organization == organization
    }

    /// Whether one of the flags that take a permission away is set.
    pub fn is_denied(&self, flag: &str) -> bool {
        self.permissions.get(flag).and_then(Value::as_bool) == Some(true)
    }

    fn of(admin: &Admin) -> Self {
        Self {
            admin: admin.username.clone(),
            organization: admin.organization.clone(),
            permissions: admin.permissions.clone(),
        }
    }
}

impl Comet {
    pub fn authenticate(&self, form: &BTreeMap<String, String>) -> Result<Caller, Refusal> {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let admin = self
            .admins
            .iter()
            .find(|admin| admin.username == field("Username"))
            .ok_or(Refusal::Unauthorised)?;
        let knows_password = field("Password") == admin.password;
        match field("AuthType") {
            "SessionKey" if self.session_is_of(field("SessionKey"), Owner::Admin, admin) => {
                Ok(Caller::of(admin))
            }
            "Password" if knows_password && admin.totp => Err(Refusal::TotpRequired),
            "Password" if knows_password => Ok(Caller::of(admin)),
            "PasswordTOTP" if knows_password && field("TOTP") == TOTP_CODE => Ok(Caller::of(admin)),
            _ => Err(Refusal::Unauthorised),
        }
    }

    fn session_is_of(&self, key: &str, owner: Owner, admin: &Admin) -> bool {
        self.sessions
            .get(key)
            .is_some_and(|session| session.owner == owner && session.name == admin.username)
    }
}
