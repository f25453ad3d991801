//! Profiles: how a new one is made, and what the server does to one that is written.

use super::random;
use super::refusal::Refusal;
use super::schema;
use super::state::Comet;
use super::text;
use super::version::Version;

const SKELETON: &str = include_str!("profile.json");
const MAPS: [&str; 4] = ["Destinations", "Sources", "BackupRules", "Devices"];
const SUSPENSION_TIME: &str = "LastSuspended";

/// The profile of a new account, empty but for what the server gives each.
pub fn compose(comet: &Comet, name: &str, organization: &str, creation_guid: &str) -> String {
    let mut profile = schema::prune("profile", &text::compact(SKELETON), comet.version);
    if comet.version.answers_null_for_empty() {
        profile = with_nulls(&profile);
        for map in MAPS {
            profile = text::set(&profile, map, "null");
        }
    }
    if comet.settings.new_profile.is_object() {
        profile = text::merge(&profile, &comet.settings.new_profile.to_string());
    }
    for (field, value) in [
        ("Username", name),
        ("PasswordHash", &random::key(60)),
        ("PasswordRecovery", &random::key(184)),
        ("CreationGUID", creation_guid),
    ] {
        profile = text::set_string(&profile, field, value);
    }
    profile = text::set(&profile, "CreateTime", &comet.now().to_string());
    if !organization.is_empty() && comet.has(Version(20, 9, 1)) {
        profile = text::set_string(&profile, "OrganizationID", organization);
    }
    profile
}

/// A skeleton as an old server has it, with `null` for its empty lists.
pub fn with_nulls(skeleton: &str) -> String {
    skeleton.replace("[]", "null")
}

/// A profile from a request, as the server keeps it for the account.
pub fn accept(comet: &Comet, name: &str, written: &str) -> Result<String, Refusal> {
    if !schema::fits("profile", written) || text::get_string(written, "Username") != name {
        return Err(Refusal::BadDocument);
    }
    let mut profile = schema::prune("profile", written, comet.version);
    if text::get_as(&profile, "PasswordFormat") == Some(0) {
        profile = text::set(&profile, "PasswordFormat", "2");
        profile = text::set_string(&profile, "PasswordHash", &random::key(60));
    }
    if comet.settings.as_written {
        return Ok(profile);
    }
    Ok(with_suspension_time(
        comet,
        name,
        with_policy(comet, profile),
    ))
}

/// The password that comes with the profile: in plain text with format 0, the old one where its hash
/// stays, else none that anybody knows.
pub fn password_after(comet: &Comet, name: &str, written: &str) -> Option<String> {
    let account = comet.accounts.get(name)?;
    let hash = text::get_string(written, "PasswordHash");
    if text::get_as(written, "PasswordFormat") == Some(0) {
        return Some(hash);
    }
    let same = hash == text::get_string(account.profile(), "PasswordHash");
    account.password.clone().filter(|_| same)
}

/// While a profile names a policy, its content is that policy's.
pub fn with_policy(comet: &Comet, profile: String) -> String {
    let id = text::get_string(&profile, "PolicyID");
    comet
        .policies
        .iter()
        .find(|policy| policy.id == id && !comet.settings.as_written)
        .and_then(|policy| text::get(&policy.document, "Policy"))
        .map(|content| text::set(&profile, "Policy", content))
        .unwrap_or(profile)
}

fn with_suspension_time(comet: &Comet, name: &str, profile: String) -> String {
    if !comet.has(Version(22, 12, 8)) {
        return profile;
    }
    let suspended = |profile: &str| text::get_as(profile, "IsSuspended") == Some(true);
    let was_suspended = comet
        .accounts
        .get(name)
        .is_some_and(|account| suspended(account.profile()));
    match (was_suspended, suspended(&profile)) {
        (false, true) => text::set(&profile, SUSPENSION_TIME, &comet.now().to_string()),
        (_, false) => text::remove(&profile, SUSPENSION_TIME),
        (true, true) => profile,
    }
}
