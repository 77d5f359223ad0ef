//! The schema: every synced table of every feature, and the migrations that make them.
//!
//! **Invariant:** a table is synced exactly when it is in this list.

use std::sync::LazyLock;

use lumbung_sync::{Catalogue, Synced};

use crate::{catalogue, company, customers, exceptions, finance, inventory, pos, users};

mod embedded {
    refinery::embed_migrations!("../../migrations/sqlite");
}

/// The migrations of the store, in order.
pub fn migrations() -> refinery::Runner {
    embedded::migrations::runner()
}

/// Every synced table.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
        Catalogue::new(&[
            company::rows::CompanyRow::table(),
            company::rows::BranchRow::table(),
            company::rows::TerminalRow::table(),
            company::rows::SettingRow::table(),
            users::rows::RoleRow::table(),
            users::rows::UserRow::table(),
            users::rows::AccessEventRow::table(),
            users::rows::ApprovalRow::table(),
            catalogue::rows::CategoryRow::table(),
            catalogue::rows::TaxClassRow::table(),
            catalogue::rows::ProductRow::table(),
            catalogue::rows::ProductUnitRow::table(),
            catalogue::rows::BarcodeRow::table(),
            catalogue::rows::BarcodeRuleRow::table(),
            catalogue::rows::PriceListRow::table(),
            catalogue::rows::PriceRow::table(),
            catalogue::rows::ReasonRow::table(),
            catalogue::rows::ImportRunRow::table(),
            catalogue::rows::ImportUndoRow::table(),
            customers::rows::CustomerRow::table(),
            customers::rows::CustomerGroupRow::table(),
            finance::rows::AccountRow::table(),
            finance::rows::PostingAccountRow::table(),
            finance::rows::JournalEntryRow::table(),
            finance::rows::JournalLineRow::table(),
            inventory::rows::LocationRow::table(),
            inventory::rows::StockMoveRow::table(),
            inventory::rows::StockAdjustmentRow::table(),
            pos::rows::CashSessionRow::table(),
            pos::rows::CashCountRow::table(),
            pos::rows::SessionCloseRow::table(),
            pos::rows::CashMovementRow::table(),
            pos::rows::SaleRow::table(),
            pos::rows::SaleLineRow::table(),
            pos::rows::SaleTenderRow::table(),
            pos::rows::AccountPaymentRow::table(),
            pos::rows::AccountPaymentTenderRow::table(),
            pos::rows::StoreCreditRow::table(),
            pos::rows::StoreCreditMoveRow::table(),
            pos::rows::HeldTicketRow::table(),
            pos::rows::HeldTicketEndRow::table(),
            pos::rows::PosEventRow::table(),
            exceptions::ExceptionRow::table(),
        ])
        .expect("every tag and table name is used once")
    });
    &CATALOGUE
}

/// The schema that this program's migrations make.
pub fn newest() -> u32 {
    let newest = migrations().get_migrations().iter().map(|migration| migration.version()).max();
    newest.and_then(|version| u32::try_from(version).ok()).unwrap_or(0)
}
