//! What a client must be able to do to play a scenario: one contract for all implementations.
//!
//! A peer holds one document, the one it last created or found, and looks after its connection by itself: when the
//! relay goes away and comes back at the same address, it is there again without being told. Nothing here waits for
//! anything of others; waiting is the player's business.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, pin::Pin};

/// Something that a peer does and that takes time.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// One client of one implementation.
pub trait Peer: Send {
    /// What the implementation cannot do by its own design. Nothing else is ever left out.
    fn lacks(&self) -> &'static [Ability] {
        &[]
    }

    /// Creates the document and returns its URL.
    fn create(&mut self, value: Value) -> Doing<'_, String>;

    /// Asks for a document: whether it is here now. No means that the relay said so, not that it was slow.
    fn find(&mut self, url: String) -> Doing<'_, bool>;

    /// Changes the document, connected or not.
    fn edit(&mut self, edit: Edit) -> Doing<'_, ()>;

    /// The document as it is here.
    fn copy(&mut self) -> Doing<'_, Copied>;

    /// Sends an ephemeral message to whoever has the document open.
    fn broadcast(&mut self, value: Value) -> Doing<'_, ()>;

    /// The ephemeral messages heard since the last time.
    fn heard(&mut self) -> Doing<'_, Vec<Heard>>;

    /// Ends the connection and stays away.
    fn go_offline(&mut self) -> Doing<'_, ()>;

    /// Connects again.
    fn go_online(&mut self) -> Doing<'_, ()>;

    /// Ends in an orderly way.
    fn leave(self: Box<Self>) -> Doing<'static, ()>;
}

/// Something that not every implementation can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// Says who sent an ephemeral message.
    NamesSenders,
}

/// A version of a document, comparable between implementations.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Heads in hexadecimal, sorted.
    pub heads: Vec<String>,
    /// The content.
    pub value: Value,
}

/// An ephemeral message that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Peer id of its author, where the implementation tells it.
    pub sender: Option<String>,
    /// What it says.
    pub value: Value,
}

/// One step of a path: a key of a map or a place in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// In a map.
    Name(String),
    /// In a list.
    Index(usize),
}

/// A change to a document. Strings in values are collaborative text, as JavaScript has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Sets a key of a map.
    Put {
        /// The key, after the way to its map.
        path: Vec<Key>,
        /// What to set it to.
        value: Value,
    },
    /// Removes a key of a map or an element of a list.
    Delete {
        /// The key or place, after the way to its parent.
        path: Vec<Key>,
    },
    /// Inserts into a list.
    Insert {
        /// The list.
        path: Vec<Key>,
        /// Where the new element will be.
        index: usize,
        /// The new element.
        value: Value,
    },
    /// Changes text.
    Splice {
        /// The text.
        path: Vec<Key>,
        /// Where, in UTF-16 code units.
        index: usize,
        /// How many UTF-16 code units go.
        #[serde(default)]
        delete: usize,
        /// What comes in their place.
        #[serde(default)]
        insert: String,
    },
}

/// The implementations there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JavaScript automerge-repo in a process of its own.
    Js,
    /// samod, an independent implementation in Rust.
    Samod,
    /// The session of our own client.
    Ours,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Js => "JavaScript",
            Self::Samod => "samod",
            Self::Ours => "our client",
        })
    }
}

impl Kind {
    /// Starts a client of this kind and connects it.
    pub async fn connect(self, url: &str, name: &str) -> Result<Box<dyn Peer>> {
        Ok(match self {
            Self::Js => Box::new(crate::js_peer::JsPeer::connect(url, name).await?),
            Self::Samod => Box::new(crate::samod_peer::SamodPeer::connect(url, name).await?),
            Self::Ours => Box::new(crate::our_peer::OurPeer::connect(url, name).await?),
        })
    }
}
