//! Versions of the module files and of the extension, and whether they fit.

use super::Line;
use crate::cometbackup;
use crate::jetpack;
use crate::whmcs::Host;
use crate::whmcs::module_files::{CONTRACT, FoundFiles, ModuleFiles};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn lines(host: &dyn Host) -> Vec<Line> {
    let extension = format!(
        "The extension is version {VERSION} (build {}).",
        env!("BUILD")
    );
    let mut lines = vec![Line::fine("version.extension", extension)];
    let Some(root) = host.whmcs_root() else {
        lines.push(Line::fault(
            "version.files",
            "WHMCS is not loaded, so its modules and its database cannot be found. Load its init.php before this function is called.",
        ));
        return lines;
    };
    for module in [jetpack::MODULE, cometbackup::MODULE] {
        lines.push(of_module(module, &ModuleFiles::find(&root, module)));
    }
    lines
}

fn of_module(module: &str, found: &FoundFiles) -> Line {
    let check = "version.files";
    match found {
        FoundFiles::Missing => Line::note(
            check,
            format!(
                "The files of the module {module} are not in WHMCS. Run install.sh if it is to be used."
            ),
        ),
        FoundFiles::Unreadable(reason) => Line::fault(
            check,
            format!(
                "The files of the module {module} cannot be read: {reason}. Correct their rights, or run install.sh."
            ),
        ),
        FoundFiles::Foreign => Line::fault(
            check,
            format!(
                "The files of the module {module} are not of this package. While they declare its functions themselves, PHP cannot load them beside the extension. Run install.sh."
            ),
        ),
        FoundFiles::Ours(files) => match files.misfit(module) {
            Some(misfit) => Line::fault(check, misfit),
            None if files.version == VERSION => Line::fine(
                check,
                format!(
                    "The files of the module {module} are version {VERSION}, like the extension."
                ),
            ),
            None => Line::note(
                check,
                format!(
                    "The files of the module {module} are version {}, and the extension in this PHP is {VERSION}. They work together (contract {CONTRACT}). Reload PHP if it was upgraded, or run install.sh upgrade.",
                    files.version
                ),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::doctor::CheckState;

    #[test]
    fn files_of_another_version_are_a_note_and_of_another_contract_a_fault() {
        let of = |version: &str, contract| {
            let files = ModuleFiles {
                version: version.to_owned(),
                contract,
            };
            of_module("jetpack", &FoundFiles::Ours(files)).state
        };
        assert!(of(VERSION, CONTRACT) == CheckState::Fine);
        assert!(of("0.0.9", CONTRACT) == CheckState::Note);
        assert!(of(VERSION, CONTRACT + 1) == CheckState::Fault);
        assert!(of_module("jetpack", &FoundFiles::Foreign).state == CheckState::Fault);
    }
}
