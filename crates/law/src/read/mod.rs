//! From files to [`Law`]: every file is read, every mistake of every file is reported.

mod class;
mod condition;
mod definitions;
pub(crate) mod duty;
pub(crate) mod example;
mod facts;
mod graph;
pub(crate) mod instrument;
mod layout;
pub(crate) mod norm;
mod offsets;
mod place;
mod sink;
mod source;
mod table;
mod vocabulary;

use std::rc::Rc;

use comity_logic::Schema;
use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::DeTable;

pub(crate) use graph::order;
pub(crate) use instrument::Override;
pub(crate) use offsets::place_in;
pub(crate) use sink::Sink;
pub(crate) use vocabulary::empty as empty_vocabulary;

use crate::bundle::{Bundle, SourceFile};
use crate::diagnostic::Diagnostic;
use crate::model::{At, FileId, Law};
use crate::{check, slug};
use condition::{Scope, Terms};
use layout::Part;
use table::{Cx, Table};

/// A file that is to be read.
struct Input<'a> {
    part: Part,
    id: FileId,
    path: &'a str,
    text: &'a str,
    /// `None` if it is no text or no TOML; that is reported.
    toml: Option<Spanned<DeTable<'a>>>,
}

impl Input<'_> {
    fn at(&self) -> At {
        At { file: self.id, start: 0, end: 0 }
    }
}

/// Reads a bundle. Where it is only a part of one, names that lead out of it are not looked up.
pub(crate) fn read(bundle: Bundle, whole: bool) -> Result<Law, Vec<Diagnostic>> {
    read_against(bundle, whole, None)
}

/// What two laws that are compared have in common: facts, classes and actions under the same positions.
pub(crate) struct Shared {
    pub(crate) schema: Schema,
    /// The ids of the actions, those included that the law itself does not declare.
    pub(crate) actions: Vec<String>,
}

/// Reads a bundle against facts, classes and actions that it shares with another, instead of its own.
pub(crate) fn read_against(bundle: Bundle, whole: bool, shared: Option<&Shared>) -> Result<Law, Vec<Diagnostic>> {
    let mut sink = Sink::default();
    let digest = bundle.digest().to_owned();
    let (files, unusable) = source::files(bundle, &mut sink);
    let mut law = {
        let inputs = inputs(&files, &unusable, &mut sink);
        match inputs.iter().find(|i| i.part == Part::Vocabulary) {
            Some(vocabulary) if vocabulary.toml.is_some() => law(&inputs, &mut sink, whole, shared),
            // Without it every fact of every file would be reported as unknown.
            Some(_) => Law::default(),
            None => {
                if !inputs.is_empty() {
                    sink.path_error("vocabulary.toml", "L0006", "the bundle has no `vocabulary.toml`")
                        .help("it declares the actions and facts that laws speak of");
                }
                Law::default()
            }
        }
    };
    law.digest = digest;
    let (errors, warnings): (Vec<_>, Vec<_>) = sink.finish(&files).into_iter().partition(Diagnostic::is_error);
    law.files = files;
    if errors.is_empty() {
        law.warnings = warnings;
        Ok(law)
    } else {
        Err(errors.into_iter().chain(warnings).collect())
    }
}

/// The files that lie where law files belong, parsed.
fn inputs<'a>(files: &'a [SourceFile], unusable: &FxHashSet<FileId>, sink: &mut Sink) -> Vec<Input<'a>> {
    let mut out = Vec::new();
    sink.declare(files.iter().map(|f| f.path.as_str()));
    for (at, file) in files.iter().enumerate() {
        let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let toml = if unusable.contains(&id) { None } else { source::parse(id, &file.text, sink) };
        match layout::part(&file.path, sink) {
            Ok(part) => out.push(Input { part, id, path: &file.path, text: &file.text, toml }),
            Err((code, message, help)) => drop(sink.path_error(&file.path, code, message).help(help)),
        }
    }
    out
}

