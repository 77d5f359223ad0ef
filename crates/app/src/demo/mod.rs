//! The demo company: a minimarket in Bandung that exists nowhere, made through the same use cases
//! as a real one.
//!
//! **Invariant:** what the demo has, a shop could have entered by hand; only the data folder of a
//! demo company says who may sign in with which PIN.

use std::collections::HashMap;
use std::sync::Arc;

use lumbung_domain::ids::{CategoryId, PriceListId, ProductId, RoleId};
use lumbung_domain::num::{Money, Qty, UnitPrice};
use lumbung_domain::stock::StockStatus;
use lumbung_paper::transport::Destination;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::App;
use crate::app::io_error;
use crate::catalogue::{self, NewBarcode, NewPrice, NewProduct, NewUnit, Restriction};
use crate::company;
use crate::customers::{self, CustomerDetails};
use crate::door::{Actor, Write};
use crate::error::{Error, Result};
use crate::inventory::{self, Adjustment, AdjustmentKind, AdjustmentLine};
use crate::printing::{Printer, PrinterSpeech, Printers, papers_folder};
use crate::start::{
    BranchStart, ChartTemplate, CompanyStart, DemoUser, NewCompany, OwnerStart, TerminalStart,
    create_company, first_tax_class,
};
use crate::users::{self, UserChange};

const PRODUCTS: &str = include_str!("../../../../assets/demo/products.csv");
const CUSTOMERS: &str = include_str!("../../../../assets/demo/customers.csv");
const USERS: &str = include_str!("../../../../assets/demo/users.csv");

/// Where a data folder keeps that it is the demo's.
const MARK: &str = "demo";

/// The code of the tax class of each word in `products.csv`.
const TAXES: [(&str, &str); 2] = [("ppn", "A"), ("exempt", "N")];

/// Lines of one opening adjustment.
const STOCK_BATCH: usize = 500;

#[derive(Debug, Deserialize)]
struct DemoProduct {
    code: String,
    barcode: String,
    name: String,
    category: String,
    unit: String,
    weighed: String,
    tax: String,
    restriction: String,
    price: String,
    cost: String,
    stock: String,
    box_unit: String,
    box_of: String,
    box_price: String,
}

#[derive(Debug, Deserialize)]
struct DemoCustomer {
    code: String,
    name: String,
    group: String,
    phone: String,
    address: String,
    credit_limit: i64,
    terms_days: i64,
}

#[derive(Debug, Deserialize)]
struct Person {
    username: String,
    name: String,
    role: String,
    pin: String,
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| Error::Broken(format!("the demo's data: {error}")))
}

/// Makes the demo company in an empty data folder.
pub fn create(app: &App) -> Result<()> {
    let people: Vec<Person> = read(USERS)?;
    let owner = people
        .iter()
        .find(|person| person.role == "owner")
        .ok_or_else(|| Error::Broken("the demo has no owner".to_owned()))?;
    create_company(app, company_of(owner))?;
    let operator = Arc::new(Actor::operator());
    app.write(&operator, None, "demo.people", |write| add_people(write, &people))?;
    let goods: Vec<DemoProduct> = read(PRODUCTS)?;
    let made = app.write(&operator, None, "demo.products", |write| add_goods(write, &goods))?;
    let stock: Vec<_> = made.into_iter().zip(&goods).collect();
    for batch in stock.chunks(STOCK_BATCH) {
        app.write(&operator, None, "demo.stock", |write| add_stock(write, batch))?;
    }
    let buyers: Vec<DemoCustomer> = read(CUSTOMERS)?;
    app.write(&operator, None, "demo.customers", |write| {
        add_customers(write, buyers)?;
        set_up_machine(write)
    })
}

/// Who may sign in with which PIN, where the data folder is the demo's.
pub fn users_shown(app: &App) -> Vec<DemoUser> {
    let marked =
        app.store().and_then(|store| store.read(|db| company::store::local_setting(db, MARK)));
    if !matches!(marked, Ok(Some(_))) {
        return Vec::new();
    }
    let people: Vec<Person> = read(USERS).unwrap_or_default();
    people
        .into_iter()
        .map(|person| DemoUser { username: person.username, pin: person.pin })
        .collect()
}

fn company_of(owner: &Person) -> NewCompany {
    NewCompany {
        company: CompanyStart {
            name: "Toko Sumber Rejeki".to_owned(),
            legal_name: "Toko Sumber Rejeki".to_owned(),
            country: "ID".to_owned(),
            currency: None,
            language: None,
            time_zone: None,
            tax_number: "00.000.000.0-000.000".to_owned(),
            address: "Jl. Melati 12\nBandung 40111".to_owned(),
            phone: "022-555 0123".to_owned(),
            email: String::new(),
        },
        branch: BranchStart { code: "BDG".to_owned(), name: "Cabang Melati".to_owned() },
        terminal: TerminalStart { series: "T1".to_owned(), name: "Kasir 1".to_owned() },
        owner: OwnerStart {
            username: owner.username.clone(),
            name: owner.name.clone(),
            pin: owner.pin.clone(),
        },
        chart: ChartTemplate::Retail,
    }
}

