//! The actions of staff on all of Comet at once: the configurable options and custom fields of a product.

pub mod options;
