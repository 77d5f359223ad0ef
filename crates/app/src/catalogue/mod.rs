//! What can be sold: products and variants, units, barcodes, prices, taxes and how they are found.
//!
//! **Invariant:** nothing is deleted, because documents name it: what is no longer sold is
//! archived, a price that was replaced stays as history, a unit keeps its factor for ever.

mod change;
mod checks;
mod codes;
mod create;
mod details;
mod images;
mod index;
mod labels;
mod price_lists;
mod prices;
mod products;
pub mod rows;
mod search;
mod sellable;
mod slots;
mod sorting;
pub mod store;

pub use codes::{
    BarcodeRule, BarcodeRuleSaved, BarcodeRules, BarcodeTried, BarcodeTry, Found, Resolved,
    barcode_rules, resolve, save_barcode_rule, try_barcode,
};
pub use create::{
    NewBarcode, NewPrice, NewProduct, NewUnit, ProductKind, Restriction, create_product,
};
pub use details::{
    BarcodeDetails, BarcodeView, PriceDetails, PriceView, ProductDetails, ProductView, UnitDetails,
    VariantDetails,
};
pub use images::{
    IMAGE_BYTES_MAX, ImageData, ImagePut, ImageRef, get_image, picture_kind, put_image,
};
pub use index::{index_product, rebuild_index, reindex};
pub use labels::{LabelData, LabelOf, LabelQuery, LabelsData, label, labels};
pub use price_lists::{
    ListedPrice, PriceList, PriceListRef, PriceLists, PricePage, PriceRef, PriceSet, PricesQuery,
    end as end_price, price_lists, prices, save_price_list, set_price,
};
pub use prices::{Priced, default_tax_inclusive, lowest_price, price};
pub use products::{
    ArchiveProduct, ProductHistory, ProductRef, archive, display_name, get, history, save,
};
pub use search::{
    ProductListed, ProductPage, ProductQuery, Search, SearchHit, SearchResult, list, search,
};
pub use sellable::{Sellable, sellable};
pub use sorting::{
    Categories, Category, CategorySaved, REASON_KINDS, Reason, ReasonChoice, ReasonKind,
    ReasonSaved, Reasons, TaxClass, TaxClassSaved, TaxClasses, categories, reason_choices, reasons,
    save_category, save_reason, save_tax_class, tax_classes,
};
pub use store::Image;

use crate::commands::commands;
use crate::door::Command;

/// The commands of the catalogue.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read "catalogue.search" => search, needs "catalogue:read", from [catalogue];
        read "catalogue.list" => list, needs "catalogue:read", from [catalogue];
        read "catalogue.get" => get, needs "catalogue:read", from [catalogue];
        write "catalogue.save" => save, needs "catalogue:edit", touches [catalogue];
        write "catalogue.archive" => archive, needs "catalogue:edit", touches [catalogue];
        read "catalogue.history" => history, needs "catalogue:edit", from [catalogue];
        read "catalogue.labels" => labels, needs "catalogue:read", from [catalogue];
        read "catalogue.reasons" => reason_choices, needs "catalogue:read", from [catalogue];
        write "catalogue.reindex" => reindex, needs "catalogue:edit", touches [catalogue];
        read "catalogue.categories" => categories, needs "catalogue:read", from [catalogue];
        write "catalogue.save_category" => save_category,
            needs "catalogue:edit", touches [catalogue];
        read "catalogue.tax_classes" => tax_classes, needs "catalogue:read", from [catalogue];
        write "catalogue.save_tax_class" => save_tax_class,
            needs "settings:edit", touches [catalogue];
        read "catalogue.price_lists" => price_lists, needs "catalogue:read", from [catalogue];
        write "catalogue.save_price_list" => save_price_list,
            needs "catalogue:edit", touches [catalogue];
        read "catalogue.prices" => prices, needs "catalogue:read", from [catalogue];
        write "catalogue.set_price" => set_price, needs "catalogue:edit", touches [catalogue];
        write "catalogue.end_price" => end_price, needs "catalogue:edit", touches [catalogue];
        read "catalogue.barcode_rules" => barcode_rules, needs "catalogue:read", from [catalogue];
        write "catalogue.save_barcode_rule" => save_barcode_rule,
            needs "settings:edit", touches [catalogue];
        read "catalogue.try_barcode" => try_barcode, needs "catalogue:read", from [catalogue];
        read "catalogue.all_reasons" => reasons, needs "catalogue:read", from [catalogue];
        write "catalogue.save_reason" => save_reason, needs "settings:edit", touches [catalogue];
        write "catalogue.put_image" => put_image, needs "catalogue:edit", touches [];
        read "catalogue.image" => get_image, needs "catalogue:read", from [catalogue];
    }
}
