-- A little shop for the tests of the store.
create table sale (
    sale_id blob    primary key,
    number  text    not null,
    total   integer not null,
    sold_on text    not null,
    note    text,
    scope   integer not null,
    _seq    integer not null default 0
) strict;

create table sale_line (
    sale_line_id blob    primary key,
    sale_id      blob    not null,
    product_id   blob    not null,
    qty          integer not null,
    scope        integer not null,
    _seq         integer not null default 0
) strict;

create table product (
    product_id blob    primary key,
    code       text    not null,
    name       text    not null,
    price      integer not null,
    archived   integer not null,
    scope      integer not null,
    _seq       integer not null default 0,
    _clk       blob    not null
) strict;

create table held_sale (
    held_sale_id blob    primary key,
    label        text    not null,
    content      blob,
    scope        integer not null,
    _seq         integer not null default 0
) strict;

-- Derived: what is sold of each product.
create table sold (
    product_id blob    primary key,
    qty        integer not null
) strict;
create trigger sold_moves after insert on sale_line begin
    insert into sold (product_id, qty) values (new.product_id, new.qty)
    on conflict (product_id) do update set qty = qty + excluded.qty;
end;

-- Local: a setting of this machine.
create table setting (
    setting_key text primary key,
    value       text not null
) strict;
