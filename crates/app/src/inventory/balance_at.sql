-- Quantity and value of a product when a move had happened: on hand now, less every move after it.
with recursive card (stock_move_id, before) as (
    select line.stock_move_id, line.before
    from stock_balance b
    join stock_card_line line on line.line_no = b.last_line
    where b.product_id = :product_id
    union all
    select line.stock_move_id, line.before
    from card
    join stock_card_line line on line.line_no = card.before
),
change (qty, value) as (
    select qty, value from stock_balance where product_id = :product_id
    union all
    select -m.qty, -m.value
    from card
    join stock_move m using (stock_move_id)
    where card.stock_move_id > :upto
)
select coalesce(sum(qty), 0) as qty, coalesce(sum(value), 0) as value from change
