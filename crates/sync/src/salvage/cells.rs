//! The rows of one page: cells and records as SQLite lays them out.
//!
//! **Invariant:** any bytes at all can be read: what makes no sense is no row.

use super::pages::{Page, Pages, number};

const TABLE_LEAF: u8 = 0x0d;
const INDEX_LEAF: u8 = 0x0a;
const INDEX_INSIDE: u8 = 0x02;
const LEAF_HEADER: usize = 8;
const INSIDE_HEADER: usize = 12;
/// No table of a store has more columns.
const COLUMNS_MAX: usize = 64;

/// Whether rows are kept by row id or by their primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tree {
    Table,
    Index,
}

/// A row whose columns are known by type; the end of its bytes may be on other pages.
pub(super) struct Cell<'a> {
    pub tree: Tree,
    types: Vec<u64>,
    /// Where the first value starts.
    start: usize,
    length: usize,
    local: &'a [u8],
    /// The page with the rest, or 0.
    rest: u32,
}

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// The rows of a page.
pub(super) fn cells<'a>(pages: &Pages, page: &'a Page) -> Vec<Cell<'a>> {
    let bytes = page.bytes.as_slice();
    let (tree, header) = match bytes.first() {
        Some(&TABLE_LEAF) => (Tree::Table, LEAF_HEADER),
        Some(&INDEX_LEAF) => (Tree::Index, LEAF_HEADER),
        Some(&INDEX_INSIDE) => (Tree::Index, INSIDE_HEADER),
        _ => return Vec::new(),
    };
    let count = short(bytes, 3).unwrap_or(0);
    let places = (0..count).map_while(|i| short(bytes, header + 2 * i));
    let skipped = if header == INSIDE_HEADER { 4 } else { 0 };
    places.filter_map(|at| cell(pages, tree, bytes, at + skipped)).collect()
}

fn cell<'a>(pages: &Pages, tree: Tree, bytes: &'a [u8], mut at: usize) -> Option<Cell<'a>> {
    let length = usize::try_from(varint(bytes, &mut at)?).ok()?;
    if length > pages.longest() {
        return None;
    }
    if tree == Tree::Table {
        varint(bytes, &mut at)?;
    }
    let here = local(tree, pages.usable(), length);
    let local = bytes.get(at..at.checked_add(here)?)?;
    let rest = if here < length { number(bytes, at + here) } else { 0 };
    let mut next = 0;
    let start = usize::try_from(varint(local, &mut next)?).ok()?;
    let mut types = Vec::new();
    while next < start {
        if types.len() == COLUMNS_MAX {
            return None;
        }
        types.push(varint(local, &mut next)?);
    }
    let mut widths = types.iter().map(|kind| width(*kind));
    let total = widths.try_fold(start, |sum, width| sum.checked_add(width?))?;
    (next == start && total == length).then_some(Cell { tree, types, start, length, local, rest })
}

/// How much of a row of `length` bytes lies on its own page.
fn local(tree: Tree, usable: usize, length: usize) -> usize {
    let most = match tree {
        Tree::Table => usable - 35,
        Tree::Index => (usable - 12) * 64 / 255 - 23,
    };
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let even = least + (length - least) % (usable - 4);
    if even <= most { even } else { least }
}

impl Cell<'_> {
    /// Whether the columns are of these types: `n` anything, `i` a whole number, `t` text, `b` a
    /// blob, a number a blob of that many bytes. There may be more columns.
    pub fn is(&self, shape: &[&str]) -> bool {
        self.types.len() >= shape.len()
            && self.types.iter().zip(shape).all(|(&kind, wanted)| match *wanted {
                "n" => true,
                "i" => matches!(kind, 1..=6 | 8 | 9),
                "t" => kind >= 13 && kind % 2 == 1,
                "b" => kind >= 12 && kind.is_multiple_of(2),
                sized => sized.parse::<u64>().is_ok_and(|size| kind == 12 + 2 * size),
            })
    }

    /// The bytes of the whole row; nothing when a page with a part of it cannot be had.
    pub fn bytes(&self, pages: &Pages) -> Option<Vec<u8>> {
        let mut bytes = self.local.to_vec();
        let mut next = self.rest;
        while bytes.len() < self.length {
            let page = pages.read(next)?.bytes;
            let rest = page.get(4..)?;
            bytes.extend(&rest[..rest.len().min(self.length - bytes.len())]);
            next = number(&page, 0);
        }
        Some(bytes)
    }

    /// The values in the bytes of the row; a value that is no text where it should be is null.
    pub fn values<'b>(&self, bytes: &'b [u8]) -> Option<Vec<Value<'b>>> {
        let mut at = self.start;
        let mut values = Vec::with_capacity(self.types.len());
        for &kind in &self.types {
            let value = bytes.get(at..at.checked_add(width(kind)?)?)?;
            at += value.len();
            values.push(match kind {
                8 => Value::Int(0),
                9 => Value::Int(1),
                1..=6 => Value::Int(int(value)),
                12.. if kind.is_multiple_of(2) => Value::Blob(value),
                13.. => std::str::from_utf8(value).map_or(Value::Null, Value::Text),
                _ => Value::Null,
            });
        }
        Some(values)
    }
}

/// How many bytes a value of this type takes.
fn width(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

fn int(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(sign, |sum, byte| sum << 8 | i64::from(*byte))
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*pair)))
}

/// Reads a number of one to nine bytes and moves behind it.
fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut sum = 0;
    for i in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if i == 8 {
            return Some(sum << 8 | u64::from(byte));
        }
        sum = sum << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::{int, varint};

    #[test]
    fn numbers_are_read_as_sqlite_writes_them() {
        let check = |bytes: &[u8], expected: Option<u64>| {
            assert_eq!(varint(bytes, &mut 0), expected, "{bytes:?}");
        };
        check(&[0x7f], Some(127));
        check(&[0x81, 0x00], Some(128));
        check(&[0xff; 9], Some(u64::MAX));
        check(&[0x80; 3], None);
        check(&[], None);
        let check = |bytes: &[u8], expected: i64| assert_eq!(int(bytes), expected, "{bytes:?}");
        check(&[0x7f], 127);
        check(&[0xff], -1);
        check(&[0x80, 0x00, 0x00], -8_388_608);
        check(&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], i64::MAX);
    }
}
