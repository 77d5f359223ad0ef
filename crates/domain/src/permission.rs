//! Who may do what: permissions, patterns over them, roles with limits.
//!
//! **Invariant:** what no pattern allows is forbidden; a limit of one role never leaks into the
//! branches of another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::ids::BranchId;
use crate::num::{Currency, Money, Rate};

/// The longest pattern.
pub const MAX_PATTERN: usize = 64;

/// One thing a person may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Permission {
    /// Its name: the area, a colon, the action.
    pub name: &'static str,
    /// What it allows, in English.
    pub en: &'static str,
    /// What it allows, in Indonesian.
    pub id: &'static str,
}

const fn permission(name: &'static str, en: &'static str, id: &'static str) -> Permission {
    Permission { name, en, id }
}

/// Every permission there is, for the screen of roles.
pub const PERMISSIONS: &[Permission] = &[
    permission("pos:read", "See sales and receipts", "Melihat penjualan dan struk"),
    permission("pos:sell", "Sell", "Menjual"),
    permission("pos:discount", "Give discounts", "Memberi diskon"),
    permission("pos:override_price", "Change prices at the till", "Mengubah harga di kasir"),
    permission("pos:return", "Take goods back with a receipt", "Menerima retur dengan struk"),
    permission(
        "pos:return_no_receipt",
        "Take goods back without a receipt",
        "Menerima retur tanpa struk",
    ),
    permission("pos:void", "Void a sale of this session", "Membatalkan penjualan sesi ini"),
    permission("pos:hold", "Hold and recall tickets", "Menahan dan memanggil transaksi"),
    permission("pos:session", "Open and count a cash session", "Membuka dan menghitung sesi kas"),
    permission("pos:close_session", "Close a cash session", "Menutup sesi kas"),
    permission("pos:cash_movement", "Move cash in and out", "Memasukkan dan mengeluarkan kas"),
    permission("pos:no_sale", "Open the drawer without a sale", "Membuka laci tanpa penjualan"),
    permission("pos:x_report", "Print an X report", "Mencetak laporan X"),
    permission("pos:reprint", "Print receipts again", "Mencetak ulang struk"),
    permission("pos:approve", "Approve what a cashier may not do", "Menyetujui tindakan kasir"),
    permission("catalogue:read", "See products and prices", "Melihat produk dan harga"),
    permission("catalogue:edit", "Change products and prices", "Mengubah produk dan harga"),
    permission("catalogue:import", "Import products", "Mengimpor produk"),
    permission("customers:read", "See customers", "Melihat pelanggan"),
    permission("customers:edit", "Change customers", "Mengubah pelanggan"),
    permission("finance:read", "See the books", "Melihat pembukuan"),
    permission("finance:edit", "Change accounts and post entries", "Mengubah akun dan jurnal"),
    permission("inventory:read", "See stock", "Melihat stok"),
    permission("inventory:adjust", "Correct stock", "Menyesuaikan stok"),
    permission("reports:read", "See reports", "Melihat laporan"),
    permission("users:read", "See users and roles", "Melihat pengguna dan peran"),
    permission("users:edit", "Change users and roles", "Mengubah pengguna dan peran"),
    permission("settings:read", "See settings", "Melihat pengaturan"),
    permission("settings:edit", "Change settings", "Mengubah pengaturan"),
    permission("backup:run", "Make and restore backups", "Membuat dan memulihkan cadangan"),
    permission("sync:read", "See the line to the centre", "Melihat hubungan ke pusat"),
    permission("sync:connect", "Connect machines to the centre", "Menghubungkan mesin ke pusat"),
    permission("audit:read", "See who did what", "Melihat jejak audit"),
    permission("system:admin", "Look after this device", "Mengelola perangkat ini"),
    permission("gate:log", "Log people and vehicles at the gate", "Mencatat tamu dan kendaraan"),
];

/// The permission of this name.
pub fn find(name: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|permission| permission.name == name)
}

