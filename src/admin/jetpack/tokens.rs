//! The API tokens in use, by fingerprints, and *Rotate the token*: a new one in every place that holds the old one.

use crate::database::Database;
use crate::error::Error;
use crate::hash::sha256;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::Token;
use crate::jetpack::tables::licenses_browsing;
use crate::text::plain;
use crate::whmcs::token_places::{self, Holder, TokenPlace};
use crate::whmcs::{Host, open_database};

/// Characters of a fingerprint: enough to tell tokens apart, and nothing of the token itself.
const FINGERPRINT: usize = 12;

/// Names of products that are shown of a token.
const NAMES_SHOWN: usize = 5;

/// A token that is in use, without the token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldToken {
    pub fingerprint: String,
    pub products: usize,
    pub addons: usize,
    pub modules: usize,
    /// What holds it, some of it.
    pub names: Vec<String>,
}

impl HeldToken {
    pub const fn places(&self) -> usize {
        self.products + self.addons + self.modules
    }
}

/// By which people tell tokens apart.
pub fn fingerprint(token: &str) -> String {
    crate::text::first_characters(&sha256(token), FINGERPRINT)
}

/// The tokens in use, the one with the most places first. One statement.
pub fn held(database: &mut Database) -> Result<Vec<HeldToken>, Error> {
    Ok(by_token(&token_places::all(database)?))
}

fn by_token(places: &[TokenPlace]) -> Vec<HeldToken> {
    let mut held: Vec<HeldToken> = Vec::new();
    for place in places {
        let fingerprint = fingerprint(place.token().expose());
        let known = held.iter().position(|one| one.fingerprint == fingerprint);
        let at = known.unwrap_or_else(|| {
            held.push(HeldToken {
                fingerprint,
                ..HeldToken::default()
            });
            held.len() - 1
        });
        let Some(one) = held.get_mut(at) else {
            continue;
        };
        match place.holder {
            Holder::Product => one.products += 1,
            Holder::Addon => one.addons += 1,
            Holder::AddonModule => one.modules += 1,
        }
        if one.names.len() < NAMES_SHOWN {
            one.names.push(match place.holder {
                Holder::AddonModule => {
                    format!("settings of the addon module {}", plain(&place.name))
                }
                _ => plain(&place.name),
            });
        }
    }
    held.sort_by_key(|one| std::cmp::Reverse(one.places()));
    held
}

/// Writes the new token wherever the one with this fingerprint is, in one transaction. It is tried at Jetpack before, with two
/// requests at most, unless staff want it untried. Returns what was done.
///
/// # Errors
/// Where nothing was changed, with the reason.
pub fn rotate(host: &dyn Host, old: &str, typed: &str, is_tried: bool) -> Result<String, Error> {
    let new = Token::new(Some(typed))?;
    let places = token_places::all(&mut open_database(host)?)?;
    let places: Vec<&TokenPlace> = places
        .iter()
        .filter(|place| fingerprint(place.token().expose()) == old)
        .collect();
    if places.is_empty() {
        return Err(Error::Refusal(
            "No product, product addon or addon module holds that token any more. Nothing was changed: open the page again."
                .into(),
        ));
    }
    let new_fingerprint = fingerprint(new.secret().expose());
    if new_fingerprint == old {
        return Err(Error::Refusal(
            "The new token is the one that is there already. Nothing was changed.".into(),
        ));
    }
    if is_tried {
        try_out(host, &new, &places)?;
    }
    let mut database = open_database(host)?;
    let wanted = places.len() as u64;
    let changed = database.transaction("write the API token", |transaction| {
        let changed = token_places::replace_within(transaction, &places, new.secret())?;
        if changed != wanted {
            transaction.give_up()?;
        }
        Ok(changed)
    })?;
    if changed != wanted {
        return Err(Error::Refusal(
            "Somebody else changed a token at the same moment. Nothing was changed: open the page again.".into(),
        ));
    }
    Ok(format!(
        "The API token {old} was replaced by {new_fingerprint} in {}{}. Licenses that were issued with the old one stay as they are; revoke it at Jetpack once the new one works.",
        counted(&places),
        if is_tried {
            ""
        } else {
            ", without trying it at Jetpack"
        }
    ))
}

/// Whether Jetpack takes the token, and knows with it what was issued with the old one: the token for tests and that of
/// another partner are accepted as well, and no license could be revoked with them. Two requests at most.
fn try_out(host: &dyn Host, new: &Token, places: &[&TokenPlace]) -> Result<(), Error> {
    let ids = |holder: Holder| -> Vec<u32> {
        let of_holder = places.iter().filter(|place| place.holder == holder);
        of_holder.map(|place| place.id).collect()
    };
    let (products, addons) = (ids(Holder::Product), ids(Holder::Addon));
    let newest = licenses_browsing::newest_of(&mut open_database(host)?, &products, &addons)?;
    let api = Api::new(host, Some(new.clone()))?;
    api.families().map_err(|error| {
        Error::Refusal(format!(
            "The new token was tried at Jetpack and is not used: {error} Nothing was changed."
        ))
    })?;
    let Some(key) = newest else {
        return Ok(());
    };
    api.license(&key).map(drop).map_err(|error| {
        Error::Refusal(format!(
            "Jetpack accepts the new token, but with it the license {}, which is active, cannot be read: {error} A token for tests or of another partner account cannot revoke what is paid for. Nothing was changed.",
            key.hint()
        ))
    })
}

fn counted(places: &[&TokenPlace]) -> String {
    let count = |holder: Holder| places.iter().filter(|place| place.holder == holder).count();
    let of = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {many}")),
    };
    let parts = [
        of(count(Holder::Product), "product", "products"),
        of(count(Holder::Addon), "product addon", "product addons"),
        of(count(Holder::AddonModule), "addon module", "addon modules"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
