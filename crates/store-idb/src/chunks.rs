//! [`ChunkStore`] over the object store `chunks`.

use crate::{IdbStore, connection::Access, schema};
use bytes::Bytes;
use ids::DocumentId;
use js_sys::{Array, Uint8Array};
use std::collections::BTreeSet;
use store::{Batch, ChunkKey, ChunkKind, ChunkStore, CorruptChunk, Loaded, StoreError, codec};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbObjectStore, IdbRequest};

impl ChunkStore for IdbStore {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let doing = format!("saving {} bytes on this device", batch.put_bytes());
        let body = |chunks: &IdbObjectStore| {
            for deleted in batch.effective_deletes() {
                chunks.delete(&key_to_js(&deleted.key()))?;
            }
            for chunk in &batch.puts {
                let stored = Uint8Array::from(codec::encode(chunk.bytes()).as_slice());
                chunks.put_with_key(&stored, &key_to_js(&chunk.key()))?;
            }
            Ok(())
        };
        self.connection.transact(schema::CHUNKS, Access::Write, &doing, body).await
    }

    async fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        for (key, stored) in self.of_document(document, &format!("loading {document}")).await? {
            match codec::decode(key, &Bytes::from(stored.to_vec())) {
                Ok(chunk) => loaded.chunks.push(chunk),
                Err(why) => loaded.corrupt.push(CorruptChunk { key, why }),
            }
        }
        Ok(loaded)
    }

    /// IndexedDB has no length without the value: the values are read, and not copied into the program's memory.
    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        let stored = self.of_document(document, &format!("listing {document}")).await?;
        let len = |stored: Uint8Array| (stored.length() as usize).saturating_sub(codec::stored_len(0)) as u64;
        Ok(stored.into_iter().map(|(key, stored)| (key, len(stored))).collect())
    }

    async fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        let doing = "listing the documents on this device";
        let keys = self
            .connection
            .transact(schema::CHUNKS, Access::Read, doing, IdbObjectStore::get_all_keys)
            .await?;
        let keys = results(&keys).into_iter().filter_map(|key| key_from_js(&key));
        let documents: BTreeSet<_> = keys.map(|key| key.document).collect();
        Ok(documents.into_iter().collect())
    }
}

impl IdbStore {
    /// What lies under the keys of one document, in the order of the keys.
    async fn of_document(
        &self,
        document: DocumentId,
        doing: &str,
    ) -> Result<Vec<(ChunkKey, Uint8Array)>, StoreError> {
        let body = |chunks: &IdbObjectStore| {
            // An array sorts after every text and number: this is every key that starts with the document.
            let text = JsValue::from_str(&document.to_string());
            let (from, to) = (Array::of1(&text), Array::of2(&text, &Array::new()));
            let range = IdbKeyRange::bound(&from, &to)?;
            Ok((chunks.get_all_keys_with_key(&range)?, chunks.get_all_with_key(&range)?))
        };
        let (keys, values) = self.connection.transact(schema::CHUNKS, Access::Read, doing, body).await?;
        let pairs = results(&keys).into_iter().zip(results(&values)).filter_map(|(key, value)| {
            // A key of a kind that a later version knows is that version's; it stays where it is.
            Some((
                key_from_js(&key)?,
                value.dyn_into::<Uint8Array>().unwrap_or_else(|_| Uint8Array::new_with_length(0)),
            ))
        });
        Ok(pairs.collect())
    }
}

/// `[document, kind, hash]`
fn key_to_js(key: &ChunkKey) -> Array {
    Array::of3(
        &key.document.to_string().into(),
        &f64::from(key.kind.to_byte()).into(),
        &hex::encode(key.hash).into(),
    )
}

fn key_from_js(key: &JsValue) -> Option<ChunkKey> {
    let [document, kind, hash] =
        <[JsValue; 3]>::try_from(key.dyn_ref::<Array>()?.iter().collect::<Vec<_>>()).ok()?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(hash.as_string()?, &mut bytes).ok()?;
    Some(ChunkKey {
        document: document.as_string()?.parse().ok()?,
        kind: ChunkKind::from_byte(kind.as_f64()? as u8)?,
        hash: bytes,
    })
}

/// The result of a request whose transaction has completed.
fn results(request: &IdbRequest) -> Array {
    request.result().ok().and_then(|value| value.dyn_into().ok()).unwrap_or_default()
}
