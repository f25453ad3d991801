//! The verdict on requests to issue a license whose answers were lost, by what Jetpack's list shows. Pure.
//!
//! A license settles a question by itself only where nobody else uses the token: then every license of the last 30 days is
//! in our tables or is one that we have asked for. And only a list that shows what was issued after the question, or has had
//! an hour and a half, says that nothing was issued: one that is an hour old shows all that is older, and not the license.

use crate::jetpack::api::license::LicenseKey;
use crate::service_id::ServiceId;

/// Seconds that a license may be older than its request by: times are whole seconds.
const BEFORE: i64 = 5;
/// Seconds after the request's own time in which a license may still be issued for it.
const AFTER: i64 = 120;
/// Seconds around that in which a license stands against "nothing was issued"; without Jetpack's clock it is a day.
const MARGIN: i64 = 600;
const A_DAY: i64 = 86_400;
/// Seconds before a list that shows something newer says that nothing was issued, and before any does.
const SETTLED_AFTER: i64 = 30 * 60;
const SETTLED_WITHOUT_SIGN: i64 = 90 * 60;

/// A request to issue a license whose end is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its row in the journal.
    pub row: u64,
    pub service_id: ServiceId,
    pub slug: String,
    /// Seconds since 1970, by Jetpack's clock.
    pub sent: i64,
}

/// A license of the token that is not in our tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLicense {
    pub key: LicenseKey,
    pub slug: String,
    /// Seconds since 1970, by Jetpack's clock; `None` where the list does not say it.
    pub issued: Option<i64>,
    /// Neither attached nor revoked.
    pub is_free: bool,
}

/// The contents of the list, compared with our tables.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub found: Vec<FoundLicense>,
    /// Nothing of the last 30 days is missing on it that could be seen to be missing: it shows every license that we issued
    /// with the token in the seven days before the oldest question, and since.
    pub is_complete: bool,
    /// Seconds since 1970, by Jetpack's clock where it is known.
    pub now: i64,
    pub has_clock: bool,
    /// Seconds that a request may take.
    pub patience: i64,
    /// Times at which the oldest and the newest of these were issued.
    pub oldest_own: Option<i64>,
    pub newest_own: Option<i64>,
}

/// The end of a request, as far as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssueVerdict {
    /// This license was issued for it.
    Is(LicenseKey),
    /// A license of those found may be; a person has to say which.
    Perhaps,
    /// Nothing was issued.
    Nothing,
    /// The list does not say.
    Open,
}

impl Evidence {
    /// Whether the license can be what the request issued.
    pub fn fits(&self, question: &Question, found: &FoundLicense) -> bool {
        let first = question.sent - BEFORE;
        let last = question.sent + self.patience + AFTER + BEFORE;
        let is_then = found.issued.is_some_and(|at| (first..=last).contains(&at));
        found.is_free && found.slug == question.slug && is_then
    }

    /// Whether the license stands against "nothing was issued".
    fn may_be(&self, question: &Question, found: &FoundLicense) -> bool {
        let margin = if self.has_clock { MARGIN } else { A_DAY };
        let first = question.sent - BEFORE - margin;
        let last = question.sent + self.patience + AFTER + margin;
        let is_then = found.issued.is_none_or(|at| (first..=last).contains(&at));
        found.slug == question.slug && is_then
    }

    /// Whether it shows a license that we issued before the request: it is the list of the token that the request was sent with.
    fn reaches_back(&self, question: &Question) -> bool {
        self.oldest_own.is_some_and(|at| at < question.sent)
    }

    /// Whether the list is newer than the question.
    fn is_past(&self, question: &Question) -> bool {
        let age = self.now - question.sent;
        let end = question.sent + self.patience + AFTER;
        let shows_newer = self.newest_own.is_some_and(|at| at > end);
        age >= SETTLED_WITHOUT_SIGN || age >= SETTLED_AFTER && shows_newer
    }

    /// Returns when a license's request was sent: so many seconds ago at the earliest, and at the latest.
    pub fn asked(&self, issued: i64) -> (i64, i64) {
        let earliest = issued - self.patience - AFTER - BEFORE;
        (self.now - earliest, self.now - (issued + BEFORE))
    }
}

