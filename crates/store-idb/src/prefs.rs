//! Small texts that this device remembers: who works here, which workspaces, switches of the app.

use crate::{IdbStore, connection::Access, schema};
use store::StoreError;
use wasm_bindgen::JsValue;

impl IdbStore {
    /// What is remembered under `name`.
    pub async fn recall(&self, name: &str) -> Result<Option<String>, StoreError> {
        let doing = format!("reading the setting {name}");
        let request = self
            .connection
            .transact(schema::PREFS, Access::Read, &doing, |prefs| prefs.get(&JsValue::from_str(name)))
            .await?;
        Ok(request.result().ok().and_then(|value| value.as_string()))
    }

    /// Remembers `text` under `name`.
    pub async fn remember(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let doing = format!("saving the setting {name}");
        let (key, value) = (JsValue::from_str(name), JsValue::from_str(text));
        self.connection
            .transact(schema::PREFS, Access::Write, &doing, |prefs| prefs.put_with_key(&value, &key))
            .await
            .map(drop)
    }

    /// Forgets what was remembered under `name`.
    pub async fn forget(&self, name: &str) -> Result<(), StoreError> {
        let doing = format!("removing the setting {name}");
        self.connection
            .transact(schema::PREFS, Access::Write, &doing, |prefs| prefs.delete(&JsValue::from_str(name)))
            .await
            .map(drop)
    }
}
