//! The typed view of WHMCS's `$params`: nothing else reads the raw array.

use super::server::Server;
use super::service::{Client, NamedValues, Options, Service};
use super::service_status::ServiceStatus;
use crate::error::Error;
use crate::php_value::Value;
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::text::decode_entities;

/// The parameters that WHMCS passed, converted by the PHP boundary. The `model` is an array of the properties
/// that `MODEL_PROPERTIES` names, and `MODEL_CLASS`.
#[derive(Debug)]
pub struct Params(Value);

impl Params {
    /// Properties that are read from the model, where it has them.
    pub const MODEL_PROPERTIES: [&str; 8] = [
        "id",
        "orderid",
        "orderId",
        "userid",
        "clientId",
        "qty",
        "hostingid",
        "serviceId",
    ];
    /// Key of the domain of the service that an addon's model belongs to.
    pub const PARENT_DOMAIN: &str = " service domain";
    /// Key of the model's class and parents, in lower case, joined by spaces.
    pub const MODEL_CLASS: &str = " class";

    pub const fn new(value: Value) -> Self {
        Self(value)
    }

    /// Whether this is the call of a daily job, which concerns no service: an array without entries.
    pub const fn concern_everything(&self) -> bool {
        matches!(&self.0, Value::Array(entries) if entries.is_empty())
    }

    /// The service or product addon that the parameters describe.
    ///
    /// # Errors
    /// `Error::Refusal` where they are not those of a service: an addon module's, a server's, or junk.
    pub fn service(&self) -> Result<Service, Error> {
        let model = self.0.get("model");
        if !matches!(model, Value::Array(_)) {
            return Err(not_a_service("it passed no model"));
        }
        let service_id = self.service_id(model)?;
        Ok(Service {
            id: service_id,
            client_id: first_id(&[
                self.0.get("userid"),
                model.get("userid"),
                model.get("clientId"),
            ]),
            order_id: order_id(model),
            product_id: first_id(&[self.0.get("pid"), self.0.get("packageid")]),
            quantity: model.get("qty").id(),
            status: ServiceStatus::named(&self.text("status")),
            domain: self.domain(model),
            options: self.options(),
            username: self.text("username"),
            password: Secret::new(self.text("password")),
            custom_fields: NamedValues::read(self.0.get("customfields")),
            configurable_options: NamedValues::read(self.0.get("configoptions")),
            client: Client::read(self.0.get("clientsdetails")),
            server: self.server(),
        })
    }

    /// Whether WHMCS passed a service: a command, a page, or a button that names any function of the module.
    pub fn concern_a_service(&self) -> bool {
        let has_id = |key: &str| self.0.get(key).id().is_some();
        has_id("serviceid") || has_id("addonId") || matches!(self.0.get("model"), Value::Array(_))
    }

    /// The values of a hook, which concern no service.
    pub const fn of_a_hook(&self) -> &Value {
        &self.0
    }

    /// The server that is assigned, or that a connection test is about; fields may be empty.
    pub fn server(&self) -> Server {
        Server::read(&self.0)
    }

    /// The module settings; also for calls that concern no service.
    pub fn options(&self) -> Options {
        Options::read(&self.0)
    }

    fn service_id(&self, model: &Value) -> Result<ServiceId, Error> {
        let class = model.get(Self::MODEL_CLASS).text().unwrap_or_default();
        let is_addon_model = class.split(' ').any(|name| name == "whmcs\\service\\addon");
        let addon = self.0.get("addonId").id();
        let service = self.0.get("serviceid").id();
        if addon.is_some() || is_addon_model {
            let id = addon
                .or_else(|| model.get("id").id())
                .ok_or_else(|| not_a_service("it passed no addonId"))?;
            let parent = first_id(&[
                self.0.get("serviceid"),
                model.get("hostingid"),
                model.get("serviceId"),
            ]);
            return Ok(ServiceId::Addon {
                id,
                service: parent,
            });
        }
        service
            .map(ServiceId::Service)
            .ok_or_else(|| not_a_service("it passed no serviceid"))
    }

