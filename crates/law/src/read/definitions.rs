//! Terms: named conditions for the conditions of a file, or of a place and the places below it.

use std::rc::Rc;

use comity_cel::{Expr, ExprKind, Literal};
use comity_logic::Condition;
use rustc_hash::FxHashMap;

use super::condition::{Names, Scope, Term, Terms, compile, parse};
use super::table::{Cx, Table, Text, text};
use crate::model::{At, Definition, When};

/// A term before it is compiled.
struct Draft<'a> {
    name: &'a str,
    name_at: At,
    text: Text<'a>,
    /// `None` if it is mistaken; then it stands for "true", so that those who use it are not blamed.
    expr: Option<Expr>,
    names: Names,
}

/// The terms of a table laid over those that the scope has; `file` is the path named when a term is hidden.
pub(crate) fn read(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, file: &str) -> (Rc<Terms>, Vec<Definition>) {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for (key, item) in table.entries() {
        let Some(text) = text(cx, item, key.get_ref()) else { continue };
        let name_at = cx.at(key.span());
        if !name_fits(cx, scope, key.get_ref(), name_at) {
            continue;
        }
        let expr = parse(cx, text);
        let names = expr.as_ref().map(Names::of).unwrap_or_default();
        drafts.push(Draft { name: key.get_ref(), name_at, text, expr, names });
    }
    let order = in_order(cx, &mut drafts);
    let mut terms = Terms { compiled: scope.terms.compiled.child(), known: scope.terms.known.clone() };
    // A name that is defined here but comes to nothing still has a meaning for those who use it.
    for draft in &drafts {
        terms.compiled.insert(draft.name, always(draft));
    }
    let mut out = Vec::new();
    for at in order {
        let Some(draft) = drafts.get(at) else { continue };
        let compiled = draft.expr.as_ref().and_then(|expr| compile(cx, scope, &terms, draft.text, expr, &draft.names));
        let mut term = Term { file: file.to_owned(), asks: Vec::new(), weight: 0 };
        if let (Some(_), Some(expr)) = (&compiled, &draft.expr) {
            terms.compiled.insert(draft.name, expr.clone());
            term.weight = draft.names.weight(&terms.known);
            term.asks = asks(&draft.names, &terms);
        }
        terms.known.insert(draft.name.to_owned(), term);
        let meaning = When { text: draft.text.value.to_owned(), at: draft.text.at, condition: compiled.unwrap_or_else(Condition::always) };
        out.push(Definition { place: scope.place.to_owned(), name: draft.name.to_owned(), meaning });
    }
    out.sort_by_key(|d| d.meaning.at.start);
    (Rc::new(terms), out)
}

/// The facts that a condition asks for, terms unfolded.
fn asks(names: &Names, terms: &Terms) -> Vec<String> {
    let unfold = |(name, _): &(String, _)| terms.known.get(name).map_or_else(|| vec![name.clone()], |term| term.asks.clone());
    let mut asks: Vec<String> = names.facts.iter().flat_map(unfold).collect();
    asks.sort();
    asks.dedup();
    asks
}

fn always(draft: &Draft<'_>) -> Expr {
    let span = draft.expr.as_ref().map(|e| e.span).unwrap_or_default();
    Expr { kind: ExprKind::Literal(Literal::Bool(true)), span }
}

/// Whether a term may be called so.
fn name_fits(cx: &mut Cx<'_>, scope: &Scope<'_>, name: &str, at: At) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let reserved = [
        "true",
        "false",
        "null",
        "in",
        "as",
        "if",
        "else",
        "for",
        "let",
        "loop",
        "return",
        "while",
        "var",
        "void",
        "function",
        "import",
        "package",
        "namespace",
        "break",
        "const",
        "continue",
    ];
    if !plain || name.is_empty() || name.len() > 64 || name.starts_with(|c: char| c.is_ascii_digit()) || reserved.contains(&name) {
        cx.error(at, "L0406", format!("a term cannot be called `{name}`"))
            .help("use small letters, digits and underscores, beginning with a letter");
        return false;
    }
    let vocabulary = &scope.schema.vocabulary;
    if vocabulary.find(name).is_some() || vocabulary.is_group(name) {
        cx.error(at, "L0405", format!("the term `{name}` hides the facts of that name")).help("give it another name");
        return false;
    }
    if let Some(Term { file, .. }) = scope.terms.known.get(name) {
        cx.error(at, "L0405", format!("the term `{name}` is defined already, in {file}"))
            .help("give it another name: one word has one meaning in a place and below it");
        return false;
    }
    true
}

/// The drafts, those that others use first. Circles are reported and cut.
fn in_order(cx: &mut Cx<'_>, drafts: &mut [Draft<'_>]) -> Vec<usize> {
    let by_name: FxHashMap<&str, usize> = drafts.iter().enumerate().map(|(at, d)| (d.name, at)).collect();
    let uses: Vec<Vec<usize>> =
        drafts.iter().map(|d| d.names.facts.iter().filter_map(|(n, _)| by_name.get(n.as_str()).copied()).collect()).collect();
    drop(by_name);
    let (order, circles) = super::order(&uses);
    for circle in circles {
        let names: Vec<&str> = circle.iter().chain(circle.first()).filter_map(|at| drafts.get(*at)).map(|d| d.name).collect();
        let Some(first) = circle.first().and_then(|at| drafts.get(*at)) else { continue };
        cx.error(first.name_at, "L0404", format!("the term is defined by itself: {}", names.join(" → ")));
        for at in circle {
            if let Some(draft) = drafts.get_mut(at) {
                draft.expr = None;
            }
        }
    }
    order
}
