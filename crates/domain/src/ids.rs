//! Identities: one type per thing, so that a customer can never be passed where a product is meant.
//!
//! **Invariant:** an id is 16 bytes made once on the device that made the thing. It never changes
//! and people never see it; they see document numbers and item codes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::fact::{Facts, facts};

/// Text which is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an id")]
pub struct IdError {
    /// The text as it was given.
    pub text: String,
}

impl IdError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        "bad_id"
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        let Self { text } = self;
        facts![text]
    }
}

/// What every id can do: become 16 bytes for the database and come back.
pub trait Id: Copy {
    /// The 16 bytes which the database stores.
    fn bytes(self) -> [u8; 16];
    /// The id made of these 16 bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
}

impl Id for Uuid {
    fn bytes(self) -> [u8; 16] {
        self.into_bytes()
    }

    fn from_bytes(bytes: [u8; 16]) -> Self {
        Uuid::from_bytes(bytes)
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
        )]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// The id made of this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl Id for $name {
            fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| IdError { text: text.to_owned() })
            }
        }
    )+};
}

id! {
    /// A company: one set of books.
    CompanyId,
    /// A branch: one shop, warehouse or office of the company.
    BranchId,
    /// A terminal: one device with its own store and its own document series.
    TerminalId,
    /// A person who signs in.
    UserId,
    /// A named set of permissions.
    RoleId,
    /// A product: something sold or kept.
    ProductId,
    /// One unit in which a product is sold: a piece, a box of 24.
    ProductUnitId,
    /// One barcode of one unit of a product.
    BarcodeId,
    /// A group of products.
    CategoryId,
    /// A tax class: how a product is taxed.
    TaxClassId,
    /// A price list.
    PriceListId,
    /// One price in a price list.
    PriceId,
    /// A customer.
    CustomerId,
    /// A group of customers who share prices.
    CustomerGroupId,
    /// An account of the ledger.
    AccountId,
    /// A journal entry.
    EntryId,
    /// One line of a document.
    LineId,
    /// A sale or a return.
    SaleId,
    /// One payment of one sale.
    TenderId,
    /// Money a customer pays for what they owe.
    PaymentId,
    /// A cash session: from the opening of a drawer to its count.
    SessionId,
    /// Money put into or taken out of a drawer outside a sale.
    CashMovementId,
    /// One movement of stock.
    StockMoveId,
    /// A place where stock lies.
    LocationId,
    /// A ticket put aside to be finished later.
    HeldTicketId,
    /// What the shop owes a customer after a return.
    StoreCreditId,
    /// One line of the audit trail.
    EventId,
    /// One import of a file.
    ImportId,
    /// Long work which reports its progress.
    JobId,
    /// One thing to be printed.
    PrintJobId,
    /// A rule which reads in-store barcodes.
    BarcodeRuleId,
    /// A reason chosen from a list, such as "broken" or "changed mind".
    ReasonId,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_bytes_and_json() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        let sale: SaleId = text.parse().unwrap();
        assert_eq!(sale.to_string(), text);
        assert_eq!(SaleId::from_bytes(sale.bytes()), sale);
        let json = serde_json::to_string(&sale).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<SaleId>(&json).unwrap(), sale);
    }

    #[test]
    fn text_which_is_not_an_id_is_refused_by_name() {
        let error = "JKT01".parse::<SaleId>().unwrap_err();
        assert_eq!(error.to_string(), "\"JKT01\" is not an id");
        assert_eq!(error.code(), "bad_id");
    }
}
