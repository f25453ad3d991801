//! `jetpack_ConnectSite`, the button "Connect site": staff say that the site is the client's. Two requests.

use crate::error::Error;
use crate::jetpack::Activation;
use crate::jetpack::licensing::activation::{self, Requester};
use crate::jetpack::tables::licenses::StoredLicense;
use crate::whmcs::{Host, Service};

/// Whether there is anything to connect, for the row of buttons.
pub fn is_offered(service: &Service, active: &[StoredLicense]) -> bool {
    connects(service) && activation::unattached(service, active).is_some()
}

/// Connects the site that the service names and attaches the first license to it.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if !connects(service) {
        return Err(Error::Refusal(
            "The product does not connect sites. Choose that in its module setting 5, or press Attach to site.".into(),
        ));
    }
    match activation::on_request(host, service, Requester::Staff) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Refusal(
            "There is no license to attach: the service holds none, or it is attached already. Look at the field Site on the service page.".into(),
        )),
        Err(failed) => Err(failed.error),
    }
}

fn connects(service: &Service) -> bool {
    Activation::of(&service.options) == Activation::ConnectAndAttach
}
