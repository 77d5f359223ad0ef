//! The ledger: what every action of the till posts, and entries which cannot but balance.
//!
//! **Invariant:** debits equal credits. An unbalanced [`JournalEntry`] cannot be made: its field
//! is private and its only constructor refuses one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::ids::{AccountId, CustomerId};
use crate::num::{Money, NumError};
use crate::session::CashMovementKind;
use crate::stock::StockStatus;
use crate::tender::TenderKind;
use crate::ticket::Direction;

/// What a posting is for. The company maps each to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PostingKey {
    /// Money in the drawers.
    Cash,
    /// Money in the safe.
    CashSafe,
    /// Petty cash paid out of a drawer.
    PettyCash,
    /// Card payments the bank has not paid yet.
    CardClearing,
    /// QR payments the provider has not paid yet.
    QrClearing,
    /// Transfers not yet seen at the bank.
    TransferClearing,
    /// What customers owe.
    Receivable,
    /// What stock is worth.
    Inventory,
    /// Store credit the shop owes.
    StoreCreditLiability,
    /// Tax collected.
    TaxOutput,
    /// Sales without tax.
    Revenue,
    /// Returned sales without tax.
    RevenueReturns,
    /// Discounts, where the company posts them apart.
    DiscountGiven,
    /// Corrections of sales which are no goods.
    SalesAdjustment,
    /// Cash rounding.
    Rounding,
    /// Drawers over and short.
    CashOverShort,
    /// What sold goods cost.
    CostOfGoods,
    /// Stock broken, expired or lost.
    StockWriteOff,
    /// Stock corrected by a count.
    StockAdjustment,
    /// Debts nobody will pay.
    BadDebt,
    /// The other side of what was there when the books were opened.
    OpeningBalance,
}

impl PostingKey {
    /// Every key.
    pub const ALL: [Self; 21] = [
        Self::Cash,
        Self::CashSafe,
        Self::PettyCash,
        Self::CardClearing,
        Self::QrClearing,
        Self::TransferClearing,
        Self::Receivable,
        Self::Inventory,
        Self::StoreCreditLiability,
        Self::TaxOutput,
        Self::Revenue,
        Self::RevenueReturns,
        Self::DiscountGiven,
        Self::SalesAdjustment,
        Self::Rounding,
        Self::CashOverShort,
        Self::CostOfGoods,
        Self::StockWriteOff,
        Self::StockAdjustment,
        Self::BadDebt,
        Self::OpeningBalance,
    ];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::CashSafe => "cash_safe",
            Self::PettyCash => "petty_cash",
            Self::CardClearing => "card_clearing",
            Self::QrClearing => "qr_clearing",
            Self::TransferClearing => "transfer_clearing",
            Self::Receivable => "receivable",
            Self::Inventory => "inventory",
            Self::StoreCreditLiability => "store_credit_liability",
            Self::TaxOutput => "tax_output",
            Self::Revenue => "revenue",
            Self::RevenueReturns => "revenue_returns",
            Self::DiscountGiven => "discount_given",
            Self::SalesAdjustment => "sales_adjustment",
            Self::Rounding => "rounding",
            Self::CashOverShort => "cash_over_short",
            Self::CostOfGoods => "cost_of_goods",
            Self::StockWriteOff => "stock_write_off",
            Self::StockAdjustment => "stock_adjustment",
            Self::BadDebt => "bad_debt",
            Self::OpeningBalance => "opening_balance",
        }
    }

    /// The key named by a word of [`PostingKey::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == word)
    }

    /// Where a tender is posted.
    pub const fn of_tender(kind: TenderKind) -> Self {
        match kind {
            TenderKind::Cash => Self::Cash,
            TenderKind::Card => Self::CardClearing,
            TenderKind::Qr => Self::QrClearing,
            TenderKind::Transfer => Self::TransferClearing,
            TenderKind::StoreCredit => Self::StoreCreditLiability,
            TenderKind::OnAccount => Self::Receivable,
        }
    }

    /// Whether the posting names the customer.
    pub const fn has_partner(self) -> bool {
        matches!(self, Self::Receivable | Self::StoreCreditLiability)
    }
}

impl std::fmt::Display for PostingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why an entry cannot be posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Debits do not equal credits.
    #[error("the entry is {difference} out of balance; nothing was posted")]
    Unbalanced {
        /// Debits less credits.
        difference: Money,
    },
    /// There are fewer than two lines.
    #[error("an entry has at least two lines; this one has {lines}")]
    TooFewLines {
        /// How many lines there are.
        lines: usize,
    },
    /// The company has no account for this.
    #[error("no account is set for \"{key}\"; choose one in the settings of the books")]
    NotMapped {
        /// What has no account.
        key: PostingKey,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl JournalError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unbalanced { .. } => "entry_unbalanced",
            Self::TooFewLines { .. } => "entry_too_few_lines",
            Self::NotMapped { .. } => "account_not_mapped",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::Unbalanced { difference } => facts![difference],
            Self::TooFewLines { lines } => facts![lines],
            Self::NotMapped { key } => {
                let key = key.as_str();
                facts![key]
            }
            Self::Number(number) => number.facts(),
        }
    }
}

