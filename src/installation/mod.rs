//! The identity of this WHMCS, so that a copy of it (staging, a restore) changes nothing at Jetpack or Comet.
//!
//! An installation is known by an id in its own database and by its place (`InstallationPlace`). A database that
//! is used in another place was moved or copied, and only staff know which: until they say so, nothing is changed remotely.

pub mod heartbeats;
mod place;
mod statements;

use std::time::{Duration, Instant};

use mysql::{Params, Row};

use crate::database::schema::Shape;
use crate::database::{Database, SqlError, column, params};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, open_database, system_url};
use crate::worker::fork_safe::PerProcess;
use place::InstallationPlace;
use statements::{
    ASK_AGAIN, COPY, CREATE, DATABASE, GALERA, LEAVE, LOGGED, MOVED, NOTE, PLACES, TABLE,
};

const READ: &str = "read the table of installations";
const WRITE: &str = "write the table of installations";

/// How long a worker relies on what it last read.
const FRESH: Duration = Duration::from_secs(300);

/// By the way to the database. A copy is at work in other processes than the original.
static OWN: PerProcess<String, (Instant, Own)> = PerProcess::new();

/// The label of the question on the service page.
pub const FIELD: &str = "Installation";

const MOVED_BUTTON: &str = "WHMCS moved: go on here";
const COPY_BUTTON: &str = "This is a copy: change nothing";

/// The buttons that answer the question: label and function suffix.
pub const BUTTONS: [(&str, &str); 2] = [
    (MOVED_BUTTON, "InstallationMoved"),
    (COPY_BUTTON, "InstallationIsCopy"),
];

/// The tables as this version has them.
pub const SHAPES: [Shape; 2] = [
    Shape {
        name: TABLE,
        added: &[],
    },
    heartbeats::TABLE.shape(),
];

/// An installation that may act.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// 32 hexadecimal digits; `None` where the database lets us make no table, which the daily jobs say.
    pub id: Option<String>,
    /// What another place of the same database asks.
    question: Option<String>,
}

/// What this installation may do here.
enum Standing {
    Own(Own),
    /// Staff have not said yet what this place is.
    Asked(String),
    Copy(String),
}

/// A row of the table.
struct Found {
    id: String,
    place: InstallationPlace,
    state: String,
    /// UTC.
    at: String,
}

/// The installation, where it may change things at Jetpack and Comet. One round trip every five minutes.
///
/// # Errors
/// `Error::Refusal` in a copy, and in a place of which staff have not said yet whether it is one.
pub fn own(database: &mut Database) -> Result<Own, Error> {
    let key = database.address();
    if let Some((at, own)) = OWN.kept(&key)
        && at.elapsed() < FRESH
    {
        return Ok(own);
    }
    match standing(database)?.1 {
        Standing::Own(own) => {
            OWN.put(key, (Instant::now(), own.clone()));
            Ok(own)
        }
        Standing::Asked(sentence) | Standing::Copy(sentence) => {
            OWN.close();
            Err(Error::Refusal(sentence))
        }
    }
}

/// The installation's id as this worker last read it: no statement, for moments without a database.
pub fn last_known_id(database: &Database) -> Option<String> {
    OWN.kept(&database.address()).and_then(|(_, own)| own.id)
}

/// Checks whether a job that nobody watches may run. Why not is logged once.
///
/// # Errors
/// As `own`.
pub fn may_run_unattended(host: &dyn Host, database: &mut Database) -> Result<(), Error> {
    match own(database) {
        Ok(Own { id: Some(_), .. }) => Ok(()),
        Ok(_) => {
            host.log_activity("The database user of WHMCS may not create the table mod_whmcs_provisioning_installation, so a copy of this WHMCS could not be told from it. Grant CREATE on the database of WHMCS.".into());
            Ok(())
        }
        Err(Error::Refusal(sentence)) => {
            let (place, _) = standing(database)?;
            if database.execute(WRITE, LOGGED, of(&place))? > 0 {
                host.log_activity(sentence.clone());
            }
            Err(Error::Refusal(sentence))
        }
        Err(error) => Err(error),
    }
}

/// The question to staff on a service page; `None` where there is none. No statement in most calls.
pub fn question(database: &mut Database) -> Result<Option<String>, Error> {
    match own(database) {
        Ok(own) => Ok(own.question),
        Err(Error::Refusal(sentence)) => Ok(Some(sentence)),
        Err(error) => Err(error),
    }
}

