//! The `synced!` macro: one declaration of a table makes the row type and everything the store
//! needs to know of it.
//!
//! **Invariant:** the struct, the select list, the commit tags and the groups of a table come from
//! the same lines, so they cannot disagree.

/// Declares a synced table and its row type.
///
/// The first column is the key. The numbers are what commits carry; they are never reused. A
/// group is written in capitals, as the constant that names it in [`Tx::patch`](crate::Tx::patch).
///
/// ```
/// use lumbung_domain::num::Money;
///
/// lumbung_sync::synced! {
///     /// A payment of a customer.
///     pub fact Payment in "payment" tag 3000 scope branch {
///         1 payment_id: [u8; 16],
///         2 amount: Money,
///         3 note: Option<String>,
///     }
/// }
/// lumbung_sync::synced! {
///     /// Something for sale.
///     pub master Article in "article" tag 3001 scope company {
///         1 article_id: [u8; 16];
///         NAMING 1 { 2 code: String, 3 name: String }
///         ARCHIVED 2 { 4 archived: bool }
///     }
/// }
/// assert_eq!(Article::COLUMNS, "article_id, code, name, archived");
/// assert_eq!(Article::NAMING.decl().name, "naming");
/// ```
#[macro_export]
macro_rules! synced {
    (
        $(#[$meta:meta])*
        $vis:vis master $name:ident in $table:literal tag $tag:literal scope $scope:ident {
            $(#[$kmeta:meta])* $ktag:literal $key:ident : $kty:ty ;
            $( $group:ident $gtag:literal {
                $( $(#[$cmeta:meta])* $ctag:literal $col:ident : $cty:ty ),+ $(,)?
            } )+
        }
    ) => {
        $crate::synced! { @row
            $(#[$meta])* $vis $name in $table tag $tag scope $scope class Master
            columns {
                $(#[$kmeta])* $ktag $key $kty, group 0;
                $( $( $(#[$cmeta])* $ctag $col $cty, group $gtag; )+ )+
            }
            groups { $( $gtag $crate::__lower_name!($group), )+ }
        }
        impl $crate::Master for $name {}
        impl $name {
            $(
                #[doc = concat!("The columns of ", $table, " that change together as ",
                    stringify!($group), ".")]
                pub const $group: $crate::Group<$name> =
                    $crate::Group::new($gtag, $crate::__lower_name!($group));
            )+
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis fact $name:ident in $table:literal tag $tag:literal scope $scope:ident {
            $( $(#[$cmeta:meta])* $ctag:literal $col:ident : $cty:ty ),+ $(,)?
        }
    ) => {
        $crate::synced! { @row
            $(#[$meta])* $vis $name in $table tag $tag scope $scope class Fact
            columns { $( $(#[$cmeta])* $ctag $col $cty, group 0; )+ }
            groups {}
        }
        impl $crate::Fact for $name {}
    };
    (
        $(#[$meta:meta])*
        $vis:vis draft $name:ident in $table:literal tag $tag:literal scope $scope:ident {
            $( $(#[$cmeta:meta])* $ctag:literal $col:ident : $cty:ty ),+ $(,)?
        }
    ) => {
        $crate::synced! { @row
            $(#[$meta])* $vis $name in $table tag $tag scope $scope class Draft
            columns { $( $(#[$cmeta])* $ctag $col $cty, group 0; )+ }
            groups {}
        }
        impl $crate::Draft for $name {}
    };
    (@row
        $(#[$meta:meta])* $vis:vis $name:ident in $table:literal tag $tag:literal
        scope $scope:ident class $class:ident
        columns {
            $(#[$kmeta:meta])* $ktag:literal $key:ident $kty:ty, group 0;
            $( $(#[$cmeta:meta])* $ctag:literal $col:ident $cty:ty, group $cgroup:literal; )*
        }
        groups { $( $gtag:literal $gname:expr, )* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $(#[$kmeta])*
            #[doc = concat!("Key of `", $table, "`.")]
            pub $key: $kty,
            $(
                $(#[$cmeta])*
                #[doc = concat!("Column `", stringify!($col), "`.")]
                pub $col: $cty,
            )*
        }

        impl $name {
            /// The select list [`Synced::from_row`]($crate::Synced::from_row) reads.
            pub const COLUMNS: &'static str =
                concat!(stringify!($key) $(, ", ", stringify!($col))*);
        }

        impl $crate::Synced for $name {
            fn table() -> &'static $crate::TableDecl {
                static TABLE: $crate::TableDecl = $crate::TableDecl {
                    name: $table,
                    tag: $tag,
                    class: $crate::Class::$class,
                    scope: $crate::synced!(@scope $scope),
                    columns: &[
                        $crate::ColumnDecl {
                            tag: $ktag,
                            name: stringify!($key),
                            sql: <$kty as $crate::Column<_>>::SQL,
                            nullable: <$kty as $crate::Column<_>>::NULLABLE,
                            group: 0,
                        },
                        $( $crate::ColumnDecl {
                            tag: $ctag,
                            name: stringify!($col),
                            sql: <$cty as $crate::Column<_>>::SQL,
                            nullable: <$cty as $crate::Column<_>>::NULLABLE,
                            group: $cgroup,
                        }, )*
                    ],
                    groups: &[ $( $crate::GroupDecl { tag: $gtag, name: $gname }, )* ],
                };
                &TABLE
            }

            fn key(&self) -> $crate::Key {
                $crate::Column::<_>::with(&self.$key, $crate::__key_bytes)
            }

            fn each(&self, f: &mut dyn FnMut(usize, $crate::ValueRef<'_>)) {
                let mut at = 0;
                $crate::Column::<_>::with(&self.$key, |value| f(at, value));
                $(
                    at += 1;
                    $crate::Column::<_>::with(&self.$col, |value| f(at, value));
                )*
                let _ = at;
            }

            fn from_row_at(
                row: &$crate::rusqlite::Row<'_>,
                offset: usize,
            ) -> $crate::rusqlite::Result<Self> {
                let mut at = offset;
                let $key = $crate::get(row, at)?;
                $(
                    at += 1;
                    let $col = $crate::get(row, at)?;
                )*
                let _ = at;
                Ok($name { $key, $($col,)* })
            }
        }
    };
    (@scope company) => { $crate::ScopeRule::Company };
    (@scope branch) => { $crate::ScopeRule::Branch };
}

/// The name of a group: the constant's, in small letters.
#[doc(hidden)]
#[macro_export]
macro_rules! __lower_name {
    ($group:ident) => {{
        const NAME: [u8; stringify!($group).len()] = $crate::__lower(stringify!($group));
        $crate::__ascii(&NAME)
    }};
}

/// Small letters of an upper-case constant name.
#[doc(hidden)]
pub const fn __lower<const N: usize>(name: &str) -> [u8; N] {
    let bytes = name.as_bytes();
    let mut lower = [0; N];
    let mut i = 0;
    while i < N {
        assert!(
            !bytes[i].is_ascii_lowercase(),
            "write the group in capitals: it is the name of the constant"
        );
        lower[i] = bytes[i].to_ascii_lowercase();
        i += 1;
    }
    lower
}

/// The text of an ASCII constant.
#[doc(hidden)]
pub const fn __ascii(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a group has an ASCII name"),
    }
}

/// The sixteen bytes of a key column.
#[doc(hidden)]
pub fn __key_bytes(value: crate::ValueRef<'_>) -> crate::Key {
    match value {
        crate::ValueRef::Blob(bytes) => bytes.try_into().expect("a key has sixteen bytes"),
        other => panic!("a key is a blob of sixteen bytes, not {other:?}"),
    }
}
