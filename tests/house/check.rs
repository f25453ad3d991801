//! Holds each rule against the files, and says in one sentence each what is against it.

use std::collections::BTreeSet;

use crate::files::{File, Modules};
use crate::graph::{Graph, circles};
use crate::names;
use crate::rules::{FLOORS, LONGEST_FILE, PRODUCT_WORDS, PRODUCTS, TABLES, WHMCS_TABLES};

pub fn wrong(files: &[File]) -> Vec<String> {
    let modules = Modules::new(files);
    let tests = modules.of_tests();
    let code: Vec<&File> = files
        .iter()
        .filter(|file| !tests.contains(file.path.as_str()))
        .collect();
    let graph: Graph = code
        .iter()
        .map(|file| (file.path.as_str(), modules.used_by(file)))
        .collect();
    let mut wrong = Vec::new();
    wrong.extend(files.iter().filter_map(too_long));
    wrong.extend(rooms_without_files(files));
    wrong.extend(code.iter().filter_map(|file| without_room(file)));
    wrong.extend(code.iter().filter_map(|file| product_words(file)));
    wrong.extend(names::shared(&code));
    wrong.extend(code.iter().flat_map(|file| statements(file)));
    for (file, used) in &graph {
        wrong.extend(used.iter().filter_map(|used| too_high(file, used)));
    }
    wrong.extend(
        circles(&without_own_children(&graph))
            .iter()
            .map(|files| format!("circle: {}", files.join(" → "))),
    );
    wrong
}

fn too_long(file: &File) -> Option<String> {
    let is_too_long = file.text.lines().count() > LONGEST_FILE;
    is_too_long.then(|| format!("longer than {LONGEST_FILE} lines: {}", file.path))
}

/// The floor of a path, counted from the ground, and the room's name.
fn room(path: &str) -> Option<(usize, &'static str)> {
    let rooms = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, rooms)| rooms.rooms.iter().map(move |room| (floor, *room)));
    rooms
        .filter(|(_, room)| path.starts_with(room))
        .max_by_key(|(_, room)| room.len())
}

fn without_room(file: &File) -> Option<String> {
    room(&file.path)
        .is_none()
        .then(|| format!("without a floor: {}", file.path))
}

fn rooms_without_files(files: &[File]) -> impl Iterator<Item = String> {
    let used: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| room(&file.path))
        .map(|(_, room)| room)
        .collect();
    let rooms = FLOORS.iter().flat_map(|floor| floor.rooms);
    let empty = rooms.filter(move |room| !used.contains(*room));
    empty.map(|room| format!("no file is in the room {room}"))
}

fn too_high(file: &str, used: &str) -> Option<String> {
    let product = |path: &str| PRODUCTS.iter().find(|product| path.starts_with(*product));
    if let (Some(own), Some(other)) = (product(file), product(used))
        && own != other
    {
        return Some(format!("another product: {file} uses {used}"));
    }
    let is_above = room(used)?.0 > room(file)?.0;
    is_above.then(|| format!("a floor above: {file} uses {used}"))
}

/// A `mod.rs` and what stands below it may use each other.
fn without_own_children<'a>(graph: &Graph<'a>) -> Graph<'a> {
    let mut graph = graph.clone();
    for (file, used) in &mut graph {
        if let Some(folder) = file.strip_suffix("mod.rs") {
            used.retain(|used| !used.starts_with(folder));
        } else {
            let folder = format!("{}/", file.trim_end_matches(".rs"));
            used.retain(|used| !used.starts_with(&folder));
        }
    }
    graph
}

fn product_words(file: &File) -> Option<String> {
    let (floor, _) = room(&file.path)?;
    if FLOORS.get(floor)?.knows_products {
        return None;
    }
    let text = file.text.to_lowercase();
    let word = PRODUCT_WORDS.iter().find(|word| text.contains(*word))?;
    Some(format!(
        "a product's name on the ground: {} says {word}",
        file.path
    ))
}

/// Statements on tables that another file is the place for, each table once.
fn statements(file: &File) -> BTreeSet<String> {
    let (prefix, place) = WHMCS_TABLES;
    let mut wrong = BTreeSet::new();
    for text in &file.source.texts {
        let names = || text.split(|sign: char| !(sign == '_' || sign.is_ascii_alphanumeric()));
        let ours: BTreeSet<&str> = names().filter(|name| is_ours(name)).collect();
        let is_of_whmcs = |name: &str| name.len() > prefix.len() && name.starts_with(prefix);
        if ours.is_empty() && names().any(is_of_whmcs) && !file.path.starts_with(place) {
            wrong.insert(format!("a statement on WHMCS's tables: {}", file.path));
        }
        for name in ours {
            let place = TABLES
                .iter()
                .find(|(table, _)| name.starts_with(table))
                .map(|(_, place)| *place);
            if place.is_none_or(|place| !file.path.starts_with(place)) {
                wrong.insert(format!("a statement on {name}: {}", file.path));
            }
        }
    }
    wrong
}

