//! The table of contents of the product: every command, its permission, what it touches.
//!
//! **Invariant:** a row here is the only way in; names are `feature.verb` and never change meaning.

use crate::door::Command;
use crate::{
    audit, backup, catalogue, company, customers, exceptions, finance, imports, inventory, jobs,
    pos, printing, start, sync, users, verify,
};

macro_rules! commands {
    ($($kind:ident $name:literal => $($path:ident)::+, needs $need:literal,
       $which:ident [$($tag:ident),* $(,)?];)+) => {
        vec![$(commands!(@one $kind $which $name, $($path)::+, $need, [$($tag),*])),+]
    };
    (@one read from $name:literal, $path:path, $need:literal, [$($tag:ident),*]) => {
        Command::read($name, $need, &[$(stringify!($tag)),*], $path)
    };
    (@one write touches $name:literal, $path:path, $need:literal, [$($tag:ident),*]) => {
        Command::write($name, $need, &[$(stringify!($tag)),*], $path)
    };
    (@one task touches $name:literal, $path:path, $need:literal, [$($tag:ident),*]) => {
        Command::task($name, $need, &[$(stringify!($tag)),*], $path)
    };
    (@one task from $name:literal, $path:path, $need:literal, [$($tag:ident),*]) => {
        Command::look($name, $need, &[$(stringify!($tag)),*], $path)
    };
}

/// Every command.
pub fn table() -> Vec<Command> {
    let mut all = shop();
    all.extend(office());
    all.extend(machine());
    all
}

fn shop() -> Vec<Command> {
    commands! {
        read  "pos.state"          => pos::state,          needs "pos:read",  from [pos];
        read  "pos.add"            => pos::add,            needs "pos:sell",  from [pos, catalogue];
        read  "pos.quote"          => pos::quote,          needs "pos:sell",  from [pos, catalogue];
        read  "pos.settle"         => pos::settle,         needs "pos:sell",  from [pos];
        read  "pos.units"          => pos::units,          needs "pos:sell",  from [catalogue];
        write "pos.keep_ticket"    => pos::keep_ticket,    needs "pos:sell",  touches [];
        write "pos.complete" => pos::complete, needs "pos:sell",
            touches [pos, inventory, finance];
        write "pos.hold"           => pos::hold,           needs "pos:hold",  touches [pos];
        read  "pos.held"           => pos::held,           needs "pos:read",  from [pos];
        write "pos.recall"         => pos::recall,         needs "pos:hold",  touches [pos];
        write "pos.discard_held"   => pos::discard,        needs "pos:void",  touches [pos];
        write "pos.change_line"    => pos::change_line,    needs "pos:sell",  touches [pos];
        write "pos.void_line"      => pos::void_line,      needs "pos:sell",  touches [pos];
        write "pos.void_ticket"    => pos::void_ticket,    needs "pos:void",  touches [pos];
        write "pos.void" => pos::void, needs "pos:void",
            touches [pos, inventory, finance];
        read  "pos.return_quote"   => pos::return_quote,   needs "pos:read",  from [pos];
        write "pos.return" => pos::take_back, needs "pos:return",
            touches [pos, inventory, finance];
        write "pos.return_without_receipt" => pos::take_back_loose, needs "pos:return",
            touches [pos, inventory, finance];
        read  "pos.receipts"       => pos::receipts,       needs "pos:read",  from [pos];
        read  "pos.receipt"        => pos::get,            needs "pos:read",  from [pos];
        read  "pos.find_receipt"   => pos::find,           needs "pos:read",  from [pos];
        write "pos.pay_account" => pos::pay_account, needs "pos:sell",
            touches [pos, customers, finance];
        read  "pos.account_payment" => pos::account_payment, needs "pos:read", from [pos];
        read  "pos.store_credit"   => pos::store_credit,   needs "pos:read",  from [pos];
        write "pos.open_session" => pos::open, needs "pos:session",
            touches [pos, finance];
        read  "pos.sessions"       => pos::sessions,       needs "pos:read",  from [pos];
        read  "pos.count_total"    => pos::count_total,    needs "pos:session", from [];
        read  "pos.x_report"       => pos::x_report,       needs "pos:x_report", from [pos];
        write "pos.count_drawer"   => pos::count_drawer,   needs "pos:close_session", touches [pos];
        write "pos.close_session" => pos::close, needs "pos:close_session",
            touches [pos, finance];
        read  "pos.z_report"       => pos::z_report,       needs "pos:read",  from [pos];
        write "pos.cash_movement" => pos::cash_movement, needs "pos:cash_movement",
            touches [pos, finance];
        write "pos.no_sale"        => pos::no_sale,        needs "pos:no_sale", touches [pos];
    }
}