/// Why a pattern or an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermissionError {
    /// The text is not a pattern.
    #[error("\"{text}\" is not a permission; write *, pos:* or pos:sell")]
    BadPattern {
        /// The text as it was given.
        text: String,
    },
    /// Nothing has this name.
    #[error("there is no permission \"{text}\"")]
    Unknown {
        /// The pattern.
        text: String,
    },
    /// The person may not do this.
    #[error("you may not do this ({need}); ask somebody who may")]
    Denied {
        /// The permission that is missing.
        need: String,
    },
}

impl PermissionError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPattern { .. } => "bad_permission",
            Self::Unknown { .. } => "unknown_permission",
            Self::Denied { .. } => "denied",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::BadPattern { text } => facts![text],
            Self::Unknown { text } => facts![text],
            Self::Denied { need } => facts![need],
        }
    }
}

/// A pattern over permissions: `*`, `pos:*` or `pos:sell`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "string")]
pub struct Pattern(String);

impl Pattern {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it allows this permission.
    pub fn allows(&self, need: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => need.starts_with(start),
            None => self.0 == need,
        }
    }

    /// Refuses a pattern which allows nothing this version knows. One stored by a newer version is
    /// kept all the same; only a person who types one is asked.
    pub fn check_known(&self) -> Result<(), PermissionError> {
        if PERMISSIONS.iter().any(|permission| self.allows(permission.name)) {
            Ok(())
        } else {
            Err(PermissionError::Unknown { text: self.0.clone() })
        }
    }
}

impl FromStr for Pattern {
    type Err = PermissionError;

    fn from_str(text: &str) -> Result<Self, PermissionError> {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        let sound = text == "*"
            || text
                .split_once(':')
                .is_some_and(|(area, action)| word(area) && (action == "*" || word(action)));
        if sound && text.len() <= MAX_PATTERN {
            Ok(Self(text.to_owned()))
        } else {
            Err(PermissionError::BadPattern { text: text.to_owned() })
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Branches {
    /// Everywhere.
    All,
    /// In these branches.
    Only(Vec<BranchId>),
}

impl Branches {
    /// Whether it holds in this branch. What belongs to no branch is allowed everywhere.
    pub fn contain(&self, branch: Option<BranchId>) -> bool {
        match (self, branch) {
            (Self::All, _) | (Self::Only(_), None) => true,
            (Self::Only(list), Some(branch)) => list.contains(&branch),
        }
    }
}

/// How far a person may go without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limits {
    /// The highest discount.
    pub max_discount: Rate,
    /// How far a price may be changed from the list.
    pub max_price_override: Rate,
    /// The most that is refunded at once.
    pub max_refund: Money,
    /// The largest difference with which a drawer is closed.
    pub over_short_threshold: Money,
}

impl Limits {
    /// Nothing without asking.
    pub const NOTHING: Self = Self {
        max_discount: Rate::ZERO,
        max_price_override: Rate::ZERO,
        max_refund: Money::ZERO,
        over_short_threshold: Money::ZERO,
    };

    /// Everything.
    pub const EVERYTHING: Self = Self {
        max_discount: Rate::ONE,
        max_price_override: Rate::MAX,
        max_refund: Money::MAX,
        over_short_threshold: Money::MAX,
    };

    /// The wider of two, limit by limit.
    #[must_use]
    pub fn wider(self, other: Self) -> Self {
        Self {
            max_discount: self.max_discount.max(other.max_discount),
            max_price_override: self.max_price_override.max(other.max_price_override),
            max_refund: self.max_refund.max(other.max_refund),
            over_short_threshold: self.over_short_threshold.max(other.over_short_threshold),
        }
    }
}

/// What one role gives a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Grant {
    /// What is allowed.
    pub patterns: Vec<Pattern>,
    /// Where.
    pub branches: Branches,
    /// How far.
    pub limits: Limits,
}

impl Grant {
    /// Whether this role allows the permission in the branch.
    pub fn allows(&self, need: &str, branch: Option<BranchId>) -> bool {
        self.branches.contain(branch) && self.patterns.iter().any(|pattern| pattern.allows(need))
    }
}

/// Everything a person may do: the sum of the roles.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// Whether any role allows the permission in the branch; none is for what has no branch.
    pub fn allows(&self, need: &str, branch: Option<BranchId>) -> bool {
        self.0.iter().any(|grant| grant.allows(need, branch))
    }

