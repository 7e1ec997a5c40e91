//! Offence codes and the classes that list them.

use crate::spelling;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A class of offences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u16);

/// How many classes one bundle may have.
pub const MAX_CLASSES: usize = 256;

/// The classes that an offence belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ClassSet([u64; MAX_CLASSES / 64]);

impl ClassSet {
    /// Whether the class is among them.
    #[must_use]
    pub fn contains(&self, class: ClassId) -> bool {
        self.0[class.0 as usize / 64] >> (class.0 % 64) & 1 == 1
    }

    pub(crate) fn insert(&mut self, class: ClassId) {
        self.0[class.0 as usize / 64] |= 1 << (class.0 % 64);
    }

    fn intersect(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a &= b;
        }
    }

    fn union(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a |= b;
        }
    }
}

/// The offence classes of a bundle, each a list of code sections; a section covers its subdivisions.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    names: Vec<String>,
    by_name: FxHashMap<String, ClassId>,
    sections: FxHashMap<String, ClassSet>,
    /// Found when first asked for.
    kinds: OnceLock<Vec<(ClassSet, String)>>,
}

impl Classes {
    /// Declares a class and its sections.
    ///
    /// # Errors
    /// When the class is declared already, a section is no offence code, or there are too many classes.
    pub fn insert(&mut self, name: &str, sections: &[String]) -> Result<ClassId, Vec<String>> {
        if self.by_name.contains_key(name) {
            return Err(vec![format!("the class `{name}` is declared twice")]);
        }
        if self.names.len() == MAX_CLASSES {
            return Err(vec![format!("more than {MAX_CLASSES} classes are declared")]);
        }
        self.kinds = OnceLock::new();
        let id = ClassId(self.names.len() as u16);
        let mut wrong = Vec::new();
        for section in sections {
            match parse_code(section) {
                Ok(code) => self.sections.entry(code).or_default().insert(id),
                Err(why) => wrong.push(why),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), id);
        Ok(id)
    }

    /// These classes and those of another law under one set of numbers, as each law names them: a class that both have alike is one class, and one that they
    /// have otherwise is two.
    ///
    /// # Errors
    /// When together they are too many.
    pub fn beside(&self, other: &Self) -> Result<[Self; 2], String> {
        let listed = |classes: &Self, class| {
            let mut found: Vec<String> =
                classes.sections.iter().filter(|(_, set)| set.contains(class)).map(|(code, _)| code.clone()).collect();
            found.sort_unstable();
            found
        };
        let (mut all, mut theirs) = (self.clone(), FxHashMap::default());
        for (at, name) in other.names.iter().enumerate() {
            let sections = listed(other, ClassId(at as u16));
            let id = match self.find(name).filter(|id| listed(self, *id) == sections) {
                Some(same) => same,
                None => {
                    all.by_name.remove(name);
                    all.insert(name, &sections).map_err(|why| why.join("; "))?
                }
            };
            theirs.insert(name.clone(), id);
        }
        let named = |by_name: &FxHashMap<String, ClassId>| Self { by_name: by_name.clone(), ..all.clone() };
        Ok([named(&self.by_name), named(&theirs)])
    }

    /// The class of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ClassId> {
        self.by_name.get(name).copied()
    }

    /// The name of a class.
    #[must_use]
    pub fn name(&self, class: ClassId) -> &str {
        &self.names[class.0 as usize]
    }

    /// The names of all classes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The classes that list the code or a section of which it is a subdivision. An attempt or conspiracy with its object, such as
    /// `CA PC 664/459`, is in the classes that list both.
    #[must_use]
    pub fn of(&self, code: &str) -> ClassSet {
        let mut set = ClassSet::default();
        if self.sections.is_empty() {
            return set;
        }
        if code.as_bytes().contains(&b'/')
            && let Some(((first, object), (title, _))) = code.split_once('/').zip(code.rsplit_once(' '))
            && INCHOATE.iter().any(|section| is_within(first, section))
        {
            set = self.of(first);
            set.intersect(&self.of(&format!("{title} {object}")));
            return set;
        }
        for part in with_parents(code) {
            if let Some(more) = self.sections.get(part) {
                set.union(more);
            }
        }
        set
    }

    /// Every listed section, in no order.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// Each combination of classes that some listed section belongs to, with the first such section by its letters.
    pub(crate) fn kinds(&self) -> &[(ClassSet, String)] {
        self.kinds.get_or_init(|| {
            let mut first: FxHashMap<ClassSet, &str> = FxHashMap::default();
            for section in self.sections() {
                let known = first.entry(self.of(section)).or_insert(section);
                *known = section.min(known);
            }
            let sorted: BTreeMap<&str, ClassSet> = first.into_iter().map(|(set, section)| (section, set)).collect();
            sorted.into_iter().map(|(section, set)| (set, section.to_owned())).collect()
        })
    }
}

