//! What stands above both modules and is about this installation as a whole: the doctor, and the addon module with its pages.

mod activate;
mod command;
mod doctor;
mod figures;
#[allow(dead_code)]
mod form;
#[allow(dead_code)]
mod html;
#[allow(dead_code)]
mod links;
mod output;
#[allow(dead_code)]
mod page;
mod pages;

#[cfg(feature = "php")]
pub mod exports;
