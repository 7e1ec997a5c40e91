//! A release from file to file, phase by phase: `cargo bench -p comity-audit -- IN OUT`. `benches/replay/run` makes a million rows and runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a benchmark")]

use comity_audit::detainers::{Checkpoint, Options, Places, Replay, RowsOut, Summary, check, read, write_csv, write_parquet};
use comity_law::Law;
use std::io::BufWriter;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [input, output] = args.as_slice() else {
        println!("give a release and where its rows go: cargo bench -p comity-audit -- IN OUT.csv");
        return;
    };
    let law = Law::builtin().unwrap();
    let mut from = Instant::now();
    let begin = from;
    let mut rows = 1;
    let mut phase = |name: &str, rows: usize| {
        println!("replay\t{name}_ns_a_row\t{:.0}", from.elapsed().as_nanos() as f64 / rows as f64);
        from = Instant::now();
    };
    let table = read(&[input], |_| true).unwrap();
    rows = table.rows().max(rows);
    phase("read", rows);
    let places = Places::of(&table);
    phase("place", rows);
    let defects = check(&table, &places, None);
    phase("defects", rows);
    let actions = vec![law.action("hold").unwrap(), law.action("notify-release").unwrap()];
    let names = ["hold".to_owned(), "notify-release".to_owned()];
    let options = Options::new(&law, actions);
    let mut replay = Replay::new(&law, &table, &places, &options);
    let decided = replay.run(&mut Checkpoint::default(), |_| true).unwrap();
    phase("map_and_decide_two_actions", rows);
    let summary = Summary::new(&law, &replay, &places, &decided, None, &defects, &names);
    phase("count", rows);
    let out = RowsOut { table: &table, places: &places, replay: &replay, decided: &decided, actions: &names, defects: &defects };
    let file = BufWriter::with_capacity(1 << 20, std::fs::File::create(output).unwrap());
    if output.ends_with(".parquet") {
        write_parquet(&out, file).unwrap()
    } else {
        write_csv(&out, file).unwrap()
    }
    phase("write", rows);
    let seconds = begin.elapsed().as_secs_f64();
    println!("replay\trows\t{rows}\nreplay\trows_a_second\t{:.0}\nreplay\tseconds\t{seconds:.2}", rows as f64 / seconds);
    println!(
        "replay\tprograms\t{}\nreplay\tsearches\t{}\nreplay\tanswers\t{}\nreplay\tdecided\t{}",
        replay.programs(),
        replay.searches(),
        decided.answers.len(),
        summary.decided
    );
}
