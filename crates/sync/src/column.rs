//! Columns: which Rust types a column of a synced table may have, and how they are stored.
//!
//! **Invariant:** a value that was stored comes back equal, and a stored value that is not of the
//! declared type is an error, never a guess.

use std::marker::PhantomData;

use lumbung_domain::ids::Id;
use lumbung_domain::num::{Money, Qty, Rate, UnitPrice};
use rusqlite::{Row, RowIndex};

use crate::row::{Value, ValueRef};

/// A stored value that is not what its column declares.
#[derive(Debug, thiserror::Error)]
pub enum ColumnError {
    /// Another storage class.
    #[error("expected {expected}, found {found}")]
    Type {
        /// The declared class.
        expected: &'static str,
        /// The stored class.
        found: &'static str,
    },
    /// The right class, but not a value of this type.
    #[error("{found} is not {what}")]
    Invalid {
        /// What it should be.
        what: &'static str,
        /// What it is.
        found: String,
    },
}

/// Marks the ordinary implementations of [`Column`].
pub struct Plain;
/// Marks the implementation of [`Column`] for every [`Id`].
pub struct ById;
/// Marks the implementation of [`Column`] for what may be absent.
pub struct Maybe<K>(PhantomData<K>);

/// A Rust type that is one column.
///
/// `Kind` is never written by hand: it only keeps the implementations for ids, for options and for
/// enums of other crates apart, and the compiler finds it.
pub trait Column<Kind = Plain>: Sized {
    /// The storage class in a strict table: `integer`, `text` or `blob`.
    const SQL: &'static str;
    /// Whether the column may be null.
    const NULLABLE: bool = false;

    /// The value to store.
    fn to_value(&self) -> Value;

    /// The type back from a stored value.
    fn from_value(value: Value) -> Result<Self, ColumnError>;

    /// Hands the value to `f` without making a copy where the type can avoid it.
    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        f(self.to_value().as_ref())
    }

    /// The type back from a borrowed value.
    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        Self::from_value(value.to_value())
    }
}

impl<T: Id> Column<ById> for T {
    const SQL: &'static str = "blob";

    fn to_value(&self) -> Value {
        Value::Blob(self.bytes().to_vec())
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        Self::from_ref(value.as_ref())
    }

    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        f(ValueRef::Blob(&self.bytes()))
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        <[u8; 16]>::from_ref(value).map(T::from_bytes)
    }
}

impl<K, T: Column<K>> Column<Maybe<K>> for Option<T> {
    const SQL: &'static str = T::SQL;
    const NULLABLE: bool = true;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        match self {
            None => f(ValueRef::Null),
            Some(inner) => inner.with(f),
        }
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::from_ref(value).map(Some),
        }
    }
}

impl Column for i64 {
    const SQL: &'static str = "integer";

    fn to_value(&self) -> Value {
        Value::Int(*self)
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        Self::from_ref(value.as_ref())
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Int(number) => Ok(number),
            other => Err(ColumnError::Type { expected: "integer", found: other.kind() }),
        }
    }
}

macro_rules! small_integer_columns {
    ($($type:ty),+) => {$(
        impl Column for $type {
            const SQL: &'static str = "integer";

            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }

            fn from_value(value: Value) -> Result<Self, ColumnError> {
                Self::from_ref(value.as_ref())
            }

            fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
                let number = i64::from_ref(value)?;
                <$type>::try_from(number).map_err(|_| ColumnError::Invalid {
                    what: stringify!($type),
                    found: number.to_string(),
                })
            }
        }
    )+};
}
small_integer_columns!(u8, i16, u16, i32, u32);

impl Column for bool {
    const SQL: &'static str = "integer";

    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        Self::from_ref(value.as_ref())
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match i64::from_ref(value)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(ColumnError::Invalid { what: "yes or no", found: other.to_string() }),
        }
    }
}

impl Column for String {
    const SQL: &'static str = "text";

    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(ColumnError::Type { expected: "text", found: other.as_ref().kind() }),
        }
    }

    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        f(ValueRef::Text(self))
    }
}

impl Column for Vec<u8> {
    const SQL: &'static str = "blob";

    fn to_value(&self) -> Value {
        Value::Blob(self.clone())
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        match value {
            Value::Blob(bytes) => Ok(bytes),
            other => Err(ColumnError::Type { expected: "blob", found: other.as_ref().kind() }),
        }
    }

    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        f(ValueRef::Blob(self))
    }
}

