//! A file of texts: read once in a process, and again when it has changed.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::TextByKey;

/// Bytes of a file; ours have a tenth.
const LARGEST: u64 = 256 * 1024;

/// Files that are kept: visitors choose their language, and a worker may serve several WHMCS.
const MOST: usize = 100;

/// By which a changed file is known: time of its change, size, inode.
type Stamp = (i64, i64, u64, u64);

/// What was read, with the file's stamp; no table where it could not be used.
type Kept = HashMap<PathBuf, (Stamp, Option<Arc<TextByKey>>)>;

static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

/// The texts of a file; `None` where there is none. What cannot be used is named when it is read, not again while it stays
/// as it is.
pub fn read(path: &Path, name_fault: impl FnOnce(&str)) -> Option<Arc<TextByKey>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return None;
        }
        Err(error) => {
            let stamp = Stamp::default();
            return kept(path, stamp, || Err(error.kind().to_string()), name_fault);
        }
    };
    kept(
        path,
        stamp(&metadata),
        || content(path, &metadata),
        name_fault,
    )
}

fn kept(
    path: &Path,
    stamp: Stamp,
    content: impl FnOnce() -> Result<TextByKey, String>,
    name_fault: impl FnOnce(&str),
) -> Option<Arc<TextByKey>> {
    let mut lock = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let files = lock.get_or_insert_default();
    if let Some((known, table)) = files.get(path)
        && *known == stamp
    {
        return table.clone();
    }
    if files.len() >= MOST {
        files.clear();
    }
    let (table, fault) = match content() {
        Ok(table) => (Some(Arc::new(table)), None),
        Err(fault) => (None, Some(fault)),
    };
    files.insert(path.to_owned(), (stamp, table.clone()));
    drop(lock);
    if let Some(fault) = fault {
        name_fault(&fault);
    }
    table
}

fn stamp(metadata: &Metadata) -> Stamp {
    (
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.len(),
        metadata.ino(),
    )
}

fn content(path: &Path, metadata: &Metadata) -> Result<TextByKey, String> {
    if !metadata.is_file() {
        return Err("it is no file".into());
    }
    let mut json = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut json));
    read.map_err(|error| error.kind().to_string())?;
    if json.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} KB", LARGEST / 1024));
    }
    parse(&json)
}

/// An object of key and text. Editors of Windows put a mark before it.
pub fn parse(json: &str) -> Result<TextByKey, String> {
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("texts-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_is_named_once() {
        let folder = Folder::new("changed");
        let path = folder.0.join("german.json");
        let faults = Cell::new(0);
        let text = || {
            let table = read(&path, |_| faults.set(faults.get() + 1));
            table.and_then(|table| table.get("key").cloned())
        };
        assert_eq!(text(), None);
        fs::write(&path, "\u{feff}{\"key\": \"eins\"}").unwrap();
        assert_eq!(text().as_deref(), Some("eins"));
        fs::write(&path, r#"{"key": "zwei!"}"#).unwrap();
        assert_eq!(text().as_deref(), Some("zwei!"));
        fs::write(&path, r#"{"key": 3}"#).unwrap();
        assert_eq!((text(), text(), faults.get()), (None, None, 1));
        fs::write(&path, vec![b' '; 300 * 1024]).unwrap();
        assert_eq!((text(), faults.get()), (None, 2));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!((text(), text(), faults.get()), (None, None, 3));
    }
}
