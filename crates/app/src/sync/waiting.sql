select j.header, j.body, '' as reason
from sync_journal j
where j.stamp is null
  and not exists (select 1 from sync_reissue r where r.origin = j.origin and r.ctr = j.ctr)
order by j.journal_id
limit :limit
