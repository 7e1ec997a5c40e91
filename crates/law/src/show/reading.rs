//! A condition as questions and the answers for which it holds, for people who know the questions and not the names of facts.

use super::condition::{comparison, flat, words};
use comity_cel::{BinaryOp, Expr, ExprKind, Literal, UnaryOp};
use comity_logic::{Declared, Fact, FactId, Vocabulary};

/// A condition, cut into parts that a reader can go through one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// All of these hold.
    All(Vec<Reading>),
    /// One of these holds.
    Any(Vec<Reading>),
    /// A question and the answers for which it holds: `Who asks?`, `ICE or CBP`.
    Answer {
        /// The fact's name.
        fact: String,
        /// Its question.
        question: String,
        /// The answers.
        answer: String,
    },
    /// A term of the law's files.
    Term {
        /// Its name.
        name: String,
        /// Whether it has to hold, or has not to.
        holds: bool,
    },
    /// What is no plain question: the condition in words, and the questions of the facts that it names.
    Words {
        /// The condition in words.
        says: String,
        /// The facts, each with its question.
        facts: Vec<(String, String)>,
    },
}

/// Reads a condition with the questions of a vocabulary. What is no CEL stays as it is.
#[must_use]
pub fn reading(vocabulary: &Vocabulary, text: &str) -> Reading {
    match comity_cel::parse(text) {
        Ok(expr) => read(vocabulary, &expr, false),
        Err(_) => Reading::Words { says: text.to_owned(), facts: Vec::new() },
    }
}

/// A value of an enumeration in words: `civil immigration`, `ICE`, `I-247A`.
#[must_use]
pub fn value(word: &str) -> String {
    const LETTERS: [&str; 6] = ["ice", "hsi", "cbp", "ins", "fbi", "clets"];
    if word.starts_with("i-247") {
        return word.to_uppercase();
    }
    let parts = word.split('-').map(|part| if LETTERS.contains(&part) { part.to_uppercase() } else { part.to_owned() });
    parts.collect::<Vec<_>>().join(" ")
}

fn read(vocabulary: &Vocabulary, expr: &Expr, negated: bool) -> Reading {
    match &expr.kind {
        ExprKind::Unary { op: UnaryOp::Not, operand } => read(vocabulary, operand, !negated),
        ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
            let parts = flat(expr, *op).into_iter().map(|part| read(vocabulary, part, negated)).collect();
            // That not all of them hold is that one of them does not.
            if (*op == BinaryOp::And) == negated { Reading::Any(parts) } else { Reading::All(parts) }
        }
        _ => leaf(vocabulary, expr, negated).unwrap_or_else(|| {
            let says = words(expr, None);
            let mut facts = Vec::new();
            mentioned(vocabulary, expr, &mut facts);
            Reading::Words { says: if negated { format!("not ({says})") } else { says }, facts }
        }),
    }
}

/// A test of one fact, or a term.
fn leaf(vocabulary: &Vocabulary, expr: &Expr, negated: bool) -> Option<Reading> {
    let answered = |fact: &Fact, answer: String| Reading::Answer { fact: fact.name.clone(), question: fact.question.clone(), answer };
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    if let ExprKind::Ident { name, .. } = &expr.kind
        && vocabulary.find(name).is_none()
    {
        return Some(Reading::Term { name: name.clone(), holds: !negated });
    }
    if let Some(fact) = scalar(vocabulary, expr) {
        return (fact.declared == Declared::Bool).then(|| answered(fact, yes_no(!negated)));
    }
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let fact = scalar(vocabulary, left)?;
    let answer = match (&fact.declared, op) {
        (Declared::Bool, BinaryOp::Equal | BinaryOp::NotEqual) => match &right.kind {
            ExprKind::Literal(Literal::Bool(wanted)) => yes_no(*wanted == ((*op == BinaryOp::Equal) != negated)),
            _ => return None,
        },
        (Declared::Enum(_), BinaryOp::Equal | BinaryOp::NotEqual) => one_of(&[text(right)?], (*op == BinaryOp::Equal) != negated),
        (Declared::Enum(_), BinaryOp::In) => {
            let ExprKind::List(items) = &right.kind else { return None };
            one_of(&items.iter().map(text).collect::<Option<Vec<_>>>()?, !negated)
        }
        _ if scalar(vocabulary, right).is_none() => {
            let says = comparison(*op, left, right, None, negated);
            says.strip_prefix(&format!("{} is ", fact.name))?.to_owned()
        }
        _ => return None,
    };
    Some(answered(fact, answer))
}

