//! What the file calls itself towards peers: they keep what they know of a relay under its storage id.

use crate::{RelayFile, WriteError, tables::IDENTITY};
use ids::StorageId;
use redb::ReadableTable;

const STORAGE_ID: &str = "storage_id";

impl RelayFile {
    /// The storage id of this file. The first call gives it `fresh`, which then stays for the life of the file; a copy
    /// of the file is the same store.
    pub fn storage_id(&self, fresh: &StorageId) -> Result<StorageId, WriteError> {
        self.write(format_args!("reading the storage id"), |transaction| {
            let mut identity = transaction.open_table(IDENTITY)?;
            let known = identity.get(STORAGE_ID)?.and_then(|text| text.value().parse().ok());
            match known {
                Some(known) => Ok(known),
                None => {
                    identity.insert(STORAGE_ID, fresh.as_str())?;
                    Ok(fresh.clone())
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, RelayFile};

    #[test]
    fn the_first_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("binnacle.redb");
        let (first, second) = ("first".parse().unwrap(), "second".parse().unwrap());
        let file = RelayFile::open(&path, &Options::default()).unwrap();
        assert_eq!(file.storage_id(&first).unwrap(), first);
        drop(file);
        let file = RelayFile::open(&path, &Options::default()).unwrap();
        assert_eq!(file.storage_id(&second).unwrap(), first);
    }
}
