//! "No norm found" is a finding; "nobody looked" is a warning.

use crate::determination::CoverageNote;
use crate::stack::Stack;
use comity_law::Coverage;
use comity_places::{Place, place_chain};

impl Stack<'_> {
    /// How far each place of the stack was researched for the day, the nation first.
    #[must_use]
    pub fn coverage(&self) -> Vec<CoverageNote> {
        place_chain(&self.agency.place).into_iter().map(|slug| self.coverage_of(slug)).collect()
    }

    fn coverage_of(&self, slug: &str) -> CoverageNote {
        let known = self.law.place(slug);
        let name =
            known.map(|p| p.name.clone()).or_else(|| Place::find(slug).map(|p| p.name.to_owned())).unwrap_or_else(|| slug.to_owned());
        let coverage = known.map_or(&[][..], |p| &p.coverage);
        let looked = |c: &&Coverage| c.searched_from.is_none_or(|from| from <= self.on) && self.on <= c.searched_until;
        let gaps = coverage.iter().filter_map(|c| c.gaps.clone()).collect();
        let warning = if coverage.is_empty() {
            Some(format!("nobody has researched the law of {name} itself: silence there is no finding"))
        } else if !coverage.iter().any(|c| looked(&c)) {
            let until = coverage.iter().map(|c| c.searched_until).max();
            let from = coverage.iter().filter_map(|c| c.searched_from).min();
            Some(match (until, from) {
                (Some(until), _) if self.on > until => {
                    format!("the law of {name} was searched only until {until}: what came after is not known here")
                }
                (_, Some(from)) if self.on < from => {
                    format!("the law of {name} was searched only from {from}: what came before is not known here")
                }
                _ => format!("the law of {name} was not searched for this day"),
            })
        } else {
            None
        };
        CoverageNote { place: slug.to_owned(), name, researched: warning.is_none(), warning, gaps }
    }
}