/// One line of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Posting {
    /// The account.
    pub account: AccountId,
    /// Above zero is a debit, below zero a credit.
    pub amount: Money,
    /// The customer, on accounts that are kept by customer.
    pub partner: Option<CustomerId>,
}

/// A journal entry that balances: at least two lines, none of them zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct JournalEntry {
    postings: Vec<Posting>,
}

impl JournalEntry {
    /// The entry of these lines; lines of zero are dropped.
    pub fn new(postings: Vec<Posting>) -> Result<Self, JournalError> {
        let postings: Vec<Posting> =
            postings.into_iter().filter(|posting| !posting.amount.is_zero()).collect();
        let difference = Money::sum(postings.iter().map(|posting| posting.amount))?;
        if !difference.is_zero() {
            return Err(JournalError::Unbalanced { difference });
        }
        if postings.len() < 2 {
            return Err(JournalError::TooFewLines { lines: postings.len() });
        }
        Ok(Self { postings })
    }

    /// The lines.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// The sum of the debits, which is the sum of the credits.
    pub fn amount(&self) -> Result<Money, NumError> {
        let debits = self.postings.iter().map(|posting| posting.amount);
        Money::sum(debits.filter(|amount| amount.is_positive()))
    }

    /// The entry that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let reverse = |one: &Posting| Posting { amount: one.amount.negated(), ..one.clone() };
        Self { postings: self.postings.iter().map(reverse).collect() }
    }
}

/// Amounts by key which balance; none is zero and no key stands twice. An action that moves no
/// money, such as a gift which cost nothing, has no lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines(Vec<(PostingKey, Money)>);

impl Lines {
    /// Adds the amounts of each key up, in the order of the keys.
    fn new(amounts: Vec<(PostingKey, Money)>) -> Result<Self, JournalError> {
        let mut sums: Vec<(PostingKey, Money)> = Vec::new();
        for (key, amount) in amounts {
            match sums.iter_mut().find(|(of, _)| *of == key) {
                Some((_, sum)) => *sum = sum.plus(amount)?,
                None => sums.push((key, amount)),
            }
        }
        sums.retain(|(_, sum)| !sum.is_zero());
        sums.sort_by_key(|(key, _)| *key);
        let difference = Money::sum(sums.iter().map(|(_, sum)| *sum))?;
        if difference.is_zero() {
            Ok(Self(sums))
        } else {
            Err(JournalError::Unbalanced { difference })
        }
    }

    /// The amounts by key.
    pub fn as_slice(&self) -> &[(PostingKey, Money)] {
        &self.0
    }

    /// Whether nothing is to be posted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entry on the accounts of the company, or none when nothing is to be posted.
    pub fn entry(
        &self,
        account: impl Fn(PostingKey) -> Option<AccountId>,
        partner: Option<CustomerId>,
    ) -> Result<Option<JournalEntry>, JournalError> {
        if self.is_empty() {
            return Ok(None);
        }
        let posting = |&(key, amount): &(PostingKey, Money)| {
            let account = account(key).ok_or(JournalError::NotMapped { key })?;
            let partner = partner.filter(|_| key.has_partner());
            Ok(Posting { account, amount, partner })
        };
        let postings = self.0.iter().map(posting).collect::<Result<Vec<_>, JournalError>>()?;
        JournalEntry::new(postings).map(Some)
    }
}

/// What a sale or return posts. On a return every amount is below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleFacts<'a> {
    /// Whether goods go out or come back.
    pub direction: Direction,
    /// The sum without tax.
    pub net: Money,
    /// The part of the discounts to be posted apart, without tax; zero where sales are posted
    /// after discount.
    pub discount: Money,
    /// The tax.
    pub tax: Money,
    /// What cash rounding added.
    pub rounding: Money,
    /// What each tender settled, without the change.
    pub tenders: &'a [(TenderKind, Money)],
    /// What the goods cost, by what becomes of them.
    pub goods: &'a [(StockStatus, Money)],
}

