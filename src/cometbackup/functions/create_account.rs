//! `cometbackup_CreateAccount`: creates the account, its policy group, its storage vault and its limits. Three or four
//! requests, one or two more for a policy group, and one where a password change is required and the server's version is not
//! known. Run again after any failure, it goes on with what is missing.

use crate::cometbackup::account::contact::Contact;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::session::Backup;
use crate::cometbackup::account::settings::Options;
use crate::cometbackup::account::user_name::{self, MARKER};
use crate::cometbackup::account::{lost_answer, policy_group, vault};
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::version::PASSWORD_AT_FIRST_LOGIN;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::{Error, plain};
use crate::journal::End;
use crate::outcome::Outcome;
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::whmcs::{Host, Service, custom_fields};

/// How many names are tried where the wanted one is taken.
const NAMES: u32 = 10;

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let options = Options::read(&service.options);
    let quotas = Quotas::read(&service.configurable_options)?;
    Backup::in_turn(host, service, |backup| create(backup, &options, &quotas))
}

fn create(backup: &mut Backup<'_>, options: &Options, quotas: &Quotas) -> Result<(), Error> {
    if let Some(id) = &options.policy {
        policy_group::ensure(backup, id)?;
    }
    let service = backup.service;
    let mut account = planned(backup, options)?;
    let mut profile = None;
    if account.is_planned {
        account = make(backup, account, options)?;
    } else {
        profile = Some(backup.profile(&account)?);
        lost_answer::settle_deletion(backup)?;
    }
    if let Some(template) = &options.template {
        profile = with_vault(backup, &mut account, template, profile)?;
    }
    let profile = match profile {
        Some(profile) => profile,
        None => backup.profile(&account)?,
    };
    if options.template.is_some() && account.vault_id.is_none() {
        // Servers before 19.8.0 do not name the vault they created.
        if let Some(id) = profile.vaults().into_iter().next() {
            vault::keep(backup, &mut account, &id)?;
        }
    }
    profile.countable(&account.username)?;
    let limited = vault::limited(&account, &profile, options.vault_quota);
    backup.edit(&account, profile, |profile| {
        fill_contact_details(profile, service);
        if let Some(id) = &options.policy {
            profile.assign_policy_group(id);
        }
        profile.apply_quotas(quotas, &limited);
    })?;
    keep_login(backup, &account)
}

/// The account that is recorded for the service; a new plan where there is none.
fn planned(backup: &mut Backup<'_>, options: &Options) -> Result<Account, Error> {
    let service_id = backup.service.id;
    refuse_beside_an_unrecorded_account(backup)?;
    let wanted = user_name::wanted(backup.service, options.user_names);
    for attempt in 0..NAMES {
        if let Some(account) = backup.recorded()? {
            return Ok(account);
        }
        let name = match attempt {
            0 => wanted.clone(),
            _ => user_name::with_suffix(&wanted, attempt),
        };
        let place = backup.place();
        accounts::record(&mut backup.database, service_id, &place, &name, None)?;
    }
    Err(all_taken(&wanted))
}

/// A service that is active has its account already, created by the PHP module or by hand: a second one would be billed
/// and known to nobody, and whether the first is the service's is for a person to say.
fn refuse_beside_an_unrecorded_account(backup: &mut Backup<'_>) -> Result<(), Error> {
    let is_live = backup.service.status.is_live();
    let service_id = backup.service.id;
    if !is_live
        || backup.recorded()?.is_some()
        || accounts::has_ended_account(&mut backup.database, service_id)?
    {
        return Ok(());
    }
    let Some(name) = backup.name_of_the_php_module() else {
        return Ok(());
    };
    if backup.is_listed(&name)? {
        return Err(Error::Refusal(format!(
            "The Comet account {} exists and is not recorded for this service, which is active. If it is the service's, press Check at Comet to record it; if not, empty the user name of the service and run Create again.",
            plain(&name)
        )));
    }
    Ok(())
}

/// Creates the planned account. A name that another account holds gets a suffix; no account is ever taken over
/// unless a lost answer of this service's own request explains it.
fn make(
    backup: &mut Backup<'_>,
    mut account: Account,
    options: &Options,
) -> Result<Account, Error> {
    let password = backup.password_for_creation()?;
    lost_answer::settle(backup, &mut account)?;
    let asked = "require a password change at the first login";
    let first_login =
        options.require_password_change && backup.offers(PASSWORD_AT_FIRST_LOGIN, asked);
    let wanted = user_name::wanted(backup.service, options.user_names);
    let contact = Contact::from(backup.service);
    let mut attempt = 0;
    while account.is_planned {
        let call = add_user(&account, &password, first_login);
        let entry = backup.begin(lost_answer::ADD, &call.task)?;
        match backup.api().change(&call, |_| Some(())) {
            Outcome::Done(_) => {
                // In one transaction: once the account is recorded as created, its lost answer is not looked into again.
                let written = contact.written(&account.username, backup.service.client_id);
                backup.done(&entry, lost_answer::ADD, &call.task, |transaction| {
                    accounts::created_within(transaction, account.row, &written)
                })?;
                account.is_planned = false;
                account.written = written;
            }
            Outcome::NotKnown(error) => {
                backup.end(&entry, End::Unknown, &error)?;
                // Where that cannot be found out either, the first failure is the one to report.
                if lost_answer::settle(backup, &mut account).is_err() || account.is_planned {
                    return Err(error);
                }
            }
            Outcome::NotDone(error) => {
                let may_be_done = broke_off(&error);
                let end = if may_be_done {
                    End::Unknown
                } else {
                    End::Failed
                };
                backup.end(&entry, end, &error)?;
                if !may_be_done && !is_taken(backup, &account, &error) {
                    return Err(error);
                }
                // It may be taken by this request, or by an earlier one of ours that was carried out late.
                if lost_answer::settle(backup, &mut account).is_err() {
                    return Err(error);
                }
                if account.is_planned {
                    if may_be_done && !is_taken(backup, &account, &error) {
                        return Err(error);
                    }
                    backup.settle(lost_answer::ADD, &call.task, End::Failed)?;
                    account.username = next_name(backup, &account, &wanted, &mut attempt)?;
                }
            }
        }
    }
    Ok(account)
}