fn one_of(values: &[&str], are: bool) -> String {
    let values: Vec<String> = values.iter().map(|v| value(v)).collect();
    match (values.as_slice(), are) {
        ([others @ .., last], true) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        (all, true) => all.join(", "),
        ([one], false) => format!("anything but {one}"),
        (all, false) => format!("none of {}", all.join(", ")),
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}

/// The fact of the case that an expression names.
fn scalar<'v>(vocabulary: &'v Vocabulary, expr: &Expr) -> Option<&'v Fact> {
    match vocabulary.find(&dotted(expr)?)? {
        id @ FactId::Scalar(_) => Some(vocabulary.fact(id)),
        FactId::List(_) | FactId::Field(..) => None,
    }
}

fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident { name, .. } => Some(name.clone()),
        ExprKind::Select { operand, field } => Some(format!("{}.{}", dotted(operand)?, field.text)),
        _ => None,
    }
}

/// The facts that an expression names, in its order, each once.
fn mentioned(vocabulary: &Vocabulary, expr: &Expr, out: &mut Vec<(String, String)>) {
    if let Some(id) = dotted(expr).and_then(|name| vocabulary.find(&name)) {
        let fact = vocabulary.fact(id);
        if !out.iter().any(|(name, _)| *name == fact.name) {
            out.push((fact.name.clone(), fact.question.clone()));
        }
        return;
    }
    let mut each = |part: &Expr| mentioned(vocabulary, part, out);
    match &expr.kind {
        ExprKind::Select { operand, .. } | ExprKind::Unary { operand, .. } => each(operand),
        ExprKind::Index { operand, index } => [operand, index].into_iter().for_each(|part| each(part)),
        ExprKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|part| each(part)),
        ExprKind::Conditional { test, then, otherwise } => [test, then, otherwise].into_iter().for_each(|part| each(part)),
        ExprKind::Call { target, args, .. } => target.iter().map(|t| &**t).chain(args).for_each(each),
        ExprKind::List(items) => items.iter().for_each(each),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, reading, value};
    use crate::Law;

    fn answer(fact: &str, question: &str, answer: &str) -> Reading {
        Reading::Answer { fact: fact.to_owned(), question: question.to_owned(), answer: answer.to_owned() }
    }

    #[test]
    fn conditions_become_questions_and_answers() {
        let law = Law::builtin_for("us-ca").unwrap_or_else(|found| unreachable!("{found:?}"));
        let read = |text: &str| reading(&law.schema.vocabulary, text);
        let due = |yes| answer("custody.release_due", "Has the person become eligible for release?", yes);
        let age = |says| answer("person.age", "How old is the person?", says);
        let use_of = |says| answer("facility.use", "For what would the federal officers use it?", says);
        assert_eq!(read("custody.release_due"), due("yes"));
        assert_eq!(read("!custody.release_due"), due("no"));
        assert_eq!(read("custody.release_due != true"), due("no"));
        assert_eq!(read("!(custody.release_due != false)"), due("no"));
        assert_eq!(read("person.age < 18"), age("less than 18"));
        assert_eq!(read("!(person.age < 18)"), age("at least 18"));
        assert_eq!(read("facility.use in ['visit', 'staging-area']"), use_of("visit or staging area"));
        assert_eq!(read("!(facility.use in ['visit', 'staging-area'])"), use_of("none of visit, staging area"));
        assert_eq!(read("facility.use != 'visit'"), use_of("anything but visit"));
        assert_eq!(read("on >= date('2018-01-04')"), answer("on", "On which day?", "2018-01-04 or later"));
        let term = |holds| Reading::Term { name: "strike_conviction".to_owned(), holds };
        assert_eq!(read("strike_conviction || custody.release_due"), Reading::Any(vec![term(true), due("yes")]));
        assert_eq!(read("!(strike_conviction || custody.release_due)"), Reading::All(vec![term(false), due("no")]));
        let Reading::Words { says, facts } = read("person.convictions.exists(c, c.level == 'felony')") else { unreachable!("no words") };
        assert_eq!(says, "one of person.convictions where level is felony");
        assert_eq!(facts[0].0, "person.convictions");
    }

    #[test]
    fn values_are_said_as_people_write_them() {
        for (word, said) in
            [("ice", "ICE"), ("i-247a", "I-247A"), ("civil-immigration", "civil immigration"), ("clets-other", "CLETS other")]
        {
            assert_eq!(value(word), said);
        }
    }
}
