//! The declared facts: their names, types and questions.

use rustc_hash::FxHashMap;

/// The position of a scalar fact in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u16);

/// The position of a list fact in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListId(pub u16);

/// The position of a field in the elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field(pub u16);

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactId {
    /// A fact of the case.
    Scalar(Slot),
    /// A list of records.
    List(ListId),
    /// A field of a list's elements.
    Field(ListId, Field),
}

/// The type with which a fact is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared {
    /// `true` or `false`.
    Bool,
    /// One of at most 64 values.
    Enum(Vec<String>),
    /// A whole number, not below `min`.
    Int {
        /// The least value, if there is one.
        min: Option<i64>,
    },
    /// A calendar day.
    Date,
    /// Any text.
    Text,
    /// An offence code such as `CA PC 245(a)(1)`.
    Offense,
    /// A list of records.
    List {
        /// The record's name: its fields are the facts `<of>.<field>`.
        of: String,
        /// The boolean fact that says whether the list is complete; unknown means that it is.
        complete: Option<String>,
    },
}

impl Declared {
    /// The type's name, as law files and determinations write it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Enum(_) => "enum",
            Self::Int { .. } => "int",
            Self::Date => "date",
            Self::Text => "text",
            Self::Offense => "offense",
            Self::List { .. } => "list",
        }
    }
}

/// A declared fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its dotted name.
    pub name: String,
    /// Its type.
    pub declared: Declared,
    /// The plain question that asks for it.
    pub question: String,
}

/// The fields of a list's elements.
#[derive(Clone, Debug)]
pub struct Record {
    /// The record's name.
    pub name: String,
    /// Its fields, in order of declaration; the names without the record's.
    pub fields: Vec<Fact>,
    by_name: FxHashMap<String, Field>,
}

impl Record {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field> {
        self.by_name.get(name).copied()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) fact: Fact,
    pub(crate) record: usize,
    pub(crate) complete: Option<Slot>,
}

/// The declared facts. The identity of the agency and the day of the case are declared from the start.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    scalars: Vec<Fact>,
    pub(crate) lists: Vec<List>,
    records: Vec<Record>,
    by_name: FxHashMap<String, FactId>,
    /// What may follow each group of names: `request` → `kind` …; the first is the root.
    groups: Vec<FxHashMap<String, Entry>>,
}

/// What a part of a dotted name leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    Group(usize),
    Fact(FactId),
}

impl Vocabulary {
    /// The day of the case.
    pub const ON: Slot = Slot(0);
    /// What kind of agency is asked.
    pub const AGENCY_KIND: Slot = Slot(1);
    /// The place of the agency that is asked.
    pub const AGENCY_PLACE: Slot = Slot(2);
    /// The name of the agency that is asked.
    pub const AGENCY_NAME: Slot = Slot(3);

    /// A vocabulary of the day and the agency alone, whose kinds are given.
    #[must_use]
    pub fn new(agency_kinds: &[&str]) -> Self {
        let mut v = Self {
            scalars: Vec::new(),
            lists: Vec::new(),
            records: Vec::new(),
            by_name: FxHashMap::default(),
            groups: vec![FxHashMap::default()],
        };
        let kinds = agency_kinds.iter().map(ToString::to_string).collect();
        v.push("on", Declared::Date, "On which day?");
        v.push("agency.kind", Declared::Enum(kinds), "What kind of agency is it?");
        v.push("agency.place", Declared::Text, "Of which place is it an agency?");
        v.push("agency.name", Declared::Text, "What is the agency called?");
        v
    }

    fn push(&mut self, name: &str, declared: Declared, question: &str) -> Slot {
        let slot = Slot(u16::try_from(self.scalars.len()).unwrap_or(u16::MAX));
        self.scalars.push(Fact { name: name.to_owned(), declared, question: question.to_owned() });
        self.name(name, FactId::Scalar(slot));
        slot
    }

    fn name(&mut self, name: &str, id: FactId) {
        self.by_name.insert(name.to_owned(), id);
        let (mut group, mut rest) = (0, name);
        while let Some((first, more)) = rest.split_once('.') {
            let next = self.groups.len();
            match *self.groups[group].entry(first.to_owned()).or_insert(Entry::Group(next)) {
                Entry::Group(at) => group = at,
                // A fact and a group of one name: the group is found by whole names only.
                Entry::Fact(_) => return,
            }
            if group == next {
                self.groups.push(FxHashMap::default());
            }
            rest = more;
        }
        self.groups[group].insert(rest.to_owned(), Entry::Fact(id));
    }

    /// What a part of a name leads to, from a group; the root is group 0.
    pub(crate) fn entry(&self, group: usize, part: &str) -> Option<Entry> {
        self.groups[group].get(part).copied()
    }

