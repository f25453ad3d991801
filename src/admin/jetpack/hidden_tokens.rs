//! *Hide tokens* and *Write tokens back in plain text*: all stored API tokens at once or none.

use crate::error::Error;
use crate::secret::Secret;
use crate::whmcs::token_places::{self, TokenHolder, TokenPlace};
use crate::whmcs::{Host, open_database};

/// Advice on tokens that cannot be decrypted.
pub const UNREADABLE_ADVICE: &str = "Nothing is sent with those that WHMCS cannot decrypt: the cc_encryption_hash in its configuration.php is another than when they were hidden. Put that value back, or write a new token there with Rotate the token on the addon's page Jetpack.";

/// The places that hold a token, by what can be had of it.
#[derive(Debug, Default)]
pub struct Places {
    pub in_clear: Vec<TokenPlace>,
    pub hidden: Vec<TokenPlace>,
    /// Hidden, and WHMCS cannot decrypt them.
    pub unreadable: Vec<TokenPlace>,
}

impl Places {
    /// Reads all places. One statement.
    pub fn read(host: &dyn Host) -> Result<Self, Error> {
        let all = token_places::all(&mut open_database(host)?)?;
        let mut places = Self::default();
        for place in all {
            let kept = match (place.is_hidden(), place.is_readable(host)) {
                (false, _) => &mut places.in_clear,
                (true, true) => &mut places.hidden,
                (true, false) => &mut places.unreadable,
            };
            kept.push(place);
        }
        Ok(places)
    }

    /// Returns "2 products, 1 product addon in plain text; 1 product hidden"; empty where no place holds a token.
    pub fn sentence(&self) -> String {
        let part = |places: &[TokenPlace], how: &str| {
            (!places.is_empty()).then(|| format!("{} {how}", counted(places)))
        };
        let parts = [
            part(&self.in_clear, "in plain text"),
            part(&self.hidden, "hidden"),
            part(
                &self.unreadable,
                "hidden in a way that WHMCS cannot decrypt",
            ),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// Hides what is in plain text. Returns what was done.
///
/// # Errors
/// Where nothing was changed, with the reason.
pub fn hide(host: &dyn Host) -> Result<String, Error> {
    let places = Places::read(host)?;
    if places.in_clear.is_empty() {
        return Ok("No API token is in plain text: there was nothing to hide.".to_owned());
    }
    let hidden = rewritten(&places.in_clear, |place| place.hidden(host))?;
    write(host, "hide the API tokens", &places.in_clear, &hidden)?;
    Ok(format!(
        "The API tokens of {} are hidden.",
        counted(&places.in_clear)
    ))
}

/// Writes back in plain text what is hidden, as it was before. Returns what was done.
///
/// # Errors
/// Where nothing was changed, with the reason.
pub fn write_back(host: &dyn Host) -> Result<String, Error> {
    let places = Places::read(host)?;
    if !places.unreadable.is_empty() {
        return Err(Error::Refusal(format!(
            "WHMCS cannot decrypt the API tokens of {}. {UNREADABLE_ADVICE} Nothing was changed.",
            counted(&places.unreadable)
        )));
    }
    if places.hidden.is_empty() {
        return Ok("No API token is hidden: there was nothing to write back.".to_owned());
    }
    let clear = rewritten(&places.hidden, |place| {
        place.unhidden(host).ok_or_else(changed_meanwhile)
    })?;
    write(host, "write the API tokens back", &places.hidden, &clear)?;
    Ok(format!(
        "The API tokens of {} are in plain text again.",
        counted(&places.hidden)
    ))
}

/// One new text for each stored one, by the place that has it first: places that hold the same go on holding the same.
type Rewritten<'a> = Vec<(&'a TokenPlace, Secret<String>)>;

fn rewritten<'a>(
    places: &'a [TokenPlace],
    rewrite: impl Fn(&TokenPlace) -> Result<Secret<String>, Error>,
) -> Result<Rewritten<'a>, Error> {
    let mut rewritten: Rewritten<'a> = Vec::new();
    for place in places {
        if !rewritten.iter().any(|(one, _)| one.holds_the_same(place)) {
            rewritten.push((place, rewrite(place)?));
        }
    }
    Ok(rewritten)
}

fn write(
    host: &dyn Host,
    task: &'static str,
    places: &[TokenPlace],
    rewritten: &Rewritten<'_>,
) -> Result<(), Error> {
    let wanted = places.len() as u64;
    let changed = open_database(host)?.transaction(task, |transaction| {
        let mut changed = 0;
        for (one, text) in rewritten {
            let same = places.iter().filter(|place| place.holds_the_same(one));
            let same: Vec<&TokenPlace> = same.collect();
            changed += token_places::replace_within(transaction, &same, text)?;
        }
        if changed != wanted {
            transaction.give_up()?;
        }
        Ok(changed)
    })?;
    if changed == wanted {
        return Ok(());
    }
    Err(changed_meanwhile())
}

fn changed_meanwhile() -> Error {
    Error::Refusal(
        "Somebody else changed a token at the same moment. Nothing was changed: open the page again.".into(),
    )
}

/// Returns "2 products, 1 product addon".
pub fn counted(places: &[TokenPlace]) -> String {
    let count = |holder: TokenHolder| places.iter().filter(|place| place.holder == holder).count();
    let of = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {many}")),
    };
    let parts = [
        of(count(TokenHolder::Product), "product", "products"),
        of(count(TokenHolder::Addon), "product addon", "product addons"),
        of(
            count(TokenHolder::AddonModule),
            "addon module",
            "addon modules",
        ),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
