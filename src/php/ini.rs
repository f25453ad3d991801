//! INI settings as they are now, wherever they were set.

use ext_php_rs::ffi::{PHP_INI_SYSTEM, zend_ini_entry, zend_string};
use ext_php_rs::zend::ExecutorGlobals;

/// The value; `None` where no extension has registered the name.
pub fn get(name: &str) -> Option<String> {
    read(name, |entry| entry.value)
}

/// The value that the administrator has set, in PHP's configuration, a pool's or a web server's; never that of a
/// `.user.ini`, an `.htaccess` or a script, which may belong to anyone.
pub fn get_of_administrator(name: &str) -> Option<String> {
    read(name, |entry| {
        // What only the system may change was changed by it, or not at all.
        let is_locked = u32::from(entry.modifiable) == PHP_INI_SYSTEM;
        if entry.modified != 0 && !is_locked {
            entry.orig_value
        } else {
            entry.value
        }
    })
}

fn read(name: &str, of: impl Fn(&zend_ini_entry) -> *mut zend_string) -> Option<String> {
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
        let value = of(entry).as_ref()?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}
