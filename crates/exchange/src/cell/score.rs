//! Scores: `4x3` in one cell, or a number or word in each of two.

use crate::Scale;

/// The two halves of a score, as they are written.
pub(crate) fn halves(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let at = text.find(['x', 'X', '×', '*', '/'])?;
    let (first, rest) = text.split_at_checked(at)?;
    let mut rest = rest.chars();
    rest.next();
    let (first, second) = (first.trim(), rest.as_str().trim());
    // What follows an equals sign is the product.
    let second = second.split('=').next().unwrap_or(second).trim();
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}

/// A level on the scale of the file as one of ours, 1 to 5. Words count on a scale of five.
pub(crate) fn level(text: &str, scale: Scale) -> Option<u8> {
    let text = text.trim().to_lowercase();
    // `3 - likely` and `4 (hoch)` say the number first.
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text.get(digits.len()..).unwrap_or_default();
    if !digits.is_empty() && !rest.starts_with(['.', ',']) {
        return scale.level(digits.parse().ok()?);
    }
    // 3.0 is how some programs write 3.
    if let Some(whole) = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")) {
        return scale.level(whole.parse().ok()?);
    }
    crate::vocabulary::level(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_in_every_usual_way() {
        for text in ["4x3", "4×3", " 4 X 3 ", "4*3", "4/3", "4x3=12"] {
            assert_eq!(halves(text), Some(("4", "3")), "{text}");
        }
        for text in ["", "12", "x3", "4x", "high"] {
            assert_eq!(halves(text), None, "{text}");
        }
        assert_eq!(level("3", Scale::Five), Some(3));
        assert_eq!(level("3.0", Scale::Five), Some(3));
        assert_eq!(level("4 (hoch)", Scale::Four), Some(5));
        assert_eq!(level("2 - unlikely", Scale::Three), Some(3));
        assert_eq!(level("hoch", Scale::Five), Some(4));
        for text in ["0", "6", "", "-1", "3.5", "maybe"] {
            assert_eq!(level(text, Scale::Five), None, "{text}");
        }
    }
}
