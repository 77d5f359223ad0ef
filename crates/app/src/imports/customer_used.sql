-- Whether a customer bought, owes or was changed outside one import and its undoing.
select 1
from sale s
left join sale undone on undone.sale_id = s.original_sale_id
where s.customer_id = :customer_id
    and s.import_id is not :import_id and undone.import_id is not :import_id
union all
select 1 from journal_line where partner_id = :customer_id
union all
select 1
from audit_change
where tbl = 'customer' and key = :customer_id and at_ms <> :imported_at
limit 1