/// The posting of a sale or return: tenders against revenue, tax and rounding; cost against stock.
pub fn sale_lines(facts: &SaleFacts<'_>) -> Result<Lines, JournalError> {
    let revenue = match facts.direction {
        Direction::Sale => PostingKey::Revenue,
        Direction::Return => PostingKey::RevenueReturns,
    };
    let mut lines = vec![
        (revenue, facts.net.plus(facts.discount)?.negated()),
        (PostingKey::DiscountGiven, facts.discount),
        (PostingKey::TaxOutput, facts.tax.negated()),
        (PostingKey::Rounding, facts.rounding.negated()),
    ];
    for &(kind, amount) in facts.tenders {
        lines.push((PostingKey::of_tender(kind), amount));
    }
    for &(status, cost) in facts.goods {
        // What comes back to be thrown away is worth nothing on the shelf.
        let place = match (facts.direction, status) {
            (Direction::Return, StockStatus::Scrap) => PostingKey::StockWriteOff,
            (Direction::Return, StockStatus::Sellable | StockStatus::Quarantine)
            | (Direction::Sale, _) => PostingKey::Inventory,
        };
        lines.push((PostingKey::CostOfGoods, cost));
        lines.push((place, cost.negated()));
    }
    Lines::new(lines)
}

/// The posting of a payment of what a customer owes: money against the debt, and what cash rounding
/// added.
pub fn account_payment_lines(
    amount: Money,
    rounding: Money,
    tenders: &[(TenderKind, Money)],
) -> Result<Lines, JournalError> {
    let mut lines = vec![
        (PostingKey::Receivable, amount.negated()),
        (PostingKey::Rounding, rounding.negated()),
    ];
    lines.extend(tenders.iter().map(|&(kind, paid)| (PostingKey::of_tender(kind), paid)));
    Lines::new(lines)
}

/// The posting of cash moved into or out of a drawer.
pub fn cash_movement_lines(kind: CashMovementKind, amount: Money) -> Result<Lines, JournalError> {
    let (debit, credit) = match kind {
        CashMovementKind::CashIn => (PostingKey::Cash, PostingKey::CashSafe),
        CashMovementKind::CashOut => (PostingKey::PettyCash, PostingKey::Cash),
        CashMovementKind::Drop => (PostingKey::CashSafe, PostingKey::Cash),
    };
    transfer(debit, credit, amount)
}

/// The posting of the float with which a drawer is opened: it comes from the safe. A float that
/// was left in the drawer is already there; post only the difference.
pub fn float_lines(amount: Money) -> Result<Lines, JournalError> {
    transfer(PostingKey::Cash, PostingKey::CashSafe, amount)
}

/// The posting of a drawer over (above zero) or short (below zero).
pub fn over_short_lines(difference: Money) -> Result<Lines, JournalError> {
    transfer(PostingKey::Cash, PostingKey::CashOverShort, difference)
}

/// Why the value of stock changes without a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockChange {
    /// It was there when the books were opened.
    Opening,
    /// A count found more or less.
    Adjustment,
    /// It was broken, expired or lost.
    WriteOff,
    /// Goods already sold cost more or less than was thought.
    CostVariance,
}

/// The posting of a change of the value of stock: above zero is more, below zero is less.
pub fn stock_lines(change: StockChange, value: Money) -> Result<Lines, JournalError> {
    let other = match change {
        StockChange::Opening => PostingKey::OpeningBalance,
        StockChange::Adjustment => PostingKey::StockAdjustment,
        StockChange::WriteOff => PostingKey::StockWriteOff,
        StockChange::CostVariance => PostingKey::CostOfGoods,
    };
    transfer(PostingKey::Inventory, other, value)
}

/// What a sale or return of the past posts, brought over from other books; below zero where it goes
/// back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistoryFacts {
    /// What was sold.
    pub sales: Money,
    /// What was taken back, below zero.
    pub returns: Money,
    /// Debts that were corrected.
    pub debts: Money,
    /// What left stock.
    pub cost: Money,
}

/// The posting of a sale or return of the past. How it was paid is in the other books, so the other
/// side of the money is the opening balance.
pub fn history_lines(facts: &HistoryFacts) -> Result<Lines, JournalError> {
    let total = facts.sales.plus(facts.returns)?.plus(facts.debts)?;
    Lines::new(vec![
        (PostingKey::OpeningBalance, total),
        (PostingKey::Revenue, facts.sales.negated()),
        (PostingKey::RevenueReturns, facts.returns.negated()),
        (PostingKey::BadDebt, facts.debts.negated()),
        (PostingKey::CostOfGoods, facts.cost),
        (PostingKey::Inventory, facts.cost.negated()),
    ])
}

/// The posting of a balance which was there when the books were opened.
pub fn opening_lines(key: PostingKey, amount: Money) -> Result<Lines, JournalError> {
    transfer(key, PostingKey::OpeningBalance, amount)
}

/// The posting of an amount from one key to another; below zero it goes the other way.
pub fn transfer(
    debit: PostingKey,
    credit: PostingKey,
    amount: Money,
) -> Result<Lines, JournalError> {
    Lines::new(vec![(debit, amount), (credit, amount.negated())])
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
