//! The rows of a body in few bytes: a sale says the same few ids and amounts many times over.
//!
//! Every key is told once, in a sorted table where neighbours share their first bytes; the rows
//! point into it. A value is told by what differs from the row of the same table before it, and an
//! amount that was told, or follows from such, is pointed at.
//!
//! **Invariant:** a body is folded only if unfolding gives back its very bytes, and unfolding makes
//! at most [`GROWTH_MAX`] times the bytes it is given.

use std::collections::HashMap;

use crate::commit::{Body, Op, RowChange, put_varint, zigzag};
use crate::row::{Key, ValueRef};

/// How much larger a body may be than it is folded; a message that claims more is refused.
const GROWTH_MAX: usize = 10;
/// Amounts that can be pointed at.
const AMOUNTS_MAX: usize = 64;
/// Smaller ones are shorter than a pointer.
const AMOUNT_MIN: u64 = 64;
const KEY_LEN: usize = 16;
const PRICE: i64 = 10_000;

const SHAPE_AS_BEFORE: u8 = 0;
const SHAPE_TOLD: u8 = 1;

const NULL: u8 = 0;
const INT: u8 = 1;
/// An integer by how much it is more than the row before it has.
const INT_MORE: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;
const KEY: u8 = 5;
const OWN_KEY: u8 = 6;
const AMOUNT: u8 = 7;
const AMOUNT_NEGATED: u8 = 8;
/// What one unit costs, of its price in ten-thousandths.
const AMOUNT_OF_PRICE: u8 = 9;
/// An amount less the last one told: the tax, after the gross and the net.
const AMOUNT_LESS: u8 = 10;
/// From here on: so many values less this, and one, are those of the row before.
const SAME: u8 = 128;

/// The folded form, where it is shorter and stands for exactly `plain`.
pub(super) fn fold(plain: &[u8]) -> Option<Vec<u8>> {
    let body = Body::decode(plain).ok()?;
    let folded = Folding::of(&body)?;
    let back = unfold(&folded)?;
    (folded.len() < plain.len() && back == plain).then_some(folded)
}

/// The plain body of a folded one; `None` for bytes that are none.
pub(super) fn unfold(folded: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader { bytes: folded };
    let version = from.byte()?;
    let keys = from.keys()?;
    let room = folded.len() * GROWTH_MAX;
    let rows = Unfolding { from, keys: &keys, told: Told::default(), room }.rows()?;
    let plain = Body { version, rows }.encode().ok()?;
    (plain.len() <= folded.len() * GROWTH_MAX).then_some(plain)
}

/// What both sides remember of what was told.
#[derive(Default)]
struct Told {
    amounts: Vec<u64>,
    key: usize,
}

impl Told {
    fn remember(&mut self, amount: i64) {
        let amount = amount.unsigned_abs();
        if amount < AMOUNT_MIN || self.amounts.contains(&amount) {
            return;
        }
        if self.amounts.len() == AMOUNTS_MAX {
            self.amounts.remove(0);
        }
        self.amounts.push(amount);
    }

    fn place(&self, amount: i64) -> Option<u8> {
        let back = self.amounts.iter().rev().position(|told| *told == amount.unsigned_abs())?;
        u8::try_from(back).ok()
    }

    /// How to point at what gives this number.
    fn point(&self, number: i64) -> Option<[u8; 2]> {
        if let Some(place) = self.place(number) {
            return Some([if number < 0 { AMOUNT_NEGATED } else { AMOUNT }, place]);
        }
        if number < AMOUNT_MIN.cast_signed() {
            return None;
        }
        let price = number.checked_mul(PRICE).and_then(|price| self.place(price));
        if let Some(place) = price {
            return Some([AMOUNT_OF_PRICE, place]);
        }
        let whole = number.checked_add(self.amount(0)?)?;
        Some([AMOUNT_LESS, self.place(whole)?])
    }

    fn amount(&self, place: u8) -> Option<i64> {
        let at = self.amounts.len().checked_sub(usize::from(place) + 1)?;
        i64::try_from(*self.amounts.get(at)?).ok()
    }
}

fn key_of(value: ValueRef<'_>) -> Option<Key> {
    match value {
        ValueRef::Blob(bytes) => bytes.try_into().ok(),
        _ => None,
    }
}

/// The place of a value's key in the table.
fn place_of(keys: &[Key], value: ValueRef<'_>) -> Option<usize> {
    keys.binary_search(&key_of(value)?).ok()
}

fn values<'a, 'b>(row: &'b RowChange<'a>) -> impl Iterator<Item = ValueRef<'a>> + 'b {
    row.columns.iter().chain(&row.before).map(|(_, value)| *value)
}

