//! What can go wrong on the line, in words a shopkeeper understands.
//!
//! **Invariant:** every error says what happened and what to do; what the system said is kept for
//! the log.

use lumbung_app::{Error, Failure, Refusal};

/// Why the centre was not spoken to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    /// Nobody answered at the address.
    #[error("nobody answers at the centre's address: {detail}")]
    Unreachable {
        /// What the system said.
        detail: String,
    },
    /// Somebody answered who cannot prove to be the centre.
    #[error("the centre's certificate is not trusted: {detail}")]
    Untrusted {
        /// What the system said.
        detail: String,
    },
    /// The centre said no.
    #[error("{}", .failure.message)]
    Refused {
        /// The status of the answer.
        status: u16,
        /// What it said.
        failure: Box<Failure>,
    },
    /// What came is not what a centre sends.
    #[error("what came from the address is not a centre's answer: {detail}")]
    Strange {
        /// What is wrong with it.
        detail: String,
    },
    /// This machine could not do its part.
    #[error(transparent)]
    Own(#[from] Error),
}

/// The result of everything on the line.
pub(crate) type Line<T> = Result<T, LineError>;

impl LineError {
    /// How the exchange is remembered.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } | Self::Untrusted { .. } => "offline",
            Self::Refused { .. } => "refused",
            Self::Strange { .. } | Self::Own(_) => "failed",
        }
    }

    /// Whether the token was not taken.
    pub fn is_unauthorised(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// What came is wrong.
    pub fn strange(detail: impl ToString) -> Self {
        Self::Strange { detail: detail.to_string() }
    }

    /// The sentence for a person.
    pub fn words(&self) -> String {
        match self {
            Self::Unreachable { .. } => "Nobody answers at the centre's address. Check the \
                network cable or the wireless network, and that the centre is running."
                .to_owned(),
            Self::Untrusted { .. } => "The address answers with a certificate that this machine \
                does not trust: check the address and this machine's date."
                .to_owned(),
            Self::Refused { failure, .. } => failure.message.clone(),
            Self::Strange { .. } => "What answers at this address is not a Lumbung centre: check \
                the address."
                .to_owned(),
            Self::Own(error) => error.failure().message,
        }
    }
}

impl From<reqwest::Error> for LineError {
    fn from(error: reqwest::Error) -> Self {
        let detail = chain(&error);
        let says = |words: &[&str]| words.iter().any(|word| detail.contains(word));
        if error.is_builder() {
            Self::Strange { detail }
        } else if says(&["certificate", "UnknownIssuer", "invalid peer", "NotValidForName"]) {
            Self::Untrusted { detail }
        } else if error.is_decode() || says(&["InvalidContentType", "invalid HTTP"]) {
            Self::Strange { detail }
        } else {
            Self::Unreachable { detail }
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    words
}

impl From<lumbung_sync::StoreError> for LineError {
    fn from(error: lumbung_sync::StoreError) -> Self {
        Self::Own(error.into())
    }
}

impl From<LineError> for Error {
    fn from(error: LineError) -> Self {
        let code = match &error {
            LineError::Unreachable { .. } => "centre_unreachable",
            LineError::Untrusted { .. } => "centre_untrusted",
            LineError::Strange { .. } => "centre_strange",
            LineError::Refused { failure, .. } => return Refusal(failure.clone()).into(),
            LineError::Own(_) => "",
        };
        tracing::warn!(cause = ?error, "the line");
        match error {
            LineError::Own(own) => own,
            other => Refusal::new(code, other.words()).into(),
        }
    }
}