impl<const N: usize> Column for [u8; N] {
    const SQL: &'static str = "blob";

    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        Self::from_ref(value.as_ref())
    }

    fn with<R>(&self, f: impl FnOnce(ValueRef<'_>) -> R) -> R {
        f(ValueRef::Blob(self))
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Blob(bytes) => bytes.try_into().map_err(|_| ColumnError::Invalid {
                what: "bytes of the declared length",
                found: format!("{} bytes", bytes.len()),
            }),
            other => Err(ColumnError::Type { expected: "blob", found: other.kind() }),
        }
    }
}

impl Column for chrono::NaiveDate {
    const SQL: &'static str = "text";

    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn from_value(value: Value) -> Result<Self, ColumnError> {
        Self::from_ref(value.as_ref())
    }

    fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Text(text) => text.parse().map_err(|_| ColumnError::Invalid {
                what: "a date such as 2026-11-20",
                found: text.to_owned(),
            }),
            other => Err(ColumnError::Type { expected: "text", found: other.kind() }),
        }
    }
}

macro_rules! number_columns {
    ($($type:ty),+) => {$(
        impl Column for $type {
            const SQL: &'static str = "integer";

            fn to_value(&self) -> Value {
                Value::Int(self.get())
            }

            fn from_value(value: Value) -> Result<Self, ColumnError> {
                Self::from_ref(value.as_ref())
            }

            fn from_ref(value: ValueRef<'_>) -> Result<Self, ColumnError> {
                let parts = i64::from_ref(value)?;
                <$type>::new(parts).map_err(|_| ColumnError::Invalid {
                    what: stringify!($type),
                    found: parts.to_string(),
                })
            }
        }
    )+};
}
number_columns!(Money, Qty, Rate, UnitPrice);

/// What `parse` of an enum may answer: an option or a result.
pub trait Parsed<T> {
    /// The parsed value, if there is one.
    fn parsed(self) -> Option<T>;
}

impl<T> Parsed<T> for Option<T> {
    fn parsed(self) -> Option<T> {
        self
    }
}

impl<T, E> Parsed<T> for Result<T, E> {
    fn parsed(self) -> Option<T> {
        self.ok()
    }
}

/// Makes a [`Column`] of an enum that has `as_str()` and `parse(&str)`, also one of another crate.
#[macro_export]
macro_rules! text_enum_column {
    ($($type:ty),+ $(,)?) => {$(
        const _: () = {
            /// Keeps this implementation apart from those of the sync crate.
            pub struct TextEnum;

            impl $crate::Column<TextEnum> for $type {
                const SQL: &'static str = "text";

                fn to_value(&self) -> $crate::Value {
                    $crate::Value::from(self.as_str())
                }

                fn from_value(value: $crate::Value) -> Result<Self, $crate::ColumnError> {
                    <Self as $crate::Column<TextEnum>>::from_ref(value.as_ref())
                }

                fn with<R>(&self, f: impl FnOnce($crate::ValueRef<'_>) -> R) -> R {
                    f($crate::ValueRef::Text(self.as_str()))
                }

                fn from_ref(value: $crate::ValueRef<'_>) -> Result<Self, $crate::ColumnError> {
                    let $crate::ValueRef::Text(text) = value else {
                        return Err($crate::ColumnError::Invalid {
                            what: stringify!($type),
                            found: format!("{value:?}"),
                        });
                    };
                    $crate::Parsed::<$type>::parsed(<$type>::parse(text)).ok_or_else(|| {
                        $crate::ColumnError::Invalid {
                            what: stringify!($type),
                            found: text.to_owned(),
                        }
                    })
                }
            }
        };
    )+};
}

/// A column of a query's answer, by name or position, as its Rust type.
pub fn get<T: Column<K>, K>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    let index = column.idx(row.as_ref())?;
    let stored = row.get_ref(index)?;
    ValueRef::try_from(stored).and_then(T::from_ref).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, stored.data_type(), Box::new(error))
    })
}

/// A value of any column type as a parameter of a query: `named_params! { ":item": bind(&item) }`.
pub fn bind<T: Column<K>, K>(value: &T) -> Value {
    value.to_value()
}
