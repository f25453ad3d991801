//! The daily jobs: when each last ran, and what it found.

use super::Line;
use crate::cometbackup;
use crate::cometbackup::tables::deletions;
use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::jetpack;
use crate::reconciliation::{self, LastRun};
use crate::text::plain;
use crate::whmcs::services;

/// Deletions that the doctor names.
const MOST_PENDING: u32 = 5;

pub fn lines(database: &mut Database) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    lines.push(match installation::question(database)? {
        Some(sentence) => Line::note("installation", sentence),
        None => Line::fine(
            "installation",
            "This WHMCS is known, and no other place uses its database.",
        ),
    });
    let runs = reconciliation::last_runs(database)?;
    for module in [jetpack::MODULE, cometbackup::MODULE] {
        let last = runs.iter().find(|run| run.module == module);
        let has_services = services::any(database, module)?;
        lines.push(of_module(module, last, has_services));
    }
    lines.push(pending(database)?);
    if let Some(written_at) = services::last_usage(database, cometbackup::MODULE)? {
        lines.push(Line::fine(
            "jobs.usage",
            format!(
                "Disk usage of Comet was last written at {written_at}, in the time zone of WHMCS."
            ),
        ));
    }
    Ok(lines)
}

/// Deletions that the daily run would carry out.
fn pending(database: &mut Database) -> Result<Line, Error> {
    let check = "jobs.deletions";
    let (count, next) = deletions::all_pending(database, MOST_PENDING)?;
    let accounts = match count {
        0 => {
            return Ok(Line::fine(
                check,
                "No Comet account waits for its deletion.",
            ));
        }
        1 => "1 Comet account waits".to_owned(),
        many => format!("{many} Comet accounts wait"),
    };
    let next = next.iter();
    let next: Vec<String> = next
        .map(|one| {
            format!(
                "{} ({}) on {} at the earliest",
                plain(&one.username),
                one.service_id,
                one.earliest
            )
        })
        .collect();
    Ok(Line::note(
        check,
        format!(
            "{accounts} for deletion by the daily run. The next: {}. Without this extension nobody deletes them: they stay suspended.",
            next.join(", ")
        ),
    ))
}

fn of_module(module: &str, last: Option<&LastRun>, has_services: bool) -> Line {
    let check = "jobs.reconciliation";
    let Some((last, ended_at)) = last.and_then(|last| Some((last, last.ended_at.as_deref()?)))
    else {
        let text = format!(
            "The daily reconciliation of {module} has not run yet. It runs with the daily cron job of WHMCS."
        );
        return if has_services {
            Line::note(check, text)
        } else {
            Line::fine(check, text)
        };
    };
    let found = match last.found {
        None => String::new(),
        Some(0) => ", and found nothing to look at".to_owned(),
        Some(1) => ", and found one thing that staff should look at: it is on the service's page"
            .to_owned(),
        Some(found) => format!(
            ", and found {found} things that staff should look at: they are on the services' pages"
        ),
    };
    if last.is_recent || !has_services {
        return Line::fine(
            check,
            format!("The reconciliation of {module} last ended at {ended_at} UTC{found}."),
        );
    }
    Line::fault(
        check,
        format!(
            "The daily reconciliation of {module} last ended at {ended_at} UTC, more than two days ago{found}. Look whether the daily cron job of WHMCS runs, and whether its PHP has the extension."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::doctor::CheckState;

    fn run(ended_at: Option<&str>, is_recent: bool, found: Option<u64>) -> LastRun {
        LastRun {
            module: "jetpack".to_owned(),
            ended_at: ended_at.map(str::to_owned),
            found,
            is_recent,
        }
    }

    #[test]
    fn a_run_long_ago_is_a_fault_where_there_are_services() {
        let old = run(Some("2026-01-01 00:00:00"), false, Some(2));
        let state =
            |last: Option<&LastRun>, has_services| of_module("jetpack", last, has_services).state;
        assert!(state(Some(&old), true) == CheckState::Fault);
        assert!(state(Some(&old), false) == CheckState::Fine);
        assert!(
            state(Some(&run(Some("2026-01-01 00:00:00"), true, None)), true) == CheckState::Fine
        );
        assert!(state(None, true) == CheckState::Note);
        assert!(state(Some(&run(None, false, None)), false) == CheckState::Fine);
        assert!(
            of_module("jetpack", Some(&old), true)
                .text
                .contains("found 2 things")
        );
    }
}
