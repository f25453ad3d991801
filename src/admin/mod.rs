//! What stands above both modules and is about this installation as a whole: the doctor, and the addon module with its pages.

mod activate;
mod comet;
mod command;
mod doctor;
mod figures;
mod form;
#[allow(dead_code)]
mod html;
mod jetpack;
#[allow(dead_code)]
mod links;
mod output;
#[allow(dead_code)]
mod page;
mod pages;
mod validate;

#[cfg(feature = "php")]
pub mod exports;
