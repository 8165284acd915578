//! The words people use, in English and German, as data.
//!
//! What is proposed with them is shown before anything is imported; a word that is missing here is a question to a
//! person, not an error.

mod headers;
mod values;

pub(crate) use headers::column;
pub(crate) use values::{code, flag, level};

/// A word without what does not tell words apart: case, punctuation, remarks in brackets.
fn plain(word: &str) -> String {
    let word = word.split(['(', '[']).next().filter(|word| !word.trim().is_empty()).unwrap_or(word);
    let mut out = String::new();
    for char in word.chars().flat_map(char::to_lowercase) {
        if char.is_alphanumeric() || char == '#' || char == '%' {
            out.push(char);
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}
