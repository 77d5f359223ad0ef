select number, amount + rounding as says, paid, entries from (
    select p.number as number, p.amount as amount, p.rounding as rounding,
           coalesce((select sum(t.amount) from account_payment_tender t
                     where t.payment_id = p.payment_id), 0) as paid,
           (select count(*) from journal_entry e where e.doc_id = p.payment_id) as entries
    from account_payment p
)
where paid <> amount + rounding or entries <> 1
