delete from stock_card_line;
delete from stock_balance;
with line as (
    select row_number() over (order by moved_at, stock_move_id) as line_no,
           stock_move_id, product_id, location_id, status
    from stock_move
)
insert into stock_card_line (line_no, stock_move_id, before)
select line_no, stock_move_id,
       lag(line_no) over (partition by product_id, location_id, status order by line_no)
from line order by line_no;
insert into stock_balance (product_id, location_id, status, qty, value, last_line)
select product_id, location_id, status, sum(qty), sum(value), max(line_no)
from (select row_number() over (order by moved_at, stock_move_id) as line_no, * from stock_move)
group by product_id, location_id, status;
