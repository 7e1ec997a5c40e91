//! Functions and quantifiers.

use super::Compiler;
use super::compare::{Operand, at_least};
use super::names::{kind_of, source_name};
use crate::condition::{Bound, Lengthened, Node, Subject, Test};
use crate::facts::parse_date;
use crate::{Date, Declared, ListId, Vocabulary, nearest, parse_code};
use comity_cel::{Expr, ExprKind, Literal, Name, Span};

impl Compiler<'_> {
    fn quantified(&mut self, target: &Expr, function: &Name, args: &[Expr]) -> Option<(ListId, Node)> {
        let list = self.list(target);
        let [Expr { kind: ExprKind::Ident { name, absolute: false }, span }, body] = args else {
            self.wrong(
                function.span,
                format!("`{}` takes a name and a condition", function.text),
                Some(format!("write `.{}(c, c.level == 'felony')`", function.text)),
            );
            return None;
        };
        if self.elements.iter().any(|(v, _)| v == name) || self.vocabulary().is_group(name) || self.vocabulary().find(name).is_some() {
            self.wrong(
                *span,
                format!("`{name}` already means something else here"),
                Some("choose another name for the element".to_owned()),
            );
            return None;
        }
        self.elements.push((name.clone(), list?));
        let body = self.condition(body);
        self.elements.pop();
        Some((list?, body))
    }

    pub(super) fn call(&mut self, expr: &Expr, target: Option<&Expr>, function: &Name, args: &[Expr]) -> Node {
        match (target, function.text.as_str()) {
            (Some(list), name @ ("exists" | "all" | "exists_one" | "existsOne")) => {
                let Some((list, body)) = self.quantified(list, function, args) else { return Node::Const(false) };
                match name {
                    "exists" => at_least(list, 1, body),
                    "all" => at_least(list, 1, body.not()).not(),
                    _ if !self.copies(&[&body], expr.span) => Node::Const(false),
                    _ => Node::and(vec![at_least(list, 1, body.clone()), at_least(list, 2, body).not()]),
                }
            }
            (Some(text), "in_class" | "is" | "startsWith") => self.text_call(text, function, args),
            (None, "within_years" | "within_days") => self.window(expr, function, args),
            (_, "has") => self.wrong(
                expr.span,
                "a condition cannot test whether a fact is stated",
                Some(
                    "write the condition for the complete case: what is not stated is unknown, and every way it may turn out is looked at"
                        .to_owned(),
                ),
            ),
            (_, "date" | "size" | "filter") => self.wrong(expr.span, format!("`{}` gives no truth value: compare it", function.text), None),
            (_, other) => {
                let known = [
                    "exists",
                    "all",
                    "exists_one",
                    "filter",
                    "size",
                    "in_class",
                    "is",
                    "startsWith",
                    "within_years",
                    "within_days",
                    "date",
                ];
                let help = nearest(other, known.iter())
                    .map_or_else(|| format!("the functions are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
                self.wrong(function.span, format!("there is no function `{other}`"), Some(help))
            }
        }
    }

    fn text_call(&mut self, target: &Expr, function: &Name, args: &[Expr]) -> Node {
        let Some((subject, id)) = self.fact(target) else { return Node::Const(false) };
        let [Expr { kind: ExprKind::Literal(Literal::Text(text)), span }] = args else {
            return self.wrong(function.span, format!("`{}` takes one text in quotes", function.text), None);
        };
        let declared = &self.vocabulary().fact(id).declared;
        let wanted = if function.text == "startsWith" { Declared::Text } else { Declared::Offense };
        if *declared != wanted {
            let (is, wants) = (kind_of(declared), kind_of(&wanted));
            return self.wrong(target.span, format!("`{}` is {is}; `{}` asks about {wants}", source_name(target), function.text), None);
        }
        let test = match function.text.as_str() {
            "in_class" => match self.scope.schema.classes.find(text) {
                Some(class) => Test::InClass(class),
                None => {
                    let help = nearest(text, self.scope.schema.classes.names()).map(|n| format!("did you mean `{n}`?"));
                    return self.wrong(*span, format!("there is no offence class `{text}`"), help);
                }
            },
            "is" => match parse_code(text) {
                Ok(code) => Test::Within(code.into()),
                Err(why) => return self.wrong(*span, why, None),
            },
            _ => Test::StartsWith(text.as_str().into()),
        };
        Node::Atom(subject, test)
    }

    fn window(&mut self, expr: &Expr, function: &Name, args: &[Expr]) -> Node {
        let (date, count, anchor, by) = match args {
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }] => (date, *n, None, None),
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }, anchor] => (date, *n, Some(anchor), None),
            [date, Expr { kind: ExprKind::Literal(Literal::Int(n)), .. }, anchor, by] if function.text == "within_years" => {
                (date, *n, Some(anchor), Some(by))
            }
            _ => {
                let help = format!("write `{}(c.date, 5)`", function.text);
                return self.wrong(expr.span, format!("`{}` takes a date fact and a whole number", function.text), Some(help));
            }
        };
        let most = if function.text == "within_years" { 200 } else { 73_000 };
        if !(0..=most).contains(&count) {
            return self.wrong(expr.span, format!("`{}` counts back 0 to {most}", function.text), None);
        }
        let Some(subject) = self.date_fact(date) else { return Node::Const(false) };
        let anchor = match anchor {
            None => Vocabulary::ON,
            Some(anchor) => match self.date_fact(anchor) {
                Some(Subject::Scalar(slot)) => slot,
                Some(Subject::Field(..)) => return self.wrong(anchor.span, "count back from a date of the case, not of an element", None),
                None => return Node::Const(false),
            },
        };
        let (years, days) = if function.text == "within_years" { (count as i16, 0) } else { (0, count as i32) };
        if let Some(by) = by {
            let Some((by_subject, id)) = self.fact(by) else { return Node::Const(false) };
            let whole = matches!(self.vocabulary().fact(id).declared, Declared::Int { min: Some(0..) });
            return match (subject, by_subject) {
                (Subject::Field(list, date), Subject::Field(_, by)) if whole => {
                    Node::Lengthened(Lengthened { list, date, years, anchor, by })
                }
                _ => {
                    let help = "both are fields of the element at hand, the days a whole number that is never below 0";
                    self.wrong(by.span, "these days cannot lengthen that window", Some(help.to_owned()))
                }
            };
        }
        self.dated(date.span, subject, Test::From(Bound::Back { years, days, anchor }))
    }

    pub(super) fn dated(&mut self, span: Span, subject: Subject, test: Test) -> Node {
        if let (Subject::Scalar(slot), Test::From(Bound::Back { anchor, .. }) | Test::After(Bound::Back { anchor, .. })) = (subject, &test)
            && *anchor != Vocabulary::ON
            && slot != Vocabulary::ON
        {
            return self.wrong(span, "two date facts of the case cannot be compared", Some("compare with `on` or a fixed day".to_owned()));
        }
        Node::Atom(subject, test)
    }

    pub(super) fn day(&mut self, expr: &Expr, args: &[Expr]) -> Option<Date> {
        let day = match args {
            [Expr { kind: ExprKind::Literal(Literal::Text(text)), .. }] => parse_date(text),
            _ => None,
        };
        if day.is_none() {
            let message = match args {
                [Expr { kind: ExprKind::Literal(Literal::Text(text)), .. }] => format!("`{text}` is not a day"),
                _ => "`date` takes one day in quotes".to_owned(),
            };
            self.wrong(expr.span, message, Some("write `date('2018-01-04')`".to_owned()));
        }
        day
    }

    pub(super) fn size(&mut self, expr: &Expr) -> Option<Operand> {
        if let ExprKind::Call { target: Some(list), function, args } = &expr.kind
            && function.text == "filter"
        {
            let (list, body) = self.quantified(list, function, args)?;
            return Some(Operand::Count(list, body));
        }
        let list = self.list(expr)?;
        Some(Operand::Count(list, Node::Const(true)))
    }
}
