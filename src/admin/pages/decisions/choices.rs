//! The choices of a person, by what was found: each a button that runs the function of the service page's button.

use super::KEY;
use crate::admin::command::{self, Command, SERVER, SERVICE};
use crate::admin::page::{Action, ActionQuestion, PageRequest};
use crate::cometbackup;
use crate::cometbackup::tables::accounts_batch;
use crate::error::Error;
use crate::jetpack;
use crate::whmcs::open_database;

/// The choices as actions, for the table of actions.
pub const ACTIONS: &[&Action] = &[
    &COMET_AGAIN,
    &COMET_CHECK,
    &TRANSFER,
    &CONFIRM_SERVER,
    &MOVE,
    &CONFIRM_DELETION,
    &COMET_CREATE,
    &COMET_TERMINATE,
    &COMET_SUSPEND,
    &COMET_UNSUSPEND,
    &COMET_CHANGE_PACKAGE,
    &JETPACK_AGAIN,
    &JETPACK_CHECK,
    &ATTACH,
    &DETACH,
    &CONNECT,
    &ISSUE_AGAIN,
    &JETPACK_CREATE,
    &JETPACK_TERMINATE,
];

/// An action on one service: key, label, question, module and command.
macro_rules! choice {
    ($name:ident, $key:literal, $label:expr, $question:expr, $module:path, $command:expr) => {
        const $name: Action = Action {
            key: $key,
            page: KEY,
            label: $label,
            question: ActionQuestion::fixed($question),
            run: |request| command::run(request, $module, $command),
        };
    };
}

choice!(
    COMET_AGAIN,
    "comet_compare",
    "Compare again",
    None,
    cometbackup::MODULE,
    Command::Custom("Reconcile")
);
choice!(
    COMET_CHECK,
    "comet_check",
    "Check at Comet",
    None,
    cometbackup::MODULE,
    Command::Custom("CheckAccount")
);
// It asks by itself: the first press says what will happen.
choice!(
    TRANSFER,
    "comet_transfer",
    "Transfer to New Client",
    None,
    cometbackup::MODULE,
    Command::Custom("TransferAccount")
);
choice!(
    MOVE,
    "comet_move",
    "Move Account",
    Some(
        "The account was moved in Comet, and is recorded for the server that the service has in WHMCS now. What is left of it at the former server is then a second copy."
    ),
    cometbackup::MODULE,
    Command::Custom("MoveAccount")
);
choice!(
    CONFIRM_DELETION,
    "comet_confirm_deletion",
    "Delete Account: confirm",
    Some(
        "The next daily run deletes this Comet account, and with it everything that is stored in its vaults. It cannot be undone."
    ),
    cometbackup::MODULE,
    Command::Custom("ConfirmDeletion")
);
choice!(
    COMET_CREATE,
    "comet_create",
    "Create",
    Some(
        "WHMCS runs Create for this service: an account is created at Comet, or the creation goes on where it ended."
    ),
    cometbackup::MODULE,
    Command::Core("ModuleCreate")
);
choice!(
    COMET_TERMINATE,
    "comet_terminate",
    "Terminate",
    Some(
        "WHMCS runs Terminate for this service: the account is suspended or deleted, as the product says. What is deleted cannot be brought back."
    ),
    cometbackup::MODULE,
    Command::Core("ModuleTerminate")
);
choice!(
    COMET_SUSPEND,
    "comet_suspend",
    "Suspend",
    Some("WHMCS suspends this service, and the account at Comet."),
    cometbackup::MODULE,
    Command::Core("ModuleSuspend")
);
choice!(
    COMET_UNSUSPEND,
    "comet_unsuspend",
    "Unsuspend",
    Some("WHMCS makes this service active again, and the account at Comet."),
    cometbackup::MODULE,
    Command::Core("ModuleUnsuspend")
);
choice!(
    COMET_CHANGE_PACKAGE,
    "comet_change_package",
    "Change Package",
    Some(
        "WHMCS runs Change Package for this service: the account gets the limits that the service is sold with."
    ),
    cometbackup::MODULE,
    Command::Core("ModuleChangePackage")
);
choice!(
    JETPACK_AGAIN,
    "jetpack_compare",
    "Compare again",
    None,
    jetpack::MODULE,
    Command::Custom("Reconcile")
);
choice!(
    JETPACK_CHECK,
    "jetpack_check",
    "Check at Jetpack",
    None,
    jetpack::MODULE,
    Command::Custom("CheckLicense")
);
choice!(
    ATTACH,
    "jetpack_attach",
    "Attach to site",
    None,
    jetpack::MODULE,
    Command::Custom("AttachToSite")
);
choice!(
    DETACH,
    "jetpack_detach",
    "Detach from site",
    None,
    jetpack::MODULE,
    Command::Custom("DetachFromSite")
);
choice!(
    CONNECT,
    "jetpack_connect",
    "Connect site",
    Some("Only if the site is this client's: whoever can log in there uses the license."),
    jetpack::MODULE,
    Command::Custom("ConnectSite")
);
choice!(
    ISSUE_AGAIN,
    "jetpack_issue_again",
    "Not issued: try again",
    Some(
        "Only if the Jetpack partner portal has no license of that minute: a new license is issued, and it costs money. If there is one, enter its key on the page of the service instead."
    ),
    jetpack::MODULE,
    Command::Custom("IssueAgain")
);
choice!(
    JETPACK_CREATE,
    "jetpack_create",
    "Create",
    Some(
        "WHMCS runs Create for this service: licenses that it should have are issued, and cost money."
    ),
    jetpack::MODULE,
    Command::Core("ModuleCreate")
);
choice!(
    JETPACK_TERMINATE,
    "jetpack_terminate",
    "Terminate",
    Some(
        "WHMCS runs Terminate for this service: its licenses are revoked. A revoked license can never be used again."
    ),
    jetpack::MODULE,
    Command::Core("ModuleTerminate")
);

