-- Whether a product was sold, moved or changed outside one import and its undoing.
with recursive card (stock_move_id, before) as (
    select line.stock_move_id, line.before
    from stock_balance b
    join stock_card_line line on line.line_no = b.last_line
    where b.product_id = :product_id
    union all
    select line.stock_move_id, line.before
    from card
    join stock_card_line line on line.line_no = card.before
)
select 1
from card
join stock_move m using (stock_move_id)
where m.reason not like 'import:%'
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
