//! The files under `modules/` that belong to this extension: which version they are, and whether the two work together.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::Error;
use crate::text::plain;

/// The number that module files and extension share. Raised only when the two cannot work together any more: files change
/// before workers load the new extension, and until then both versions have to serve.
pub const CONTRACT: i64 = 1;

/// Bytes of a module's main file that are read; its constants stand at the top.
const HEAD: u64 = 16 * 1024;

/// The version and contract that module files name.
#[derive(Debug, PartialEq, Eq)]
pub struct ModuleFiles {
    pub version: String,
    pub contract: i64,
}

/// The content of a module's folder.
#[derive(Debug, PartialEq, Eq)]
pub enum FoundFiles {
    Missing,
    /// With the reason of the system.
    Unreadable(String),
    /// A module of this name that does not need the extension, as the PHP module.
    Foreign,
    Ours(ModuleFiles),
}

impl ModuleFiles {
    /// The files of a module below WHMCS's folder.
    pub fn find(whmcs_root: &Path, module: &str) -> FoundFiles {
        let path = format!("modules/servers/{module}/{module}.php");
        let mut head = Vec::new();
        let read = File::open(whmcs_root.join(path))
            .and_then(|file| file.take(HEAD).read_to_end(&mut head));
        match read {
            // The limit may cut a character, and another's file need not be UTF-8.
            Ok(_) => Self::read(&String::from_utf8_lossy(&head), module)
                .map_or(FoundFiles::Foreign, FoundFiles::Ours),
            Err(error) if error.kind() == ErrorKind::NotFound => FoundFiles::Missing,
            Err(error) => FoundFiles::Unreadable(error.kind().to_string()),
        }
    }

    /// What the head of a module's main file says; `None` where it does not know this extension. Files from before there
    /// were constants are of the first contract.
    fn read(head: &str, module: &str) -> Option<Self> {
        let prefix = module.to_uppercase();
        let constant = |name: &str| {
            let (_, rest) = head.split_once(&format!("const {prefix}_{name} = "))?;
            let (value, _) = rest.split_once(';')?;
            Some(value.trim_matches('\'').to_owned())
        };
        if !head.contains("'whmcs_provisioning'") {
            return None;
        }
        Some(Self {
            version: constant("FILES_VERSION")
                .map_or_else(|| "0.1.0".to_owned(), |text| plain(&text)),
            contract: constant("FILES_CONTRACT")
                .and_then(|number| number.parse().ok())
                .unwrap_or(1),
        })
    }

    /// Returns one sentence where files and extension cannot work together.
    pub fn misfit(&self, module: &str) -> Option<String> {
        misfit(module, self.contract)
    }
}

/// Whether module files of this contract work with this extension.
///
/// # Errors
/// `Error::Config` with what to do.
pub fn fit(module: &str, contract: i64) -> Result<(), Error> {
    misfit(module, contract).map_or(Ok(()), |sentence| Err(Error::Config(sentence)))
}

fn misfit(module: &str, contract: i64) -> Option<String> {
    if contract == CONTRACT {
        return None;
    }
    let newer = if contract > CONTRACT {
        "files are newer: reload PHP so that it loads the extension that came with them"
    } else {
        "extension is newer: run its install.sh upgrade for this WHMCS"
    };
    Some(format!(
        "The files of the module {module} and the extension {} do not work together (contract {contract} and {CONTRACT}). The {newer}. Nothing was done.",
        env!("CARGO_PKG_VERSION")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str =
        "<?php if (!in_array('whmcs_provisioning', get_loaded_extensions(), true)) {}\n";

    #[test]
    fn files_say_their_version_and_contract() {
        let head = format!(
            "{OURS}const JETPACK_FILES_VERSION = '1.2.3';\nconst JETPACK_FILES_CONTRACT = 7;\n"
        );
        let files = ModuleFiles::read(&head, "jetpack").unwrap();
        assert_eq!((files.version.as_str(), files.contract), ("1.2.3", 7));
    }

    #[test]
    fn files_from_before_the_constants_are_of_the_first_contract() {
        let files = ModuleFiles::read(OURS, "jetpack").unwrap();
        assert_eq!((files.version.as_str(), files.contract), ("0.1.0", 1));
    }

    #[test]
    fn a_module_that_does_not_know_the_extension_is_not_ours() {
        assert_eq!(
            ModuleFiles::read("<?php function jetpack_CreateAccount() {}", "jetpack"),
            None
        );
    }

    #[test]
    fn a_misfit_names_the_side_that_is_behind() {
        assert!(fit("jetpack", CONTRACT).is_ok());
        let of = |contract| fit("jetpack", contract).unwrap_err().for_staff("");
        assert!(of(CONTRACT + 1).contains("files are newer"));
        assert!(of(CONTRACT - 1).contains("extension is newer"));
    }

    #[test]
    fn the_files_of_this_package_are_of_this_version_and_contract() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let expected = || ModuleFiles {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            contract: CONTRACT,
        };
        for module in ["jetpack", "cometbackup"] {
            assert_eq!(
                ModuleFiles::find(root, module),
                FoundFiles::Ours(expected()),
                "{module}"
            );
        }
        // `find` knows server modules only.
        let addon = "modules/addons/whmcs_provisioning/whmcs_provisioning.php";
        let addon = std::fs::read_to_string(root.join(addon)).unwrap();
        assert_eq!(
            ModuleFiles::read(&addon, "whmcs_provisioning"),
            Some(expected())
        );
    }
}
