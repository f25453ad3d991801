//! A private directory for what has to outlive a request where there is no database: licenses that could not be
//! stored, and servers that are down.
//!
//! Nothing in it is read before the directory is known to be one user's alone. Everything in it is reached from the
//! directory's descriptor, without following links and without waiting for a writer.

mod judge;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{OFlag, openat, renameat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, geteuid, unlinkat};

pub use judge::is_root;
use judge::{ROOT, in_words};

/// Where the administrator names none; the installer creates one there for each user. Never a place where anyone may
/// create a directory first.
const STANDARD: &str = "/var/lib/whmcs_provisioning";
const PLAIN: OFlag = OFlag::O_NOFOLLOW
    .union(OFlag::O_NONBLOCK)
    .union(OFlag::O_NOCTTY)
    .union(OFlag::O_CLOEXEC);

/// Tells unfinished files of one process apart.
static UNFINISHED: AtomicU32 = AtomicU32::new(0);

/// The place where the directory should be, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub path: PathBuf,
    /// The user WHMCS belongs to, where this process is root and knows it.
    whmcs_user: Option<u32>,
}

impl Location {
    /// Reads the administrator's setting `named`; empty: one directory for each user.
    pub fn new(named: &str, whmcs_user: Option<u32>) -> Self {
        let whmcs_user = whmcs_user.filter(|user| *user != ROOT && is_root());
        let user = whmcs_user.unwrap_or_else(|| geteuid().as_raw());
        let path = match named {
            "" => Path::new(STANDARD).join(user.to_string()),
            named => named.into(),
        };
        Self { path, whmcs_user }
    }

    /// The place where version 0.1.0 kept files that nobody had named a directory for.
    pub fn of_first_version() -> Self {
        let name = format!("whmcs_provisioning-{}", geteuid());
        Self {
            path: std::env::temp_dir().join(name),
            whmcs_user: None,
        }
    }

    /// The directory, where it can be trusted.
    pub fn open(&self) -> Result<StateDir, String> {
        StateDir::open(self).map_err(|reason| {
            format!(
                "the directory {} (whmcs_provisioning.state_dir) cannot be used: {reason}",
                self.path.display()
            )
        })
    }

    /// The directory, created where it is missing. Not by root: the user who needs it could not use it then.
    pub fn open_or_make(&self) -> Result<StateDir, String> {
        if !is_root() && self.path.is_absolute() && fs::symlink_metadata(&self.path).is_err() {
            // What came of it is judged next.
            drop(
                DirBuilder::new()
                    .mode(0o700)
                    .recursive(true)
                    .create(&self.path),
            );
        }
        self.open()
    }
}

/// The directory, known to be its owner's alone, and held by its descriptor.
pub struct StateDir {
    path: PathBuf,
    handle: File,
    owner: u32,
    group: u32,
}

/// The content of a file.
pub struct KeptFile {
    pub text: String,
    /// The file is longer than was read.
    pub is_cut: bool,
    pub written: SystemTime,
}

/// The reason why there is nothing to read.
#[derive(Debug)]
pub enum Unread {
    /// It is gone, or was never there.
    Missing,
    /// No regular file of the directory's owner.
    Foreign,
    Failed(io::Error),
}

impl StateDir {
    fn open(location: &Location) -> Result<Self, String> {
        let path = &location.path;
        if !path.is_absolute() {
            return Err("it is not named from the root on".into());
        }
        let found = fs::symlink_metadata(path).map_err(|error| in_words(&error))?;
        judge::directory(&found)?;
        judge::above(path, found.uid(), location.whmcs_user)?;
        let handle = open_at(nix::fcntl::AT_FDCWD, path, OFlag::O_DIRECTORY, 0)
            .map_err(|error| in_words(&error))?;
        let handle = File::from(handle);
        let opened = handle.metadata().map_err(|error| in_words(&error))?;
        if (opened.dev(), opened.ino(), opened.uid()) != (found.dev(), found.ino(), found.uid()) {
            return Err("it was exchanged while it was opened".into());
        }
        judge::directory(&opened)?;
        Ok(Self {
            path: path.clone(),
            handle,
            owner: opened.uid(),
            group: opened.gid(),
        })
    }

