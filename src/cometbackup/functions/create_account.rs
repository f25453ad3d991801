//! `cometbackup_CreateAccount`: creates the account, its policy group, its storage vault and its limits. Three or four
//! requests, one or two more for a policy group, one where the customer chooses the storage template, two or three for a tenant, and one where a password change is required and the server's version is not
//! known. Run again after any failure, it goes on with what is missing.

use super::extra_addon;
use super::usage_update::server_list;
use crate::cometbackup::account::contact::Contact;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::session::{AccountSession, answer_of_done};
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::user_name::{self, MARKER};
use crate::cometbackup::account::{lost_answer, policy_group, tenant, vault};
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::version::PASSWORD_AT_FIRST_LOGIN;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::Error;
use crate::journal::End;
use crate::journal::operation::Ended;
use crate::outcome::Outcome;
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::{Host, Service, custom_fields};

/// How many names are tried where the wanted one is taken.
const NAMES: u32 = 10;

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    server_list::forget();
    if let Some(ended) = extra_addon::run(host, service, true) {
        return ended;
    }
    let settings = ModuleSettings::read(&service.options);
    let quotas = Quotas::read(&service.configurable_options)?;
    AccountSession::with_lock(host, service, |session| create(session, &settings, &quotas))
}

fn create(
    session: &mut AccountSession<'_>,
    settings: &ModuleSettings,
    quotas: &Quotas,
) -> Result<(), Error> {
    let tenant = settings.tenant.as_deref();
    session.must_know_tenants(tenant)?;
    let settings = &session.with_chosen_template(settings)?;
    if let Some(id) = &settings.policy_group {
        policy_group::ensure(session, id, tenant)?;
    }
    let service = session.service;
    let mut account = planned(session, settings)?;
    let mut profile = None;
    if account.is_planned {
        account = create_planned(session, account, settings)?;
    } else {
        session.must_be_of_the_client(&account)?;
        profile = Some(session.profile(&account)?);
        lost_answer::settle_deletion(session)?;
    }
    if tenant.is_some() {
        let now = match profile {
            Some(profile) => profile,
            None => session.profile(&account)?,
        };
        tenant::must_hold(&account, &now, tenant)?;
        profile = Some(now);
    }
    if let Some(template) = &settings.storage_template {
        profile = with_vault(session, &mut account, template, profile)?;
    }
    let profile = match profile {
        Some(profile) => profile,
        None => session.profile(&account)?,
    };
    if settings.storage_template.is_some() && account.vault_id.is_none() {
        // Servers before 19.8.0 do not name the vault they created.
        if let Some(id) = profile.vaults().into_iter().next() {
            vault::keep(session, &mut account, &id)?;
        }
    }
    profile.countable(&account.username)?;
    let quotas = &session.sold(quotas)?;
    session.say_which_limits_it_lacks(&profile, quotas)?;
    let limited = vault::limited(&account, &profile, settings.vault_quota);
    session.edit(&account, profile, |profile| {
        fill_contact_details(profile, service);
        if let Some(id) = &settings.policy_group {
            profile.assign_policy_group(id);
        }
        profile.apply_quotas(quotas, &limited);
        if account.deletion.is_some() {
            profile.suspend(false);
        }
    })?;
    session.cancel_deletion(&account)?;
    keep_login(session, &account.username, account.had_marker)
}

/// The account that is recorded for the service; a new plan where there is none.
fn planned(session: &mut AccountSession<'_>, settings: &ModuleSettings) -> Result<Account, Error> {
    let service_id = session.service.id;
    refuse_beside_an_unrecorded_account(session)?;
    let wanted = user_name::wanted(session.service, settings.user_names);
    for attempt in 0..NAMES {
        if let Some(account) = session.recorded()? {
            return Ok(account);
        }
        let name = match attempt {
            0 => wanted.clone(),
            _ => user_name::with_suffix(&wanted, attempt),
        };
        let place = session.place();
        accounts::record(&mut session.database, service_id, &place, &name, None)?;
    }
    Err(all_taken(&wanted))
}

