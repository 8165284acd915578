//! What is said about presence, as bytes.
//!
//! JSON in one CBOR text: stock peers decode the payload as CBOR and would break on anything else, and JSON keeps the
//! form readable and open to new fields.

use crate::Place;
use ids::MemberId;
use serde::{Deserialize, Serialize};

/// Longest payload read or written, in bytes.
const BYTES_MAX: usize = 2048;

/// Longest text in it, in bytes.
const TEXT_BYTES_MAX: usize = 256;

/// One message about one tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) kind: Kind,
    pub(crate) member: MemberId,
    pub(crate) name: String,
    pub(crate) device: String,
    pub(crate) tab: String,
    /// Counts up within a tab: an older message never replaces a newer one.
    pub(crate) sequence: u64,
    pub(crate) place: Place,
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// I am here.
    Here,
    /// I am gone.
    Goodbye,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    kind: Kind,
    member: MemberId,
    name: String,
    device: String,
    tab: String,
    seq: u64,
    route: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caret: Option<u64>,
}

impl Said {
    /// The payload of an ephemeral message; `None` when it would be too long to be read.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let wire = Wire {
            kind: self.kind,
            member: self.member,
            name: cut(&self.name),
            device: cut(&self.device),
            tab: cut(&self.tab),
            seq: self.sequence,
            route: cut(&self.place.route),
            record: self.place.record.map(|record| record.to_string()),
            field: self.place.field.as_deref().map(cut),
            caret: self.place.caret,
        };
        let json = serde_json::to_string(&wire).ok()?;
        let bytes = minicbor::to_vec(&json).ok()?;
        (bytes.len() <= BYTES_MAX).then_some(bytes)
    }

    /// Reads a payload. Anything that is not ours, too long or malformed is nothing: other applications may use the
    /// same channel.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > BYTES_MAX {
            return None;
        }
        let json: &str = minicbor::decode(bytes).ok()?;
        let wire: Wire = serde_json::from_str(json).ok()?;
        let texts = [&wire.name, &wire.device, &wire.tab, &wire.route];
        let bounded = texts.into_iter().chain(&wire.field).all(|text| text.len() <= TEXT_BYTES_MAX);
        bounded.then(|| Self {
            kind: wire.kind,
            member: wire.member,
            name: wire.name,
            device: wire.device,
            tab: wire.tab,
            sequence: wire.seq,
            place: Place {
                route: wire.route,
                // A record of a kind this build does not know is nowhere.
                record: wire.record.and_then(|record| record.parse().ok()),
                field: wire.field,
                caret: wire.caret,
            },
        })
    }
}

/// At most [`TEXT_BYTES_MAX`] bytes, cut between characters.
fn cut(text: &str) -> String {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use workspace::{Kind as RecordKind, RecordRef};

    fn said(name: &str, route: &str) -> Said {
        Said {
            kind: Kind::Here,
            member: MemberId(ids::RecordId::from_bits(1)),
            name: name.to_owned(),
            device: "Mia's laptop".to_owned(),
            tab: "t1".to_owned(),
            sequence: 7,
            place: Place {
                route: route.to_owned(),
                record: Some(RecordRef::new(RecordKind::Goal, ids::RecordId::from_bits(2))),
                field: Some("title".to_owned()),
                caret: Some(12),
            },
        }
    }

    #[test]
    fn what_is_said_is_what_is_heard() {
        let said = said("Mia", "/goals");
        assert_eq!(Said::decode(&said.encode().unwrap()), Some(said));
    }

    #[test]
    fn the_payload_is_one_cbor_text() {
        let bytes = said("Mia", "/goals").encode().unwrap();
        let json: String = minicbor::decode(&bytes).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["name"], "Mia");
    }

    proptest! {
        #[test]
        fn any_bytes_are_heard_or_passed_over(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Said::decode(&bytes);
        }

        #[test]
        fn long_texts_are_cut_and_stay_readable(name in "\\PC{0,400}", route in "\\PC{0,400}") {
            if let Some(bytes) = said(&name, &route).encode() {
                let heard = Said::decode(&bytes).unwrap();
                prop_assert!(name.starts_with(&heard.name) && route.starts_with(&heard.place.route));
            }
        }
    }
}
