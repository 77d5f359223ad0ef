//! The centre's hints that its log has grown: a stream of sequence numbers and nothing else.
//!
//! **Invariant:** a hint that is lost costs time, never data: the line looks by itself besides.

use std::time::{Duration, Instant};

use reqwest::Response;

use crate::error::{Line, LineError};
use crate::http::{Http, Speaker};

/// How long to leave a centre alone that does not give hints.
const REST: Duration = Duration::from_secs(10);
/// The longest line of the stream.
const LINE_MAX: usize = 4_096;

/// The stream, while it is open.
pub(crate) struct Hints {
    stream: Option<Response>,
    rest: Vec<u8>,
    not_before: Instant,
}

impl Hints {
    /// A stream that is opened when it is first waited for.
    pub fn new() -> Self {
        Self { stream: None, rest: Vec::new(), not_before: Instant::now() }
    }

    /// Waits for the next hint. May be given up at any moment and asked again.
    pub async fn next(&mut self, http: &Http, speaker: &Speaker<'_>) -> u64 {
        loop {
            match self.step(http, speaker).await {
                Ok(Some(seq)) => return seq,
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(cause = ?error, "no hints");
                    self.close();
                }
            }
        }
    }

    /// Lets go of the stream: the line is down, or speaks as somebody else.
    pub fn close(&mut self) {
        self.stream = None;
        self.rest.clear();
        self.not_before = Instant::now() + REST;
    }

    async fn step(&mut self, http: &Http, speaker: &Speaker<'_>) -> Line<Option<u64>> {
        if let Some(seq) = self.buffered()? {
            return Ok(Some(seq));
        }
        if let Some(stream) = &mut self.stream {
            match stream.chunk().await? {
                Some(piece) => self.rest.extend_from_slice(&piece),
                None => self.close(),
            }
            return Ok(None);
        }
        tokio::time::sleep_until(self.not_before.into()).await;
        self.stream = Some(http.open(speaker, "events", 0).await?);
        Ok(None)
    }

    /// The newest hint among the lines that came whole.
    fn buffered(&mut self) -> Line<Option<u64>> {
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            return if self.rest.len() > LINE_MAX {
                Err(LineError::strange("a hint that does not end"))
            } else {
                Ok(None)
            };
        };
        let lines: Vec<u8> = self.rest.drain(..=end).collect();
        Ok(String::from_utf8_lossy(&lines).lines().filter_map(seq_in).max())
    }
}

/// The number in a line of the stream, if it has one.
fn seq_in(line: &str) -> Option<u64> {
    let data = line.strip_prefix("data:")?;
    let digits: String =
        data.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&str], expected: &[Option<u64>]) {
        let mut hints = Hints::new();
        let found: Vec<Option<u64>> = pieces
            .iter()
            .map(|piece| {
                hints.rest.extend_from_slice(piece.as_bytes());
                hints.buffered().ok().flatten()
            })
            .collect();
        assert_eq!(found, expected, "{pieces:?}");
    }

    #[test]
    fn the_newest_number_of_the_stream_counts_however_it_is_cut() {
        check(&["data: 7\n\n"], &[Some(7)]);
        check(&["data:7\n\ndata:9\n\n"], &[Some(9)]);
        check(&["da", "ta: 1", "2\n", "\n"], &[None, None, Some(12), None]);
        check(&["data: {\"seq\":41}\n\n"], &[Some(41)]);
        check(&[":keep-alive\n\n", "event: seq\nid: 3\n"], &[None, None]);
        check(&["data: none\n\n"], &[None]);
    }
}
