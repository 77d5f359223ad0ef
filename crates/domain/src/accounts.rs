//! The chart of accounts with which a new company begins, and which account each posting uses.
//!
//! **Invariant:** every posting key has an account in the chart, and an account kept by customers
//! or by stock is marked so that nobody posts to it by hand.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::journal::PostingKey;

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// What the company has.
    Asset,
    /// What the company owes.
    Liability,
    /// What belongs to the owners.
    Equity,
    /// What it earns.
    Income,
    /// What it spends.
    Expense,
}

impl AccountKind {
    /// Every kind, in the order of a trial balance.
    pub const ALL: [Self; 5] =
        [Self::Asset, Self::Liability, Self::Equity, Self::Income, Self::Expense];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Equity => "equity",
            Self::Income => "income",
            Self::Expense => "expense",
        }
    }

    /// The kind named by a word of [`AccountKind::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether its balance is usually a debit.
    pub const fn is_debit(self) -> bool {
        matches!(self, Self::Asset | Self::Expense)
    }
}

/// An account of the chart with which a company begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultAccount {
    /// Its number.
    pub code: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Its name in Indonesian.
    pub id: &'static str,
    /// What it is.
    pub kind: AccountKind,
    /// Whether another part of the program keeps it, so that it is not posted to by hand.
    pub control: bool,
}

const fn own(
    code: &'static str,
    en: &'static str,
    id: &'static str,
    kind: AccountKind,
) -> DefaultAccount {
    DefaultAccount { code, en, id, kind, control: false }
}

const fn kept(
    code: &'static str,
    en: &'static str,
    id: &'static str,
    kind: AccountKind,
) -> DefaultAccount {
    DefaultAccount { code, en, id, kind, control: true }
}

/// The accounts of a new company.
pub const DEFAULT_CHART: &[DefaultAccount] = &[
    kept("1110", "Cash in drawers", "Kas di laci", AccountKind::Asset),
    own("1120", "Cash in the safe", "Kas di brankas", AccountKind::Asset),
    own("1130", "Bank", "Bank", AccountKind::Asset),
    own("1140", "Card payments to come", "Piutang kartu", AccountKind::Asset),
    own("1150", "QR payments to come", "Piutang QR", AccountKind::Asset),
    own("1160", "Transfers to come", "Transfer dalam proses", AccountKind::Asset),
    kept("1210", "Customers", "Piutang usaha", AccountKind::Asset),
    kept("1310", "Stock", "Persediaan", AccountKind::Asset),
    own("1410", "Equipment", "Peralatan", AccountKind::Asset),
    own("2110", "Suppliers", "Utang usaha", AccountKind::Liability),
    kept("2120", "Store credit", "Utang kredit toko", AccountKind::Liability),
    own("2130", "Tax collected", "PPN keluaran", AccountKind::Liability),
    own("3110", "Capital", "Modal", AccountKind::Equity),
    own("3120", "Profit of earlier years", "Laba ditahan", AccountKind::Equity),
    own("3190", "Opening balances", "Saldo awal", AccountKind::Equity),
    own("4110", "Sales", "Penjualan", AccountKind::Income),
    own("4120", "Returned sales", "Retur penjualan", AccountKind::Income),
    own("4130", "Discounts given", "Potongan penjualan", AccountKind::Income),
    own("4140", "Corrections of sales", "Koreksi penjualan", AccountKind::Income),
    own("4910", "Cash rounding", "Pembulatan", AccountKind::Income),
    own("5110", "Cost of goods sold", "Harga pokok penjualan", AccountKind::Expense),
    own("5120", "Stock written off", "Penghapusan persediaan", AccountKind::Expense),
    own("5130", "Stock corrections", "Penyesuaian persediaan", AccountKind::Expense),
    own("6110", "Petty cash expenses", "Biaya kas kecil", AccountKind::Expense),
    own("6120", "Wages", "Gaji", AccountKind::Expense),
    own("6130", "Rent", "Sewa", AccountKind::Expense),
    own("6140", "Electricity and water", "Listrik dan air", AccountKind::Expense),
    own("6150", "Bank and card fees", "Biaya bank dan kartu", AccountKind::Expense),
    own("6910", "Drawers over and short", "Selisih kas", AccountKind::Expense),
    own("6920", "Bad debts", "Piutang tak tertagih", AccountKind::Expense),
];

/// The number of the account which a posting uses until the company says otherwise.
pub const fn default_account(key: PostingKey) -> &'static str {
    match key {
        PostingKey::Cash => "1110",
        PostingKey::CashSafe => "1120",
        PostingKey::CardClearing => "1140",
        PostingKey::QrClearing => "1150",
        PostingKey::TransferClearing => "1160",
        PostingKey::Receivable => "1210",
        PostingKey::Inventory => "1310",
        PostingKey::StoreCreditLiability => "2120",
        PostingKey::TaxOutput => "2130",
        PostingKey::OpeningBalance => "3190",
        PostingKey::Revenue => "4110",
        PostingKey::RevenueReturns => "4120",
        PostingKey::DiscountGiven => "4130",
        PostingKey::SalesAdjustment => "4140",
        PostingKey::Rounding => "4910",
        PostingKey::CostOfGoods => "5110",
        PostingKey::StockWriteOff => "5120",
        PostingKey::StockAdjustment => "5130",
        PostingKey::PettyCash => "6110",
        PostingKey::CashOverShort => "6910",
        PostingKey::BadDebt => "6920",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_posting_has_an_account_of_its_own() {
        let codes: BTreeSet<&str> = DEFAULT_CHART.iter().map(|account| account.code).collect();
        assert_eq!(codes.len(), DEFAULT_CHART.len(), "no number is used twice");
        let used: BTreeSet<&str> = PostingKey::ALL.map(default_account).into_iter().collect();
        assert_eq!(used.len(), PostingKey::ALL.len(), "two postings share an account");
        assert!(used.is_subset(&codes));
    }

    #[test]
    fn the_first_digit_of_a_number_says_what_the_account_is() {
        for account in DEFAULT_CHART {
            let kind = match &account.code[..1] {
                "1" => AccountKind::Asset,
                "2" => AccountKind::Liability,
                "3" => AccountKind::Equity,
                "4" => AccountKind::Income,
                _ => AccountKind::Expense,
            };
            assert_eq!(account.kind, kind, "{}", account.code);
            assert!(!account.en.is_empty() && !account.id.is_empty(), "{}", account.code);
        }
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::parse(kind.as_str()), Some(kind));
        }
        assert!(AccountKind::Expense.is_debit() && !AccountKind::Income.is_debit());
    }
}