    /// Declares facts, in any order: a list's record, its fields and its `complete` fact may come after it.
    ///
    /// # Errors
    /// One entry a mistake: the index of the declaration and what is wrong with it. What is not wrong is declared all the same.
    pub fn declare(&mut self, facts: &[Fact]) -> Result<(), Vec<(usize, String)>> {
        let mut wrong = Vec::new();
        for (at, fact) in facts.iter().enumerate() {
            if self.by_name.contains_key(&fact.name) {
                wrong.push((at, format!("the fact `{}` is declared twice", fact.name)));
            } else if self.scalars.len() + self.lists.len() >= 4096 {
                wrong.push((at, "more than 4096 facts are declared".to_owned()));
            } else if let Declared::Enum(values) = &fact.declared
                && (values.is_empty() || values.len() > 64)
            {
                wrong.push((at, format!("an enumeration has 1 to 64 values, `{}` has {}", fact.name, values.len())));
            } else if let Declared::List { of, .. } = &fact.declared {
                let record = self.record_named(of);
                let id = ListId(self.lists.len() as u16);
                self.lists.push(List { fact: fact.clone(), record, complete: None });
                self.name(&fact.name, FactId::List(id));
            }
        }
        for fact in facts {
            if matches!(fact.declared, Declared::List { .. }) || self.by_name.contains_key(&fact.name) {
                continue;
            }
            match fact.name.split_once('.').and_then(|(r, f)| Some((self.records.iter().position(|x| x.name == r)?, f))) {
                Some((record, field)) => {
                    let record = &mut self.records[record];
                    if record.by_name.contains_key(field) {
                        continue;
                    }
                    record.by_name.insert(field.to_owned(), Field(record.fields.len() as u16));
                    record.fields.push(Fact { name: field.to_owned(), ..fact.clone() });
                }
                None => {
                    self.push(&fact.name, fact.declared.clone(), &fact.question);
                }
            }
        }
        for (at, fact) in facts.iter().enumerate() {
            let Declared::List { of, complete } = &fact.declared else { continue };
            if self.records.iter().any(|r| r.name == *of && r.fields.is_empty()) {
                wrong.push((at, format!("no field `{of}.…` is declared for the elements of `{}`", fact.name)));
            }
            let Some(complete) = complete else { continue };
            match (self.by_name.get(complete), self.by_name.get(&fact.name)) {
                (Some(FactId::Scalar(slot)), Some(FactId::List(list))) if self.scalars[slot.0 as usize].declared == Declared::Bool => {
                    self.lists[list.0 as usize].complete = Some(*slot);
                }
                _ => wrong.push((at, format!("`{complete}`, which says whether the list is complete, is not declared as a boolean"))),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn record_named(&mut self, name: &str) -> usize {
        self.records.iter().position(|r| r.name == name).unwrap_or_else(|| {
            self.records.push(Record { name: name.to_owned(), fields: Vec::new(), by_name: FxHashMap::default() });
            self.records.len() - 1
        })
    }

    /// What a dotted name stands for; a field is named by its list: `person.charges[].level`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FactId> {
        if let Some((list, field)) = name.split_once("[].") {
            let Some(FactId::List(list)) = self.by_name.get(list) else { return None };
            return Some(FactId::Field(*list, self.record(*list).field(field)?));
        }
        self.by_name.get(name).copied()
    }

    /// Whether some fact's name begins with this and a dot.
    #[must_use]
    pub fn is_group(&self, name: &str) -> bool {
        let mut group = 0;
        for part in name.split('.') {
            match self.entry(group, part) {
                Some(Entry::Group(at)) => group = at,
                _ => return false,
            }
        }
        true
    }

    /// The declaration of a fact, a list or a field.
    #[must_use]
    pub fn fact(&self, id: FactId) -> &Fact {
        match id {
            FactId::Scalar(slot) => &self.scalars[slot.0 as usize],
            FactId::List(list) => &self.lists[list.0 as usize].fact,
            FactId::Field(list, field) => &self.record(list).fields[field.0 as usize],
        }
    }

    /// The name under which a fact is asked for: `person.charges[].level` for a field.
    #[must_use]
    pub fn full_name(&self, id: FactId) -> String {
        match id {
            FactId::Field(list, _) => format!("{}[].{}", self.lists[list.0 as usize].fact.name, self.fact(id).name),
            _ => self.fact(id).name.clone(),
        }
    }

    /// The fields of a list's elements.
    #[must_use]
    pub fn record(&self, list: ListId) -> &Record {
        &self.records[self.lists[list.0 as usize].record]
    }

    /// The scalar facts, in order of their slots.
    #[must_use]
    pub fn scalars(&self) -> &[Fact] {
        &self.scalars
    }

    /// How many lists are declared.
    #[must_use]
    pub fn list_count(&self) -> usize {
        self.lists.len()
    }

    /// The fact that says whether a list is complete.
    #[must_use]
    pub fn complete_fact(&self, list: ListId) -> Option<Slot> {
        self.lists[list.0 as usize].complete
    }

    /// The facts as they were declared, but for those of agency and day: [`Vocabulary::declare`] makes the same vocabulary of them.
    #[must_use]
    pub fn declarations(&self) -> Vec<Fact> {
        let own = self.scalars.iter().skip(Self::AGENCY_NAME.0 as usize + 1).cloned();
        let lists = self.lists.iter().map(|l| l.fact.clone());
        let field = |record: &Record, field: &Fact| Fact { name: format!("{}.{}", record.name, field.name), ..field.clone() };
        let fields = self.records.iter().flat_map(|r| r.fields.iter().map(move |f| field(r, f)));
        own.chain(lists).chain(fields).collect()
    }

    /// Every name: scalars, lists, and fields under their lists' names.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        let scalars = self.scalars.iter().map(|f| f.name.clone());
        let lists = (0..self.lists.len()).flat_map(move |l| {
            let id = ListId(l as u16);
            let fields = (0..self.record(id).fields.len()).map(move |f| self.full_name(FactId::Field(id, Field(f as u16))));
            std::iter::once(self.lists[l].fact.name.clone()).chain(fields)
        });
        scalars.chain(lists)
    }

    /// The declared name nearest to a misspelt one, if any is near.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.names())
    }
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self::new(&["agency"])
    }
}

/// The candidate within a third of the word's length in edits, the nearest first.
pub fn nearest<S: AsRef<str>>(word: &str, candidates: impl Iterator<Item = S>) -> Option<String> {
    if word.len() > 200 {
        return None;
    }
    let limit = word.chars().count() / 3 + 1;
    candidates
        .map(|c| (distance(word, c.as_ref()), c))
        .filter(|(d, _)| *d <= limit)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.as_ref().cmp(b.1.as_ref())))
        .map(|(_, c)| c.as_ref().to_owned())
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
