//! The list of licenses as a file: CSV as RFC 4180 has it, read page by page while it is sent, so that it takes no more memory
//! for 100,000 licenses than for one.

use crate::attachment::Attachment;
use crate::clock;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::tables::licenses_browsing::{self, From, LicenseFilter, ShownLicense};
use crate::service_id::ServiceId;
use crate::text::first_characters;
use crate::whmcs::{Host, ServiceStatus, database_opener};

/// Licenses of one statement.
const AT_ONCE: usize = 2_000;

const HEADINGS: [&str; 15] = [
    "row",
    "license",
    "product",
    "jetpack_license_id",
    "state",
    "issued_at_utc",
    "revoked_at_utc",
    "revoked_for",
    "site",
    "service_id",
    "addon_id",
    "service_status",
    "domain",
    "client_id",
    "client",
];

/// The licenses that fit, the oldest first. Keys are in no file: the last characters of each are.
///
/// # Errors
/// Where the database cannot be reached.
pub fn file(host: &dyn Host, filter: LicenseFilter) -> Result<Attachment, Error> {
    let open = database_opener(host)?;
    let mut database: Option<Database> = Some(open()?);
    let mut after = 0;
    let mut waiting = line(&HEADINGS.map(str::to_owned));
    let mut given = 0;
    let day = first_characters(&clock::now(), 10);
    Ok(Attachment {
        file_name: format!("jetpack-licenses-{day}.csv"),
        length: None,
        start: Vec::new(),
        rest: Box::new(move |piece| {
            while given == waiting.len() {
                let Some(database) = database.as_mut() else {
                    return Ok(0);
                };
                let found = licenses_browsing::page(database, &filter, From::After(after), AT_ONCE);
                let found = found.map_err(|fault| Error::from(fault).to_string())?;
                given = 0;
                waiting = found
                    .iter()
                    .map(|one| line(&cells(one)))
                    .collect::<String>();
                match found.last() {
                    Some(last) => after = last.row,
                    None => return Ok(0),
                }
            }
            let rest = waiting.as_bytes().get(given..).unwrap_or_default();
            let length = rest.len().min(piece.len());
            let (to, from) = (piece.get_mut(..length), rest.get(..length));
            if let (Some(to), Some(from)) = (to, from) {
                to.copy_from_slice(from);
            }
            given += length;
            Ok(length)
        }),
        limits: host.download_limits(),
        at_the_end: None,
    })
}

fn cells(license: &ShownLicense) -> [String; HEADINGS.len()] {
    let number = |id: u32| match id {
        0 => String::new(),
        id => id.to_string(),
    };
    let state = if license.revoked_at.is_some() {
        "revoked"
    } else {
        "active"
    };
    [
        license.row.to_string(),
        license.hint.clone(),
        license.slug.clone(),
        license.id.map_or_else(String::new, |id| id.to_string()),
        state.to_owned(),
        license.issued_at.clone(),
        license.revoked_at.clone().unwrap_or_default(),
        license.revoked_for.clone(),
        license.site.clone(),
        number(license.service_id.map_or(0, ServiceId::service)),
        number(license.service_id.map_or(0, ServiceId::addon)),
        license.status.map_or_else(String::new, ServiceStatus::word),
        license.domain.clone(),
        number(license.client_id),
        license.client.clone(),
    ]
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

/// Quoted where RFC 4180 wants it. A text that a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let begins_formula = text
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        .starts_with(['=', '+', '-', '@'])
        || text.starts_with(['\t', '\r', '\n']);
    let safe = if begins_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if safe.contains(['"', ',', '\r', '\n', '\'']) || safe.starts_with(' ') || safe.ends_with(' ') {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_is_left() {
        for (text, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+49 30", "\"'+49 30\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("  =1", "\"'  =1\""),
            ("\u{feff}x", "\u{feff}x"),
            ("", ""),
        ] {
            assert_eq!(cell(text), written, "{text:?}");
        }
    }

    #[test]
    fn a_line_ends_as_the_standard_says() {
        assert_eq!(line(&["a".to_owned(), "b".to_owned()]), "a,b\r\n");
    }
}