/// A service that is active has its account already, created by the PHP module or by hand: a second one would be billed
/// and known to nobody, and whether the first is the service's is for a person to say.
fn refuse_beside_an_unrecorded_account(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let is_live = session.service.status.is_live();
    let service_id = session.service.id;
    if !is_live
        || session.recorded()?.is_some()
        || accounts::has_ended_account(&mut session.database, service_id)?
    {
        return Ok(());
    }
    let Some(name) = session.name_of_the_php_module() else {
        return Ok(());
    };
    if session.is_listed(&name)? {
        return Err(Error::Refusal(format!(
            "The Comet account {} exists and is not recorded for this service, which is active. If it is the service's, press Check at Comet to record it; if not, empty the user name of the service and run Create again.",
            plain(&name)
        )));
    }
    Ok(())
}

/// Creates the planned account. A name that another account holds gets a suffix; no account is ever taken over
/// unless a lost answer of this service's own request explains it.
fn create_planned(
    session: &mut AccountSession<'_>,
    mut account: Account,
    settings: &ModuleSettings,
) -> Result<Account, Error> {
    let password = session.password_for_creation()?;
    lost_answer::settle(session, &mut account)?;
    let asked = "require a password change at the first login";
    let first_login =
        settings.require_password_change && session.offers(PASSWORD_AT_FIRST_LOGIN, asked);
    let wanted = user_name::wanted(session.service, settings.user_names);
    let contact = Contact::from(session.service);
    let mut attempt = 0;
    while account.is_planned {
        let call = add_user(&account, &password, first_login, settings.tenant.as_deref());
        let (error, taken) =
            match session.run(lost_answer::ADD, &call, may_be_done, |_| Some(()))? {
                Ended::Done(done) => {
                    // Together: nobody asks any more what became of the account once it is recorded as created.
                    let written = contact.written(&account.username, session.service.client_id);
                    let answer = answer_of_done(&call.task);
                    let (database, row) = (&mut session.database, account.row);
                    done.store(
                        database,
                        "record the account",
                        &answer,
                        |transaction, ()| accounts::created_within(transaction, row, &written),
                    )?;
                    account.is_planned = false;
                    account.written = written;
                    break;
                }
                Ended::Failed(error) if is_taken(session, &account, &error) => (error, true),
                Ended::Failed(error) => return Err(error),
                Ended::Unknown(lost) => (lost.error, false),
            };
        // A name may be taken by this request, or by an earlier one of ours that was carried out late. Where it cannot be
        // asked what became of them, what failed is the first thing to report.
        if lost_answer::settle(session, &mut account).is_err() {
            return Err(error);
        }
        if account.is_planned {
            if !taken && !is_taken(session, &account, &error) {
                return Err(error);
            }
            session.settle(lost_answer::ADD, &call.task, End::Failed)?;
            account.username = next_name(session, &account, &wanted, &mut attempt)?;
        }
    }
    Ok(account)
}

/// Returns the journal's words for the creation of this account.
pub(super) fn asked(username: &str) -> String {
    format!("create the Comet account {}", plain(username))
}

fn add_user(
    account: &Account,
    password: &Secret<String>,
    require_password_change: bool,
    tenant: Option<&str>,
) -> Call<'static> {
    let mut fields = vec![
        ("TargetUser", field(&account.username)),
        ("TargetPassword", Field::Secret(password.clone())),
        // Without it no administrator could ever set another password.
        ("StoreRecoveryCode", field("1")),
    ];
    if require_password_change {
        fields.push(("RequirePasswordChange", field("1")));
    }
    fields.extend(tenant::narrowed_to(tenant));
    Call {
        endpoint: "add-user",
        task: asked(&account.username),
        fields,
    }
}

/// A failure of the server itself may have come after the account was created.
fn may_be_done(outcome: Outcome<()>) -> Outcome<()> {
    match outcome {
        Outcome::Failed(error @ Error::Refused { status: 500.., .. }) => Outcome::Unknown(error),
        outcome => outcome,
    }
}

