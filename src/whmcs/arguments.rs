//! The arguments of an exported function, read from PHP: parameters, and the live model among them.

use ext_php_rs::types::Zval;

use super::Params;
use crate::php::exception::CallError;
use crate::php::{object, read};
use crate::php_value::Value;

/// The arguments of an exported function.
pub struct CallArguments {
    pub params: Params,
    /// The live model, for its service properties.
    pub model: Option<Zval>,
}

/// Reads the first argument; whatever it is, it becomes parameters.
///
/// # Errors
/// Where a property's getter called `exit`: the function must return at once.
pub fn read(argument: Option<&Zval>) -> Result<CallArguments, CallError> {
    let Some(table) = argument.map(Zval::dereference).and_then(Zval::array) else {
        let params = Params::new(Value::Null);
        return Ok(CallArguments {
            params,
            model: None,
        });
    };
    let mut entries = Vec::with_capacity(table.len() + 1);
    let mut model = None;
    let mut walk = table.iter();
    while let Some((key, value)) = walk.next_zval() {
        let name = read::key_text(&key);
        if name == "model" {
            // A getter may drop what the array refers to: the model is held, and read after the walk.
            model = Some(value.dereference().shallow_clone());
        } else {
            entries.push((name, read::read(value, 1)));
        }
    }
    if let Some(model) = model.as_ref().filter(|model| model.object().is_some()) {
        entries.push(("model".to_owned(), read_model(model)?));
    }
    Ok(CallArguments {
        params: Params::new(Value::Array(entries)),
        model: model.filter(|model| model.object().is_some()),
    })
}

fn read_model(model: &Zval) -> Result<Value, CallError> {
    let class_names = model.object().map(object::class_names).unwrap_or_default();
    let mut entries = vec![(Params::MODEL_CLASS.to_owned(), Value::from(class_names))];
    for name in Params::MODEL_PROPERTIES {
        let value = match object::property(model, name) {
            Ok(value) => read::read(&value, 1),
            // A getter that throws has no value; the command may do without it.
            Err(CallError::Threw(_)) => Value::Null,
            Err(exit) => return Err(exit),
        };
        entries.push((name.to_owned(), value));
    }
    entries.push((Params::PARENT_DOMAIN.to_owned(), parent_domain(model)?));
    Ok(Value::Array(entries))
}

/// `$addon->service->domain`.
fn parent_domain(model: &Zval) -> Result<Value, CallError> {
    let found =
        object::property(model, "service").and_then(|service| object::property(&service, "domain"));
    match found {
        Ok(domain) => Ok(read::read(&domain, 1)),
        Err(CallError::Exit) => Err(CallError::Exit),
        Err(_) => Ok(Value::Null),
    }
}