/// Once is enough for all accounts of a server, so a finding about the server has the button as well.
const CONFIRM_SERVER: Action = Action {
    key: "comet_confirm_server",
    page: KEY,
    label: "Same Comet Server: confirm",
    question: Some(ActionQuestion::Fixed(
        "The server entry is the Comet Server that the accounts were recorded on, under another address, and no copy of it. From then on the daily run changes accounts there.",
    )),
    run: confirm_server,
};

fn confirm_server(request: &PageRequest<'_>) -> Result<String, Error> {
    let confirm = Command::Custom("ConfirmServer");
    if !request.field(SERVICE).is_empty() {
        return command::run(request, cometbackup::MODULE, confirm);
    }
    let server = request.id(SERVER)?;
    let found = {
        let mut database = open_database(request.host)?;
        accounts_batch::to_confirm(&mut database, server)?
    };
    let service = found.ok_or_else(|| {
        Error::Refusal(format!(
            "No service on the server entry {server} has an account that was recorded elsewhere: run the daily comparison again."
        ))
    })?;
    command::on(request, cometbackup::MODULE, service, confirm)
}

/// The choices for a finding of this kind.
pub fn of_finding(module: &str, kind: &str) -> &'static [&'static Action] {
    match (module, kind) {
        ("cometbackup", "client") => &[&TRANSFER],
        ("cometbackup", "moved") => &[&MOVE, &CONFIRM_SERVER],
        ("cometbackup", "server") => &[&CONFIRM_SERVER],
        ("cometbackup", "deletion") => &[&CONFIRM_DELETION, &COMET_UNSUSPEND],
        ("cometbackup", "missing") => &[&COMET_CREATE, &COMET_CHECK, &COMET_AGAIN],
        ("cometbackup", "suspension") => &[&COMET_SUSPEND, &COMET_UNSUSPEND],
        ("cometbackup", "ended") => &[&COMET_TERMINATE, &COMET_AGAIN],
        ("cometbackup", "limits") => &[&COMET_CHANGE_PACKAGE],
        ("cometbackup", "disputed" | "unrecorded" | "identity") => &[&COMET_CHECK],
        ("cometbackup", _) => &[&COMET_AGAIN],
        ("jetpack", "ended") => &[&JETPACK_TERMINATE, &JETPACK_AGAIN],
        ("jetpack", "missing") => &[&JETPACK_CREATE, &JETPACK_AGAIN],
        ("jetpack", _) => &[&JETPACK_AGAIN],
        _ => &[],
    }
}

/// The choices for an operation without a known end.
pub fn of_operation(module: &str, operation: &str) -> &'static [&'static Action] {
    match (module, operation) {
        ("jetpack", "issue") => &[&ISSUE_AGAIN],
        // Each is safe to repeat, and ends what is not known of the one before.
        ("jetpack", "attach") => &[&ATTACH],
        ("jetpack", "detach") => &[&DETACH],
        ("jetpack", "connect") => &[&CONNECT],
        ("jetpack", _) => &[&JETPACK_CHECK],
        ("cometbackup", _) => &[&COMET_CHECK],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_undone_is_asked_first_and_each_choice_is_in_the_table() {
        let careful = [
            &CONFIRM_DELETION,
            &COMET_TERMINATE,
            &JETPACK_TERMINATE,
            &ISSUE_AGAIN,
            &MOVE,
        ];
        assert!(careful.iter().all(|action| action.question.is_some()));
        let kinds = [
            "client",
            "moved",
            "server",
            "deletion",
            "missing",
            "suspension",
            "ended",
            "limits",
            "disputed",
            "other",
        ];
        for module in ["cometbackup", "jetpack", "another"] {
            for kind in kinds {
                for action in of_finding(module, kind) {
                    assert!(ACTIONS.iter().any(|one| one.key == action.key), "{kind}");
                }
            }
        }
        let mut keys: Vec<&str> = ACTIONS.iter().map(|action| action.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), ACTIONS.len());
    }
}