    /// Refuses what no role allows.
    pub fn check(&self, need: &str, branch: Option<BranchId>) -> Result<(), PermissionError> {
        if self.allows(need, branch) {
            Ok(())
        } else {
            Err(PermissionError::Denied { need: need.to_owned() })
        }
    }

    /// How far the person may go with this permission in this branch: the widest of the roles
    /// which allow it there.
    pub fn limits(&self, need: &str, branch: Option<BranchId>) -> Limits {
        let roles = self.0.iter().filter(|grant| grant.allows(need, branch));
        roles.fold(Limits::NOTHING, |limits, grant| limits.wider(grant.limits))
    }

    /// The permissions of this version which the person has in the branch, for the menus.
    pub fn names(&self, branch: Option<BranchId>) -> Vec<&'static str> {
        let names = PERMISSIONS.iter().map(|permission| permission.name);
        names.filter(|name| self.allows(name, branch)).collect()
    }
}

/// A role as a new company has it. Roles are data and can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultRole {
    /// The word by which the program knows it.
    pub key: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Its name in Indonesian.
    pub id: &'static str,
    /// What it allows.
    pub patterns: &'static [&'static str],
    /// How far.
    pub limits: Limits,
}

/// The roles of a new company. The limits in money are small sums of its currency.
pub fn default_roles(currency: Currency) -> Vec<DefaultRole> {
    let small = small_sum(currency);
    let limits = |percent: i64, times: i64| Limits {
        max_discount: Rate::of(percent * 10_000),
        max_price_override: Rate::of(percent * 10_000),
        max_refund: Money::of(small * times * 5),
        over_short_threshold: Money::of(small * times / 5),
    };
    let role = |key, en, id, patterns, limits| DefaultRole { key, en, id, patterns, limits };
    vec![
        role("owner", "Owner", "Pemilik", &["*"], Limits::EVERYTHING),
        role("manager", "Manager", "Manajer", MANAGER, limits(30, 20)),
        role("accountant", "Accountant", "Akuntan", ACCOUNTANT, Limits::NOTHING),
        role("storekeeper", "Storekeeper", "Petugas gudang", STOREKEEPER, Limits::NOTHING),
        role("cashier", "Cashier", "Kasir", CASHIER, limits(5, 1)),
        role("guard", "Gate guard", "Satpam", &["gate:*"], Limits::NOTHING),
    ]
}

const MANAGER: &[&str] = &[
    "pos:*",
    "catalogue:*",
    "customers:*",
    "inventory:*",
    "reports:read",
    "finance:read",
    "users:read",
    "settings:read",
    "backup:run",
    "audit:read",
    "sync:read",
    "gate:*",
];

const ACCOUNTANT: &[&str] = &[
    "finance:*",
    "reports:read",
    "pos:read",
    "catalogue:read",
    "customers:*",
    "inventory:read",
    "audit:read",
];

const STOREKEEPER: &[&str] =
    &["inventory:*", "catalogue:read", "catalogue:edit", "catalogue:import", "reports:read"];

const CASHIER: &[&str] = &[
    "pos:read",
    "pos:sell",
    "pos:discount",
    "pos:return",
    "pos:hold",
    "pos:session",
    "pos:x_report",
    "pos:close_session",
    "pos:cash_movement",
    "pos:no_sale",
    "pos:reprint",
    "catalogue:read",
    "customers:read",
    "inventory:read",
];

