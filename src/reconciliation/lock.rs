//! The run lock: one row per module with a heartbeat, so that one reconciliation runs at a time on all web servers.

use std::time::{Duration, Instant};

use super::statements::{BEAT, CREATE_FINDINGS, CREATE_RUNS, FIRST_RUN, HOLDER, RELEASE, TAKE};
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params};
use crate::error::Error;
use crate::worker::identity::Process;

const TASK: &str = "write the table of runs";

/// The result of the last run of the whole module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Last {
    pub found: Option<u64>,
    pub remark: String,
}

struct Holder {
    run: u64,
    state: String,
    begun_at: Option<String>,
    process: Process,
    silent: bool,
    last: Last,
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    database.execute("create the table of findings", CREATE_FINDINGS, ())?;
    database.execute("create the table of runs", CREATE_RUNS, ())?;
    Ok(())
}

/// Takes the lock; returns the number of the run. Waits for another run's end up to `patience`.
///
/// # Errors
/// Where another one is still at work.
pub fn take(
    database: &mut Database,
    module: &'static str,
    patience: Duration,
) -> Result<(u64, Last), Error> {
    let waited = Instant::now();
    loop {
        let holder = holder(database, module)?;
        let free = holder.state != "running" || holder.silent || holder.process.is_gone();
        if free {
            match claim(database, module, &holder) {
                Ok(true) => return Ok((holder.run + 1, holder.last)),
                Ok(false) => continue,
                Err(fault) if fault.may_be_tried_again() => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        if waited.elapsed() >= patience {
            let since = holder.begun_at.unwrap_or_else(crate::clock::now);
            return Err(Error::Refusal(format!(
                "A reconciliation of this module is already running since {since} UTC. Wait for its end and run this again."
            )));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The heartbeat. False where another process took over, because this run was silent for too long.
pub fn beat(database: &mut Database, module: &'static str, run: u64) -> Result<bool, SqlError> {
    let parameters = params! { "module" => module, "run" => run };
    Ok(database.execute(TASK, BEAT, parameters)? == 1)
}

pub fn release(database: &mut Database, module: &'static str, run: u64) -> Result<(), SqlError> {
    let parameters = params! { "module" => module, "run" => run };
    database.execute(TASK, RELEASE, parameters)?;
    Ok(())
}

fn claim(database: &mut Database, module: &'static str, holder: &Holder) -> Result<bool, SqlError> {
    let own = Process::own();
    let parameters = params! {
        "module" => module,
        "seen" => holder.run,
        "state" => &holder.state,
        "host" => own.host,
        "process" => own.name,
    };
    Ok(database.execute(TASK, TAKE, parameters)? == 1)
}

fn holder(database: &mut Database, module: &'static str) -> Result<Holder, SqlError> {
    if let Some(holder) = nothing_without_table(read(database, module))? {
        return Ok(holder);
    }
    prepare(database)?;
    database.execute(TASK, FIRST_RUN, params! { "module" => module })?;
    Ok(read(database, module)?.unwrap_or_else(|| Holder {
        run: 0,
        state: "idle".into(),
        begun_at: None,
        process: Process::own(),
        silent: false,
        last: Last::default(),
    }))
}

fn read(database: &mut Database, module: &'static str) -> Result<Option<Holder>, SqlError> {
    let parameters = params! { "module" => module };
    let rows = database.query("read the table of runs", HOLDER, parameters, |row| Holder {
        run: column(row, 0),
        state: column(row, 1),
        begun_at: column(row, 2),
        process: Process {
            host: column(row, 3),
            name: column(row, 4),
        },
        silent: column(row, 5),
        last: Last {
            found: column(row, 6),
            remark: column(row, 7),
        },
    })?;
    Ok(rows.into_iter().next())
}
