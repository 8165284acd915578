//! Whether a new record could begin with a value, asked before there is a document to write it to.

use super::{check, values};
use crate::schema::{self, Mark};
use crate::{Author, Field, Initial, Kind, Refusal, Scalar};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::{Map, Value as Json};

/// Whether [`Edit::Create`](crate::Edit::Create) would take the value: an import of a thousand rows is one act, and one
/// bad cell would refuse all of it. `variant` is the entry's `kind` (risk or opportunity) for the register.
///
/// # Errors
/// The refusal that the act would meet.
pub fn accepts(kind: Kind, variant: Option<&str>, field: Field, value: &Initial) -> Result<(), Refusal> {
    let spec = schema::spec(kind, field).ok_or(Refusal::NoSuchField)?;
    match (spec.mark, value) {
        (Mark::Register | Mark::Atom | Mark::Order | Mark::Reference, Initial::Scalar(value)) => {
            check::scalar(spec, schema::lifecycle(kind, variant), value, &[])
        }
        (Mark::Text, Initial::Scalar(Scalar::Text(words))) => check::words(words),
        (Mark::Set, Initial::Members(members)) => members.iter().try_for_each(|member| check::key(member)),
        (Mark::Log | Mark::Superseding, Initial::Entries(entries)) => {
            entries.iter().try_for_each(|(_, entry)| {
                check::parts(spec, entry)?;
                check::json(&signed(check::object(entry)?))
            })
        }
        (Mark::Keyed, Initial::Keyed(entries)) => entries.iter().try_for_each(|(key, entry)| {
            check::key(key)?;
            check::parts(spec, entry)?;
            match spec.ty {
                schema::Type::Object => check::json(&signed(check::object(entry)?)),
                _ => check::json(entry),
            }
        }),
        _ => Err(Refusal::WrongMark { mark: spec.mark }),
    }
}

/// As long as it will be with its author and time.
fn signed(entry: Map<String, Json>) -> Json {
    let author = Author { member: MemberId(RecordId::from_bits(0)), device_label: String::new() };
    Json::Object(values::signed(entry, &author, Timestamp::from_millis(i64::from(i32::MAX) * 1000)))
}