fn add_people(write: &mut Write<'_, '_>, people: &[Person]) -> Result<()> {
    let roles: HashMap<String, RoleId> = users::store::roles(write.db())?
        .into_iter()
        .map(|role| (role.code, role.role_id))
        .collect();
    for person in people.iter().filter(|person| person.role != "owner") {
        let role = roles
            .get(&person.role)
            .ok_or_else(|| Error::Broken(format!("the demo's role {}", person.role)))?;
        users::save(
            write,
            UserChange {
                user_id: None,
                username: person.username.clone(),
                name: person.name.clone(),
                language: "id".to_owned(),
                pin: Some(person.pin.clone()),
                role_ids: vec![*role],
                branch_ids: Vec::new(),
                archived: false,
            },
        )?;
    }
    Ok(())
}

fn number<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T> {
    text.parse().map_err(|error| Error::Broken(format!("the demo's number {text}: {error}")))
}

fn add_goods(write: &mut Write<'_, '_>, goods: &[DemoProduct]) -> Result<Vec<ProductId>> {
    let list = write
        .standing
        .price_lists
        .values()
        .find(|list| list.is_default)
        .map(|list| list.price_list_id)
        .ok_or_else(|| Error::Broken("the demo has no price list".to_owned()))?;
    let mut categories: HashMap<&str, CategoryId> = HashMap::new();
    let mut made = Vec::with_capacity(goods.len());
    for given in goods {
        let category = match categories.get(given.category.as_str()) {
            Some(category) => *category,
            None => {
                let saved = catalogue::save_category(
                    write,
                    catalogue::Category {
                        category_id: None,
                        name: given.category.clone(),
                        parent_id: None,
                        archived: false,
                    },
                )?;
                categories.insert(&given.category, saved.category_id);
                saved.category_id
            }
        };
        let product = product_of(write, given, category, list)?;
        made.push(catalogue::create_product(write, product)?);
    }
    Ok(made)
}

fn product_of(
    write: &Write<'_, '_>,
    given: &DemoProduct,
    category: CategoryId,
    list: PriceListId,
) -> Result<NewProduct> {
    let tax = TAXES
        .iter()
        .find(|(word, _)| *word == given.tax)
        .map(|(_, code)| first_tax_class(write.db(), code))
        .transpose()?
        .flatten()
        .ok_or_else(|| Error::Broken(format!("the demo's tax {}", given.tax)))?;
    let mut product = NewProduct::new(&given.code, &given.name, &given.unit, tax);
    product.category_id = Some(category);
    product.weighed = given.weighed == "yes";
    product.restriction = Restriction::parse(&given.restriction);
    product.last_cost = number(&given.cost)?;
    let price = |unit: Option<String>, unit_price: UnitPrice| NewPrice {
        price_list_id: list,
        unit,
        min_qty: Qty::ONE,
        unit_price,
        valid_from: None,
        valid_to: None,
    };
    product.prices.push(price(None, number(&given.price)?));
    if !given.box_unit.is_empty() {
        let unit = given.box_unit.clone();
        let factor: Qty = number(&given.box_of)?;
        product.units.push(NewUnit { unit: unit.clone(), factor });
        product.prices.push(price(Some(unit), number(&given.box_price)?));
    }
    if !given.barcode.is_empty() {
        product.barcodes.push(NewBarcode { code: given.barcode.clone(), unit: None });
    }
    Ok(product)
}

fn add_stock(write: &mut Write<'_, '_>, batch: &[(ProductId, &DemoProduct)]) -> Result<()> {
    let mut lines = Vec::with_capacity(batch.len());
    for (product_id, given) in batch {
        lines.push(AdjustmentLine {
            product_id: *product_id,
            status: StockStatus::Sellable,
            qty: number(&given.stock)?,
            unit_cost: Some(number(&given.cost)?),
        });
    }
    inventory::adjust(
        write,
        Adjustment {
            kind: AdjustmentKind::Opening,
            reason: "Stok awal".to_owned(),
            note: String::new(),
            lines,
        },
    )?;
    Ok(())
}

fn add_customers(write: &mut Write<'_, '_>, buyers: Vec<DemoCustomer>) -> Result<()> {
    for buyer in buyers {
        customers::save(
            write,
            CustomerDetails {
                customer_id: None,
                code: buyer.code,
                name: buyer.name,
                phone: buyer.phone,
                email: String::new(),
                address: buyer.address,
                country: String::new(),
                tax_number: String::new(),
                customer_group: buyer.group,
                price_list_id: None,
                credit_limit: Money::new(buyer.credit_limit)?,
                terms_days: buyer.terms_days,
                blocked: false,
                note: String::new(),
            },
        )?;
    }
    Ok(())
}

/// The demo prints into a folder, and says that it is the demo.
fn set_up_machine(write: &mut Write<'_, '_>) -> Result<()> {
    let folder = papers_folder(write.app).join("printed");
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    std::fs::create_dir_all(&folder)
        .map_err(io_error(format!("{} could not be made", folder.display())))?;
    let printer = Printer {
        name: "PDF".to_owned(),
        destination: Destination::Folder { path: folder },
        speech: PrinterSpeech::Pdf,
        width_mm: 80,
        options: lumbung_paper::EscposOptions::default(),
        drawer: None,
        fallback: None,
    };
    let printers = Printers {
        receipt: Some(printer.clone()),
        session: None,
        label: None,
        invoice: Some(printer),
    };
    printers.save(write.db())?;
    company::store::save_local_setting(write.db(), MARK, "true")
}
