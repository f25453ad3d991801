//! The product name that customers read: that of the host's own branding. It is remembered on this machine for places
//! where neither a request nor a query may be made.

use super::branding;
use crate::hash::sha256;
use crate::worker::state_dir::{Location, StateDir};

/// Where the host has no name of its own, or it is not known.
const VENDORS: &str = "Comet Backup";

/// Bytes of a remembered name.
const LONGEST: u64 = 4 * branding::LONGEST_NAME as u64;

/// Returns the name as it is shown.
pub fn shown(name: &str) -> String {
    match branding::short(name) {
        name if name.is_empty() => VENDORS.to_owned(),
        name => name,
    }
}

/// Returns the name that is remembered of a server, as it is shown.
pub fn remembered(directory: &Location, base: &str) -> String {
    let opened = directory.open().ok();
    shown(&opened.map_or_else(String::new, |opened| read(&opened, base)))
}

/// Remembers what a server said. Where that cannot be done, the vendor's name is shown.
pub fn remember(directory: &Location, base: &str, name: &str) {
    let opened = if name.is_empty() {
        directory.open()
    } else {
        directory.open_or_make()
    };
    let Ok(opened) = opened else {
        return;
    };
    if read(&opened, base) == name {
        return;
    }
    drop(if name.is_empty() {
        opened.remove(&file(base))
    } else {
        opened.write_hint(&file(base), name)
    });
}

fn read(directory: &StateDir, base: &str) -> String {
    let kept = directory.read(&file(base), LONGEST);
    kept.map_or_else(|_| String::new(), |kept| kept.text)
}

fn file(base: &str) -> String {
    let hash = sha256(base);
    format!("product-name-{}", hash.get(..16).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::DirBuilderExt;

    const BASE: &str = "https://comet.example:443";

    #[test]
    fn a_name_is_remembered_for_its_server_until_the_server_has_none() {
        let path = std::env::temp_dir().join(format!("product-name-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
        let directory = Location::new(path.to_str().unwrap(), None);
        assert_eq!(remembered(&directory, BASE), VENDORS);

        remember(&directory, BASE, "Acme Vault");
        assert_eq!(remembered(&directory, BASE), "Acme Vault");
        assert_eq!(remembered(&directory, "https://other.example"), VENDORS);

        remember(&directory, BASE, "");
        assert_eq!(remembered(&directory, BASE), VENDORS);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        fs::remove_dir(&path).unwrap();
    }

    #[test]
    fn without_a_directory_it_is_the_vendors() {
        let nowhere = Location::new("/nonexistent", None);
        remember(&nowhere, BASE, "Acme");
        assert_eq!(remembered(&nowhere, BASE), VENDORS);
        assert_eq!(shown(" <i> "), VENDORS);
    }
}
