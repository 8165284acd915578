//! Several values in one cell: `a | b`. Ours are parted by a pipe; files of others also by `;` and line breaks.

/// Values as one cell. A pipe within a value is written `\|`.
pub(crate) fn join<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let escaped: Vec<String> =
        values.into_iter().map(|value| value.replace('\\', r"\\").replace('|', r"\|")).collect();
    match escaped.as_slice() {
        // A pipe says that nothing else parts values here.
        [only] if only.contains([';', '\n']) => format!("{only} |"),
        _ => escaped.join(" | "),
    }
}

/// The values of a cell. Where it has a pipe, only pipes part.
pub(crate) fn split(text: &str) -> Vec<String> {
    let (values, piped) = split_pipes(text);
    let values = match piped || text.contains('\\') {
        true => values,
        false => text.split([';', '\n']).map(str::to_owned).collect(),
    };
    values.into_iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

fn split_pipes(text: &str) -> (Vec<String>, bool) {
    let mut values = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let next = chars.peek().copied();
        match (char, next) {
            ('\\', Some(escaped @ ('\\' | '|'))) => {
                chars.next();
                if let Some(last) = values.last_mut() {
                    last.push(escaped);
                }
            }
            ('|', _) => values.push(String::new()),
            _ => {
                if let Some(last) = values.last_mut() {
                    last.push(char);
                }
            }
        }
    }
    let piped = values.len() > 1;
    (values, piped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn files_of_others_part_values_in_several_ways() {
        assert_eq!(split("a; b\nc"), ["a", "b", "c"]);
        assert_eq!(split("a; b | c"), ["a; b", "c"]);
        assert_eq!(split(" | "), [""; 0]);
    }

    proptest! {
        #[test]
        fn values_come_back(values in proptest::collection::vec("[a-z|;\\\\][a-z |;\\\\]{0,6}[a-z|;\\\\]", 0..5)) {
            prop_assert_eq!(split(&join(values.iter().map(String::as_str))), values);
        }
    }
}
