use super::quotas::stored_limit;
use std::collections::HashSet;

use super::*;
use crate::cometbackup::comet::installers;
use crate::cometbackup::comet::job::BackupJob;
use crate::cometbackup::comet::limits::Limit;
use crate::error::{FailedTask, RefusedRequest};
use crate::whmcs::fake_host::FakeHost;

/// From the sample documents: two vaults, three items of which one failed by quota, names of strangers.
const PROFILE: &str = r#"{"Username":"northwind-4127","AccountName":"Northwind Traders Ltd","Emails":["it@northwind.example"],
    "Destinations":{
      "v1":{"Description":"Managed storage (Frankfurt)","CreateTime":1729314060,"DestinationType":1003,
        "CometBucketKey":"SECRET-bucket","S3SecretKey":"SECRET-s3","SFTPPassword":"SECRET-sftp","Storj":{"Passphrase":"SECRET-storj"},
        "EncryptedEncryptionKey":"SECRET-key","StorageLimitEnabled":true,"StorageLimitBytes":214748364800,
        "Statistics":{"ClientProvidedSize":{"Size":201523724288,"MeasureCompleted":1763936450,"Key":"SECRET-new"}},
        "PreExec":["SECRET-command"]},
      "v2":{"Description":"Offsite copy","DestinationType":1000,"StorageLimitEnabled":false,"StorageLimitBytes":0,
        "Statistics":{"ClientProvidedSize":{"Size":55835623424,"MeasureCompleted":1763945350}}}},
    "Sources":{
      "s1":{"Engine":"engine1/file","Description":"Shared folders","OwnerDevice":"d1","EngineProps":{"PASSWORD":"SECRET-engine"},
        "Statistics":{"LastBackupJob":{"Status":5000,"TotalSize":248085592065},
          "LastSuccessfulBackupJob":{"Status":5000,"TotalSize":248085592065,"CancellationID":"SECRET-cancel"}}},
      "s2":{"Engine":"engine1/windisk","Description":"System disk","OwnerDevice":"d1",
        "Statistics":{"LastBackupJob":{"Status":7003,"TotalSize":0},
          "LastSuccessfulBackupJob":{"Status":5000,"TotalSize":107374182400}}},
      "s3":{"Engine":"engine1/winmsofficemail","Description":"Müller & Söhne <b>","OwnerDevice":"d2"}},
    "BackupRules":{"r1":{"Description":"Nightly","Source":"s1","Destination":"v1","PreExec":["SECRET-rule"]}},
    "Devices":{
      "d1":{"FriendlyName":"NW-FILES01","RegistrationTime":1729319000,"ClientVersion":"25.9.6",
        "PlatformVersion":{"version":"10.0.20348","distribution":"Windows Server 2022","os":"windows","arch":"amd64"}},
      "d2":{"FriendlyName":"<script>alert(1)</script>","PlatformVersion":{"version":"12","distribution":"debian","os":"linux"}}},
    "IsSuspended":false,"AllProtectedItemsQuotaEnabled":true,"AllProtectedItemsQuotaBytes":536870912000,"MaximumDevices":3,
    "PolicyID":"p1","Policy":{"X":"SECRET-policy"},"PasswordFormat":2,"PasswordHash":"SECRET-hash","PasswordRecovery":"SECRET-recovery",
    "TOTPKey":"SECRET-totp","CreateTime":1729314000,"CreationGUID":"g","FutureSecret":{"Deep":"SECRET-future"}}"#;

