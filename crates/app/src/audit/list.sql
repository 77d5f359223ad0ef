select * from (
    select 'change' as source, printf('c%016d', audit_id) as reference, at_ms, user,
           kind as action, tbl, key, grp, before, after, '' as detail, '' as reason,
           null as approved_by
    from audit_change
    where at_ms between :from_ms and min(:to_ms, :before_ms)
      and (:tbl is null or tbl = :tbl) and (:user is null or user = :user)
    union all
    select 'access', 'a' || lower(hex(event_id)), happened_at, user_id,
           kind, null, null, '', null, null,
           trim(username || ' ' || detail), '', null
    from access_event
    where happened_at between :from_ms and min(:to_ms, :before_ms)
      and :tbl is null and (:user is null or user_id = :user)
    union all
    select 'approval', 'p' || lower(hex(approval_id)), approved_at, requested_by,
           what, null, null, '', null, null,
           detail, reason, approved_by
    from approval
    where approved_at between :from_ms and min(:to_ms, :before_ms)
      and :tbl is null and (:user is null or requested_by = :user or approved_by = :user)
)
where at_ms < :before_ms or (at_ms = :before_ms and reference < :before)
order by at_ms desc, reference desc
limit :limit
