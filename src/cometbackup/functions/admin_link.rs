//! `cometbackup_AdminLink`: the form in WHMCS's list of servers that opens the Comet Server by WHMCS's own sign-on. No
//! request, no statement, and no secret of the server.

use crate::error::Error;
use crate::text::escape_html;
use crate::whmcs::{Host, Server};

/// Returns HTML; empty for a server that is not saved, or where WHMCS has no token for a form.
#[allow(clippy::unnecessary_wraps)]
pub fn run(host: &dyn Host, server: &Server) -> Result<String, Error> {
    let token = host.form_token().filter(|token| !token.is_empty());
    let Some(token) = token.filter(|_| server.id != 0) else {
        return Ok(String::new());
    };
    Ok(format!(
        r#"<form action="configservers.php" method="post" target="_blank"><input type="hidden" name="token" value="{}"><input type="hidden" name="action" value="singlesignon"><input type="hidden" name="serverid" value="{}"><input type="submit" class="btn btn-default btn-sm" value="Open Comet Server"></form>"#,
        escape_html(&token),
        server.id
    ))
}
