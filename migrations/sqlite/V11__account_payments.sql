-- A customer pays what they owe at the till: a document of its own, with its payments.
create table account_payment (
    payment_id  blob    primary key,
    number      text    not null,
    session_id  blob    not null,
    terminal_id blob    not null,
    cashier_id  blob    not null,
    customer_id blob    not null,
    business_date text  not null,
    paid_at     integer not null,
    offset_min  integer not null,
    currency    text    not null,
    owed        integer not null,          -- before it, as this terminal knew it
    amount      integer not null,          -- what it took off the debt
    rounding    integer not null,          -- what cash rounding added
    change      integer not null,
    note        text    not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index account_payment_by_number on account_payment (number);
create index account_payment_by_session on account_payment (session_id);
create index account_payment_by_customer on account_payment (customer_id);

create table account_payment_tender (
    tender_id   blob    primary key,
    payment_id  blob    not null,
    kind        text    not null,          -- cash, card, qr, transfer
    amount      integer not null,          -- applied to the debt and its rounding; cash net of change
    tendered    integer not null,          -- handed over
    reference   text    not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index account_payment_tender_by_payment on account_payment_tender (payment_id);
