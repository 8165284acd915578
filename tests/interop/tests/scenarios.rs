//! Every scenario with every pairing of the three implementations, against `binnacle serve`. One test each, so that a
//! failure says who could not do what with whom.

use anyhow::{Context, Result};
use interop::{peer::Kind, scenario};
use std::collections::BTreeSet;

macro_rules! scenarios {
    ($($name:ident)*) => {
        const PLAYED: &[&str] = &[$(stringify!($name)),*];

        macro_rules! pairing {
            ($pair:ident: $first:ident, $second:ident) => {
                mod $pair {
                    use super::*;
                    $(
                        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                        async fn $name() -> Result<()> {
                            for what in scenario::play(stringify!($name), Kind::$first, Kind::$second).await? {
                                println!("not checked: {what}");
                            }
                            Ok(())
                        }
                    )*
                }
            };
        }
    };
}

scenarios! {
    create_find_and_edit_both_ways
    forty_rapid_edits_of_each
    ephemeral_messages_both_ways
    offline_and_back
    the_same_text_at_once
    the_relay_restarts
    the_relay_is_killed
    only_the_disk_remembers
    an_unknown_document_is_unavailable
    a_reader_may_not_write
}

pairing!(js_and_js: Js, Js);
pairing!(js_and_samod: Js, Samod);
pairing!(js_and_ours: Js, Ours);
pairing!(samod_and_samod: Samod, Samod);
pairing!(samod_and_ours: Samod, Ours);
pairing!(ours_and_ours: Ours, Ours);
// The first makes the document and the second reads it, so the mixed pairs are played both ways round.
pairing!(samod_and_js: Samod, Js);
pairing!(ours_and_js: Ours, Js);
pairing!(ours_and_samod: Ours, Samod);

#[test]
fn no_scenario_lies_unplayed() -> Result<()> {
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(scenario::folder())? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).context("a file without a name")?;
        assert!(!scenario::read(name)?.about.is_empty());
        files.insert(name.to_owned());
    }
    assert_eq!(files, PLAYED.iter().map(|name| (*name).to_owned()).collect());
    Ok(())
}
