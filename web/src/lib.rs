//! The web app: a local replica of one workspace, and screens over it.
//!
//! Three floors within: `platform` knows the browser, `state` knows the replica and hands out signals, and what is seen
//! (`app`, `shell`, `pages`, `components`) knows `state` alone. There is no server in this picture: everything works on
//! the device's own copy, and the relay is told when it can be.

mod app;
mod components;
mod pages;
mod platform;
mod recovery;
mod shell;
mod state;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Starts the app in the element `#app` of index.html.
///
/// The shell is on the screen before anything is known of the document: finding out who is here, reading the disk and
/// dialling the relay begin in the same moment and fill it in.
#[wasm_bindgen(start)]
pub fn start() {
    recovery::on_panic();
    let Some(root) = recovery::root() else { return };
    let repo = state::Repo::start();
    leptos::mount::mount_to(root, move || {
        provide_context(repo.clone());
        app::App()
    })
    .forget();
    recovery::started();
}