fn value_at<'a>(row: &RowChange<'a>, at: usize) -> Option<ValueRef<'a>> {
    let (_, value) = match at.checked_sub(row.columns.len()) {
        None => row.columns.get(at)?,
        Some(at) => row.before.get(at)?,
    };
    Some(*value)
}

fn tags<'b>(list: &'b [(u16, ValueRef<'_>)]) -> impl Iterator<Item = u16> + 'b {
    list.iter().map(|(tag, _)| *tag)
}

fn same_shape(one: &RowChange<'_>, other: &RowChange<'_>) -> bool {
    (one.op, one.scope, one.group) == (other.op, other.scope, other.group)
        && tags(&one.columns).eq(tags(&other.columns))
        && tags(&one.before).eq(tags(&other.before))
}

struct Folding {
    keys: Vec<Key>,
    out: Vec<u8>,
    told: Told,
}

impl Folding {
    fn of(body: &Body<'_>) -> Option<Vec<u8>> {
        let mut keys: Vec<Key> = Vec::new();
        for row in &body.rows {
            keys.push(row.key);
            keys.extend(values(row).filter_map(key_of));
        }
        keys.sort_unstable();
        keys.dedup();
        let mut folding = Self { keys, out: vec![body.version], told: Told::default() };
        folding.put_keys();
        folding.varint(body.rows.len() as u64);
        let mut before: HashMap<u16, &RowChange<'_>> = HashMap::new();
        for row in &body.rows {
            folding.row(row, before.insert(row.table, row))?;
        }
        Some(folding.out)
    }

    fn put_keys(&mut self) {
        self.varint(self.keys.len() as u64);
        let mut last = [0; KEY_LEN];
        for key in &self.keys {
            let shared = key.iter().zip(&last).take_while(|(one, other)| one == other).count();
            self.out.push(shared as u8);
            self.out.extend_from_slice(&key[shared..]);
            last = *key;
        }
    }

    fn row(&mut self, row: &RowChange<'_>, before: Option<&RowChange<'_>>) -> Option<()> {
        self.varint(u64::from(row.table));
        let before = before.filter(|before| same_shape(row, before));
        if before.is_some() {
            self.out.push(SHAPE_AS_BEFORE);
        } else {
            self.out.extend_from_slice(&[SHAPE_TOLD, row.op as u8]);
            self.varint(u64::from(row.scope));
            self.out.push(row.group);
            for list in [&row.columns, &row.before] {
                self.varint(list.len() as u64);
                let mut last = 0_u16;
                for tag in tags(list) {
                    self.varint(u64::from(tag.wrapping_sub(last)));
                    last = tag;
                }
            }
        }
        let base = before.and_then(|before| self.keys.binary_search(&before.key).ok());
        self.key(self.keys.binary_search(&row.key).ok()?, base);
        let mut same = 0_u8;
        for (at, value) in values(row).enumerate() {
            let was = before.and_then(|before| value_at(before, at));
            if was == Some(value) && same < SAME {
                same += 1;
                continue;
            }
            self.put_same(&mut same);
            if was == Some(value) {
                same = 1;
            } else {
                self.value(row, value, was)?;
            }
        }
        self.put_same(&mut same);
        Some(())
    }

    fn put_same(&mut self, same: &mut u8) {
        if *same > 0 {
            self.out.push(SAME + (*same - 1));
        }
        *same = 0;
    }

    fn value(
        &mut self,
        row: &RowChange<'_>,
        value: ValueRef<'_>,
        was: Option<ValueRef<'_>>,
    ) -> Option<()> {
        match value {
            ValueRef::Null => self.out.push(NULL),
            ValueRef::Int(number) => self.int(number, was),
            ValueRef::Text(text) => self.bytes(TEXT, text.as_bytes()),
            ValueRef::Blob(bytes) if bytes == row.key => self.out.push(OWN_KEY),
            ValueRef::Blob(bytes) => match place_of(&self.keys, value) {
                Some(place) => {
                    self.out.push(KEY);
                    self.key(place, was.and_then(|was| place_of(&self.keys, was)));
                }
                None => self.bytes(BLOB, bytes),
            },
        }
        Some(())
    }

    fn int(&mut self, number: i64, was: Option<ValueRef<'_>>) {
        if let Some(pointed) = self.told.point(number) {
            self.out.extend_from_slice(&pointed);
            self.told.remember(number);
            return;
        }
        let whole = zigzag(number);
        let more = match was {
            Some(ValueRef::Int(was)) => Some(zigzag(number.wrapping_sub(was))),
            _ => None,
        };
        let (code, told) = match more {
            Some(more) if more < whole => (INT_MORE, more),
            _ => (INT, whole),
        };
        self.out.push(code);
        self.varint(told);
        self.told.remember(number);
    }

    /// A place in the table of keys, by how far it is from `base` or from the last one told.
    fn key(&mut self, place: usize, base: Option<usize>) {
        let far = place as i64 - base.unwrap_or(self.told.key) as i64;
        self.varint(zigzag(far));
        self.told.key = place;
    }

    fn bytes(&mut self, code: u8, bytes: &[u8]) {
        self.out.push(code);
        self.varint(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn varint(&mut self, number: u64) {
        put_varint(&mut self.out, number);
    }
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*byte)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        let (number, rest) = postcard::take_from_bytes::<u64>(self.bytes).ok()?;
        self.bytes = rest;
        T::try_from(number).ok()
    }

    /// A count of things that take a byte each at least.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.bytes.len())
    }

    fn run(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        self.take(len)
    }

    fn keys(&mut self) -> Option<Vec<Key>> {
        let count = self.count()?;
        let mut keys = Vec::with_capacity(count);
        let mut key = [0; KEY_LEN];
        for _ in 0..count {
            let shared = usize::from(self.byte()?);
            let rest = self.take(KEY_LEN.checked_sub(shared)?)?;
            key[shared..].copy_from_slice(rest);
            keys.push(key);
        }
        Some(keys)
    }
}

struct Unfolding<'a> {
    from: Reader<'a>,
    keys: &'a [Key],
    told: Told,
    /// Bytes that may still be made.
    room: usize,
}

