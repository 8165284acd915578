//! Numbers with fractions: `1.234,56` here is `1,234.56` there.

use crate::DecimalMark;
use workspace::Decimal;

/// Which mark a number shows to be the decimal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// No mark, or the same number either way.
    Plain,
    /// This one.
    Shown(DecimalMark),
    /// `1.234` or `1,234`: a thousand or a little more than one.
    Either,
}

/// How a number is written; `None` when it is none.
pub(crate) fn shape(text: &str) -> Option<Shape> {
    let text = bare(text);
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let after = |mark: char| text.rsplit(mark).next().map_or(0, str::len);
    let shape = match (points, commas) {
        (0, 0) => Shape::Plain,
        (1.., 1..) => match text.rfind('.') > text.rfind(',') {
            true => Shape::Shown(DecimalMark::Point),
            false => Shape::Shown(DecimalMark::Comma),
        },
        (1, 0) if after('.') == 3 && !text.starts_with("0.") => Shape::Either,
        (0, 1) if after(',') == 3 && !text.starts_with("0,") => Shape::Either,
        (1, 0) => Shape::Shown(DecimalMark::Point),
        (0, 1) => Shape::Shown(DecimalMark::Comma),
        // Several of one kind group digits, so the other one is the decimal mark.
        (_, 0) => Shape::Shown(DecimalMark::Comma),
        (0, _) => Shape::Shown(DecimalMark::Point),
    };
    let guess = match shape {
        Shape::Shown(mark) => mark,
        Shape::Plain | Shape::Either => DecimalMark::Point,
    };
    read(&text, guess).map(|_| shape)
}

/// The number a text means. `mark` is needed for [`Shape::Either`] alone.
pub(crate) fn decimal(text: &str, mark: Option<DecimalMark>) -> Option<Decimal> {
    let mark = match shape(text)? {
        Shape::Plain => DecimalMark::Point,
        Shape::Shown(shown) => shown,
        Shape::Either => mark?,
    };
    read(&bare(text), mark)
}

/// Without white space (also the narrow one that French groups digits with), a percent sign and a plus.
fn bare(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\'').collect();
    let text = text.strip_suffix('%').unwrap_or(&text);
    let text = text.strip_prefix('+').unwrap_or(text);
    text.replace('\u{2212}', "-")
}

fn read(text: &str, mark: DecimalMark) -> Option<Decimal> {
    let (decimal, group) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, fraction) =
        text.split_once(decimal).map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split(group);
    let first = groups.next()?;
    let grouped = whole.contains(group);
    if groups.any(|group| group.len() != 3) || (grouped && !(1..=3).contains(&first.len())) {
        return None;
    }
    let whole = whole.replace(group, "");
    let plain = fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"));
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_usual_way() {
        for (text, number) in [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1 234,56", "1234.56"),
            ("1'234.50", "1234.5"),
            ("1.234.567", "1234567"),
            ("93,3", "93.3"),
            ("93.3", "93.3"),
            ("0.125", "0.125"),
            ("-4,5 %", "-4.5"),
            ("+7", "7"),
        ] {
            assert_eq!(
                decimal(text, None).map(|number| number.to_string()).as_deref(),
                Some(number),
                "{text}"
            );
        }
        for text in ["", "-", "1,2,3.4.5", "12.34,567.8", "1.23.456", "about 5", "1.2,3,4"] {
            assert_eq!(decimal(text, Some(DecimalMark::Comma)), None, "{text}");
        }
    }

    #[test]
    fn a_thousand_or_a_little_more_than_one_is_not_guessed() {
        assert_eq!(shape("1.234"), Some(Shape::Either));
        assert_eq!(decimal("1.234", None), None);
        let read = |text, mark| decimal(text, Some(mark)).map(|number| number.to_string());
        assert_eq!(read("1.234", DecimalMark::Comma).as_deref(), Some("1234"));
        assert_eq!(read("1.234", DecimalMark::Point).as_deref(), Some("1.234"));
        assert_eq!(read("1,234", DecimalMark::Comma).as_deref(), Some("1.234"));
    }
}
