//! The field "Link an Account" of the service page: records an account that exists for this service, once staff have entered
//! its exact name twice. One request.

use super::create_account;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::adoption::{self, UnrecordedAccount};
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::tables::{accounts, claims};
use crate::error::Error;
use crate::reconciliation::{self, Finding};
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// The kind of the finding that shows the account before it is linked.
const KIND: &str = "link";

/// Records the account of this name for the service, at the second time it is entered.
///
/// # Errors
/// The sentence that asks for the confirmation, at the first time; later what speaks against it.
pub fn run(host: &dyn Host, service: &Service, name: &str) -> Result<(), Error> {
    AccountSession::with_lock(host, service, |session| link(session, name))
}

fn link(session: &mut AccountSession<'_>, name: &str) -> Result<(), Error> {
    if !session.service.status.is_live() {
        return Err(refusal(
            "An account can be linked to a service that is active, completed or suspended. Set the status of the service first.",
        ));
    }
    if let Some(account) = session.recorded()? {
        if account.username == name && !account.is_planned {
            return Ok(());
        }
        return Err(refusal(&format!(
            "The Comet account {} is recorded for this service, and a service has one. Nothing was linked.",
            plain(&account.username)
        )));
    }
    let profile = session.read_profile(name)?;
    let found = UnrecordedAccount::of(&profile);
    if found.guid.is_empty() {
        return Err(refusal(&format!(
            "The Comet Server does not say the identity of the account {}, so it cannot be linked.",
            plain(name)
        )));
    }
    let service_id = session.service.id;
    let evidence = claims::evidence(&mut session.database, service_id, name, &found.guid)?;
    if let Some(holder) = evidence.holder {
        return Err(refusal(&adoption::of_another(name, Some(holder))));
    }
    let finding = Finding {
        service_id: Some(service_id),
        kind: KIND,
        subject: found.subject(name),
        text: adoption::linkable(name, &found, &evidence.others),
        server_id: Some(session.server.id),
    };
    if !reconciliation::is_shown(&mut session.database, MODULE, &finding)? {
        reconciliation::show(&mut session.database, MODULE, &finding)?;
        return Err(Error::Refusal(finding.text));
    }
    let place = session.place();
    if !accounts::record(
        &mut session.database,
        service_id,
        &place,
        name,
        Some(&found.guid),
    )? {
        return Err(refusal(&adoption::of_another(name, None)));
    }
    for kind in [KIND, adoption::KIND] {
        reconciliation::settle(&mut session.database, MODULE, service_id, kind)?;
    }
    create_account::keep_login(session, name, false)?;
    session.host.log_activity(format!(
        "The Comet account {} is recorded for this service now. - {service_id}",
        plain(name)
    ));
    Ok(())
}

fn refusal(sentence: &str) -> Error {
    Error::Refusal(sentence.to_owned())
}
