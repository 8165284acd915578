//! Waiting for an event of IndexedDB: one future for "it went well" or "it did not".

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};
use wasm_bindgen::prelude::*;
use web_sys::{IdbOpenDbRequest, IdbTransaction};

/// Resolves once. Keeps the callbacks alive until then and detaches them when dropped.
pub(crate) struct Settled<T> {
    shared: Rc<RefCell<Shared<T>>>,
    detach: Box<dyn Fn()>,
    _callbacks: Vec<Closure<dyn FnMut()>>,
}

struct Shared<T> {
    outcome: Option<T>,
    waker: Option<Waker>,
}

/// How a transaction ended.
pub(crate) enum Ended {
    /// Durable as far as the browser can tell.
    Complete,
    /// Undone. The transaction says why; an aborted transaction without an error was cut off from its database.
    Aborted,
}

/// How an attempt to open a database ended.
pub(crate) enum Opened {
    Open,
    /// The request says why.
    Failed,
}

/// Waits for the end of `transaction`. To be called in the task that made it.
pub(crate) fn ended(transaction: &IdbTransaction) -> Settled<Ended> {
    let shared = Shared::new();
    let complete = callback(&shared, || Ended::Complete);
    let aborted = callback(&shared, || Ended::Aborted);
    transaction.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
    transaction.set_onabort(Some(aborted.as_ref().unchecked_ref()));
    let transaction = transaction.clone();
    let detach = Box::new(move || {
        transaction.set_oncomplete(None);
        transaction.set_onabort(None);
    });
    Settled { shared, detach, _callbacks: vec![complete, aborted] }
}

/// Waits for `request`, running `upgrade` when the database is new.
pub(crate) fn opened(request: &IdbOpenDbRequest, upgrade: impl FnMut() + 'static) -> Settled<Opened> {
    let shared = Shared::new();
    let open = callback(&shared, || Opened::Open);
    let failed = callback(&shared, || Opened::Failed);
    let upgrade = Closure::<dyn FnMut()>::new(upgrade);
    request.set_onsuccess(Some(open.as_ref().unchecked_ref()));
    request.set_onerror(Some(failed.as_ref().unchecked_ref()));
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let request = request.clone();
    let detach = Box::new(move || {
        request.set_onsuccess(None);
        request.set_onerror(None);
        request.set_onupgradeneeded(None);
    });
    Settled { shared, detach, _callbacks: vec![open, failed, upgrade] }
}

fn callback<T: 'static>(shared: &Rc<RefCell<Shared<T>>>, outcome: fn() -> T) -> Closure<dyn FnMut()> {
    let shared = shared.clone();
    Closure::new(move || {
        let waker = {
            let mut shared = shared.borrow_mut();
            shared.outcome.get_or_insert_with(outcome);
            shared.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    })
}

impl<T> Shared<T> {
    fn new() -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(Self { outcome: None, waker: None }))
    }
}

impl<T> Future for Settled<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut shared = self.shared.borrow_mut();
        match shared.outcome.take() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                shared.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Settled<T> {
    fn drop(&mut self) {
        (self.detach)();
    }
}
