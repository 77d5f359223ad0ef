-- Who buys: terms, credit and price list.
create table customer (
    customer_id blob    primary key,
    code        text    not null,
    name        text    not null,
    phone       text    not null,
    email       text    not null,
    address     text    not null,
    country     text    not null,
    tax_number  text    not null,
    customer_group text not null,
    price_list_id blob,
    credit_limit integer not null,         -- minor units of the base currency; 0 allows no credit
    terms_days  integer not null,
    blocked     integer not null,          -- no new credit
    note        text    not null,
    archived    integer not null,
    import_id   blob,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
create index customer_by_code on customer (code);
create index customer_by_name on customer (name collate nocase);
