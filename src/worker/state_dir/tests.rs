//! The private directory, with real files.

use super::*;
use std::os::unix::fs::{PermissionsExt, symlink};

fn fresh(name: &str) -> Location {
    let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    drop(fs::remove_dir_all(&path));
    DirBuilder::new().mode(0o700).create(&path).unwrap();
    Location::new(path.to_str().unwrap(), None)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn refusal(location: &Location) -> String {
    location.open().err().unwrap_or_default()
}

fn fifo(path: &Path) {
    nix::unistd::mkfifo(path, Mode::S_IRWXU).unwrap();
}

#[test]
fn what_is_written_is_found_whole_and_private() {
    let location = fresh("state-dir-whole");
    let directory = location.open_or_make().unwrap();
    directory.write("license-2", "text").unwrap();
    directory.write("license-1", "text").unwrap();
    directory.write_hint("license-1", "other").unwrap();
    directory.write("else", "x").unwrap();
    let found = directory.names("license-").unwrap();
    assert_eq!(found, ["license-1", "license-2"]);
    let kept = directory.read("license-1", 5).unwrap();
    assert_eq!((kept.text.as_str(), kept.is_cut), ("other", false));
    let kept = directory.read("license-1", 3).unwrap();
    assert_eq!((kept.text.as_str(), kept.is_cut), ("oth", true));
    let metadata = fs::metadata(directory.path_of("license-1")).unwrap();
    assert_eq!(metadata.mode() & 0o777, 0o600);
    directory.remove("license-1").unwrap();
    directory.remove("license-1").unwrap();
    assert!(matches!(
        directory.read("license-1", 9),
        Err(Unread::Missing)
    ));
    fs::remove_dir_all(&location.path).unwrap();
}

#[test]
fn without_a_setting_it_is_a_place_where_nobody_else_can_make_it_first() {
    let user = geteuid();
    let standard = Location::new("", None);
    assert_eq!(
        standard.path.to_str().unwrap(),
        format!("/var/lib/whmcs_provisioning/{user}")
    );
    if user.is_root() {
        let of_whmcs = Location::new("", Some(1000));
        assert!(of_whmcs.path.ends_with("1000"));
    }
    assert!(refusal(&Location::new("state", None)).contains("not named from the root on"));
}

#[test]
fn a_directory_that_is_not_private_is_refused_and_the_reason_named() {
    let location = fresh("state-dir-open");
    mode(&location.path, 0o755);
    assert!(refusal(&location).ends_with("cannot be used: its mode is 0755, and 0700 is needed"));
    let below = Location::new(location.path.join("below").to_str().unwrap(), None);
    assert!(refusal(&below).contains("it does not exist"));
    DirBuilder::new().mode(0o700).create(&below.path).unwrap();
    assert!(below.open().is_ok());
    for open in [0o777, 0o775] {
        mode(&location.path, open);
        assert!(refusal(&below).contains("others may write to"));
    }
    mode(&location.path, 0o1777);
    assert!(below.open().is_ok());
    fs::remove_dir_all(&location.path).unwrap();
}

#[test]
fn a_link_is_no_directory_and_where_it_leads_is_judged_as_well() {
    let location = fresh("state-dir-link");
    let real = location.path.join("real");
    DirBuilder::new().mode(0o700).create(&real).unwrap();
    let link = location.path.join("link");
    symlink(&real, &link).unwrap();
    assert!(
        refusal(&Location::new(link.to_str().unwrap(), None))
            .ends_with("cannot be used: it is a link")
    );
    let inner = Location::new(link.join("inner").to_str().unwrap(), None);
    DirBuilder::new().mode(0o700).create(&inner.path).unwrap();
    assert!(inner.open().is_ok());
    mode(&real, 0o777);
    assert!(refusal(&inner).contains("real above it (mode 0777)"));
    fs::remove_dir_all(&location.path).unwrap();
}

#[test]
fn only_a_regular_file_is_read_and_nothing_is_waited_for() {
    let location = fresh("state-dir-files");
    let directory = location.open().unwrap();
    fifo(&location.path.join("fifo"));
    symlink("/etc/hostname", location.path.join("link")).unwrap();
    symlink("/dev/zero", location.path.join("device")).unwrap();
    fs::create_dir(location.path.join("folder")).unwrap();
    for name in ["fifo", "link", "device", "folder"] {
        assert!(
            matches!(directory.read(name, 200), Err(Unread::Foreign)),
            "{name}"
        );
    }
    let long = File::create(location.path.join("long")).unwrap();
    long.set_len(1_500_000_000).unwrap();
    let kept = directory.read("long", 200).unwrap();
    assert_eq!((kept.text.len(), kept.is_cut), (200, true));
    fs::remove_dir_all(&location.path).unwrap();
}

#[test]
fn what_could_not_be_written_leaves_nothing_behind() {
    let location = fresh("state-dir-failed");
    let directory = location.open().unwrap();
    fs::create_dir(location.path.join("taken")).unwrap();
    assert!(directory.write("taken", "text").is_err());
    assert_eq!(directory.names("").unwrap(), ["taken"]);
    fs::remove_dir_all(&location.path).unwrap();
}

/// Only root can give files away.
#[test]
fn root_writes_for_the_owner_and_trusts_nobody_in_an_open_place() {
    if !is_root() {
        return;
    }
    let location = fresh("state-dir-root");
    let named = location.path.to_str().unwrap();
    std::os::unix::fs::chown(&location.path, Some(12345), Some(12346)).unwrap();
    assert!(refusal(&location).contains("it belongs to the user 12345, and anyone can make"));

    let of_whmcs = Location::new(named, Some(12345));
    let directory = of_whmcs.open().unwrap();
    directory.write("license-1", "text").unwrap();
    let found = fs::metadata(directory.path_of("license-1")).unwrap();
    assert_eq!((found.uid(), found.gid()), (12345, 12346));
    fs::write(location.path.join("of-root"), "x").unwrap();
    assert!(matches!(directory.read("of-root", 9), Err(Unread::Foreign)));
    fs::remove_dir_all(&location.path).unwrap();
    assert!(of_whmcs.open_or_make().is_err(), "root makes none");
}