/// The server has no code for it, so its list is read; a name of another tenant is only in its words.
fn is_taken(session: &AccountSession<'_>, account: &Account, error: &Error) -> bool {
    let Error::Refused { status, reply } = error else {
        return false;
    };
    if matches!(status, 401 | 403) {
        return false;
    }
    let says_so = ["exist", "taken", "in use"]
        .iter()
        .any(|word| reply.message.to_lowercase().contains(word));
    says_so || session.is_listed(&account.username).unwrap_or(false)
}

fn next_name(
    session: &mut AccountSession<'_>,
    account: &Account,
    wanted: &str,
    attempt: &mut u32,
) -> Result<String, Error> {
    while *attempt < NAMES {
        *attempt += 1;
        let name = user_name::with_suffix(wanted, *attempt);
        if accounts::rename(&mut session.database, account, &name)? {
            return Ok(name);
        }
    }
    Err(all_taken(wanted))
}

/// A vault is requested only for an account that is known to have none.
fn with_vault(
    session: &mut AccountSession<'_>,
    account: &mut Account,
    template: &str,
    profile: Option<Profile>,
) -> Result<Option<Profile>, Error> {
    let existing = profile
        .as_ref()
        .and_then(|profile| profile.vaults().into_iter().next());
    if let Some(id) = existing {
        if account.vault_id.is_none() {
            vault::keep(session, account, &id)?;
        }
        vault::settle(session, account)?;
        return Ok(profile);
    }
    let error = match vault::request(session, account, template, profile.as_ref()) {
        Ok(Some(profile)) => {
            session.identify(account, &profile)?;
            return Ok(Some(profile));
        }
        Ok(None) => return Ok(None),
        Err(error @ Error::Busy { .. }) => return Err(error),
        Err(error) => error,
    };
    // It may have been created in spite of the failure, and a second one would be paid for.
    let Ok(now) = session.profile(account) else {
        return Err(error);
    };
    let Some(id) = now.vaults().into_iter().next() else {
        return Err(error);
    };
    vault::keep(session, account, &id)?;
    vault::settle(session, account)?;
    Ok(Some(now))
}

fn fill_contact_details(profile: &mut Profile, service: &Service) {
    let contact = Contact::from(service);
    let language = user_name::language(&service.client.language);
    profile.fill_contact_details(&contact.email, &contact.name, language);
}

/// Writes the PHP module's marks into WHMCS, so that going back works: with custom fields filled the service's own columns
/// hold the marker and nothing, and the field Username holds the name that was really created. A service `keeps_name` once
/// staff have had the name written in place of the marker.
pub(super) fn keep_login(
    session: &mut AccountSession<'_>,
    username: &str,
    keeps_name: bool,
) -> Result<(), Error> {
    if let ServiceId::Addon { .. } = session.service.id {
        // An addon's user name and password are custom fields themselves.
        session.host.keep_property("Username", username.to_owned());
        return Ok(());
    }
    let fields = &session.service.custom_fields;
    let filled = |name| {
        let value: Option<&str> = fields.get(name).map(str::trim);
        value.filter(|value| !value.is_empty())
    };
    let typed = filled("Username");
    let name = if typed.is_some() && !keeps_name {
        MARKER
    } else {
        username
    };
    session.host.keep_property("Username", name.to_owned());
    if filled("Password").is_some() {
        session.host.keep_property("Password", String::new());
    }
    if typed.is_some_and(|typed| typed != username) {
        let service_id = session.service.id;
        custom_fields::write(&mut session.database, service_id, "Username", username)?;
    }
    Ok(())
}

fn all_taken(wanted: &str) -> Error {
    Error::Refusal(format!(
        "The user name {} and {NAMES} variants of it are taken on the Comet Server. Enter another one in the custom field Username and run Create again.",
        plain(wanted)
    ))
}
