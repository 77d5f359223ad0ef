-- People, what they may do, and the evidence of who was let in or refused.
create table role (
    role_id     blob    primary key,
    code        text    not null,
    name        text    not null,
    patterns    text    not null,          -- JSON array of permission patterns
    limits      text    not null,          -- JSON object of amount and rate limits
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table user (
    user_id     blob    primary key,
    username    text    not null,
    name        text    not null,
    language    text    not null,
    pin_hash    text    not null,          -- Argon2id, PHC string
    role_ids    text    not null,          -- JSON array of role ids
    branch_ids  text    not null,          -- JSON array; empty means every branch
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

-- Sign-ins, refusals, lock-outs and manager overrides.
create table access_event (
    event_id    blob    primary key,
    kind        text    not null,
    user_id     blob,
    username    text    not null,
    terminal_id blob    not null,
    detail      text    not null,
    happened_at integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index access_event_by_time on access_event (happened_at);

-- A manager's decision at the till: who asked, who allowed, what and why. Reviewed the next day.
create table approval (
    approval_id   blob    primary key,
    what          text    not null,
    detail        text    not null,
    reason        text    not null,
    requested_by  blob,
    approved_by   blob    not null,
    terminal_id   blob    not null,
    subject_id    blob,
    business_date text    not null,
    approved_at   integer not null,
    scope         integer not null,
    _seq          integer not null default 0
) strict, without rowid;
create index approval_by_time on approval (approved_at);

-- Wrong PINs in a row, on this machine: survives a restart.
create table sign_in_attempt (
    user_id     blob    primary key,
    failed      integer not null,
    locked_until integer not null
) strict, without rowid;
