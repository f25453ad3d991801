//! The parameters of the journal's statements: texts cut to what the columns hold.

use super::{Answer, End, Intent, Lease, Record};
use crate::database::params;
use crate::worker::identity::Process;

pub fn insert_parameters(intent: &Intent<'_>, open_key: String, lease: Lease) -> mysql::Params {
    let process = Process::own();
    params! {
        "module" => intent.module,
        "owner_type" => intent.service_id.kind(),
        "owner_id" => intent.service_id.number(),
        "operation" => intent.operation,
        "open_key" => open_key,
        "asked" => cut(intent.asked, 255),
        "host" => process.host,
        "process" => process.name,
        "lease" => lease.seconds(),
    }
}

pub fn answer_parameters(id: u64, answer: &Answer) -> Vec<(String, mysql::Value)> {
    let text =
        |text: Option<&str>, longest| mysql::Value::from(text.map(|text| cut(text, longest)));
    vec![
        ("id".into(), id.into()),
        ("answered".into(), text(Some(&answer.text), 1000)),
        ("remote_id".into(), text(answer.remote_id.as_deref(), 64)),
        ("request_id".into(), text(answer.request_id.as_deref(), 255)),
    ]
}

pub fn decision_parameters(record: &Record, answer: &Answer) -> Vec<(String, mysql::Value)> {
    let mut parameters = answer_parameters(record.id, answer);
    parameters.retain(|(name, _)| name != "request_id");
    parameters
}

pub fn with_state(
    mut parameters: Vec<(String, mysql::Value)>,
    end: End,
) -> Vec<(String, mysql::Value)> {
    parameters.push(("state".into(), end.state().into()));
    parameters
}

pub fn settle_parameters(intent: &Intent<'_>, end: End) -> mysql::Params {
    params! {
        "module" => intent.module,
        "owner_type" => intent.service_id.kind(),
        "owner_id" => intent.service_id.number(),
        "operation" => intent.operation,
        "asked" => cut(intent.asked, 255),
        "state" => end.state(),
    }
}

pub fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}
