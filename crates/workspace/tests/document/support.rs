//! Replicas of one workspace, each with a view that is fed by deltas and checked against a fresh one at every step.

use automerge::{Automerge, PatchLog};
use ids::{ActorId, Heads, MemberId, RecordId, Timestamp, Utf16Offset};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use workspace::{
    Act, Applied, Author, Edit, EditError, Field, Initial, Kind, Origin, Record, RecordRef, Refusal, Scalar,
    View, ViewDelta, apply, delta, delta_since, heads, new_document,
};

pub(crate) const NOON: Timestamp = Timestamp::from_secs(1_772_000_000);

pub(crate) struct Replica {
    pub(crate) doc: Automerge,
    /// Fed by patches.
    pub(crate) view: View,
    /// Fed by changes, as the product does with what arrives.
    pub(crate) told: View,
    pub(crate) author: Author,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) now: Timestamp,
}

/// The id of a made-up record.
pub(crate) fn id(number: u128) -> RecordId {
    RecordId::from_bits(number)
}

pub(crate) fn rec(kind: Kind, number: u128) -> RecordRef {
    RecordRef::new(kind, id(number))
}

impl Replica {
    /// A session of member `number` on a workspace of its own.
    pub(crate) fn new(number: u8) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(number));
        let doc = new_document(&ActorId::random(&mut rng)).unwrap();
        let view = View::read(&doc);
        let author =
            Author { member: MemberId(id(u128::from(number))), device_label: format!("laptop {number}") };
        let told = view.clone();
        Self { doc, view, told, author, rng, now: NOON }
    }

    /// A session of member `number` that has seen everything this one has.
    pub(crate) fn colleague(&self, number: u8) -> Self {
        let mut other = Self::new(number);
        other.merge(self);
        other
    }

    pub(crate) fn try_act(&mut self, name: &str, edits: Vec<Edit>) -> Result<Applied, EditError> {
        let before = heads(&self.doc);
        let act = Act::new(name, edits);
        let applied = apply(&mut self.doc, &self.author, self.now, &mut self.rng, &act);
        match &applied {
            Ok(applied) => {
                self.told.update(&self.doc, &applied.delta);
                self.feed(&applied.delta);
            }
            Err(_) => assert_eq!(before, heads(&self.doc), "a refused act writes nothing"),
        }
        applied
    }

    pub(crate) fn act(&mut self, edits: Vec<Edit>) -> Applied {
        self.try_act("test.act", edits).unwrap()
    }

    pub(crate) fn refused(&mut self, edit: Edit) -> Refusal {
        match self.try_act("test.refused", vec![edit]) {
            Err(EditError::Refused { why, .. }) => why,
            other => panic!("{other:?}"),
        }
    }

    /// Everything `other` has, through patches, into the view.
    pub(crate) fn merge(&mut self, other: &Self) -> ViewDelta {
        let before = heads(&self.doc);
        let mut log = PatchLog::active();
        let changes = other.doc.get_changes(&self.doc.get_heads());
        self.doc.apply_changes_log_patches(changes, &mut log).unwrap();
        let patches = self.doc.make_patches(&mut log);
        let patched = delta(&self.doc, &before, &patches, Origin::Remote);
        self.feed(&patched);
        self.told_since(&before)
    }

    /// Brings the told view up to date; nothing may have been needed that the delta did not say.
    pub(crate) fn told_since(&mut self, before: &Heads) -> ViewDelta {
        let delta = delta_since(&self.doc, before, Origin::Remote);
        let old = self.told.clone();
        let touched = self.told.update(&self.doc, &delta);
        splices_lead_from(&old, &self.told, &delta);
        if delta.collections.is_empty() {
            assert_eq!(touched, delta.touched, "changes tell all");
        }
        assert!(self.told == self.view);
        delta
    }

    fn feed(&mut self, delta: &ViewDelta) {
        let before = self.view.clone();
        self.view.update(&self.doc, delta);
        splices_lead_from(&before, &self.view, delta);
        // Cheap to compare, expensive to print: the difference is named.
        let fresh = View::read(&self.doc);
        if self.view != fresh {
            for kind in Kind::ALL {
                let (fed, read): (Vec<_>, Vec<_>) =
                    (self.view.all(*kind).collect(), fresh.all(*kind).collect());
                assert_eq!(fed, read, "{kind}");
            }
            assert_eq!(self.view.edges(), fresh.edges());
            assert_eq!(self.view.devices(), fresh.devices());
            panic!("the fed view differs from the fresh one");
        }
    }

    pub(crate) fn heads(&self) -> Heads {
        heads(&self.doc)
    }

    pub(crate) fn record(&self, record: RecordRef) -> &Arc<Record> {
        self.view.record(record).unwrap()
    }

    pub(crate) fn create(&mut self, record: RecordRef, fields: Vec<(Field, Initial)>) -> Applied {
        self.act(vec![Edit::Create { record, fields }])
    }

    pub(crate) fn set(&mut self, record: RecordRef, field: Field, value: impl Into<Scalar>) -> Applied {
        self.act(vec![Edit::Set { record, field, value: Some(value.into()) }])
    }

    pub(crate) fn splice(&mut self, record: RecordRef, field: Field, at: usize, delete: usize, insert: &str) {
        self.act(vec![Edit::Splice { record, field, at: Utf16Offset(at), delete, insert: insert.into() }]);
    }

    pub(crate) fn supersede(&mut self, record: RecordRef, field: Field, entry: u128, value: Json) -> Applied {
        self.act(vec![Edit::Supersede { record, field, entry: id(entry), value }])
    }

    pub(crate) fn go(&mut self, record: RecordRef, to: &str) -> Applied {
        self.act(vec![Edit::Move { record, to: to.into(), note: String::new() }])
    }

    /// All distinct values of a register, as text, sorted.
    pub(crate) fn values(&self, record: RecordRef, field: Field) -> Vec<String> {
        let register = self.record(record).register(field).unwrap();
        let mut values: Vec<String> = register.values().iter().map(Scalar::to_string).collect();
        values.sort();
        values
    }
}

/// An editor that does what the splices say ends with the words of the view.
fn splices_lead_from(before: &View, after: &View, delta: &ViewDelta) {
    let mut editors: BTreeMap<(RecordRef, Field), Vec<u16>> = BTreeMap::new();
    let words = |view: &View, record, field| {
        view.record(record).map_or_else(String::new, |record| record.text(field).to_owned())
    };
    for splice in &delta.texts {
        let editor = editors
            .entry((splice.record, splice.field))
            .or_insert_with(|| words(before, splice.record, splice.field).encode_utf16().collect());
        editor.splice(splice.at.0..splice.at.0 + splice.delete, splice.insert.encode_utf16());
    }
    for ((record, field), editor) in editors {
        assert_eq!(String::from_utf16(&editor).unwrap(), words(after, record, field), "{record}.{field}");
    }
}

/// Both replicas see what the other has.
pub(crate) fn sync(a: &mut Replica, b: &mut Replica) {
    a.merge(b);
    b.merge(a);
    assert_eq!(a.heads(), b.heads());
    assert_eq!(a.view, b.view);
}