/// Records what staff say: WHMCS moved here. It goes on here, and its former place would have to be confirmed.
///
/// # Errors
/// `Error::Refusal` where there is no question.
pub fn moved(host: &dyn Host) -> Result<(), Error> {
    let mut database = open_database(host)?;
    let (place, _) = standing(&mut database)?;
    let changed = database.transaction(WRITE, |transaction| {
        transaction.execute(ASK_AGAIN, of(&place))?;
        transaction.execute(LEAVE, ())?;
        transaction.execute(MOVED, ())
    })?;
    answered(changed)
}

/// Records what staff say: this is a copy. It changes nothing at Jetpack and Comet.
///
/// # Errors
/// `Error::Refusal` where there is no question.
pub fn is_copy(host: &dyn Host) -> Result<(), Error> {
    let mut database = open_database(host)?;
    standing(&mut database)?;
    answered(database.execute(WRITE, COPY, ())?)
}

fn answered(changed: u64) -> Result<(), Error> {
    OWN.close();
    if changed > 0 {
        return Ok(());
    }
    Err(Error::Refusal(
        "There is nothing to decide: this WHMCS is where it was, and goes on.".into(),
    ))
}

/// Where this is, and what it may do here. One round trip, three in a place that is new.
fn standing(database: &mut Database) -> Result<(InstallationPlace, Standing), SqlError> {
    let (place, known) = match read(database) {
        Err(fault) if fault.is_missing_schema() => {
            // Not `with_schema`: a database user that may create no table goes on without an id.
            match database.execute("create the table of installations", CREATE, ()) {
                Err(fault) if fault.is_denied() => {
                    return Ok((InstallationPlace::default(), Standing::Own(Own::default())));
                }
                created => created?,
            };
            read(database)?
        }
        found => found?,
    };
    if let Some(standing) = standing_at(&place, &known) {
        return Ok((place, standing));
    }
    database.execute(WRITE, NOTE, of(&place))?;
    let (place, known) = read(database)?;
    let standing =
        standing_at(&place, &known).unwrap_or_else(|| Standing::Asked(asked(&place, &known)));
    Ok((place, standing))
}

fn read(database: &mut Database) -> Result<(InstallationPlace, Vec<Found>), SqlError> {
    let readings = [system_url::READ, DATABASE, GALERA, PLACES].map(|one| (one, Params::Empty));
    let [url, name, galera, known] = database.query_all(READ, &readings)?;
    let place = InstallationPlace::read(database, &url, &name, &galera);
    Ok((place, known.iter().map(Found::read).collect()))
}

/// What an installation may do in this place; `None` for one that is not in the table.
fn standing_at(place: &InstallationPlace, known: &[Found]) -> Option<Standing> {
    let here = known.iter().find(|found| found.place == *place)?;
    Some(match here.state.as_str() {
        "own" => {
            let elsewhere = known.iter().find(|found| found.state == "asked");
            Standing::Own(Own {
                id: Some(here.id.clone()),
                question: elsewhere.map(|found| asked(&found.place, known)),
            })
        }
        "copy" => Standing::Copy(format!(
            "Nothing is changed at Jetpack or Comet, because this WHMCS is a copy, as staff said on {} UTC. If it is the original now, press the button {} on the page of a service.",
            here.at, MOVED_BUTTON
        )),
        _ => Standing::Asked(asked(place, known)),
    })
}

fn asked(place: &InstallationPlace, known: &[Found]) -> String {
    let own = known.iter().rfind(|found| found.state == "own");
    let before = own.map_or_else(String::new, |own| {
        format!(", and was at {} before", plain(&own.place.to_string()))
    });
    format!(
        "This WHMCS is at {}{before}. Moved, or a copy? Nothing is changed at Jetpack or Comet from here until staff press the button {MOVED_BUTTON} or {COPY_BUTTON} on the page of a service.",
        plain(&place.to_string())
    )
}

fn of(place: &InstallationPlace) -> Params {
    params! {
        "url" => &place.system_url, "host" => &place.database_host, "name" => &place.database_name,
    }
}

impl Found {
    fn read(row: &Row) -> Self {
        Self {
            id: column(row, 0),
            place: InstallationPlace {
                system_url: column(row, 1),
                database_host: column(row, 2),
                database_name: column(row, 3),
            },
            state: column(row, 4),
            at: column(row, 5),
        }
    }
}

#[cfg(test)]
mod tests;
