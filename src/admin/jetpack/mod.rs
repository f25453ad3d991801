//! The actions of staff on all Jetpack licenses at once: tokens, products, costs, and the list as a file.

pub mod costs;
pub mod csv;
pub mod hidden_tokens;
pub mod products;
pub mod tokens;
