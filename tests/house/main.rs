//! Holds the rules of the house (`rules.rs`) against the files of `src/`: who may use whom, where statements stand,
//! how long a file is, that a public type has its name for itself; and the texts of customers (`texts.rs`). Part of `make lint`.

mod check;
mod files;
mod graph;
mod names;
mod rules;
mod scan;
mod texts;
mod tokens;

use std::path::Path;

#[test]
fn the_house_is_in_order() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files::read(&source).unwrap();
    let wrong = check::wrong(&files);
    let new: Vec<_> = wrong
        .iter()
        .filter(|what| !rules::KNOWN.contains(&what.as_str()))
        .collect();
    let gone: Vec<_> = rules::KNOWN
        .iter()
        .filter(|known| !wrong.iter().any(|what| what == *known))
        .collect();
    assert!(new.is_empty(), "against the rules of the house:\n{new:#?}");
    assert!(
        gone.is_empty(),
        "right by now, take it off the list KNOWN:\n{gone:#?}"
    );
}

#[test]
fn the_texts_of_customers_are_whole_in_every_language() {
    let wrong = texts::wrong(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert!(wrong.is_empty(), "texts:\n{wrong:#?}");
}
