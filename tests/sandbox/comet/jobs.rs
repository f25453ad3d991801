//! The jobs of the accounts' devices.

use super::admins::Caller;
use super::job::{Job, SKELETON};
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::search::Clause;
use super::state::Comet;
use super::text;

pub fn for_user(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    Ok(answer(comet, &call.caller, |job| job.username() == name))
}

/// Jobs that started or ended inside; with 0 and 0, those that still run.
pub fn for_date_range(comet: &mut Comet, call: &Call) -> Reply {
    let bound = |name| {
        call.required(name)?
            .parse::<i64>()
            .map_err(|_| Refusal::BadQuery)
    };
    let (one, other) = (bound("Start")?, bound("End")?);
    let range = one.min(other)..=one.max(other);
    Ok(answer(comet, &call.caller, |job| {
        let (start, end) = (job.time("StartTime"), job.time("EndTime"));
        if one == 0 && other == 0 {
            return end == 0;
        }
        range.contains(&start) || range.contains(&end)
    }))
}

pub fn for_custom_search(comet: &mut Comet, call: &Call) -> Reply {
    let query: Clause = text::read(call.required("Query")?).ok_or(Refusal::BadQuery)?;
    let skeleton = text::read(SKELETON).unwrap_or_default();
    // A query that cannot be put is refused even if there is nothing to search.
    query
        .holds(&skeleton, comet.version)
        .ok_or(Refusal::BadQuery)?;
    Ok(answer(comet, &call.caller, |job| {
        query.holds(&job.value, comet.version) == Some(true)
    }))
}

fn answer(comet: &Comet, caller: &Caller, wanted: impl Fn(&Job) -> bool) -> Done {
    let found = comet.jobs.iter().filter(|job| {
        let organization = comet
            .accounts
            .get(job.username())
            .map(super::state::Account::organization)
            .unwrap_or_default();
        caller.sees(&organization) && wanted(job)
    });
    Done::document(comet.or_null(text::list(found.map(|job| job.document.as_str()))))
}
