//! One WebSocket: opened, frames, writable, closed.

use super::clock::Timer;
use bytes::Bytes;
use client::Event;
use ids::ConnectionId;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// Bytes the browser may hold for us before the next frame is asked for.
const BUFFERED_BYTES_MAX: u32 = 64 * 1024;

/// How often the browser is asked whether it has passed on enough, in milliseconds: it has no event for that.
const DRAIN_POLL_MS: i64 = 20;

/// The close code that stands for "there was none" (RFC 6455, 7.1.5).
pub(super) const NO_CODE: u16 = 1006;

/// An open or opening socket. Dropping it closes it, and nothing more is heard of it.
pub(super) struct Socket {
    socket: WebSocket,
    connection: ConnectionId,
    tell: Tell,
    was_open: Rc<Cell<bool>>,
    draining: Rc<RefCell<Option<Timer>>>,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

type Tell = Rc<dyn Fn(Event)>;

impl Socket {
    /// Dials `url`. What happens is told as events of `connection`.
    pub(super) fn dial(url: &str, connection: ConnectionId, tell: Tell) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let was_open = Rc::new(Cell::new(false));
        let opened = {
            let (tell, was_open) = (tell.clone(), was_open.clone());
            Closure::<dyn FnMut()>::new(move || {
                was_open.set(true);
                tell(Event::Opened { connection });
            })
        };
        let message = {
            let tell = tell.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                // The protocol is binary; a text frame is nobody we know, and an empty frame is refused as such.
                let frame = message.data().dyn_into::<js_sys::ArrayBuffer>().map_or_else(
                    |_| Bytes::new(),
                    |buffer| Bytes::from(js_sys::Uint8Array::new(&buffer).to_vec()),
                );
                tell(Event::Frame { connection, frame });
            })
        };
        let closed = {
            let tell = tell.clone();
            Closure::<dyn FnMut(CloseEvent)>::new(move |closed: CloseEvent| {
                tell(Event::Closed { connection, code: closed.code(), reason: closed.reason() });
            })
        };
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            connection,
            tell,
            was_open,
            draining: Rc::default(),
            _opened: opened,
            _message: message,
            _closed: closed,
        })
    }

    pub(super) fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// Whether the handshake of the socket had succeeded.
    pub(super) fn was_open(&self) -> bool {
        self.was_open.get()
    }

    /// Hands one frame to the browser; [`Event::Writable`] follows when it has passed on enough.
    pub(super) fn send(&self, frame: &Bytes) {
        // Fails only while the socket is still opening or closing: the event for that is on its way.
        let _ = self.socket.send_with_u8_array(frame);
        report_when_drained(&self.socket, self.connection, &self.tell, &self.draining);
    }
}

fn report_when_drained(
    socket: &WebSocket,
    connection: ConnectionId,
    tell: &Tell,
    draining: &Rc<RefCell<Option<Timer>>>,
) {
    if socket.buffered_amount() <= BUFFERED_BYTES_MAX {
        tell(Event::Writable { connection });
        return;
    }
    let again = {
        let (socket, tell, draining) = (socket.clone(), tell.clone(), Rc::downgrade(draining));
        move || {
            if let Some(draining) = draining.upgrade() {
                report_when_drained(&socket, connection, &tell, &draining);
            }
        }
    };
    *draining.borrow_mut() = Some(Timer::after(DRAIN_POLL_MS, again));
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
