//! The INI settings of the extension: names, defaults, who may change them, and what `phpinfo()` shows of them.

use std::ffi::CStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use ext_php_rs::flags::IniEntryPermission as Perm;
use ext_php_rs::zend::{IniEntryDef, IniEntryDefs};

use crate::http::{self, circuit_breaker};
use crate::pace::PaceLimits;
use crate::php::{call, ini};
use crate::worker::state_dir::{self, Location};

/// Only the administrator decides where credentials go and which certificates are trusted, never a `.user.ini` or `ini_set`.
static TABLE: IniEntryDefs<15> = IniEntryDefs::new([
    of_administrator(
        c"whmcs_provisioning.jetpack_api_url",
        c"https://public-api.wordpress.com/wpcom/v2/jetpack-licensing",
    ),
    of_anyone(c"whmcs_provisioning.jetpack_license_list", c"1"),
    of_anyone(c"whmcs_provisioning.connect_timeout", c"5"),
    of_anyone(c"whmcs_provisioning.request_timeout", c"30"),
    of_administrator(c"whmcs_provisioning.ca_file", c""),
    of_administrator(c"whmcs_provisioning.proxy", c""),
    of_administrator(c"whmcs_provisioning.no_proxy", c""),
    of_administrator(c"whmcs_provisioning.database_url", c""),
    of_administrator(c"whmcs_provisioning.max_response_bytes", c"1048576"),
    of_anyone(c"whmcs_provisioning.pause_after_failure", c"10"),
    of_administrator(c"whmcs_provisioning.state_dir", c""),
    of_administrator(c"whmcs_provisioning.keep_journal_days", c"400"),
    of_administrator(c"whmcs_provisioning.download_lowest_speed", c"16384"),
    of_administrator(c"whmcs_provisioning.download_longest_time", c"3600"),
    IniEntryDef::end(),
]);

const fn of_administrator(name: &'static CStr, default: &'static CStr) -> IniEntryDef {
    IniEntryDef::new(name, default, Perm::System)
}

const fn of_anyone(name: &'static CStr, default: &'static CStr) -> IniEntryDef {
    IniEntryDef::new(name, default, Perm::All)
}

pub fn register(module_number: i32) {
    IniEntryDef::register(TABLE.as_slice(), module_number);
}

/// The address of another database; empty: WHMCS's own.
pub fn database_url() -> String {
    text("database_url")
}

/// The settings of requests. A value that makes no sense counts as the default.
pub fn http() -> http::HttpSettings {
    http::HttpSettings {
        connect_timeout: seconds("connect_timeout", 5.0),
        request_timeout: seconds("request_timeout", 30.0),
        ca_file: ca_file(),
        proxy: text("proxy"),
        no_proxy: text("no_proxy"),
        max_response_bytes: text("max_response_bytes")
            .parse()
            .ok()
            .filter(|bytes| *bytes > 0)
            .unwrap_or(1_048_576),
        breaker: circuit_breaker::BreakerSettings {
            directory: state_dir(),
            pause: pause_after_failure(),
        },
    }
}

/// The file of trusted certificates that the administrator has set; empty: the system's store.
fn ca_file() -> String {
    let named = [
        "whmcs_provisioning.ca_file",
        "openssl.cafile",
        "curl.cainfo",
    ]
    .into_iter()
    .filter_map(ini::get_of_administrator);
    named
        .map(|path| path.trim().to_owned())
        .find(|path| !path.is_empty())
        .unwrap_or_default()
}

