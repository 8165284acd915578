//! Which of several open values counts until a person has chosen.

use crate::schema::{self, Caution, FieldSpec, Type};
use crate::{Decimal, Kind, Scalar};
use serde_json::Value as Json;

/// The place of the cautious value among `values`. Ties, and values the rule does not understand, fall back to the
/// winner, which is the same on every device.
pub(super) fn pick(kind: Kind, spec: &FieldSpec, values: &[Scalar], winner: usize) -> usize {
    let ranked: Vec<(Rank, usize)> = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| Some((rank(kind, spec, value)?, place)))
        .collect();
    let best = match spec.caution {
        Caution::Greatest | Caution::Yes => ranked.iter().map(|(rank, _)| rank).max(),
        _ => ranked.iter().map(|(rank, _)| rank).min(),
    };
    let tied: Vec<usize> =
        ranked.iter().filter(|(rank, _)| Some(rank) == best).map(|(_, place)| *place).collect();
    if tied.contains(&winner) { winner } else { tied.first().copied().unwrap_or(winner) }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number(i128),
    NumberThenDay(i128, Option<String>),
    Pair(i128, i128),
    Text(String),
    /// Nothing said: no limit, no end.
    Unlimited,
}

fn rank(kind: Kind, spec: &FieldSpec, value: &Scalar) -> Option<Rank> {
    match spec.caution {
        Caution::Winner => None,
        Caution::Leftmost => {
            let words = match spec.ty {
                Type::OneOf(words) => words,
                Type::State => schema::lifecycle(kind, None)?.states,
                _ => return None,
            };
            let place = words.iter().position(|word| Some(*word) == value.as_text())?;
            Some(Rank::Number(i128::try_from(place).ok()?))
        }
        Caution::Least | Caution::Greatest | Caution::Yes => of_scalar(value),
        Caution::LeastOf(member) => match value.as_atom()?.get(member) {
            None | Some(Json::Null) => Some(Rank::Unlimited),
            Some(json) => of_json(json),
        },
        Caution::Harder => harder(value.as_atom()?),
        Caution::Stricter => stricter(value.as_atom()?),
    }
}

fn of_scalar(value: &Scalar) -> Option<Rank> {
    match value {
        Scalar::Flag(flag) => Some(Rank::Number(i128::from(*flag))),
        Scalar::Int(int) => Some(Rank::Number(Decimal::from(*int).billionths())),
        Scalar::Text(text) => Some(of_text(text)),
        Scalar::Atom(json) => of_json(json),
    }
}

