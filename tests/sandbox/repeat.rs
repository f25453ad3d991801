//! A list or map of many alike items, made once and answered many times at no cost.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

/// Stands in an item for its number, in six digits.
const NUMBER: &str = "%n";

#[derive(Clone, Deserialize)]
pub struct Repeat {
    count: u32,
    start: String,
    item: String,
    end: String,
    #[serde(skip)]
    made: Arc<OnceLock<Arc<Vec<u8>>>>,
}

impl Repeat {
    pub fn text(&self) -> Arc<Vec<u8>> {
        Arc::clone(self.made.get_or_init(|| Arc::new(self.make())))
    }

    fn make(&self) -> Vec<u8> {
        let room = self.item.len().saturating_mul(self.count as usize);
        let mut text = String::with_capacity(room + room / 8);
        text.push_str(&self.start);
        for number in 0..self.count {
            if number > 0 {
                text.push(',');
            }
            text.push_str(&self.item.replace(NUMBER, &format!("{number:06}")));
        }
        text.push_str(&self.end);
        text.into_bytes()
    }
}
