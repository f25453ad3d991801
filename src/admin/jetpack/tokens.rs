//! The API tokens in use, by fingerprints, and *Rotate the token*: a new one in every place that holds the old one.

use super::hidden_tokens::{Places, counted};
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::Token;
use crate::jetpack::tables::licenses_browsing;
use crate::secret::Secret;
use crate::text::plain;
use crate::whmcs::stored_token::{self, fingerprint};
use crate::whmcs::token_places::{self, TokenHolder, TokenPlace};
use crate::whmcs::{Host, open_database};

/// Names of products that are shown of a token.
const NAMES_SHOWN: usize = 5;

/// A token that is in use, without the token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldToken {
    pub fingerprint: String,
    pub products: usize,
    pub addons: usize,
    pub modules: usize,
    /// Places where it is hidden.
    pub hidden: usize,
    /// What holds it, some of it.
    pub names: Vec<String>,
}

impl HeldToken {
    pub const fn places(&self) -> usize {
        self.products + self.addons + self.modules
    }
}

/// The tokens in use, the one with the most places first.
pub fn held(places: &Places) -> Vec<HeldToken> {
    let in_clear = places.in_clear.iter().map(|place| (place, false));
    let hidden = places.hidden.iter().chain(&places.unreadable);
    let all = in_clear.chain(hidden.map(|place| (place, true)));
    let mut held: Vec<HeldToken> = Vec::new();
    for (place, is_hidden) in all {
        let fingerprint = place.fingerprint();
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
            TokenHolder::Product => one.products += 1,
            TokenHolder::Addon => one.addons += 1,
            TokenHolder::AddonModule => one.modules += 1,
        }
        one.hidden += usize::from(is_hidden);
        if one.names.len() < NAMES_SHOWN {
            one.names.push(match place.holder {
                TokenHolder::AddonModule => {
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
    let places: Vec<TokenPlace> = places
        .into_iter()
        .filter(|place| place.fingerprint() == old)
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
    let wanted = places.len() as u64;
    let changed = replace(host, &places, &new)?;
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
fn try_out(host: &dyn Host, new: &Token, places: &[TokenPlace]) -> Result<(), Error> {
    let ids = |holder: TokenHolder| -> Vec<u32> {
        let of_holder = places.iter().filter(|place| place.holder == holder);
        of_holder.map(|place| place.id).collect()
    };
    let (products, addons) = (ids(TokenHolder::Product), ids(TokenHolder::Addon));
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

/// Returns how many places were written: all, or nothing was changed. Hidden places go on being hidden.
fn replace(host: &dyn Host, places: &[TokenPlace], new: &Token) -> Result<u64, Error> {
    let wanted = places.len() as u64;
    let (hidden, in_clear): (Vec<&TokenPlace>, Vec<&TokenPlace>) =
        places.iter().partition(|place| place.is_hidden());
    let new_hidden = if hidden.is_empty() {
        None
    } else {
        Some(Secret::new(stored_token::hide(
            host,
            new.secret().expose(),
        )?))
    };
    let changed = open_database(host)?.transaction("write the API token", |transaction| {
        let mut changed = token_places::replace_within(transaction, &in_clear, new.secret())?;
        if let Some(new_hidden) = &new_hidden {
            changed += token_places::replace_within(transaction, &hidden, new_hidden)?;
        }
        if changed != wanted {
            transaction.give_up()?;
        }
        Ok(changed)
    })?;
    Ok(changed)
}
