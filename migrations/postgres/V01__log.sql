-- The log of every company at a centre on PostgreSQL, and what the centre keeps beside it. The
-- company is the first column of every key: no statement, lock or constraint spans two companies,
-- so one can be moved to another cluster, and all can be distributed by it. Times are UTC
-- milliseconds given by the centre; no trigger, sequence or default takes a decision here.

-- The end of each log. Its row lock is what gives the next seq: an entry becomes visible before
-- its successor can exist.
create table company_head (
    company    uuid     primary key,
    log_id     uuid     not null,          -- random, of this log for ever
    centre     bytea    not null,          -- the key that vouches for terminals
    last_seq   bigint   not null,
    log_hash   bytea    not null,
    last_stamp bigint   not null,
    backed_seq bigint   not null,
    kept_from  bigint   not null,          -- the first entry kept commit by commit
    min_schema integer  not null,
    cur_schema integer  not null
) with (fillfactor = 50);

-- The end of each origin's chain, and who the origin is.
create table origin_head (
    company      uuid      not null,
    origin       uuid      not null,
    terminal     uuid      not null,
    kind         smallint  not null,       -- 0 terminal, 1 the centre itself
    state        smallint  not null,       -- 0 active, 1 closed, 2 revoked
    ctr          bigint    not null,
    hash         bytea     not null,
    backed_ctr   bigint    not null,
    backed_hash  bytea     not null,
    pubkey       bytea     not null,
    series       text      not null,
    scopes       integer[] not null,       -- it may read and write
    past_scopes  integer[] not null,       -- it may have written
    introduction bytea     not null,
    schema       integer,
    app          text,
    clock_off_ms bigint,
    seen_ms      bigint,
    revoked_ms   bigint,
    primary key (company, origin),
    unique (company, series)
) with (fillfactor = 50);

-- The log. Nothing in it ever changes but a body blanked by law.
create table commit_log (
    company     uuid      not null,
    seq         bigint    not null,
    origin      uuid      not null,
    ctr         bigint    not null,
    hash        bytea     not null,
    stamp       bigint    not null,        -- writes are merged by it
    log_hash    bytea     not null,        -- proves every entry up to this one
    scopes      integer[] not null,
    schema      integer   not null,
    kind        text      not null,
    bytes       integer   not null,        -- what it costs in a message
    header      bytea     not null,
    body        bytea     not null,
    sig         bytea     not null,
    received_ms bigint    not null,
    primary key (company, seq),
    unique (company, origin, ctr)
) partition by hash (company);

-- Which entries a scope has rows in.
create table log_scope (
    company uuid    not null,
    scope   integer not null,
    seq     bigint  not null,
    primary key (company, scope, seq)
) partition by hash (company);

do $$
begin
    for part in 0..15 loop
        execute format('create table commit_log_%s partition of commit_log
            for values with (modulus 16, remainder %s)', part, part);
        -- Bodies are compressed already.
        execute format('alter table commit_log_%s alter body set storage external', part);
        execute format('create table log_scope_%s partition of log_scope
            for values with (modulus 16, remainder %s)', part, part);
    end loop;
end $$;

-- What revoked origins pushed: not in the log, and not lost.
create table quarantine (
    company     uuid   not null,
    hash        bytea  not null,
    origin      uuid   not null,
    ctr         bigint not null,
    header      bytea  not null,
    body        bytea  not null,
    sig         bytea  not null,
    received_ms bigint not null,
    primary key (company, hash)
);
create index quarantine_by_origin on quarantine (company, origin, ctr);

-- States of the books that a terminal can start from; the file's hash is its name.
create table snapshot (
    company   uuid    not null,
    scope_key text    not null,
    schema    integer not null,
    seq       bigint  not null,
    log_hash  bytea   not null,
    file      bytea   not null,
    bytes     bigint  not null,
    made_ms   bigint  not null,
    primary key (company, scope_key, schema, seq)
);

-- Pictures and documents beside the rows, named by the hash of their bytes.
create table blob (
    company uuid   not null,
    hash    bytea  not null,
    bytes   bigint not null,
    mime    text   not null,
    primary key (company, hash)
);

-- One-time codes by which terminals enrol; the code itself is not kept.
create table enrol_code (
    company  uuid      not null,
    hash     bytea     not null,
    terminal uuid,
    series   text,
    scopes   integer[] not null,
    made_ms  bigint    not null,
    ends_ms  bigint    not null,
    used_by  uuid,
    used_ms  bigint,
    primary key (company, hash)
);

-- Sessions of people in browsers, by the hash of the refresh secret that is good now.
create table person_session (
    company    uuid   not null,
    session    uuid   not null,
    person     uuid   not null,
    secret     bytea  not null,
    started_ms bigint not null,
    ends_ms    bigint not null,
    ended_ms   bigint,
    primary key (company, session)
);
create index person_session_by_person on person_session (company, person);

-- Failed sign-ins since the last good one.
create table sign_in_failure (
    company  uuid    not null,
    subject  text    not null,
    failures integer not null,
    until_ms bigint,
    primary key (company, subject)
);

-- How far each reader of the log inside the centre has come.
create table projector (
    company  uuid   not null,
    name     text   not null,
    seq      bigint not null,
    log_hash bytea  not null,
    primary key (company, name)
);
