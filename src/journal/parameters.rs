//! The parameters of the journal's statements: texts cut to what the columns hold.

use mysql::Value;

use super::{Answer, End, Operation};
use crate::service_id::ServiceId;
use crate::text::first_characters;
use crate::worker::identity::Process;

pub type Named = Vec<(String, Value)>;

/// The value of the unique key while a command is at work on the service.
pub fn open_key(module: &str, service_id: ServiceId) -> String {
    format!("{module}:{}:{}", service_id.kind(), service_id.number())
}

pub fn of_service(module: &str, service_id: ServiceId) -> Named {
    vec![
        ("module".into(), module.into()),
        ("owner_type".into(), service_id.kind().into()),
        ("owner_id".into(), service_id.number().into()),
    ]
}

/// The parameters of a row that a process of ours writes.
pub fn of_process(process: &Process) -> Named {
    vec![
        ("host".into(), (&process.host).into()),
        ("process".into(), (&process.name).into()),
    ]
}

pub fn answer_parameters(id: u64, answer: &Answer) -> Named {
    let mut parameters = end_parameters(answer);
    parameters.push(("id".into(), id.into()));
    parameters
}

/// The parameters of a person's decision: which request it was is not changed by it.
pub fn decision_parameters(row: u64, answer: &Answer) -> Named {
    let mut parameters = answer_parameters(row, answer);
    parameters.retain(|(name, _)| name != "request_id");
    parameters
}

pub fn found_parameters(
    module: &str,
    service_id: ServiceId,
    operation: Operation<'_>,
    answer: &Answer,
) -> Named {
    let mut parameters = of_service(module, service_id);
    parameters.extend(of_process(&Process::own()));
    parameters.extend(end_parameters(answer));
    parameters.extend(of_operation(operation));
    parameters
}

pub fn settle_parameters(
    module: &str,
    service_id: ServiceId,
    operation: Operation<'_>,
    end: End,
) -> Named {
    let mut parameters = of_service(module, service_id);
    parameters.extend(of_operation(operation));
    with_state(parameters, end)
}

pub fn with_state(mut parameters: Named, end: End) -> Named {
    parameters.push(("state".into(), end.state().into()));
    parameters
}

fn of_operation(operation: Operation<'_>) -> Named {
    let asked = first_characters(operation.asked, 255);
    vec![
        ("operation".into(), operation.name.into()),
        ("asked".into(), asked.into()),
    ]
}

fn end_parameters(answer: &Answer) -> Named {
    let text =
        |text: Option<&str>, longest| Value::from(text.map(|text| first_characters(text, longest)));
    vec![
        ("answered".into(), text(Some(&answer.text), 1000)),
        ("remote_id".into(), text(answer.remote_id.as_deref(), 64)),
        ("request_id".into(), text(answer.request_id.as_deref(), 255)),
    ]
}
