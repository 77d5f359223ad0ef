-- Groups of customers who share a price list: rows, so that two offices that change two groups both win.
create table customer_group (
    customer_group_id blob primary key,    -- made of the name, so that every node makes the same
    name        text    not null,
    price_list_id blob,                    -- null: the prices of the branch
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
create index customer_group_by_name on customer_group (name);
