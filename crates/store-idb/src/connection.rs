//! One connection to the database: opened on need, dropped when the browser closes it, and every transaction on it.

use crate::{
    failure::Failure,
    schema,
    settled::{self, Ended, Opened},
};
use js_sys::{Function, Object, Reflect};
use std::{cell::RefCell, rc::Rc};
use store::StoreError;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbTransaction};

/// What a transaction wants of the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A consistent picture.
    Read,
    /// Written through to the medium before it is answered.
    Write,
}

/// The connection to one database.
pub(crate) struct Connection {
    name: String,
    live: Rc<RefCell<Option<Live>>>,
}

/// An open connection, and the callbacks that notice its end.
struct Live {
    database: IdbDatabase,
    _ended: Closure<dyn FnMut()>,
}

impl Connection {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), live: Rc::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Opens the database, unless it is open.
    pub(crate) async fn open(&self) -> Result<(), StoreError> {
        self.database().await.map(drop)
    }

    pub(crate) fn close(&self) {
        self.live.borrow_mut().take();
    }

    /// Runs one transaction on the object store `store`. `body` makes its requests and hands back what will carry
    /// their results; it must not wait. The answer comes when the transaction has completed.
    ///
    /// The requests are made before the first wait when the connection is open already: a write started while the
    /// page is being hidden has reached the browser when the event handler returns.
    pub(crate) async fn transact<R>(
        &self,
        store: &str,
        access: Access,
        doing: &str,
        body: impl Fn(&IdbObjectStore) -> Result<R, JsValue>,
    ) -> Result<R, StoreError> {
        let mut repeated = false;
        loop {
            let open = self.live.borrow().as_ref().map(|live| live.database.clone());
            let database = match open {
                Some(database) => database,
                None => self.database().await?,
            };
            match attempt(&database, store, access, &body).await {
                Ok(result) => return Ok(result),
                Err(failure) if failure.is_lost_connection() && !repeated => {
                    repeated = true;
                    self.close();
                }
                Err(failure) => return Err(failure.while_doing(doing)),
            }
        }
    }

    async fn database(&self) -> Result<IdbDatabase, StoreError> {
        let open = self.live.borrow().as_ref().map(|live| live.database.clone());
        if let Some(database) = open {
            return Ok(database);
        }
        let doing = format!("opening the database {}", self.name);
        let database = match open_database(&self.name, Some(schema::VERSION)).await {
            Ok(database) => database,
            Err(failure) if failure.is_later_version() => {
                return Err(self.later_version(failure, &doing).await);
            }
            Err(failure) => return Err(failure.while_doing(&doing)),
        };
        self.keep(database.clone());
        Ok(database)
    }

    /// Makes `database` the connection until the browser ends it or somebody wants to delete the database.
    fn keep(&self, database: IdbDatabase) {
        let live = Rc::downgrade(&self.live);
        let ended = Closure::<dyn FnMut()>::new(move || {
            // Dropping the callback from within itself would free what is running: it goes in a later task.
            let over = live.upgrade().and_then(|live| live.borrow_mut().take());
            wasm_bindgen_futures::spawn_local(async move { drop(over) });
        });
        database.set_onclose(Some(ended.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(ended.as_ref().unchecked_ref()));
        *self.live.borrow_mut() = Some(Live { database, _ended: ended });
    }

    /// The error for a database that a later program has written: opened without a version it says its own.
    async fn later_version(&self, failure: Failure, doing: &str) -> StoreError {
        match open_database(&self.name, None).await {
            Ok(database) => {
                let found = database.version() as u32;
                database.close();
                StoreError::Format {
                    what: format!("the database {}", self.name),
                    found,
                    known: schema::VERSION,
                }
            }
            Err(_) => failure.while_doing(doing),
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

async fn attempt<R>(
    database: &IdbDatabase,
    store: &str,
    access: Access,
    body: &impl Fn(&IdbObjectStore) -> Result<R, JsValue>,
) -> Result<R, Failure> {
    let transaction = begin(database, store, access).map_err(Failure::thrown)?;
    let ended = settled::ended(&transaction);
    let made = transaction.object_store(store).and_then(|object_store| body(&object_store));
    let result = match made {
        Ok(result) => result,
        Err(thrown) => {
            // Half of a batch must not be written because the other half could not be asked for.
            let _ = transaction.abort();
            return Err(Failure::thrown(thrown));
        }
    };
    if access == Access::Write {
        commit(&transaction);
    }
    match ended.await {
        Ended::Complete => Ok(result),
        Ended::Aborted => Err(Failure::of(transaction.error())),
    }
}

/// `database.transaction(store, mode, { durability })`; web-sys knows the third argument only as an unstable API.
fn begin(database: &IdbDatabase, store: &str, access: Access) -> Result<IdbTransaction, JsValue> {
    let (mode, durability) = match access {
        Access::Read => ("readonly", "default"),
        Access::Write => ("readwrite", "strict"),
    };
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let transaction: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    transaction.call3(database, &store.into(), &mode.into(), &options)?.dyn_into()
}

/// Tells the browser now that nothing more will be asked. Left to itself it would find out only after this page has
/// heard of the last request: a page that is closed before that would lose the transaction.
///
/// Through the name, because web-sys calls the method deprecated. Browsers without it commit on their own.
fn commit(transaction: &IdbTransaction) {
    let method = Reflect::get(transaction, &"commit".into()).and_then(|method| method.dyn_into::<Function>());
    if let Ok(method) = method {
        let _ = method.call0(transaction);
    }
}

async fn open_database(name: &str, version: Option<u32>) -> Result<IdbDatabase, Failure> {
    let factory = factory()?;
    let request = match version {
        Some(version) => factory.open_with_u32(name, version),
        None => factory.open(name),
    }
    .map_err(Failure::thrown)?;
    let creating = request.clone();
    let settled = settled::opened(&request, move || {
        // What fails here fails the request: the upgrade transaction is aborted and the error arrives there.
        if let Ok(database) = creating.result().and_then(|value| value.dyn_into::<IdbDatabase>()) {
            for store in schema::STORES {
                let _ = database.create_object_store(store);
            }
        }
    });
    match settled.await {
        Opened::Open => request.result().and_then(|value| value.dyn_into()).map_err(Failure::thrown),
        Opened::Failed => Err(request.error().map_or_else(Failure::thrown, Failure::of)),
    }
}

fn factory() -> Result<IdbFactory, Failure> {
    let global = js_sys::global();
    let factory = match global.dyn_ref::<web_sys::Window>() {
        Some(window) => window.indexed_db(),
        None => global.unchecked_ref::<web_sys::WorkerGlobalScope>().indexed_db(),
    };
    factory
        .map_err(Failure::thrown)?
        .ok_or_else(|| Failure::thrown(JsValue::from_str("this browser gives this page no IndexedDB")))
}
