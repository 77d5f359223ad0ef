-- What this store is, what it did, and what it counts. Read crates/sync for the meaning.

-- One row: the node itself, moved on by every commit in the transaction that makes it.
create table sync_self (
    self_id     integer primary key,       -- always 1
    company     blob    not null,
    terminal    blob    not null,
    series_base text    not null,          -- "T1", as the terminal was set up
    series      text    not null,          -- "T1", after the first re-key "T1a"
    rekeys      integer not null,          -- how often the origin was re-minted
    origin      blob    not null,          -- this incarnation of the store
    ctr         integer not null,          -- commits of this origin
    head        blob    not null,          -- hash of the last one, zeros before the first
    hlc         integer not null           -- the hybrid clock
) strict;

-- Every origin with commits in the journal, and how to check its signatures.
create table sync_origin (
    origin    blob    primary key,
    series    text    not null,
    pubkey    blob    not null,
    closed    integer not null,            -- 1: no commit of this store will ever be added under it
    last_ctr  integer not null,            -- of a closed origin; the current one's is in sync_self
    last_hash blob    not null
) strict, without rowid;

-- The commits. A row id of its own keeps the order in which they were written here and keeps the
-- blobs out of the index.
create table sync_journal (
    journal_id integer primary key,
    origin     blob    not null,
    ctr        integer not null,
    hlc        integer not null,
    at_ms      integer not null,
    kind       text    not null,
    header     blob    not null,
    body       blob    not null,           -- one codec byte, then the body
    hash       blob    not null,
    sig        blob    not null,
    stamp      integer                     -- given by the centre; null while pending
) strict;
create unique index sync_journal_by_ctr on sync_journal (origin, ctr);

-- Commits that were repeated under another origin, so that they are never repeated twice.
create table sync_reissue (
    origin    blob    not null,
    ctr       integer not null,
    by_origin blob    not null,
    by_ctr    integer not null,
    primary key (origin, ctr)
) strict, without rowid;

-- Commits this version cannot apply: kept whole, reported, tried again after an upgrade.
create table sync_deferred (
    deferred_id integer primary key,
    origin      blob not null,
    ctr         integer not null,
    reason      text not null,
    header      blob not null,
    body        blob not null,
    hash        blob not null,
    sig         blob not null
) strict;
create unique index sync_deferred_by_ctr on sync_deferred (origin, ctr);

-- Running numbers of this terminal, without gaps: counted in the transaction that uses them.
create table number_series (
    series_key text    primary key,
    last       integer not null
) strict, without rowid;

-- Who changed what, from what, to what. Derived from the commits; the values are JSON objects.
create table audit_change (
    audit_id integer primary key,
    origin   blob    not null,
    ctr      integer not null,
    at_ms    integer not null,
    user     blob,
    kind     text    not null,
    tbl      text    not null,
    key      blob    not null,
    grp      text    not null,             -- the group of a patch; "created", "saved", "dropped" else
    before   text,
    after    text
) strict;
create index audit_change_by_row on audit_change (tbl, key);
create index audit_change_by_time on audit_change (at_ms);
