//! Every input of `bad-inputs.toml` is refused with the message that it should get, and `docs/bad-inputs.md` shows all of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod common;

use common::schema::{validator, wrong};
use common::{Ran, command, folder, golden, ran, root};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inputs {
    /// Law files without a mistake.
    base: BTreeMap<String, String>,
    input: Vec<Input>,
}

/// One wrong input; the head of the file says what the keys mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    topic: String,
    name: String,
    what: String,
    args: Vec<String>,
    args_repeat: Option<Text>,
    case: Option<Text>,
    bytes: Option<String>,
    stdin: Option<String>,
    #[serde(default)]
    law: bool,
    #[serde(default)]
    edit: Vec<[String; 3]>,
    #[serde(default)]
    files: BTreeMap<String, Text>,
    #[serde(default)]
    files_plain: BTreeMap<String, Text>,
    #[serde(default)]
    bytes_files: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    mkdir: Option<String>,
    link: Option<[String; 2]>,
    exit: i32,
    says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Long { before: String, repeat: String, times: usize, after: String },
}

impl Text {
    fn text(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Long { before, repeat, times, after } => format!("{before}{}{after}", repeat.repeat(*times)),
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn prepare(input: &Input, base: &BTreeMap<String, String>, at: &Path) {
    if let Some(text) = &input.case {
        write(&at.join("case.json"), text.text());
    }
    if let Some(hex) = &input.bytes {
        write(&at.join("case.json"), bytes(hex));
    }
    input.files_plain.iter().for_each(|(path, text)| write(&at.join(path), text.text()));
    if let Some(name) = &input.mkdir {
        std::fs::create_dir_all(at.join(name)).unwrap();
    }
    if !input.law {
        return;
    }
    let law = at.join("law");
    let mut files = base.clone();
    for [path, old, new] in &input.edit {
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(old.as_str()), "{}: {path} has no {old:?}", input.name);
        *text = text.replacen(old.as_str(), new, 1);
    }
    input.remove.iter().for_each(|path| drop(files.remove(path)));
    files.iter().for_each(|(path, text)| write(&law.join(path), text));
    input.files.iter().for_each(|(path, text)| write(&law.join(path), text.text()));
    input.bytes_files.iter().for_each(|(path, hex)| write(&law.join(path), bytes(hex)));
}

fn run_in(at: &Path, input: &Input, more: &[&str]) -> Ran {
    let repeated = input.args_repeat.as_ref().map(Text::text);
    let mut command = command(&input.args);
    command.args(repeated).args(more).current_dir(at);
    if input.stdin.is_some() {
        command.stdin(Stdio::piped());
    }
    ran(command.spawn().unwrap(), input.stdin.as_deref().map(str::as_bytes))
}

/// What was said, from whichever of the two streams said it.
fn message(ran: &Ran) -> String {
    let text = if ran.err.is_empty() { &ran.out } else { &ran.err };
    text.trim_end().to_owned()
}

/// Control and invisible characters that a terminal or a reader would act upon.
fn harmful(c: char) -> bool {
    c != '\n' && (c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
}

fn inputs() -> Inputs {
    toml::from_str(&std::fs::read_to_string(root().join("crates/comity/tests/bad-inputs.toml")).unwrap()).unwrap()
}

#[test]
fn every_wrong_input_gets_its_message() {
    let Inputs { base, input: inputs } = inputs();
    assert!(inputs.len() >= 65);
    let names: BTreeSet<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names.len(), inputs.len(), "a name stands twice");
    let errors = validator("errors");
    let root_of_all = folder("bad-inputs");
    let mut found_wrong = Vec::new();
    let mut page = String::from(HEAD);
    let mut topic = "";
    for input in &inputs {
        let at = root_of_all.join(&input.name);
        std::fs::create_dir_all(&at).unwrap();
        prepare(input, &base, &at);
        if let Some([from, to]) = &input.link {
            #[cfg(unix)]
            std::os::unix::fs::symlink(to, at.join(from)).unwrap();
        }
        let ran = run_in(&at, input, &[]);
        let said = message(&ran);
        let mut fault = |what: String| found_wrong.push(format!("{}: {what}\n{said}", input.name));
        if ran.code != input.exit {
            fault(format!("exit code {}, not {}", ran.code, input.exit));
        }
        for line in input.says.iter().filter(|line| !said.contains(line.as_str())) {
            fault(format!("it does not say {line:?}"));
        }
        if input.says.is_empty() || said.is_empty() {
            fault("nothing is said".to_owned());
        }
        if said.chars().any(harmful) {
            fault("it has characters that steer a terminal".to_owned());
        }
        if said.len() > 20_000 || said.lines().any(|line| line.chars().count() > 1_000) {
            fault("it is longer than anybody reads".to_owned());
        }
        // The command line itself is refused before the format is known.
        if ran.code == 2 && !said.contains("For more information, try '--help'.") {
            let json = run_in(&at, input, &["--format", "json"]);
            let wrong = wrong(&errors, &json.json());
            if json.code != 2 || !wrong.is_empty() || json.out.chars().any(harmful) {
                fault(format!("as JSON: {wrong:?}\n{}", json.out));
            }
        }
        if input.topic != topic {
            topic = &input.topic;
            write!(page, "\n## {topic}\n\n| input | message |\n|---|---|\n").unwrap();
        }
        writeln!(page, "| {} | {} |", input.what, cell(&said)).unwrap();
    }
    assert!(found_wrong.is_empty(), "{}", found_wrong.join("\n\n"));
    golden(&root().join("docs/bad-inputs.md"), &page);
}

const HEAD: &str = "# Wrong inputs and what is said about them

Made from `crates/comity/tests/bad-inputs.toml` by a test that runs the command: `COMITY_BLESS=1 cargo test -p comity --test bad_inputs` writes it anew.
A wrong input ends with exit code 2; a mistake that only `law check` or `law test` can find, with 1. Excerpts of law files are left out here.
";

/// A message as a cell of a table: no excerpts, one line after another, long lists cut.
fn cell(said: &str) -> String {
    let lines = said
        .lines()
        .map(str::trim_end)
        .filter(|l| !l.is_empty() && !l.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with('|'));
    let code = |l: &str| {
        let l = l.trim_start().replace('|', "\\|");
        if l.contains('`') { format!("`` {l} ``") } else { format!("`{l}`") }
    };
    let mut lines: Vec<String> = lines.map(code).collect();
    if lines.len() > 8 {
        let more = lines.len() - 7;
        lines.truncate(7);
        lines.push(format!("… and {more} more lines"));
    }
    lines.join("<br>")
}

/// Who may not read a file is told so; whoever runs as root may read everything.
#[cfg(unix)]
#[test]
fn a_file_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let path = folder("bad-inputs-permission").join("case.json");
    write(&path, "{}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return;
    }
    let ran = common::run(["decide", path.to_str().unwrap()]).ends(2);
    assert!(ran.err.contains("case.json cannot be read: permission is denied; let the file be read by you"), "{}", ran.err);
}
