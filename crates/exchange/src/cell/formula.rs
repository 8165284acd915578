//! Text that a spreadsheet program would compute.
//!
//! A cell that begins with `=` is a formula wherever a colleague opens the file, and formulas can fetch addresses and
//! start programs. So outgoing text of that kind gets an apostrophe in front, which spreadsheets show as plain text,
//! and incoming text loses one that stands before such a sign.

fn is_armed(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\'')
}

/// Text as it may leave.
pub(crate) fn disarm(text: String) -> String {
    if text.starts_with(is_armed) { format!("'{text}") } else { text }
}

/// Text as it was before it left.
pub(crate) fn rearm(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(is_armed)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_as_a_formula_and_everything_comes_back() {
        for text in ["=1+1", "@x", "-3 °C", "'quoted", "''=", "plain", "", "'s-Hertogenbosch", "\tx"] {
            let out = disarm(text.to_owned());
            assert!(!out.starts_with(['=', '+', '-', '@', '\t', '\r']), "{out}");
            assert_eq!(rearm(&out), text);
        }
        assert_eq!(rearm("'s-Hertogenbosch"), "'s-Hertogenbosch");
    }
}
