select * from (
    select z.number as number, z.expected as expected, z.counted as counted,
           z.over_short as over_short,
           o.opening_float
           + coalesce((select sum(t.amount) from sale s
                       join sale_tender t on t.sale_id = s.sale_id
                       where s.session_id = z.close_id and t.kind = 'cash'), 0)
           + coalesce((select sum(t.amount) from account_payment p
                       join account_payment_tender t on t.payment_id = p.payment_id
                       where p.session_id = z.close_id and t.kind = 'cash'), 0)
           + coalesce((select sum(case m.kind when 'cash_in' then m.amount else -m.amount end)
                       from cash_movement m where m.session_id = z.close_id), 0) as summed,
           coalesce((select c.total from cash_count c
                     where c.session_id = z.close_id and c.purpose = 'closing'
                     order by c.count_id desc limit 1), 0) as counted_sum
    from session_close z
    join cash_session o on o.session_id = z.close_id
)
where expected <> summed or counted <> counted_sum or over_short <> counted - expected
