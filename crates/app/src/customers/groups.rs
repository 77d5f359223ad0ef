//! Groups of customers who share a price list.
//!
//! **Invariant:** a group is known by its name; taking its price list away leaves its customers
//! with the prices of the branch.

use lumbung_domain::ids::{CustomerGroupId, Id, PriceListId};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::CustomerGroupRow;
use super::store;
use crate::company::{check_length, check_text};
use crate::door::{Nothing, Read, Write};
use crate::error::{Result, refuse_field};

/// Most groups.
const GROUPS_MAX: usize = 200;

/// A group of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerGroup {
    /// Its name.
    pub name: String,
    /// The price list its customers buy by; left out for that of the branch.
    #[ts(optional = nullable)]
    pub price_list_id: Option<PriceListId>,
}

/// Every group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerGroups {
    /// By name.
    pub groups: Vec<CustomerGroup>,
}

fn saved(db: &Connection) -> Result<Vec<CustomerGroup>> {
    let rows = store::groups(db)?.into_iter().filter(|row| !row.archived);
    Ok(rows.map(|row| CustomerGroup { name: row.name, price_list_id: row.price_list_id }).collect())
}

/// The price list a group buys by.
pub fn group_price_list(db: &Connection, group: &str) -> Result<Option<PriceListId>> {
    if group.is_empty() {
        return Ok(None);
    }
    let found = store::group(db, group_id(group))?.filter(|row| !row.archived);
    Ok(found.and_then(|row| row.price_list_id))
}

/// The row of a group: the same on every node, whoever names it first.
fn group_id(name: &str) -> CustomerGroupId {
    let mut hash = blake3::Hasher::new();
    hash.update(b"lumbung customer group");
    hash.update(name.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    CustomerGroupId::from_bytes(id)
}

/// `customers.groups`: every group there is, saved or only named by a customer.
pub fn groups(read: &Read<'_>, _: Nothing) -> Result<CustomerGroups> {
    let mut groups = saved(read.db)?;
    for name in store::groups_in_use(read.db)? {
        if !groups.iter().any(|group| group.name == name) {
            groups.push(CustomerGroup { name, price_list_id: None });
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(CustomerGroups { groups })
}

/// `customers.save_groups`: the groups and their price lists, all of them.
pub fn save_groups(write: &mut Write<'_, '_>, given: CustomerGroups) -> Result<Nothing> {
    if given.groups.len() > GROUPS_MAX {
        return Err(refuse_field!(
            "groups",
            "too_many_groups",
            "There can be at most {limit} groups.",
            limit = GROUPS_MAX
        ));
    }
    let mut groups: Vec<CustomerGroup> = Vec::with_capacity(given.groups.len());
    for group in given.groups {
        let name = group.name.trim().to_owned();
        check_text("name", &name)?;
        check_length("name", &name)?;
        if groups.iter().any(|other| other.name == name) {
            return Err(refuse_field!(
                "name",
                "group_twice",
                "The group {name} is there twice.",
                name = name
            ));
        }
        let list = group.price_list_id;
        if list.is_some_and(|id| !write.standing.price_lists.contains_key(&id)) {
            return Err(refuse_field!(
                "price_list_id",
                "choose_price_list",
                "Choose a price list that is in use."
            ));
        }
        groups.push(CustomerGroup { name, price_list_id: list });
    }
    for row in store::groups(write.db())? {
        let gone = !row.archived && !groups.iter().any(|group| group.name == row.name);
        if gone {
            write.tx.patch(row.customer_group_id, CustomerGroupRow::ARCHIVED, |row| {
                row.archived = true;
            })?;
        }
    }
    groups.into_iter().try_for_each(|group| keep(write, group))?;
    Ok(Nothing {})
}

/// Makes a group or brings it in line.
fn keep(write: &mut Write<'_, '_>, group: CustomerGroup) -> Result<()> {
    let CustomerGroup { name, price_list_id } = group;
    let id = group_id(&name);
    if store::group(write.db(), id)?.is_none() {
        let row = CustomerGroupRow { customer_group_id: id, name, price_list_id, archived: false };
        write.tx.create(&row)?;
        return Ok(());
    }
    write.tx.patch(id, CustomerGroupRow::PRICES, |row| row.price_list_id = price_list_id)?;
    write.tx.patch(id, CustomerGroupRow::ARCHIVED, |row| row.archived = false)?;
    Ok(())
}
