use std::io::Read;

use super::*;

/// At most `step` bytes at once.
fn cut(document: &str, step: usize) -> impl FnMut(&mut [u8]) -> Result<usize, String> {
    let mut rest = document.as_bytes();
    move |buffer| Ok(rest.read(&mut buffer[..step]).unwrap())
}

fn read(document: &str, step: usize) -> Result<(StreamEnd, Vec<String>), StreamError> {
    let mut found = Vec::new();
    let each = |_: IgnoredAny, element: &[u8]| {
        found.push(String::from_utf8_lossy(element).into_owned());
        Ok(())
    };
    let ending = elements(cut(document, step), 40, each)?;
    Ok((ending, found))
}

fn read_map(document: &str, step: usize) -> Result<(StreamEnd, Vec<(String, u8)>), StreamError> {
    let mut found = Vec::new();
    let ending = entries(cut(document, step), 40, |name, bytes| {
        assert!(!bytes.is_empty());
        Ok(value(bytes)?.map(|(value, length)| {
            found.push((name, value));
            length
        }))
    })?;
    Ok((ending, found))
}

#[test]
fn elements_come_whole_however_the_bytes_are_cut() {
    let document = " [ {\"a\":\"]},\\\"[\"} ,[-1,[2]],null,\n\"x\\\\\",-7.5e-1] \n";
    for step in 1..=document.len() {
        let (ending, found) = read(document, step).unwrap();
        assert_eq!(ending, StreamEnd::All(5));
        let expected = [
            "{\"a\":\"]},\\\"[\"}",
            "[-1,[2]]",
            "null",
            "\"x\\\\\"",
            "-7.5e-1",
        ];
        assert_eq!(found, expected, "{step}");
    }
    for nothing in ["[]", "\u{feff}[]", "\u{feff} [ ]"] {
        assert_eq!(read(nothing, 1).unwrap(), (StreamEnd::All(0), Vec::new()));
    }
    assert!(read("[\u{feff}]", 9).is_err());
}

#[test]
fn what_is_no_array_is_given_back_and_what_is_broken_is_an_error() {
    for other in ["null", "{\"Status\":403}", "<html>", ""] {
        let expected = StreamEnd::Other(other.as_bytes().to_vec());
        assert_eq!(read(other, 1000).unwrap(), (expected, Vec::new()));
    }
    for wrong in [
        "[1", "[1,", "[-", "[--1]", "[1-2]", "[{]", "[1}", "[1]2", "[,]", "[1,]", "[1 2]", "[\"a",
    ] {
        assert!(read(wrong, 1000).is_err(), "{wrong}");
    }
}

#[test]
fn entries_come_whole_however_the_bytes_are_cut() {
    let document = " { \"a\" : 12 ,\"\\\"\\u006f:\":3,\n\"a\":45\n} ";
    for step in 1..=document.len() {
        let (ending, found) = read_map(document, step).unwrap();
        let found: Vec<_> = found.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(ending, StreamEnd::All(3));
        assert_eq!(found, [("a", 12), ("\"o:", 3), ("a", 45)], "{step}");
    }
    assert_eq!(read_map("{}", 1).unwrap(), (StreamEnd::All(0), Vec::new()));
    let list = StreamEnd::Other(b"[1]".to_vec());
    assert_eq!(read_map("[1]", 1).unwrap(), (list, Vec::new()));
    for wrong in [
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\" 1}",
        "{\"a\"}",
        "{1:1}",
        "{\"a\":1]",
        "{\"a\":1,}",
        "{\"a\":\"x\"}",
        "{,}",
        "{}{}",
    ] {
        assert!(read_map(wrong, 1000).is_err(), "{wrong}");
    }
}

#[test]
fn the_elements_of_a_list_in_a_map_come_whole_however_the_bytes_are_cut() {
    let read = |document: &str, step| {
        let (mut found, mut elements) = (Vec::new(), Vec::new());
        let end = entries_around_list(
            cut(document, step),
            40,
            "items",
            |name, bytes| {
                Ok(value::<serde_json::Value>(bytes)?.map(|(value, length)| {
                    found.push(format!("{name}={value}"));
                    length
                }))
            },
            |element| {
                elements.push(String::from_utf8_lossy(element).into_owned());
                Ok(())
            },
        );
        (end, found, elements)
    };
    let document = r#" {"page": 1, "items" : [ {"a":"]}"} , 7,[8 ]], "total":2,"items":null } "#;
    for step in 1..=document.len() {
        let (end, found, elements) = read(document, step);
        assert!(
            matches!(end, Ok((StreamEnd::All(_), true))),
            "{step}: {end:?}"
        );
        assert_eq!(found, ["page=1", "total=2", "items=null"]);
        assert_eq!(elements, [r#"{"a":"]}"}"#, "7", "[8 ]"]);
    }
    let many = format!(r#"{{"items":[{}]}}"#, vec!["7"; 500].join(","));
    assert_eq!(read(&many, 9).2.len(), 500);
    for whole in [document.trim(), r#"{"items":[]}"#] {
        for length in 0..whole.len() {
            let (end, ..) = read(&whole[..length], 9);
            assert!(!matches!(end, Ok((StreamEnd::All(_), _))), "{length}");
        }
    }
    for without in ["{}", r#"{"items":7}"#, r#"{"items":{}}"#] {
        assert!(matches!(read(without, 9).0, Ok((StreamEnd::All(_), false))));
    }
    for wrong in [
        r#"{"items":[1}"#,
        r#"{"items":[1]]"#,
        r#"{"items":[,]}"#,
        r#"{"items":[1] 2}"#,
    ] {
        assert!(read(wrong, 9).0.is_err(), "{wrong}");
    }
    let endless = format!(r#"{{"items":["{}"#, "x".repeat(5000));
    assert_eq!(read(&endless, 9).0, Err(StreamError::TooLong));
}

#[test]
fn a_long_entry_is_not_read_again_with_each_byte_and_one_without_end_not_on() {
    let document = format!("{{\"a\":\"{}\"}}", "x".repeat(5000));
    let costs = |longest| {
        let (mut tried, mut came) = (0, 0);
        let mut read = cut(&document, 1);
        let counted = |piece: &mut [u8]| read(piece).inspect(|length| came += length);
        let ending = entries(counted, longest, |_, bytes| {
            tried += bytes.len();
            Ok(value::<String>(bytes)?.map(|(_, length)| length))
        });
        (ending, tried, came)
    };
    let (ending, tried, _) = costs(6000);
    assert_eq!(ending, Ok(StreamEnd::All(1)));
    assert!(tried < 3 * document.len(), "{tried}");
    let (ending, tried, came) = costs(1000);
    assert_eq!(ending, Err(StreamError::TooLong));
    assert!(tried < 4 * 1000 && came <= 1002, "{tried} of {came}");
}