fn read(profile: &str) -> PageData {
    let answer = format!(r#"{{"Status":200,"ProfileHash":"h1","Profile":{profile}}}"#);
    let profile = Profile::from_answer(&answer).unwrap();
    let shown = pruned::pruned(profile.text());
    PageData {
        username: "northwind-4127".into(),
        profile: shown.profile,
        totals: shown.totals,
        hash: profile.hash.clone(),
        vaults: profile.vaults().into_iter().take(1).collect(),
        ..PageData::default()
    }
}

fn texts() -> Texts {
    Texts::for_visitor(&FakeHost::new(""), &TEXTS)
}

fn vars(read: &PageData) -> Value {
    vars_at(read, 1_764_000_000)
}

fn vars_at(read: &PageData, now: i64) -> Value {
    let texts = texts();
    let view = View {
        texts: &texts,
        agent: None,
        now,
    };
    let page = page(
        &view,
        State::Active,
        None,
        Some(ServiceId::Service(200)),
        read,
    );
    page.get("vars").clone()
}

fn word(value: &Value) -> String {
    value.text().unwrap_or_else(|| format!("{value:?}"))
}

fn job(at: i64) -> BackupJob {
    BackupJob {
        guid: format!("j{at}"),
        username: "northwind-4127".into(),
        classification: 4001,
        status: 5000,
        start_time: at,
        end_time: at + 3661,
        source: "s1".into(),
        vault: "v1".into(),
        device: "d1".into(),
        total_files: 1234,
        total_size: 5_368_709_120,
        upload_size: 3_145_728,
        download_size: 900,
        ..BackupJob::default()
    }
}

fn rows(value: &Value) -> usize {
    match value {
        Value::Array(rows) => rows.len(),
        _ => panic!("no list: {value:?}"),
    }
}

#[test]
fn no_secret_and_no_field_of_later_servers_is_on_the_page() {
    let mut read = read(PROFILE);
    read.jobs = vec![job(1_763_900_000)].into();
    let mut texts = String::new();
    collect(&vars(&read), &mut texts);
    assert!(texts.contains("Managed storage (Frankfurt)"));
    assert!(!texts.contains("SECRET"), "{texts}");
    for field in [
        "PasswordHash",
        "EngineProps",
        "FutureSecret",
        "TOTPKey",
        "CometBucketKey",
        "PreExec",
    ] {
        assert!(!texts.contains(field), "{field}");
    }
}

fn collect(value: &Value, texts: &mut String) {
    match value {
        Value::Array(entries) => {
            for (key, value) in entries {
                texts.push_str(key);
                texts.push('\n');
                collect(value, texts);
            }
        }
        Value::Bytes(text) => {
            texts.push_str(&String::from_utf8_lossy(text));
            texts.push('\n');
        }
        _ => {}
    }
}

#[test]
fn used_and_allowed_are_of_the_vault_the_plan_pays_for() {
    let vars = vars(&read(PROFILE));
    for (name, expected) in [
        ("storedSize", "187.68 GB"),
        ("storedOf", "200.00 GB"),
        ("percent", "93"),
        ("storedAt", "2025-11-23 22:20"),
        ("protectedSize", "331.05 GB"),
        ("protectedAllowed", "500.00 GB"),
        ("protectedPercent", "66"),
        ("devicesUsed", "2"),
        ("devicesAllowed", "3"),
        ("devicesPercent", "66"),
        ("storedBytes", "201523724288"),
    ] {
        assert_eq!(word(vars.get(name)), expected, "{name}");
    }
    let copy = vars.get("vaults").get("1");
    assert_eq!(copy.get("ofPlan"), &Value::Bool(false));
    assert_eq!(word(copy.get("stored")), "52.00 GB");
}

#[test]
fn variables_of_the_php_module_keep_names_and_formats() {
    let mut read = read(PROFILE);
    let gone = BackupJob {
        source: "gone".into(),
        ..job(1_763_900_001)
    };
    let lost_device = BackupJob {
        device: "gone".into(),
        classification: 4099,
        ..job(1_763_900_000)
    };
    read.jobs = vec![gone, lost_device].into();
    let vars = vars(&read);
    assert_eq!(vars.get("AllProtectedItemsQuota"), &Value::Int(500));
    assert_eq!(vars.get("StorageVaultQuota"), &Value::Int(200));
    assert_eq!(vars.get("MaximumDevices"), &Value::Int(3));
    assert_eq!(word(vars.get("CreateTime")), "2024-10-19 05:00:00am");
    assert_eq!(word(vars.get("totalSize")), "331.05 GB");
    let answer = vars.get("userProfile");
    assert_eq!(answer.get("Status"), &Value::Int(200));
    assert_eq!(word(answer.get("ProfileHash")), "h1");
    let vault = answer.get("Profile").get("Destinations").get("v1");
    assert_eq!(vault.get("StorageLimitBytes"), &Value::Int(214_748_364_800));
    let jobs = vars.get("getJobsForUser");
    assert_eq!(rows(jobs), 1);
    for (name, expected) in [
        ("DeviceName", "Unknown"),
        ("SourceDescription", "Shared folders"),
        ("Classification", "Unknown"),
        ("Status", "Success"),
        ("TotalFiles", "1234"),
        ("TotalSize", "5.00 GB"),
        ("UploadSize", "3.00 MB"),
        ("DownloadSize", "900 bytes"),
        ("StartTime", "2025-11-23 12:13:20"),
        ("EndTime", "1763903661"),
    ] {
        assert_eq!(word(jobs.get("0").get(name)), expected, "{name}");
    }
    // The page itself shows both, with what is gone named as that.
    assert_eq!(rows(vars.get("jobs")), 2);
    let first = vars.get("jobs").get("0");
    assert_eq!(word(first.get("item")), "Removed item");
    assert_eq!(word(first.get("started")), "2025-11-23 12:13");
    assert_eq!(word(first.get("duration")), "1 h 1 min");
}

#[test]
fn a_new_account_has_no_limits_and_nothing_is_measured() {
    for profile in [
        r#"{"Destinations":{},"Devices":{},"Sources":{},"MaximumDevices":0,"AllProtectedItemsQuotaEnabled":false,
            "AllProtectedItemsQuotaBytes":99,"CreateTime":1767225600}"#,
        r#"{"Destinations":null,"Devices":null,"Sources":null,"Emails":null,"CreateTime":1767225600}"#,
        r#"{"Destinations":[],"Devices":7,"Sources":"x","MaximumDevices":"many","AllProtectedItemsQuotaEnabled":1,
            "CreateTime":1767225600}"#,
    ] {
        let vars = vars(&read(profile));
        assert_eq!(vars.get("AllProtectedItemsQuota"), &Value::Int(0));
        assert_eq!(vars.get("StorageVaultQuota"), &Value::Bool(false));
        assert_eq!(word(vars.get("CreateTime")), "2026-01-01 12:00:00am");
        assert_eq!(word(vars.get("totalSize")), "0 bytes");
        assert_eq!(word(vars.get("storedOf")), "unlimited");
        assert_eq!(word(vars.get("devicesAllowed")), "unlimited");
        assert_eq!(vars.get("percent"), &Value::Null);
        let shown = vars.get("userProfile").get("Profile");
        for map in ["Destinations", "Devices", "Sources", "Emails"] {
            assert_eq!(rows(shown.get(map)), 0, "{map}");
        }
    }
    let fresh = read(r#"{"Destinations":{"v1":{"StorageLimitEnabled":false}},"CreateTime":1}"#);
    assert_eq!(word(vars(&fresh).get("storedSize")), "not measured yet");
}

