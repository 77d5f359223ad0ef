//! A real shop's nine months, 320,705 lines of 16,459 documents, through the same door: every line
//! accounted for, to the thousandth of a penny.
//!
//! Data: "Online Retail", Daqing Chen, UCI Machine Learning Repository, CC BY 4.0.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_app::imports::sales::{self, LineClass, Ranked, SalesMapping, SalesSummary};
use lumbung_app::jobs::Progress;
use lumbung_app::{App, AppConfig, Caller, verify};
use lumbung_tests::{real_data, test_keys};
use serde_json::{Value, json};

/// Without the oracle, which would make a million rows slow; the chain is verified instead.
fn open(folder: &std::path::Path) -> App {
    App::open(AppConfig {
        keys: test_keys(),
        checked: false,
        offset_min: Some(0),
        ..AppConfig::new(folder)
    })
}

fn call(app: &App, name: &str, args: Value) -> Value {
    app.call(&Caller::Operator, name, args).unwrap()
}

fn shown(list: &[Ranked], count: usize, amount: impl Fn(&Ranked) -> String) -> Vec<String> {
    list.iter().take(count).map(|entry| format!("{} {}", entry.name, amount(entry))).collect()
}

fn exact(list: &[Ranked], count: usize) -> Vec<String> {
    shown(list, count, |entry| entry.exact.to_string())
}

fn class(summary: &SalesSummary, class: LineClass) -> (u64, String) {
    let found = summary.classes.iter().find(|sum| sum.class == class).unwrap();
    (found.lines, found.exact.to_string())
}

#[test]
fn every_line_of_a_real_shop_is_accounted_for() {
    let Some(path) = real_data("online_retail", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    let mapping = SalesMapping::online_retail();
    let trial = sales::try_file(&app, &path, &mapping, &mut Progress::silent()).unwrap();
    assert_eq!((trial.lines, trial.dry_run), (320_705, true));
    assert!(app.standing().is_err(), "a trial in an empty folder makes no company");

    let summary = sales::import_file(&app, &path, &mapping, &mut Progress::silent()).unwrap();
    known_answers(&summary);
    in_the_store(&app);

    let report = verify::run(&app, &mut Progress::silent()).unwrap();
    assert!(report.ok, "{report:#?}");

    let again = sales::import_file(&app, &path, &mapping, &mut Progress::silent()).unwrap_err();
    assert_eq!(again.failure().code, "already_imported");
}

#[test]
fn a_further_file_of_the_same_shop_comes_on_top() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    let mapping = SalesMapping::online_retail();
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/imports");
    let import = |name: &str| {
        sales::import_file(&app, &fixtures.join(name), &mapping, &mut Progress::silent()).unwrap()
    };
    let first = import("sales_day_1.csv");
    assert!(first.owner_pin.is_some(), "the owner of the new company is told a PIN");
    assert_eq!((first.exact.to_string().as_str(), first.posted.get()), ("-72.825", -7_282));
    let second = import("sales_day_2.csv");
    assert_eq!(second.owner_pin, None);
    assert_eq!((second.invoices, second.skipped_invoices), (2, 2));
    assert_eq!(second.exact.to_string(), "15.30");
    assert!(first.text().contains("exact Σ quantity × price   -72.825 GBP"), "{}", first.text());
    let report = verify::run(&app, &mut Progress::silent()).unwrap();
    assert!(report.ok, "{report:#?}");
}

#[test]
fn a_file_that_cannot_be_understood_leaves_no_company_behind() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(&folder.path().join("data"));
    let path = folder.path().join("sales.csv");
    std::fs::write(
        &path,
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n1,A,x,2011-01-01,2\n",
    )
    .unwrap();
    let mut mapping = SalesMapping::online_retail();
    let error = sales::import_file(&app, &path, &mapping, &mut Progress::silent()).unwrap_err();
    assert_eq!(error.failure().code, "import_wrong_rows");
    assert_eq!(app.standing().unwrap_err().failure().code, "no_company");
    mapping.shop = None;
    let error = sales::import_file(&app, &path, &mapping, &mut Progress::silent()).unwrap_err();
    assert_eq!(error.failure().code, "no_company");
}

