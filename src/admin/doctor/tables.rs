//! Our tables: which are there, and whether they have what this version adds.

use std::collections::HashMap;

use super::Line;
use crate::cometbackup;
use crate::database::Database;
use crate::database::schema::{self, Shape};
use crate::error::Error;
use crate::installation;
use crate::jetpack;
use crate::journal;
use crate::reconciliation;

/// Compares our tables with this version's. One round trip.
pub fn lines(database: &mut Database) -> Result<Vec<Line>, Error> {
    let shapes = [
        &journal::SHAPES[..],
        &reconciliation::SHAPES,
        &installation::SHAPES,
        &jetpack::tables::SHAPES,
        &cometbackup::tables::SHAPES,
    ]
    .concat();
    let present = schema::columns(database, &shapes)?;
    Ok(judged(&shapes, &present))
}

fn judged(shapes: &[Shape], present: &HashMap<String, Vec<String>>) -> Vec<Line> {
    let check = "database.tables";
    let mut missing = Vec::new();
    let mut older = Vec::new();
    for shape in shapes {
        match present.get(shape.name) {
            None => missing.push(shape.name),
            Some(columns) => {
                let has = |name: &str| columns.iter().any(|column| column == name);
                if !shape.added.iter().all(|(name, _)| has(name)) {
                    older.push(shape.name);
                }
            }
        }
    }
    let mut lines = Vec::new();
    if !older.is_empty() {
        lines.push(Line::note(
            check,
            format!("These tables are of an earlier version and are upgraded when they are needed next: {}.", older.join(", ")),
        ));
    }
    lines.push(Line::fine(
        check,
        if missing.is_empty() {
            format!("All {} tables are there.", shapes.len())
        } else {
            format!(
                "{} of {} tables are there; the others are created when they are first needed.",
                shapes.len() - missing.len(),
                shapes.len()
            )
        },
    ));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::doctor::CheckState;

    #[test]
    fn a_table_of_an_earlier_version_is_noted() {
        let shapes = [
            Shape {
                name: "ours",
                added: &[("late", "INT")],
            },
            Shape {
                name: "other",
                added: &[],
            },
        ];
        let of = |columns: &[&str]| {
            let columns = columns.iter().map(|one| (*one).to_owned()).collect();
            judged(&shapes, &HashMap::from([("ours".to_owned(), columns)]))
        };
        assert_eq!(of(&["id", "late"]).len(), 1);
        let older = of(&["id"]);
        assert!(
            older
                .iter()
                .any(|line| line.state == CheckState::Note && line.text.contains("ours"))
        );
    }
}
