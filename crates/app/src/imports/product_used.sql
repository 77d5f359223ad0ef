-- Whether a product was sold, moved or changed outside one import and its undoing.
select 1
from stock_move m
where m.product_id = :product_id
    and m.reason not like 'import:%'
    and not exists (
        select 1
        from sale s
        left join sale undone on undone.sale_id = s.original_sale_id
        where s.sale_id = m.doc_id
            and (s.import_id = :import_id or undone.import_id = :import_id)
    )
union all
select 1
from audit_change a
where a.tbl = 'product' and a.key = :product_id and a.at_ms <> :imported_at
limit 1
