use super::*;

struct Names;

impl IndexJob for Names {
    const STATEMENTS: Statements = OF_USAGE;
    type Service = ();
    type Observed = ();

    fn recorded(_: &RecordedAccount<'_>) -> Option<()> {
        Some(())
    }

    fn unrecorded(_: &UnrecordedService<'_>) -> Option<(String, ())> {
        None
    }
}

fn entry(name: &str, id: u32, record: RecordState) -> IndexedAccount<Names> {
    IndexedAccount::of_service(name, id, record, ())
}

fn of_name(index: &mut AccountIndex<Names>, name: &str) -> Option<(u32, bool)> {
    let entry = index.named(name)?;
    Some((entry.service_id.number(), entry.is_disputed))
}

#[test]
fn a_name_is_that_of_the_service_it_is_recorded_for_and_in_dispute_where_others_claim_it() {
    let mut index = AccountIndex::new(vec![
        entry("twice", 1, RecordState::None),
        entry("once", 2, RecordState::None),
        entry("twice", 3, RecordState::None),
        entry("recorded", 4, RecordState::None),
        entry("", 7, RecordState::None),
        entry("recorded", 6, RecordState::Created),
        entry("", 8, RecordState::None),
    ]);
    assert_eq!(of_name(&mut index, "once"), Some((2, false)));
    assert_eq!(of_name(&mut index, "recorded"), Some((6, false)));
    assert_eq!(of_name(&mut index, "Once"), None);
    let disputed = index.entries().iter().filter(|entry| entry.is_disputed);
    let mut disputed: Vec<u32> = disputed.map(|entry| entry.service_id.number()).collect();
    disputed.sort_unstable();
    assert_eq!(disputed, [1, 3, 4], "no name is none's");
}

#[test]
fn what_was_recorded_on_this_server_comes_before_what_was_recorded_on_another() {
    let elsewhere = IndexedAccount {
        standing: Standing::Unconfirmed,
        ..entry("ada", 1, RecordState::Created)
    };
    let mut index = AccountIndex::new(vec![elsewhere, entry("ada", 2, RecordState::Created)]);
    assert_eq!(of_name(&mut index, "ada"), Some((2, false)));
}
