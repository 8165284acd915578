//! Identifiers that peers choose themselves: any text, but never an unbounded one.

macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $error:ident, $max:expr, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        #[doc = concat!("A text that cannot be a ", $noun, ".")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum $error {
            /// Empty.
            #[error("a {noun} is not empty", noun = $noun)]
            Empty,
            /// Too long.
            #[error("a {noun} has at most {max} bytes, this one has {len}", noun = $noun, max = $max)]
            TooLong {
                /// Length of the text in bytes.
                len: usize,
            },
        }

        impl $name {
            /// Longest text accepted, in bytes.
            pub const LEN_MAX: usize = $max;

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.len() {
                    0 => Err($error::Empty),
                    len if len > $max => Err($error::TooLong { len }),
                    _ => Ok(Self(text.into())),
                }
            }
        }

        crate::text_form::serde_as_text!($name);
    };
}

pub(crate) use bounded_text;
