//! `jetpack_SuspendAccount`: keeps the license without a request, or revokes it, as module setting 4 says.

use crate::error::Error;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::suspension_revokes;
use crate::jetpack::tables::licenses::Reason;
use crate::whmcs::{Host, Service};

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if !suspension_revokes(&service.options) {
        return Ok(());
    }
    let mut licensing = Licensing::open(host, service)?;
    let revoked = licensing
        .revoke_all(Reason::Suspended)
        // A license that nobody knows of would live on, and be paid for.
        .and_then(|()| licensing.refuse_while_undecided());
    licensing.finish(revoked.map(|()| Vec::new()))
}
