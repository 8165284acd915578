//! Seeds that once failed, each with its story. They are run for ever.

/// A seed that failed.
#[derive(Debug)]
pub struct Regression {
    /// The seed.
    pub seed: u64,
    /// What it found, and what was done about it.
    pub story: &'static str,
}

/// All of them. A change of the simulation may give a seed another fate; its story then lives in the minimal test that
/// it names.
pub const REGRESSIONS: &[Regression] = &[
    Regression {
        seed: 12,
        story: "Of the simulation: everybody agreed while a line was dead and nobody had noticed; what its end brought \
                was taken for noise.",
    },
    Regression {
        seed: 14,
        story: "A browser held a document chunk of the relay beside changes of it that a sibling had stored one by one. \
                Opened together, the changes were refused and counted as damaged. Document chunks now enter first; \
                minimal test: a_change_that_is_also_in_a_document_chunk_is_not_a_damaged_one in crates/client.",
    },
    Regression { seed: 34, story: "As 14." },
    Regression { seed: 60, story: "As 14." },
    Regression {
        seed: 79,
        story: "Of the simulation: the power went while the file was opened again after a failure of the disk, and the \
                process was left running on a machine without power.",
    },
    Regression {
        seed: 96,
        story: "A socket had sent everything and said so; before the hub heard it, more was handed to the socket. The \
                relay took its whole window for free and overran the outbox, which would have closed the connection. \
                The hub now passes such a word on only when nothing waits for the socket (Hub::pass_writable_on). With \
                the word believed (Sabotage::StaleWord) this seed fails as it did; minimal test: \
                the_word_of_a_drained_socket_does_not_cover_what_it_was_given_since in the server's hub.",
    },
    Regression { seed: 103, story: "As 96, by presence alone; fails as it did with the word believed." },
    Regression {
        seed: 385,
        story: "As 96: one stale word was enough. It was named when the hub was mended and replayed later; it fails as \
                it did with the word believed.",
    },
    Regression {
        seed: 455,
        story: "Of the simulation: what a clogged socket had held for seconds arrived in the silence.",
    },
    Regression {
        seed: 483,
        story: "As 96. The simulation has changed since: it does not meet the stale word any more, and is kept because \
                it once did.",
    },
];
