//! Why the server refuses a request, and the error answer for it.

use serde::Deserialize;

use super::version::Version;

/// A test may give each of them another status and message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    Unauthorised,
    TotpRequired,
    NotPermitted,
    RoleOff,
    MissingParameter,
    UnknownUser,
    NameTaken,
    BadName,
    BadPassword,
    WrongPassword,
    NoRecoveryCode,
    UnknownOrganization,
    BadDocument,
    StaleHash,
    UnknownPolicy,
    StalePolicyHash,
    UnknownProvider,
    UnknownDevice,
    UnknownConnection,
    UnknownPlatform,
    BadQuery,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ErrorMessage {
    pub status: u16,
    pub message: String,
}

impl Refusal {
    pub fn message(self, version: Version) -> ErrorMessage {
        let (status, message) = match self {
            // Until about 22.5 an unknown user looked like wrong credentials.
            Self::UnknownUser if version < Version(22, 5, 0) => (403, "Unauthorised"),
            Self::Unauthorised => (403, "Unauthorised"),
            Self::TotpRequired => (403, "ERR_TOTP_REQUIRED"),
            Self::NotPermitted => (403, "Permission denied"),
            Self::RoleOff => (400, "The role is not enabled on this server"),
            Self::MissingParameter => (400, "Missing parameter"),
            Self::UnknownUser => (400, "User not found"),
            Self::NameTaken => (400, "Username already exists"),
            Self::BadName => (400, "Invalid username"),
            Self::BadPassword => (400, "Password must be at least 8 characters"),
            Self::WrongPassword => (400, "Incorrect password"),
            Self::NoRecoveryCode => (400, "No recovery code is available for this account"),
            Self::UnknownOrganization => (400, "Organization not found"),
            Self::BadDocument => (400, "Invalid JSON"),
            Self::StaleHash => (400, "The profile was changed in the meantime"),
            Self::UnknownPolicy => (404, "Policy not found"),
            Self::StalePolicyHash => (400, "The policy was changed in the meantime"),
            Self::UnknownProvider => (400, "Storage provider not found"),
            Self::UnknownDevice => (400, "ERR_UNKNOWN_DEVICE"),
            Self::UnknownConnection => (400, "Target is not connected"),
            Self::UnknownPlatform => (400, "Platform is not available"),
            Self::BadQuery => (400, "Invalid query"),
        };
        ErrorMessage {
            status,
            message: message.to_owned(),
        }
    }
}
