//! Accounts of terminated services, which wait for their deletion: the days are counted, the customer gets his mail, and what is
//! due is deleted, a few in a run. The rest, and what cannot be told apart, is for staff.

use super::observed::{Identity, ObservedAccount};
use super::services::{Entry, Index};
use crate::clock;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::customer_notice;
use crate::cometbackup::account::deletion::{NOTICE_DAYS, UNREADABLE};
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::{Grace, ModuleSettings, Termination};
use crate::cometbackup::functions::{confirm_deletion, terminate_account};
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::deletions::{self, Consent, Deletion, Progress};
use crate::cometbackup::tables::notices;
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::{Finding, Run};
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::services::{self, Settings};
use crate::whmcs::{self, Host, Service, ServiceStatus};

/// Deleted in one run of a server: the smaller of these two, and one at least.
const MOST: u64 = 10;
const MOST_PERCENT: u64 = 2;

/// Daily runs behind its time by which a deletion no longer waits for a mail that cannot be sent.
const WITHOUT_NOTICE: u32 = 7;

/// The daily run, at one server.
pub struct Daily<'a> {
    pub host: &'a dyn Host,
    pub server: &'a whmcs::Server,
    pub settings: &'a Settings,
    /// Accounts that the server has.
    pub listed: u64,
}

/// An account whose deletion goes on.
struct Waiting {
    row: u64,
    service_id: ServiceId,
    name: String,
    deletion: Deletion,
    /// Days that the deletion waits for.
    required: u32,
    template: Option<String>,
    is_identified: bool,
}

/// What becomes of a service whose account waits for its deletion.
enum Fate {
    /// Today counts.
    Goes,
    /// It is in use again.
    Stays,
    /// Nothing is counted or deleted; where staff have to know, why.
    Stands(Option<String>),
}

