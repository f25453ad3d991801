//! The endpoints below `/api/v1/admin/`, but for the installers.

use super::router::{Call, Done, Reply};
use super::state::Comet;
use super::version::{BASIC, Version};
use super::{accounts, dispatcher, downloads, jobs, passwords, policies, server, sessions, vaults};

/// What an endpoint needs of the server.
#[derive(Clone, Copy)]
pub enum Role {
    None,
    Auth,
    Build,
}

#[derive(Clone, Copy)]
pub enum Act {
    Sure(fn(&mut Comet, &Call) -> Done),
    Try(fn(&mut Comet, &Call) -> Reply),
}
use Act::{Sure, Try};

/// Path, the version it came with, the role it needs, and what it does.
#[rustfmt::skip]
const ENDPOINTS: &[(&str, Version, Role, Act)] = &[
    ("meta/version", BASIC, Role::None, Sure(server::version)),
    ("account/properties", BASIC, Role::None, Sure(server::account_properties)),
    ("account/session-start", BASIC, Role::None, Sure(sessions::start)),
    ("account/session-start-as-user", Version(19, 6, 8), Role::None, Try(sessions::start_as_user)),
    ("account/session-revoke", BASIC, Role::None, Sure(sessions::revoke)),
    ("list-users", BASIC, Role::Auth, Sure(accounts::list)),
    ("list-users-full", BASIC, Role::Auth, Sure(accounts::list_full)),
    ("get-user-profile", BASIC, Role::Auth, Try(accounts::get_profile)),
    ("get-user-profile-and-hash", BASIC, Role::Auth, Try(accounts::get_profile_and_hash)),
    ("get-user-profile-hash", BASIC, Role::Auth, Try(accounts::get_hash)),
    ("set-user-profile", BASIC, Role::Auth, Try(accounts::set_profile)),
    ("set-user-profile-hash", BASIC, Role::Auth, Try(accounts::set_profile_hash)),
    ("add-user", BASIC, Role::Auth, Try(accounts::add)),
    ("delete-user", BASIC, Role::Auth, Try(accounts::delete)),
    ("revoke-device", BASIC, Role::Auth, Try(accounts::revoke_device)),
    ("disable-user-totp", Version(20, 6, 0), Role::Auth, Try(passwords::disable_totp)),
    ("reset-user-password", BASIC, Role::Auth, Try(passwords::reset)),
    ("create-install-token", Version(20, 9, 0), Role::Auth, Try(passwords::create_install_token)),
    ("policies/list", BASIC, Role::Auth, Try(policies::list)),
    ("policies/list-full", BASIC, Role::Auth, Try(policies::list_full)),
    ("policies/get", BASIC, Role::Auth, Try(policies::get)),
    ("policies/set", BASIC, Role::Auth, Try(policies::set)),
    ("policies/new", BASIC, Role::Auth, Try(policies::new)),
    ("organization/list", Version(20, 9, 1), Role::Auth, Try(server::organizations)),
    ("request-storage-vault-providers", BASIC, Role::Auth, Try(vaults::providers)),
    ("request-storage-vault", BASIC, Role::Auth, Try(vaults::request)),
    ("get-jobs-for-user", BASIC, Role::Auth, Try(jobs::for_user)),
    ("get-jobs-for-date-range", BASIC, Role::Auth, Try(jobs::for_date_range)),
    ("get-jobs-for-custom-search", BASIC, Role::Auth, Try(jobs::for_custom_search)),
    ("branding/available-platforms", Version(18, 12, 2), Role::Build, Sure(downloads::platforms)),
    ("dispatcher/list-active", BASIC, Role::Auth, Sure(dispatcher::list_active)),
    ("dispatcher/refetch-profile", BASIC, Role::Auth, Try(dispatcher::refetch_profile)),
    ("dispatcher/drop-connection", BASIC, Role::Auth, Try(dispatcher::drop_connection)),
    ("dispatcher/uninstall-software", Version(20, 5, 0), Role::Auth, Try(dispatcher::uninstall)),
    ("dispatcher/update-login-password", Version(25, 9, 6), Role::Auth, Try(dispatcher::update_password)),
];

/// Every path, whatever the version.
pub fn paths() -> impl Iterator<Item = &'static str> {
    ENDPOINTS.iter().map(|(path, ..)| *path)
}

/// `None` where a server of that version has no such endpoint.
pub fn find(path: &str, version: Version) -> Option<(Role, Act)> {
    ENDPOINTS
        .iter()
        .find(|(known, since, ..)| *known == path && version >= *since)
        .map(|(_, _, role, act)| (*role, *act))
}
