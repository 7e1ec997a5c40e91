//! Access logs: mappings, good and bad, the three layouts of the examples, and what must hold of any log.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code: a surprise is a failure")]

use comity_audit::logs::{AuditError, Change, LogReport, Mapping, SettingKind, State, Verdict, audit, compare};
use comity_law::Law;
use comity_logic::parse_date;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn law() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(|| Law::builtin().expect("the law"))
}

fn examples(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/logs").join(name)
}

fn mapping(name: &str) -> Mapping {
    Mapping::open(law(), &examples(name).join("mapping.toml")).unwrap_or_else(|e| panic!("{e}"))
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

type Lines = BTreeMap<u64, (Verdict, String)>;

fn run(mapping: &Mapping, log: &Path, before: Option<&State>) -> (LogReport, Lines) {
    let mut lines = Lines::new();
    let report = audit(
        law(),
        mapping,
        log,
        before,
        &mut |row| {
            lines.insert(row.line, (row.group.verdict, format!("{} | {}", row.group.norms.join(" "), row.group.missing.join(" "))));
            Ok(())
        },
        &mut |_, _| true,
    )
    .expect("an audit");
    (report, lines)
}

fn verdicts(lines: &Lines) -> Vec<(u64, &'static str)> {
    lines.iter().map(|(line, (verdict, _))| (*line, verdict.as_str())).collect()
}

#[test]
fn plate_readers() {
    let (report, lines) = run(&mapping("plate-readers"), &examples("plate-readers/network-audit.csv"), None);
    let expected = [
        (2, "outside"),
        (3, "forbidden"),
        // A local account, and a reason that asks for whom: the words decide nothing.
        (4, "open"),
        (5, "outside"),
        (6, "forbidden"),
        // Run by a local account on behalf of ICE.
        (7, "forbidden"),
        // The fusion center is federal since April 2025 and was not in March.
        (8, "forbidden"),
        (9, "outside"),
        // In no registry, and nobody named: neither harmless nor held against them.
        (10, "open"),
        (11, "open"),
        (12, "unreadable"),
        (13, "forbidden"),
        // Two days before the law was in force.
        (14, "allowed"),
        (15, "outside"),
    ];
    assert_eq!(verdicts(&lines), expected);
    assert!(lines[&3].1.starts_with("us-ca-sb-34#share"));
    assert!(lines[&4].1.contains("for whom was it run? (`Reason` has the word `ice`)"));
    assert_eq!(report.unknown_requesters, [("Quiet Valley Task Force".to_owned(), 1)]);
    assert!(lines[&12].1.contains("13/45/2025"));
}

#[test]
fn driver_records() {
    let (report, lines) = run(&mapping("driver-records"), &examples("driver-records/transactions.jsonl"), None);
    // The law began on 2019-12-14, and the first moment is the evening before in New York.
    let expected = [
        (1, "allowed"),
        (2, "forbidden"),
        (3, "forbidden"),
        (4, "allowed"),
        (5, "outside"),
        (6, "open"),
        (7, "allowed"),
        (8, "allowed"),
        // A message key that nobody mapped.
        (9, "open"),
        (10, "forbidden"),
    ];
    assert_eq!(verdicts(&lines), expected);
    assert!(lines[&6].1.contains("request.process: column `legal.paper` is empty"), "{}", lines[&6].1);
    assert_eq!(report.unmapped, [("txn.key".to_owned(), "ZZ".to_owned(), 1)]);
}

#[test]
fn jail_look_ups() {
    let (report, lines) = run(&mapping("jail-lookups"), &examples("jail-lookups/look-ups.csv"), None);
    // RCW 10.93.160 binds from 2019-05-21, ten minutes after midnight at the jail.
    let expected = [
        (2, "allowed"),
        (3, "forbidden"),
        (4, "allowed"),
        (5, "open"),
        (6, "allowed"),
        (7, "outside"),
        (8, "forbidden"),
        (9, "allowed"),
        (10, "unreadable"),
        (11, "open"),
    ];
    assert_eq!(verdicts(&lines), expected);
    assert!(lines[&5].1.contains("request.purpose: column `Purpose code` is empty"), "{}", lines[&5].1);
    assert_eq!(report.rows, 10);
    assert!(report.columns.is_empty());
}

#[test]
fn columns_that_vanish_or_fall_empty_are_told() {
    let here = folder("drift");
    let mapping = mapping("jail-lookups");
    let text = std::fs::read_to_string(examples("jail-lookups/look-ups.csv")).unwrap();
    let (first, _) = run(&mapping, &examples("jail-lookups/look-ups.csv"), None);
    let kinds: Vec<(&str, &str, u8)> = first.state.columns.iter().map(|c| (c.name.as_str(), c.kind.as_str(), c.filled)).collect();
    assert_eq!(kinds[..3], [("Nr", "number", 100), ("Date", "time", 100), ("Time", "time", 90)], "{kinds:?}");
    // The state goes through its file.
    let state: State = serde_json::from_str(&serde_json::to_string(&first.state).unwrap()).unwrap();
    assert_eq!(state, first.state);
    // The account class is gone, the purpose is blank, and a new column is there.
    let other: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(n, line)| {
            let cells: Vec<&str> = line.split(';').collect();
            let purpose = if n == 0 { cells[6] } else { "" };
            let extra = if n == 0 { "Terminal" } else { "T1" };
            [cells[0], cells[1], cells[2], cells[4], cells[5], purpose, extra].join(";")
        })
        .collect();
    let log = here.join("later.csv");
    std::fs::write(&log, other.join("\n")).unwrap();
    let (report, lines) = run(&mapping, &log, Some(&state));
    let changes: Vec<(Change, &str, String)> = report.columns.iter().map(|d| (d.change, d.column.as_str(), d.used_for.join(" "))).collect();
    assert_eq!(
        changes,
        [
            (Change::Vanished, "Account class", "request.requester".to_owned()),
            (Change::Emptied, "Purpose code", "request.purpose".to_owned()),
            (Change::Appeared, "Terminal", String::new())
        ]
    );
    // Evidence that is gone opens rows; it never closes them.
    assert!(lines.values().all(|(v, _)| matches!(v, Verdict::Open | Verdict::Allowed | Verdict::Unreadable)), "{lines:?}");
    assert!(lines.values().any(|(v, why)| *v == Verdict::Open && why.contains("request.purpose")));
    // Without a last import the mapping still knows what is not there.
    let (report, _) = run(&mapping, &log, None);
    assert_eq!(report.columns.iter().map(|d| d.change).collect::<Vec<_>>(), [Change::NotInLog]);
}

