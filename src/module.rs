//! The PHP module: its life cycle, its page in `phpinfo()`, its list of functions.

use ext_php_rs::prelude::*;
use ext_php_rs::zend::ModuleEntry;
use ext_php_rs::{info_table_end, info_table_header, info_table_row, info_table_start};

use crate::php::guard;
use crate::worker::panic_place;
use crate::{admin, cometbackup, database, http, jetpack, settings, whmcs};

/// MINIT, which runs before any fork: it opens nothing and starts no thread.
fn startup(_kind: i32, module_number: i32) -> i32 {
    guard::quietly(|| {
        settings::register(module_number);
        panic_place::install_hook();
    });
    0
}

/// RSHUTDOWN: the database connection lives as long as the request, and so does what one job left for another.
extern "C" fn request_shutdown(_kind: i32, _module_number: i32) -> i32 {
    guard::quietly(|| {
        database::close();
        cometbackup::exports::request_shutdown();
    });
    0
}

/// MSHUTDOWN, which may be followed by MINIT in the same process.
extern "C" fn shutdown(_kind: i32, _module_number: i32) -> i32 {
    guard::quietly(|| {
        database::close();
        http::close();
    });
    0
}

extern "C" fn info(_module: *mut ModuleEntry) {
    guard::quietly(|| {
        info_table_start!();
        for (name, value) in [
            ("Version", env!("CARGO_PKG_VERSION")),
            ("Build", env!("BUILD")),
            ("Modules", "jetpack, cometbackup"),
        ] {
            info_table_row!(name, value);
        }
        let found = match whmcs::pdo::database() {
            Ok(settings) => settings.shown(),
            Err(_) => "not found (they are WHMCS's, so outside WHMCS there are none)",
        };
        info_table_row!("Database settings", found);
        info_table_end!();
        info_table_start!();
        info_table_header!("Setting", "In force");
        for (name, value) in settings::shown() {
            info_table_row!(name, value.replace('\0', ""));
        }
        info_table_end!();
    });
}

#[php_module]
#[php(startup = "startup")]
pub fn get_module(module: ModuleBuilder) -> ModuleBuilder {
    let module = jetpack::exports::register(module);
    let module = admin::exports::register(module);
    cometbackup::exports::register(module)
        .info_function(info)
        .request_shutdown_function(request_shutdown)
        .shutdown_function(shutdown)
}
