//! What a log can refuse, in sentences an operator can act on.
//!
//! **Invariant:** what a database said goes to the log file through `source`, never to a caller
//! over the network.

/// Everything a log can refuse.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// There is no log of this company here.
    #[error("This centre does not keep the books of that company.")]
    NoCompany,
    /// The origin was never introduced.
    #[error("That terminal was never enrolled here.")]
    UnknownOrigin,
    /// An introduction is not signed by whom it names, or names what its voucher may not give.
    #[error("The introduction of a terminal is not valid: {detail}.")]
    BadIntroduction {
        /// What is wrong with it.
        detail: &'static str,
    },
    /// Another origin prints numbers of this series.
    #[error("The series is used by another terminal; the next free one is {next}.")]
    SeriesTaken {
        /// The next free one.
        next: String,
    },
    /// A point that the log does not hold, or that it holds with another hash.
    #[error("The log does not hold entry {seq} with that hash.")]
    NotInLog {
        /// The entry named.
        seq: u64,
    },
    /// A commit does not continue the chain it is to be appended to.
    #[error("The commit does not follow the last one of its terminal, which is number {head}.")]
    NotNext {
        /// The last commit of the chain.
        head: u64,
    },
    /// A commit of the server itself, or one in quarantine, cannot be trusted.
    #[error("The commit cannot be taken: {detail}.")]
    BadCommit {
        /// What is wrong with it.
        detail: &'static str,
    },
    /// Nothing in quarantine has this hash.
    #[error("Nothing in quarantine has that hash.")]
    NotQuarantined,
    /// Another process has the log file open.
    #[error("The log in {place} is in use by another process. Stop that one first.")]
    InUse {
        /// The file.
        place: String,
    },
    /// The log was written by a newer program.
    #[error("The log was written by a newer version of Lumbung. Use that version.")]
    TooNew,
    /// What the log holds contradicts itself.
    #[error("The log is damaged: {detail}. Put its backup back.")]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// The database did not answer. Asking again may help, and does no harm.
    #[error("The database of the centre does not answer.")]
    Unavailable(#[source] Cause),
}

/// What a database or the operating system said.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

impl LogError {
    /// The database said this.
    pub fn unavailable(cause: impl Into<Cause>) -> LogError {
        LogError::Unavailable(cause.into())
    }

    pub(crate) fn damaged(detail: impl std::fmt::Display) -> LogError {
        LogError::Damaged { detail: detail.to_string() }
    }
}

/// What stopped a migration of the log.
pub(crate) fn migration(error: refinery::Error) -> LogError {
    match error.kind() {
        refinery::error::Kind::MissingVersion(_) | refinery::error::Kind::DivergentVersion(..) => {
            LogError::TooNew
        }
        _ => LogError::unavailable(error),
    }
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        if matches!(
            code,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
        ) {
            return LogError::damaged(error);
        }
        LogError::unavailable(error)
    }
}

impl From<tokio_postgres::Error> for LogError {
    fn from(error: tokio_postgres::Error) -> Self {
        LogError::unavailable(error)
    }
}

impl From<deadpool_postgres::PoolError> for LogError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        LogError::unavailable(error)
    }
}
