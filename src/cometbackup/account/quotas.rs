//! The limits a product sells, from configurable options to Comet's profile.

use crate::cometbackup::comet::limits::SEATS;
use crate::error::Error;
use crate::whmcs::NamedValues;

pub use crate::cometbackup::comet::limits::Quotas;

/// The configurable options of [`SEATS`], in their order.
pub const SEAT_OPTIONS: [&str; SEATS.len()] = [
    "microsoft365_accounts",
    "hyperv_guests",
    "vmware_guests",
    "proxmox_guests",
];

/// All configurable options that are limits.
pub const OPTIONS: [&str; 9] = [
    "number_of_devices",
    "protected_item_quota_gb",
    "protected_item_quota_tb",
    "storage_vault_quota_gb",
    "storage_vault_quota_tb",
    "microsoft365_accounts",
    "hyperv_guests",
    "vmware_guests",
    "proxmox_guests",
];

/// Bytes of Comet's gigabyte and terabyte.
const GB: u64 = 1024 * 1024 * 1024;
const TB: u64 = 1024 * GB;

impl Quotas {
    /// Reads the limits from configurable options.
    ///
    /// # Errors
    /// `Error::Config` naming the option that is no whole number, negative, or beyond 64 bits.
    pub fn read(options: &NamedValues) -> Result<Self, Error> {
        let mut seats = [None; SEATS.len()];
        for (seat, option) in seats.iter_mut().zip(SEAT_OPTIONS) {
            *seat = number(options, option)?;
        }
        Ok(Self {
            seats,
            devices: number(options, "number_of_devices")?,
            protected_items: bytes(
                options,
                "protected_item_quota_gb",
                "protected_item_quota_tb",
            )?,
            storage_vault: bytes(options, "storage_vault_quota_gb", "storage_vault_quota_tb")?,
        })
    }
}

/// Where both forms are present, GB counts when it is not zero.
fn bytes(options: &NamedValues, gigabytes: &str, terabytes: &str) -> Result<Option<u64>, Error> {
    let by_gigabytes = sized(options, gigabytes, GB)?;
    let by_terabytes = sized(options, terabytes, TB)?;
    Ok(by_gigabytes
        .filter(|bytes| *bytes > 0)
        .or(by_terabytes)
        .or(by_gigabytes))
}

fn sized(options: &NamedValues, name: &str, unit: u64) -> Result<Option<u64>, Error> {
    let Some(count) = number(options, name)? else {
        return Ok(None);
    };
    count
        .checked_mul(unit)
        .filter(|bytes| i64::try_from(*bytes).is_ok())
        .map(Some)
        .ok_or_else(|| unusable(name, "is larger than Comet can count"))
}

fn number(options: &NamedValues, name: &str) -> Result<Option<u64>, Error> {
    let text = options.get(name).map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(number) => u64::try_from(number)
            .map(Some)
            .map_err(|_| unusable(name, "is negative")),
        Err(_) => Err(unusable(name, "is not a whole number")),
    }
}

fn unusable(name: &str, why: &str) -> Error {
    Error::Config(format!(
        "The configurable option {name} {why}. Correct it on the service page, and make the option of the type quantity."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::php_value::Value;
    use crate::whmcs::Params;

    fn read(options: &[(&str, &str)]) -> Result<Quotas, Error> {
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let params = Value::Array(vec![
            ("serviceid".into(), Value::Int(1)),
            ("model".into(), Value::Array(Vec::new())),
            ("configoptions".into(), Value::Array(options)),
        ]);
        Quotas::read(&Params::new(params).service().unwrap().configurable_options)
    }

    #[test]
    fn gb_counts_before_tb_where_it_is_not_zero() {
        for (gb, tb, bytes) in [
            ("20", "0", 20 * GB),
            ("20", "3", 20 * GB),
            ("0", "3", 3 * TB),
            ("", "3", 3 * TB),
            ("0", "0", 0),
        ] {
            let quotas = read(&[
                ("storage_vault_quota_gb", gb),
                ("storage_vault_quota_tb", tb),
            ]);
            assert_eq!(quotas.unwrap().storage_vault, Some(bytes), "{gb} {tb}");
        }
    }

    #[test]
    fn a_missing_option_is_not_a_zero() {
        assert_eq!(read(&[]).unwrap(), Quotas::default());
        let devices = read(&[("number_of_devices|Devices", "5")]).unwrap();
        assert_eq!(devices.devices, Some(5));
        assert_eq!(devices.protected_items, None);
    }

    #[test]
    fn what_is_sold_by_the_seat_is_read_by_its_option() {
        let seats = read(&[
            ("microsoft365_accounts|Mailboxes", "5"),
            ("hyperv_guests", "0"),
            ("vmware_guests", ""),
            ("proxmox_guests", "7"),
        ]);
        assert_eq!(seats.unwrap().seats, [Some(5), Some(0), None, Some(7)]);
        let wrong = read(&[("vmware_guests", "-1")]).unwrap_err().to_string();
        assert!(wrong.contains("vmware_guests"), "{wrong}");
    }

    #[test]
    fn what_is_no_quota_is_named() {
        for wrong in ["1.5", "-1", "many", "9999999999", "8589934592", "1e3"] {
            let error = read(&[("protected_item_quota_gb", wrong)]);
            if wrong.len() == 10 {
                assert!(error.unwrap_err().to_string().contains("larger"), "{wrong}");
            } else {
                let text = error.unwrap_err().to_string();
                assert!(text.contains("protected_item_quota_gb"), "{text}");
            }
        }
    }
}
