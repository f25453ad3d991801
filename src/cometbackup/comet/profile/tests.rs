use super::*;

const ANSWER: &str = r#"{"Status":200,"Message":"OK","ProfileHash":"h1","Profile":{"Username":"ada","Emails":null,
    "Destinations":{"v1":{"StorageLimitEnabled":false,"StorageLimitBytes":0,"Future":[]},
    "v2":{"StorageLimitID":"shared","StorageLimitBytes":7}},"MaximumDevices":0,"AllProtectedItemsQuotaEnabled":false,
    "AllProtectedItemsQuotaBytes":0,"PolicyID":"","IsSuspended":false,"Sources":{},"New":1.0}}"#;

fn profile() -> Profile {
    Profile::from_answer(ANSWER).unwrap()
}

#[test]
fn limits_change_their_fields_and_nothing_else() {
    let mut edited = profile();
    edited.apply_quotas(
        &Quotas {
            devices: Some(5),
            protected_items: None,
            storage_vault: Some(10),
            ..Quotas::default()
        },
        &["v1".into(), "v2".into()],
    );
    assert!(edited.write_edits());
    let expected = profile()
        .text()
        .replace("\"MaximumDevices\":0", "\"MaximumDevices\":5")
        .replace(
            "{\"StorageLimitEnabled\":false,\"StorageLimitBytes\":0,",
            "{\"StorageLimitEnabled\":true,\"StorageLimitBytes\":10,",
        );
    assert_eq!(edited.text(), expected);
    assert_eq!(
        profile().differences_from(&edited),
        ["device limit", "storage vault quota"]
    );
}

#[test]
fn a_limit_is_set_only_where_the_server_has_its_field() {
    let answer = ANSWER.replace("\"MaximumDevices\":0", "\"QuotaHyperVGuests\":0");
    let mut edited = Profile::from_answer(&answer).unwrap();
    let quotas = Quotas {
        seats: [Some(3), Some(4), Some(0), None],
        ..Quotas::default()
    };
    assert_eq!(edited.without_field(&quotas), [0]);
    let before = edited.clone();
    edited.apply_quotas(&quotas, &[]);
    assert!(edited.write_edits());
    let expected = before.text().replace("Guests\":0", "Guests\":4");
    assert_eq!(edited.text(), expected);
    assert_eq!(before.differences_from(&edited), ["Hyper-V guest limit"]);
}

#[test]
fn an_edit_that_changes_nothing_needs_no_write() {
    let mut edited = profile();
    edited.suspend(false);
    edited.apply_quotas(&Quotas::default(), &["v1".into()]);
    edited.assign_policy_group("");
    assert!(!edited.write_edits());
    assert_eq!(edited.text(), profile().text());
}

#[test]
fn a_limit_of_zero_is_lifted() {
    let quotas = |bytes| Quotas {
        devices: Some(0),
        protected_items: Some(bytes),
        storage_vault: Some(bytes),
        ..Quotas::default()
    };
    let mut edited = profile();
    edited.apply_quotas(&quotas(9), &["v1".into()]);
    assert!(edited.write_edits());
    edited.apply_quotas(&quotas(7), &["v1".into()]);
    edited.apply_quotas(&quotas(0), &["v1".into()]);
    assert!(edited.write_edits());
    assert_eq!(edited.text(), profile().text());
}

#[test]
fn what_is_no_profile_is_none() {
    for wrong in [
        "",
        "[]",
        r#"{"Profile":[],"ProfileHash":"h"}"#,
        r#"{"Profile":{},"ProfileHash":""}"#,
    ] {
        assert!(Profile::from_answer(wrong).is_none(), "{wrong}");
    }
}