/// Attempt and conspiracy, which are listed as far as their object is (Cal. Gov. Code § 7282.5(a)(3)(P)).
const INCHOATE: [&str; 2] = ["CA PC 664", "CA PC 182"];

/// Whether a code names an attempt or conspiracy without saying of what.
#[must_use]
pub fn lacks_object(code: &str) -> bool {
    !code.contains('/') && INCHOATE.iter().any(|section| is_within(code, section))
}

/// The code, then each section that it is a subdivision of: `CA PC 245(a)(1)`, `CA PC 245(a)`, `CA PC 245`.
fn with_parents(code: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(code);
    std::iter::from_fn(move || {
        let now = rest?;
        rest = now.bytes().rposition(|b| b == b'(').map(|at| now[..at].trim_end()).filter(|shorter| !shorter.is_empty());
        Some(now)
    })
}

/// Whether `code` is the section or one of its subdivisions.
pub(crate) fn is_within(code: &str, section: &str) -> bool {
    code.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// The canonical form of an offence code: `STATE CODE section`, `US title USC section` or `NCIC 1301`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_code(text: &str) -> Result<String, String> {
    canonical(text).map(Cow::into_owned)
}

/// The same without a copy where the text is in that form already.
pub(crate) fn canonical(text: &str) -> Result<Cow<'_, str>, String> {
    let fail = |why: &str| {
        let shown: String = text.chars().take(60).collect();
        Err(format!("`{shown}` is no offence code ({why}); write `CA PC 245(a)(1)`, `US 8 USC 1326(a)` or `NCIC 1301`"))
    };
    if text.len() > 80 {
        return fail("it is longer than 80 characters");
    }
    if is_canonical(text) && !spelling::is_other(text) {
        return Ok(text.into());
    }
    let code = spelling::usual(text);
    let Some(((head, _), (_, section))) = code.split_once(' ').zip(code.rsplit_once(' ')) else {
        return fail("a jurisdiction, a code and a section are needed");
    };
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || " .-()/:&§'".contains(c)) {
        return fail("it has characters that no citation has");
    }
    let parts = code.split(' ').count();
    if head == "NCIC" {
        return if parts == 2 && section.len() == 4 && section.bytes().all(|b| b.is_ascii_digit()) {
            Ok(code.into())
        } else {
            fail("an NCIC code has four digits")
        };
    }
    if head.len() != 2 || !head.bytes().all(|b| b.is_ascii_uppercase()) {
        return fail("it begins with `US`, `NCIC` or two capital letters of a state");
    }
    if parts < 3 {
        return fail("a jurisdiction, a code and a section are needed");
    }
    let (mut depth, mut balanced) = (0i32, true);
    for c in code.bytes() {
        depth += i32::from(c == b'(') - i32::from(c == b')');
        balanced &= (0..=1).contains(&depth);
    }
    if depth != 0 || !balanced {
        return fail("its brackets do not close");
    }
    Ok(code.into())
}

/// Whether the text is a code of a jurisdiction as it should be written: nearly all are, and one look at each byte says so.
fn is_canonical(text: &str) -> bool {
    let (mut parts, mut between, mut inside) = (1, true, false);
    for b in text.bytes() {
        match b {
            b' ' | b'(' if between => return false,
            b' ' => (parts, between) = (parts + 1, true),
            b'(' | b')' if inside == (b == b'(') => return false,
            b'(' | b')' => (inside, between) = (!inside, false),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'/' | b':' | b'&' | b'\'' => between = false,
            _ => return false,
        }
    }
    parts >= 3 && !between && !inside && matches!(text.as_bytes(), [b'A'..=b'Z', b'A'..=b'Z', b' ', ..])
}
