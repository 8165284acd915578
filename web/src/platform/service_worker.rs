//! The service worker as the app sees it: is a newer build ready, and take it over.
//!
//! `boot.js` names the worker; here it is watched. Browsers look for a new worker on their own only now and then (a
//! reload does not do it), so we ask: at the start, whenever the page is seen again or the network is back, and every
//! hour. A new worker waits until [`take_over`]: a running page never changes under its reader.

use super::{
    clock::{self, Timer},
    page::{self, Moment},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

/// How often a newer build is looked for, in milliseconds.
const LOOK_EVERY_MS: i64 = 60 * 60 * 1000;

/// Two looks are this far apart at least, in milliseconds: a page gets the focus often.
const LOOK_APART_MS: f64 = 10_000.0;

/// Calls `ready` whenever a newer build is wholly on this device and waits.
pub(crate) fn watch(ready: impl Fn() + 'static) {
    let Some(container) = container() else { return };
    let ready: Rc<dyn Fn()> = Rc::new(ready);
    spawn_local(async move {
        let Some(registration) = registration(&container).await else { return };
        let look = {
            let (container, registration, ready) = (container.clone(), registration.clone(), ready.clone());
            move || report_waiting(&container, &registration, &ready)
        };
        look();
        let found = registration.clone();
        page::listen(&registration, "updatefound", move || {
            if let Some(worker) = found.installing() {
                let (state, look) = (worker.clone(), look.clone());
                page::listen(&worker, "statechange", move || {
                    if state.state() == ServiceWorkerState::Installed {
                        look();
                    }
                });
            }
        });
        ask_again_and_again(registration);
    });
}

/// Lets the waiting build take over and loads the page anew from it. Call when everything is saved.
pub(crate) fn take_over() {
    let Some(container) = container() else { return page::reload() };
    spawn_local(async move {
        let waiting = registration(&container).await.and_then(|registration| registration.waiting());
        let Some(waiting) = waiting else { return page::reload() };
        page::listen(&container, "controllerchange", page::reload);
        let message = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&message, &"type".into(), &"take-over".into());
        if waiting.post_message(&message).is_err() {
            page::reload();
        }
    });
}

fn report_waiting(
    container: &ServiceWorkerContainer,
    registration: &ServiceWorkerRegistration,
    ready: &Rc<dyn Fn()>,
) {
    // On a first visit there is no older build: the first worker is no update.
    if registration.waiting().is_some() && container.controller().is_some() {
        ready();
    }
}

fn ask_again_and_again(registration: ServiceWorkerRegistration) {
    let asked_at = Rc::new(Cell::new(f64::NEG_INFINITY));
    let ask = move || {
        let now = clock::measured_ms();
        if now - asked_at.get() < LOOK_APART_MS {
            return;
        }
        asked_at.set(now);
        if let Ok(asked) = registration.update() {
            spawn_local(async move {
                // Fails without a network; the next time will do.
                let _ = JsFuture::from(asked).await;
            });
        }
    };
    ask();
    let seen = ask.clone();
    page::watch(move |moment| {
        if matches!(moment, Moment::Shown | Moment::Online) {
            seen();
        }
    });
    hourly(Rc::new(ask), Rc::default());
}

fn hourly(ask: Rc<dyn Fn()>, timer: Rc<RefCell<Option<Timer>>>) {
    let (next_ask, next_timer) = (ask, timer.clone());
    *timer.borrow_mut() = Some(Timer::after(LOOK_EVERY_MS, move || {
        next_ask();
        hourly(next_ask, next_timer);
    }));
}

async fn registration(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    JsFuture::from(container.ready().ok()?).await.ok()?.dyn_into().ok()
}

/// Absent on pages that are neither https nor localhost, and in some private windows.
fn container() -> Option<ServiceWorkerContainer> {
    let container = web_sys::window()?.navigator().service_worker();
    (!container.is_undefined()).then_some(container)
}
