//! INI settings in force now, wherever they were set.

use ext_php_rs::ffi::zend_ini_entry;
use ext_php_rs::zend::ExecutorGlobals;

/// The value; `None` where no extension has registered the name.
pub fn get(name: &str) -> Option<String> {
    let globals = ExecutorGlobals::get();
    // SAFETY: the table's entries are IS_PTR zvals to zend_ini_entry, which live as long as their
    // modules; the value is copied before the guard goes.
    unsafe {
        let entry = globals
            .ini_directives
            .as_ref()?
            .get(name)?
            .ptr::<zend_ini_entry>()?
            .as_ref()?;
        let value = entry.value.as_ref()?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}
