//! Moments and clocks from the command line: weekends, holidays, and the nights in which local clocks are set.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::run;
use serde_json::Value as Json;

const ARSON: &str = "examples/2017-01-28-los-angeles-1-arson.json";

/// The determination of a hold, with more options.
fn hold(options: &[&str]) -> Json {
    let args = ["decide", ARSON, "--action", "hold", "--format", "json"];
    run(args.iter().chain(options)).ends(0).json()["determinations"][0].clone()
}

fn refused(options: &[&str]) -> String {
    run(["decide", ARSON, "--action", "hold"].iter().chain(options)).ends(2).err
}

fn ends(determination: &Json, clock: &str) -> String {
    let clocks = determination["clocks"].as_array().unwrap();
    let found = clocks.iter().find(|c| c["clock"] == clock).unwrap_or_else(|| panic!("no {clock} in {clocks:#?}"));
    found["ends"].as_str().unwrap_or_default().to_owned()
}

const REGULATION: &str = "us-fed-8cfr-287-7#limit";
const FORM: &str = "us-fed-detainer-forms#request-limit";

/// A Friday evening before Presidents' Day: the regulation counts neither weekend nor holiday, the form says nothing of them.
#[test]
fn the_regulation_and_the_form_count_differently() {
    let found = hold(&["--on", "2017-02-17", "--time", "release=2017-02-17T22:15"]);
    assert_eq!(ends(&found, REGULATION), "2017-02-22T22:15-08:00");
    assert_eq!(ends(&found, FORM), "2017-02-19T22:15-08:00");
    let text = run(["decide", ARSON, "--action", "hold", "--on", "2017-02-17", "--time", "release=2017-02-17T22:15"]).ends(0).out;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("ends 2017-02-22T22:15-08:00") && text.contains("ends 2017-02-19T22:15-08:00"), "{text}");
}

#[test]
fn without_a_moment_a_clock_has_no_end() {
    assert_eq!(ends(&hold(&[]), REGULATION), "");
    assert_eq!(ends(&hold(&["--time", "request=2017-01-28T10:00"]), REGULATION), "");
}

#[test]
fn hours_are_hours_that_pass() {
    // The night to 2018-03-11 has 23 hours, the night to 2018-11-04 has 25.
    let spring = hold(&["--on", "2018-03-10", "--time", "release=2018-03-10T12:00"]);
    assert_eq!(ends(&spring, FORM), "2018-03-12T13:00-07:00");
    let autumn = hold(&["--on", "2018-11-03", "--time", "release=2018-11-03T12:00"]);
    assert_eq!(ends(&autumn, FORM), "2018-11-05T11:00-08:00");
    // Neither lies within the regulation's hours, which leave out that weekend.
    assert_eq!(ends(&spring, REGULATION), "2018-03-14T00:00-07:00");
}

#[test]
fn a_moment_that_local_clocks_never_showed_is_refused() {
    let err = refused(&["--on", "2018-03-11", "--time", "release=2018-03-11T02:30"]);
    assert!(
        err.starts_with("error: --time release=2018-03-11T02:30: local clocks never showed 2018-03-11T02:30: they were set forward;"),
        "{err}"
    );
    let found = hold(&["--on", "2018-03-11", "--time", "release=2018-03-11T02:30-08:00"]);
    assert_eq!(ends(&found, FORM), "2018-03-13T03:30-07:00");
    // In Arizona clocks are not set.
    let phoenix = ["--agency", "Phoenix Police Department, AZ", "--kind", "police", "--place", "us-az/phoenix"];
    let found = hold(&[&phoenix[..], &["--on", "2018-03-11", "--time", "release=2018-03-11T02:30"]].concat());
    assert_eq!(ends(&found, FORM), "2018-03-13T02:30-07:00");
}

#[test]
fn a_moment_that_local_clocks_showed_twice_is_refused_with_both_ways_out() {
    let err = refused(&["--on", "2018-11-04", "--time", "release=2018-11-04T01:30"]);
    let (_, ways) = err.trim_end().split_once("write ").unwrap();
    let ways: Vec<&str> = ways.split(" or ").collect();
    assert_eq!(ways, ["2018-11-04T01:30-07:00", "2018-11-04T01:30-08:00"]);
    let found: Vec<String> =
        ways.iter().map(|way| ends(&hold(&["--on", "2018-11-04", "--time", &format!("release={way}")]), FORM)).collect();
    assert_eq!(found, ["2018-11-06T00:30-08:00", "2018-11-06T01:30-08:00"]);
}

#[test]
fn hours_past_release_are_counted_where_they_are_not_stated() {
    let case = "decide --agency CA0194200 --on 2012-08-18 --action hold --set request.kind=detainer --set request.process=none \
        --set request.purpose=civil-immigration --set request.form=i-247 --set request.requester=ice --set request.probable_cause_stated=true \
        --set custody.stage=jailed --set custody.release_due=true --set person.convictions=none --format json --time release=2012-08-17T12:00";
    let outcome = |now: &str| {
        let args = case.split_whitespace().chain(["--time", now]);
        let found = run(args).ends(0).json()["determinations"][0].clone();
        let of_hours = |m: &Json| m["fact"].as_str().unwrap().contains("hours_past_release");
        assert!(!found["missing"].as_array().unwrap().iter().any(of_hours), "{found:#}");
        found["because"].to_string().contains("us-fed-8cfr-287-7#limit")
    };
    assert!(!outcome("now=2012-08-21T12:00"), "48 hours have counted: Friday noon to Tuesday noon without the weekend");
    assert!(outcome("now=2012-08-21T13:00"), "49 hours have counted");
    let stated = hold(&["--time", "release=2017-01-28T10:00", "--time", "now=2017-01-28T15:00"]);
    assert!(stated["notes"].to_string().contains("custody.hours_past_release is stated as 0, but the moments give 5"), "{stated:#}");
}

#[test]
fn moments_at_the_ends_of_time_do_no_harm() {
    assert_eq!(ends(&hold(&["--time", "release=9999-12-29T23:59"]), REGULATION), "");
    for (release, now) in [("0001-01-01T00:00", "9999-12-29T23:59"), ("9999-12-29T23:59", "0001-01-01T00:00")] {
        let err = refused(&["--time", &format!("release={release}"), "--time", &format!("now={now}")]);
        assert!(err.contains("this moment lies more than ten years from times.release; check the year"), "{err}");
    }
    assert!(refused(&["--time", "release=9999-12-31T23:59"]).contains("moments lie in the years 1 to 9999"));
    let refused = refused(&["--time", "release=99999-01-01T00:00"]);
    assert!(refused.contains("is no moment; write 2018-03-01T22:15 (local time) or 2018-03-01T22:15-08:00"), "{refused}");
}
