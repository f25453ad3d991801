//! The machine under PHP: `SELinux`, and the limits of the process.

use std::fs;

use super::Line;

/// Threads and connections need this many of each, with what PHP itself has open.
const FEWEST_FILES: u64 = 128;
const FEWEST_PROCESSES: u64 = 32;

pub fn lines() -> Vec<Line> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let mut lines = Vec::new();
    lines.extend(selinux(
        read("/sys/fs/selinux/enforce").as_deref(),
        read("/sys/fs/selinux/booleans/httpd_can_network_connect").as_deref(),
    ));
    lines.extend(read("/proc/self/limits").map(|text| limits(&text)));
    lines
}

/// `boolean` is "current pending", each 0 or 1.
fn selinux(enforce: Option<&str>, boolean: Option<&str>) -> Option<Line> {
    let check = "machine.selinux";
    if enforce.is_none_or(|text| text.trim() != "1") {
        return None;
    }
    Some(match boolean {
        Some(text) if text.trim_start().starts_with('0') => Line::fault(
            check,
            "SELinux does not let PHP of the web server connect to other servers, so neither Jetpack nor Comet can be reached from pages. Run setsebool -P httpd_can_network_connect on.",
        ),
        _ => Line::fine(
            check,
            "SELinux is on and lets PHP of the web server connect to other servers.",
        ),
    })
}

fn limits(text: &str) -> Line {
    let check = "machine.limits";
    let soft = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let low = [
        (
            "processes and threads",
            soft("Max processes"),
            FEWEST_PROCESSES,
        ),
        ("open files", soft("Max open files"), FEWEST_FILES),
    ];
    // "unlimited" is no number.
    let low = low.into_iter().find_map(|(what, limit, fewest)| {
        limit
            .filter(|limit| *limit < fewest)
            .map(|limit| (what, limit, fewest))
    });
    match low {
        Some((what, limit, fewest)) => Line::note(
            check,
            format!(
                "This PHP may have {limit} {what} at most, and pages may need {fewest} in all. Without a thread requests are sent one after the other. Raise the limit of the user of WHMCS."
            ),
        ),
        None => Line::fine(
            check,
            "The limits on processes and open files are wide enough.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::doctor::CheckState;

    #[test]
    fn selinux_is_mentioned_where_it_is_on() {
        let state = |enforce, boolean| selinux(enforce, boolean).map(|line| line.state);
        assert!(state(None, None).is_none());
        assert!(state(Some("0"), Some("0 0")).is_none());
        assert!(state(Some("1"), Some("0 0")) == Some(CheckState::Fault));
        assert!(state(Some("1\n"), Some("1 1")) == Some(CheckState::Fine));
    }

    #[test]
    fn a_low_limit_is_noted_and_none_is_fine() {
        let of = |processes: &str, files: &str| {
            limits(&format!(
                "Limit  Soft Limit  Hard Limit  Units\nMax processes   {processes}  99  processes\nMax open files  {files}  4096  files\n"
            ))
        };
        assert!(of("unlimited", "1024").state == CheckState::Fine);
        let low = of("20", "1024");
        assert!(low.state == CheckState::Note && low.text.contains("20 processes"));
        assert!(of("1000", "64").text.contains("64 open files"));
    }
}
