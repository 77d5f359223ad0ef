//! What can be asked for.
//!
//! **Invariant:** wrong usage is found here, before any data is opened.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Lumbung from a shell, over the same data as the window.
///
/// Answers go to standard output, progress and failures to standard error. Exit codes: 0 done,
/// 1 refused or failed (nothing was changed), 2 wrong usage, 3 the data is damaged or a check
/// found something.
#[derive(Debug, Parser)]
#[command(name = "lumbung", version, about, long_about)]
pub struct Args {
    /// The data folder; without it LUMBUNG_DATA, or the window's own folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Say what happens inside.
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Runs one command of the application and prints its answer as JSON.
    Call {
        /// Its name, such as `pos.list`.
        name: String,
        /// Its arguments as JSON; `-` reads them from standard input.
        #[arg(default_value = "{}")]
        arguments: String,
        /// Act as this person. The PIN comes from LUMBUNG_PIN or the first line of standard input.
        #[arg(long)]
        user: Option<String>,
    },
    /// Brings a file in.
    Import {
        /// What the file holds.
        kind: ImportKind,
        /// The file: CSV, CSV.GZ or XLSX.
        file: PathBuf,
        /// A mapping by name (`online-retail`), a file with one, or `auto` to go by the headers.
        #[arg(long, default_value = "auto")]
        mapping: String,
        /// Read and check everything, change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Leave rows out that are wrong; without it one wrong row stops the import.
        #[arg(long)]
        leave_out_wrong_rows: bool,
        /// Currency of the company that an empty data folder becomes.
        #[arg(long, value_name = "CODE")]
        currency: Option<String>,
        /// Country of that company, two letters.
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        /// Name of that company.
        #[arg(long)]
        company: Option<String>,
    },
    /// Checks chain and signatures, every balance, journal entry and document series.
    Verify,
    /// Makes an encrypted copy of the data now.
    Backup {
        /// Keep a second copy in this folder.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
        /// Only list the copies there are.
        #[arg(long)]
        list: bool,
    },
    /// Puts a copy in the place of the data. The data of today is kept beside it.
    Restore {
        /// The copy; with `--elsewhere` also a file that `lumbung export` wrote.
        file: PathBuf,
        /// This is another machine: bring the company into an empty data folder, with the recovery
        /// key that lies beside the copy. Needs its passphrase.
        #[arg(long)]
        elsewhere: bool,
    },
    /// Puts the key of the data under a passphrase beside the backups, for the day this machine is
    /// gone. The passphrase comes from LUMBUNG_PASSPHRASE or the first line of standard input.
    RecoveryKey,
    /// Writes the data and its key into one file under a passphrase, for another machine.
    Export {
        /// The file to write.
        file: PathBuf,
    },
    /// Saves every commit that can still be read from a damaged data file.
    Salvage {
        /// Add what this salvage file holds to the open data instead.
        #[arg(long, value_name = "FILE")]
        apply: Option<PathBuf>,
    },
    /// Makes the demo company in an empty data folder.
    Demo,
    /// Connects this machine to a centre: an empty data folder becomes a till of its company, and a
    /// company that lived here alone gets the centre. Asked again, it goes on where it was cut off.
    Enrol {
        /// The centre's address, such as `https://centre.example:4180`.
        address: String,
        /// The one-time code; without it the first line of standard input.
        #[arg(long)]
        code: Option<String>,
        /// The way there is safe without encryption.
        #[arg(long)]
        allow_plain_http: bool,
    },
    /// Exchanges with the centre until nothing is left to send or to read.
    Sync,
    /// Writes a file for support: versions, counts, checks. No names, no amounts, no secrets.
    Support {
        /// The file to write.
        file: PathBuf,
    },
    /// For those who build Lumbung.
    #[command(hide = true)]
    Dev {
        /// What to generate.
        what: Generated,
        /// Compare with the file instead of writing it.
        #[arg(long)]
        check: bool,
    },
}

/// What a file to import holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// Past sales.
    Sales,
    /// Products with codes and prices.
    Products,
    /// Customers.
    Customers,
}

/// A generated file of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generated {
    /// ui/src/api/bindings.ts.
    Bindings,
    /// migrations/sqlite/schema.sql.
    Schema,
    /// ui/src/features/about/libraries.json.
    Libraries,
}
