//! `vocabulary.toml`: the actions and the facts.

use std::rc::Rc;

use comity_logic::{Declared, Fact, Schema, Vocabulary, nearest};
use comity_places::AgencyKind;
use rustc_hash::FxHashMap;

use super::condition::{Scope, Terms, maybe};
use super::table::{Cx, Table};
use crate::model::{Action, ActionId, At};
use crate::slug;

const FACT: [&str; 7] = ["id", "type", "values", "min", "of", "complete", "question"];
const TYPES: [&str; 7] = ["bool", "enum", "int", "date", "text", "offense", "list"];

/// A vocabulary of agency and day alone.
pub(crate) fn empty() -> Vocabulary {
    Vocabulary::new(&AgencyKind::ALL.map(AgencyKind::as_str))
}

/// The declared facts.
pub(crate) fn facts(cx: &mut Cx<'_>, root: Table<'_>) -> Vocabulary {
    let (mut facts, mut places) = (Vec::new(), Vec::new());
    for table in root.tables(cx, "fact", "[[fact]]", &FACT) {
        let id = table.need_text(cx, "id");
        let question = table.need_string(cx, "question");
        let declared = declared(cx, table);
        let (Some(id), Some(declared)) = (id, declared) else { continue };
        if !is_fact_name(id.value) {
            cx.error(id.at, "L0109", format!("`{}` cannot be the name of a fact", id.value))
                .help("write `group.name` with small letters, digits and underscores");
            continue;
        }
        if facts.iter().any(|f: &Fact| f.name == id.value) {
            cx.error(id.at, "L0313", format!("the fact `{}` is declared twice", id.value));
            continue;
        }
        facts.push(Fact { name: id.value.to_owned(), declared, question });
        places.push(id.at);
    }
    let mut vocabulary = empty();
    if let Err(wrong) = vocabulary.declare(&facts) {
        for (at, why) in wrong {
            cx.error(places.get(at).copied().unwrap_or(root.at), "L0313", why);
        }
    }
    vocabulary
}

fn is_fact_name(name: &str) -> bool {
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_lowercase()) && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.len() <= 80 && name.contains('.') && name.split('.').all(part)
}

fn declared(cx: &mut Cx<'_>, table: Table<'_>) -> Option<Declared> {
    let kind = table.need_text(cx, "type")?;
    let belongs: &[&str] = match kind.value {
        "enum" => &["values"],
        "int" => &["min"],
        "list" => &["of", "complete"],
        _ => &[],
    };
    for key in ["values", "min", "of", "complete"] {
        if table.item(key).is_some() && !belongs.contains(&key) && TYPES.contains(&kind.value) {
            let at = table.at_key(cx, key);
            cx.error(at, "L0112", format!("a fact of type {} has no `{key}`", kind.value));
        }
    }
    Some(match kind.value {
        "bool" => Declared::Bool,
        "int" => Declared::Int { min: table.integer(cx, "min").map(|(n, _)| n) },
        "date" => Declared::Date,
        "text" => Declared::Text,
        "offense" => Declared::Offense,
        "enum" => Declared::Enum(table.need_texts(cx, "values").iter().map(|t| t.value.to_owned()).collect()),
        "list" => Declared::List { of: table.need_string(cx, "of"), complete: table.string(cx, "complete") },
        other => {
            let near = nearest(other, TYPES.iter()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            cx.error(kind.at, "L0106", format!("`type` cannot be `{other}`")).help(format!("{near}expected one of: {}", TYPES.join(", ")));
            return None;
        }
    })
}

/// The declared actions and their positions; their conditions are read against the facts.
pub(crate) fn actions(cx: &mut Cx<'_>, root: Table<'_>, schema: &Schema) -> (Vec<Action>, FxHashMap<String, ActionId>) {
    let mut actions: Vec<Action> = Vec::new();
    let mut by_name = FxHashMap::default();
    let none = FxHashMap::default();
    let scope = Scope { schema, actions: &none, place: "us", terms: Rc::new(Terms::default()) };
    for table in root.tables(cx, "action", "[[action]]", &["id", "says", "when"]) {
        let id = table.need_text(cx, "id");
        let says = table.need_string(cx, "says");
        let when = maybe(cx, &scope, table, "when");
        let Some(id) = id else { continue };
        if !slug::is_name(id.value) {
            malformed(cx, id.value, id.at);
        } else if by_name.contains_key(id.value) {
            cx.error(id.at, "L0313", format!("the action `{}` is declared twice", id.value));
        } else if actions.len() >= 256 {
            cx.error(id.at, "L0313", "more than 256 actions are declared");
        } else {
            by_name.insert(id.value.to_owned(), ActionId(actions.len() as u16));
            actions.push(Action { id: id.value.to_owned(), says, when, at: table.at });
        }
    }
    (actions, by_name)
}

/// The actions in the order of these ids; what is not declared takes its place without a condition, and no norm speaks of it.
pub(crate) fn arranged(own: &[Action], ids: &[String], at: At) -> (Vec<Action>, FxHashMap<String, ActionId>) {
    let one = |id: &String| {
        let undeclared = || Action { id: id.clone(), says: String::new(), when: None, at };
        own.iter().find(|a| a.id == *id).cloned().unwrap_or_else(undeclared)
    };
    let by_name = ids.iter().enumerate().filter(|(_, id)| own.iter().any(|a| a.id == **id));
    (ids.iter().map(one).collect(), by_name.map(|(at, id)| (id.clone(), ActionId(at as u16))).collect())
}

/// Reports a name that is none.
pub(crate) fn malformed(cx: &mut Cx<'_>, name: &str, at: At) {
    cx.error(at, "L0109", format!("`{name}` cannot be an id")).help("use small letters, digits and hyphens");
}
