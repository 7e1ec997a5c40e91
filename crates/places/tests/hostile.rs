//! No input, however hostile, makes a look-up panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use comity_places::{
    AgencyKind, Place, agencies_of, find_by_name, find_by_name_in, find_by_ori, parse_slug, place_chain, places_in, resolve,
};
use proptest::prelude::*;

fn try_everything(text: &str) {
    let _ = Place::find(text);
    let _ = parse_slug(text);
    let _ = place_chain(text);
    let _ = find_by_ori(text);
    let _ = find_by_name(text);
    let _ = find_by_name_in("Salem Police", text);
    let _ = find_by_name_in(text, text);
    let _ = resolve(text);
    let _ = agencies_of(text).count();
    let _ = places_in(text).count();
    let _ = text.parse::<AgencyKind>();
}

#[test]
fn known_troublemakers() {
    let mega = "a".repeat(1 << 20);
    for text in [
        "",
        " ",
        "\0",
        "\n",
        "\t",
        "\u{7f}",
        "us-ca\t",
        "us-\u{e9}x/a",
        "\u{301}\u{301}",
        "((((",
        "))))",
        ",,,,",
        "🚓 Police",
        "us-🚓/x",
        "CA\u{0}194200",
        "é0194200",
        "\u{202e}dpal",
        "Police Police Police",
        "in ohio",
        "ohio",
        "co",
        "of the",
        "(Ohio)",
        ", OH",
        "sheriff",
        "county",
        "x-ca-doc",
        "la",
        "nyc",
        &mega,
        &"(".repeat(1 << 20),
        &",".repeat(290),
        &"\u{f1}".repeat(150),
        &"us-ca/".repeat(1000),
    ] {
        try_everything(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text(text in any::<String>()) {
        try_everything(&text);
    }

    #[test]
    fn text_like_a_name(text in "[A-Za-z ',.()ñé-]{0,60}( Police| Sheriff|, [A-Z]{2})?") {
        try_everything(&text);
    }

    #[test]
    fn text_like_an_ori(text in "[A-Za-z]{2}[0-9A-Za-z]{5,7}") {
        try_everything(&text);
    }

    #[test]
    fn text_like_a_slug(text in "us(-[a-z]{2}(/[a-z-]{0,20})?)?") {
        try_everything(&text);
    }
}
