//! One run: what it reports, what it keeps, and how it ends.

use std::collections::HashSet;
use std::time::Duration;

use mysql::Value;

use super::lock::{self, Last};
use super::statements::{
    CONCLUDE, COUNT, EARLIER, FOUND_AGAIN, KEEP_ONE, KEEP_SERVER, MARK_REPORTED,
    MARK_REPORTED_OF_SERVICE, REMOVE_ALL, REMOVE_OF_SERVICE, REPORT, REPORTED, UNREPORTED,
};
use super::{Finding, Scope, Task};
use crate::database::{Database, SqlError, column, params};
use crate::error::Error;
use crate::hash::sha256;
use crate::service_id::ServiceId;
use crate::text::first_characters;
use crate::whmcs::Host;

/// Findings that travel in one statement.
const BATCH: usize = 200;
/// Lines of one run in the Activity Log.
const MOST_LINES: usize = 50;

/// Characters, as the columns have them.
const LONGEST_SUBJECT: usize = 255;
const LONGEST_TEXT: usize = 1000;

const WRITE: &str = "write the table of findings";

/// A run under way.
#[derive(Debug)]
pub struct Run {
    task: Task,
    number: u64,
    waiting: Vec<Finding>,
    repaired: Vec<String>,
    repairs: usize,
    remarks: Vec<String>,
}

/// The end of a run.
pub struct RunEnd {
    pub summary: String,
    /// For the Activity Log.
    pub lines: Vec<String>,
    pub repaired: Vec<String>,
}

pub fn run(
    host: &dyn Host,
    database: &mut Database,
    task: Task,
    patience: Duration,
    work: impl FnOnce(&mut Run, &mut Database) -> Result<String, Error>,
) -> Result<RunEnd, Error> {
    let (number, last) = lock::take(database, task.module, patience)?;
    let mut run = Run {
        task,
        number,
        waiting: Vec::new(),
        repaired: Vec::new(),
        repairs: 0,
        remarks: Vec::new(),
    };
    let ended = work(&mut run, database).and_then(|seen| run.end(database, &seen, &last));
    let released = database.retrying(|database| lock::release(database, task.module, number));
    if let Err(fault) = released {
        // The next run finds this one silent, and takes over.
        host.log_activity(format!(
            "{} reconciliation: {}",
            task.label,
            Error::from(fault)
        ));
    }
    ended
}

impl Run {
    pub const fn scope(&self) -> Scope {
        self.task.scope
    }

    /// Records a finding; it is written with the next batch.
    pub fn report(&mut self, database: &mut Database, finding: Finding) -> Result<(), Error> {
        self.waiting.push(finding);
        if self.waiting.len() < BATCH {
            return Ok(());
        }
        self.flush(database)
    }

    /// Records a repair, as one sentence.
    pub fn repaired(&mut self, service_id: Option<ServiceId>, sentence: &str) {
        self.repairs += 1;
        if self.repaired.len() < MOST_LINES {
            self.repaired.push(match self.task.scope {
                Scope::Of(_) => sentence.to_owned(),
                Scope::Everything => line(self.task.label, sentence, service_id),
            });
        }
    }

    /// Notes a sentence about the run, such as why it left something out. Logged when it is another than last time.
    pub fn remark(&mut self, sentence: String) {
        self.remarks.push(sentence);
    }

    /// The heartbeat, for stretches that report nothing. After ten minutes of silence another run takes over.
    ///
    /// # Errors
    /// Where another process took over.
    pub fn alive(&self, database: &mut Database) -> Result<(), Error> {
        if lock::beat(database, self.task.module, self.number)? {
            return Ok(());
        }
        Err(Error::Refusal(
            "Another reconciliation took this one for dead and goes on with the work.".into(),
        ))
    }

    /// Keeps what was found earlier at this server, which was not looked at.
    pub fn keep_server(&self, database: &mut Database, server_id: u32) -> Result<(), Error> {
        let parameters = params! {
            "run" => self.number, "module" => self.task.module, "server" => server_id,
        };
        database.execute(WRITE, KEEP_SERVER, parameters)?;
        Ok(())
    }

    /// Subjects of this kind that earlier runs found and this one has not, so far.
    pub fn earlier(
        &self,
        database: &mut Database,
        kind: &'static str,
    ) -> Result<Vec<String>, Error> {
        let (mut after, mut subjects) = (0, Vec::new());
        loop {
            let page = self.earlier_page(database, kind, after)?;
            let Some((end, _)) = page.last() else {
                return Ok(subjects);
            };
            after = *end;
            subjects.extend(page.into_iter().map(|(_, subject)| subject));
        }
    }

    /// Keeps what was found earlier of this kind about others than these subjects, which alone were looked at.
    pub fn keep_kind(
        &self,
        database: &mut Database,
        kind: &'static str,
        looked_at: &HashSet<String>,
    ) -> Result<(), Error> {
        let mut after = 0_u64;
        loop {
            let earlier = self.earlier_page(database, kind, after)?;
            let Some((end, _)) = earlier.last() else {
                return Ok(());
            };
            after = *end;
            for (id, subject) in &earlier {
                if !looked_at.contains(subject) {
                    let parameters = params! { "run" => self.number, "id" => *id };
                    database.execute(WRITE, KEEP_ONE, parameters)?;
                }
            }
        }
    }

