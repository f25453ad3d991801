//! The pages of the addon module, one file each, and the fixed table of what their buttons do.

mod comet;
mod decisions;
mod jetpack;
mod overview;
mod validate;

use super::page::{Action, AddonPage};

/// The pages in the order of the menu; the first is shown where none is named.
pub const PAGES: &[&AddonPage] = &[
    &overview::PAGE,
    &decisions::PAGE,
    &jetpack::PAGE,
    &comet::PAGE,
    &validate::PAGE,
];

/// The actions that a form of the addon can start.
pub const ACTIONS: &[&Action] = &[
    &decisions::MOVED,
    &decisions::IS_COPY,
    &jetpack::FIND,
    &jetpack::ROTATE,
    &jetpack::HIDE,
    &jetpack::WRITE_BACK,
    &jetpack::MAKE,
    &comet::CREATE,
];

/// The action of this key.
pub fn action(key: &str) -> Option<&'static Action> {
    let all = ACTIONS.iter().chain(decisions::CHOICES);
    all.copied().find(|action| action.key == key)
}
