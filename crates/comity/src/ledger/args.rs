//! The options of `comity ledger` and `comity witness`.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

/// Where a ledger and its keys are.
#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// The ledger: a file, or postgres://USER@HOST/DATABASE; else COMITY_LEDGER, else comity.db
    #[arg(long, value_name = "FILE-OR-URL")]
    pub(crate) ledger: Option<String>,
    /// Its key file; else COMITY_KEYS, else comity.keys
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Who acts, as the record shall name it
    #[arg(long = "as", value_name = "ACCOUNT", default_value = "command-line")]
    pub(crate) actor: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Create a ledger and its key file
    Create {
        #[command(flatten)]
        at: At,
        /// The name of the log: sheriff.example.gov/comity
        #[arg(long, value_name = "NAME")]
        origin: String,
    },
    /// Compute everything again and locate what does not fit: a ledger, or a folder that `export` wrote
    Verify {
        /// A file, a folder or postgres://…
        what: String,
        /// The public key of the log, or a file with it; without it the record names its own
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// The key file: with it every personal part is decrypted and checked too
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// Compute only what came after this signed head, which was verified before
        #[arg(long, value_name = "CHECKPOINT")]
        since: Option<PathBuf>,
    },
    /// Write the receipt of an entry, which anyone can verify without us
    Receipt {
        #[command(flatten)]
        at: At,
        /// The entry
        index: u64,
    },
    /// Verify a receipt with nothing but the public key of the log
    VerifyReceipt {
        /// The receipt; `-` is standard input
        file: PathBuf,
        /// The public key of the log, or a file with it
        #[arg(long, value_name = "KEY")]
        key: String,
        /// The public key of a witness whose cosignature must be there, or a file with it
        #[arg(long, value_name = "KEY")]
        witness: Vec<String>,
    },
    /// List entries
    List {
        #[command(flatten)]
        at: At,
        /// Only about this request
        #[arg(long, value_name = "REQUEST")]
        subject: Option<String>,
        /// Only of this kind
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        /// From this entry on
        #[arg(long, value_name = "INDEX")]
        from: Option<u64>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    /// Sign the head and print it; for a witness, with the proof from the size that it knows
    Checkpoint {
        #[command(flatten)]
        at: At,
        /// Print what `comity witness add` reads
        #[arg(long, value_name = "KNOWN-SIZE")]
        for_witness: Option<u64>,
    },
    /// Keep the cosignature that a witness gave
    Cosign {
        #[command(flatten)]
        at: At,
        /// The signature line, in a file; `-` is standard input
        file: PathBuf,
        /// The public key of the witness, or a file with it
        #[arg(long, value_name = "KEY")]
        witness: String,
    },
    /// Print the public key of the log, to be given to whoever shall check it
    Key {
        /// The key file; else COMITY_KEYS, else comity.keys
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Write the log as static files in the layout of C2SP tlog-tiles
    Export {
        #[command(flatten)]
        at: At,
        /// The folder
        dir: PathBuf,
    },
    /// Decide a recorded determination again and compare the bytes
    Recompute {
        #[command(flatten)]
        at: At,
        /// The entry
        index: u64,
    },
    /// Destroy the personal facts of a person by order; every proof still holds
    Expunge {
        #[command(flatten)]
        at: At,
        /// The pseudonym of the person, or #N for the person of entry N
        person: String,
        /// The order: court, number, day
        #[arg(long, value_name = "TEXT")]
        order: String,
    },
    /// Correct an entry that is wrong by another; the wrong one stays
    Correct {
        #[command(flatten)]
        at: At,
        /// The entry that is wrong
        index: u64,
        #[command(flatten)]
        instead: Instead,
        /// Why; everyone who sees the log sees it: no names
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Set a litigation hold
    Hold {
        #[command(flatten)]
        at: At,
        /// What it protects
        #[arg(value_enum)]
        what: HoldOn,
        /// The request, or the pseudonym of the person
        id: String,
        /// The order or letter
        #[arg(long, value_name = "TEXT")]
        order: String,
    },
    /// Lift the hold that an entry set
    Lift {
        #[command(flatten)]
        at: At,
        /// The entry that set it
        index: u64,
        /// The order or letter
        #[arg(long, value_name = "TEXT")]
        order: String,
    },
    /// Destroy the personal facts of everyone of whom nothing was recorded since a day; holds win
    Purge {
        #[command(flatten)]
        at: At,
        /// The day, in UTC
        #[arg(long, value_name = "YYYY-MM-DD")]
        before: String,
        /// The retention rule
        #[arg(long, value_name = "TEXT")]
        rule: String,
    },
    /// Write a backup of the log and, apart from it, of the keys of persons
    Backup {
        #[command(flatten)]
        at: At,
        /// The backup of the log
        to: PathBuf,
        /// The backup of the keys, which belongs elsewhere and lives shorter
        keys_to: PathBuf,
    },
    /// Restore into an empty ledger; what was expunged since is destroyed again
    Restore {
        #[command(flatten)]
        at: At,
        /// The backup of the log
        from: PathBuf,
        /// The newest backup of the keys
        keys_from: PathBuf,
        /// Go on although entries signed since are lost; the record and every witness will show it
        #[arg(long)]
        accept_loss: bool,
    },
}

/// What stands instead of a wrong entry.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Instead {
    /// What its public part says instead: a JSON Merge Patch (RFC 7396), such as '{"decisions": {"hold": "decline"}}'
    #[arg(long, value_name = "JSON")]
    pub(crate) instead: Option<String>,
    /// It should not have been made at all
    #[arg(long)]
    pub(crate) void: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HoldOn {
    /// Everything about a person
    Person,
    /// Everything about the persons of a request
    Request,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Witness {
    #[command(subcommand)]
    pub(crate) command: WitnessCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    /// Create the state of a witness, with a key of its own, and print the public key
    Init {
        /// The state file
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
        /// The name: clerk.example.gov/witness
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Trust a log from now on
    Trust {
        /// The state file
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
        /// The public key of the log, or a file with it
        key: String,
    },
    /// Cosign a head if it extends the one seen last; refuse a smaller or altered one
    Add {
        /// The state file
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
        /// What `comity ledger checkpoint --for-witness` printed; `-` is standard input
        #[arg(default_value = "-")]
        request: PathBuf,
    },
    /// Check that a signed head or a receipt bears this witness's cosignature
    Verify {
        /// The state file
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
        /// A signed head or a receipt; `-` is standard input
        file: PathBuf,
    },
    /// Show which logs are known, and up to which size
    Show {
        /// The state file
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
    },
}
