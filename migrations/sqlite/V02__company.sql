-- The company, its branches and terminals, and settings that every terminal shares.
-- No UNIQUE, FOREIGN KEY or CHECK on a synced table beyond its key: use cases refuse, applying never fails.
create table company (
    company_id  blob    primary key,
    name        text    not null,
    legal_name  text    not null,
    tax_number  text    not null,
    address     text    not null,
    phone       text    not null,
    email       text    not null,
    country     text    not null,          -- ISO 3166-1 alpha-2
    currency    text    not null,          -- ISO 4217, the base currency of the books
    language    text    not null,          -- language of printed papers: en, id
    time_zone   text    not null,          -- IANA name; shown, never used to derive a business date
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table branch (
    branch_id   blob    primary key,
    scope_no    integer not null,          -- the small number by which rows of this branch are scoped
    code        text    not null,          -- first part of document numbers
    name        text    not null,
    address     text    not null,
    phone       text    not null,
    tax_number  text    not null,          -- place-of-business number where the law knows one
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table terminal (
    terminal_id blob    primary key,
    branch_id   blob    not null,
    series      text    not null,          -- second part of document numbers
    name        text    not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

-- One row a key; its id is derived from key and scope, so two terminals that set it meet in one row.
create table setting (
    setting_id  blob    primary key,
    key         text    not null,
    value       text    not null,          -- JSON
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

-- This machine only: printers, scanner, window. Never leaves it.
create table local_setting (
    key         text    primary key,
    value       text    not null           -- JSON
) strict, without rowid;
