//! The jobs of the accounts' devices.

use serde_json::Value;

use super::admins::Caller;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::schema;
use super::search::Clause;
use super::state::Comet;
use super::text;
use super::version::Version;

/// The fields that each job has.
pub const SKELETON: &str = include_str!("job.json");

pub fn for_user(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    comet.account(&call.caller, name)?;
    Ok(answer(comet, &call.caller, |job| username(job) == name))
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
    let time = |job: &str, name| text::get_as::<i64>(job, name).unwrap_or_default();
    Ok(answer(comet, &call.caller, |job| {
        let (start, end) = (time(job, "StartTime"), time(job, "EndTime"));
        if one == 0 && other == 0 {
            return end == 0;
        }
        range.contains(&start) || range.contains(&end)
    }))
}

pub fn for_custom_search(comet: &mut Comet, call: &Call) -> Reply {
    let query: Clause = text::read(call.required("Query")?).ok_or(Refusal::BadQuery)?;
    let holds = |job: &str| {
        let job: Value = text::read(job).unwrap_or_default();
        query.holds(&job, comet.version)
    };
    // A query that cannot be put is refused even if there is nothing to search.
    holds(SKELETON).ok_or(Refusal::BadQuery)?;
    Ok(answer(comet, &call.caller, |job| holds(job) == Some(true)))
}

/// A job from a test's set-up with what the test left out.
pub fn complete(job: &str, version: Version) -> String {
    let mut whole = if job.contains('\n') {
        text::compact(job)
    } else {
        job.to_owned()
    };
    for member in text::members(SKELETON) {
        if text::get(&whole, &member.name).is_none() {
            whole = text::set(&whole, &member.name, member.value);
        }
    }
    schema::prune("job", &whole, version)
}

fn answer(comet: &Comet, caller: &Caller, wanted: impl Fn(&str) -> bool) -> Done {
    let found = comet.jobs.iter().map(String::as_str).filter(|job| {
        let organization = comet
            .accounts
            .get(&username(job))
            .map(super::state::Account::organization)
            .unwrap_or_default();
        caller.sees(&organization) && wanted(job)
    });
    Done::document(comet.or_null(text::list(found)))
}

fn username(job: &str) -> String {
    text::get_string(job, "Username")
}
