//! Frames of the wire.

use crate::{Target, stories};
use bytes::Bytes;
use forge::{
    Chance,
    mutate::{disturb, mutated_message},
};
use wire::{Limits, Message, SyncMessage};

pub(crate) const TARGET: Target = Target {
    name: "frame",
    promise: "a frame is a message, which is the same when written and read again, or an error",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate,
};

fn seeds() -> Vec<Vec<u8>> {
    let stories = (0..stories::STORIES).map(stories::story);
    stories.flat_map(|story| story.by_guest.into_iter().chain(story.to_host)).collect()
}

fn run(input: &[u8]) {
    let frame = Bytes::copy_from_slice(input);
    for limits in [Limits::RELAY, Limits::CLIENT] {
        match wire::decode(&frame, &limits) {
            Ok(message) => {
                if let Message::Ephemeral(ephemeral) = &message {
                    let _ = ephemeral.is_well_formed();
                }
                // Gossip and what is unknown are read and not written.
                let is_written = !matches!(
                    message,
                    Message::Unknown { .. }
                        | Message::RemoteHeadsChanged { .. }
                        | Message::RemoteSubscriptionChange { .. }
                );
                if is_written {
                    assert_eq!(wire::decode(&wire::encode(&message), &limits), Ok(message));
                }
            }
            Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
        }
    }
}

/// A frame with something else in it; what is in a sync message is sealed again.
pub(super) fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let seal = |message: SyncMessage, chance: &mut Chance| SyncMessage {
        data: mutated_message(&message.data, chance).into(),
        ..message
    };
    let message = if chance.one_in(6) {
        None
    } else {
        wire::decode(&Bytes::copy_from_slice(input), &Limits::CLIENT).ok()
    };
    match message {
        Some(Message::Sync(message)) => wire::encode(&Message::Sync(seal(message, chance))).to_vec(),
        Some(Message::Request(message)) => wire::encode(&Message::Request(seal(message, chance))).to_vec(),
        _ => {
            let mut disturbed = input.to_vec();
            disturb(&mut disturbed, chance);
            disturbed
        }
    }
}
