-- The log of every company at a centre without a database server, and what the centre keeps beside
-- it: the tables of the log on PostgreSQL, in one file. Scopes are text such as '0,3'. Times are UTC
-- milliseconds given by the centre; no trigger or default takes a decision here.

-- The end of each log. One writer gives the next seq.
create table company_head (
    company    blob    primary key,
    log_id     blob    not null,          -- random, of this log for ever
    centre     blob    not null,          -- the key that vouches for terminals
    last_seq   integer not null,
    log_hash   blob    not null,
    last_stamp integer not null,
    backed_seq integer not null,
    kept_from  integer not null,          -- the first entry kept commit by commit
    min_schema integer not null,
    cur_schema integer not null
) strict;

-- The end of each origin's chain, and who the origin is.
create table origin_head (
    company      blob    not null,
    origin       blob    not null,
    terminal     blob    not null,
    kind         integer not null,       -- 0 terminal, 1 the centre itself
    state        integer not null,       -- 0 active, 1 closed, 2 revoked
    ctr          integer not null,
    hash         blob    not null,
    backed_ctr   integer not null,
    backed_hash  blob    not null,
    pubkey       blob    not null,
    series       text    not null,
    scopes       text    not null,       -- it may read and write
    past_scopes  text    not null,       -- it may have written
    introduction blob    not null,
    schema       integer,
    app          text,
    clock_off_ms integer,
    seen_ms      integer,
    revoked_ms   integer,
    primary key (company, origin),
    unique (company, series)
) strict;

-- The log. Nothing in it ever changes but a body blanked by law.
create table commit_log (
    company     blob    not null,
    seq         integer not null,
    origin      blob    not null,
    ctr         integer not null,
    hash        blob    not null,
    stamp       integer not null,        -- writes are merged by it
    log_hash    blob    not null,        -- proves every entry up to this one
    scopes      text    not null,
    schema      integer not null,
    kind        text    not null,
    bytes       integer not null,        -- what it costs in a message
    header      blob    not null,
    body        blob    not null,
    sig         blob    not null,
    received_ms integer not null,
    primary key (company, seq),
    unique (company, origin, ctr)
) strict;

-- Which entries a scope has rows in.
create table log_scope (
    company blob    not null,
    scope   integer not null,
    seq     integer not null,
    primary key (company, scope, seq)
) strict, without rowid;

-- What revoked origins pushed: not in the log, and not lost.
create table quarantine (
    company     blob    not null,
    hash        blob    not null,
    origin      blob    not null,
    ctr         integer not null,
    header      blob    not null,
    body        blob    not null,
    sig         blob    not null,
    received_ms integer not null,
    primary key (company, hash)
) strict;
create index quarantine_by_origin on quarantine (company, origin, ctr);

-- States of the books that a terminal can start from; the file's hash is its name.
create table snapshot (
    company   blob    not null,
    scope_key text    not null,
    schema    integer not null,
    seq       integer not null,
    log_hash  blob    not null,
    file      blob    not null,
    bytes     integer not null,
    made_ms   integer not null,
    primary key (company, scope_key, schema, seq)
) strict;

-- Pictures and documents beside the rows, named by the hash of their bytes.
create table blob (
    company blob    not null,
    hash    blob    not null,
    bytes   integer not null,
    mime    text    not null,
    primary key (company, hash)
) strict;

-- One-time codes by which terminals enrol; the code itself is not kept.
create table enrol_code (
    company  blob    not null,
    hash     blob    not null,
    terminal blob,
    series   text,
    scopes   text    not null,
    made_ms  integer not null,
    ends_ms  integer not null,
    used_by  blob,
    used_ms  integer,
    primary key (company, hash)
) strict;

-- Sessions of people in browsers, by the hash of the refresh secret that is good now.
create table person_session (
    company    blob    not null,
    session    blob    not null,
    person     blob    not null,
    secret     blob    not null,
    started_ms integer not null,
    ends_ms    integer not null,
    ended_ms   integer,
    primary key (company, session)
) strict;
create index person_session_by_person on person_session (company, person);

-- Failed sign-ins since the last good one.
create table sign_in_failure (
    company  blob    not null,
    subject  text    not null,
    failures integer not null,
    until_ms integer,
    primary key (company, subject)
) strict;

-- How far each reader of the log inside the centre has come.
create table projector (
    company  blob    not null,
    name     text    not null,
    seq      integer not null,
    log_hash blob    not null,
    primary key (company, name)
) strict;
