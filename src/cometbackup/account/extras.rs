//! The limits of an account: what its service's product sells, and what the product addons of the service add to it. They
//! are computed anew each time, so nothing adds twice.

use super::quotas::{OPTIONS, Quotas};
use crate::cometbackup::tables::extras::Extra;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::NamedValues;

/// Returns what one unit of a product addon adds: module setting 17.
///
/// # Errors
/// `Error::Config` where it is not a list of options with numbers.
pub fn per_unit(adds: &str) -> Result<Quotas, Error> {
    let wrong = || {
        Error::Config(format!(
            "What one unit adds, in the module settings of the product addon, is {}. Write names of configurable options with whole numbers there, as in storage_vault_quota_gb=100, number_of_devices=1.",
            match plain(adds) {
                nothing if nothing.is_empty() => "empty".to_owned(),
                text => format!("not readable: {text}"),
            }
        ))
    };
    let mut pairs = Vec::new();
    for part in adds
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (name, number) = part.split_once('=').ok_or_else(wrong)?;
        let (name, number) = (name.trim(), number.trim());
        let is_known = OPTIONS.contains(&name) && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_known || number.is_empty() || pairs.iter().any(|(known, _)| known == name) {
            return Err(wrong());
        }
        pairs.push((name.to_owned(), number.to_owned()));
    }
    if pairs.is_empty() {
        return Err(wrong());
    }
    Quotas::read(&NamedValues::stored(pairs))
}

/// Returns what the service is sold with. A limit that the product does not set has no ground to add to, and no limit stays
/// none.
///
/// # Errors
/// `Error::Config` naming what is no number, or more than Comet counts.
pub fn together(base: Quotas, extras: &[Extra]) -> Result<Quotas, Error> {
    let mut sum = base;
    for extra in extras.iter().filter(|extra| extra.counts) {
        let added = per_unit(&extra.adds)?;
        sum = sum
            .plus(&added, extra.quantity)
            .ok_or_else(|| too_much(extra.addon))?;
    }
    Ok(sum)
}

/// Refuses a product addon whose service sells no limit to add to.
///
/// # Errors
/// Where the product of the service does not set a limit that the addon adds to.
pub fn must_have_ground(base: &Quotas, adds: &str) -> Result<(), Error> {
    let added = per_unit(adds)?;
    if base.is_ground_for(&added) {
        return Ok(());
    }
    Err(Error::Config(format!(
        "This product addon adds {}, and the product of its service does not sell all of that, so there is no limit to add to. Give the product the configurable options, and run this again.",
        plain(adds)
    )))
}

fn too_much(addon: u32) -> Error {
    Error::Config(format!(
        "The product addon {addon} adds more than Comet can count. Correct its quantity, or what one unit adds."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1024 * 1024 * 1024;

    fn extra(adds: &str, quantity: u32, counts: bool) -> Extra {
        Extra {
            addon: 300,
            quantity,
            counts,
            adds: adds.to_owned(),
        }
    }

    fn base() -> Quotas {
        Quotas {
            devices: Some(2),
            protected_items: Some(0),
            storage_vault: Some(GB),
            seats: [Some(5), None, None, None],
        }
    }

    #[test]
    fn what_counts_is_added_by_its_quantity() {
        let sold = together(
            base(),
            &[
                extra("storage_vault_quota_gb=100,number_of_devices=1", 2, true),
                extra(
                    "microsoft365_accounts = 10 , storage_vault_quota_tb=1",
                    1,
                    true,
                ),
                extra("number_of_devices=50", 1, false),
            ],
        );
        let sold = sold.unwrap();
        assert_eq!(sold.devices, Some(4));
        assert_eq!(sold.storage_vault, Some((1 + 200 + 1024) * GB));
        assert_eq!(sold.seats, [Some(15), None, None, None]);
    }

    #[test]
    fn no_limit_stays_none_and_what_is_not_sold_stays_unsold() {
        let extras = [extra("protected_item_quota_gb=9,hyperv_guests=3", 1, true)];
        assert_eq!(together(base(), &extras).unwrap(), base());
        assert!(must_have_ground(&base(), "protected_item_quota_gb=9").is_ok());
        let none = must_have_ground(&base(), "hyperv_guests=3").unwrap_err();
        assert!(none.to_string().contains("hyperv_guests"), "{none}");
    }

    #[test]
    fn what_cannot_be_added_is_named() {
        for wrong in [
            "",
            " , ",
            "100",
            "gb=1",
            "number_of_devices",
            "number_of_devices=",
            "number_of_devices=-1",
            "number_of_devices=1.5",
            "number_of_devices=1,number_of_devices=2",
            "storage_template=1",
        ] {
            let text = per_unit(wrong).unwrap_err().to_string();
            assert!(text.contains("What one unit adds"), "{wrong}: {text}");
        }
        let huge = [extra("storage_vault_quota_tb=8388607", u32::MAX, true)];
        assert!(
            together(base(), &huge)
                .unwrap_err()
                .to_string()
                .contains("300")
        );
    }
}
