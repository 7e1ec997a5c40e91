//! One rule of three layers over a million rows: decisions alone, with the deciding norm of each row. `benches/replay/run` runs it beside DuckDB and Polars.
//!
//! With a folder as its argument it writes the rows and the answers there, for the others to read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a benchmark")]

use comity_columns::{Answers, Columns, NONE, Program, Varying};
use comity_engine::{AgencyRef, Stacks};
use comity_law::Law;
use comity_logic::{Date, FactId, Facts, Field, ListId, Slot, Value, Vocabulary};
use std::fmt::Write as _;
use std::time::Instant;

const ROWS: usize = 1_000_000;
const KINDS: [&str; 3] = ["police", "sheriff", "state-police"];
const PLACES: [&str; 2] = ["us-ca", "us-ca/metropolis"];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// A day; never 29 February, from which the others count years otherwise.
    fn day(&mut self, from: i16, years: u64) -> Date {
        Date::new(from + self.below(years) as i16, 1 + self.below(12) as i8, 1 + self.below(28) as i8).unwrap()
    }
}

struct Conviction {
    code: u64,
    felony: bool,
    grave: bool,
    wobbler: bool,
    date: Date,
}

struct Row {
    on: Date,
    kind: usize,
    place: usize,
    judicial: bool,
    public: bool,
    registered: bool,
    class: u8,
    grave: bool,
    cause: bool,
    convictions: Vec<Conviction>,
}

fn rows() -> Vec<Row> {
    let mut r = Random(0x7282_5728_46c0_317e);
    let conviction = |r: &mut Random| {
        let felony = r.one_in(2);
        Conviction {
            code: 101 + r.below(100),
            felony,
            grave: felony && r.one_in(12),
            wobbler: !felony && r.one_in(2),
            date: r.day(1990, 34),
        }
    };
    (0..ROWS)
        .map(|_| Row {
            on: r.day(2015, 10),
            kind: r.below(3) as usize,
            place: usize::from(r.one_in(4)),
            judicial: r.one_in(9),
            public: r.one_in(20),
            registered: r.one_in(50),
            class: r.below(3) as u8,
            grave: r.one_in(6),
            cause: r.one_in(2),
            convictions: (0..r.below(7)).map(|_| conviction(&mut r)).collect(),
        })
        .collect()
}

fn main() {
    let folder = std::env::args().nth(1).filter(|a| !a.starts_with("--"));
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/law");
    let law = Law::open(&here).unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()));
    let rows = rows();

    // The rows of one law together, in columns.
    let start = Instant::now();
    let vocabulary = &law.schema.vocabulary;
    let action = law.action("notify-release").unwrap();
    let slot = |name: &str| match vocabulary.find(name).unwrap() {
        FactId::Scalar(slot) => slot,
        _ => panic!("{name}"),
    };
    let FactId::List(convictions) = vocabulary.find("person.convictions").unwrap() else { panic!() };
    let scalars: Vec<Slot> =
        ["request.judicial", "person.release_public", "person.registered", "present.class", "present.grave", "present.cause"]
            .map(slot)
            .to_vec();
    let varying = Varying::new(vocabulary, &scalars, &[convictions]);
    let stacks = Stacks::new(&law);
    let mut programs: Vec<Program> = Vec::new();
    let mut of: rustc_hash::FxHashMap<(usize, usize, usize), usize> = rustc_hash::FxHashMap::default();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let run = stacks.changes().partition_point(|d| *d <= row.on);
        let program = *of.entry((row.kind, row.place, run)).or_insert_with(|| {
            let agency = AgencyRef {
                name: "The agency".to_owned(),
                kind: KINDS[row.kind].to_owned(),
                place: PLACES[row.place].to_owned(),
                ori: None,
            };
            let program = Program::new(stacks.get(&agency, row.on).unwrap(), action, &Facts::new(vocabulary), &varying).unwrap();
            programs.iter().position(|p| *p == program).unwrap_or_else(|| {
                programs.push(program);
                groups.push(Vec::new());
                programs.len() - 1
            })
        });
        groups[program].push(at as u32);
    }
    let columns: Vec<Columns> = groups.iter().map(|group| build(&law, &rows, group, &scalars, convictions)).collect();
    let built = start.elapsed();
    println!("columns\tprograms\t{}", programs.len());
    println!("columns\tbuild_ns_a_row\t{:.1}", built.as_nanos() as f64 / ROWS as f64);

    let mut answers: Vec<Answers> = columns.iter().map(|c| Answers::new(c.rows())).collect();
    // On a shared machine only the processor's own time says what a row costs.
    let on_processor =
        || std::fs::read_to_string("/proc/thread-self/schedstat").ok().and_then(|s| s.split(' ').next()?.parse::<u64>().ok());
    for threads in [1, 2] {
        let (mut best, mut least) = (f64::MAX, u64::MAX);
        for _ in 0..25 {
            let (start, before) = (Instant::now(), on_processor());
            for ((program, columns), answers) in programs.iter().zip(&columns).zip(&mut answers) {
                if threads == 1 { program.decide(columns, answers) } else { program.decide_on(columns, answers, threads) }
            }
            best = best.min(start.elapsed().as_secs_f64());
            least = least.min(on_processor().zip(before).map_or(u64::MAX, |(a, b)| a - b));
        }
        println!("columns\tdecide_{threads}_threads_ns_a_row\t{:.2}", best * 1e9 / ROWS as f64);
        if threads == 1 && least != u64::MAX {
            println!("columns\tdecide_1_threads_ns_a_row_of_processor_time\t{:.2}", least as f64 / ROWS as f64);
        }
    }

    let mut letters = vec![b'?'; ROWS];
    for ((program, group), answers) in programs.iter().zip(&groups).zip(&answers) {
        let norms: Vec<&str> = program.norms().collect();
        for (at, row) in group.iter().enumerate() {
            let by = if answers.by[at] == NONE { "" } else { norms[usize::from(answers.by[at])] };
            let outcome = answers.outcome(at).expect("complete rows are settled");
            letters[*row as usize] = match (outcome.as_str(), by.rsplit('#').next()) {
                ("required", _) => b'F',
                ("forbidden", Some("s")) => b'S',
                ("forbidden", _) => b'C',
                ("permitted", _) => b'P',
                _ => b'U',
            };
        }
    }
    let wrong = rows.iter().zip(&letters).filter(|(row, letter)| by_hand(row) != **letter).count();
    println!("columns\twrong_of_{ROWS}\t{wrong}");
    if let Some(folder) = folder {
        write(std::path::Path::new(&folder), &rows, &letters);
    }
    assert_eq!(wrong, 0);
}

