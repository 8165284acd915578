//! Who delivered which change, and when: the relay's own evidence, where author and time in a change are claims.

use crate::{
    RelayReader,
    error::Failure,
    tables::{Key, RECEIPTS, join, starting_with},
};
use ids::{ChangeHash, DeviceId, DocumentId, MemberId, RecordId, Timestamp};
use redb::{ReadableTable, Table};
use std::{
    collections::BTreeSet,
    ops::{Bound, ControlFlow},
};
use store::StoreError;

/// The first delivery of a change to this relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The document the change belongs to.
    pub document: DocumentId,
    /// The change.
    pub change: ChangeHash,
    /// Who was signed in; nobody for a client with a token, which names itself by its device alone.
    pub member: Option<MemberId>,
    /// The device that delivered it.
    pub device: DeviceId,
    /// When, by the relay's clock.
    pub received: Timestamp,
}

/// Receipts read in one transaction: enough to be quick, few enough not to hold pages for long.
const PAGE: usize = 1_000;

impl RelayReader {
    /// The receipt of one change.
    pub fn receipt(&self, document: DocumentId, change: ChangeHash) -> Result<Option<Receipt>, StoreError> {
        self.read(format_args!("reading the receipt of {change}"), |transaction| {
            let key = join(document.as_bytes(), change.as_bytes());
            let stored = transaction.open_table(RECEIPTS)?.get(&key)?;
            stored.map(|stored| decode(document, change, stored.value())).transpose()
        })
    }

    /// Which of these changes have a receipt.
    pub fn with_receipt(
        &self,
        document: DocumentId,
        changes: &[ChangeHash],
    ) -> Result<BTreeSet<ChangeHash>, StoreError> {
        self.read(format_args!("looking for receipts of {document}"), |transaction| {
            let receipts = transaction.open_table(RECEIPTS)?;
            let mut found = BTreeSet::new();
            for change in changes {
                if receipts.get(&join(document.as_bytes(), change.as_bytes()))?.is_some() {
                    found.insert(*change);
                }
            }
            Ok(found)
        })
    }

    /// Every receipt of a document, by change hash. Read a thousand at a time, so that receipts which arrive meanwhile
    /// may or may not be among them.
    pub fn receipts(&self, document: DocumentId) -> impl Iterator<Item = Result<Receipt, StoreError>> {
        let reader = self.clone();
        let mut from = ControlFlow::Continue(None);
        std::iter::from_fn(move || {
            let ControlFlow::Continue(after) = from else { return None };
            let page = reader.page_of_receipts(document, after);
            from = match page.as_deref() {
                Ok([.., last]) => ControlFlow::Continue(Some(last.change)),
                Ok([]) | Err(_) => ControlFlow::Break(()),
            };
            Some(match page {
                Ok(page) => page.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        })
        .flatten()
    }

    fn page_of_receipts(
        &self,
        document: DocumentId,
        after: Option<ChangeHash>,
    ) -> Result<Vec<Receipt>, StoreError> {
        self.read(format_args!("reading the receipts of {document}"), |transaction| {
            let (first, last) = starting_with::<16, 48>(document.as_bytes());
            let after = after.map(|change| join::<16, 32, 48>(document.as_bytes(), change.as_bytes()));
            let from = after.as_ref().map_or(Bound::Included(&first), Bound::Excluded);
            let mut page = Vec::new();
            for entry in transaction
                .open_table(RECEIPTS)?
                .range::<&[u8; 48]>((from, Bound::Included(&last)))?
                .take(PAGE)
            {
                let (key, stored) = entry?;
                let change = key.value().last_chunk::<32>().copied().unwrap_or_default();
                page.push(decode(document, ChangeHash(change), stored.value())?);
            }
            Ok(page)
        })
    }
}

/// Keeps a receipt unless the change has one.
pub(crate) fn keep_first(table: &mut Table<'_, Key<48>, &[u8]>, receipt: &Receipt) -> Result<(), Failure> {
    let key = join(receipt.document.as_bytes(), receipt.change.as_bytes());
    if table.get(&key)?.is_none() {
        table.insert(&key, encode(receipt).as_slice())?;
    }
    Ok(())
}

/// Form 0: `0 | received ms i64 | member 0, or 1 and 16 bytes | device in UTF-8`. Numbers are big-endian.
fn encode(receipt: &Receipt) -> Vec<u8> {
    let mut stored = vec![0];
    stored.extend_from_slice(&receipt.received.as_millis().to_be_bytes());
    match receipt.member {
        None => stored.push(0),
        Some(member) => {
            stored.push(1);
            stored.extend_from_slice(&member.0.to_bits().to_be_bytes());
        }
    }
    stored.extend_from_slice(receipt.device.as_str().as_bytes());
    stored
}

fn decode(document: DocumentId, change: ChangeHash, stored: &[u8]) -> Result<Receipt, Failure> {
    let receipt = || -> Option<Receipt> {
        let (0, rest) = stored.split_first().map(|(form, rest)| (*form, rest))? else { return None };
        let (received, rest) = rest.split_first_chunk::<8>()?;
        let (member, device) = match rest.split_first()? {
            (0, device) => (None, device),
            (1, rest) => {
                let (member, device) = rest.split_first_chunk::<16>()?;
                (Some(MemberId(RecordId::from_bits(u128::from_be_bytes(*member)))), device)
            }
            _ => return None,
        };
        let device = std::str::from_utf8(device).ok()?.parse().ok()?;
        let received = Timestamp::from_millis(i64::from_be_bytes(*received));
        Some(Receipt { document, change, member, device, received })
    };
    receipt().ok_or_else(|| Failure::Corrupt(format!("the receipt of {change} in {document} cannot be read")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn round_trip(document: [u8; 16], change: [u8; 32], member: Option<u128>, device in ".{1,16}", received: i64) {
            let receipt = Receipt {
                document: DocumentId::from_bytes(document),
                change: ChangeHash(change),
                member: member.map(|bits| MemberId(RecordId::from_bits(bits))),
                device: device.parse().unwrap(),
                received: Timestamp::from_millis(received),
            };
            prop_assert_eq!(decode(receipt.document, receipt.change, &encode(&receipt)).unwrap(), receipt);
        }

        #[test]
        fn any_bytes_are_read_or_reported(stored: Vec<u8>) {
            let _ = decode(DocumentId::from_bytes([0; 16]), ChangeHash([0; 32]), &stored);
        }
    }
}
