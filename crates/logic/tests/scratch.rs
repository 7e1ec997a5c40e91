mod common;
use common::bridge::*;
use common::generate::{Flavour, sample};
use common::{Tape, Choices};
use comity_logic::*;
use std::time::Instant;
#[test]
fn times() {
    let mut x: u64 = 88172645463325252;
    let (mut tg, mut tr, mut td, mut ts) = (0., 0., 0., 0.);
    for n in 0..900 {
        let choices = (0..150).map(|_| { x ^= x << 13; x ^= x >> 7; x ^= x << 17; (x >> 20) as u16 }).collect();
        let t = Instant::now();
        let s = sample(&mut Tape::new(Choices(choices)), 1, Flavour::Dates { anchors: 1 }, 2000);
        let g = t.elapsed().as_secs_f64();
        let schema = schema(&s.world);
        let facts = facts(&schema, &s.world, &s.partial);
        let c = conditions(&s, &schema);
        let t = Instant::now();
        let mut k = 0;
        s.question().answer(&s.partial, 4000, &part_of, |_, _| {k+=1;}).unwrap();
        let r = t.elapsed().as_secs_f64();
        let mut p = Problem::new(&schema, &facts, c.iter());
        let parts = partition(&mut p, &c);
        let t = Instant::now();
        let a = p.explore(&parts, DIAGRAM).is_ok();
        let d = t.elapsed().as_secs_f64();
        let t = Instant::now();
        let b = p.explore(&parts, SOLVER).is_ok();
        let so = t.elapsed().as_secs_f64();
        if g+r+d+so > 0.3 { println!("{n} {k} gen {g:.2} ref {r:.2} dia {d:.2} {a} sat {so:.2} {b} {}", s.describe()); }
        tg += g; tr += r; td += d; ts += so;
    }
    println!("{tg} {tr} {td} {ts}");
}
