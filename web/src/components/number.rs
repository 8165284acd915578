//! Numbers as people read them: a real minus sign, thin groups, no digits that were never measured.

/// What stands where nothing was measured. Missing is never zero.
pub(crate) const NO_VALUE: &str = "\u{2013}";

/// At most `places` decimals, trailing zeros kept so that a column lines up.
pub(crate) fn fixed(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return NO_VALUE.to_owned();
    }
    group(&format!("{value:.places$}"))
}

/// As few decimals as the value has, at most three.
pub(crate) fn plain(value: f64) -> String {
    if !value.is_finite() {
        return NO_VALUE.to_owned();
    }
    let mut digits = format!("{value:.3}");
    while digits.contains('.') && (digits.ends_with('0') || digits.ends_with('.')) {
        digits.pop();
    }
    group(&digits)
}

/// A share of one as whole per cent.
pub(crate) fn per_cent(share: f64) -> String {
    format!("{}\u{202F}%", fixed(share * 100.0, 0))
}

/// A number a person typed: decimal comma or point, spaces between groups, either minus sign. As a plain decimal string,
/// which is how measurements are stored.
pub(crate) fn typed(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| match char {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let is_number = digits.chars().any(|char| char.is_ascii_digit())
        && digits.chars().all(|char| char.is_ascii_digit() || char == '.')
        && digits.matches('.').count() <= 1;
    is_number.then_some(plain)
}

fn group(digits: &str) -> String {
    let (sign, rest) = match digits.strip_prefix('-') {
        Some(rest) if rest.chars().any(|char| char.is_ascii_digit() && char != '0') => ("\u{2212}", rest),
        Some(rest) => ("", rest),
        None => ("", digits),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len() > 4 && (whole.len() - index).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minus_is_a_minus_and_zero_has_none() {
        assert_eq!(fixed(-3.15159, 2), "\u{2212}3.15");
        assert_eq!(fixed(-0.001, 1), "0.0");
    }

    #[test]
    fn large_numbers_are_grouped_and_small_ones_are_not() {
        assert_eq!(plain(1012.0), "1012");
        assert_eq!(plain(185000.0), "185\u{202F}000");
        assert_eq!(plain(8.10), "8.1");
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        assert_eq!(fixed(f64::NAN, 1), NO_VALUE);
    }

    #[test]
    fn typed_numbers_are_read_in_the_ways_people_write_them() {
        assert_eq!(typed(" 1 450,5 ").as_deref(), Some("1450.5"));
        assert_eq!(typed("\u{2212}3").as_deref(), Some("-3"));
        assert_eq!(typed("0,5").as_deref(), Some("0.5"));
        assert_eq!(typed("1.2.3"), None);
        assert_eq!(typed("-"), None);
        assert_eq!(typed(""), None);
    }
}