fn known_answers(summary: &SalesSummary) {
    assert_eq!((summary.lines, summary.invoices), (320_705, 16_459));
    assert_eq!((summary.error_count, summary.skipped_invoices), (0, 0));
    assert_eq!(summary.exact.to_string(), "5761931.382");
    assert_eq!(summary.posted.get(), 576_193_138);
    assert_eq!(summary.rounding.to_string(), "-0.002");
    assert_eq!(summary.gross_sales.to_string(), "6304826.062");
    assert_eq!(summary.quantity.to_string(), "3089482");
    assert_eq!(class(summary, LineClass::Sale), (313_058, "6293764.002".to_owned()));
    assert_eq!(class(summary, LineClass::Return), (5_847, "-520770.56".to_owned()));
    assert_eq!(class(summary, LineClass::StockWriteOff), (925, "0.00".to_owned()));
    assert_eq!(class(summary, LineClass::Adjustment), (875, "-11062.06".to_owned()));
    assert_eq!(
        (summary.first.as_str(), summary.last.as_str()),
        ("2010-12-01 08:26:00", "2011-08-31 17:45:00")
    );
    assert_eq!((summary.days, summary.countries), (219, 37));
    assert_eq!((summary.products, summary.products_created), (3_774, 3_774));
    assert_eq!((summary.customers, summary.customers_created), (3_360, 3_360));
    assert_eq!(summary.lines_without_customer, 88_652);
    assert_eq!(
        exact(&summary.top_countries, 5),
        [
            "United Kingdom 4776808.812",
            "Netherlands 179431.60",
            "EIRE 159594.06",
            "Germany 139514.58",
            "France 111426.65",
        ]
    );
    assert_eq!(
        shown(&summary.best_by_quantity, 5, |entry| entry.quantity.to_string()),
        ["84077 36226", "85099B 31396", "85123A 29225", "22197 28075", "21212 27654"]
    );
    assert_eq!(
        exact(&summary.best_by_revenue, 5),
        [
            "22423 124084.92",
            "DOT 116334.86",
            "47566 83078.01",
            "85123A 69902.63",
            "85099B 60657.56",
        ]
    );
    assert_eq!(
        exact(&summary.top_customers, 5),
        [
            "14646 175638.94",
            "18102 127318.42",
            "12415 98393.81",
            "17450 83899.86",
            "14156 81319.47",
        ]
    );
    assert_eq!(
        exact(&summary.months, 9),
        [
            "2010-12 748957.02",
            "2011-01 560000.26",
            "2011-02 498062.65",
            "2011-03 683267.08",
            "2011-04 493207.121",
            "2011-05 723333.51",
            "2011-06 691123.12",
            "2011-07 681300.111",
            "2011-08 682680.51",
        ]
    );
}

/// The same from what was written: lines, units and money.
fn in_the_store(app: &App) {
    let (lines, moved, total): (i64, i64, i64) = app
        .store()
        .unwrap()
        .read(|db| -> Result<_, lumbung_app::Error> {
            let one = |sql: &str| db.query_row(sql, [], |row| row.get(0));
            Ok((
                one("select count(*) from sale_line")?,
                one("select count(*) from stock_move where doc_kind = 'stock_adjustment'")?,
                one("select sum(total) from sale")?,
            ))
        })
        .unwrap();
    assert_eq!(lines + moved, 320_705);
    assert_eq!(total, 576_193_138);
    let balance =
        call(app, "finance.trial_balance", json!({ "from": "2010-01-01", "to": "2011-12-31" }));
    assert_eq!(balance["difference"], 0);
    let month =
        call(app, "finance.trial_balance", json!({ "from": "2010-12-01", "to": "2010-12-31" }));
    assert_eq!(month["debit"], month["credit"]);
}
