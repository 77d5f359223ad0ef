//! What the business is: types and rules. No I/O, no clock, no SQL, no randomness, no `async`.
//!
//! **Invariant:** everything a rule needs is an argument, so every rule has a one-line test.

#![deny(missing_docs)]

pub mod accounts;
pub mod barcode;
pub mod credit;
pub mod currency;
pub mod discount;
pub mod fact;
pub mod held;
pub mod ids;
pub mod instore;
pub mod journal;
pub mod num;
pub mod number;
pub mod permission;
pub mod pin;
pub mod pricing;
pub mod returns;
pub mod rounding;
pub mod said;
pub mod serial;
pub mod session;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod ticket;
pub mod void;
pub mod words;

/// A business date: a day in the books, chosen by the open session and never read from a clock.
pub type BusinessDate = chrono::NaiveDate;
