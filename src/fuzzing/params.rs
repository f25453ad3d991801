//! `$params`, as junk.

use serde_json::Value as Json;

use crate::cometbackup::comet::server::CometServer;
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::Params;

/// Parameters written as JSON.
pub fn params(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Json>(bytes) else {
        return;
    };
    let value = php(&json);
    let params = Params::new(value.clone());
    let is_nothing = matches!(&value, Value::Array(entries) if entries.is_empty());
    assert_eq!(params.concern_everything(), is_nothing);
    let options = params.options();
    assert!(options.at(0).is_none() && options.at(25).is_none());
    // It is refused or taken: nothing else.
    let _ = CometServer::new(&params.server());
    let Ok(service) = params.service() else {
        return;
    };
    assert!(params.concern_a_service());
    assert!(service.quantity != Some(0));
    let (ServiceId::Service(id) | ServiceId::Addon { id, .. }) = service.id;
    assert!(id > 0, "a service has an id");
    let plain = "&<>\"'";
    assert_eq!(decode_entities(plain), plain);
}

/// As PHP would have it: a text without characters above 255 is those bytes, so that not all are UTF-8.
fn php(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => {
            let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
            Value::Bytes(bytes.unwrap_or_else(|_| text.clone().into_bytes()))
        }
        Json::Array(items) => {
            let entries = items.iter().enumerate();
            Value::Array(
                entries
                    .map(|(at, item)| (at.to_string(), php(item)))
                    .collect(),
            )
        }
        Json::Object(entries) => Value::Array(
            entries
                .iter()
                .map(|(name, value)| (name.clone(), php(value)))
                .collect(),
        ),
    }
}