/// Returns a verdict for each question, in the order of the questions.
pub fn judge(questions: &[Question], evidence: &Evidence) -> Vec<IssueVerdict> {
    let given = given(questions, evidence);
    let taken: Vec<usize> = given.iter().flatten().copied().collect();
    let is_ours_alone = evidence.is_complete && taken.len() == evidence.found.len();
    let verdict = |(question, given): (&Question, &Option<usize>)| {
        if is_ours_alone {
            let found = given.and_then(|place| evidence.found.get(place));
            if let Some(found) = found {
                return IssueVerdict::Is(found.key.clone());
            }
        } else {
            let mut found = evidence.found.iter();
            if found.any(|found| evidence.fits(question, found)) {
                return IssueVerdict::Perhaps;
            }
        }
        // Where the token is ours alone, each license is the answer to another question.
        let is_doubtful = !is_ours_alone
            && evidence
                .found
                .iter()
                .any(|found| evidence.may_be(question, found));
        let is_nothing = evidence.is_complete
            && evidence.reaches_back(question)
            && evidence.is_past(question)
            && !is_doubtful;
        if is_nothing {
            IssueVerdict::Nothing
        } else {
            IssueVerdict::Open
        }
    };
    questions.iter().zip(&given).map(verdict).collect()
}

/// Which license each question gets, so that as many as possible get one: all wait equally long, so that the oldest
/// license goes to the oldest question that it fits.
fn given(questions: &[Question], evidence: &Evidence) -> Vec<Option<usize>> {
    let mut oldest_first: Vec<usize> = (0..questions.len()).collect();
    oldest_first.sort_by_key(|place| {
        questions
            .get(*place)
            .map(|question| (question.sent, question.row))
    });
    let mut licenses: Vec<(usize, &FoundLicense)> = evidence.found.iter().enumerate().collect();
    licenses.sort_by_key(|(_, found)| (found.issued, found.key.expose()));
    let mut given = vec![None; questions.len()];
    for (license, found) in licenses {
        let fits = |place: &&usize| {
            let is_without = given.get(**place).is_some_and(Option::is_none);
            is_without
                && questions
                    .get(**place)
                    .is_some_and(|question| evidence.fits(question, found))
        };
        let taker = oldest_first.iter().find(fits).copied();
        if let Some(place) = taker.and_then(|place| given.get_mut(place)) {
            *place = Some(license);
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn question(row: u64, ago: i64) -> Question {
        Question {
            row,
            service_id: ServiceId::Service(1),
            slug: "jetpack-scan".into(),
            sent: NOW - ago,
        }
    }

    fn found(name: &str, ago: i64) -> FoundLicense {
        let key = LicenseKey::new(&format!("jetpack-scan_{name}")).unwrap();
        FoundLicense {
            key,
            slug: "jetpack-scan".into(),
            issued: Some(NOW - ago),
            is_free: true,
        }
    }

    fn evidence(found: &[FoundLicense]) -> Evidence {
        Evidence {
            found: found.to_vec(),
            is_complete: true,
            now: NOW,
            has_clock: true,
            patience: 30,
            oldest_own: Some(NOW - 5 * 86_400),
            newest_own: Some(NOW - 86_400),
        }
    }

    fn is(found: &FoundLicense) -> IssueVerdict {
        IssueVerdict::Is(found.key.clone())
    }

    #[test]
    fn the_one_license_in_the_window_is_the_answer() {
        for ago in [1005, 1000, 850] {
            let license = found("A", ago);
            let verdicts = judge(
                &[question(1, 1000)],
                &evidence(std::slice::from_ref(&license)),
            );
            assert_eq!(verdicts, [is(&license)], "{ago}");
        }
        for ago in [1006, 844, 5000] {
            assert_eq!(
                judge(&[question(1, 1000)], &evidence(&[found("A", ago)])),
                [IssueVerdict::Open],
                "{ago}"
            );
        }
    }

    #[test]
    fn a_license_of_anybody_else_makes_it_a_question_for_a_person() {
        let license = found("A", 990);
        let of_others = [
            found("B", 2_000_000),
            found("B", 991),
            FoundLicense {
                issued: None,
                ..found("B", 0)
            },
            FoundLicense {
                is_free: false,
                ..found("B", 991)
            },
            FoundLicense {
                slug: "jetpack-backup".into(),
                ..found("B", 991)
            },
        ];
        for other in of_others {
            let verdicts = judge(
                &[question(1, 1000)],
                &evidence(&[license.clone(), other.clone()]),
            );
            assert_eq!(verdicts, [IssueVerdict::Perhaps], "{other:?}");
        }
        let torn = Evidence {
            is_complete: false,
            ..evidence(std::slice::from_ref(&license))
        };
        assert_eq!(judge(&[question(1, 1000)], &torn), [IssueVerdict::Perhaps]);
    }

    #[test]
    fn what_is_attached_or_revoked_or_another_product_is_no_answer() {
        let others = [
            FoundLicense {
                is_free: false,
                ..found("A", 990)
            },
            FoundLicense {
                slug: "jetpack-scan-2".into(),
                ..found("A", 990)
            },
        ];
        for other in others {
            assert_eq!(
                judge(&[question(1, 1000)], &evidence(&[other])),
                [IssueVerdict::Open]
            );
        }
    }

    #[test]
    fn two_questions_get_one_license_each() {
        let (first, second) = (found("A", 990), found("B", 940));
        let questions = [question(2, 950), question(1, 1000)];
        let verdicts = judge(&questions, &evidence(&[second.clone(), first.clone()]));
        assert_eq!(verdicts, [is(&second), is(&first)]);
        // The earlier question could have had either, the later only the later one.
        let questions = [question(1, 1000), question(2, 870)];
        let (first, second) = (found("A", 860), found("B", 865));
        let verdicts = judge(&questions, &evidence(&[first.clone(), second.clone()]));
        assert_eq!(verdicts, [is(&second), is(&first)]);
        // One license for two: one of them is left.
        let verdicts = judge(&questions, &evidence(std::slice::from_ref(&first)));
        assert_eq!(verdicts, [is(&first), IssueVerdict::Open]);
        // Three for two: somebody else has one.
        let third = found("C", 862);
        let verdicts = judge(&questions, &evidence(&[first, second, third]));
        assert_eq!(verdicts, [IssueVerdict::Perhaps, IssueVerdict::Perhaps]);
    }

    #[test]
    fn nothing_was_issued_only_where_the_list_would_show_it() {
        let after = |age, newest: Option<i64>| {
            let evidence = Evidence {
                newest_own: newest.map(|ago| NOW - ago),
                ..evidence(&[])
            };
            judge(&[question(1, age)], &evidence).remove(0)
        };
        assert_eq!(after(1800, Some(60)), IssueVerdict::Nothing);
        assert_eq!(after(1799, Some(60)), IssueVerdict::Open);
        // A list that is an hour old shows what was issued before the question, and not the license.
        assert_eq!(after(1800, Some(1900)), IssueVerdict::Open);
        assert_eq!(after(1800, Some(1700)), IssueVerdict::Open);
        assert_eq!(after(5400, Some(86_400)), IssueVerdict::Nothing);
        assert_eq!(after(5399, None), IssueVerdict::Open);
        for wrong in [
            Evidence {
                is_complete: false,
                ..evidence(&[])
            },
            Evidence {
                oldest_own: None,
                ..evidence(&[])
            },
            // Another token's: what we issued before the request is not on it.
            Evidence {
                oldest_own: Some(NOW - 8999),
                ..evidence(&[])
            },
        ] {
            assert_eq!(judge(&[question(1, 9000)], &wrong), [IssueVerdict::Open]);
        }
    }

    #[test]
    fn a_license_near_the_window_stands_against_nothing() {
        let of = |found: FoundLicense, has_clock| {
            let evidence = Evidence {
                has_clock,
                ..evidence(&[found])
            };
            judge(&[question(1, 90_000)], &evidence).remove(0)
        };
        assert_eq!(of(found("A", 90_000 + 500), true), IssueVerdict::Open);
        assert_eq!(of(found("A", 90_000 + 700), true), IssueVerdict::Nothing);
        assert_eq!(of(found("A", 90_000 + 700), false), IssueVerdict::Open);
        assert_eq!(
            of(
                FoundLicense {
                    issued: None,
                    ..found("A", 0)
                },
                true
            ),
            IssueVerdict::Open
        );
        assert_eq!(
            of(
                FoundLicense {
                    is_free: false,
                    ..found("A", 90_000)
                },
                true
            ),
            IssueVerdict::Open
        );
    }

    #[test]
    fn a_thousand_questions_and_a_thousand_licenses_find_each_other() {
        let questions: Vec<Question> = (0..1000)
            .map(|n| question(n, 90_000 - 3 * i64::try_from(n).unwrap()))
            .collect();
        let licenses: Vec<FoundLicense> = (0..1000)
            .rev()
            .map(|n| found(&n.to_string(), 90_000 - 3 * n - 20))
            .collect();
        let verdicts = judge(&questions, &evidence(&licenses));
        let keys: std::collections::HashSet<String> = verdicts
            .iter()
            .filter_map(|verdict| match verdict {
                IssueVerdict::Is(key) => Some(key.expose().to_owned()),
                _ => None,
            })
            .collect();
        assert_eq!(keys.len(), 1000);
    }
}