#[test]
fn vaults_are_added_up_and_one_without_a_limit_lifts_it() {
    let mut read = read(
        r#"{"Destinations":{"a":{"StorageLimitEnabled":true,"StorageLimitBytes":1610612736},
            "b":{"StorageLimitEnabled":true,"StorageLimitBytes":1073741824},"c":{},
            "d":{"StorageLimitID":"q1","StorageLimitBytes":5},
            "e":{"StorageLimitEnabled":true,"StorageLimitBytes":9223372036854775807}}}"#,
    );
    let mut limit = |ids: &[&str]| {
        read.vaults = ids.iter().map(|id| (*id).to_owned()).collect();
        (
            stored_limit(&read),
            vars(&read).get("StorageVaultQuota").clone(),
        )
    };
    assert_eq!(
        limit(&["a"]),
        (Limit::Bytes(1_610_612_736), Value::Float(1.5))
    );
    assert_eq!(limit(&["a", "b"]).1, Value::Float(2.5));
    assert_eq!(limit(&["a", "c"]), (Limit::None, Value::Bool(false)));
    assert_eq!(limit(&["a", "d"]), (Limit::Shared, Value::Bool(false)));
    assert_eq!(limit(&["a", "e"]).0, Limit::Bytes(i64::MAX));
    assert_eq!(limit(&[]).0, Limit::None);
}

#[test]
fn two_hundred_jobs_are_shown_and_the_rest_is_counted() {
    let mut read = read(PROFILE);
    let jobs: Vec<BackupJob> = (0..2000).map(|at| job(1_764_000_000 - at)).collect();
    read.jobs = jobs.into();
    let vars = vars(&read);
    assert_eq!(rows(vars.get("jobs")), JOBS_SHOWN);
    assert_eq!(rows(vars.get("getJobsForUser")), JOBS_SHOWN);
    assert_eq!(vars.get("jobsMore"), &Value::Int(1800));
}

