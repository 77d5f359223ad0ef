select s.session_id
from cash_session s
where s.terminal_id = :terminal
  and exists (select 1 from cash_count c
              where c.session_id = s.session_id and c.purpose = 'closing')
  and exists (select 1 from sale x where x.session_id = s.session_id)
  and not exists (select 1 from sale x where x.session_id = s.session_id and x._seq = 0)
  and not exists (select 1 from reconciliation r
                  where r.session_id = s.session_id
                    and r.seq >= (select max(x._seq) from sale x where x.session_id = s.session_id))
order by s.opened_at desc
limit :limit
