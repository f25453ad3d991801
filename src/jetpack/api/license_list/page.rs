//! The decoder of one page of the partner's own list: its licenses one at a time, and what the page says of the list.

use serde::Deserialize;
use serde_json::Value;

use crate::jetpack::api::license::{LicenseKey, number, time, time_of_event};
use crate::json::stream::{self, StreamEnd, StreamError};
use crate::json::{lenient, object};

/// Bytes of one license in the list: ten times what it takes.
const LICENSE_BYTES: usize = 64 * 1024;

/// A license as the list has it. Times are UTC text, `2026-01-15 10:00:01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLicense {
    pub key: LicenseKey,
    pub id: Option<u64>,
    /// The product's name, for people.
    pub product: String,
    pub blog_id: Option<u64>,
    /// The address of the site it is attached to.
    pub site: Option<String>,
    /// `None` where it cannot be read.
    pub issued_at: Option<String>,
    pub attached_at: Option<String>,
    pub revoked_at: Option<String>,
}

impl ListedLicense {
    /// Returns the product's slug, which is what precedes the last `_` of the key.
    pub fn slug(&self) -> Option<&str> {
        let (slug, _) = self.key.expose().rsplit_once('_')?;
        Some(slug).filter(|slug| !slug.is_empty())
    }

    pub const fn is_attached(&self) -> bool {
        self.blog_id.is_some() || self.site.is_some() || self.attached_at.is_some()
    }
}

/// The figures that a page gives of the list; `None` where it does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LicensePage {
    pub number: Option<u64>,
    pub pages: Option<u64>,
    pub size: Option<u64>,
    pub total: Option<u64>,
    pub has_items: bool,
    /// Number of licenses, and of what should be one.
    pub items: u64,
    pub unreadable: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Raw {
    #[serde(deserialize_with = "lenient::text")]
    license_key: String,
    license_id: Value,
    #[serde(deserialize_with = "lenient::text")]
    product: String,
    blog_id: Value,
    #[serde(deserialize_with = "lenient::text")]
    siteurl: String,
    issued_at: Value,
    attached_at: Value,
    revoked_at: Value,
}

/// Reads the whole page; what is no page is given back, as far as it is short.
///
/// # Errors
/// Those of the stream, and [`StreamError::Malformed`] for JSON of another shape.
pub fn read(
    read: &mut dyn FnMut(&mut [u8]) -> Result<usize, String>,
    each: &mut dyn FnMut(ListedLicense),
) -> Result<Result<LicensePage, Vec<u8>>, StreamError> {
    let mut page = LicensePage::default();
    let mut listed = LicensePage::default();
    let (ending, has_items) = stream::entries_around_list(
        read,
        LICENSE_BYTES,
        "items",
        |name, bytes| {
            let Some((value, length)) = stream::value::<Value>(bytes)? else {
                return Ok(None);
            };
            match name.as_str() {
                "current_page" => page.number = number(&value),
                "total_pages" => page.pages = number(&value),
                "items_per_page" => page.size = number(&value),
                "total_items" => page.total = number(&value),
                _ => {}
            }
            Ok(Some(length))
        },
        |element| {
            listed.items += 1;
            match license(element) {
                Some(license) => each(license),
                None => listed.unreadable += 1,
            }
            Ok(())
        },
    )?;
    match ending {
        StreamEnd::Other(document) => Ok(Err(document)),
        StreamEnd::All(_) => Ok(Ok(LicensePage {
            has_items,
            items: listed.items,
            unreadable: listed.unreadable,
            ..page
        })),
    }
}

fn license(element: &[u8]) -> Option<ListedLicense> {
    let raw: Raw = object::from_slice(element).ok()?;
    Some(ListedLicense {
        key: LicenseKey::new(&raw.license_key)?,
        id: number(&raw.license_id),
        product: raw.product,
        blog_id: number(&raw.blog_id).filter(|id| *id > 0),
        site: Some(raw.siteurl).filter(|site| !site.is_empty()),
        issued_at: time(&raw.issued_at),
        attached_at: time_of_event(&raw.attached_at),
        revoked_at: time_of_event(&raw.revoked_at),
    })
}