impl<'a> Unfolding<'a> {
    fn rows(mut self) -> Option<Vec<RowChange<'a>>> {
        let count = self.from.count()?;
        let mut rows: Vec<RowChange<'a>> = Vec::with_capacity(count);
        let mut before: HashMap<u16, usize> = HashMap::new();
        for at in 0..count {
            let table = self.from.number()?;
            let last = before.insert(table, at).and_then(|at| rows.get(at));
            let row = self.row(table, last)?;
            rows.push(row);
        }
        self.from.bytes.is_empty().then_some(rows)
    }

    fn row(&mut self, table: u16, last: Option<&RowChange<'a>>) -> Option<RowChange<'a>> {
        let (mut row, last) = if self.from.byte()? == SHAPE_AS_BEFORE {
            let last = last?;
            // As many columns are made as the last row has, from perhaps one byte.
            self.spend(2 * (last.columns.len() + last.before.len()))?;
            (last.clone(), Some(last))
        } else {
            (self.shape(table)?, None)
        };
        let base = last.and_then(|last| self.keys.binary_search(&last.key).ok());
        row.key = self.keys[self.key(base)?];
        self.spend(KEY_LEN)?;
        let mut same = 0_u8;
        let own = row.key;
        let values = row.columns.iter_mut().chain(&mut row.before).map(|(_, value)| value);
        for (at, value) in values.enumerate() {
            let was = last.and_then(|last| value_at(last, at));
            if same == 0 {
                let code = self.from.byte()?;
                if code < SAME {
                    *value = self.value(code, &own, was)?;
                    self.spend(len_of(*value))?;
                    continue;
                }
                same = code - SAME + 1;
            }
            same -= 1;
            *value = was?;
            self.spend(len_of(*value))?;
        }
        (same == 0).then_some(row)
    }

    fn shape(&mut self, table: u16) -> Option<RowChange<'a>> {
        let op = postcard::from_bytes::<Op>(&[self.from.byte()?]).ok()?;
        let (scope, group) = (self.from.number()?, self.from.byte()?);
        let (columns, before) = (self.tags()?, self.tags()?);
        Some(RowChange { table, op, key: [0; KEY_LEN], scope, group, columns, before })
    }

    fn tags(&mut self) -> Option<Vec<(u16, ValueRef<'a>)>> {
        let count = self.from.count()?;
        let mut tag = 0_u16;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            tag = tag.wrapping_add(self.from.number()?);
            list.push((tag, ValueRef::Null));
        }
        Some(list)
    }

    fn value(&mut self, code: u8, own: &Key, was: Option<ValueRef<'a>>) -> Option<ValueRef<'a>> {
        Some(match code {
            NULL => ValueRef::Null,
            INT => self.int(0)?,
            INT_MORE => match was {
                Some(ValueRef::Int(was)) => self.int(was)?,
                _ => return None,
            },
            TEXT => ValueRef::Text(str::from_utf8(self.from.run()?).ok()?),
            BLOB => ValueRef::Blob(self.from.run()?),
            KEY => {
                let place = self.key(was.and_then(|was| place_of(self.keys, was)))?;
                ValueRef::Blob(&self.keys[place])
            }
            OWN_KEY => ValueRef::Blob(&self.keys[self.keys.binary_search(own).ok()?]),
            AMOUNT | AMOUNT_NEGATED | AMOUNT_OF_PRICE | AMOUNT_LESS => self.amount(code)?,
            _ => return None,
        })
    }

    fn int(&mut self, was: i64) -> Option<ValueRef<'a>> {
        let number = was.wrapping_add(unzigzag(self.from.number()?));
        self.told.remember(number);
        Some(ValueRef::Int(number))
    }

    fn amount(&mut self, code: u8) -> Option<ValueRef<'a>> {
        let place = self.from.byte()?;
        let amount = self.told.amount(place)?;
        let number = match code {
            AMOUNT_NEGATED => -amount,
            AMOUNT_OF_PRICE => amount / PRICE,
            AMOUNT_LESS => amount.checked_sub(self.told.amount(0)?)?,
            _ => amount,
        };
        self.told.remember(number);
        Some(ValueRef::Int(number))
    }

    /// A place in the table of keys, which is there.
    fn key(&mut self, base: Option<usize>) -> Option<usize> {
        let far = unzigzag(self.from.number()?);
        let base = i64::try_from(base.unwrap_or(self.told.key)).ok()?;
        let place = usize::try_from(base.checked_add(far)?).ok()?;
        self.told.key = place;
        (place < self.keys.len()).then_some(place)
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.room = self.room.checked_sub(bytes)?;
        Some(())
    }
}

