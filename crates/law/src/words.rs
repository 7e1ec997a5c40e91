//! The fixed words of the format: ranks, kinds, modalities, outcomes and the like.

use std::fmt;
use std::str::FromStr;

/// A word that is none of those that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that may stand there.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of: {}", self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// An enumeration whose values are written as words: the list of all, the word of each, and the way back.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The words for them, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word for it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self {
                value.as_str()
            }
        }
    };
}

/// The way back from the word; left out for [`Rank`], which knows two words more.
macro_rules! from_word {
    ($($name:ident),+) => {$(
        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                let known = Self::ALL.iter().find(|v| v.as_str() == word);
                known.copied().ok_or(UnknownWord { known: Self::WORDS })
            }
        }
    )+};
}

words! {
    /// The rank of a law; the greatest is the highest.
    Rank {
        /// An order of a department, mayor, sheriff or chief.
        DepartmentOrder = "department-order",
        /// A resolution or policy of a council or board.
        Resolution = "resolution",
        /// An ordinance of a county or city.
        Ordinance = "ordinance",
        /// An act of a state's executive.
        StateExecutive = "state-executive",
        /// A statute of a state.
        StateStatute = "state-statute",
        /// The constitution of a state.
        StateConstitution = "state-constitution",
        /// A regulation or executive act of the United States.
        FederalRegulation = "federal-regulation",
        /// A statute of the United States.
        FederalStatute = "federal-statute",
        /// The Constitution of the United States.
        FederalConstitution = "federal-constitution",
    }
}

impl FromStr for Rank {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        // The two words that scenario files use for local law.
        if matches!(word, "county-ordinance" | "city-ordinance") {
            return Ok(Self::Ordinance);
        }
        let known = Self::ALL.iter().find(|v| v.as_str() == word);
        known.copied().ok_or(UnknownWord { known: Self::WORDS })
    }
}

words! {
    /// What kind of law an instrument is.
    Kind {
        /// A constitution.
        Constitution = "constitution",
        /// A statute.
        Statute = "statute",
        /// A regulation.
        Regulation = "regulation",
        /// An executive order or another act of an executive.
        ExecutiveAct = "executive-act",
        /// An ordinance.
        Ordinance = "ordinance",
        /// A resolution or policy of a council or board.
        Resolution = "resolution",
        /// An order of a department.
        DepartmentOrder = "department-order",
        /// A court's reading of one of these.
        Holding = "holding",
    }
}

words! {
    /// What a norm does to its actions.
    Modality {
        /// They must not be done.
        Forbids = "forbids",
        /// They must be done.
        Requires = "requires",
        /// They may be done.
        Permits = "permits",
        /// They may be done, and no lower law may forbid them.
        Protects = "protects",
    }
}

words! {
    /// How sure we are that a text says what the law says; the greatest is the surest.
    Confidence {
        /// From reports about the law only.
        Low = "low",
        /// The text was read, with something left open.
        Medium = "medium",
        /// The text was read.
        High = "high",
    }
}

words! {
    /// What the law says of an action.
    Outcome {
        /// It must be done.
        Required = "required",
        /// It may be done.
        Permitted = "permitted",
        /// It must not be done.
        Forbidden = "forbidden",
        /// No norm speaks.
        Unregulated = "unregulated",
        /// Two norms contradict each other and neither gives way.
        Conflict = "conflict",
        /// Facts are missing.
        Undetermined = "undetermined",
    }
}

words! {
    /// What gives rise to a duty.
    Upon {
        /// The request is received, whatever is decided.
        Request = "request",
        /// The action is taken.
        Action = "action",
        /// The action is declined.
        Refusal = "refusal",
        /// Time: regularly.
        Period = "period",
    }
}

words! {
    /// From which moment a time runs.
    Moment {
        /// The request is received.
        Request = "request",
        /// The person becomes eligible for release.
        Release = "release",
        /// The action is taken.
        Action = "action",
        /// The decision is made.
        Decision = "decision",
    }
}

words! {
    /// A unit in which a time is counted.
    Unit {
        /// Minutes.
        Minutes = "minutes",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
        /// Months.
        Months = "months",
        /// Years.
        Years = "years",
    }
}

words! {
    /// Days that a time does not count.
    Excluded {
        /// Saturdays.
        Saturdays = "saturdays",
        /// Sundays.
        Sundays = "sundays",
        /// Federal holidays.
        FederalHolidays = "federal-holidays",
    }
}

words! {
    /// How often something is due.
    Period {
        /// Every day.
        Day = "day",
        /// Every week.
        Week = "week",
        /// Every month.
        Month = "month",
        /// Four times a year.
        Quarter = "quarter",
        /// Twice a year.
        HalfYear = "half-year",
        /// Every year.
        Year = "year",
        /// Every second year.
        TwoYears = "two-years",
    }
}

from_word!(Kind, Modality, Confidence, Outcome, Upon, Moment, Unit, Excluded, Period);