    /// An addon mostly has none of its own.
    fn domain(&self, model: &Value) -> String {
        let own = self.text("domain");
        if own.trim().is_empty() {
            return model.get(Self::PARENT_DOMAIN).text().unwrap_or_default();
        }
        own
    }

    fn text(&self, key: &str) -> String {
        decode_entities(&self.0.get(key).text().unwrap_or_default())
    }
}

fn not_a_service(why: &str) -> Error {
    Error::Refusal(format!(
        "WHMCS did not say which service this is about ({why}). Run the command from the service's page."
    ))
}

/// No order is an answer; an order that cannot be read is none.
fn order_id(model: &Value) -> Option<u32> {
    [model.get("orderid"), model.get("orderId")]
        .into_iter()
        .find_map(Value::whole)
        .and_then(|id| u32::try_from(id).ok())
}

fn first_id(values: &[&Value]) -> u32 {
    values
        .iter()
        .find_map(|value| value.id())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(entries: &[(&str, Value)]) -> Value {
        Value::Array(
            entries
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
        )
    }

    fn model(entries: &[(&str, Value)]) -> (&'static str, Value) {
        ("model", array(entries))
    }

    #[test]
    fn a_service_is_read_with_types_as_whmcs_mixes_them() {
        let params = Params::new(array(&[
            ("serviceid", Value::from("100")),
            ("pid", Value::Int(1)),
            ("userid", Value::from("10")),
            ("status", Value::from("Active")),
            ("configoption1", Value::from("tok&amp;lt;=1")),
            ("configoption4", Value::Int(4)),
            model(&[("orderid", Value::from("500")), ("qty", Value::Int(3))]),
        ]));
        let service = params.service().unwrap();
        assert_eq!(service.id, ServiceId::Service(100));
        assert_eq!((service.order_id, service.product_id), (Some(500), 1));
        assert_eq!((service.client_id, service.quantity), (10, Some(3)));
        assert_eq!(service.status, ServiceStatus::Active);
        assert_eq!(service.options.at(1), Some("tok&lt;=1"));
        assert_eq!(service.options.at(2), None);
        assert_eq!(service.options.at(4), Some("4"));
        assert_eq!(service.options.at(0), None);
    }

    #[test]
    fn an_addon_is_known_by_its_id_or_by_its_model() {
        let by_id = Params::new(array(&[
            ("serviceid", Value::Int(100)),
            ("addonId", Value::from("300")),
            model(&[]),
        ]));
        let by_model = Params::new(array(&[
            ("serviceid", Value::Int(100)),
            model(&[
                ("id", Value::Int(300)),
                (
                    Params::MODEL_CLASS,
                    Value::from("mine whmcs\\service\\addon"),
                ),
            ]),
        ]));
        let addon = ServiceId::Addon {
            id: 300,
            service: 100,
        };
        assert_eq!(by_id.service().unwrap().id, addon);
        assert_eq!(by_model.service().unwrap().id, addon);
    }

    #[test]
    fn parameters_of_an_addon_module_are_no_service() {
        let addon_module = array(&[
            ("module", Value::from("jetpack")),
            ("api_token", Value::from("tok")),
        ]);
        for junk in [addon_module, Value::Null, Value::Int(1), array(&[])] {
            assert!(Params::new(junk).service().is_err());
        }
        let no_id = array(&[("serviceid", Value::from("x")), model(&[])]);
        assert!(Params::new(no_id).service().is_err());
    }

    #[test]
    fn a_quantity_that_is_none_is_not_known() {
        for quantity in [
            Value::Null,
            Value::Int(0),
            Value::Int(-2),
            Value::from("many"),
        ] {
            let params = Params::new(array(&[
                ("serviceid", Value::Int(1)),
                model(&[("qty", quantity)]),
            ]));
            assert_eq!(params.service().unwrap().quantity, None);
        }
    }
}
