-- The line to the centre: where it is, and what was said on it. This machine only; it never leaves.

-- One row, once this machine has a centre.
create table centre (
    centre_id    integer primary key,      -- always 1
    address      text    not null,
    plain        integer not null,         -- 1: a person allowed plain http beyond this machine
    centre_key   blob    not null,         -- proves what the centre signs
    connected_at integer not null
) strict;

-- The last exchanges; the oldest go. One that carried nothing replaces the one before it.
create table sync_exchange (
    exchange_id integer primary key,
    began_at    integer not null,
    took_ms     integer not null,
    outcome     text    not null,          -- done, offline, refused, failed
    pushed      integer not null,          -- own commits the centre took
    applied     integer not null,          -- commits of others
    deferred    integer not null,          -- of these, not understood yet
    bytes_out   integer not null,
    bytes_in    integer not null,
    problem     text    not null           -- in words; empty when done
) strict;

-- What the centre said of this till's receipts, signed by it.
create table reconciliation (
    reconciliation_id integer primary key,
    asked_at    integer not null,
    session_id  blob,                      -- null: every receipt of this till
    seq         integer not null,          -- up to which entry of the log
    ours        text    not null,          -- JSON: what this till counts
    theirs      text    not null,          -- JSON: what the centre counts
    same        integer not null,
    signature   blob    not null
) strict;
create index reconciliation_by_session on reconciliation (session_id);

-- Pictures the centre has of this machine, and pictures it was asked for in vain.
create table blob_state (
    hash     text    primary key,
    sent     integer not null,             -- 1: the centre has it
    tries    integer not null,
    next_at  integer not null
) strict, without rowid;
