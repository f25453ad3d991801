//! Output past WHMCS, straight to the visitor: a file, a redirect, the end of the request.

use std::ffi::c_int;
use std::fmt::Write;
use std::time::Instant;

use ext_php_rs::zend::{
    BailoutGuard, ExecutorGlobals, ProcessGlobals, SapiGlobals, output_write, php_sapi_name,
    set_header, set_response_code,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::call;
use crate::attachment::Attachment;
use crate::pace::{Pace, Stall};

/// Output is written and read in pieces of at most this size.
const PIECE: usize = 64 * 1024;
/// More layers than any page has; a layer that cannot be ended stays.
const LAYERS: u32 = 64;
/// `PHP_CONNECTION_ABORTED` of `main/php.h`.
const ABORTED: i16 = 1;
/// As after a fatal error.
const FAILED: c_int = 255;

unsafe extern "C" {
    /// `zend_exceptions.h`: what `exit` does, since PHP 8.0.
    fn zend_throw_unwind_exit();
    /// `unistd.h`: ends the process at once.
    fn _exit(status: c_int) -> !;
}

/// Whether nothing was sent yet, so that a file can be. The engine knows it; PHP's function may be disabled.
pub fn is_untouched() -> bool {
    SapiGlobals::get().headers_sent == 0
}

/// Passes the file on as it arrives, no faster than the visitor takes it. What was waiting to be shown is dropped.
///
/// Where the file breaks off in the middle, so does the response. A promised length is then not reached, which browsers
/// notice; without one they would take the end of the script for the end of the file, so see `break_off`.
pub fn send(mut attachment: Attachment) {
    // Other pages of the visitor wait for the session, and `exit` would wait for nothing.
    let _ = call::function("session_write_close", vec![]);
    let _ = call::function("set_time_limit", vec![&0_i64]);
    // A visitor who goes away is noticed below; PHP's own way skips our destructors.
    ProcessGlobals::get_mut().ignore_user_abort = true;
    drop_layers();
    headers(&attachment);
    let at_the_end = attachment.at_the_end.take();
    // A fatal error in a layer that could not be ended skips destructors, too.
    let mut attachment = BailoutGuard::new(attachment);
    let end = pass_on(attachment.get_mut());
    if let Some(at_the_end) = at_the_end
        && let Err(error) = at_the_end()
    {
        call::error_log(&format!("whmcs_provisioning: {error}"));
    }
    if let Err((sent, reason)) = end {
        break_off(attachment.get(), sent, &reason);
    }
}

/// The error is how far it came, and why no further. A visitor who goes away is none.
fn pass_on(attachment: &mut Attachment) -> Result<(), (u64, String)> {
    let stall = is_fpm().then(|| Stall::watch(attachment.limits.window() * 2, end_process));
    let stall = BailoutGuard::new(stall.flatten());
    let give = |data: &[u8], sent: &mut u64| match stall.get() {
        Some(stall) => stall.during(|| write(data, sent)),
        None => write(data, sent),
    };
    let mut pace = Pace::new(attachment.limits, Instant::now());
    let mut piece = BailoutGuard::new(vec![0_u8; PIECE]);
    let start = BailoutGuard::new(std::mem::take(&mut attachment.start));
    let mut sent = 0;
    let mut is_taken = give(start.get(), &mut sent);
    while is_taken {
        match (attachment.rest)(piece.get_mut()) {
            Ok(0) => break,
            Ok(length) => is_taken = give(piece.get().get(..length).unwrap_or_default(), &mut sent),
            Err(reason) => return Err((sent, reason)),
        }
        if let Some(reason) = pace.ends(Instant::now(), sent) {
            return Err((sent, reason));
        }
    }
    let promised = attachment.length;
    if is_taken && promised.is_some_and(|promised| promised != sent) {
        return Err((
            sent,
            "its length is not the one that the server announced".into(),
        ));
    }
    Ok(())
}

/// Prints, through whatever buffers there are; nothing where the request is ending.
pub fn print(text: &str) {
    if ExecutorGlobals::pending_exception_class().is_none() {
        let _ = output_write(text.as_bytes());
    }
}

/// Sends the browser to another address.
pub fn redirect(address: &str) {
    drop_layers();
    let _ = set_response_code(302);
    // Refused only where headers are sent, which was checked before.
    let _ = set_header(&format!("Location: {address}"));
    let _ = set_header("Cache-Control: private, no-store");
}

/// Ends the script as `exit` does: the caller has to return at once.
pub fn end_request() {
    if ExecutorGlobals::pending_exception_class().is_none() {
        // SAFETY: called on PHP's thread in an internal function, with no exception pending.
        unsafe { zend_throw_unwind_exit() };
    }
}

/// False where nobody takes it any more.
fn write(data: &[u8], sent: &mut u64) -> bool {
    *sent += data.len() as u64;
    let _ = output_write(data);
    let _ = call::function("flush", vec![]);
    ProcessGlobals::get().connection_status & ABORTED == 0
}

fn drop_layers() {
    for _ in 0..LAYERS {
        let level = call::function("ob_get_level", vec![]);
        if !level.is_ok_and(|level| level.long() > Some(0)) {
            return;
        }
        if !call::function("ob_end_clean", vec![]).is_ok_and(|ended| ended.bool() == Some(true)) {
            return;
        }
    }
}

fn headers(attachment: &Attachment) {
    let name = &attachment.file_name;
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii() { c } else { '_' })
        .collect();
    let mut disposition = format!("Content-Disposition: attachment; filename=\"{ascii}\"");
    if ascii != *name {
        let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
        // Writing to a String cannot fail.
        let _ = write!(disposition, "; filename*=UTF-8''{encoded}");
    }
    let mut lines = vec![
        "Content-Type: application/octet-stream".to_owned(),
        disposition,
        "X-Content-Type-Options: nosniff".to_owned(),
        "Cache-Control: private, no-store".to_owned(),
    ];
    lines.extend(
        attachment
            .length
            .map(|length| format!("Content-Length: {length}")),
    );
    // Compression would change the length, and nginx would collect the file on its disk.
    let _ = call::function("ini_set", vec![&"zlib.output_compression", &"0"]);
    let _ = call::function("header_remove", vec![&"Content-Encoding"]);
    let _ = call::function("header_remove", vec![&"Expires"]);
    let _ = call::function("header_remove", vec![&"Pragma"]);
    lines.push("X-Accel-Buffering: no".to_owned());
    let _ = set_response_code(200);
    for line in &lines {
        // Refused only where headers are sent, which was checked before.
        let _ = set_header(line);
    }
}

fn break_off(attachment: &Attachment, sent: u64, reason: &str) {
    call::error_log(&format!(
        "whmcs_provisioning: the download of {} ended after {sent} bytes: {reason}",
        attachment.file_name
    ));
    ExecutorGlobals::get_mut().exit_status = FAILED;
    if attachment.length.is_none() && is_fpm() {
        let _ = call::function("flush", vec![]);
        // FastCGI has no word for a response that failed half-way; only a worker that is gone before the end of the
        // request makes the web server break the customer's connection off. A worker has one request at a time,
        // and PHP-FPM starts another one.
        end_process();
    }
}

fn is_fpm() -> bool {
    php_sapi_name().as_deref() == Some("fpm-fcgi")
}

/// Ends the worker at once, without destructors and without the end of the request, which would tell the web server that
/// the response is whole. PHP-FPM notes the worker's end in its log, and starts another one.
fn end_process() {
    // SAFETY: nothing of this process is used afterwards.
    unsafe { _exit(FAILED) };
}
