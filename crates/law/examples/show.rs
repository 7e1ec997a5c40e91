//! Prints the plain reading of instruments: the folder, then their ids (all, if none is given).

use std::io::Write as _;

use comity_law::{Law, show};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "law".to_owned());
    let ids: Vec<String> = args.collect();
    let law = Law::open(folder).map_err(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))?;
    for instrument in law.instruments.iter().filter(|i| ids.is_empty() || ids.contains(&i.id)) {
        writeln!(std::io::stdout(), "{}", show::instrument(&law, instrument, 100))?;
    }
    Ok(())
}
