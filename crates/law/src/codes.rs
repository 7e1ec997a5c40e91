//! The rules for law files by their codes.

/// Every code with what it means and what to do about it, in one line each; a diagnostic that knows better says better.
pub const CODES: &[(&str, &str, &str)] = &[
    ("L0001", "a file or folder cannot be read", "let the file be read by you, or move it out of the bundle"),
    ("L0002", "a file is not UTF-8", "save the file as UTF-8"),
    ("L0003", "a file is longer than 256 KiB", "split the file: an instrument a file"),
    (
        "L0004",
        "a file lies where no law file belongs: its folder is no place",
        "put it into the folder of its place, such as `us/ca/oakland`",
    ),
    ("L0005", "the folder has no law files", "name the folder that holds `vocabulary.toml` and `us`"),
    ("L0006", "the bundle has no `vocabulary.toml`", "it declares the actions and facts that laws speak of"),
    ("L0007", "a file is not TOML", "mend the line; keys and tables are written as `key = \"value\"` and `[[norm]]`"),
    ("L0008", "keys or values are nested too deep", "write fewer tables within tables"),
    ("L0009", "a file begins with a byte order mark (warning)", "save the file without it"),
    ("L0010", "a file has too many mistakes to show", "mend those shown, then check again"),
    ("L0101", "a key that the format does not have", "remove the key, or write it as docs/law-files.md has it"),
    ("L0102", "a value of the wrong type", "write a value of the type that docs/law-files.md gives for the key"),
    ("L0103", "a key is missing", "add it; docs/law-files.md says what belongs there"),
    ("L0104", "a text is empty", "write a text, or remove the key"),
    ("L0105", "a text has control or invisible characters", "remove the character; type the text anew where it was pasted"),
    ("L0106", "a word that is none of those that may stand there", "write one of the words that docs/law-files.md lists for the key"),
    (
        "L0107",
        "an action that the vocabulary does not have",
        "`comity law facts` lists the actions; a new one is declared in vocabulary.toml",
    ),
    (
        "L0108",
        "a norm says none or several of forbids, requires, permits, protects",
        "write exactly one of forbids, requires, permits, protects; two of them are two norms",
    ),
    ("L0109", "a name is malformed", "use small letters, digits and hyphens (in the names of facts, underscores)"),
    ("L0110", "a number is out of range", "write a whole number within the range"),
    ("L0111", "the same is said twice in a list", "remove one of the two"),
    ("L0112", "keys that exclude or need each other", "keep the one that is meant, or add the one that is needed"),
    ("L0201", "the last day comes before the first", "exchange the days, or correct one"),
    ("L0202", "days outside those of what they belong to", "keep its days within those of the instrument or norm that it belongs to"),
    ("L0203", "in force before it was enacted (warning)", "check `enacted` and `in_force`; say in a note if the law reaches back"),
    ("L0204", "two dated versions of a norm overlap", "end the earlier version on the day before the later one begins"),
    ("L0301", "two instruments have one id", "give one of them another file name: the id is the name of the file"),
    ("L0302", "an id stands twice in a file", "give one of them another id"),
    (
        "L0303",
        "`overrides` names a norm that does not exist",
        "write it as `instrument#norm`; `comity law show` lists an instrument's norms",
    ),
    ("L0304", "norms override each other in a circle", "remove one of the `overrides`: only one of two norms can go before the other"),
    ("L0305", "a norm overrides itself", "remove the norm's own id from its `overrides`"),
    (
        "L0306",
        "`reach` names no place, or one outside the instrument's own",
        "name places within the instrument's own, such as `us-ca/oakland`",
    ),
    ("L0307", "the rank does not follow from kind and place and is not stated", "state it: rank = \"state-statute\""),
    (
        "L0308",
        "`binds` asks for more than the agency's kind, place and name",
        "move the rest of the condition to `applies` or to the norm's `when`",
    ),
    ("L0309", "`fact` names no contested point", "name a boolean `law.…` fact of vocabulary.toml"),
    ("L0310", "a class includes a class that does not exist here", "name a class of the same place or of one above it, as `us-ca/table-4`"),
    ("L0311", "classes include each other in a circle", "remove one of the `includes`"),
    ("L0312", "a section is no offence code", "write `CA PC 245(a)(1)`, `US 8 USC 1326(a)` or `NCIC 1301`"),
    ("L0313", "the vocabulary declares a fact or action wrongly", "declare each name once, with a type that docs/law-files.md has"),
    ("L0314", "a contested point is settled twice for the same days in one file", "keep one of the two, or part their days"),
    ("L0401", "a condition is not CEL", "docs/law-files.md shows how conditions are written"),
    (
        "L0402",
        "a condition asks for what there is not, or compares what cannot be compared",
        "compare a fact with a value of its own type; `comity law facts` lists both",
    ),
    ("L0403", "a condition names a class that does not exist here", "name a class that lies in `classes` of this place or of one above it"),
    ("L0404", "terms are defined by each other in a circle", "write one of the terms out in the other's place"),
    ("L0405", "a term hides another term or a fact", "give the term another name"),
    ("L0406", "a term has a malformed name", "use small letters, digits and underscores"),
    (
        "L0501",
        "an example names a fact that is not declared",
        "`comity law facts` lists the facts; a new one is declared in vocabulary.toml",
    ),
    ("L0502", "an example gives a fact a value that it cannot have", "write a value that `comity law facts` lists for the fact"),
    ("L0503", "an example lacks its day or agency", "add `on` and `agency` to the example, or to `[sample]`"),
    (
        "L0504",
        "an example expects what cannot go together",
        "keep what the law says of the case: one outcome, with what is possible and missing only where it is undetermined",
    ),
    (
        "L0505",
        "an example of a norm asks about an action that is not the norm's",
        "ask about an action of the norm, or move the example to the top of the file",
    ),
    (
        "L0601",
        "a place with laws has no `place.toml` or no coverage (warning)",
        "add a place.toml that says which sources were searched until when",
    ),
    ("L0602", "an instrument says nothing (warning)", "add a norm, a duty, a limit or a settled point, or remove the file"),
];

/// What to do about a mistake of a kind.
pub(crate) fn remedy(code: &str) -> Option<String> {
    CODES.iter().find(|(known, ..)| *known == code).map(|(_, _, remedy)| (*remedy).to_owned())
}
