//! Bounds on what is taken of a Comet Server's answers. Each limit is far above what real accounts and servers have: only an
//! answer that is broken, or meant to harm, comes to one. What a list loses at its limit is said on the page or in the log.

use std::time::Duration;

use crate::http::Extent;

const MB: u64 = 1024 * 1024;

/// A profile. Microsoft 365 with 10,000 mailboxes makes one of 1 to 6 MB.
pub const PROFILE_BYTES: u64 = 64 * MB;

/// Storage vaults of an account. The largest known have some dozens.
pub const VAULTS: usize = 2_000;

/// Devices of an account on the customer's page. The largest known have some hundreds.
pub const DEVICES: usize = 2_000;

/// Protected items, and schedules, of an account on the customer's page: a few for each device.
pub const ITEMS: usize = 5_000;

/// Addresses that an account's reports go to.
pub const ADDRESSES: usize = 100;

/// Bytes of one name or other text on the customer's page.
pub const TEXT_BYTES: usize = 1_000;

/// Bytes of one account in the list of all accounts: its profile.
pub const ACCOUNT_BYTES: usize = 64 * 1024 * 1024;

/// Every account of a server with its profile, for the daily jobs. 100,000 accounts are hundreds of megabytes.
pub const ACCOUNTS: Extent = Extent {
    bytes: 8 * 1024 * MB,
    time: Duration::from_secs(15 * 60),
};

/// Accounts of a server.
pub const ACCOUNTS_COUNT: u64 = 2_000_000;

/// The names of all accounts, policy groups, storage templates or connected devices of a server: 60,000 accounts are 2 MB.
pub const LIST: Extent = Extent {
    bytes: 512 * MB,
    time: Duration::from_secs(120),
};

/// Bytes of one entry of such a list: a name, or what is said of a device.
pub const ENTRY_BYTES: usize = 256 * 1024;

/// Choices of a module setting: policy groups or storage templates, which a person has to look through.
pub const CHOICES: usize = 5_000;

/// Kinds of client installers. There are some twenty.
pub const INSTALLERS: usize = 100;

/// The jobs of an account in 14 days, where the server may add those of others. One for each minute are 20,000, and 12 MB.
pub const JOBS: Extent = Extent {
    bytes: 512 * MB,
    time: Duration::from_secs(60),
};

/// Jobs that one account can have begun in 14 days: more than one each ten seconds.
pub const JOBS_COUNT: usize = 200_000;

/// Bytes of one job: they are a few hundred long, with what was canceled a few thousand.
pub const JOB_BYTES: usize = 256 * 1024;

/// Bytes of all jobs that the page shows: 200 of some thousand bytes at most.
pub const JOBS_SHOWN_BYTES: usize = 4 * 1024 * 1024;

/// Connected devices that get a new password, one request each.
pub const CONNECTED_DEVICES: usize = 500;

/// The time for giving devices a new password, while a person waits: at its end the customer types it once.
pub const UPDATING_DEVICES: Duration = Duration::from_secs(60);
