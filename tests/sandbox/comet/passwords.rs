//! What is done with an account's password.

use super::accounts::check_password;
use super::random;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::state::Comet;
use super::text;
use super::version::Version;

const TOKEN_LIFETIME: i64 = 86_400;

/// Works with the recovery code of the profile, or with the old password.
pub fn reset(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let takes_old = comet.has(Version(20, 5, 0));
    let account = comet.account(&call.caller, name)?;
    let password = call.required("NewPassword")?;
    check_password(password)?;
    let code = text::get_string(account.profile(), "PasswordRecovery");
    let recoverable = !code.is_empty() && code == account.recovery_code;
    let old = call.optional("OldPassword");
    if takes_old && !old.is_empty() {
        if account.password.as_deref() != Some(old) {
            return Err(Refusal::WrongPassword);
        }
    } else if !recoverable {
        return Err(Refusal::NoRecoveryCode);
    }

    let mut profile = text::set_string(account.profile(), "PasswordHash", &random::key(60));
    if recoverable {
        account.recovery_code = random::key(184);
        profile = text::set_string(&profile, "PasswordRecovery", &account.recovery_code);
    }
    account.password = Some(password.to_owned());
    comet.store(name, profile);
    Ok(Done::ok())
}

/// Removes the second factor; fine where there is none.
pub fn disable_totp(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let mut profile = comet.account(&call.caller, name)?.profile().to_owned();
    profile = text::set(&profile, "AllowPasswordAndTOTPLogin", "false");
    profile = text::set(&profile, "AllowPasswordLogin", "true");
    profile = text::set_string(&profile, "TOTPKey", "");
    comet.store(name, profile);
    Ok(Done::ok())
}

pub fn create_install_token(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let now = comet.now();
    let account = comet.account(&call.caller, name)?;
    if account.password.as_deref() != Some(call.required("TargetPassword")?) {
        return Err(Refusal::WrongPassword);
    }
    let token = text::object([
        ("Username", text::quoted(name)),
        ("Server", text::quoted(call.optional("Server"))),
        ("Token", text::quoted(&random::key(32))),
        ("CreateTime", now.to_string()),
        ("ExpireTime", (now + TOKEN_LIFETIME).to_string()),
        ("Used", "false".to_owned()),
    ]);
    Ok(Done::ok_with([("InstallToken", token)]))
}
