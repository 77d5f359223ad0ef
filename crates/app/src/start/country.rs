//! What a country's shops usually need on the first day: taxes, cash, the zone, words.
//!
//! **Invariant:** it is a proposal written once into the new company's own data; afterwards only
//! that data counts, so a law that changes changes no old book.

use lumbung_domain::num::{Money, Rate};

/// A tax class to begin with.
pub struct TaxSeed {
    /// The mark printed beside a line.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its rate.
    pub rate: Rate,
    /// Taxable share of the price.
    pub share: (i64, i64),
}

const fn tax(code: &'static str, name: &'static str, rate: i64) -> TaxSeed {
    TaxSeed { code, name, rate: Rate::of(rate), share: (1, 1) }
}

/// What a country proposes.
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Currency, where the owner names none.
    pub currency: &'static str,
    /// Language of papers.
    pub language: &'static str,
    /// Time zone.
    pub time_zone: &'static str,
    /// Tax classes by mark, so that the usual one comes first in every list.
    pub taxes: &'static [TaxSeed],
    /// Whether shelf prices include tax.
    pub tax_inclusive: bool,
}

/// Countries that are known. Rates as of 2026.
static KNOWN: [Country; 5] = [
    Country {
        code: "ID",
        currency: "IDR",
        language: "id",
        time_zone: "Asia/Jakarta",
        // 12 % on 11/12 of the price for everything that is not a luxury.
        taxes: &[
            TaxSeed {
                code: "A",
                name: "PPN 12 % × 11/12",
                rate: Rate::of(120_000),
                share: (11, 12),
            },
            tax("L", "PPN 12 % (barang mewah)", 120_000),
            tax("N", "Tanpa PPN", 0),
        ],
        tax_inclusive: true,
    },
    Country {
        code: "IN",
        currency: "INR",
        language: "en",
        time_zone: "Asia/Kolkata",
        taxes: &[
            tax("A", "GST 5 %", 50_000),
            tax("B", "GST 18 %", 180_000),
            tax("C", "GST 40 %", 400_000),
            tax("D", "GST 3 %", 30_000),
            tax("N", "Nil rated or exempt", 0),
        ],
        tax_inclusive: true,
    },
    Country {
        code: "KE",
        currency: "KES",
        language: "en",
        time_zone: "Africa/Nairobi",
        taxes: &[
            tax("A", "VAT 16 %", 160_000),
            tax("B", "VAT 8 %", 80_000),
            tax("E", "Exempt", 0),
            tax("Z", "Zero rated", 0),
        ],
        tax_inclusive: true,
    },
    Country {
        code: "UG",
        currency: "UGX",
        language: "en",
        time_zone: "Africa/Kampala",
        taxes: &[tax("A", "VAT 18 %", 180_000), tax("E", "Exempt", 0), tax("Z", "Zero rated", 0)],
        tax_inclusive: true,
    },
    Country {
        code: "GB",
        currency: "GBP",
        language: "en",
        time_zone: "Europe/London",
        taxes: &[
            tax("A", "VAT 20 %", 200_000),
            tax("B", "VAT 5 %", 50_000),
            tax("E", "Exempt", 0),
            tax("Z", "Zero rated", 0),
        ],
        tax_inclusive: true,
    },
];

static ELSEWHERE: Country = Country {
    code: "",
    currency: "USD",
    language: "en",
    time_zone: "UTC",
    taxes: &[tax("N", "No tax", 0)],
    tax_inclusive: true,
};

/// What a country proposes; elsewhere a class without tax, to which the owner adds theirs.
pub fn country(code: &str) -> &'static Country {
    KNOWN.iter().find(|known| known.code == code).unwrap_or(&ELSEWHERE)
}

/// The smallest amount people pay in cash, in minor units.
pub fn cash_step(currency: &str) -> Money {
    Money::of(match currency {
        // Coins below these have left circulation or are not given as change.
        "IDR" | "INR" | "KES" => 100,
        "UGX" => 50,
        "CHF" | "AUD" | "NZD" | "CAD" => 5,
        _ => 1,
    })
}

/// A reason to begin with: kind, English, Indonesian.
pub const REASONS: &[(&str, &str, &str)] = &[
    ("return", "Damaged or faulty", "Rusak atau cacat"),
    ("return", "Expired", "Kedaluwarsa"),
    ("return", "Wrong item", "Salah barang"),
    ("return", "Customer changed their mind", "Pelanggan berubah pikiran"),
    ("void", "Entered by mistake", "Salah input"),
    ("void", "Customer left", "Pelanggan batal"),
    ("price", "Price on the shelf differs", "Harga di rak berbeda"),
    ("price", "Matching another shop", "Menyamai harga toko lain"),
    ("price", "Damaged packaging", "Kemasan rusak"),
    ("discount", "Regular customer", "Pelanggan tetap"),
    ("discount", "Bulk purchase", "Pembelian banyak"),
    ("discount", "Near expiry", "Hampir kedaluwarsa"),
    ("cash_in", "Change money", "Uang kembalian"),
    ("cash_in", "Other receipt", "Penerimaan lain"),
    ("cash_out", "Shop expenses", "Biaya toko"),
    ("cash_out", "Supplier paid in cash", "Bayar pemasok tunai"),
    ("cash_drop", "To the safe", "Setor ke brankas"),
    ("no_sale", "Changing money", "Tukar uang"),
    ("no_sale", "Checking the drawer", "Memeriksa laci"),
    ("over_short", "Counting mistake", "Salah hitung"),
    ("over_short", "Wrong change given", "Salah kembalian"),
    ("stock", "Counted", "Hasil hitung"),
    ("stock", "Broken", "Pecah atau rusak"),
    ("stock", "Expired", "Kedaluwarsa"),
    ("stock", "Own use", "Pemakaian sendiri"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_country_proposes_a_tax_and_a_currency_that_exists() {
        for known in KNOWN.iter().chain([&ELSEWHERE]) {
            let currency = known.currency.parse::<lumbung_domain::currency::Currency>();
            assert!(currency.is_ok(), "{}", known.code);
            assert!(!known.taxes.is_empty());
            assert!(known.taxes.iter().all(|tax| tax.share.0 <= tax.share.1));
            assert!(known.taxes.is_sorted_by_key(|tax| tax.code), "{}", known.code);
        }
        assert_eq!(country("ID").taxes[0].share, (11, 12));
        assert_eq!(country("AQ").taxes[0].rate, Rate::of(0));
    }
}
