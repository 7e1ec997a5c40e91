//! What is entered of a request: an ordinary case, what is not known, and whose file it is about. It is saved at every step, encrypted.

use crate::desk::Desk;
use crate::http::failure::Failure;
use comity_engine::{Case, Determination, Stack, read_case};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// A fact that was asked for; of a list also which element.
pub(crate) type Asked = (String, Option<usize>);

/// The sheet of a request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sheet {
    /// The case, as the command line takes it.
    pub(crate) case: Map<String, Json>,
    /// What was answered with "not known yet".
    #[serde(default)]
    pub(crate) unknown: Vec<Asked>,
    /// What was answered, in order, so that one can go back.
    #[serde(default)]
    pub(crate) answered: Vec<Asked>,
    /// The number of the person's file at the agency.
    pub(crate) file: String,
    /// The name as the agency's file has it, for the notice.
    #[serde(default)]
    pub(crate) name: String,
    /// All questions on one page.
    #[serde(default)]
    pub(crate) dense: bool,
}

impl Sheet {
    /// The case in the engine's form.
    pub(crate) fn read(&self, desk: &Desk) -> Result<Case, Failure> {
        read_case(&desk.law, &self.text_of_case()).map_err(|error| {
            let mistakes = error.mistakes.into_iter().map(|m| (m.path, m.message)).collect();
            Failure::inputs(mistakes)
        })
    }

    /// The case as the engine reads it and the record keeps it.
    pub(crate) fn text_of_case(&self) -> String {
        Json::Object(self.case.clone()).to_string()
    }

    /// Takes the facts of a case over.
    pub(crate) fn take(&mut self, desk: &Desk, case: &Case) {
        self.case.insert("facts".to_owned(), Json::Object(case.facts.to_json(&desk.law.schema)));
    }

    /// Notes that a question was answered, with a value or with "not known yet".
    pub(crate) fn note(&mut self, asked: &Asked, known: bool) {
        self.unknown.retain(|a| a != asked);
        if !self.answered.contains(asked) {
            self.answered.push(asked.clone());
        }
        if !known {
            self.unknown.push(asked.clone());
        }
    }

    /// A new sheet for this desk's agency.
    pub(crate) fn new(desk: &Desk, on: &str, actions: &[&str]) -> Self {
        let mut agency = Map::new();
        agency.insert("name".to_owned(), json!(desk.agency.name));
        agency.insert("kind".to_owned(), json!(desk.agency.kind));
        agency.insert("place".to_owned(), json!(desk.agency.place));
        if let Some(ori) = &desk.agency.ori {
            agency.insert("ori".to_owned(), json!(ori));
        }
        let mut case = Map::new();
        case.insert("agency".to_owned(), Json::Object(agency));
        case.insert("on".to_owned(), json!(on));
        case.insert("actions".to_owned(), json!(actions));
        case.insert("facts".to_owned(), json!({}));
        case.insert("times".to_owned(), json!({}));
        Self { case, ..Self::default() }
    }

    pub(crate) fn text(&self, key: &str) -> String {
        self.case.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

/// Decides all actions of a case. Long searches do not stand in the way of other requests.
pub(crate) async fn decide(desk: &Desk, case: &Case) -> Result<Vec<Determination>, Failure> {
    let (law, case) = (desk.law.clone(), case.clone());
    let work = move || Stack::new(&law, &case.agency, case.on, &case.local).decide_all(&case);
    let done = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?;
    done.map_err(|error| Failure::inputs(vec![("times".to_owned(), error.to_string())]))
}