    /// Names a file's place, for sentences.
    pub fn path_of(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    /// Returns the names that begin so, in their order.
    pub fn names(&self, prefix: &str) -> io::Result<Vec<String>> {
        let listed = open_at(&self.handle, Path::new("."), OFlag::O_DIRECTORY, 0)?;
        let mut found = Vec::new();
        for entry in Dir::from_fd(listed)?.iter() {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(prefix) && name != "." && name != ".." {
                found.push(name);
            }
        }
        found.sort();
        Ok(found)
    }

    /// The first `most` bytes of a file.
    pub fn read(&self, name: &str, most: u64) -> Result<KeptFile, Unread> {
        let opened = open_at(&self.handle, Path::new(name), OFlag::empty(), 0);
        let file = match opened {
            Ok(file) => File::from(file),
            Err(error) => return Err(unread(error)),
        };
        let found = file.metadata().map_err(Unread::Failed)?;
        if !found.is_file() || found.uid() != self.owner {
            return Err(Unread::Foreign);
        }
        let mut bytes = Vec::new();
        (&file)
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(Unread::Failed)?;
        let limit = usize::try_from(most).unwrap_or(usize::MAX);
        let is_cut = bytes.len() > limit;
        bytes.truncate(limit);
        Ok(KeptFile {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            is_cut,
            written: found.modified().map_err(Unread::Failed)?,
        })
    }

    /// Writes a file whole or not at all, for the owner only, and onto the disk.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        self.put(name, text, true)
    }

    /// Writes as `write` does, for what may be lost when the power fails.
    pub fn write_hint(&self, name: &str, text: &str) -> io::Result<()> {
        self.put(name, text, false)
    }

    /// Writes as `write` does, where there is no such file yet; a second writer changes nothing.
    pub fn write_first(&self, name: &str, text: &str) -> io::Result<()> {
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL;
        match open_at(&self.handle, Path::new(name), flags, 0o600) {
            Ok(file) => {
                let written = self.fill(&mut File::from(file), text, false);
                if written.is_err() {
                    // A file that is cut would count as the first one forever. The failure above is the one to report.
                    drop(self.remove(name));
                }
                written
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a file; fine where it is gone already.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match unlinkat(&self.handle, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.handle, from, &self.handle, to)?)
    }

    fn put(&self, name: &str, text: &str, durable: bool) -> io::Result<()> {
        let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |age| age.as_nanos());
        let unfinished = format!(".{name}.{}-{number}-{now}", std::process::id());
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL;
        let mut file = File::from(open_at(&self.handle, Path::new(&unfinished), flags, 0o600)?);
        let written = self
            .fill(&mut file, text, durable)
            .and_then(|()| self.rename(&unfinished, name));
        if written.is_err() {
            // A full disk must not fill with what is of no use. The failure above is the one to report.
            drop(self.remove(&unfinished));
            return written;
        }
        if durable {
            self.handle.sync_all()?;
        }
        Ok(())
    }

    fn fill(&self, file: &mut File, text: &str, durable: bool) -> io::Result<()> {
        if geteuid().as_raw() != self.owner {
            fchown(&*file, Some(self.owner), Some(self.group))?;
        }
        file.write_all(text.as_bytes())?;
        if durable {
            file.sync_all()?;
        }
        Ok(())
    }
}

fn open_at(
    directory: impl std::os::fd::AsFd,
    name: &Path,
    flags: OFlag,
    mode: nix::libc::mode_t,
) -> io::Result<OwnedFd> {
    let mode = Mode::from_bits_truncate(mode);
    Ok(openat(directory, name, flags | PLAIN, mode)?)
}

/// A link, a socket or a device without a driver cannot be opened at all.
fn unread(error: io::Error) -> Unread {
    match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENOENT) => Unread::Missing,
        Some(Errno::ELOOP | Errno::ENXIO | Errno::ENODEV) => Unread::Foreign,
        _ => Unread::Failed(error),
    }
}
