-- What needs a person: found by the auditor after the fact, never in the way of a sale.
create table exception (
    exception_id blob   primary key,       -- of rule, subject and cause: found twice, it is one row
    rule        text    not null,
    subject     blob    not null,          -- what it is about: a product, customer, sale, terminal
    subject_name text   not null,          -- as people know it
    facts       text    not null,          -- JSON object of texts, for the sentence
    branch_id   blob,                      -- null for the company's
    owner       text    not null,          -- code of the role that settles it
    due_date    text    not null,
    raised_at   integer not null,
    state       text    not null,          -- open, settled, accepted, gone
    closed_at   integer,
    closed_by   blob,
    note        text    not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
create index exception_open on exception (rule, subject) where state = 'open';
create index exception_by_time on exception (raised_at);