fn law(inputs: &[Input<'_>], sink: &mut Sink, whole: bool, shared: Option<&Shared>) -> Law {
    let mut law = Law::default();
    let mut by_name = FxHashMap::default();
    law.schema.vocabulary = vocabulary::empty();
    each(inputs, sink, &|part| *part == Part::Vocabulary, "vocabulary.toml", &["action", "fact"], |cx, root, _| {
        law.schema.vocabulary = vocabulary::facts(cx, root);
        if let Some(shared) = shared {
            law.schema.vocabulary = shared.schema.vocabulary.clone();
        }
        (law.actions, by_name) = vocabulary::actions(cx, root, &law.schema);
        if let Some(shared) = shared {
            (law.actions, by_name) = vocabulary::arranged(&law.actions, &shared.actions, root.at);
        }
    });
    let mut drafts = Vec::new();
    each(inputs, sink, &|part| matches!(part, Part::Class(..)), "a class", &class::KEYS, |cx, root, input| {
        if let Part::Class(place, name) = &input.part {
            drafts.push(class::read(cx, root, place, name));
        }
    });
    for input in inputs.iter().filter(|i| i.toml.is_none()) {
        if let Part::Class(place, name) = &input.part {
            drafts.push(class::broken(place, name, input.id));
        }
    }
    (law.schema.classes, law.classes) = class::join(sink, drafts);
    law.classes.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(shared) = shared {
        law.schema.classes = shared.schema.classes.clone();
    }
    each(inputs, sink, &|part| matches!(part, Part::Place(_)), "place.toml", &["name", "time_zone", "coverage"], |cx, root, input| {
        law.places.extend(input.part.place().map(|place| place::read(cx, root, place)));
    });
    law.places.sort_by(|a, b| a.slug.cmp(&b.slug));
    let ground = Ground { schema: &law.schema, actions: &by_name };
    let (terms, definitions) = ground.terms(inputs, sink);
    let mut overrides: Vec<Override> = Vec::new();
    let mut instruments = Vec::new();
    each(inputs, sink, &|part| matches!(part, Part::Instrument(..)), "an instrument", &instrument::KEYS, |cx, root, input| {
        let Part::Instrument(place, id) = &input.part else { return };
        let (instrument, more) = instrument::read(cx, &ground.scope(place, &terms), root, id, input.path);
        instruments.push(instrument);
        overrides.extend(more);
    });
    law.definitions = definitions;
    law.instruments = instruments;
    law.instruments.sort_by(|a, b| a.id.cmp(&b.id));
    let unread: FxHashSet<&str> = inputs
        .iter()
        .filter(|i| i.toml.is_none())
        .filter_map(|i| if let Part::Instrument(_, id) = &i.part { Some(id.as_str()) } else { None })
        .collect();
    check::check(&law, &overrides, &unread, sink, whole);
    law
}

/// Reads the files of one sort.
fn each<'a>(
    inputs: &'a [Input<'a>],
    sink: &mut Sink,
    wanted: &dyn Fn(&Part) -> bool,
    what: &'static str,
    known: &[&str],
    mut read: impl FnMut(&mut Cx<'_>, Table<'a>, &'a Input<'a>),
) {
    for input in inputs.iter().filter(|i| wanted(&i.part)) {
        let Some(toml) = &input.toml else { continue };
        let mut cx = Cx { file: input.id, text: input.text, sink };
        let root = Table::new(&mut cx, toml.get_ref(), input.at(), what, known);
        read(&mut cx, root, input);
    }
}

/// What all conditions may use.
struct Ground<'a> {
    schema: &'a Schema,
    actions: &'a FxHashMap<String, crate::model::ActionId>,
}

/// The terms of the places that define some.
type PlaceTerms = FxHashMap<String, Rc<Terms>>;

impl<'a> Ground<'a> {
    fn scope(&self, place: &'a str, terms: &PlaceTerms) -> Scope<'a> {
        // The nearest place that defines terms has those of the places above it too.
        let terms = slug::chain(place).filter_map(|p| terms.get(p)).last().cloned().unwrap_or_default();
        Scope { schema: self.schema, actions: self.actions, place, terms }
    }

    /// The terms of each place's `definitions.toml`, those of higher places first.
    fn terms(&self, inputs: &'a [Input<'a>], sink: &mut Sink) -> (PlaceTerms, Vec<crate::model::Definition>) {
        let (mut terms, mut written) = (PlaceTerms::default(), Vec::new());
        for depth in 1..=3 {
            for input in inputs {
                let Part::Definitions(place) = &input.part else { continue };
                let Some(toml) = &input.toml else { continue };
                if slug::chain(place).count() != depth {
                    continue;
                }
                let mut cx = Cx { file: input.id, text: input.text, sink: &mut *sink };
                let root = Table::any(toml.get_ref(), input.at(), "definitions.toml");
                // A heading `[definitions]` is allowed, as in an instrument.
                let inner = match root.item("definitions").filter(|_| root.entries().count() == 1) {
                    Some(item) => Table::open_any(&mut cx, item, "definitions"),
                    None => Some(root),
                };
                let Some(table) = inner else { continue };
                let (own, more) = definitions::read(&mut cx, &self.scope(place, &terms), table, input.path);
                terms.insert(place.clone(), own);
                written.extend(more);
            }
        }
        (terms, written)
    }
}
