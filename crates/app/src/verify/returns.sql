select s.number as number, l.line_no as line_no, abs(l.qty) as sold, abs(r.qty) as returned
from (
    select returned_line_id, sum(qty) as qty
    from sale_line where returned_line_id is not null group by returned_line_id
) r
join sale_line l on l.line_id = r.returned_line_id
join sale s on s.sale_id = l.sale_id
where abs(r.qty) > abs(l.qty)
