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
    hlc         integer not null,          -- the hybrid clock
    log_id      blob                       -- the company's log at the centre; null while there is none
) strict;

-- Every origin of this store, how to check its signatures, and how far the centre has it.
create table sync_origin (
    origin      blob    primary key,
    series      text    not null,
    pubkey      blob    not null,
    closed      integer not null,          -- 1: no commit of this store will ever be added under it
    last_ctr    integer not null,          -- of a closed origin; the current one's is in sync_self
    last_hash   blob    not null,
    end_ctr     integer,                   -- what came after it was written again under another origin
    acked_ctr   integer not null default 0, -- up to which the centre is believed to hold it
    backed_ctr  integer not null default 0, -- up to which the centre's backup holds it
    backed_hash blob,
    pruned_ctr  integer not null default 0, -- up to which the journal has let it go
    pruned_hash blob,
    introduction blob                      -- who vouches for it; null while there is no centre
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
    stamp      integer,                    -- given by the centre; null while pending; 0 when not told
    seq        integer                     -- its place in the log; null while pending or not told
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

-- Commits that cannot be applied yet: kept whole, reported, tried again after an upgrade or once the
-- row they change has come.
create table sync_deferred (
    deferred_id integer primary key,
    origin      blob not null,
    ctr         integer not null,
    reason      text not null,
    header      blob not null,
    body        blob not null,
    hash        blob not null,
    sig         blob not null,
    seq         integer not null,          -- its place in the log; 0: it is not from the log
    stamp       integer not null,          -- by which its writes are merged
    scopes      text not null,             -- which of its rows are wanted; empty: all
    lacks       integer not null           -- 1: it changes a row that the log has not told of yet
) strict;
create unique index sync_deferred_by_ctr on sync_deferred (origin, ctr);

-- How far the log was read in each scope this store holds.
create table sync_scope (
    scope   integer primary key,
    cursor  integer not null,
    witness blob    not null               -- the log's hash there
) strict;

-- The last commit of each origin that was read from the log.
create table sync_seen (
    origin blob    primary key,
    ctr    integer not null
) strict, without rowid;

-- The confirmed image of a row while this store has changed it and the log does not say so yet. A row
-- that has _seq 0 was made here and needs none: confirmed is that it is not there.
create table sync_register (
    tbl     integer not null,              -- the table's number
    row     blob    not null,
    seq     integer not null,
    scope   integer not null,
    clk     blob,                          -- null for drafts
    columns blob    not null,              -- numbered values
    primary key (tbl, row)
) strict, without rowid;

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
