//! Tests of checked texts: accepted and refused texts, and their comparison.

use proptest::prelude::*;

use crate::accounts::*;

fn code<T>(parsed: Result<T, ValueError>) -> &'static str {
    parsed.map_err(ValueError::code).err().unwrap_or("accepted")
}

#[test]
fn addresses_of_the_world_are_accepted() {
    for text in [
        "anna@school.example",
        "  a.b+c@mail.ru  ",
        "ученик@школа.рф",
        "o'brien@example.co.uk",
        "x@xn--e1afmkfd.xn--p1ai",
        "müller@bücher.example",
        "संपर्क@डाटामेल.भारत",
        "अजय@डाटा.भारत",
        "อีเมล@ทดสอบ.ไทย",
        "δοκιμή@παράδειγμα.δοκιμή",
        "用户@例子.广告",
        "నమస్తే@example.org",
        "e\u{301}lan@example.org",
    ] {
        assert!(Email::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for text in [
        "anna",
        "@school.example",
        "anna@",
        "anna@school",
        "anna@.example",
        "anna@school..example",
        "anna@-school.example",
        "anna@school.example.",
        "anna@127.0.0.1",
        "anna@[127.0.0.1]",
        ".anna@school.example",
        "anna.@school.example",
        "an..na@school.example",
        "an na@school.example",
        "a@b@school.example",
        "\"anna\"@school.example",
        "anna@scho_ol.example",
        "anna@school.example>",
    ] {
        assert_eq!(code(Email::parse(text)), "malformed", "{text}");
    }
    for text in
        ["anna\u{0}@school.example", "anna@school.example\r\nBcc: x@y.example", "an\u{202E}na@school.example"]
    {
        assert_eq!(code(Email::parse(text)), "forbidden_character", "{text:?}");
    }
    assert_eq!(code(Email::parse(" ")), "empty");
}

#[test]
fn an_address_is_as_long_as_the_post_can_carry() {
    let domain = |labels: usize| vec!["d".repeat(60); labels].join(".") + ".example";
    assert!(Email::parse(&format!("{}@{}", "l".repeat(64), domain(2))).is_ok());
    assert_eq!(code(Email::parse(&format!("{}@{}", "l".repeat(65), domain(1)))), "malformed");
    assert_eq!(code(Email::parse(&format!("{}@{}", "l".repeat(64), domain(4)))), "too_long");
    assert_eq!(code(Email::parse(&format!("l@{}.example", "d".repeat(64)))), "malformed");
}

#[test]
fn one_address_in_many_spellings_is_one() {
    for (a, b) in [
        ("S1@X.ru", "s1@x.ru"),
        ("Ученик@Школа.РФ", "ученик@школа.рф"),
        ("ученик@школа.рф", "ученик@xn--80atdl2c.xn--p1ai"),
        ("straße@mail.example", "STRASSE@mail.example"),
        ("ｓ１@x.ru", "s1@x.ru"),
        ("\u{438}\u{306}@x.ru", "й@x.ru"),
    ] {
        let normalized = |text| Email::parse(text).unwrap().normalized();
        assert_eq!(normalized(a), normalized(b));
    }
    assert_ne!(
        Email::parse("anna@x.ru").unwrap().normalized(),
        Email::parse("\u{430}nna@x.ru").unwrap().normalized(),
        "a Cyrillic letter is another letter"
    );
}

#[test]
fn nicknames_are_short_and_visible() {
    for text in ["anna", "Аня_2010", "a.b-c", "李明", "  trimmed  ", "अजय_शर्मा", "ສົມຊາຍ", "x\u{302}avi"]
    {
        assert!(Nickname::parse(text).is_ok(), "{text}");
    }
    assert_eq!(code(Nickname::parse("a")), "too_short");
    assert_eq!(code(Nickname::parse(&"a".repeat(33))), "too_long");
    assert_eq!(code(Nickname::parse("an na")), "forbidden_character");
    assert_eq!(code(Nickname::parse("anna\u{200D}")), "forbidden_character");
    assert_eq!(code(Nickname::parse("\u{3164}\u{3164}")), "forbidden_character");
    assert_eq!(code(Nickname::parse("._-")), "malformed");
    assert_eq!(code(Nickname::parse("\u{301}\u{301}a")), "malformed");
    let same = |a, b| Nickname::parse(a).unwrap().normalized() == Nickname::parse(b).unwrap().normalized();
    assert!(
        same("АНЯ", "аня") && same("Straße", "STRASSE") && same("ﬁona", "Fiona") && !same("anna", "аnna")
    );
}

#[test]
fn a_name_has_a_letter() {
    assert_eq!(PersonName::parse("  Анна-Мария О'Коннор  ").unwrap().as_str(), "Анна-Мария О'Коннор");
    for (text, expected) in
        [("", "empty"), ("\u{0}", "forbidden_character"), ("!!!", "malformed"), ("42", "malformed")]
    {
        assert_eq!(code(PersonName::parse(text)), expected, "{text:?}");
    }
    assert_eq!(code(PersonName::parse("Анна\nПетрова")), "forbidden_character");
    assert_eq!(code(PersonName::parse("Анна\u{2067}")), "forbidden_character");
    assert_eq!(code(PersonName::parse(&"я".repeat(101))), "too_long");
}

#[test]
fn a_telephone_number_is_international() {
    assert_eq!(Phone::parse("+7 (999) 000-00-01").unwrap().as_str(), "+79990000001");
    for text in
        ["89990000001", "+7999", "+0999000000", "+7999000000a", "+７９９９００００００１", "+7+9990000001"]
    {
        assert_eq!(code(Phone::parse(text)), "malformed", "{text}");
    }
}

#[test]
fn a_time_zone_is_one_of_the_database_in_its_spelling() {
    assert_eq!(TimeZoneName::parse("europe/moscow").unwrap().as_str(), "Europe/Moscow");
    assert_eq!(TimeZoneName::parse("UTC").unwrap().zone().iana_name(), Some("UTC"));
    for text in ["Moscow", "+03:00", "Etc/Unknown", "../../etc/passwd", "localtime"] {
        assert_eq!(code(TimeZoneName::parse(text)), "unknown_value", "{text}");
    }
}

#[test]
fn a_bounded_text_is_counted_in_characters() {
    assert_eq!(bounded_text(" я ", 1, Lines::Single).unwrap(), "я");
    assert_eq!(code(bounded_text("яя", 1, Lines::Single)), "too_long");
    assert!(bounded_text("a\n\tb", 9, Lines::Multi).is_ok());
    assert_eq!(code(bounded_text("a\nb", 9, Lines::Single)), "forbidden_character");
    assert!(bounded_text("семья 👨‍👩‍👧", 20, Lines::Single).is_ok(), "joiners hold emoji together");
}

#[test]
fn m1_a_text_of_invisible_characters_alone_is_refused_for_each_of_them() {
    let ignorable =
        icu_properties::CodePointSetData::new::<icu_properties::props::DefaultIgnorableCodePoint>();
    let mut seen = 0;
    for c in ignorable.iter_ranges().flatten().filter_map(char::from_u32) {
        seen += 1;
        for text in [format!("{c}"), format!(" {c}{c}\u{a0}"), format!("\u{200d}{c}\u{ad}")] {
            let refused = code(bounded_text(&text, 99, Lines::Multi));
            assert!(matches!(refused, "empty" | "forbidden_character"), "{:x}: {refused}", u32::from(c));
        }
        assert_ne!(code(Nickname::parse(&format!("{c}{c}"))), "accepted", "{:x}", u32::from(c));
        assert_ne!(code(PersonName::parse(&format!("{c}{c}"))), "accepted", "{:x}", u32::from(c));
    }
    assert!(seen > 4_000, "{seen}");
    assert!(bounded_text("пере\u{ad}нос", 20, Lines::Single).is_ok());
    assert!(bounded_text("❤\u{fe0f}", 20, Lines::Single).is_ok());
}

#[test]
fn a3_a_mail_server_gets_the_domain_in_ascii() {
    let address = |text| Email::parse(text).unwrap().with_ascii_domain();
    assert_eq!(address("User@Пример.рф"), "User@xn--e1afmkfd.xn--p1ai");
    assert_eq!(address("anna@Example.org"), "anna@example.org");
}

proptest! {
    #[test]
    fn parsing_never_panics_and_what_was_parsed_parses_the_same(text in "\\PC{0,40}|.{0,40}") {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(&Email::parse(email.as_str()).unwrap(), &email);
        }
        if let Ok(nickname) = Nickname::parse(&text) {
            prop_assert_eq!(&Nickname::parse(nickname.as_str()).unwrap(), &nickname);
        }
        if let Ok(name) = PersonName::parse(&text) {
            prop_assert_eq!(&PersonName::parse(name.as_str()).unwrap(), &name);
        }
        let _ = (Phone::parse(&text), TimeZoneName::parse(&text), Locale::parse(&text));
        let _ = check_password(&text, &[&text]);
    }

    #[test]
    fn folding_twice_is_folding_once(text in "[\\PC&&[\\p{L}\\p{N}]]{2,32}") {
        if let Ok(nickname) = Nickname::parse(&text) {
            let once = nickname.normalized();
            if let Ok(again) = Nickname::parse(&once) {
                prop_assert_eq!(again.normalized(), once);
            }
        }
    }
}