fn build(law: &Law, rows: &[Row], group: &[u32], scalars: &[Slot], convictions: ListId) -> Columns {
    let vocabulary = &law.schema.vocabulary;
    let mut columns = Columns::new(vocabulary, group.len());
    let field = |name: &str| vocabulary.record(convictions).field(name).unwrap();
    let [offense, class, grave, wobbler, date] = ["offense", "class", "grave", "wobbler", "date"].map(field);
    let codes: Vec<Value> =
        (0..101).map(|n| columns.parse(&law.schema, &comity_logic::Declared::Offense, &format!("CA PC {}", 101 + n)).unwrap()).collect();
    for (at, row) in group.iter().enumerate() {
        let row = &rows[*row as usize];
        columns.set(vocabulary, Vocabulary::ON, at, Value::Date(row.on));
        let values = [
            Value::Bool(row.judicial),
            Value::Bool(row.public),
            Value::Bool(row.registered),
            Value::Enum(row.class),
            Value::Bool(row.grave),
            Value::Bool(row.cause),
        ];
        for (slot, value) in scalars.iter().zip(values) {
            columns.set(vocabulary, *slot, at, value);
        }
        columns.give(convictions, at);
        for c in &row.convictions {
            let values: [(Field, Value); 5] = [
                (offense, codes[c.code as usize - 101]),
                (class, Value::Enum(u8::from(c.felony))),
                (grave, Value::Bool(c.grave)),
                (wobbler, Value::Bool(c.wobbler)),
                (date, Value::Date(c.date)),
            ];
            columns.push(vocabulary, convictions, at, &values);
        }
    }
    columns
}

/// The rule by hand, written apart.
fn by_hand(row: &Row) -> u8 {
    if row.judicial {
        return b'F';
    }
    let since = |years: i16| Date::new(row.on.year() - years, row.on.month(), row.on.day()).unwrap();
    let state = row.kind < 2 && row.on >= Date::constant(2018, 1, 1);
    let excepted = row.public
        || row.registered
        || (row.class == 2 && row.grave && row.cause)
        || row.convictions.iter().any(|c| {
            (c.felony && c.grave)
                || (c.felony && c.date >= since(15) && (101..131).contains(&c.code))
                || (!c.felony && c.wobbler && c.date >= since(5) && (131..161).contains(&c.code))
        });
    if state && !excepted {
        b'S'
    } else if row.place == 1 && row.on >= Date::constant(2017, 6, 1) {
        b'C'
    } else if state {
        b'P'
    } else {
        b'U'
    }
}

fn write(folder: &std::path::Path, rows: &[Row], letters: &[u8]) {
    let ymd = |d: Date| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day());
    let mut requests = "row,on_ymd,kind,place,judicial,public,registered,class,grave,cause,expected\n".to_owned();
    let mut convictions = "row,on_ymd,code,class,grave,wobbler,ymd\n".to_owned();
    for (at, (r, letter)) in rows.iter().zip(letters).enumerate() {
        let class = ["none", "misdemeanor", "felony"][usize::from(r.class)];
        writeln!(
            requests,
            "{at},{},{},{},{},{},{},{class},{},{},{}",
            ymd(r.on),
            KINDS[r.kind],
            PLACES[r.place],
            r.judicial,
            r.public,
            r.registered,
            r.grave,
            r.cause,
            *letter as char
        )
        .unwrap();
        for c in &r.convictions {
            writeln!(
                convictions,
                "{at},{},{},{},{},{},{}",
                ymd(r.on),
                c.code,
                if c.felony { "felony" } else { "misdemeanor" },
                c.grave,
                c.wobbler,
                ymd(c.date)
            )
            .unwrap();
        }
    }
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("requests.csv"), requests).unwrap();
    std::fs::write(folder.join("convictions.csv"), convictions).unwrap();
}