#[test]
fn without_profile_or_jobs_the_rest_is_there() {
    let lost = PageData {
        username: "ada".into(),
        jobs: vec![job(1_764_000_000)].into(),
        missing: Missing::Account,
        ..PageData::default()
    };
    let vars = vars(&lost);
    assert_eq!(vars.get("known"), &Value::Bool(false));
    assert_eq!(vars.get("jobsKnown"), &Value::Bool(true));
    assert_eq!(rows(vars.get("jobs")), 1);
    let expected = texts().text("notice.no_account").to_owned();
    assert_eq!(word(vars.get("errors").get("0")), expected);
    assert_eq!(
        rows(vars.get("userProfile").get("Profile").get("Devices")),
        0
    );

    let away = unavailable(&texts(), None);
    let vars = away.get("vars");
    assert_eq!(word(vars.get("accountState")), "unavailable");
    assert_eq!(rows(vars.get("downloads")), 0);
    assert_eq!(rows(vars.get("getJobsForUser")), 0);
    assert_eq!(word(away.get("templatefile")), "clientarea");
}

/// A day of which nothing is known is none without a backup.
#[test]
fn the_calendar_of_a_kept_page_ends_with_the_day_it_was_read() {
    const DAY: i64 = 24 * 60 * 60;
    let now = 1_763_945_350;
    let read = |known_at| PageData {
        known_at,
        ..read(PROFILE)
    };
    let drawn = |known_at| {
        let vars = vars_at(&read(known_at), now);
        word(vars.get("calendar").get("0").get("svg"))
    };
    assert!(drawn(None).contains("2025-11-24: no backup"));
    let earlier = drawn(Some(now - 5 * DAY));
    assert!(!earlier.contains("2025-11-20"), "{earlier}");
    assert!(earlier.contains("2025-11-19"), "{earlier}");
}

#[test]
fn an_error_that_leaves_the_account_in_doubt_shows_nothing_of_it() {
    let refused = |status| Error::Refused {
        status,
        reply: Box::new(RefusedRequest {
            task: String::new(),
            code: String::new(),
            message: String::new(),
            request_id: None,
            advice: String::new(),
        }),
    };
    assert!(!reading::says_nothing_of_the_account(&refused(403)));
    assert!(!reading::says_nothing_of_the_account(&refused(400)));
    assert!(!reading::says_nothing_of_the_account(&Error::Refusal(
        "made anew".into()
    )));
    for status in [302, 408, 429, 500] {
        assert!(reading::says_nothing_of_the_account(&refused(status)));
    }
    // Nobody is at that port, or the circuit breaker holds the request back.
    let unsent = FailedTask::new("read the profile", "it is down".into());
    assert!(reading::says_nothing_of_the_account(&Error::NotSent(
        unsent
    )));
}

#[test]
fn an_installer_of_no_group_has_a_heading_and_is_not_the_visitors_own() {
    let offers = installers::read(r#"{"999":{"Category":"","Description":"Plan 9"}}"#).unwrap();
    let links = downloads(&texts(), ServiceId::Service(200), &offers, "");
    assert_eq!(word(links.get("0").get("group")), "Other");
    assert_eq!(links.get("0").get("own"), &Value::Bool(false));
}

#[test]
fn links_keep_the_parameters_of_the_php_module() {
    let addon = ServiceId::Addon {
        id: 7,
        service: 200,
    };
    let offers = installers::without_a_list();
    let links = downloads(&texts(), ServiceId::Service(200), &offers, "");
    assert_eq!(rows(&links), offers.len());
    assert_eq!(
        word(links.get("0").get("url")),
        "clientarea.php?action=productdetails&id=200&type=downloadResponseWindowsAnyCPUZip"
    );
    assert!(
        word(downloads(&texts(), addon, &offers, "").get("0").get("url"))
            .contains("&id=200&addonId=7&")
    );
    let Value::Array(rows) = &links else {
        panic!("no list");
    };
    let mut groups: Vec<String> = rows.iter().map(|(_, row)| word(row.get("group"))).collect();
    groups.dedup();
    let distinct: HashSet<&String> = groups.iter().collect();
    assert_eq!(distinct.len(), groups.len(), "{groups:?}");
}
