//! Balances recomputed: every kept sum against the facts it is the sum of.
//!
//! **Invariant:** the facts are read once, in a stream; memory grows with the number of balances,
//! not with the number of facts.

use std::collections::HashMap;

use lumbung_domain::said::Said;
use lumbung_domain::say;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};

use super::Check;
use crate::error::{Error, Result};
use crate::jobs::Progress;

/// Rows between two reports of progress.
const STEP: u64 = 4_096;

/// A kept balance. Its first two columns in both statements are the sums, the rest the key.
pub struct Balance {
    /// Name of the check.
    pub name: &'static str,
    /// What it makes sure of.
    pub title: &'static str,
    /// The sums as kept.
    pub kept: &'static str,
    /// The facts.
    pub facts: &'static str,
    /// What a balance is called; its parameters are the key.
    pub called: &'static str,
    /// A difference in words: what it is called and by how much each sum differs.
    pub words: fn(&str, [i64; 2]) -> Said,
}

/// Quantity and value on hand.
pub const STOCK: Balance = Balance {
    name: "stock_balance",
    title: "Stock on hand is the sum of its moves",
    kept: "select qty, value, product_id, location_id, status from stock_balance",
    facts: "select qty, value, product_id, location_id, status from stock_move",
    called: "select coalesce((select name from product where product_id = ?1), '?')
             || ' · ' || coalesce((select name from location where location_id = ?2), '?')
             || ' (' || ?3 || ')'",
    words: |called, [qty, value]| {
        say!(
            "found_stock_balance",
            "{called}: what is kept differs from its moves by {qty} millionths and a value of \
             {value}.",
            called = called,
            qty = qty,
            value = value
        )
    },
};

/// Debit and credit by account, branch and day.
pub const LEDGER: Balance = Balance {
    name: "ledger_balance",
    title: "Balances of accounts are the sum of the journal",
    kept: "select debit, credit, account_id, scope, entry_date from ledger_balance",
    facts: "select max(amount, 0), max(-amount, 0), account_id, scope, entry_date
            from journal_line",
    called: "select coalesce((select code || ' ' || name from account where account_id = ?1),
             '?') || ' · ' || ?2 || ' · ' || ?3",
    words: |called, [debit, credit]| {
        say!(
            "found_ledger_balance",
            "{called}: what is kept differs from the journal by {debit} in debit and {credit} in \
             credit.",
            called = called,
            debit = debit,
            credit = credit
        )
    },
};

/// What partners owe.
pub const PARTNERS: Balance = Balance {
    name: "partner_balance",
    title: "What customers owe is the sum of the journal",
    kept: "select balance, 0, partner_id, account_id from partner_balance",
    facts: "select amount, 0, partner_id, account_id from journal_line
            where partner_id is not null",
    called: "select coalesce((select name from customer where customer_id = ?1),
             '?') || ' · '
             || coalesce((select code from account where account_id = ?2), '?')",
    words: |called, [balance, _]| {
        say!(
            "found_partner_balance",
            "{called}: what is kept differs from the journal by {balance}.",
            called = called,
            balance = balance
        )
    },
};

type Sums = HashMap<Box<[u8]>, [i64; 2]>;

/// Compares a balance with its facts.
pub fn check(db: &Connection, balance: &Balance, progress: &mut Progress<'_>) -> Result<Check> {
    let mut sums = Sums::new();
    let mut check = Check::new(balance.name, balance.title);
    add(db, balance.facts, &mut sums, i64::checked_add, balance.name, progress)?;
    check.count = add(db, balance.kept, &mut sums, i64::checked_sub, balance.name, progress)?;
    let mut wrong: Vec<_> = sums.into_iter().filter(|(_, sums)| *sums != [0, 0]).collect();
    wrong.sort_unstable();
    for (key, difference) in wrong {
        check.find(|| {
            let called: String = db
                .prepare_cached(balance.called)?
                .query_row(params_from_iter(unpack(&key)), |row| row.get(0))?;
            Ok((balance.words)(&called, difference))
        })?;
    }
    Ok(check)
}

fn add(
    db: &Connection,
    sql: &str,
    sums: &mut Sums,
    change: fn(i64, i64) -> Option<i64>,
    name: &str,
    progress: &mut Progress<'_>,
) -> Result<u64> {
    let mut statement = db.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut key = Vec::with_capacity(64);
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let by: [i64; 2] = [row.get(0)?, row.get(1)?];
        key.clear();
        for column in 2..columns {
            pack(&mut key, row.get_ref(column)?);
        }
        if !sums.contains_key(&key[..]) {
            sums.insert(key.clone().into_boxed_slice(), [0, 0]);
        }
        if let Some(sum) = sums.get_mut(&key[..]) {
            for (sum, by) in sum.iter_mut().zip(by) {
                *sum = change(*sum, by).ok_or_else(|| {
                    Error::Broken(format!("{name}: the sum is beyond every limit"))
                })?;
            }
        }
        count += 1;
        if count % STEP == 0 {
            progress.at(count, None, name)?;
        }
    }
    Ok(count)
}

/// Appends a value, so that different keys have different bytes.
fn pack(key: &mut Vec<u8>, value: ValueRef<'_>) {
    let (kind, bytes) = match value {
        ValueRef::Blob(bytes) => (b'b', bytes),
        ValueRef::Text(bytes) => (b't', bytes),
        ValueRef::Integer(number) => {
            key.push(b'i');
            key.extend_from_slice(&number.to_be_bytes());
            return;
        }
        ValueRef::Null | ValueRef::Real(_) => (b'n', &[][..]),
    };
    key.push(kind);
    key.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    key.extend_from_slice(bytes);
}

fn unpack(mut key: &[u8]) -> Vec<Value> {
    let mut values = Vec::new();
    while let Some((kind, rest)) = key.split_first() {
        let Some((number, rest)) = rest.split_first_chunk::<8>() else { break };
        if *kind == b'i' {
            values.push(Value::Integer(i64::from_be_bytes(*number)));
            key = rest;
            continue;
        }
        let length = usize::try_from(u64::from_be_bytes(*number)).unwrap_or(usize::MAX);
        let (bytes, rest) = rest.split_at(length.min(rest.len()));
        values.push(match kind {
            b'b' => Value::Blob(bytes.to_vec()),
            b't' => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Value::Null,
        });
        key = rest;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_and_no_two_are_alike() {
        let mut key = Vec::new();
        pack(&mut key, ValueRef::Blob(&[0, 1, 2]));
        pack(&mut key, ValueRef::Integer(-7));
        pack(&mut key, ValueRef::Text(b"sellable"));
        assert_eq!(
            unpack(&key),
            [Value::Blob(vec![0, 1, 2]), Value::Integer(-7), Value::Text("sellable".to_owned())]
        );
        let (mut one, mut two) = (Vec::new(), Vec::new());
        pack(&mut one, ValueRef::Text(b"ab"));
        pack(&mut one, ValueRef::Text(b"c"));
        pack(&mut two, ValueRef::Text(b"a"));
        pack(&mut two, ValueRef::Text(b"bc"));
        assert_ne!(one, two);
    }
}
