//! The real host: the WHMCS whose PHP code is calling.

use std::cell::RefCell;
use std::path::PathBuf;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use once_cell::unsync::OnceCell;

use super::{Host, ModuleCall, pdo};
use crate::database::DatabaseSettings;
use crate::error::{Error, with_prefix};
use crate::http;
use crate::http::stream::StillAwaited;
use crate::pace::PaceLimits;
use crate::php::call;
use crate::php::exception::CallError;
use crate::php::{build, object, output, read, visitor_connection};
use crate::settings;
use crate::text::flat;
use crate::worker::state_dir::Location;

/// WHMCS's own settings, which it has read already.
const SETTING: &str = "WHMCS\\Config\\Setting";

/// What WHMCS gets once no connection or journal row is open.
enum Notice {
    Call(ModuleCall),
    Activity(String),
    Property(&'static str, String),
    AddonProperties(u32, Vec<(&'static str, String)>),
}

/// WHMCS around one call.
pub struct PhpHost {
    prefix: &'static str,
    model: Option<Zval>,
    database: OnceCell<DatabaseSettings>,
    notices: RefCell<Vec<Notice>>,
}

impl PhpHost {
    /// Makes a host; `prefix` begins the module's lines in the Activity Log.
    pub const fn new(prefix: &'static str, model: Option<Zval>) -> Self {
        Self {
            prefix,
            model,
            database: OnceCell::new(),
            notices: RefCell::new(Vec::new()),
        }
    }

    /// Hands logs and properties to WHMCS. What WHMCS cannot take goes to PHP's error log.
    pub fn hand_over(&self) {
        for notice in self.notices.take() {
            let end = match &notice {
                Notice::Call(call) => log_module_call(call),
                Notice::Activity(message) => log_activity(message),
                Notice::Property(name, value) => self.save_property(name, value),
                Notice::AddonProperties(addon, values) => save_of_addon(*addon, values),
            };
            match end {
                Ok(()) => {}
                Err(CallError::Exit) => return,
                // Outside WHMCS there is no module log, which is no loss.
                Err(CallError::Missing) if matches!(notice, Notice::Call(_)) => {}
                Err(CallError::Missing) => not_handed_over(&notice, "WHMCS does not offer it"),
                Err(CallError::Threw(class)) => self.refused(&notice, &class),
            }
        }
    }

    fn refused(&self, notice: &Notice, class: &str) {
        if let Notice::Property(name, _) = notice {
            let sentence = format!(
                "The field {name} could not be written ({class}); what was done remotely is recorded."
            );
            let message = with_prefix(self.prefix, &sentence);
            if log_activity(&message).is_ok() {
                return;
            }
        }
        not_handed_over(notice, class);
    }

    fn save_property(&self, name: &str, value: &str) -> Result<(), CallError> {
        let Some(model) = &self.model else {
            return Ok(());
        };
        let properties = object::property(model, "serviceProperties")?;
        if properties.object().is_none() {
            return Ok(());
        }
        // Writing an empty value would make the custom field for a product that never needs it. Another is written
        // unread: asking costs WHMCS as much as writing.
        if value.is_empty() {
            let kept = object::method(&properties, "get", vec![&name])?;
            if kept.str().unwrap_or_default().is_empty() {
                return Ok(());
            }
        }
        let values = build::texts(&[(name.to_owned(), value.to_owned())]);
        object::method(&properties, "save", vec![&Table(values)])?;
        Ok(())
    }
}

impl Host for PhpHost {
    fn database(&self) -> Result<DatabaseSettings, Error> {
        self.database.get_or_try_init(pdo::database).cloned()
    }

    fn http(&self) -> http::HttpSettings {
        settings::http()
    }

    fn download_limits(&self) -> PaceLimits {
        settings::download_limits()
    }

    fn can_send_file(&self) -> bool {
        output::is_untouched()
    }

    fn still_awaited(&self) -> StillAwaited {
        visitor_connection::is_open
    }

    fn whmcs_root(&self) -> Option<PathBuf> {
        settings::whmcs_root()
    }

    fn php(&self) -> (String, String) {
        let constant = |name| call::constant(name).and_then(|value| value.string());
        (
            constant("PHP_VERSION").unwrap_or_default(),
            constant("PHP_SAPI").unwrap_or_default(),
        )
    }

    fn state_dir(&self) -> Location {
        settings::state_dir()
    }

    fn keep_journal_days(&self) -> u32 {
        settings::keep_journal_days()
    }

    fn setting(&self, name: &'static str) -> String {
        settings::text(name)
    }

    fn decrypt(&self, encrypted: &str) -> String {
        let clear = call::function("decrypt", vec![&encrypted]).ok();
        clear.and_then(|clear| clear.string()).unwrap_or_default()
    }

    fn encrypt(&self, clear: &str) -> String {
        let encrypted = call::function("encrypt", vec![&clear]).ok();
        encrypted
            .and_then(|encrypted| encrypted.string())
            .unwrap_or_default()
    }

    fn form_token(&self) -> Option<String> {
        let token = call::function("generate_token", vec![&"plain"]).ok();
        token.and_then(|token| token.string())
    }

    fn session_language(&self) -> Option<String> {
        read::entry_of_global("_SESSION", "Language").text()
    }

    fn default_language(&self) -> Option<String> {
        let name = call::static_method(SETTING, "getValue", vec![&"Language"]).ok();
        name.and_then(|name| name.string())
    }

    fn local_api(
        &self,
        command: &'static str,
        values: Vec<(&'static str, String)>,
    ) -> Result<(), String> {
        let values = Table(owned(&values));
        let answer = call::function("localAPI", vec![&command, &values]);
        let answer = answer.map_err(|error| match error {
            CallError::Threw(class) => format!("{class} was thrown"),
            CallError::Exit => "the request was ended".to_owned(),
            CallError::Missing => "WHMCS does not offer it".to_owned(),
        })?;
        let answer = read::read(&answer, 0);
        let text = |key| flat(&answer.get(key).text().unwrap_or_default());
        match text("result").as_str() {
            "success" => Ok(()),
            _ => Err(text("message")),
        }
    }

    fn log_call(&self, call: ModuleCall) {
        self.notices.borrow_mut().push(Notice::Call(call));
    }

    fn log_activity(&self, message: String) {
        self.notices.borrow_mut().push(Notice::Activity(message));
    }

    fn keep_property(&self, name: &'static str, value: String) {
        self.notices
            .borrow_mut()
            .push(Notice::Property(name, value));
    }

    fn keep_addon_properties(&self, addon: u32, values: Vec<(&'static str, String)>) {
        self.notices
            .borrow_mut()
            .push(Notice::AddonProperties(addon, values));
    }
}

/// The addon may be gone by now, which is no loss.
fn save_of_addon(addon: u32, values: &[(&'static str, String)]) -> Result<(), CallError> {
    let id = i64::from(addon);
    let model = call::static_method("WHMCS\\Service\\Addon", "find", vec![&id])?;
    if model.object().is_none() {
        return Ok(());
    }
    let properties = object::property(&model, "serviceProperties")?;
    object::method(&properties, "save", vec![&Table(owned(values))])?;
    Ok(())
}

fn owned(values: &[(&'static str, String)]) -> ZBox<ZendHashTable> {
    let texts = values.iter();
    let texts: Vec<(String, String)> = texts
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    build::texts(&texts)
}

fn log_module_call(call: &ModuleCall) -> Result<(), CallError> {
    let secrets: Vec<(String, String)> = call
        .secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .enumerate()
        .map(|(at, secret)| (at.to_string(), secret.clone()))
        .collect();
    let arguments = Table(build::texts(&secrets));
    call::function(
        "logModuleCall",
        vec![
            &call.module,
            &call.action,
            &call.request,
            &call.response,
            &call.response,
            &arguments,
        ],
    )?;
    Ok(())
}

fn log_activity(message: &str) -> Result<(), CallError> {
    call::function("logActivity", vec![&message])?;
    Ok(())
}

fn not_handed_over(notice: &Notice, why: &str) {
    match notice {
        Notice::Call(call) => call::error_log(&format!(
            "whmcs_provisioning: {} of {} is not in the module log: {why}",
            call.action, call.module
        )),
        Notice::Activity(message) => call::error_log(&format!("{message} ({why})")),
        Notice::Property(name, _) => {
            call::error_log(&format!(
                "whmcs_provisioning: custom field {name} not written: {why}"
            ));
        }
        Notice::AddonProperties(addon, _) => {
            call::error_log(&format!(
                "whmcs_provisioning: properties of the addon {addon} not written: {why}"
            ));
        }
    }
}

/// An array as an argument.
struct Table(ZBox<ZendHashTable>);

impl ext_php_rs::convert::IntoZvalDyn for Table {
    fn as_zval(&self, _persistent: bool) -> ext_php_rs::error::Result<Zval> {
        let mut zval = Zval::new();
        zval.set_hashtable(self.0.clone());
        Ok(zval)
    }

    fn stub_value(&self) -> String {
        "[]".into()
    }

    fn get_type(&self) -> ext_php_rs::flags::DataType {
        ext_php_rs::flags::DataType::Array
    }
}