/// What a value takes besides its tag and its kind, at least.
fn len_of(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Null => 0,
        ValueRef::Int(_) => 1,
        ValueRef::Text(text) => text.len(),
        ValueRef::Blob(bytes) => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{GROWTH_MAX, fold, unfold};
    use crate::commit::{Body, Op, RowChange};
    use crate::row::ValueRef;

    /// Rows of a sale's shape: an amount at a price, its net and tax, and a move of the stock.
    fn body(lines: u8, price: i64) -> Vec<u8> {
        let keys: Vec<[u8; 16]> =
            (0..=lines).map(|n| [1, 2, 3, 4, 5, 6, 7, 8, 9, n, 0, 0, 0, 0, 0, n]).collect();
        let row = |n: u8| RowChange {
            table: u16::from(n % 2) + 60,
            op: if n == 3 { Op::Patch } else { Op::Insert },
            key: keys[usize::from(n)],
            scope: u32::from(n / 100),
            group: 0,
            columns: vec![
                (1, ValueRef::Blob(&keys[usize::from(n)])),
                (2, ValueRef::Blob(&keys[0])),
                (3, ValueRef::Int(price * 10_000)),
                (4, ValueRef::Int(price)),
                (5, ValueRef::Int(price - price / 11)),
                (6, ValueRef::Int(price / 11)),
                (7, ValueRef::Int(-price)),
                (8, ValueRef::Int(i64::MIN + i64::from(n))),
                (9, ValueRef::Text("Teh")),
                (900, if n == 2 { ValueRef::Null } else { ValueRef::Blob(&[7; 5]) }),
            ],
            before: if n == 3 { vec![(4, ValueRef::Int(-1))] } else { vec![] },
        };
        let rows = (1..=lines).map(row).collect();
        Body { version: 1, rows }.encode().expect("a body")
    }

    #[test]
    fn a_body_is_folded_to_a_part_of_it_and_comes_back_byte_for_byte() {
        for (lines, price) in [(1, 12_500), (5, 900), (9, 7), (200, 38_900), (3, -12_500)] {
            let plain = body(lines, price);
            let folded = fold(&plain).expect("it is shorter");
            assert!(folded.len() < plain.len(), "{lines}: {}", folded.len());
            assert_eq!(unfold(&folded).expect("it comes back"), plain);
        }
    }

    #[test]
    fn what_is_no_body_is_not_folded() {
        for plain in [&b""[..], b"\x01", b"\x01\x05", b"nonsense", b"\x01\x00rest"] {
            assert_eq!(fold(plain), None);
        }
    }

    #[test]
    fn changed_bytes_are_refused_or_give_no_more_than_they_may() {
        let folded = fold(&body(9, 12_500)).expect("it is shorter");
        for at in 0..folded.len() {
            assert_eq!(unfold(&folded[..at]), None, "cut at {at}");
            for byte in 0..=u8::MAX {
                let mut bent = folded.clone();
                bent[at] = byte;
                let made = unfold(&bent).map_or(0, |plain| plain.len());
                assert!(made <= bent.len() * GROWTH_MAX);
            }
        }
    }

    #[test]
    fn rows_that_say_nothing_new_do_not_grow_without_end() {
        let long = "a long word ".repeat(100);
        let row = |n: u8| RowChange {
            table: 1,
            op: Op::Insert,
            key: [n; 16],
            scope: 0,
            group: 0,
            columns: vec![(1, ValueRef::Text(&long))],
            before: vec![],
        };
        let rows = (0..100).map(row).collect();
        let plain = Body { version: 1, rows }.encode().expect("a body");
        assert_eq!(fold(&plain), None, "the whole message is compressed anyway");
    }
}