/// About what a small purchase comes to, in minor units.
fn small_sum(currency: Currency) -> i64 {
    match currency {
        Currency::IDR => 100_000,
        Currency::UGX => 25_000,
        Currency::INR | Currency::KES => 500 * currency.minor_per_major(),
        _ => 10 * currency.minor_per_major(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn branch(number: u128) -> BranchId {
        BranchId::new(Uuid::from_u128(number))
    }

    fn grant(patterns: &[&str], branches: Branches, percent: i64) -> Grant {
        Grant {
            patterns: patterns.iter().map(|text| text.parse().unwrap()).collect(),
            branches,
            limits: Limits { max_discount: Rate::percent(percent).unwrap(), ..Limits::NOTHING },
        }
    }

    #[test]
    fn a_pattern_allows_everything_an_area_or_one_thing() {
        for (pattern, need, allowed) in [
            ("*", "pos:sell", true),
            ("pos:*", "pos:sell", true),
            ("pos:*", "position:read", false),
            ("pos:sell", "pos:sell", true),
            ("pos:sell", "pos:sell_more", false),
            ("pos:return", "pos:return_no_receipt", false),
            ("catalogue:*", "pos:sell", false),
        ] {
            let found = pattern.parse::<Pattern>().unwrap().allows(need);
            assert_eq!(found, allowed, "{pattern} {need}");
        }
        for text in ["", "pos", "pos:", ":sell", "pos:se*", "*:sell", "POS:sell", "pos:a:b", "**"] {
            assert!(text.parse::<Pattern>().is_err(), "{text:?}");
        }
        let unknown = "shipping:*".parse::<Pattern>().unwrap().check_known().unwrap_err();
        assert_eq!(unknown.to_string(), "there is no permission \"shipping:*\"");
        assert_eq!("gate:*".parse::<Pattern>().unwrap().check_known(), Ok(()));
    }

    #[test]
    fn a_role_holds_in_its_branches_only_and_so_do_its_limits() {
        let grants = Grants(vec![
            grant(&["pos:*"], Branches::Only(vec![branch(1)]), 50),
            grant(&["pos:sell", "reports:read"], Branches::All, 5),
        ]);
        assert!(grants.allows("pos:return", Some(branch(1))));
        assert!(!grants.allows("pos:return", Some(branch(2))));
        assert!(grants.allows("reports:read", None));
        assert!(!grants.allows("finance:read", None));
        let discount = |at| grants.limits("pos:sell", Some(branch(at))).max_discount;
        assert_eq!(discount(1), Rate::percent(50).unwrap());
        assert_eq!(discount(2), Rate::percent(5).unwrap());
        assert_eq!(grants.limits("finance:edit", None), Limits::NOTHING);
        let denied = grants.check("finance:edit", None).unwrap_err();
        assert_eq!(denied.to_string(), "you may not do this (finance:edit); ask somebody who may");
        assert!(!Grants::default().allows("pos:sell", None));
    }

    #[test]
    fn every_pattern_of_a_default_role_allows_something() {
        let roles = default_roles(Currency::IDR);
        for role in &roles {
            for text in role.patterns {
                let pattern: Pattern = text.parse().unwrap();
                assert_eq!(pattern.check_known(), Ok(()), "{} {text}", role.key);
            }
        }
        let names: Vec<_> = roles.iter().map(|role| role.key).collect();
        assert_eq!(names, ["owner", "manager", "accountant", "storekeeper", "cashier", "guard"]);
        let cashier = &roles[4];
        assert_eq!(cashier.limits.max_refund, Money::of(500_000));
        assert_eq!(cashier.limits.over_short_threshold, Money::of(20_000));
        for forbidden in ["pos:approve", "pos:override_price", "pos:return_no_receipt", "*"] {
            assert!(!cashier.patterns.contains(&forbidden), "{forbidden}");
        }
    }

    #[test]
    fn every_permission_has_a_name_of_its_own_and_words_in_both_languages() {
        let mut names: Vec<&str> = PERMISSIONS.iter().map(|one| one.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PERMISSIONS.len());
        for one in PERMISSIONS {
            assert!(one.name.parse::<Pattern>().is_ok(), "{}", one.name);
            assert!(!one.en.is_empty() && !one.id.is_empty(), "{}", one.name);
        }
        assert_eq!(find("pos:sell").map(|one| one.en), Some("Sell"));
    }

    #[test]
    fn grants_survive_json() {
        let grants = Grants(vec![grant(&["pos:*"], Branches::Only(vec![branch(1)]), 5)]);
        let json = serde_json::to_string(&grants).unwrap();
        assert_eq!(serde_json::from_str::<Grants>(&json).unwrap(), grants);
    }
}
