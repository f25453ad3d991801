//! Checks that a directory is one user's alone. Each reason completes "the directory cannot be used:".

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::geteuid;

pub const ROOT: u32 = 0;
const STICKY: u32 = 0o1000;

pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Whether it is private, and of the user this process runs as; of anyone, where that is root.
pub fn directory(found: &Metadata) -> Result<(), String> {
    let (user, owner) = (geteuid().as_raw(), found.uid());
    if found.is_symlink() {
        return Err("it is a link".into());
    }
    if !found.is_dir() {
        return Err("it is no directory".into());
    }
    if user != ROOT && owner != user {
        return Err(format!(
            "it belongs to the user {owner}, and this PHP runs as {user}"
        ));
    }
    let mode = found.mode() & 0o777;
    if mode != 0o700 {
        return Err(format!("its mode is {mode:04o}, and 0700 is needed"));
    }
    Ok(())
}

/// Checks who may write above it, and so decides what is under its name. `whmcs_user` is WHMCS's, where root knows it.
pub fn above(path: &Path, owner: u32, whmcs_user: Option<u32>) -> Result<(), String> {
    // Within a user namespace the system's files belong to nobody.
    let system = fs::metadata("/").map_or(ROOT, |top| top.uid());
    let mut is_linked = false;
    for above in path.ancestors().skip(1) {
        let found = fs::symlink_metadata(above).map_err(|error| in_words(&error))?;
        let shown = above.display();
        if ![ROOT, system, owner].contains(&found.uid()) {
            let user = found.uid();
            return Err(format!("{shown} above it belongs to the user {user}"));
        }
        if found.is_symlink() {
            is_linked = true;
            continue;
        }
        let mode = found.mode() & 0o777;
        let others_write = mode & 0o022 != 0;
        if others_write && found.mode() & STICKY == 0 {
            return Err(format!(
                "others may write to {shown} above it (mode {mode:04o})"
            ));
        }
        // There anyone may have created it, and root does not know whose it should be.
        if others_write && is_root() && owner != ROOT && Some(owner) != whmcs_user {
            return Err(format!(
                "it belongs to the user {owner}, and anyone can make a directory in {shown}"
            ));
        }
    }
    if is_linked {
        let real = fs::canonicalize(path).map_err(|error| in_words(&error))?;
        return self::above(&real, owner, whmcs_user);
    }
    Ok(())
}

pub fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".into(),
        io::ErrorKind::PermissionDenied => "this PHP may not enter it".into(),
        _ => crate::text::plain(&error.to_string()),
    }
}
