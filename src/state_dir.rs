//! A private directory for what has to outlive a request where there is no database: licenses that could not be
//! stored, and servers that are down.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where none is set: below the system's directory for temporary files, one for each user.
pub fn default_path() -> PathBuf {
    std::env::temp_dir().join(format!("whmcs_provisioning-{}", own_user()))
}

/// Makes the directory where it is missing.
///
/// # Errors
/// Where it is not a directory of this user that nobody else can write to.
pub fn prepare(path: &Path) -> io::Result<()> {
    let made = DirBuilder::new().mode(0o700).recursive(true).create(path);
    let found = fs::symlink_metadata(path).or_else(|error| made.and(Err(error)))?;
    let is_private = found.is_dir() && found.uid() == own_user() && found.mode() & 0o777 == 0o700;
    if is_private {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "the directory is not private",
    ))
}

/// Writes a file whole or not at all, for this user only, and onto the disk.
pub fn write(directory: &Path, name: &str, text: &str) -> io::Result<()> {
    prepare(directory)?;
    let unfinished = directory.join(format!(".{name}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, directory.join(name))?;
    File::open(directory)?.sync_all()
}

/// Paths of the files whose names begin so; none where there is no private directory.
pub fn files(directory: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    if prepare(directory).is_err() {
        return Vec::new();
    }
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// The effective user. The owner of `/proc/self` would be root in workers that gave up their rights.
fn own_user() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    line.and_then(|ids| ids.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn fresh(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        path
    }

    #[test]
    fn what_is_written_is_found_whole_and_private() {
        let directory = fresh("state-dir-whole").join("deeper");
        write(&directory, "license-1", "text").unwrap();
        write(&directory, "license-1", "other").unwrap();
        write(&directory, "else", "x").unwrap();
        let found = files(&directory, "license-");
        assert_eq!(found, [directory.join("license-1")]);
        assert_eq!(fs::read_to_string(found.first().unwrap()).unwrap(), "other");
        let mode = fs::metadata(found.first().unwrap()).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(directory.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_directory_of_others_is_not_used() {
        let directory = fresh("state-dir-open");
        fs::create_dir(&directory).unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(write(&directory, "license-1", "text").is_err());
        fs::write(directory.join("license-2"), "planted").unwrap();
        assert!(files(&directory, "license-").is_empty());

        let link = fresh("state-dir-link");
        std::os::unix::fs::symlink("/tmp", &link).unwrap();
        assert!(prepare(&link).is_err());
        fs::remove_file(&link).unwrap();
        fs::remove_dir_all(&directory).unwrap();
    }
}