fn add_user(
    account: &Account,
    password: &Secret<String>,
    require_password_change: bool,
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
    Call {
        endpoint: "add-user",
        task: format!("create the Comet account {}", plain(&account.username)),
        fields,
    }
}

/// A failure of the server itself, which may have come after the account was created.
fn broke_off(error: &Error) -> bool {
    matches!(error, Error::Refused { status: 500.., .. })
}

/// The server has no code for it, so its list is read; a name of another tenant is only in its words.
fn is_taken(backup: &Backup<'_>, account: &Account, error: &Error) -> bool {
    let Error::Refused { status, reply } = error else {
        return false;
    };
    if matches!(status, 401 | 403) {
        return false;
    }
    let says_so = ["exist", "taken", "in use"]
        .iter()
        .any(|word| reply.message.to_lowercase().contains(word));
    says_so || backup.is_listed(&account.username).unwrap_or(false)
}

fn next_name(
    backup: &mut Backup<'_>,
    account: &Account,
    wanted: &str,
    attempt: &mut u32,
) -> Result<String, Error> {
    while *attempt < NAMES {
        *attempt += 1;
        let name = user_name::with_suffix(wanted, *attempt);
        if accounts::rename(&mut backup.database, account, &name)? {
            return Ok(name);
        }
    }
    Err(all_taken(wanted))
}

/// A vault is requested only for an account that is known to have none.
fn with_vault(
    backup: &mut Backup<'_>,
    account: &mut Account,
    template: &str,
    profile: Option<Profile>,
) -> Result<Option<Profile>, Error> {
    let existing = profile
        .as_ref()
        .and_then(|profile| profile.vaults().into_iter().next());
    if let Some(id) = existing {
        if account.vault_id.is_none() {
            vault::keep(backup, account, &id)?;
        }
        vault::settle(backup, account)?;
        return Ok(profile);
    }
    let error = match vault::request(backup, account, template, profile.as_ref()) {
        Ok(Some(profile)) => {
            backup.identify(account, &profile)?;
            return Ok(Some(profile));
        }
        Ok(None) => return Ok(None),
        Err(error @ Error::Busy { .. }) => return Err(error),
        Err(error) => error,
    };
    // It may have been created in spite of the failure, and a second one would be paid for.
    let Ok(now) = backup.profile(account) else {
        return Err(error);
    };
    let Some(id) = now.vaults().into_iter().next() else {
        return Err(error);
    };
    vault::keep(backup, account, &id)?;
    vault::settle(backup, account)?;
    Ok(Some(now))
}

fn fill_contact_details(profile: &mut Profile, service: &Service) {
    let contact = Contact::from(service);
    let language = user_name::language(&service.client.language);
    profile.fill_contact_details(&contact.email, &contact.name, language);
}

/// The PHP module's marks in WHMCS, so that going back works: with custom fields filled the service's own columns
/// hold the marker and nothing, and the field Username holds the name that was really created.
fn keep_login(backup: &mut Backup<'_>, account: &Account) -> Result<(), Error> {
    if let ServiceId::Addon { .. } = backup.service.id {
        // An addon's user name and password are custom fields themselves.
        backup
            .host
            .keep_property("Username", account.username.clone());
        return Ok(());
    }
    let fields = &backup.service.custom_fields;
    let filled = |name| {
        let value: Option<&str> = fields.get(name).map(str::trim);
        value.filter(|value| !value.is_empty())
    };
    let typed = filled("Username");
    let name = if typed.is_some() {
        MARKER
    } else {
        &account.username
    };
    backup.host.keep_property("Username", name.to_owned());
    if filled("Password").is_some() {
        backup.host.keep_property("Password", String::new());
    }
    if typed.is_some_and(|typed| typed != account.username) {
        let service_id = backup.service.id;
        custom_fields::write(
            &mut backup.database,
            service_id,
            "Username",
            &account.username,
        )?;
    }
    Ok(())
}

fn all_taken(wanted: &str) -> Error {
    Error::Refusal(format!(
        "The user name {} and {NAMES} variants of it are taken on the Comet Server. Enter another one in the custom field Username and run Create again.",
        plain(wanted)
    ))
}
