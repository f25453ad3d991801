//! The named values of a statement. The driver's own `params!` repeats its search for a name that is given twice at
//! each value, which makes the library larger.

use std::collections::HashMap;

use mysql::{Params, Value};

/// Values of a statement, by name: `params! { "id" => 7 }`.
macro_rules! params {
    ($($name:expr => $value:expr),+ $(,)?) => {{
        let mut named = $crate::database::NamedParams::default();
        $(named.set($name, ::mysql::Value::from($value));)+
        ::mysql::Params::from(named)
    }};
}
pub(crate) use params;

/// The parameters that [`params`] collects.
#[derive(Default)]
pub struct NamedParams(HashMap<Vec<u8>, Value>);

impl NamedParams {
    #[inline(never)]
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }
}

impl From<NamedParams> for Params {
    /// A statement without names wants none.
    fn from(named: NamedParams) -> Self {
        if named.0.is_empty() {
            return Self::Empty;
        }
        Self::Named(named.0)
    }
}
