//! Figures of what waits for a person, for the overview and the widget: from what is stored, in five statements; no request.

use crate::cometbackup;
use crate::cometbackup::tables::backups;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack;
use crate::jetpack::tables::unassigned;
use crate::journal::listing as journal;
use crate::reconciliation::listing::{self, KindCount};
use crate::{installation, php_value::Value};

/// Kinds of findings about licenses that are active, and that no service pays for.
const NOT_WANTED: [&str; 3] = ["ended", "gone", "unclaimed"];

pub struct OverviewFigures {
    /// By module and kind.
    pub findings: Vec<KindCount>,
    /// By module: without a known end, and failed within a day.
    pub operations: Vec<(String, u64, u64)>,
    /// Whether this WHMCS has moved or is a copy is not known.
    pub is_place_asked: bool,
    pub failing_backups: u64,
    pub unassigned_licenses: u64,
}

impl OverviewFigures {
    pub fn read(database: &mut Database) -> Result<Self, Error> {
        Ok(Self {
            is_place_asked: installation::question(database)?.is_some(),
            operations: journal::counts(database)?,
            findings: listing::counts(database)?,
            failing_backups: backups::failing(database)?,
            unassigned_licenses: unassigned::count_free(database)?,
        })
    }

    /// Counts all that waits for a person, of a module, or of both.
    pub fn decisions(&self, module: Option<&str>) -> u64 {
        let is_of = |one: &str| module.is_none_or(|module| module == one);
        let findings = self.findings.iter().filter(|one| is_of(&one.module));
        let operations = self.operations.iter().filter(|(one, ..)| is_of(one));
        findings.map(|one| one.number).sum::<u64>()
            + operations.map(|(_, unknown, _)| unknown).sum::<u64>()
            + u64::from(module.is_none() && self.is_place_asked)
    }

    /// Counts the operations of a module, or of both, that failed within a day.
    pub fn failed(&self, module: Option<&str>) -> u64 {
        let all = self.operations.iter();
        let of = all.filter(|(one, ..)| module.is_none_or(|module| module == one));
        of.map(|(.., failed)| failed).sum()
    }

    /// Counts the licenses that are paid for and not wanted, or of no service.
    pub fn licenses_not_wanted(&self) -> u64 {
        let of = self
            .findings
            .iter()
            .filter(|one| one.module == jetpack::MODULE && NOT_WANTED.contains(&one.kind.as_str()));
        of.map(|one| one.number).sum::<u64>() + self.unassigned_licenses
    }

    /// Returns the widget's array: name ⇒ number.
    pub fn value(&self) -> Value {
        let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        Value::Array(vec![
            ("decisions".into(), number(self.decisions(None))),
            (
                "decisions_jetpack".into(),
                number(self.decisions(Some(jetpack::MODULE))),
            ),
            (
                "decisions_comet".into(),
                number(self.decisions(Some(cometbackup::MODULE))),
            ),
            ("failed_operations".into(), number(self.failed(None))),
            ("failing_backups".into(), number(self.failing_backups)),
            (
                "licenses_not_wanted".into(),
                number(self.licenses_not_wanted()),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_sums_of_what_is_stored() {
        let found = |module: &str, kind: &str, number| KindCount {
            module: module.to_owned(),
            kind: kind.to_owned(),
            number,
        };
        let figures = OverviewFigures {
            findings: vec![
                found("jetpack", "ended", 3),
                found("jetpack", "alive", 1),
                found("cometbackup", "ended", 5),
            ],
            operations: vec![("jetpack".into(), 2, 7), ("cometbackup".into(), 0, 1)],
            is_place_asked: true,
            failing_backups: 4,
            unassigned_licenses: 10,
        };
        assert_eq!(figures.decisions(None), 12);
        assert_eq!(figures.decisions(Some("jetpack")), 6);
        assert_eq!(figures.failed(None), 8);
        assert_eq!(figures.failed(Some("cometbackup")), 1);
        assert_eq!(figures.licenses_not_wanted(), 13);
    }
}