#[test]
fn settings_that_were_opened_are_put_to_the_law() {
    let mapping = mapping("plate-readers");
    let (before, after) = (examples("plate-readers/settings-before.json"), examples("plate-readers/settings-after.json"));
    let report = compare(law(), &mapping, &before, &after, parse_date("2025-06-01").unwrap()).expect("a comparison");
    let shown: Vec<(SettingKind, &str, Option<&str>)> =
        report.changes.iter().map(|c| (c.kind, c.name.as_str(), c.outcome.as_deref())).collect();
    assert_eq!(
        shown,
        [
            (
                SettingKind::Opened,
                "national lookup / Mesa Falls Police (out of state)",
                Some("no federal agency, as far as the registry tells")
            ),
            (SettingKind::Opened, "search / Border Patrol Sample Sector", Some("forbidden")),
            (SettingKind::Opened, "search / Quiet Valley Task Force", Some("undetermined")),
            (SettingKind::Closed, "hot list / Harbor County Sheriff", None),
        ]
    );
    assert_eq!(report.changes[1].norms, ["us-ca-sb-34#share"]);
    assert_eq!(report.open, 4);
    // Nothing changed, nothing told; the same backwards closes what was opened.
    let same = compare(law(), &mapping, &after, &after, parse_date("2025-06-01").unwrap()).unwrap();
    assert!(same.changes.is_empty());
    let back = compare(law(), &mapping, &after, &before, parse_date("2025-06-01").unwrap()).unwrap();
    assert_eq!(back.changes.iter().filter(|c| c.kind == SettingKind::Closed).count(), 3);
}

fn mistakes(text: &str) -> Vec<String> {
    let here = folder(&format!("mistakes-{:?}", std::thread::current().id()));
    std::fs::write(here.join("registry.csv"), "key,requester\nA,ice\nB,none\n").unwrap();
    std::fs::write(
        here.join("bad.csv"),
        "key,requester,from,to\nA,icy,,\nB,none,2020-01-01,2019-01-01\nC,cbp,,\nC,hsi,2021-01-01,\n,ice,,\n",
    )
    .unwrap();
    match Mapping::read(law(), "m.toml", text, &here) {
        Ok(_) => Vec::new(),
        Err(error) => error.mistakes.iter().map(|m| format!("{}:{}: {}", m.file.rsplit('/').next().unwrap(), m.line, m.message)).collect(),
    }
}

