//! The files of `src/` as modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use crate::scan::Source;

pub struct File {
    /// Below `src/`: `http/mod.rs`.
    pub path: String,
    /// What stands in it.
    pub text: String,
    pub source: Source,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            source: Source::read(text),
        }
    }

    /// The files that a unit test of a rule is about, each with its path and text.
    #[cfg(test)]
    pub fn planted(files: &[(&str, &str)]) -> Vec<Self> {
        let each = files.iter().map(|(path, text)| Self::new(path, text));
        each.collect()
    }

    /// The segments of its module: `http/mod.rs` is `http`, `lib.rs` is the root.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        match path {
            "lib" => Vec::new(),
            path => path.split('/').map(str::to_owned).collect(),
        }
    }
}

/// Every Rust file below `directory`, in the order of their paths.
pub fn read(directory: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(directory).map_err(io::Error::other)?;
                files.push(File::new(
                    &below.to_string_lossy(),
                    &fs::read_to_string(&path)?,
                ));
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// The files of a crate by their modules.
pub struct Modules<'a>(BTreeMap<Vec<String>, &'a File>);

impl<'a> Modules<'a> {
    pub fn new(files: &'a [File]) -> Self {
        Self(files.iter().map(|file| (file.module(), file)).collect())
    }

    /// Files that only tests have: declared so, or below a module that is.
    pub fn of_tests(&self) -> BTreeSet<&'a str> {
        let mut tests = Vec::new();
        for (module, file) in &self.0 {
            for name in &file.source.test_modules {
                tests.push([module.as_slice(), std::slice::from_ref(name)].concat());
            }
        }
        let is_test = |module: &[String]| tests.iter().any(|test| module.starts_with(test));
        let all = self.0.iter().filter(|(module, _)| is_test(module));
        all.map(|(_, file)| file.path.as_str()).collect()
    }

    /// The files that `file` uses, itself aside.
    pub fn used_by(&self, file: &File) -> BTreeSet<&'a str> {
        let module = file.module();
        let mut used = BTreeSet::new();
        for path in &file.source.paths {
            let here = [module.as_slice(), &path.within].concat();
            let target = self
                .absolute(&here, &path.segments)
                .and_then(|path| self.file(&path, 0));
            used.extend(
                target
                    .map(|target| target.path.as_str())
                    .filter(|target| *target != file.path),
            );
        }
        used
    }

    /// A path as it is written in a module, from the root; `None` where it leads out of the crate.
    fn absolute(&self, here: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut module = here.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => module.clear(),
            "self" | "super" => {
                while let Some("super") = rest.first().map(String::as_str) {
                    module.pop()?;
                    rest = rest.get(1..)?;
                }
                return Some(
                    [
                        &module,
                        rest.strip_prefix(&["self".to_owned()]).unwrap_or(rest),
                    ]
                    .concat(),
                );
            }
            name => {
                module.push(name.to_owned());
                if !self.0.contains_key(&module) {
                    return None;
                }
            }
        }
        module.extend_from_slice(rest.get(1..)?);
        Some(module)
    }

    /// The file that defines what a path names: a module may pass on what another defines.
    fn file(&self, path: &[String], depth: usize) -> Option<&'a File> {
        const DEEPEST: usize = 8;
        let length = (0..=path.len())
            .rev()
            .find(|length| self.0.contains_key(path.get(..*length).unwrap_or_default()))?;
        let (module, rest) = path.split_at(length);
        let file = *self.0.get(module)?;
        let import = rest.first().and_then(|name| {
            file.source
                .imports
                .iter()
                .find(|(import, _)| import == name)
        });
        let passed_on = import
            .filter(|_| depth < DEEPEST)
            .and_then(|(_, from)| self.absolute(module, from))
            .and_then(|from| {
                self.file(
                    &[&from, rest.get(1..).unwrap_or_default()].concat(),
                    depth + 1,
                )
            });
        Some(passed_on.unwrap_or(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(files: &[File], path: &str) -> Vec<String> {
        let file = files.iter().find(|file| file.path == path).unwrap();
        Modules::new(files)
            .used_by(file)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_path_leads_to_the_file_that_defines_what_it_names() {
        let files = [
            File::new("lib.rs", "mod a; mod d;"),
            File::new(
                "a/mod.rs",
                "mod b; mod c; pub use b::B; use crate::d::D; pub use serde::E;",
            ),
            File::new(
                "a/b.rs",
                "use super::{c::C, D}; mod inner { fn f() { super::super::E } }",
            ),
            File::new(
                "a/c.rs",
                "use std::io; fn f() { self::g(); crate::a::B::new() }",
            ),
            File::new("d.rs", "use crate::a::{E, b};"),
        ];
        assert_eq!(used(&files, "a/b.rs"), ["a/c.rs", "a/mod.rs", "d.rs"]);
        assert_eq!(used(&files, "a/c.rs"), ["a/b.rs"]);
        assert_eq!(used(&files, "d.rs"), ["a/b.rs", "a/mod.rs"]);
    }

    #[test]
    fn files_of_tests_are_known_by_their_declaration() {
        let files = [
            File::new("a/mod.rs", "#[cfg(test)] mod fake; mod b;"),
            File::new("a/b.rs", ""),
            File::new("a/fake.rs", ""),
            File::new("a/fake/inner.rs", ""),
        ];
        let tests: Vec<_> = Modules::new(&files).of_tests().into_iter().collect();
        assert_eq!(tests, ["a/fake.rs", "a/fake/inner.rs"]);
    }
}
