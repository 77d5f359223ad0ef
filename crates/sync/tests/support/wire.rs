//! What a till says to a centre, and what it hears: for measuring, and for training the
//! dictionary that messages are compressed with.
//!
//! **Invariant:** the commits are those of the real till, as its journal holds them.

use lumbung_sync::Header;
use lumbung_sync::protocol::{
    At, Carried, Cursor, Entry, PROTO, Page, Pull, PullReply, PushChain, PushReply, SyncRequest,
    SyncResponse, Verdict,
};
use lumbung_sync::rusqlite::Connection;

/// A commit of the journal with its header read.
#[derive(Debug, Clone)]
pub struct Journaled {
    /// As it travels.
    pub carried: Carried,
    /// Its header.
    pub header: Header,
}

/// The whole journal of a database.
pub fn journal(db: &Connection) -> Vec<Journaled> {
    let sql = "select header, body, sig from sync_journal order by journal_id";
    let mut statement = db.prepare(sql).expect("a journal");
    let rows = statement.query_map([], |row| {
        Ok(Carried { header: row.get(0)?, body: row.get(1)?, sig: row.get(2)? })
    });
    let read = |carried: Carried| {
        let header = Header::decode(&carried.header).expect("a header");
        Journaled { carried, header }
    };
    rows.expect("the journal is read").map(|carried| read(carried.expect("a commit"))).collect()
}

fn end(commit: &Journaled) -> At {
    At { ctr: commit.header.ctr, hash: commit.carried.hash() }
}

fn cursors(witness: u64) -> Vec<Cursor> {
    let hash = *blake3::hash(&witness.to_le_bytes()).as_bytes();
    [0, 5].map(|scope| Cursor { scope, seq: witness, witness: hash }).to_vec()
}

/// The request that pushes these commits, which follow each other.
pub fn push(commits: &[Journaled]) -> SyncRequest {
    let header = &commits.first().expect("a commit").header;
    let base = At { ctr: header.ctr - 1, hash: header.prev };
    let (from, to) = (base.ctr + 1, base.ctr + commits.len() as u64);
    SyncRequest {
        proto: PROTO,
        schema: header.schema,
        app: "lumbung 0.1.0".to_owned(),
        company: header.company,
        origin: header.origin,
        now_ms: header.at_ms + 40,
        push: vec![PushChain {
            origin: header.origin,
            base,
            commits: commits.iter().map(|commit| commit.carried.clone()).collect(),
            introductions: Vec::new(),
        }],
        pull: Some(Pull {
            cursors: cursors(to + 900),
            have: vec![(header.origin, from, to)],
            limit: 1024 * 1024,
        }),
    }
}

/// The answer to that request: with its commits as stubs, or whole as another terminal reads them.
pub fn answer(commits: &[Journaled], as_stubs: bool) -> SyncResponse {
    let last = commits.last().expect("a commit");
    let first = &commits.first().expect("a commit").header;
    let seq = last.header.ctr + 900;
    let entry = |commit: &Journaled| Entry {
        seq: commit.header.ctr + 900,
        stamp: commit.header.hlc,
        origin: commit.header.origin,
        ctr: commit.header.ctr,
        commit: (!as_stubs).then(|| commit.carried.clone()),
        hash: commit.carried.hash(),
    };
    let reply = PushReply {
        origin: first.origin,
        verdict: Verdict::Ok,
        upto: end(last),
        head: end(last),
        backed: At { ctr: 0, hash: lumbung_sync::NO_HASH },
        series: None,
    };
    SyncResponse {
        proto: PROTO,
        now_ms: last.header.at_ms + 90,
        min_schema: 1,
        cur_schema: last.header.schema,
        push: if as_stubs { vec![reply] } else { Vec::new() },
        pull: PullReply::Page(Page {
            echo: cursors(seq - commits.len() as u64),
            entries: commits.iter().map(entry).collect(),
            next: cursors(seq),
            more: false,
        }),
    }
}

/// The sales of a journal: runs of one commit each.
pub fn sales(journal: &[Journaled]) -> impl Iterator<Item = &[Journaled]> {
    journal.chunks(1).filter(|commit| commit[0].header.kind == "pos.complete")
}