/// Carries on the deletions that wait on a server. No statement where none waits.
pub fn of_server(
    daily: &Daily<'_>,
    run: &mut Run,
    database: &mut Database,
    index: &mut Index,
) -> Result<(), Error> {
    let mut waiting = Vec::new();
    for entry in index.entries().iter().filter(|entry| is_pending(entry)) {
        let options = daily.settings.get(&entry.definition());
        let settings = options.map(ModuleSettings::read);
        // Gone from the server, or from WHMCS: the comparison says so.
        let (Some(settings), Some(observed), Some(deletion)) =
            (settings, &entry.observed, entry.service.deletion)
        else {
            continue;
        };
        match fate(entry, observed, &settings) {
            Fate::Goes => waiting.push(Waiting::new(entry, observed, deletion, settings)),
            Fate::Stays => keep(run, database, entry)?,
            Fate::Stands(None) => {}
            Fate::Stands(Some(text)) => {
                report(daily, run, database, (entry.service_id, &entry.name), text)?;
            }
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    go_on(daily, run, database, &waiting)?;
    deletions::forget_old(database)?;
    Ok(notices::forget_ended(database)?)
}

/// Returns what staff have to know of the pending deletion of one service; its days are counted by the daily run only.
pub fn of_one(entries: &[Entry], settings: &Settings, server: u32) -> Option<Finding> {
    let entry = entries.iter().find(|entry| is_pending(entry))?;
    let options = settings.get(&entry.definition())?;
    let deletion = entry.service.deletion?;
    let observed = entry.observed.as_ref()?;
    let text = match fate(entry, observed, &ModuleSettings::read(options)) {
        Fate::Goes if deletion.consent == Consent::Awaited => {
            held(&plain(&entry.name), "the daily run leaves it to staff")
        }
        Fate::Stands(text) => text?,
        Fate::Goes | Fate::Stays => return None,
    };
    Some(finding(server, (entry.service_id, &entry.name), text))
}

fn is_pending(entry: &Entry) -> bool {
    entry.service.deletion.is_some()
        && entry.record == RecordState::Created
        && entry.is_compared()
        && !entry.service.is_moved
}

fn fate(entry: &Entry, observed: &ObservedAccount, settings: &ModuleSettings) -> Fate {
    let name = plain(&entry.name);
    match entry.service.status {
        Some(status) if status.is_live() => return Fate::Stays,
        Some(ServiceStatus::Terminated) if entry.service.claimed_by.is_none() => {}
        _ => return Fate::Stands(None),
    }
    if settings.termination != Termination::Delete || observed.identity == Identity::Another {
        return Fate::Stands(None);
    }
    if !observed.is_suspended {
        return Fate::Stands(Some(format!(
            "The Comet account {name} waits for its deletion, because its service was terminated, and it is active: it was unsuspended in Comet. Run Unsuspend to keep it, or Terminate to suspend it and to begin anew."
        )));
    }
    if settings.grace == Grace::Unreadable {
        return Fate::Stands(Some(format!(
            "The Comet account {name} waits for its deletion: {UNREADABLE}. Correct it at the product."
        )));
    }
    Fate::Goes
}

fn keep(run: &mut Run, database: &mut Database, entry: &Entry) -> Result<(), Error> {
    deletions::cancel(database, entry.service.row)?;
    let sentence = format!(
        "The Comet account {} was to be deleted, and its service is in use again: it is kept.",
        plain(&entry.name)
    );
    run.repaired(Some(entry.service_id), &sentence);
    Ok(())
}

fn go_on(
    daily: &Daily<'_>,
    run: &mut Run,
    database: &mut Database,
    waiting: &[Waiting],
) -> Result<(), Error> {
    let rows: Vec<u64> = waiting.iter().map(|one| one.row).collect();
    deletions::count_today(database, &rows)?;
    let mut due = Vec::new();
    let mut notices_due = Vec::new();
    for progress in deletions::progress(database, &rows)? {
        let Some(one) = waiting.iter().find(|one| one.row == progress.row) else {
            continue;
        };
        if let Some(template) = one.template_due(&progress) {
            let left = one.days_left(&progress);
            let earliest = clock::day_after(&progress.today, left);
            notices_due.push(customer_notice::of_deletion(
                (one.row, &one.name),
                template,
                (left, &earliest),
            ));
        }
        if one.is_due(&progress) {
            due.push((one, progress));
        }
    }
    notices::queue(database, &notices_due)?;
    delete(daily, run, database, &due)
}

/// The oldest first.
fn delete(
    daily: &Daily<'_>,
    run: &mut Run,
    database: &mut Database,
    due: &[(&Waiting, Progress)],
) -> Result<(), Error> {
    let percent = daily.listed.saturating_mul(MOST_PERCENT).div_ceil(100);
    let mut left = percent.clamp(1, MOST);
    for (one, progress) in due {
        let name = plain(&one.name);
        let is_allowed = match one.deletion.consent {
            Consent::Given => true,
            Consent::Awaited => false,
            Consent::NotNeeded if one.is_identified && left > 0 => {
                left -= 1;
                true
            }
            Consent::NotNeeded => {
                deletions::hold(database, one.row)?;
                false
            }
        };
        if !is_allowed {
            let why = if one.is_identified {
                "more accounts of this server were due in one daily run than are deleted unseen"
            } else {
                "the server does not say whether it is the one that was created for this service"
            };
            let text = held(&name, why);
            report(daily, run, database, (one.service_id, &one.name), text)?;
            continue;
        }
        run.alive(database)?;
        match delete_one(daily, database, (one, progress)) {
            Ok(true) => run.repaired(
                Some(one.service_id),
                &format!("The Comet account {name} was deleted: its service was terminated, and its time is over."),
            ),
            // It is kept, or another command works on the service.
            Ok(false) | Err(Error::Busy { .. }) => {}
            Err(error) => {
                report(daily, run, database, (one.service_id, &one.name), error.to_string())?;
            }
        }
    }
    Ok(())
}

/// Deletes it, if it still is as it was seen: under the lock, WHMCS and the server are looked at again. False where it
/// is kept.
fn delete_one(
    daily: &Daily<'_>,
    database: &mut Database,
    (one, seen): (&Waiting, &Progress),
) -> Result<bool, Error> {
    let service = Service {
        server: daily.server.clone(),
        ..Service::of(one.service_id)
    };
    let mut is_deleted = false;
    AccountSession::with_lock(daily.host, &service, |session| {
        let settings = services::settings(daily.host, database, MODULE)?;
        let Some(now) = services::placed(database, MODULE, one.service_id)? else {
            return Ok(());
        };
        let options = settings.get(&now.definition).cloned().unwrap_or_default();
        let settings = ModuleSettings::read(&options);
        let goes = now.status == ServiceStatus::Terminated
            && now.server == daily.server.id
            && settings.termination == Termination::Delete
            && settings.grace != Grace::Unreadable;
        // One that was taken back and begun anew meanwhile has other days.
        let required = required(one.deletion, settings.grace);
        let is_still_due =
            |now: &Progress| now.asked_at == seen.asked_at && now.counted >= required;
        if goes
            && deletions::progress(database, &[one.row])?
                .iter()
                .any(is_still_due)
        {
            is_deleted = terminate_account::delete_due(session, &settings)?;
        }
        Ok(())
    })?;
    Ok(is_deleted)
}

fn report(
    daily: &Daily<'_>,
    run: &mut Run,
    database: &mut Database,
    (service_id, name): (ServiceId, &str),
    text: String,
) -> Result<(), Error> {
    run.report(database, finding(daily.server.id, (service_id, name), text))
}

fn finding(server: u32, (service_id, name): (ServiceId, &str), text: String) -> Finding {
    Finding {
        service_id: Some(service_id),
        kind: confirm_deletion::KIND,
        subject: name.to_owned(),
        text,
        server_id: Some(server),
    }
}

fn held(name: &str, why: &str) -> String {
    format!(
        "The Comet account {name} is due to be deleted, because its service was terminated, and is kept: {why}. Press {} to delete it with the next daily run, or run Unsuspend to keep it.",
        confirm_deletion::BUTTON.0
    )
}

/// What was promised holds, and a longer time that is set since: never less than either.
fn required(deletion: Deletion, grace: Grace) -> u32 {
    let set = match grace {
        Grace::Days(days) => days,
        Grace::None | Grace::Unreadable => 0,
    };
    deletion.days.max(set)
}

impl Waiting {
    fn new(
        entry: &Entry,
        observed: &ObservedAccount,
        deletion: Deletion,
        settings: ModuleSettings,
    ) -> Self {
        Self {
            row: entry.service.row,
            service_id: entry.service_id,
            name: entry.name.to_string(),
            deletion,
            required: required(deletion, settings.grace),
            template: settings.deletion_notice,
            is_identified: observed.identity == Identity::Same,
        }
    }

    /// The template, where the customer is to get the notice by now.
    fn template_due(&self, progress: &Progress) -> Option<&String> {
        let is_near = self.required.saturating_sub(progress.counted) <= NOTICE_DAYS;
        self.template
            .as_ref()
            .filter(|_| is_near && progress.since_notice.is_none())
    }

    /// Of a mail that goes out today: at least the days that the deletion has behind it.
    fn days_left(&self, progress: &Progress) -> u32 {
        let left = self.required.saturating_sub(progress.counted);
        left.max(self.days_after_notice()).max(1)
    }

    fn days_after_notice(&self) -> u32 {
        self.required.min(NOTICE_DAYS)
    }

    /// Whoever gets a notice has three days behind that, or as many as there are; a mail that cannot be sent holds the
    /// deletion up for a week.
    fn is_due(&self, progress: &Progress) -> bool {
        let is_notified = match progress.since_notice {
            _ if self.template.is_none() => true,
            Some(days) => days >= self.days_after_notice(),
            None => progress.counted >= self.required.saturating_add(WITHOUT_NOTICE),
        };
        progress.counted >= self.required && is_notified
    }
}