fn of_json(json: &Json) -> Option<Rank> {
    match json {
        Json::Bool(flag) => Some(Rank::Number(i128::from(*flag))),
        Json::Number(number) => Some(Rank::Number(Decimal::from(number.as_i64()?).billionths())),
        Json::String(text) => Some(of_text(text)),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn of_text(text: &str) -> Rank {
    text.parse::<Decimal>()
        .map_or_else(|_| Rank::Text(text.to_owned()), |number| Rank::Number(number.billionths()))
}

/// The harder target has the more demanding value; between equal values the earlier due date is harder.
fn harder(target: &Json) -> Option<Rank> {
    let value = match target.get("value")? {
        Json::String(text) => text.parse::<Decimal>().ok()?,
        number => Decimal::from(number.as_i64()?),
    };
    let demanding = match target.get("direction")?.as_str()? {
        "up" => -value.billionths(),
        "down" => value.billionths(),
        _ => return None,
    };
    Some(Rank::NumberThenDay(demanding, target.get("due").and_then(Json::as_str).map(str::to_owned)))
}

/// The pair that speaks up earlier. Which way is worse is told by the pair itself: urgent lies beyond watched.
fn stricter(pair: &Json) -> Option<Rank> {
    let number = |key| match pair.get(key)? {
        Json::String(text) => text.parse::<Decimal>().ok(),
        number => number.as_i64().map(Decimal::from),
    };
    let (watch, alert) = (number("watch")?.billionths(), number("alert")?.billionths());
    Some(if alert < watch { Rank::Pair(-watch, -alert) } else { Rank::Pair(watch, alert) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;
    use serde_json::json;

    fn shown(kind: Kind, field: Field, values: &[Scalar]) -> Scalar {
        let spec = schema::spec(kind, field).unwrap();
        // Whatever Automerge picks, the cautious value is the same.
        let picks: Vec<usize> = (0..values.len()).map(|winner| pick(kind, spec, values, winner)).collect();
        assert!(picks.windows(2).all(|pair| pair[0] == pair[1]), "{picks:?}");
        values[picks[0]].clone()
    }

    #[test]
    fn the_less_favourable_or_less_final_value_is_shown() {
        let word = |text: &str| Scalar::from(text);
        assert_eq!(shown(Kind::Action, Field::Status, &[word("cancelled"), word("done")]), word("done"));
        assert_eq!(
            shown(Kind::Register, Field::Status, &[word("closed"), word("treating")]),
            word("treating")
        );
        assert_eq!(shown(Kind::Register, Field::Response, &[word("accept"), word("reduce")]), word("reduce"));
        assert_eq!(shown(Kind::Member, Field::Kind, &[word("top"), word("guest")]), word("guest"));
        assert_eq!(
            shown(Kind::Action, Field::Due, &[word("2026-05-01"), word("2026-04-30")]),
            word("2026-04-30")
        );
        assert_eq!(
            shown(Kind::Concern, Field::FirstAnswerAt, &[word("2026-05-01"), word("2026-04-30")]),
            word("2026-05-01")
        );
        assert_eq!(shown(Kind::Feedback, Field::Severity, &[Scalar::Int(2), Scalar::Int(4)]), Scalar::Int(4));
        assert_eq!(
            shown(Kind::Settings, Field::RequireOtherVerifier, &[false.into(), true.into()]),
            true.into()
        );
        let pair = |watch: i64, alert: i64| Scalar::from(json!({"watch": watch, "alert": alert}));
        let (loose, strict) = (pair(20, 40), pair(15, 60));
        assert_eq!(shown(Kind::Settings, Field::Thresholds, &[loose, strict.clone()]), strict);
        let (loose, strict) = (pair(30, 15), pair(35, 10));
        assert_eq!(shown(Kind::Settings, Field::Thresholds, &[strict.clone(), loose]), strict);
        assert_eq!(
            shown(Kind::Settings, Field::Appetite, &[json!(12).into(), json!(9).into()]),
            json!(9).into()
        );
    }

    #[test]
    fn the_narrower_limit_and_the_harder_target_are_shown() {
        let unlimited: Scalar = json!({"currency": "EUR"}).into();
        let limited: Scalar = json!({"amount": "25000", "currency": "EUR"}).into();
        assert_eq!(shown(Kind::Grant, Field::Limit, &[unlimited, limited.clone()]), limited);

        let target = |value: &str, direction: &str, due: &str| -> Scalar {
            json!({"value": value, "direction": direction, "due": due}).into()
        };
        let (easy, hard) = (target("92", "up", "2026-06-30"), target("95", "up", "2026-09-30"));
        assert_eq!(shown(Kind::Objective, Field::Target, &[easy, hard.clone()]), hard);
        let (easy, hard) = (target("4.5", "down", "2026-06-30"), target("4.0", "down", "2026-06-30"));
        assert_eq!(shown(Kind::Objective, Field::Target, &[hard.clone(), easy]), hard);
        let (late, soon) = (target("95", "up", "2026-09-30"), target("95.0", "up", "2026-06-30"));
        assert_eq!(shown(Kind::Objective, Field::Target, &[late, soon.clone()]), soon);
    }

    #[test]
    fn a_known_word_counts_before_one_from_a_newer_version() {
        let (newer, known) = (Scalar::from("escalated"), Scalar::from("done"));
        assert_eq!(shown(Kind::Action, Field::Status, &[newer, known.clone()]), known);
    }
}
