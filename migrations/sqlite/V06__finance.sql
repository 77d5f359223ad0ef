-- The ledger: accounts, the mapping that postings go by, entries that always balance, and their running sums.
create table account (
    account_id  blob    primary key,
    code        text    not null,
    name        text    not null,
    kind        text    not null,          -- asset, liability, equity, income, expense
    control     integer not null,          -- kept by documents; not posted by hand
    archived    integer not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

-- Which account a kind of posting goes to: data, not code.
create table posting_account (
    posting_account_id blob primary key,
    posting_key text    not null,
    account_id  blob    not null,
    scope       integer not null,
    _seq        integer not null default 0,
    _clk        blob    not null
) strict, without rowid;

create table journal_entry (
    entry_id    blob    primary key,
    entry_date  text    not null,
    doc_kind    text    not null,
    doc_id      blob    not null,
    doc_number  text    not null,
    memo        text    not null,
    currency    text    not null,
    posted_at   integer not null,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index journal_entry_by_doc on journal_entry (doc_id);

create table journal_line (
    line_id     blob    primary key,
    entry_id    blob    not null,
    account_id  blob    not null,
    entry_date  text    not null,          -- as in the entry, so that sums by day need no join
    amount      integer not null,          -- debit positive, credit negative, minor units
    partner_id  blob,
    scope       integer not null,
    _seq        integer not null default 0
) strict, without rowid;
create index journal_line_by_entry on journal_line (entry_id);

-- Derived: debit and credit by account, branch and day.
create table ledger_balance (
    account_id  blob    not null,
    scope       integer not null,
    entry_date  text    not null,
    debit       integer not null,
    credit      integer not null,
    primary key (account_id, scope, entry_date)
) strict, without rowid;

-- Derived: what each partner owes (positive) or is owed, by account.
create table partner_balance (
    partner_id  blob    not null,
    account_id  blob    not null,
    balance     integer not null,
    primary key (partner_id, account_id)
) strict, without rowid;
create index journal_line_by_partner on journal_line (partner_id) where partner_id is not null;

create trigger journal_line_balance after insert on journal_line begin
    insert into ledger_balance (account_id, scope, entry_date, debit, credit)
    values (new.account_id, new.scope, new.entry_date, max(new.amount, 0), max(-new.amount, 0))
    on conflict do update set debit = debit + excluded.debit, credit = credit + excluded.credit;
end;
create trigger journal_line_partner after insert on journal_line when new.partner_id is not null begin
    insert into partner_balance (partner_id, account_id, balance)
    values (new.partner_id, new.account_id, new.amount)
    on conflict do update set balance = balance + excluded.balance;
end;
