//! The status of a service or product addon: WHMCS's seven names, once, and what each means for what was sold.

/// The status of a service as WHMCS words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    Pending,
    Active,
    Suspended,
    Terminated,
    Cancelled,
    Fraud,
    /// Paid to its end, with no further invoice: what was sold goes on as that of an active service.
    Completed,
    /// WHMCS did not say, or in a word that it does not have today.
    Unknown,
}

use ServiceStatus::{Active, Cancelled, Completed, Fraud, Pending, Suspended, Terminated, Unknown};

/// Every status with its word in WHMCS's tables and parameters.
const WORDS: [(ServiceStatus, &str); 7] = [
    (Pending, "Pending"),
    (Active, "Active"),
    (Suspended, "Suspended"),
    (Terminated, "Terminated"),
    (Cancelled, "Cancelled"),
    (Fraud, "Fraud"),
    (Completed, "Completed"),
];

impl ServiceStatus {
    pub fn named(text: &str) -> Self {
        let known = WORDS.iter().find(|(_, word)| *word == text);
        known.map_or(Unknown, |(status, _)| *status)
    }

    /// Returns the word for sentences: "active".
    pub fn word(self) -> String {
        let known = WORDS.iter().find(|(status, _)| *status == self);
        known.map_or("unknown".to_owned(), |(_, word)| word.to_lowercase())
    }

    /// Whether it is over for good.
    pub const fn is_over(self) -> bool {
        matches!(self, Terminated | Cancelled | Fraud)
    }

    /// Whether what was sold is the customer's to use now.
    pub const fn is_in_use(self) -> bool {
        matches!(self, Active | Completed)
    }

    /// Whether what was sold exists, in use or suspended.
    pub const fn is_live(self) -> bool {
        self.is_in_use() || matches!(self, Suspended)
    }

    /// The words of all live ones, for `FIND_IN_SET(status, :live)`.
    pub fn live_words() -> String {
        words_of(Self::is_live)
    }

    /// The words of those in use, for `FIND_IN_SET(status, :in_use)`.
    pub fn in_use_words() -> String {
        words_of(Self::is_in_use)
    }

    /// The words of those that are over, for `FIND_IN_SET(status, :over)`.
    pub fn over_words() -> String {
        words_of(Self::is_over)
    }
}

fn words_of(which: fn(ServiceStatus) -> bool) -> String {
    let words = WORDS.iter().filter(|(status, _)| which(*status));
    words.map(|(_, word)| *word).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_of_whmcs_is_one_status() {
        for (status, word) in WORDS {
            assert_eq!(ServiceStatus::named(word), status);
            assert_eq!(status.word(), word.to_lowercase());
        }
        for other in ["", "active", "Deleted"] {
            assert_eq!(ServiceStatus::named(other), Unknown);
        }
    }

    #[test]
    fn a_completed_service_goes_on_and_three_are_over() {
        let with = |what: fn(ServiceStatus) -> bool| {
            let found = WORDS.iter().filter(|(status, _)| what(*status));
            found.map(|(status, _)| *status).collect::<Vec<_>>()
        };
        assert_eq!(with(ServiceStatus::is_over), [Terminated, Cancelled, Fraud]);
        assert_eq!(with(ServiceStatus::is_in_use), [Active, Completed]);
        assert_eq!(ServiceStatus::live_words(), "Active,Suspended,Completed");
        assert_eq!(ServiceStatus::in_use_words(), "Active,Completed");
        assert_eq!(ServiceStatus::over_words(), "Terminated,Cancelled,Fraud");
        assert!(!Unknown.is_over() && !Unknown.is_live());
    }
}
