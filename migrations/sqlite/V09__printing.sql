-- Papers waiting for a printer, on this machine. A printer that is off loses nothing.
create table print_job (
    print_job_id blob   primary key,
    title       text    not null,
    destination text    not null,          -- JSON
    payload     blob    not null,
    state       text    not null,          -- waiting, printed, failed, cancelled
    tries       integer not null,
    last_error  text    not null,
    created_at  integer not null,
    next_try_at integer not null
) strict, without rowid;
create index print_job_by_state on print_job (state, next_try_at);
