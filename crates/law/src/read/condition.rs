//! Conditions: parsed, compiled, and every mistake mapped back into the file.

use std::rc::Rc;

use comity_cel::{Expr, ExprKind, Literal, Span};
use comity_logic::{Condition, Schema, nearest};
use rustc_hash::FxHashMap;

use super::table::{Cx, Table, Text};
use crate::model::{ActionId, At, When};
use crate::slug;

/// What a condition of some place may use.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) actions: &'a FxHashMap<String, ActionId>,
    /// The slug of the place.
    pub(crate) place: &'a str,
    pub(crate) terms: Rc<Terms>,
}

/// The terms of a place and of those above it.
#[derive(Clone, Default)]
pub(crate) struct Terms {
    pub(crate) compiled: comity_logic::Terms,
    pub(crate) known: FxHashMap<String, Term>,
}

/// What is known of a term.
#[derive(Clone)]
pub(crate) struct Term {
    /// The file that defines it.
    pub(crate) file: String,
    /// The facts that it asks for, other terms unfolded.
    pub(crate) asks: Vec<String>,
    /// Its length with other terms unfolded.
    pub(crate) weight: usize,
}

/// Longer conditions, with their terms unfolded, are refused: a few lines could unfold to more than fits into memory.
const MAX_WEIGHT: usize = 1 << 18;

/// What a condition names.
#[derive(Default)]
pub(crate) struct Names {
    /// Facts and terms, dotted.
    pub(crate) facts: Vec<(String, Span)>,
    /// Classes.
    pub(crate) classes: Vec<(String, Span)>,
    /// The length of the text.
    len: usize,
}

impl Names {
    pub(crate) fn of(expr: &Expr) -> Self {
        let mut names = Self { len: expr.span.end - expr.span.start, ..Self::default() };
        names.gather(expr, &mut Vec::new());
        names
    }

    /// The length of the condition with its terms unfolded.
    pub(crate) fn weight(&self, known: &FxHashMap<String, Term>) -> usize {
        self.facts.iter().filter_map(|(name, _)| known.get(name)).fold(self.len, |sum, term| sum.saturating_add(term.weight))
    }

    fn gather<'e>(&mut self, expr: &'e Expr, bound: &mut Vec<&'e str>) {
        if let Some(path) = path(expr) {
            let root = path.split('.').next().unwrap_or(&path);
            if !bound.contains(&root) {
                self.facts.push((path, expr.span));
            }
            return;
        }
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Ident { .. } | ExprKind::Message { .. } => {}
            ExprKind::Select { operand, .. } | ExprKind::Unary { operand, .. } => self.gather(operand, bound),
            ExprKind::Index { operand: a, index: b } | ExprKind::Binary { left: a, right: b, .. } => {
                self.gather(a, bound);
                self.gather(b, bound);
            }
            ExprKind::Call { target, function, args } => {
                target.iter().for_each(|t| self.gather(t, bound));
                let before = bound.len();
                if let ("exists" | "all" | "filter" | "exists_one" | "map", Some(ExprKind::Ident { name, .. })) =
                    (function.text.as_str(), args.first().map(|a| &a.kind))
                {
                    bound.push(name);
                }
                for arg in args {
                    match &arg.kind {
                        ExprKind::Literal(Literal::Text(class)) if function.text == "in_class" => {
                            self.classes.push((class.clone(), arg.span))
                        }
                        _ => self.gather(arg, bound),
                    }
                }
                bound.truncate(before);
            }
            ExprKind::Conditional { test, then, otherwise } => [test, then, otherwise].into_iter().for_each(|e| self.gather(e, bound)),
            ExprKind::List(items) => items.iter().for_each(|e| self.gather(e, bound)),
            ExprKind::Map(entries) => entries.iter().flat_map(|(k, v)| [k, v]).for_each(|e| self.gather(e, bound)),
        }
    }
}

/// The dotted name, if the expression is one.
fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident { name, .. } => Some(name.clone()),
        ExprKind::Select { operand, field } => Some(format!("{}.{}", path(operand)?, field.text)),
        _ => None,
    }
}

/// Where a part of a text stands in the file.
fn place_in(cx: &Cx<'_>, text: Text<'_>, span: Span) -> At {
    super::place_in(cx.text, text.at, text.value, span.start..span.end)
}

