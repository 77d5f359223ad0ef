-- Stock is the sum of its moves: quantity and value, by place and status.
create table location (
    location_id blob    primary key,
    branch_id   blob    not null,
    code        text    not null,
    name        text    not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table stock_move (
    stock_move_id blob  primary key,
    product_id  blob    not null,
    location_id blob    not null,
    status      text    not null,          -- sellable, quarantine, scrap
    qty         integer not null,          -- base units, millionths, signed
    value       integer not null,          -- minor units, signed: what left or came at cost
    doc_kind    text    not null,
    doc_id      blob    not null,
    doc_line_id blob,
    reason      text    not null,
    business_date text  not null,
    moved_at    integer not null,
    moved_by    blob,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index stock_move_by_doc on stock_move (doc_id);

-- Derived: the stock cards. Every move is a line of the card of its product, place and status, and
-- points at the line before it there; the balance points at the last one. An index by product
-- would be written in as many places of the file as a sale has products, the more the larger it
-- is; a new line goes to the end, and the balance is written anyway.
create table stock_card_line (
    line_no     integer primary key,       -- as the moves came to this store
    stock_move_id blob  not null,
    before      integer                    -- the line before it on the card
) strict;

-- Derived: on hand and its value.
create table stock_balance (
    product_id  blob    not null,
    location_id blob    not null,
    status      text    not null,
    qty         integer not null,
    value       integer not null,
    last_line   integer not null,          -- of the card
    primary key (product_id, location_id, status)
) strict, without rowid;

create trigger stock_move_balance after insert on stock_move begin
    insert into stock_card_line (stock_move_id, before)
    values (new.stock_move_id, (
        select last_line from stock_balance
        where product_id = new.product_id and location_id = new.location_id
            and status = new.status
    ));
    insert into stock_balance (product_id, location_id, status, qty, value, last_line)
    values (
        new.product_id, new.location_id, new.status, new.qty, new.value, last_insert_rowid()
    )
    on conflict do update set
        qty = qty + excluded.qty, value = value + excluded.value, last_line = excluded.last_line;
end;

-- A correction, receipt or opening by hand, with its reason.
create table stock_adjustment (
    adjustment_id blob  primary key,
    number      text    not null,
    location_id blob    not null,
    reason      text    not null,
    note        text    not null,
    business_date text  not null,
    adjusted_at integer not null,
    adjusted_by blob,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index stock_adjustment_by_number on stock_adjustment (number);
