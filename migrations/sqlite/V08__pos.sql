-- The till: sessions, sales, returns, tenders, cash and what happened besides. All of it facts.
create table cash_session (
    session_id  blob    primary key,
    terminal_id blob    not null,
    drawer      text    not null,
    cashier_id  blob    not null,
    business_date text  not null,          -- chosen when the session opens; holds past midnight
    currency    text    not null,
    opening_float integer not null,
    opened_at   integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index cash_session_by_terminal on cash_session (terminal_id, opened_at);

create table cash_count (
    count_id    blob    primary key,
    session_id  blob    not null,
    purpose     text    not null,          -- opening, closing
    total       integer not null,
    counted_by  blob    not null,
    counted_at  integer not null,
    lines       text    not null,          -- JSON: denomination and pieces
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index cash_count_by_session on cash_count (session_id);

create table session_close (
    close_id    blob    primary key,       -- the session's id: a session closes once
    number      text    not null,
    closed_at   integer not null,
    closed_by   blob    not null,
    expected    integer not null,
    counted     integer not null,
    over_short  integer not null,
    reason      text    not null,
    report      text    not null,          -- the Z report as closed, JSON; never recomputed
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index session_close_by_number on session_close (number);

create table cash_movement (
    cash_movement_id blob primary key,
    session_id  blob    not null,
    number      text    not null,
    kind        text    not null,          -- in, out, drop
    amount      integer not null,
    reason      text    not null,
    note        text    not null,
    moved_by    blob    not null,
    moved_at    integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index cash_movement_by_session on cash_movement (session_id);
create index cash_movement_by_number on cash_movement (number);

create table sale (
    sale_id     blob    primary key,
    number      text    not null,
    kind        text    not null,          -- sale, return, void
    session_id  blob,                      -- null for imported history
    terminal_id blob    not null,
    cashier_id  blob,
    customer_id blob,
    business_date text  not null,
    sold_at     integer not null,
    offset_min  integer not null,
    currency    text    not null,
    gross       integer not null,
    discount    integer not null,
    net         integer not null,
    tax         integer not null,
    total       integer not null,
    rounding    integer not null,
    change      integer not null,
    original_sale_id blob,
    source_number text  not null,          -- number in the system it was imported from
    reason      text    not null,
    note        text    not null,
    import_id   blob,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index sale_by_number on sale (number);
create index sale_by_session on sale (session_id) where session_id is not null;
create index sale_by_original on sale (original_sale_id) where original_sale_id is not null;
create index sale_by_customer on sale (customer_id) where customer_id is not null;
create index sale_by_date on sale (business_date);
create index sale_by_import on sale (import_id) where import_id is not null;

create table sale_line (
    line_id     blob    primary key,
    sale_id     blob    not null,
    line_no     integer not null,
    product_id  blob    not null,
    product_unit_id blob,
    code        text    not null,          -- code, name and unit as printed
    name        text    not null,
    unit        text    not null,
    qty         integer not null,          -- of the unit sold
    base_qty    integer not null,          -- of the base unit
    unit_price  integer not null,
    list_price  integer not null,
    price_source text   not null,
    gross       integer not null,
    line_discount integer not null,
    ticket_discount integer not null,
    net         integer not null,
    tax         integer not null,
    total       integer not null,
    tax_class_id blob   not null,
    tax_code    text    not null,
    tax_rate    integer not null,
    tax_inclusive integer not null,
    cost        integer not null,          -- value that left stock, minor units, signed like qty
    returned_line_id blob,                 -- the line this one takes back
    disposition text    not null,          -- where returned goods went
    serial      text    not null,
    reason      text    not null,
    note        text    not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index sale_line_by_sale on sale_line (sale_id);
create index sale_line_by_returned on sale_line (returned_line_id) where returned_line_id is not null;

create table sale_tender (
    tender_id   blob    primary key,
    sale_id     blob    not null,
    kind        text    not null,          -- cash, card, qr, transfer, store_credit, on_account
    amount      integer not null,          -- applied to the ticket, signed; cash net of change
    tendered    integer not null,          -- handed over
    reference   text    not null,
    store_credit_id blob,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index sale_tender_by_sale on sale_tender (sale_id);

-- A slip worth money in the shop.
create table store_credit (
    store_credit_id blob primary key,
    number      text    not null,
    customer_id blob,
    holder      text    not null,          -- name or identity document shown, where no customer is known
    sale_id     blob    not null,
    issued_at   integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index store_credit_by_number on store_credit (number);

create table store_credit_move (
    move_id     blob    primary key,
    store_credit_id blob not null,
    sale_id     blob    not null,
    amount      integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index store_credit_move_by_credit on store_credit_move (store_credit_id);

-- Held sales are durable and belong to the branch; taking one up or giving it up is a fact of its own.
create table held_ticket (
    held_id     blob    primary key,
    session_id  blob    not null,
    terminal_id blob    not null,
    cashier_id  blob    not null,
    note        text    not null,
    total       integer not null,
    line_count  integer not null,
    content     text    not null,          -- the ticket, JSON
    business_date text  not null,
    held_at     integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;

create table held_ticket_end (
    end_id      blob    primary key,
    held_id     blob    not null,
    kind        text    not null,          -- recalled, discarded, expired
    reason      text    not null,
    ended_by    blob,
    terminal_id blob    not null,
    ended_at    integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index held_ticket_end_by_held on held_ticket_end (held_id);

-- What the Z report counts besides money: line voids, ticket voids, no-sale, reprints, overrides, checks.
create table pos_event (
    event_id    blob    primary key,
    session_id  blob,
    kind        text    not null,
    sale_id     blob,
    product_id  blob,
    qty         integer not null,
    amount      integer not null,
    reason      text    not null,
    detail      text    not null,
    user_id     blob,
    happened_at integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index pos_event_by_session on pos_event (session_id);
create index pos_event_by_sale on pos_event (sale_id) where sale_id is not null;

-- The ticket on the screen, kept on this machine so that a power cut loses nothing scanned.
create table open_ticket (
    terminal_id blob    primary key,
    content     text    not null,
    saved_at    integer not null
) strict, without rowid;