const GOOD: &str = "title = \"t\"\naction = \"database-access\"\n[agency]\nkind = \"jail\"\nplace = \"us-wa\"\n[time]\ncolumn = \"When\"\n";

#[test]
fn every_mistake_of_a_mapping_at_once() {
    assert_eq!(mistakes(GOOD), Vec::<String>::new());
    let all = mistakes(
        "titel = \"t\"\naction = \"database-acess\"\ntime_zone = \"Mars/Base\"\n[agency]\nkind = \"jale\"\nplace = \"us-wa\"\n[time]\nformat = \"%!\"\n\
         [[fact]]\nfact = \"request.purpos\"\nvalue = \"x\"\n[[fact]]\nfact = \"request.kind\"\nvalue = \"databse-query\"\n\
         [[fact]]\nfact = \"request.requester\"\ncolumn = \"Reason\"\ncontains = { \"ICE\" = \"ice\" }\n\
         [[fact]]\nfact = \"person.charges\"\ncolumn = \"c\"\n[[fact]]\nfact = \"on\"\nvalue = 2020-01-01\n[[fact]]\nfact = \"request.process\"\n",
    );
    let expected = [
        ":1: a mapping has no key `titel`; did you mean `time`?",
        ":1: a mapping has no `title`",
        ":2: `database-acess` is no action; did you mean `database-access`?",
        ":3: `Mars/Base` is no time zone",
        ":5: `jale` is not a kind of agency",
        ":7: [time] has no `column`",
        ":8: `%!` is no format of a time",
        ":10: there is no fact `request.purpos`; did you mean `request.purpose`?",
        ":14: request.kind: `databse-query` is not one of",
        ":16: who asks is told by a registry and never by free text",
        ":20: `person.charges` is a list of records",
        ":23: `on` comes from [agency] and [time]",
        ":25: [[fact]] has neither a `value` nor a `column`",
    ];
    for wanted in expected {
        assert!(all.iter().any(|m| m.contains(wanted)), "{wanted} is not among\n{}", all.join("\n"));
    }
    assert_eq!(all.len(), expected.len(), "{}", all.join("\n"));
}

#[test]
fn mistakes_of_the_tables_beside_it() {
    let with = |rest: &str| mistakes(&format!("{GOOD}{rest}"));
    assert_eq!(with("[requester]\ncolumn = \"Who\"\ntable = \"registry.csv\"\n"), Vec::<String>::new());
    let all = with("[requester]\ncolumn = \"Who\"\ntable = \"bad.csv\"\n");
    for wanted in [
        "m.toml:10: the table `bad.csv` cannot be used",
        "bad.csv:3: `to` comes before `from`",
        "bad.csv:5: `C` stands in line 4 as well",
        "bad.csv:6: the column `key` is empty",
    ] {
        assert!(all.iter().any(|m| m.contains(wanted)), "{wanted}\n{}", all.join("\n"));
    }
    assert!(with("[requester]\ncolumn = \"Who\"\ntable = \"no.csv\"\n")[1].contains("there is no such file"));
    assert!(
        with("[requester]\ncolumn = \"Who\"\ntable = \"registry.csv\"\nclass = \"sort\"\n")[0]
            .contains("no column `sort`; it has key, requester")
    );
    assert!(
        with("[requester]\ncolumn = \"Who\"\ntable = \"registry.csv\"\nkey = \"id\"\n")
            .iter()
            .any(|m| m.contains("there is no column `id`"))
    );
    assert!(mistakes("title = [\n")[0].contains("this is no TOML"));
    assert!(mistakes("")[0].contains("m.toml:1"));
}

#[test]
fn logs_that_do_not_fit_the_mapping() {
    let here = folder("misfit");
    let mapping = Mapping::read(law(), "m.toml", GOOD, &here).unwrap();
    let log = here.join("log.csv");
    std::fs::write(&log, "Wenn,Who\n2020-01-01,A\n").unwrap();
    let error = audit(law(), &mapping, &log, None, &mut |_| Ok(()), &mut |_, _| true).expect_err("no time").to_string();
    assert!(error.contains("it has no column `When` for the time; it has Wenn, Who"), "{error}");
    let missing = audit(law(), &mapping, &here.join("none.csv"), None, &mut |_| Ok(()), &mut |_, _| true).expect_err("no log");
    assert!(missing.to_string().contains("there is no such file"));
    std::fs::write(&log, format!("When,Who\n{}", "2020-01-01,A\n".repeat(5000))).unwrap();
    let stopped = audit(law(), &mapping, &log, None, &mut |_| Ok(()), &mut |rows, _| rows < 2000);
    assert!(matches!(stopped, Err(AuditError::Interrupted)));
    let full = audit(law(), &mapping, &log, None, &mut |_| Err(std::io::Error::other("full")), &mut |_, _| true);
    assert!(matches!(full, Err(AuditError::Write(_))));
}

