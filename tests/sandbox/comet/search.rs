//! Search clauses over jobs.

use serde::Deserialize;
use serde_json::Value;

use super::schema;
use super::version::Version;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Clause {
    #[serde(default, rename = "ClauseType")]
    kind: String,
    #[serde(default, rename = "ClauseChildren")]
    children: Option<Vec<Clause>>,
    #[serde(default)]
    rule_field: String,
    #[serde(default)]
    rule_operator: String,
    /// A string also for numbers, or the server cannot read the query.
    #[serde(default)]
    rule_value: String,
}

impl Clause {
    /// `None` where the query cannot be put: the field, the operator or the value does not fit.
    pub fn holds(&self, job: &Value, version: Version) -> Option<bool> {
        let children = self.children.iter().flatten();
        let results: Option<Vec<bool>> = children.map(|child| child.holds(job, version)).collect();
        let results = results?;
        let (all, any) = (
            results.iter().all(|result| *result),
            results.iter().any(|result| *result),
        );
        match self.kind.as_str() {
            "" => self.rule_holds(job, version),
            "and" => Some(all),
            "or" => Some(any),
            "not_and" => Some(!all),
            "not_or" => Some(!any),
            _ => None,
        }
    }

    fn rule_holds(&self, job: &Value, version: Version) -> Option<bool> {
        let name = self.rule_field.strip_prefix("BackupJobDetail.")?;
        let value = job.get(name);
        match (
            schema::shape("job", name)?,
            self.rule_operator.split_once('_')?,
        ) {
            ("string", ("str", operator)) => {
                let text = value.and_then(Value::as_str).unwrap_or_default();
                compare_texts(text, operator, &self.rule_value, version)
            }
            ("int", ("int", operator)) => {
                let number = value.and_then(Value::as_i64).unwrap_or_default();
                compare_numbers(number, operator, self.rule_value.parse().ok()?)
            }
            _ => None,
        }
    }
}

fn compare_texts(text: &str, operator: &str, wanted: &str, version: Version) -> Option<bool> {
    if let Some(operator) = operator.strip_suffix("_ci") {
        if version < Version(20, 5, 0) {
            return None;
        }
        return compare_texts(
            &text.to_lowercase(),
            operator,
            &wanted.to_lowercase(),
            version,
        );
    }
    match operator {
        "eq" => Some(text == wanted),
        "contains" => Some(text.contains(wanted)),
        "startswith" => Some(text.starts_with(wanted)),
        "endswith" => Some(text.ends_with(wanted)),
        _ => {
            let positive = operator.strip_prefix('n')?;
            compare_texts(text, positive, wanted, version).map(|holds| !holds)
        }
    }
}

fn compare_numbers(number: i64, operator: &str, wanted: i64) -> Option<bool> {
    match operator {
        "eq" => Some(number == wanted),
        "neq" => Some(number != wanted),
        "gt" => Some(number > wanted),
        "gte" => Some(number >= wanted),
        "lt" => Some(number < wanted),
        "lte" => Some(number <= wanted),
        _ => None,
    }
}
