//! The rules of the house, in one table. What stands on KNOWN is wrong today; the list may only get shorter.

/// A floor: its rooms, as the beginnings of paths below `src/`, the longest that fits being the file's. A file uses its
/// own floor and those before it.
pub struct Floor {
    pub rooms: &'static [&'static str],
    /// Whether its files may name a product.
    pub knows_products: bool,
}

/// From the ground up.
pub const FLOORS: &[Floor] = &[
    // What everything is made of: errors, values, texts, clocks.
    Floor {
        rooms: &[
            "clock.rs",
            "error.rs",
            "hash.rs",
            "html.rs",
            "outcome.rs",
            "php_value.rs",
            "random.rs",
            "redact",
            "secret.rs",
            "service_id.rs",
            "text.rs",
            "transliteration.rs",
        ],
        knows_products: false,
    },
    // The process we live in, and what documents and certificates are.
    Floor {
        rooms: &[
            "attachment.rs",
            "json/",
            "pace.rs",
            "system_trust.rs",
            "tls",
            "worker/",
        ],
        knows_products: false,
    },
    // The three ways out: PHP, a database, an HTTP server.
    Floor {
        rooms: &["database/", "http/", "php/"],
        knows_products: false,
    },
    // WHMCS, with its own tables, and what the host has set.
    Floor {
        rooms: &["settings.rs", "whmcs/"],
        knows_products: true,
    },
    // This installation among others on one database.
    Floor {
        rooms: &["installation/"],
        knows_products: true,
    },
    // What is asked of a remote API, and one command at a time.
    Floor {
        rooms: &["journal/"],
        knows_products: true,
    },
    // The engine of the daily run.
    Floor {
        rooms: &["reconciliation/"],
        knows_products: true,
    },
    // What the service page of staff shows for either product.
    Floor {
        rooms: &["service_page.rs"],
        knows_products: true,
    },
    // A product's name and constants.
    Floor {
        rooms: &["cometbackup/mod.rs", "jetpack/mod.rs"],
        knows_products: true,
    },
    // The remote API: nothing of a service.
    Floor {
        rooms: &["cometbackup/comet/", "jetpack/api/"],
        knows_products: true,
    },
    // Our tables.
    Floor {
        rooms: &["cometbackup/tables/", "jetpack/tables/"],
        knows_products: true,
    },
    // What functions do to one service.
    Floor {
        rooms: &["cometbackup/account/", "jetpack/licensing/"],
        knows_products: true,
    },
    // What WHMCS calls.
    Floor {
        rooms: &["cometbackup/functions/", "jetpack/functions/"],
        knows_products: true,
    },
    // The installation as a whole.
    Floor {
        rooms: &["admin/"],
        knows_products: true,
    },
    // The functions as PHP sees them, and the extension itself.
    Floor {
        rooms: &[
            "admin/exports.rs",
            "cometbackup/exports",
            "jetpack/exports",
            "fuzzing/",
            "lib.rs",
            "module.rs",
        ],
        knows_products: true,
    },
];

/// Products: neither uses another's files.
pub const PRODUCTS: &[&str] = &["jetpack/", "cometbackup/"];

/// Words that no file of a floor without products holds, whatever their case.
pub const PRODUCT_WORDS: &[&str] = &["jetpack", "comet"];

/// Where the statements on a table stand: the beginning of its name, and that of the paths.
pub const TABLES: &[(&str, &str)] = &[
    ("mod_cometbackup_", "cometbackup/tables/"),
    ("jetpack_product_licenses", "jetpack/tables/"),
    ("mod_jetpack_", "jetpack/tables/"),
    ("mod_whmcs_provisioning_php", "jetpack/tables/"),
    ("mod_whmcs_provisioning_found_licenses", "jetpack/tables/"),
    ("mod_whmcs_provisioning_journal", "journal/"),
    ("mod_whmcs_provisioning_findings", "reconciliation/"),
    ("mod_whmcs_provisioning_runs", "reconciliation/"),
    ("mod_whmcs_provisioning_installation", "installation/"),
    ("mod_whmcs_provisioning_heartbeats", "installation/"),
];

/// WHMCS's own tables, by the beginning of their names, and where the statements on them stand. A statement that joins
/// them to a table of ours stands with ours.
pub const WHMCS_TABLES: (&str, &str) = ("tbl", "whmcs/");

/// Public types that each product has one of, wherever it stands.
pub const ONE_PER_PRODUCT: &[&str] = &["Api"];

pub const LONGEST_FILE: usize = 400;

/// What is wrong today, in the words of the check.
pub const KNOWN: &[&str] = &[];
