//! Small words that sentences are made of.

use workspace::{Date, Kind, Record, Scalar};

/// "one", "one and two", "one, two and three"; "nobody" when there is nothing to list.
pub(crate) fn list(mut items: Vec<String>) -> String {
    let Some(last) = items.pop() else { return "nobody".to_owned() };
    if items.is_empty() { last } else { format!("{} and {last}", items.join(", ")) }
}

/// "1 day", "3 days".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "1 day", "3 days".
pub(crate) fn days(number: i32) -> String {
    count(usize::try_from(number).unwrap_or(0), "day", "days")
}

/// The title of a record in quotation marks, or what it is when it has none.
pub(crate) fn quoted(record: Option<&Record>) -> String {
    match record {
        None => "a record that is not here".to_owned(),
        Some(record) if record.kind.is_singleton() => format!("the {}", noun(record.kind)),
        Some(record) if record.title().trim().is_empty() => format!("{} without a title", a(record)),
        Some(record) => format!("“{}”", record.title()),
    }
}

/// "a risk", "an objective".
pub(crate) fn a(record: &Record) -> String {
    let noun = noun_of(record);
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// What people call a record of this kind.
pub(crate) fn noun_of(record: &Record) -> &'static str {
    if record.kind == Kind::Register && record.line(workspace::Field::Kind) == Some("opportunity") {
        return "opportunity";
    }
    noun(record.kind)
}

/// What people call records of a kind.
pub(crate) const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Member => "member",
        Kind::Seat => "seat",
        Kind::Grant => "grant of authority",
        Kind::Handover => "handover",
        Kind::Need => "need",
        Kind::Direction => "direction",
        Kind::Issue => "issue",
        Kind::Party => "party",
        Kind::Requirement => "requirement",
        Kind::Feedback => "feedback",
        Kind::Policy => "policy version",
        Kind::Commitment => "promise of the policy",
        Kind::Goal => "goal",
        Kind::Objective => "objective",
        Kind::Kpi => "figure",
        Kind::Measurement => "measured value",
        Kind::Register => "risk",
        Kind::Review => "review",
        Kind::ReviewInput => "review input",
        Kind::AgendaItem => "agenda item",
        Kind::Decision => "decision",
        Kind::ChangePlan => "planned change",
        Kind::Action => "action",
        Kind::Evidence => "piece of evidence",
        Kind::Audit => "audit",
        Kind::Finding => "audit finding",
        Kind::Concern => "concern",
        Kind::Improvement => "improvement",
        Kind::LeadershipEntry => "leadership entry",
        Kind::Cadence => "rhythm",
        Kind::Note => "note",
        Kind::Reading => "reading mark",
        Kind::Settings => "settings",
        Kind::Meta => "document",
    }
}

/// A word of the document as people read it: `in-progress` is "in progress".
pub(crate) fn plain(word: &str) -> String {
    word.replace(['-', '_'], " ")
}

/// A day as people read it: "31 Mar 2026".
pub(crate) fn day(date: Date) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = date.civil();
    let place = usize::try_from(month).unwrap_or(1).saturating_sub(1);
    format!("{day} {} {year}", MONTHS.get(place).copied().unwrap_or("?"))
}

/// The words of a text without capitals and accents, in order.
pub(crate) fn tokens(text: &str) -> std::vec::IntoIter<String> {
    folded(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// A text without capitals and accents: "Straße" is "strasse", "Façade" is "facade".
pub(crate) fn folded(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            // Letters that carry no accent by themselves but are typed without one.
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            other => folded.push(other),
        }
    }
    folded
}

/// A value as people read it.
pub(crate) fn value(value: &Scalar) -> String {
    match value {
        Scalar::Flag(true) => "yes".to_owned(),
        Scalar::Flag(false) => "no".to_owned(),
        Scalar::Text(text) => text.parse::<Date>().map_or_else(|_| format!("“{text}”"), day),
        Scalar::Int(int) => int.to_string(),
        Scalar::Atom(json) => parts(json),
    }
}

fn parts(json: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match json {
        Json::Object(members) => {
            let shown = members.iter().filter(|(key, _)| !matches!(key.as_str(), "by" | "at" | "heads"));
            let shown = shown.map(|(key, value)| format!("{} {}", plain(key), parts(value)));
            let shown: Vec<String> = shown.collect();
            if shown.is_empty() { "an entry".to_owned() } else { shown.join(", ") }
        }
        Json::Array(entries) => entries.iter().map(parts).collect::<Vec<_>>().join(", "),
        Json::String(text) => text.parse::<Date>().map_or_else(|_| text.clone(), day),
        Json::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Json::Null => "nothing".to_owned(),
        Json::Number(number) => number.to_string(),
    }
}

/// What people call a field.
pub(crate) fn field(field: workspace::Field) -> String {
    use workspace::Field;
    match field {
        Field::Due => "due day".to_owned(),
        Field::Accountable => "person who answers for it".to_owned(),
        Field::Kpi => "figure".to_owned(),
        Field::Sponsor => "sponsor".to_owned(),
        Field::Better => "better direction".to_owned(),
        Field::Words => "wording".to_owned(),
        other => {
            let mut words = String::new();
            for letter in other.key().chars() {
                if letter.is_uppercase() {
                    words.push(' ');
                }
                words.extend(letter.to_lowercase());
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_capitals_and_accents() {
        assert_eq!(folded("Façade, STRASSE, Straße, Łódź, Ørsted"), "facade, strasse, strasse, lodz, orsted");
        assert_eq!(
            tokens("Final-test, 3rd bench (P4)").collect::<Vec<_>>(),
            ["final", "test", "3rd", "bench", "p4"]
        );
    }

    #[test]
    fn lists_and_days_read_like_a_sentence() {
        assert_eq!(list(vec![]), "nobody");
        assert_eq!(list(vec!["Tom".into(), "Clara".into(), "Jonas".into()]), "Tom, Clara and Jonas");
        assert_eq!(day("2026-03-31".parse().unwrap()), "31 Mar 2026");
        assert_eq!((days(1), days(3)), ("1 day".to_owned(), "3 days".to_owned()));
    }
}
