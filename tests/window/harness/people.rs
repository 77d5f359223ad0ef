//! The people of the demo company.
//!
//! **Invariant:** their PINs are those the demo's own sign-in screen shows.

/// Somebody who signs in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// What they sign in as.
    pub username: &'static str,
    /// What others call them.
    pub name: &'static str,
    /// Their PIN.
    pub pin: &'static str,
}

/// May do everything.
pub const OWNER: Person = Person { username: "ratna", name: "Ibu Ratna", pin: "2468" };
/// May allow what a cashier may not.
pub const MANAGER: Person = Person { username: "budi", name: "Budi Santoso", pin: "8642" };
/// Sells.
pub const CASHIER: Person = Person { username: "sari", name: "Sari Wulandari", pin: "1357" };
/// Sells at another time.
pub const SECOND_CASHIER: Person = Person { username: "dewi", name: "Dewi Lestari", pin: "7531" };
