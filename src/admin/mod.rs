//! The part above both modules, about this installation as a whole: the doctor, and the addon module with its pages.

mod activate;
mod comet;
mod command;
mod doctor;
mod figures;
mod form;
mod html;
mod jetpack;
mod links;
mod output;
mod page;
mod pages;
mod validate;

#[cfg(feature = "php")]
pub mod exports;
