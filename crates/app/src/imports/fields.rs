//! What can be imported, and the names by which other programs call it.
//!
//! **Invariant:** a guess is only a proposal; it never takes one column for two fields.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Products with barcodes and prices.
    Products,
    /// Customers.
    Customers,
    /// Sales of the past, from another program.
    Sales,
}

impl ImportKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Customers => "customers",
            Self::Sales => "sales",
        }
    }

    /// Its fields.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Products => PRODUCTS,
            Self::Customers => CUSTOMERS,
            Self::Sales => SALES,
        }
    }

    /// The field of this name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

/// How the cells of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// As it is.
    Text,
    /// With the column's decimal sign.
    Number,
    /// With the column's order of day and month.
    Date,
}

/// Something that can be imported.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Our name of it.
    pub name: &'static str,
    /// Whether there is no import without it.
    pub required: bool,
    /// How its cells are read.
    pub reading: Reading,
    /// What it is called elsewhere: English, Indonesian, French; letters and digits only.
    names: &'static [&'static str],
}

const fn text(name: &'static str, names: &'static [&'static str]) -> Field {
    Field { name, required: false, reading: Reading::Text, names }
}

const fn number(name: &'static str, names: &'static [&'static str]) -> Field {
    Field { name, required: false, reading: Reading::Number, names }
}

const fn date(name: &'static str, names: &'static [&'static str]) -> Field {
    Field { name, required: false, reading: Reading::Date, names }
}

const fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

const PRODUCTS: &[Field] = &[
    text(
        "code",
        &[
            "code",
            "productcode",
            "itemcode",
            "sku",
            "plu",
            "itemno",
            "articleno",
            "stockcode",
            "kode",
            "kodebarang",
            "kodeproduk",
            "kodeitem",
            "reference",
            "ref",
            "codearticle",
            "codeproduit",
            "cip7",
        ],
    ),
    required(text(
        "name",
        &[
            "name",
            "productname",
            "itemname",
            "product",
            "item",
            "article",
            "title",
            "nama",
            "namabarang",
            "namaproduk",
            "namaitem",
            "barang",
            "produk",
            "nom",
            "libelle",
            "designation",
            "denomination",
            "produit",
            "description",
            "deskripsi",
        ],
    )),
    text(
        "description",
        &[
            "description",
            "details",
            "longdescription",
            "packlabel",
            "deskripsi",
            "keterangan",
            "detail",
            "presentation",
            "conditionnement",
        ],
    ),
    text(
        "barcode",
        &[
            "barcode",
            "barcodes",
            "ean",
            "ean13",
            "gtin",
            "gtin13",
            "upc",
            "eancode",
            "barkode",
            "kodebatang",
            "codebarre",
            "codebarres",
            "codeabarres",
            "cip13",
        ],
    ),
    text(
        "category",
        &[
            "category",
            "categories",
            "group",
            "department",
            "family",
            "kategori",
            "golongan",
            "kelompok",
            "jenis",
            "categorie",
            "famille",
            "rayon",
            "groupe",
        ],
    ),
    text("unit", &["unit", "uom", "baseunit", "unitofmeasure", "satuan", "unite"]),
    number(
        "price",
        &[
            "price",
            "sellingprice",
            "saleprice",
            "salesprice",
            "retailprice",
            "unitprice",
            "pricepublic",
            "publicprice",
            "harga",
            "hargajual",
            "hargasatuan",
            "prix",
            "prixvente",
            "prixdevente",
            "prixttc",
            "prixpublic",
        ],
    ),
    number(
        "cost",
        &[
            "cost",
            "lastcost",
            "unitcost",
            "purchaseprice",
            "costprice",
            "buyingprice",
            "hargabeli",
            "hargapokok",
            "hargamodal",
            "modal",
            "hpp",
            "prixachat",
            "prixdachat",
            "cout",
            "coutunitaire",
        ],
    ),
    text("tax", &["tax", "taxclass", "taxcode", "vat", "gst", "pajak", "ppn", "tva", "taxe"]),
    number("price_floor", &["pricefloor", "minprice", "minimumprice", "hargaminimum", "prixmini"]),
    text("weighed", &["weighed", "byweight", "ditimbang", "timbang", "pese"]),
    text("serial_tracked", &["serialtracked", "serialnumber", "serial", "nomorseri", "berseri"]),
    text("service", &["service", "isservice", "jasa"]),
    text("pack_unit", &["packunit", "packname", "satuankemasan", "satuanbesar", "unitelot"]),
    number(
        "pack_size",
        &["packsize", "packqty", "unitsperpack", "isikemasan", "isi", "konversi", "colisage"],
    ),
    text("pack_barcode", &["packbarcode", "caseean", "barcodekemasan", "codebarrelot"]),
    number("pack_price", &["packprice", "caseprice", "hargakemasan", "hargakarton", "prixlot"]),
];

const CUSTOMERS: &[Field] = &[
    text(
        "code",
        &[
            "code",
            "customercode",
            "customerid",
            "customerno",
            "accountno",
            "kode",
            "kodepelanggan",
            "idpelanggan",
            "codeclient",
            "numeroclient",
            "noclient",
        ],
    ),
    required(text(
        "name",
        &[
            "name",
            "customername",
            "customer",
            "company",
            "fullname",
            "nama",
            "namapelanggan",
            "pelanggan",
            "nom",
            "nomclient",
            "client",
            "raisonsociale",
        ],
    )),
    text(
        "phone",
        &[
            "phone",
            "telephone",
            "mobile",
            "phonenumber",
            "cell",
            "telepon",
            "telp",
            "hp",
            "nohp",
            "notelp",
            "nomorhp",
            "whatsapp",
            "wa",
            "tel",
            "portable",
        ],
    ),
    text("email", &["email", "mail", "emailaddress", "surel", "courriel", "adressemail"]),
    text("address", &["address", "streetaddress", "street", "alamat", "adresse"]),
    text("country", &["country", "negara", "pays"]),
    text(
        "tax_number",
        &["taxnumber", "taxid", "vatnumber", "gstin", "npwp", "pin", "tin", "numerotva", "siret"],
    ),
    text("group", &["group", "customergroup", "type", "grup", "kelompok", "golongan", "groupe"]),
    number(
        "credit_limit",
        &["creditlimit", "limit", "plafon", "limitkredit", "bataskredit", "plafond", "encours"],
    ),
    number(
        "terms_days",
        &["termsdays", "terms", "paymentterms", "tempo", "jatuhtempo", "termin", "delai"],
    ),
    text("note", &["note", "notes", "remark", "remarks", "catatan", "keterangan", "remarque"]),
];

const SALES: &[Field] = &[
    required(text(
        "invoice",
        &[
            "invoice",
            "invoiceno",
            "invoicenumber",
            "receipt",
            "receiptno",
            "billno",
            "documentno",
            "salenumber",
            "nota",
            "nonota",
            "nomornota",
            "nofaktur",
            "nomorfaktur",
            "facture",
            "nofacture",
            "numerofacture",
            "ticket",
        ],
    )),
    required(text(
        "code",
        &[
            "stockcode",
            "code",
            "productcode",
            "itemcode",
            "sku",
            "kode",
            "kodebarang",
            "kodeproduk",
            "codearticle",
            "codeproduit",
            "reference",
        ],
    )),
    text(
        "description",
        &[
            "description",
            "name",
            "productname",
            "itemname",
            "nama",
            "namabarang",
            "namaproduk",
            "designation",
            "libelle",
        ],
    ),
    required(number(
        "quantity",
        &["quantity", "qty", "pieces", "jumlah", "banyaknya", "kuantitas", "quantite", "qte"],
    )),
    required(date(
        "date",
        &[
            "invoicedate",
            "date",
            "saledate",
            "datetime",
            "timestamp",
            "tanggal",
            "tgl",
            "waktu",
            "datefacture",
            "datevente",
        ],
    )),
    required(number(
        "price",
        &["unitprice", "price", "harga", "hargasatuan", "hargajual", "prix", "prixunitaire", "pu"],
    )),
    text(
        "customer",
        &[
            "customerid",
            "customer",
            "customercode",
            "customerno",
            "pelanggan",
            "kodepelanggan",
            "client",
            "codeclient",
        ],
    ),
    text("country", &["country", "negara", "pays"]),
];

/// A heading as it is compared: lower case, letters and digits only, without accents.
pub fn plain_name(heading: &str) -> String {
    heading
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => Some('a'),
            'ç' => Some('c'),
            'è' | 'é' | 'ê' | 'ë' => Some('e'),
            'ì' | 'í' | 'î' | 'ï' => Some('i'),
            'ñ' => Some('n'),
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => Some('o'),
            'ù' | 'ú' | 'û' | 'ü' => Some('u'),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// Currencies that headings end in: price_idr, "Harga (Rp)".
const CURRENCIES: &[&str] =
    &["idr", "rp", "gbp", "eur", "usd", "inr", "kes", "ugx", "ksh", "ush", "rs"];

/// Proposes a column for each field by its heading.
pub fn guess(kind: ImportKind, header: &[String]) -> Vec<(&'static str, usize)> {
    let plain: Vec<String> = header.iter().map(|heading| plain_name(heading)).collect();
    let without_currency = |heading: &str| {
        CURRENCIES
            .iter()
            .find_map(|currency| heading.strip_suffix(currency))
            .unwrap_or(heading)
            .to_owned()
    };
    let mut taken = vec![false; header.len()];
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    let ranks = kind.fields().iter().map(|field| field.names.len()).max().unwrap_or(0);
    // The best name of every field before the second best of any, and fields that there is no
    // import without before others: "description" is a description where there is a name as well,
    // and the name where there is none.
    for (rank, needed) in
        (0..ranks).map(|rank| (rank, true)).chain((0..ranks).map(|rank| (rank, false)))
    {
        for field in kind.fields().iter().filter(|field| field.required == needed) {
            let Some(name) = field.names.get(rank) else { continue };
            if found.iter().any(|(known, _)| *known == field.name) {
                continue;
            }
            let at = plain.iter().enumerate().position(|(at, heading)| {
                !taken[at]
                    && (heading == name
                        || (field.reading == Reading::Number && without_currency(heading) == *name))
            });
            if let Some(at) = at {
                taken[at] = true;
                found.push((field.name, at));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ImportKind, heading: &str, expect: &str) {
        let header: Vec<String> = heading.split(',').map(str::to_owned).collect();
        let mut found: Vec<String> = guess(kind, &header)
            .into_iter()
            .map(|(field, at)| format!("{field}={}", header[at]))
            .collect();
        found.sort();
        assert_eq!(found.join(" "), expect);
    }

    #[test]
    fn columns_are_recognised_in_three_languages() {
        use ImportKind::{Customers, Products, Sales};
        check(
            Products,
            "barcode,name,price_idr,last_cost_idr",
            "barcode=barcode cost=last_cost_idr name=name price=price_idr",
        );
        check(
            Products,
            "Kode Barang,Nama Barang,Satuan,Harga Jual (Rp),Kategori",
            "category=Kategori code=Kode Barang name=Nama Barang price=Harga Jual (Rp) unit=Satuan",
        );
        check(
            Products,
            "Référence,Désignation,Prix TTC,Code-barres",
            "barcode=Code-barres code=Référence name=Désignation price=Prix TTC",
        );
        check(
            Products,
            "cip13,cip7,name,pack_label,price_ex_fee,price_public",
            "barcode=cip13 code=cip7 description=pack_label name=name price=price_public",
        );
        check(Products, "sku,description,price", "code=sku name=description price=price");
        check(
            Customers,
            "Nama,No. HP,Alamat,Plafon",
            "address=Alamat credit_limit=Plafon name=Nama phone=No. HP",
        );
        check(
            Sales,
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            "code=StockCode country=Country customer=CustomerID date=InvoiceDate \
             description=Description invoice=InvoiceNo price=UnitPrice quantity=Quantity",
        );
        check(
            Sales,
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
            "code=StockCode country=Country customer=Customer ID date=InvoiceDate \
             description=Description invoice=Invoice price=Price quantity=Quantity",
        );
    }
}
