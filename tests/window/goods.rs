//! Goods of the demo company, as they stand in `assets/demo/products.csv`.
//!
//! **Invariant:** the sums in the tests are worked out by hand from these prices.

/// What a customer puts on the counter.
pub struct Goods {
    /// What the scanner reads.
    pub barcode: &'static str,
    /// A word of its name, for the search.
    pub word: &'static str,
}

/// 27,500 rupiah, with tax in it.
pub const OIL: Goods = Goods { barcode: "8992628020152", word: "Bimoli Klasik 2 L" };
/// 17,500 rupiah, with tax in it.
pub const SUGAR: Goods = Goods { barcode: "8995177102058", word: "Gulaku Kuning" };
/// 3,200 rupiah, with tax in it.
pub const NOODLES: Goods = Goods { barcode: "8998866200325", word: "Rasa Soto" };
