//! Sessions of admins and of users.

use std::collections::BTreeMap;

use super::random;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::state::Comet;
use super::text;
use super::version::Version;

const KEY_LENGTH: usize = 64;

#[derive(Clone, Copy, PartialEq)]
pub enum Owner {
    Admin,
    User,
}

pub struct Session {
    pub owner: Owner,
    pub name: String,
}

pub fn start(comet: &mut Comet, call: &Call) -> Done {
    open(comet, Owner::Admin, &call.caller.admin)
}

pub fn start_as_user(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    Ok(open(comet, Owner::User, name))
}

/// Ends the session that the request was made with.
pub fn revoke(comet: &mut Comet, call: &Call) -> Done {
    comet.sessions.remove(call.optional("SessionKey"));
    Done::ok()
}

/// The session of a user by the user's own password.
pub fn start_of_user(comet: &mut Comet, form: &BTreeMap<String, String>) -> Reply {
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let account = comet
        .accounts
        .get(field("Username"))
        .filter(|account| {
            field("AuthType") == "Password"
                && account.password.as_deref() == Some(field("Password"))
        })
        .ok_or(Refusal::Unauthorised)?;
    if text::get_as(account.profile(), "IsSuspended") == Some(true) {
        return Err(Refusal::Unauthorised);
    }
    Ok(open(comet, Owner::User, field("Username")))
}

pub fn revoke_of_user(comet: &mut Comet, form: &BTreeMap<String, String>) -> Reply {
    let key = form.get("SessionKey").map_or("", String::as_str);
    let own = comet.sessions.get(key).is_some_and(|session| {
        session.owner == Owner::User && form.get("Username") == Some(&session.name)
    });
    if !own {
        return Err(Refusal::Unauthorised);
    }
    comet.sessions.remove(key);
    Ok(Done::ok())
}

/// By the credentials of an admin or of a user.
pub fn start_of_either(comet: &mut Comet, form: &BTreeMap<String, String>) -> Reply {
    match comet.authenticate(form) {
        Ok(caller) => Ok(open(comet, Owner::Admin, &caller.admin)),
        Err(Refusal::TotpRequired) => Err(Refusal::TotpRequired),
        Err(_) => start_of_user(comet, form),
    }
}

fn open(comet: &mut Comet, owner: Owner, name: &str) -> Done {
    let key = random::key(KEY_LENGTH);
    let session = Session {
        owner,
        name: name.to_owned(),
    };
    comet.sessions.insert(key.clone(), session);
    let mut members = vec![("SessionKey", text::quoted(&key))];
    if comet.has(Version(18, 12, 3)) {
        let kind = match owner {
            Owner::Admin => "admin",
            Owner::User => "user",
        };
        members.push(("SessionType", text::quoted(kind)));
    }
    Done::ok_with(members)
}
