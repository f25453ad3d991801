//! Accounts: listed, read, written, made and removed.

use std::fmt::Write;

use serde_json::Value;

use super::profile;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::state::Comet;
use super::text;
use super::version::Version;

const MAX_NAME_LENGTH: usize = 255;

pub fn list(comet: &mut Comet, call: &Call) -> Done {
    let names: Vec<String> = comet
        .visible(&call.caller)
        .map(|(name, _)| text::quoted(name))
        .collect();
    let list = text::list(names.iter().map(String::as_str));
    Done::document(comet.or_null(list))
}

pub fn list_full(comet: &mut Comet, call: &Call) -> Done {
    let profiles = comet
        .visible(&call.caller)
        .map(|(name, account)| (name.as_str(), account.profile().to_owned()));
    let many = comet.settings.many_accounts;
    let mut map = text::object(profiles);
    if many > 0 {
        add_many(&mut map, many);
    }
    Done::document(comet.or_null(map))
}

/// Account number n stores n MB of its 5 GB; its identity and its vault are `guid-` and `vault-` with six digits.
fn add_many(map: &mut String, many: u32) {
    map.reserve(many as usize * 600);
    map.pop();
    for number in 1..=many {
        let comma = if map.len() > 1 { "," } else { "" };
        let bytes = u64::from(number) << 20;
        // Writing to a String cannot fail.
        let _ = write!(
            map,
            r#"{comma}"many-{number:06}":{{"Username":"many-{number:06}","AccountName":"Account {number}","Emails":["many@example.com"],"Destinations":{{"vault-{number:06}":{{"CreateTime":1700000000,"Description":"Storage","DestinationType":1003,"StorageLimitEnabled":true,"StorageLimitBytes":5368709120,"Statistics":{{"ClientProvidedSize":{{"Size":{bytes},"MeasureStarted":1700000000,"MeasureCompleted":1700000009}}}}}}}},"Sources":{{}},"Devices":{{}},"IsSuspended":false,"MaximumDevices":0,"PolicyID":"","CreationGUID":"guid-{number:06}"}}"#
        );
    }
    map.push('}');
}

pub fn get_profile(comet: &mut Comet, call: &Call) -> Reply {
    let account = comet.account(&call.caller, call.required("TargetUser")?)?;
    Ok(Done::document(account.profile().to_owned()))
}

pub fn get_profile_and_hash(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    Ok(Done::found(with_hash(comet, name)))
}

pub fn get_hash(comet: &mut Comet, call: &Call) -> Reply {
    let account = comet.account(&call.caller, call.required("TargetUser")?)?;
    Ok(Done::found([("ProfileHash", text::quoted(account.hash()))]))
}

pub fn set_profile(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    write(comet, call, name)?;
    Ok(Done::ok())
}

pub fn set_profile_hash(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let account = comet.account(&call.caller, name)?;
    if account.hash() != call.required("RequireHash")? {
        return Err(Refusal::StaleHash);
    }
    write(comet, call, name)?;
    Ok(Done::ok_with(new_state(comet, name)))
}

/// Makes an account without vaults, items and devices.
pub fn add(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let password = call.required("TargetPassword")?;
    let organization = call.target_organization(comet)?.to_owned();
    if comet.accounts.contains_key(name) {
        return Err(Refusal::NameTaken);
    }
    if !is_legal_name(name, comet.version) {
        return Err(Refusal::BadName);
    }
    check_password(password)?;

    let guid = comet.next_guid();
    let mut fresh = profile::compose(comet, name, &organization, &guid);
    if !call.flag("StoreRecoveryCode") {
        fresh = text::remove(&fresh, "PasswordRecovery");
    }
    if call.flag("RequirePasswordChange") && comet.has(Version(20, 3, 4)) {
        fresh = text::set(&fresh, "RequirePasswordChange", "true");
    }
    let usual = comet.policies.iter().find(|policy| {
        text::get_as(&policy.document, "DefaultUserPolicy") == Some(true)
            && policy.organization() == organization
    });
    if let Some(policy) = usual {
        fresh = text::set_string(&fresh, "PolicyID", &policy.id);
        fresh = profile::with_policy(comet, fresh);
    }
    comet.add_account(name, Some(password.to_owned()), fresh);
    Ok(Done::ok())
}

/// Removes the account with its jobs; its devices disconnect.
pub fn delete(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    let config: Value = match call.optional("UninstallConfig") {
        config if config.is_empty() || !comet.has(Version(20, 3, 5)) => Value::Null,
        config => text::read(config).ok_or(Refusal::BadDocument)?,
    };
    comet.accounts.remove(name);
    comet.jobs.retain(|job| job.username() != name);
    comet
        .sessions
        .retain(|_, session| session.owner != super::sessions::Owner::User || session.name != name);
    comet.disconnect(&config, |connection| {
        text::get_string(connection, "Username") == name
    });
    Ok(Done::ok())
}

pub fn revoke_device(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let device = call.required("TargetDevice")?;
    let profile = comet.account(&call.caller, name)?.profile().to_owned();
    let devices = text::get(&profile, "Devices").unwrap_or_default();
    if text::get(devices, device).is_none() {
        return Err(Refusal::UnknownDevice);
    }
    let devices = text::remove(devices, device);
    comet.store(name, text::set(&profile, "Devices", &devices));
    comet.disconnect(&Value::Null, |connection| {
        text::get_string(connection, "Username") == name
            && text::get_string(connection, "DeviceID") == device
    });
    Ok(Done::ok())
}

/// The members that tell of a profile as it is after a change, where the server tells them.
pub fn new_state(comet: &Comet, name: &str) -> Vec<(&'static str, String)> {
    if comet.has(Version(25, 6, 8)) {
        with_hash(comet, name)
    } else {
        Vec::new()
    }
}

pub fn check_password(password: &str) -> Result<(), Refusal> {
    if password.chars().count() < 8 || password.contains(['\r', '\n']) {
        return Err(Refusal::BadPassword);
    }
    Ok(())
}

fn with_hash(comet: &Comet, name: &str) -> Vec<(&'static str, String)> {
    let Some(account) = comet.accounts.get(name) else {
        return Vec::new();
    };
    vec![
        ("ProfileHash", text::quoted(account.hash())),
        ("Profile", account.profile().to_owned()),
    ]
}

fn write(comet: &mut Comet, call: &Call, name: &str) -> Result<(), Refusal> {
    let written = call.required("ProfileData")?;
    let accepted = profile::accept(comet, name, written)?;
    if !call
        .caller
        .sees(&text::get_string(&accepted, "OrganizationID"))
    {
        return Err(Refusal::NotPermitted);
    }
    let password = profile::password_after(comet, name, written);
    if let Some(account) = comet.accounts.get_mut(name) {
        account.password = password;
    }
    comet.store(name, accepted);
    Ok(())
}

fn is_legal_name(name: &str, version: Version) -> bool {
    let shortest = if version < Version(21, 9, 10) { 6 } else { 1 };
    (shortest..=MAX_NAME_LENGTH).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.@-".contains(&byte))
}
