//! One job of a device, with all of its fields.

use serde_json::Value;

use super::schema;
use super::text;
use super::version::Version;

/// The fields that each job has.
pub const SKELETON: &str = include_str!("job.json");

/// A job as a server of some version has it, read once: a search looks at thousands.
pub struct Job {
    pub document: String,
    pub value: Value,
}

impl Job {
    /// A job from a test's set-up with what the test left out.
    pub fn complete(job: &str, version: Version) -> Self {
        let mut whole = if job.contains('\n') {
            text::compact(job)
        } else {
            job.to_owned()
        };
        for member in text::members(SKELETON) {
            if text::get(&whole, &member.name).is_none() {
                whole = text::set(&whole, &member.name, member.value);
            }
        }
        let document = schema::prune("job", &whole, version);
        let value = text::read(&document).unwrap_or_default();
        Self { document, value }
    }

    pub fn username(&self) -> &str {
        self.value
            .get("Username")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub fn time(&self, name: &str) -> i64 {
        self.value
            .get(name)
            .and_then(Value::as_i64)
            .unwrap_or_default()
    }
}
