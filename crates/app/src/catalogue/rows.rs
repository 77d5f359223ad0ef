//! What can be sold. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{
    BarcodeId, BarcodeRuleId, BranchId, CategoryId, EventId, ImportId, PriceId, PriceListId,
    ProductId, ProductUnitId, ReasonId, TaxClassId, UserId,
};
use lumbung_domain::num::{Qty, Rate, UnitPrice};
use lumbung_sync::synced;

synced! {
    /// A group of products.
    pub master CategoryRow in "category" tag 20 scope company {
        1 category_id: CategoryId;
        NAMING 1 {
            2 name: String,
            3 parent_id: Option<CategoryId>,
        }
        ARCHIVED 2 {
            4 archived: bool,
        }
    }
}

synced! {
    /// How products of a class are taxed.
    pub master TaxClassRow in "tax_class" tag 21 scope company {
        1 tax_class_id: TaxClassId;
        RULE 1 {
            /// The mark printed beside a line.
            2 code: String,
            3 name: String,
            /// Millionths.
            4 rate: Rate,
            /// Taxable share of the price: 11/12 for Indonesian DPP nilai lain.
            5 share_num: i64,
            6 share_den: i64,
        }
        ARCHIVED 2 {
            7 archived: bool,
        }
    }
}

synced! {
    /// A product or one variant of it.
    pub master ProductRow in "product" tag 22 scope company {
        1 product_id: ProductId;
        NAMING 1 {
            2 code: String,
            3 name: String,
            4 description: String,
            /// The product whose variant this is.
            5 variant_of: Option<ProductId>,
            /// "Red, XL".
            6 variant: String,
        }
        SORTING 2 {
            7 category_id: Option<CategoryId>,
            /// Goods, service.
            9 kind: String,
            /// The unit stock is kept in.
            10 base_unit: String,
            11 weighed: bool,
            /// '', age, licence, prescription: asks and logs at the till.
            12 restriction: String,
        }
        TAX 3 {
            8 tax_class_id: TaxClassId,
        }
        FLOOR 4 {
            /// Lowest unit price without approval.
            13 price_floor: Option<UnitPrice>,
        }
        COST 5 {
            /// Unit cost when stock gives no average.
            14 last_cost: UnitPrice,
        }
        IMAGE 6 {
            15 image_hash: Option<String>,
        }
        ARCHIVED 7 {
            16 archived: bool,
        }
        ORIGIN 8 {
            17 import_id: Option<ImportId>,
        }
        TRACKING 9 {
            /// Every piece has a serial number, asked for at the till.
            18 serial_tracked: bool,
        }
    }
}

synced! {
    /// A unit in which a product is sold: a box of 24.
    pub master ProductUnitRow in "product_unit" tag 23 scope company {
        1 product_unit_id: ProductUnitId;
        UNIT 1 {
            2 product_id: ProductId,
            3 unit: String,
            /// Base units in one of these, millionths; never changed once used.
            4 factor: Qty,
        }
        ARCHIVED 2 {
            5 archived: bool,
        }
    }
}

synced! {
    /// A code which, scanned, means this product in this unit.
    pub master BarcodeRow in "barcode" tag 24 scope company {
        1 barcode_id: BarcodeId;
        CODE 1 {
            2 product_id: ProductId,
            /// Null: the base unit.
            3 product_unit_id: Option<ProductUnitId>,
            4 code: String,
        }
        ARCHIVED 2 {
            5 archived: bool,
        }
    }
}

synced! {
    /// In-store codes that carry a weight or a price, as data.
    pub master BarcodeRuleRow in "barcode_rule" tag 25 scope company {
        1 barcode_rule_id: BarcodeRuleId;
        RULE 1 {
            2 name: String,
            3 pattern: String,
        }
        ARCHIVED 2 {
            4 archived: bool,
        }
    }
}

synced! {
    /// A list of prices, with where and for whom it holds.
    pub master PriceListRow in "price_list" tag 26 scope company {
        1 price_list_id: PriceListId;
        TERMS 1 {
            2 name: String,
            3 currency: String,
            4 tax_inclusive: bool,
            /// Smaller wins within one level.
            5 priority: i64,
            6 is_default: bool,
            /// Null: every branch.
            7 branch_id: Option<BranchId>,
        }
        ARCHIVED 2 {
            8 archived: bool,
        }
    }
}

synced! {
    /// One price of one product in a list.
    pub master PriceRow in "price" tag 27 scope company {
        1 price_id: PriceId;
        TERMS 1 {
            2 price_list_id: PriceListId,
            3 product_id: ProductId,
            /// Null: the base unit.
            4 product_unit_id: Option<ProductUnitId>,
            /// Quantity break, millionths.
            5 min_qty: Qty,
            /// Ten-thousandths.
            6 unit_price: UnitPrice,
            7 valid_from: Option<NaiveDate>,
            8 valid_to: Option<NaiveDate>,
        }
        ARCHIVED 2 {
            9 archived: bool,
        }
        ORIGIN 3 {
            10 import_id: Option<ImportId>,
        }
    }
}

synced! {
    /// Why something unusual was done: returns, voids, overrides, cash, stock.
    pub master ReasonRow in "reason" tag 28 scope company {
        1 reason_id: ReasonId;
        NAMING 1 {
            2 kind: String,
            3 name: String,
        }
        ARCHIVED 2 {
            4 archived: bool,
        }
    }
}

synced! {
    /// One import of a file: what came in, so that it can be taken back whole.
    pub fact ImportRunRow in "import_run" tag 29 scope company {
        1 import_id: ImportId,
        2 kind: String,
        3 file_name: String,
        4 file_hash: String,
        /// JSON.
        5 mapping: String,
        /// JSON.
        6 summary: String,
        7 rows_read: i64,
        8 imported_by: Option<UserId>,
        9 imported_at: i64,
    }
}

synced! {
    /// An import taken back.
    pub fact ImportUndoRow in "import_undo" tag 30 scope company {
        1 undo_id: EventId,
        2 import_id: ImportId,
        3 summary: String,
        4 undone_by: Option<UserId>,
        5 undone_at: i64,
    }
}
