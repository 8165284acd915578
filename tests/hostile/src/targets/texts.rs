//! Texts that mean something: identifiers, dates, numbers, positions, notes.

use crate::Target;
use forge::{Chance, mutate::disturb};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

pub(crate) const TARGET: Target = Target {
    name: "texts",
    promise: "a text is what it means, and that is written in a form that means the same, or it is an error",
    bytes_max: 1 << 10,
    seeds,
    run,
    mutate,
};

fn seeds() -> Vec<Vec<u8>> {
    [
        "4NMNnkMhL8jXrdJ9jamS58PAVdXu",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "4q7zpkd1xmh3nre2",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "device-1.0123456789abcdef",
        "2026-11-26",
        "2026-W48",
        "2026-Q4",
        "2026-11",
        "-12.50",
        "risks/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "risk.create",
        "3x4",
        "i0a",
        "zzzz",
        "{\"name\":\"issue.create\",\"records\":[]}",
        "a\nb",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    means_the_same::<ids::DocumentId>(text);
    means_the_same::<ids::WorkspaceId>(text);
    means_the_same::<ids::RecordId>(text);
    means_the_same::<ids::MemberId>(text);
    means_the_same::<ids::ChangeHash>(text);
    means_the_same::<ids::PeerId>(text);
    means_the_same::<ids::DeviceId>(text);
    means_the_same::<ids::StorageId>(text);
    means_the_same::<wire::SessionId>(text);
    means_the_same::<workspace::Date>(text);
    means_the_same::<workspace::Decimal>(text);
    means_the_same::<workspace::Period>(text);
    means_the_same::<workspace::RecordRef>(text);
    means_the_same::<workspace::Edge>(text);
    means_the_same::<store_redb::SecretId>(text);
    if let Ok(score) = text.parse::<workspace::lens::Score>() {
        assert_eq!(score.to_string().parse(), Ok(score));
    }
    if let Ok(secret) = text.parse::<store_redb::Secret>() {
        assert_eq!(secret.reveal(), text.to_lowercase());
    }
    if let Some(note) = workspace::ChangeNote::parse(text) {
        assert_eq!(workspace::ChangeNote::parse(&note.to_message()), Some(note));
    }
    if let Ok(json) = serde_json::from_str(text) {
        let _ = (workspace::canonical::text(&json), workspace::canonical::has_fraction(&json));
    }
    // Anybody may have written anything where a position is expected.
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (one, other) = text.split_once('\n').unwrap_or((text, ""));
    for (before, after) in
        [(Some(one), Some(other)), (Some(one), None), (None, Some(one)), (Some(other), Some(one))]
    {
        let between = workspace::order::between(before, after, &mut rng);
        assert!(workspace::order::is_position(&between), "{between:?}");
        let both = [before, after].into_iter().flatten().all(workspace::order::is_position);
        if let (true, Some(before), Some(after)) = (both, before, after)
            && before < after
        {
            assert!(before < between.as_str() && between.as_str() < after, "{before} {between} {after}");
        }
    }
}

fn means_the_same<T: FromStr + Display + PartialEq + Debug>(text: &str)
where
    T::Err: Display + Debug,
{
    match text.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            let again = written
                .parse::<T>()
                .unwrap_or_else(|error| panic!("{text:?} is written {written:?}: {error}"));
            assert_eq!(again, read);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut disturbed = input.to_vec();
    disturb(&mut disturbed, chance);
    String::from_utf8_lossy(&disturbed).into_owned().into_bytes()
}