fn office() -> Vec<Command> {
    let mut all = commands! {
        read  "company.get"        => company::get,        needs "public",    from [company];
        write "company.save"       => company::save,       needs "settings:edit", touches [company];
        read  "branch.list"        => company::places,     needs "settings:read", from [company];
        write "branch.save" => company::save_branch, needs "settings:edit",
            touches [company];
        write "terminal.add" => company::add_terminal, needs "settings:edit",
            touches [company];
        write "terminal.save" => company::save_terminal, needs "settings:edit",
            touches [company];
        write "settings.save" => company::save_settings, needs "settings:edit",
            touches [company];
        write "settings.follow_company" => company::follow_company, needs "settings:edit",
            touches [company];
        read  "machine.setting"    => company::local_setting, needs "public", from [company];
        write "machine.save_setting" => company::save_local_setting, needs "pos:session",
            touches [company];

        read  "users.list"         => users::list,         needs "users:read", from [users];
        write "users.save"         => users::save,         needs "users:edit", touches [users];
        write "roles.save"         => users::save_role,    needs "users:edit", touches [users];
        write "users.change_pin"   => users::change_pin,   needs "signed_in", touches [users];
        write "users.set_language" => users::set_language, needs "signed_in", touches [users];
        read  "approvals.list"     => users::approvals,    needs "audit:read", from [users];

        read  "finance.chart"      => finance::chart,      needs "finance:read", from [finance];
        write "finance.save_account" => finance::save_account, needs "finance:edit",
            touches [finance];
        write "finance.save_mapping" => finance::save_mapping, needs "finance:edit",
            touches [finance];
        read "finance.trial_balance" => finance::trial_balance, needs "finance:read",
            from [finance];
        read  "finance.ledger"     => finance::ledger,     needs "finance:read", from [finance];

        write "inventory.adjust" => inventory::adjust, needs "inventory:adjust",
            touches [inventory, finance];
        read  "inventory.on_hand"  => inventory::on_hand,  needs "inventory:read", from [inventory];
        read "inventory.stock_card" => inventory::stock_card, needs "inventory:read",
            from [inventory];
    };
    all.extend(catalogue::commands());
    all.extend(customers::commands());
    all.extend(exceptions::commands());
    all
}

fn machine() -> Vec<Command> {
    let mut all = commands! {
        read  "users.sign_in_list" => users::sign_in_users, needs "public",   from [users];
        task  "users.sign_in"      => users::sign_in,      needs "public",    touches [users];
        task  "users.sign_out"     => users::sign_out,     needs "public",    touches [users];
        task  "users.lock"         => users::lock,         needs "public",    touches [users];
        task  "users.unlock"       => users::unlock,       needs "public",    touches [users];
        task  "users.me"           => users::me,           needs "public",    from [users];
        task  "job.status"         => jobs::status,        needs "signed_in", from [];
        task  "job.cancel"         => jobs::cancel,        needs "signed_in", touches [];
    };
    all.extend(start::commands());
    all.extend(backup::commands());
    all.extend(verify::commands());
    all.extend(audit::commands());
    all.extend(printing::commands());
    all.extend(imports::commands());
    all.extend(sync::commands());
    all
}

pub(crate) use commands;