#[test]
fn many_rows_are_decided_once() {
    let here = folder("many");
    let mapping = mapping("jail-lookups");
    let log = here.join("log.csv");
    let mut text = "Nr;Date;Time;Account class;Screen;Public screen;Purpose code\n".to_owned();
    for n in 0..200_000 {
        text.push_str(&format!("{n};{:02}.06.2019;10:{:02};FED-ERO;Roster;N;CIV\n", n % 28 + 1, n % 60));
    }
    std::fs::write(&log, text).unwrap();
    let (report, _) = run(&mapping, &log, None);
    assert_eq!((report.rows, report.count(Verdict::Forbidden)), (200_000, 200_000));
    assert_eq!(report.groups.len(), 1);
    assert_eq!(report.groups[0].lines.len(), 20);
}

#[test]
fn a_moment_that_cannot_be_read_names_column_and_form() {
    let here = folder("moments");
    let log = here.join("log.csv");
    let said = |mapping: &Mapping, text: &str| {
        std::fs::write(&log, text).unwrap();
        let (_, lines) = run(mapping, &log, None);
        lines[&2].1.clone()
    };
    let jail = mapping("jail-lookups");
    let head = "Nr;Date;Time;Account class;Screen;Public screen;Purpose code\n";
    for (cells, why) in [
        ("24.05.2019;", "`24.05.2019` is no moment of the form %d.%m.%Y %H:%M"),
        (";", "the cell is empty; the form %d.%m.%Y %H:%M is expected"),
    ] {
        let said = said(&jail, &format!("{head}1;{cells};FED-ERO;Roster;N;CIV\n"));
        assert_eq!(said, format!(" | columns `Date`, `Time`: {why}"));
    }
    let plain = Mapping::read(law(), "m.toml", GOOD, &here).unwrap();
    let said = said(&plain, "When,Who\nyesterday,A\n");
    assert!(said.starts_with(" | column `When`: `yesterday` is no moment: a moment such as 2025-05-24T14:30:00 is expected"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The order of the rows changes no row's verdict, and neither do the rows around it.
    #[test]
    fn rows_stand_alone(order in Just((1_usize..=14).collect::<Vec<_>>()).prop_shuffle(), keep in 1_usize..=14) {
        let text = std::fs::read_to_string(examples("plate-readers/network-audit.csv")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let (_, all) = run(&mapping("plate-readers"), &examples("plate-readers/network-audit.csv"), None);
        let chosen: Vec<usize> = order.into_iter().take(keep).collect();
        let log = folder("alone").join(format!("{}-{keep}.csv", chosen.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")));
        std::fs::write(&log, std::iter::once(lines[0]).chain(chosen.iter().map(|n| lines[*n])).collect::<Vec<_>>().join("\n")).unwrap();
        let (_, some) = run(&mapping("plate-readers"), &log, None);
        std::fs::remove_file(&log).unwrap();
        for (at, n) in chosen.iter().enumerate() {
            prop_assert_eq!(&some[&(at as u64 + 2)], &all[&(*n as u64 + 1)]);
        }
    }

    /// Taking a cell away never turns a forbidden row into one that the law left open, unless it says that nobody federal asked.
    #[test]
    fn what_is_taken_away_opens_and_never_acquits(row in 1_usize..=10, cell in 4_usize..7) {
        let text = std::fs::read_to_string(examples("jail-lookups/look-ups.csv")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let mut cells: Vec<&str> = lines[row].split(';').collect();
        cells[cell] = "";
        let log = folder("less").join(format!("{row}-{cell}.csv"));
        std::fs::write(&log, format!("{}\n{}\n{}\n", lines[0], lines[row], cells.join(";"))).unwrap();
        let (_, lines) = run(&mapping("jail-lookups"), &log, None);
        let (full, less) = (lines[&2].0, lines[&3].0);
        prop_assert!(full == less || less == Verdict::Open, "{:?} became {:?}", full, less);
    }

    /// Whatever the bytes of a mapping are, it is read or refused with a line.
    #[test]
    fn any_mapping(text in "[ -~\n]{0,200}") {
        if let Err(error) = Mapping::read(law(), "m.toml", &text, Path::new(".")) {
            prop_assert!(error.mistakes.iter().all(|m| m.line >= 1 && m.column >= 1) && !error.mistakes.is_empty());
        }
    }
}
