//! The first change of every workspace document, as frozen bytes.
//!
//! If two devices each created a map under the same key, one map would hide the other (F9, F10). So all top-level
//! maps, the containers of the singletons, and spare maps for later versions exist in one change with a fixed actor,
//! time 0 and fixed bytes. Two workspaces set up apart share it and merge cleanly. **Never change the file**; what a
//! later version needs goes into a spare map or is created on first write (reading unites containers made twice).

use ids::ChangeHash;

/// The genesis change: one uncompressed Automerge change chunk.
pub const BYTES: &[u8] = include_bytes!("../genesis/workspace-1.automerge");

/// The hash of the genesis change.
pub const HASH: ChangeHash = ChangeHash([
    0x63, 0xe8, 0x3c, 0x04, 0x86, 0xe3, 0x79, 0xed, 0x83, 0x28, 0x61, 0x0f, 0xb7, 0xa2, 0x78, 0xbc, 0x12,
    0xde, 0x51, 0xd0, 0xa4, 0x8f, 0x0e, 0x8d, 0xf5, 0x7e, 0x0b, 0x16, 0x80, 0xd2, 0x2e, 0xa8,
]);

/// The schema that this build writes (`meta.schema` of a fresh document is 1).
pub const SCHEMA: i64 = 1;

/// The spare top-level maps for sections that later versions add.
pub const SPARES: &[&str] = &["ext1", "ext2", "ext3", "ext4", "ext5", "ext6", "ext7", "ext8"];

/// The top-level map of links.
pub const EDGES: &str = "edges";

/// The top-level map from actor to device.
pub const DEVICES: &str = "devices";

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{
        ActorId, Automerge, ObjType, ROOT, ReadDoc, TextEncoding,
        transaction::{CommitOptions, Transactable},
    };

    const ACTOR: &[u8; 16] = b"binnacle-genesis";

    const MAPS: &[&str] = &[
        "members",
        "seats",
        "grants",
        "handovers",
        "needs",
        "issues",
        "parties",
        "requirements",
        "feedback",
        "policies",
        "commitments",
        "goals",
        "objectives",
        "kpis",
        "measurements",
        "register",
        "reviews",
        "inputs",
        "agenda",
        "decisions",
        "changes",
        "actions",
        "evidence",
        "audits",
        "findings",
        "concerns",
        "improvements",
        "leadership",
        "cadences",
        "notes",
        "edges",
        "devices",
        "ext1",
        "ext2",
        "ext3",
        "ext4",
        "ext5",
        "ext6",
        "ext7",
        "ext8",
    ];

    const SINGLETONS: &[(&str, &[&str], &[&str])] = &[
        (
            "direction",
            &["purpose", "ambition", "choices"],
            &["lastConfirmed", "climate", "comments", "commentsResolved"],
        ),
        ("reading", &[], &["seen"]),
        ("settings", &[], &["sites", "scales", "appetite", "thresholds", "signalAcknowledgements"]),
        ("meta", &[], &["features"]),
    ];

    /// How the file was made. It is not derived from the schema, which grows, while the genesis stays.
    fn regenerate() -> Vec<u8> {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit)
            .with_actor(ActorId::from(ACTOR.as_slice()));
        let mut tx = doc.transaction();
        for map in MAPS {
            tx.put_object(ROOT, *map, ObjType::Map).unwrap();
        }
        for (singleton, texts, maps) in SINGLETONS {
            let record = tx.put_object(ROOT, *singleton, ObjType::Map).unwrap();
            for text in *texts {
                tx.put_object(&record, *text, ObjType::Text).unwrap();
            }
            for map in *maps {
                tx.put_object(&record, *map, ObjType::Map).unwrap();
            }
            if *singleton == "meta" {
                tx.put(&record, "schema", 1_i64).unwrap();
                tx.put(&record, "epoch", 0_i64).unwrap();
            }
        }
        let (hash, _) =
            tx.commit_with(CommitOptions::default().with_message(r#"{"a":"genesis"}"#).with_time(0));
        doc.get_change_by_hash(&hash.unwrap()).unwrap().raw_bytes().to_vec()
    }

    #[test]
    #[ignore = "writes the genesis file; run once, before the first release, never again"]
    fn write_the_genesis_file() {
        std::fs::write("genesis/workspace-1.automerge", regenerate()).unwrap();
    }

    #[test]
    fn genesis_is_frozen() {
        assert_eq!(BYTES, regenerate());
        let doc = Automerge::load(BYTES).unwrap();
        assert_eq!(doc.get_heads(), vec![automerge::ChangeHash(HASH.0)]);
        assert_eq!(HASH.to_string(), "63e83c0486e379ed8328610fb7a278bc12de51d0a48f0e8df57e0b1680d22ea8");
    }

    #[test]
    fn genesis_has_every_collection_and_the_containers_of_the_singletons() {
        let doc = Automerge::load(BYTES).unwrap();
        let keys: Vec<String> = doc.keys(ROOT).collect();
        for kind in crate::Kind::ALL {
            assert!(keys.iter().any(|key| key == kind.collection()), "{kind}");
        }
        for key in SPARES.iter().chain(&[EDGES, DEVICES]) {
            assert!(keys.iter().any(|known| known == key), "{key}");
        }
    }
}