    fn earlier_page(
        &self,
        database: &mut Database,
        kind: &'static str,
        after: u64,
    ) -> Result<Vec<(u64, String)>, SqlError> {
        let parameters = params! {
            "module" => self.task.module, "kind" => kind, "run" => self.number, "after" => after,
        };
        database.query("read the table of findings", EARLIER, parameters, |row| {
            (column(row, 0), column(row, 1))
        })
    }

    fn flush(&mut self, database: &mut Database) -> Result<(), Error> {
        self.alive(database)?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = vec![REPORTED; self.waiting.len()].join(", ");
        let statement = format!("{REPORT}{rows}{FOUND_AGAIN}");
        let values: Vec<Value> = self
            .waiting
            .drain(..)
            .flat_map(|finding| row(self.task.module, self.number, &finding))
            .collect();
        database.retrying(|database| {
            database.execute(WRITE, &statement, values.clone())?;
            Ok(())
        })?;
        Ok(())
    }

    /// Removes what was not found again, and says what is new.
    fn end(&mut self, database: &mut Database, seen: &str, last: &Last) -> Result<RunEnd, Error> {
        self.flush(database)?;
        let module = self.task.module;
        let Scope::Of(service_id) = self.task.scope else {
            database.execute(
                WRITE,
                REMOVE_ALL,
                params! { "module" => module, "run" => self.number },
            )?;
            return self.conclude(database, seen, last);
        };
        let of_service = || {
            vec![
                ("module".to_owned(), Value::from(module)),
                ("owner_type".to_owned(), Value::from(service_id.kind())),
                ("owner_id".to_owned(), Value::from(service_id.number())),
            ]
        };
        let mut removed = of_service();
        removed.push(("run".to_owned(), Value::from(self.number)));
        database.execute(WRITE, REMOVE_OF_SERVICE, removed)?;
        // A person reads them in the message.
        database.execute(WRITE, MARK_REPORTED_OF_SERVICE, of_service())?;
        let mut repaired = std::mem::take(&mut self.repaired);
        repaired.append(&mut self.remarks);
        Ok(RunEnd {
            summary: format!("Reconciled {seen}."),
            lines: Vec::new(),
            repaired,
        })
    }

    fn conclude(
        &mut self,
        database: &mut Database,
        seen: &str,
        last: &Last,
    ) -> Result<RunEnd, Error> {
        let module = || params! { "module" => self.task.module };
        let counted = database.query("read the table of findings", COUNT, module(), |row| {
            (column::<u64>(row, 0), column::<usize>(row, 1))
        })?;
        let (found, new) = counted.into_iter().next().unwrap_or_default();
        let mut remarks = self.remarks.join(" ");
        remarks = first_characters(&remarks, LONGEST_TEXT);
        let summary = format!(
            "Reconciled {seen}: {found} found, {new} of them new, {} repaired.{}{remarks}",
            self.repairs,
            if remarks.is_empty() { "" } else { " " }
        );
        let mut lines = self.unreported(database)?;
        if new > lines.len() {
            lines.push(format!(
                "{} reconciliation: … and {} more, which the pages of their services show.",
                self.task.label,
                new - lines.len()
            ));
        }
        lines.append(&mut self.repaired);
        let changed = found != last.found.unwrap_or(0) || remarks != last.remark;
        if new > 0 || self.repairs > 0 || changed {
            lines.push(format!("{} reconciliation: {summary}", self.task.label));
        }
        let conclusion = params! {
            "module" => self.task.module, "run" => self.number, "found" => found, "remark" => &remarks,
        };
        database.execute("write the table of runs", CONCLUDE, conclusion)?;
        database.execute(WRITE, MARK_REPORTED, module())?;
        Ok(RunEnd {
            summary,
            lines,
            repaired: Vec::new(),
        })
    }

    fn unreported(&self, database: &mut Database) -> Result<Vec<String>, SqlError> {
        let parameters = params! { "module" => self.task.module, "most" => MOST_LINES };
        database.query(
            "read the table of findings",
            UNREPORTED,
            parameters,
            |row| {
                let kind: String = column(row, 1);
                let service_id = ServiceId::of_kind(&kind, column(row, 2), column(row, 3));
                line(self.task.label, &column::<String>(row, 0), service_id)
            },
        )
    }
}

/// WHMCS turns "Service ID: 1" into a link.
fn line(label: &str, sentence: &str, service_id: Option<ServiceId>) -> String {
    service_id.map_or_else(
        || format!("{label} reconciliation: {sentence}"),
        |service_id| format!("{label} reconciliation: {sentence} - {service_id}"),
    )
}

pub(super) fn row(module: &'static str, run: u64, finding: &Finding) -> Vec<Value> {
    let service_id = finding.service_id;
    vec![
        module.into(),
        service_id.map_or("", ServiceId::kind).into(),
        service_id.map_or(0, ServiceId::number).into(),
        service_id.map_or(0, ServiceId::service).into(),
        finding.kind.into(),
        first_characters(&finding.subject, LONGEST_SUBJECT).into(),
        sha256(&finding.subject).into(),
        first_characters(&finding.text, LONGEST_TEXT).into(),
        finding.server_id.into(),
        run.into(),
    ]
}
