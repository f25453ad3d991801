use super::*;

fn place(url: &str, host: &str) -> InstallationPlace {
    InstallationPlace {
        system_url: url.into(),
        database_host: host.into(),
        database_name: "whmcs".into(),
    }
}

fn found(place: InstallationPlace, state: &str) -> Found {
    Found {
        id: format!("id of {}", place.system_url),
        place,
        state: state.into(),
        at: "2026-01-15 10:00:00".into(),
    }
}

#[test]
fn a_place_that_is_its_own_may_act() {
    let known = [found(place("whmcs.example", "db1"), "own")];
    let Some(Standing::Own(own)) = standing_at(&place("whmcs.example", "db1"), &known) else {
        panic!("it may act");
    };
    assert_eq!(own.id.as_deref(), Some("id of whmcs.example"));
    assert_eq!(own.question, None);
}

#[test]
fn another_address_host_or_name_is_another_place() {
    let known = [found(place("whmcs.example", "db1"), "own")];
    let other_name = InstallationPlace {
        database_name: "staging".into(),
        ..place("whmcs.example", "db1")
    };
    for other in [
        place("staging.example", "db1"),
        place("whmcs.example", "db2"),
        other_name,
    ] {
        assert!(standing_at(&other, &known).is_none(), "{other}");
    }
}

#[test]
fn the_question_names_both_places_and_both_answers() {
    let known = [
        found(place("whmcs.example", "db1"), "own"),
        found(place("staging.example", "db2"), "asked"),
    ];
    let sentence = "This WHMCS is at staging.example, database whmcs on db2, and was at whmcs.example, database whmcs on db1 before. Moved, or a copy? Nothing is changed at Jetpack or Comet from here until staff press the button WHMCS moved: go on here or This is a copy: change nothing on the page of a service.";
    let Some(Standing::Asked(asked)) = standing_at(&place("staging.example", "db2"), &known) else {
        panic!("staff are asked");
    };
    assert_eq!(asked, sentence);
    // The place that goes on shows what the other one asks: cron may reach the database by another name.
    let Some(Standing::Own(own)) = standing_at(&place("whmcs.example", "db1"), &known) else {
        panic!("the original goes on");
    };
    assert_eq!(own.question.as_deref(), Some(sentence));
}
