//! Groups of customers who share a price list.
//!
//! **Invariant:** a group is known by its name; taking its price list away leaves its customers
//! with the prices of the branch.

use lumbung_domain::ids::PriceListId;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store;
use crate::company::{self, check_length, check_text, setting_id};
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Result, refuse_field};

/// The setting the groups are kept in.
const SETTING: &str = "customer_groups";

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
    let Some(row) = company::store::setting(db, setting_id(SETTING, None))? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&row.value)
        .map_err(|error| Error::Broken(format!("setting {SETTING}: {error}")))
}

/// The price list a group buys by.
pub fn group_price_list(db: &Connection, group: &str) -> Result<Option<PriceListId>> {
    if group.is_empty() {
        return Ok(None);
    }
    let found = saved(db)?.into_iter().find(|saved| saved.name == group);
    Ok(found.and_then(|group| group.price_list_id))
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
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let value = serde_json::to_string(&groups).map_err(|error| Error::Broken(error.to_string()))?;
    company::put_setting(write, SETTING, None, value)?;
    Ok(Nothing {})
}
