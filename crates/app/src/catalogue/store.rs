//! Queries of products, their units, barcodes, prices and what sorts them.

use lumbung_domain::ids::{
    BarcodeRuleId, CategoryId, Id, PriceId, PriceListId, ProductId, ProductUnitId, ReasonId,
    TaxClassId,
};
use lumbung_sync::{Key, Synced};
use rusqlite::{Connection, OptionalExtension, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::{
    BarcodeRow, BarcodeRuleRow, CategoryRow, PriceListRow, PriceRow, ProductRow, ProductUnitRow,
    ReasonRow, TaxClassRow,
};
use crate::error::Result;
use crate::standing::{row, rows};

/// A picture kept on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its media type, found by looking at its bytes.
    pub mime: String,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// In which order products are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProductSort {
    /// By name.
    #[default]
    Name,
    /// By code.
    Code,
    /// The newest first.
    Newest,
}

/// Which products are listed.
#[derive(Debug, Clone)]
pub struct ProductFilter {
    /// Only of this category and those inside it.
    pub category_id: Option<CategoryId>,
    /// Only archived ones, or only those in use.
    pub archived: bool,
    /// Variants too, or only the products they are of.
    pub variants: bool,
    /// In which order.
    pub sort: ProductSort,
    /// How many are left out at the start.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Every tax class, by code.
pub fn tax_classes(db: &Connection) -> Result<Vec<TaxClassRow>> {
    rows(db, &format!("select {} from tax_class order by code", TaxClassRow::COLUMNS), [])
}

/// A tax class.
pub fn tax_class(db: &Connection, tax_class_id: TaxClassId) -> Result<Option<TaxClassRow>> {
    let sql = format!("select {} from tax_class where tax_class_id = :id", TaxClassRow::COLUMNS);
    row(db, &sql, named_params! { ":id": tax_class_id.bytes() })
}

/// Every price list, the default one first, then by priority and name.
pub fn price_lists(db: &Connection) -> Result<Vec<PriceListRow>> {
    let sql = format!(
        "select {} from price_list order by is_default desc, priority, name, price_list_id",
        PriceListRow::COLUMNS
    );
    rows(db, &sql, [])
}

/// A price list.
pub fn price_list(db: &Connection, price_list_id: PriceListId) -> Result<Option<PriceListRow>> {
    let sql = format!("select {} from price_list where price_list_id = :id", PriceListRow::COLUMNS);
    row(db, &sql, named_params! { ":id": price_list_id.bytes() })
}

/// Every rule of in-store barcodes, by name.
pub fn barcode_rules(db: &Connection) -> Result<Vec<BarcodeRuleRow>> {
    let sql = format!(
        "select {} from barcode_rule order by name, barcode_rule_id",
        BarcodeRuleRow::COLUMNS
    );
    rows(db, &sql, [])
}

/// A rule of in-store barcodes.
pub fn barcode_rule(db: &Connection, id: BarcodeRuleId) -> Result<Option<BarcodeRuleRow>> {
    let sql =
        format!("select {} from barcode_rule where barcode_rule_id = :id", BarcodeRuleRow::COLUMNS);
    row(db, &sql, named_params! { ":id": id.bytes() })
}

/// Every category, by name.
pub fn categories(db: &Connection) -> Result<Vec<CategoryRow>> {
    let sql = format!("select {} from category order by name, category_id", CategoryRow::COLUMNS);
    rows(db, &sql, [])
}

/// A category and all categories inside it.
pub fn categories_inside(db: &Connection, category_id: CategoryId) -> Result<Vec<CategoryId>> {
    let mut statement = db.prepare_cached(
        "with recursive inside (category_id) as (
             select :category union
             select category.category_id from category
             join inside on category.parent_id = inside.category_id)
         select category_id from inside",
    )?;
    let found = statement
        .query_map(named_params! { ":category": category_id.bytes() }, |row| {
            id(row, "category_id")
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Whether a product in use is taxed by a class.
pub fn taxes_something(db: &Connection, tax_class_id: TaxClassId) -> Result<bool> {
    let found = db
        .prepare_cached(
            "select exists (select 1 from product
                             where tax_class_id = :id and archived = 0) as found",
        )?
        .query_row(named_params! { ":id": tax_class_id.bytes() }, |row| row.get("found"))?;
    Ok(found)
}

/// A category.
pub fn category(db: &Connection, category_id: CategoryId) -> Result<Option<CategoryRow>> {
    let sql = format!("select {} from category where category_id = :id", CategoryRow::COLUMNS);
    row(db, &sql, named_params! { ":id": category_id.bytes() })
}

/// Every reason, by kind and name.
pub fn reasons(db: &Connection) -> Result<Vec<ReasonRow>> {
    let sql = format!("select {} from reason order by kind, name, reason_id", ReasonRow::COLUMNS);
    rows(db, &sql, [])
}

/// A reason.
pub fn reason(db: &Connection, reason_id: ReasonId) -> Result<Option<ReasonRow>> {
    let sql = format!("select {} from reason where reason_id = :id", ReasonRow::COLUMNS);
    row(db, &sql, named_params! { ":id": reason_id.bytes() })
}

/// A product.
pub fn product(db: &Connection, product_id: ProductId) -> Result<Option<ProductRow>> {
    let sql = format!("select {} from product where product_id = :id", ProductRow::COLUMNS);
    row(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// The product with exactly this code, one in use before an archived one.
pub fn product_by_code(db: &Connection, code: &str) -> Result<Option<ProductRow>> {
    let sql = format!(
        "select {} from product where code = :code order by archived, product_id limit 1",
        ProductRow::COLUMNS
    );
    row(db, &sql, named_params! { ":code": code })
}

/// Products whose code begins so, in use, by code.
pub fn products_by_code_prefix(
    db: &Connection,
    prefix: &str,
    limit: u32,
) -> Result<Vec<ProductRow>> {
    let sql = format!(
        "select {} from product
         where code >= :prefix and code < :prefix || char(1114111) and archived = 0
         order by code limit :limit",
        ProductRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":prefix": prefix, ":limit": limit })
}

/// Products in use with a barcode that begins so, and the unit it means, by barcode.
pub fn products_by_barcode_prefix(
    db: &Connection,
    prefix: &str,
    limit: u32,
) -> Result<Vec<(ProductRow, Option<ProductUnitId>)>> {
    let columns = qualified("product", ProductRow::table().columns);
    let sql = format!(
        "select {columns}, barcode.product_unit_id as unit
         from barcode join product using (product_id)
         where barcode.code >= :prefix and barcode.code < :prefix || char(1114111)
           and barcode.archived = 0 and product.archived = 0
         order by barcode.code limit :limit"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement
        .query_map(named_params! { ":prefix": prefix, ":limit": limit }, |row| {
            let unit: Option<[u8; 16]> = row.get("unit")?;
            Ok((ProductRow::from_row(row)?, unit.map(Id::from_bytes)))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Products in use after a given one, in the order they were made.
pub fn live_products_after(
    db: &Connection,
    after: Option<ProductId>,
    limit: u32,
) -> Result<Vec<ProductRow>> {
    let sql = format!(
        "select {} from product where product_id > :after and archived = 0
         order by product_id limit :limit",
        ProductRow::COLUMNS
    );
    let after = after.map_or([0; 16], Id::bytes);
    rows(db, &sql, named_params! { ":after": after, ":limit": limit })
}

/// Products in use with these words, by an FTS expression; in no order that means anything.
pub fn products_by_words(db: &Connection, words: &str, limit: u32) -> Result<Vec<ProductRow>> {
    let columns = qualified("product", ProductRow::table().columns);
    let sql = format!(
        "select {columns} from product_word join product using (product_id)
         where product_word match :words limit :limit"
    );
    rows(db, &sql, named_params! { ":words": words, ":limit": limit })
}

/// Products in use with these parts of three letters, with the text the parts are of.
pub fn products_by_parts(
    db: &Connection,
    parts: &str,
    limit: u32,
) -> Result<Vec<(ProductRow, String)>> {
    let columns = qualified("product", ProductRow::table().columns);
    let sql = format!(
        "select {columns}, product_part.words as words
         from product_part join product using (product_id)
         where product_part match :parts limit :limit"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement
        .query_map(named_params! { ":parts": parts, ":limit": limit }, |row| {
            Ok((ProductRow::from_row(row)?, row.get("words")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// A page of products by code, by name or newest first.
pub fn product_page(db: &Connection, page: &ProductFilter) -> Result<Vec<ProductRow>> {
    let order = match page.sort {
        ProductSort::Code => "code, product_id",
        ProductSort::Name => "name collate nocase, variant, product_id",
        ProductSort::Newest => "product_id desc",
    };
    let sql = format!(
        "with recursive inside (category_id) as (
             select :category union
             select category.category_id from category
             join inside on category.parent_id = inside.category_id)
         select {} from product
         where archived = :archived
           and (:category is null or category_id in (select category_id from inside))
           and (:variants or variant_of is null)
         order by {order} limit :limit offset :offset",
        ProductRow::COLUMNS
    );
    let params = named_params! {
        ":category": page.category_id.map(Id::bytes),
        ":archived": page.archived,
        ":variants": page.variants,
        ":limit": page.limit,
        ":offset": page.offset,
    };
    rows(db, &sql, params)
}

/// The variants of a product, archived ones too, by what tells them apart.
pub fn variants(db: &Connection, product_id: ProductId) -> Result<Vec<ProductRow>> {
    let sql = format!(
        "select {} from product where variant_of = :id order by variant, product_id",
        ProductRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// Variants of a product that are in use.
pub fn live_variants(db: &Connection, product_id: ProductId) -> Result<Vec<ProductId>> {
    let mut statement = db.prepare_cached(
        "select product_id from product
         where variant_of = :id and archived = 0 order by variant, product_id",
    )?;
    let found = statement
        .query_map(named_params! { ":id": product_id.bytes() }, |row| id(row, "product_id"))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The units of a product, archived ones too, the smallest first.
pub fn units(db: &Connection, product_id: ProductId) -> Result<Vec<ProductUnitRow>> {
    let sql = format!(
        "select {} from product_unit where product_id = :id order by factor, product_unit_id",
        ProductUnitRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// A unit of a product.
pub fn unit(db: &Connection, product_unit_id: ProductUnitId) -> Result<Option<ProductUnitRow>> {
    let sql =
        format!("select {} from product_unit where product_unit_id = :id", ProductUnitRow::COLUMNS);
    row(db, &sql, named_params! { ":id": product_unit_id.bytes() })
}

/// The barcodes of a product, archived ones too, in the order they were given.
pub fn barcodes(db: &Connection, product_id: ProductId) -> Result<Vec<BarcodeRow>> {
    let sql = format!(
        "select {} from barcode where product_id = :id order by barcode_id",
        BarcodeRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// Barcodes in use with exactly this code, of products in use.
pub fn barcodes_by_code(db: &Connection, code: &str) -> Result<Vec<BarcodeRow>> {
    let columns = qualified("barcode", BarcodeRow::table().columns);
    let sql = format!(
        "select {columns} from barcode join product using (product_id)
         where barcode.code = :code and barcode.archived = 0 and product.archived = 0
         order by barcode_id"
    );
    rows(db, &sql, named_params! { ":code": code })
}

/// The prices of a product in every list, archived ones too.
pub fn prices(db: &Connection, product_id: ProductId) -> Result<Vec<PriceRow>> {
    let sql =
        format!("select {} from price where product_id = :id order by price_id", PriceRow::COLUMNS);
    rows(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// The prices of a product that are not archived.
pub fn live_prices(db: &Connection, product_id: ProductId) -> Result<Vec<PriceRow>> {
    let sql = format!(
        "select {} from price where product_id = :id and archived = 0 order by price_id",
        PriceRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": product_id.bytes() })
}

/// A price.
pub fn price(db: &Connection, price_id: PriceId) -> Result<Option<PriceRow>> {
    let sql = format!("select {} from price where price_id = :id", PriceRow::COLUMNS);
    row(db, &sql, named_params! { ":id": price_id.bytes() })
}

/// Prices of a list in use after a given one, in the order they were made.
pub fn prices_in_list(
    db: &Connection,
    list: PriceListId,
    after: Option<PriceId>,
    limit: u32,
) -> Result<Vec<PriceRow>> {
    let sql = format!(
        "select {} from price
         where price_id > :after and price_list_id = :list and archived = 0
         order by price_id limit :limit",
        PriceRow::COLUMNS
    );
    let after = after.map_or([0; 16], Id::bytes);
    rows(db, &sql, named_params! { ":after": after, ":list": list.bytes(), ":limit": limit })
}

/// A picture.
pub fn image(db: &Connection, hash: &str) -> Result<Option<Image>> {
    let found = db
        .prepare_cached("select mime, bytes from image where hash = :hash")?
        .query_row(named_params! { ":hash": hash }, |row| {
            Ok(Image { mime: row.get("mime")?, bytes: row.get("bytes")? })
        })
        .optional()?;
    Ok(found)
}

/// The product a barcode is of.
pub fn product_of_barcode(db: &Connection, barcode: &Key) -> rusqlite::Result<Option<Key>> {
    db.prepare_cached("select product_id from barcode where barcode_id = :id")?
        .query_row(named_params! { ":id": barcode }, |row| row.get("product_id"))
        .optional()
}

/// Keeps a picture.
pub fn save_image(db: &Connection, hash: &str, image: &Image) -> Result<()> {
    db.prepare_cached(
        "insert into image (hash, mime, bytes) values (:hash, :mime, :bytes)
         on conflict do nothing",
    )?
    .execute(named_params! { ":hash": hash, ":mime": image.mime, ":bytes": image.bytes })?;
    Ok(())
}

/// An id column by name.
pub(super) fn id<T: Id>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    row.get(column).map(T::from_bytes)
}

/// The columns of a table as a select list with the table's name before each.
pub(super) fn qualified(table: &str, columns: &[lumbung_sync::ColumnDecl]) -> String {
    let names: Vec<_> = columns.iter().map(|column| format!("{table}.{}", column.name)).collect();
    names.join(", ")
}
