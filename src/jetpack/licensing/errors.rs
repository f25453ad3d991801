//! The errors that only commands on licenses have, with the sentences for staff.

use crate::error::{Error, UndecidedRequest, mention};

/// The sentence that says what to do after the answer to an issue request was lost.
pub const UNDECIDED: &str = "Nothing is issued again by itself, because Jetpack may bill that license. Look for it in the Jetpack partner portal: if it is there, enter its key on the service page; if not, press the button Not issued: try again.";

/// Returns the error for a service that never had a license, in the words of the PHP module, which staff know by heart.
pub const fn no_license() -> Error {
    Error::Verbatim("No license key found for this order")
}

/// Returns the error for an earlier request to issue a license whose end is not known.
pub fn undecided(since: &str, request_id: Option<String>) -> Error {
    Error::Undecided(Box::new(UndecidedRequest {
        sentence: format!(
            "On {since} UTC a license was asked for and the answer was lost{}. {UNDECIDED}",
            mention(request_id.as_deref())
        ),
        request_id,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_get_the_sentence_they_know_and_what_to_do() {
        assert_eq!(
            no_license().for_staff("PREFIX:"),
            "No license key found for this order"
        );
        let open = undecided("2026-01-15 10:00:00", Some("r-1".into()));
        let sentence = open.for_staff("PREFIX:");
        let begin = "PREFIX: On 2026-01-15 10:00:00 UTC a license was asked for and the answer was lost, request id r-1. Nothing is issued";
        assert!(sentence.starts_with(begin), "{sentence}");
        assert_eq!(open.request_id(), Some("r-1"));
    }
}
