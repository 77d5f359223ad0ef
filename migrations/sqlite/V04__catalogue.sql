-- What can be sold: products, their units, barcodes, taxes and prices.
create table category (
    category_id blob    primary key,
    name        text    not null,
    parent_id   blob,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table tax_class (
    tax_class_id blob   primary key,
    code        text    not null,          -- the mark printed beside a line
    name        text    not null,
    rate        integer not null,          -- millionths
    share_num   integer not null,          -- taxable share of the price: 11/12 for Indonesian DPP nilai lain
    share_den   integer not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table product (
    product_id   blob    primary key,
    code         text    not null,
    name         text    not null,
    description  text    not null,
    variant_of   blob,                     -- the product whose variant this is
    variant      text    not null,         -- "Red, XL"
    category_id  blob,
    tax_class_id blob    not null,
    kind         text    not null,         -- goods, service
    base_unit    text    not null,         -- the unit stock is kept in
    weighed      integer not null,
    restriction  text    not null,         -- '', age, licence, prescription: asks and logs at the till
    price_floor  integer,                  -- lowest unit price without approval
    last_cost    integer not null,         -- unit cost when stock gives no average
    image_hash   text,
    archived     integer not null,
    import_id    blob,
    scope        integer not null,
    _seq         integer not null default 0,
    _clk         blob    not null
) strict, without rowid;
create index product_by_code on product (code);
create index product_by_variant on product (variant_of) where variant_of is not null;
create index product_by_import on product (import_id) where import_id is not null;

create table product_unit (
    product_unit_id blob  primary key,
    product_id  blob    not null,
    unit        text    not null,
    factor      integer not null,          -- base units in one of these, millionths; never changed once used
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
create index product_unit_by_product on product_unit (product_id);

create table barcode (
    barcode_id  blob    primary key,
    product_id  blob    not null,
    product_unit_id blob,                  -- null: the base unit
    code        text    not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
create index barcode_by_code on barcode (code);
create index barcode_by_product on barcode (product_id);

-- In-store codes that carry a weight or a price, as data.
create table barcode_rule (
    barcode_rule_id blob primary key,
    name        text    not null,
    pattern     text    not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table price_list (
    price_list_id blob   primary key,
    name        text    not null,
    currency    text    not null,
    tax_inclusive integer not null,
    priority    integer not null,          -- smaller wins within one level
    is_default  integer not null,
    branch_id   blob,                      -- null: every branch
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table price (
    price_id    blob    primary key,
    price_list_id blob  not null,
    product_id  blob    not null,
    product_unit_id blob,                  -- null: the base unit
    min_qty     integer not null,          -- quantity break, millionths
    unit_price  integer not null,          -- ten-thousandths
    valid_from  text,
    valid_to    text,
    archived    integer not null,
    import_id   blob,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;
-- Holds all that a price says: the till reads it in one place of the file for every line it sells.
create index price_by_product on price (
    product_id, archived, price_id, price_list_id, product_unit_id, min_qty, unit_price,
    valid_from, valid_to, import_id
);

-- Why something unusual was done: returns, voids, overrides, cash, stock.
create table reason (
    reason_id   blob    primary key,
    kind        text    not null,
    name        text    not null,
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

-- Pictures by content; kept on this machine, named by hash in product.
create table image (
    hash        text    primary key,
    mime        text    not null,
    bytes       blob    not null
) strict;

-- One import of a file: what came in, so that it can be taken back whole.
create table import_run (
    import_id   blob    primary key,
    kind        text    not null,
    file_name   text    not null,
    file_hash   text    not null,
    mapping     text    not null,          -- JSON
    summary     text    not null,          -- JSON
    rows_read   integer not null,
    imported_by blob,
    imported_at integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;

create table import_undo (
    undo_id     blob    primary key,
    import_id   blob    not null,
    summary     text    not null,
    undone_by   blob,
    undone_at   integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;

-- Search, derived from product and barcode; rebuilt at will. Words by prefix, and parts of three letters or more.
create virtual table product_word using fts5 (
    product_id unindexed, words,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
create virtual table product_part using fts5 (
    product_id unindexed, words,
    tokenize = 'trigram remove_diacritics 1', detail = 'none'
);
-- The row of a product in both search tables.
create table product_search_row (
    product_id  blob    primary key,
    search_rowid integer not null
) strict, without rowid;