fn is_ours(name: &str) -> bool {
    let is_known = TABLES.iter().any(|(table, _)| name.starts_with(table));
    is_known || name.starts_with("mod_") && name.len() > "mod_".len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with these files, rooms without files aside.
    fn planted(files: &[(&str, &str)]) -> Vec<String> {
        let files = File::planted(files);
        let mut wrong = wrong(&files);
        wrong.retain(|what| !what.starts_with("no file is in the room"));
        wrong
    }

    #[test]
    fn a_file_that_uses_a_higher_floor_is_found() {
        let files = [
            ("http/mod.rs", "use crate::whmcs::Host;"),
            ("whmcs/mod.rs", "mod host; pub use host::Host;"),
            ("whmcs/host.rs", "fn f() { crate::http::send() }"),
            (
                "journal/mod.rs",
                "fn f() { crate::jetpack::functions::renew::run() }",
            ),
            ("jetpack/functions/renew.rs", "use crate::journal;"),
        ];
        let expected = [
            "a floor above: http/mod.rs uses whmcs/host.rs",
            "a floor above: journal/mod.rs uses jetpack/functions/renew.rs",
            "circle: http/mod.rs → whmcs/host.rs",
            "circle: jetpack/functions/renew.rs → journal/mod.rs",
        ];
        assert_eq!(planted(&files), expected);
    }

    #[test]
    fn tests_may_use_every_floor() {
        let files = [
            (
                "http/mod.rs",
                "#[cfg(test)] mod tests { use crate::whmcs::Host; }",
            ),
            ("whmcs/mod.rs", "mod host; pub use host::Host;"),
            ("whmcs/host.rs", ""),
        ];
        assert_eq!(planted(&files), [""; 0]);
    }

    #[test]
    fn a_product_that_uses_the_other_is_found() {
        let files = [
            (
                "jetpack/functions/renew.rs",
                "use crate::cometbackup::comet::api::Api;",
            ),
            ("cometbackup/comet/api.rs", ""),
        ];
        assert_eq!(
            planted(&files),
            ["another product: jetpack/functions/renew.rs uses cometbackup/comet/api.rs"]
        );
    }

    #[test]
    fn a_circle_is_found_and_a_module_with_its_children_is_none() {
        let files = [
            (
                "http/mod.rs",
                "mod a; mod b; mod c; pub use a::A; pub fn f() { b::g() }",
            ),
            ("http/a.rs", "use super::c::C; use super::f;"),
            ("http/b.rs", "use super::A; pub fn g() {}"),
            ("http/c.rs", "use super::b;"),
        ];
        assert_eq!(
            planted(&files),
            ["circle: http/a.rs → http/c.rs → http/b.rs"]
        );
        assert_eq!(planted(&files[..3]), [""; 0]);
    }

    #[test]
    fn a_product_on_the_ground_is_found() {
        let files = [
            ("http/mod.rs", "/// As Jetpack has it."),
            ("jetpack/mod.rs", "//! Jetpack, not Comet."),
        ];
        assert_eq!(
            planted(&files),
            ["a product's name on the ground: http/mod.rs says jetpack"]
        );
    }

    #[test]
    fn a_statement_in_the_wrong_place_is_found() {
        let on_both = "const S: &str = \"SELECT 1 FROM jetpack_product_licenses l JOIN tblhosting h ON h.id=l.id\";";
        let on_whmcs = "const S: &str = concat!(\"SELECT 1\\n\", \"FROM tblhosting\");";
        let on_new = "fn f(id: u32) -> String { format!(\"DELETE FROM mod_new WHERE id={id}\") }";
        let files = [
            (
                "http/mod.rs",
                "// FROM tblhosting\n const S: &str = \"tbl\";",
            ),
            ("jetpack/functions/renew.rs", on_both),
            ("jetpack/tables/both.rs", on_both),
            ("jetpack/tables/licenses.rs", on_whmcs),
            ("jetpack/tables/new.rs", on_new),
            ("whmcs/services.rs", on_whmcs),
        ];
        let expected = [
            "a statement on jetpack_product_licenses: jetpack/functions/renew.rs",
            "a statement on WHMCS's tables: jetpack/tables/licenses.rs",
            "a statement on mod_new: jetpack/tables/new.rs",
        ];
        assert_eq!(planted(&files), expected);
    }

    #[test]
    fn a_long_file_and_one_without_a_floor_are_found() {
        let long = "\n".repeat(LONGEST_FILE + 1);
        let files = [("http/mod.rs", long.as_str()), ("unheard_of.rs", "")];
        let expected = [
            "longer than 400 lines: http/mod.rs",
            "without a floor: unheard_of.rs",
        ];
        assert_eq!(planted(&files), expected);
    }

    #[test]
    fn a_room_of_the_table_without_files_is_found() {
        assert!(
            wrong(&[])
                .iter()
                .any(|what| what == "no file is in the room http/")
        );
    }
}