/// The syntax tree of a condition; its mistakes are reported.
pub(crate) fn parse(cx: &mut Cx<'_>, text: Text<'_>) -> Option<Expr> {
    match comity_cel::parse(text.value) {
        Ok(expr) => Some(expr),
        Err(mistakes) => {
            for mistake in mistakes {
                let at = place_in(cx, text, mistake.span);
                cx.error(at, "L0401", mistake.message).maybe_help(mistake.help);
            }
            None
        }
    }
}

/// Whether the classes it names are there; those that are not are reported.
fn classes_exist(cx: &mut Cx<'_>, scope: &Scope<'_>, text: Text<'_>, names: &Names) -> bool {
    let mut all = true;
    for (class, span) in &names.classes {
        if let Some(message) = unknown_class(scope.schema, scope.place, class) {
            let visible = scope.schema.classes.names().filter(|name| is_visible(name, scope.place));
            let help = nearest(class, visible).map(|near| format!("did you mean `{near}`?"));
            let at = place_in(cx, text, *span);
            cx.error(at, "L0403", message).maybe_help(help);
            all = false;
        }
    }
    all
}

fn unknown_class(schema: &Schema, place: &str, class: &str) -> Option<String> {
    if schema.classes.find(class).is_none() {
        Some(format!("there is no class `{class}`"))
    } else if !is_visible(class, place) {
        Some(format!("the class `{class}` belongs to another place: a law may use those of its own place and of the places above"))
    } else {
        None
    }
}

/// Whether a class belongs to the place or to one above it.
pub(crate) fn is_visible(class: &str, place: &str) -> bool {
    let owner = class.rsplit_once('/').map_or("", |(owner, _)| owner);
    slug::chain(place).any(|p| p == owner)
}

/// Compiles a condition that was parsed; its mistakes are reported.
pub(crate) fn compile(cx: &mut Cx<'_>, scope: &Scope<'_>, terms: &Terms, text: Text<'_>, expr: &Expr, names: &Names) -> Option<Condition> {
    if !classes_exist(cx, scope, text, names) {
        return None;
    }
    if names.weight(&terms.known) > MAX_WEIGHT {
        cx.error(text.at, "L0402", "the condition is too long once its terms are unfolded");
        return None;
    }
    match comity_logic::compile(expr, &comity_logic::Scope { schema: scope.schema, terms: &terms.compiled }) {
        Ok(condition) => Some(condition),
        Err(mistakes) => {
            for mistake in mistakes {
                let at = place_in(cx, text, mistake.span);
                cx.error(at, "L0402", mistake.message).maybe_help(mistake.help);
            }
            None
        }
    }
}

/// A condition; where it is mistaken, one that always holds stands for it, since the law will be refused anyway.
pub(crate) fn condition(cx: &mut Cx<'_>, scope: &Scope<'_>, text: Text<'_>) -> When {
    let condition = parse(cx, text).and_then(|expr| compile(cx, scope, &scope.terms, text, &expr, &Names::of(&expr)));
    When { text: text.value.to_owned(), at: text.at, condition: condition.unwrap_or_else(Condition::always) }
}

/// An optional condition.
pub(crate) fn maybe(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>, key: &'static str) -> Option<When> {
    let text = table.text(cx, key)?;
    Some(condition(cx, scope, text))
}

/// A condition that always holds where it is left out.
pub(crate) fn when(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>) -> When {
    maybe(cx, scope, table, "when").unwrap_or_else(|| When { text: String::new(), at: table.at, condition: Condition::always() })
}

/// A condition over the agency alone.
pub(crate) fn binds(cx: &mut Cx<'_>, scope: &Scope<'_>, table: Table<'_>) -> Option<When> {
    const KNOWN: [&str; 3] = ["agency.kind", "agency.place", "agency.name"];
    let text = table.text(cx, "binds")?;
    let expr = parse(cx, text)?;
    let names = Names::of(&expr);
    let mut fits = true;
    for (name, span) in &names.facts {
        let asks = scope.terms.known.get(name).map_or(std::slice::from_ref(name), |term| &term.asks);
        let Some(other) = asks.iter().find(|fact| !KNOWN.contains(&fact.as_str())) else { continue };
        let at = place_in(cx, text, *span);
        cx.error(at, "L0308", format!("`binds` says which agencies are bound; it cannot ask for `{other}`"))
            .help("use agency.kind, agency.place and agency.name only; put the rest into `applies` or into the norms");
        fits = false;
    }
    let condition = if fits { compile(cx, scope, &scope.terms, text, &expr, &names) } else { None };
    Some(When { text: text.value.to_owned(), at: text.at, condition: condition.unwrap_or_else(Condition::always) })
}
