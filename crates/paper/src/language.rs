//! The words on paper, in English and Indonesian.
//!
//! **Invariant:** both languages have every word; a missing one does not compile.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The language of the labels on a document. Names of goods and shops are printed as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Bahasa Indonesia.
    #[serde(rename = "id")]
    Indonesian,
}

impl Language {
    /// The language with this code, `en` or `id`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "id" => Some(Self::Indonesian),
            _ => None,
        }
    }

    /// The code of this language.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Indonesian => "id",
        }
    }

    /// Its words.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Indonesian => &INDONESIAN,
        }
    }
}

macro_rules! words {
    ($($word:ident: $english:literal, $indonesian:literal;)*) => {
        /// Every word the program itself puts on paper.
        pub(crate) struct Words {
            pub months: [&'static str; 12],
            $(pub $word: &'static str,)*
        }

        const ENGLISH: Words = Words {
            months: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ],
            $($word: $english,)*
        };

        const INDONESIAN: Words = Words {
            months: [
                "Jan", "Feb", "Mar", "Apr", "Mei", "Jun",
                "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
            ],
            $($word: $indonesian,)*
        };
    };
}

words! {
    amount: "Amount", "Jumlah";
    amount_moved: "AMOUNT", "JUMLAH";
    amount_in_words: "In words", "Terbilang";
    amount_paid: "PAID", "DIBAYAR";
    amount_due: "AMOUNT DUE", "JUMLAH DIBAYAR";
    base: "Base", "DPP";
    bill_to: "Bill to", "Kepada";
    branch: "Branch", "Cabang";
    brought_forward: "Brought forward", "Pindahan";
    business_date: "Business date", "Tanggal buku";
    by_category: "By category", "Per kategori";
    by_tender: "Payments", "Pembayaran";
    carried_forward: "Carried forward", "Dipindahkan";
    cash_count: "Cash count", "Hitung kas";
    cash_drawer: "Cash drawer", "Laci kas";
    cash_drops: "Drops to safe", "Setoran ke brankas";
    cash_in: "Cash in", "Kas masuk";
    cash_out: "Cash out", "Kas keluar";
    cash_sales: "Cash sales", "Penjualan tunai";
    cash_refunds: "Cash refunds", "Pengembalian tunai";
    cashier: "Cashier", "Kasir";
    centre: "Centre", "Pusat";
    centre_different: "DIFFERENT here / there", "BERBEDA sini / sana";
    centre_not_yet: "not yet confirmed", "belum dipastikan";
    centre_same: "same at the centre", "sama di pusat";
    change: "Change", "Kembali";
    closed: "Closed", "Tutup";
    code: "Code", "Kode";
    controls: "Controls", "Pengawasan";
    copy: "COPY", "SALINAN";
    counted: "Counted", "Dihitung";
    customer: "Customer", "Pelanggan";
    debts_paid: "Paid on account", "Pelunasan piutang";
    date: "Date", "Tanggal";
    description: "Description", "Uraian";
    difference: "Over / short", "Selisih";
    discount: "Discount", "Diskon";
    discounts: "Discounts", "Diskon";
    due_date: "Due", "Jatuh tempo";
    expected: "Expected", "Seharusnya";
    for_receipt: "For receipt", "Untuk struk";
    includes: "Includes", "Termasuk";
    invoice: "Invoice", "Faktur";
    items: "Items", "Jumlah barang";
    line_voids: "Lines removed", "Baris dihapus";
    net_sales: "Net sales", "Penjualan bersih";
    no_sale: "Drawer opened, no sale", "Laci dibuka tanpa jual";
    not_counted: "not counted yet", "belum dihitung";
    notes: "Notes", "Catatan";
    number: "No.", "No.";
    numbers: "Receipt numbers", "Nomor struk";
    numbers_first: "First", "Pertama";
    numbers_last: "Last", "Terakhir";
    opened: "Opened", "Buka";
    opening_float: "Opening float", "Modal awal";
    page: "Page", "Halaman";
    page_of: "of", "dari";
    parked: "Parked tickets", "Struk ditahan";
    phone: "Tel.", "Telp.";
    printed_code_test: "Bar code and QR code", "Barcode dan kode QR";
    quantity: "Qty", "Qty";
    reason: "Reason", "Alasan";
    receipts: "receipts", "struk";
    reference: "Reference", "Referensi";
    returns: "Returns", "Retur";
    returned_total: "REFUND", "DIKEMBALIKAN";
    rounding: "Rounding", "Pembulatan";
    sales: "Sales", "Penjualan";
    session: "Session", "Sesi";
    signature: "Signature", "Tanda tangan";
    subtotal: "Subtotal", "Subtotal";
    sum: "Total", "Total";
    tax: "Tax", "Pajak";
    tax_id: "Tax ID", "NPWP";
    taxes: "Taxes", "Pajak";
    tendered: "Paid", "Bayar";
    terminal: "Till", "Kasa";
    terms: "Terms", "Syarat";
    test_page: "PRINTER TEST", "UJI PRINTER";
    test_reads: "If you can read this, the printer works.", "Jika terbaca, printer bekerja.";
    title_account_payment: "PAYMENT ON ACCOUNT", "PELUNASAN PIUTANG";
    title_cash_in: "CASH IN", "KAS MASUK";
    title_cash_out: "CASH OUT", "KAS KELUAR";
    title_drop: "CASH DROP", "SETORAN KE BRANKAS";
    title_return: "RETURN", "RETUR";
    title_store_credit: "STORE CREDIT", "KREDIT TOKO";
    title_void: "VOIDED SALE", "PENJUALAN BATAL";
    title_x: "X REPORT", "LAPORAN X";
    title_z: "Z REPORT", "LAPORAN Z";
    total: "TOTAL", "TOTAL";
    unit_price: "Unit price", "Harga satuan";
    voids: "Voids", "Pembatalan";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_code_and_by_nothing_else() {
        assert_eq!(Language::from_code("en"), Some(Language::English));
        assert_eq!(Language::from_code("id"), Some(Language::Indonesian));
        assert_eq!(Language::from_code("ID"), None);
        assert_eq!(Language::from_code(""), None);
        assert_eq!(Language::Indonesian.code(), "id");
    }
}