/// The file of certificates that PHP's own connections trust, where the administrator has named one.
pub fn php_ca_file() -> Option<PathBuf> {
    ini::get_of_administrator("openssl.cafile")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The limits of an installer that passes through a worker. A value that makes no sense counts as the default.
pub fn download_limits() -> PaceLimits {
    let number = |name: &str, default: u64| {
        let set = text(name).parse().ok().filter(|value| *value > 0);
        set.unwrap_or(default)
    };
    PaceLimits {
        lowest_speed: number("download_lowest_speed", 16384),
        longest_time: Duration::from_secs(number("download_longest_time", 3600).min(86_400)),
    }
}

/// The private directory for what has to outlive a request where there is no database.
pub fn state_dir() -> Location {
    let whmcs_user = if state_dir::is_root() {
        whmcs_user()
    } else {
        None
    };
    Location::new(&text("state_dir"), whmcs_user)
}

/// The owner of WHMCS's configuration, which its installer has written.
fn whmcs_user() -> Option<u32> {
    let configuration = whmcs_root()?.join("configuration.php");
    Some(fs::metadata(configuration).ok()?.uid())
}

/// The folder of the WHMCS that is running; `None` outside WHMCS.
pub fn whmcs_root() -> Option<PathBuf> {
    call::constant("ROOTDIR")?.str().map(PathBuf::from)
}

/// Days for which the journal is kept; 0, and a number that makes no sense, is forever: nothing is removed by mistake.
pub fn keep_journal_days() -> u32 {
    text("keep_journal_days").parse().unwrap_or(0)
}

/// Zero switches it off, which a wait that makes no sense does not.
fn pause_after_failure() -> Duration {
    match text("pause_after_failure").parse::<f64>() {
        Ok(0.0) => Duration::ZERO,
        _ => seconds("pause_after_failure", 10.0),
    }
}

/// Returns names and values for `phpinfo()`; of what may hold a password only whether it is set.
pub fn shown() -> Vec<(String, String)> {
    let wait = |duration: Duration| format!("{} seconds", duration.as_secs_f64());
    let http = http();
    let set = |value: String| if value.is_empty() { "not set" } else { "set" }.to_owned();
    let or = |value: String, none: &str| {
        Some(value)
            .filter(|set| !set.is_empty())
            .unwrap_or(none.into())
    };
    let speed = format!("{} bytes a second", download_limits().lowest_speed);
    let setting = |name: &str, value| (format!("whmcs_provisioning.{name}"), value);
    vec![
        setting("jetpack_api_url", without_login(text("jetpack_api_url"))),
        setting(
            "jetpack_license_list",
            or(text("jetpack_license_list"), "0"),
        ),
        setting("connect_timeout", wait(http.connect_timeout)),
        setting("request_timeout", wait(http.request_timeout)),
        setting("ca_file", or(text("ca_file"), "not set")),
        (
            "Trusted certificates".to_owned(),
            or(http.ca_file, "the system's store"),
        ),
        setting("proxy", set(http.proxy)),
        setting("no_proxy", or(http.no_proxy, "not set")),
        setting("database_url", set(database_url())),
        setting("max_response_bytes", http.max_response_bytes.to_string()),
        setting("pause_after_failure", wait(http.breaker.pause)),
        setting("download_lowest_speed", speed),
        setting(
            "download_longest_time",
            wait(download_limits().longest_time),
        ),
        setting("state_dir", state_dir_shown(&http.breaker.directory)),
        setting("keep_journal_days", days(keep_journal_days())),
    ]
}

fn days(number: u32) -> String {
    match number {
        0 => "forever".into(),
        days => format!("{days} days"),
    }
}

fn state_dir_shown(location: &Location) -> String {
    let path = location.path.display();
    match location.open() {
        Ok(_) => path.to_string(),
        Err(reason) => format!("{path}, not usable: {reason}"),
    }
}

/// An address with a login in it is refused when it is used, and not shown here either.
fn without_login(url: String) -> String {
    if url.contains('@') {
        return "set, and not usable: it holds a login".into();
    }
    url
}

/// The value of `whmcs_provisioning.` and this name, without blanks around it.
pub fn text(name: &str) -> String {
    ini::get(&format!("whmcs_provisioning.{name}"))
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}

fn seconds(name: &str, default: f64) -> Duration {
    let value = text(name)
        .parse::<f64>()
        .ok()
        .filter(|seconds| seconds.is_finite() && *seconds > 0.0)
        .unwrap_or(default);
    Duration::from_secs_f64(value.min(http::LONGEST_TIMEOUT.as_secs_f64()))
}
