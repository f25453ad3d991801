//! WHMCS as a module needs it, as a trait: `PhpHost` is the real one, `FakeHost` that of unit tests.

use std::path::PathBuf;
use std::time::Duration;

use crate::database::{self, Database};
use crate::error::Error;
use crate::http;
use crate::http::stream::StillAwaited;
use crate::pace::PaceLimits;
use crate::worker::state_dir::Location;

/// WHMCS around the module. Nothing here runs PHP code while a request or a journal row is open:
/// logs and properties are kept, and handed over when the function ends.
pub trait Host {
    /// Where WHMCS's tables are.
    fn database(&self) -> Result<database::DatabaseSettings, Error>;

    /// How requests travel.
    fn http(&self) -> http::HttpSettings;

    /// The limits of an installer that passes through a worker.
    fn download_limits(&self) -> PaceLimits;

    /// Whether a file can be sent in place of a page: nothing was sent to the visitor yet.
    fn can_send_file(&self) -> bool;

    /// Whether the visitor of this request is still there, before anything was sent to him.
    fn still_awaited(&self) -> StillAwaited;

    /// The folder of the WHMCS that is running; `None` outside WHMCS.
    fn whmcs_root(&self) -> Option<PathBuf>;

    /// Version and interface (SAPI) of the PHP that is running.
    fn php(&self) -> (String, String);

    /// A private directory for what has to outlive a request where there is no database.
    fn state_dir(&self) -> Location;

    /// After how many days the journal loses what has ended; 0: never.
    fn keep_journal_days(&self) -> u32;

    /// An INI setting of this extension by its name behind `whmcs_provisioning.`, as text.
    fn setting(&self, name: &'static str) -> String;

    /// A password as WHMCS stores it, in the clear; empty where WHMCS cannot decrypt it. WHMCS's code runs: call it
    /// before a connection is in use.
    fn decrypt(&self, encrypted: &str) -> String;

    /// A text as WHMCS stores a password; empty where WHMCS cannot encrypt it. WHMCS's code runs, as above.
    fn encrypt(&self, clear: &str) -> String;

    /// WHMCS's protection against forged forms: what a form of this session holds as `token`. `None` where WHMCS has none.
    /// WHMCS's code runs: call it before a connection is in use.
    fn form_token(&self) -> Option<String>;

    /// The language that the visitor has chosen, as his session names it.
    fn session_language(&self) -> Option<String>;

    /// The language of this WHMCS. WHMCS's code runs: call it before a connection is in use.
    fn default_language(&self) -> Option<String>;

    /// A command of WHMCS's internal API; the error is WHMCS's own sentence. WHMCS's code runs: call it before a connection
    /// is in use.
    fn local_api(
        &self,
        command: &'static str,
        values: Vec<(&'static str, String)>,
    ) -> Result<(), String>;

    /// For the module log, which the admin may have switched on.
    fn log_call(&self, call: ModuleCall);

    /// For the Activity Log, which all staff see.
    fn log_activity(&self, message: String);

    /// A custom field of the service or product addon; empty text removes the value.
    fn keep_property(&self, name: &'static str, value: String);

    /// Service properties of any product addon. Each costs WHMCS a handful of statements: for a few of them.
    fn keep_addon_properties(&self, addon: u32, values: Vec<(&'static str, String)>);
}

/// A remote call for WHMCS's module log, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleCall {
    pub module: &'static str,
    pub action: String,
    pub request: String,
    pub response: String,
    /// Values that must not be shown, should they be in the texts all the same.
    pub secrets: Vec<String>,
}

/// A statement of a page or a command touches a few rows; a longer wait means that the database is in trouble.
const LONGEST_STATEMENT: Duration = Duration::from_secs(15);

/// The database of WHMCS, for a page or a command.
pub fn open_database(host: &dyn Host) -> Result<Database, Error> {
    open_database_for(host, LONGEST_STATEMENT)
}

/// The same for statements that may take so long.
pub fn open_database_for(host: &dyn Host, longest_statement: Duration) -> Result<Database, Error> {
    let connect_timeout = host.http().connect_timeout;
    Database::open(host.database()?, connect_timeout, longest_statement)
}

/// Opens the database from any thread: what only PHP knows is read before.
pub fn database_opener(
    host: &dyn Host,
) -> Result<impl Fn() -> Result<Database, Error> + Sync + use<>, Error> {
    let settings = host.database()?;
    let connect_timeout = host.http().connect_timeout;
    Ok(move || Database::open(settings.clone(), connect_timeout, LONGEST_STATEMENT))
}
