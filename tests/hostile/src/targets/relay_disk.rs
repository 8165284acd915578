//! A relay on a disk that holds anything.

use crate::{
    Target,
    relayed::Relayed,
    script::{self, script},
    stories::{self, items_of, store_of},
    tab::Tab,
};
use forge::{Chance, mutate::mutated_chunk};

pub(crate) const TARGET: Target = Target {
    name: "relay_disk",
    promise: "whatever is stored, the relay starts, deletes nothing that it cannot read, and serves what it can",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: |input, chance| script::mutated(input, chance, mutate),
};

fn seeds() -> Vec<Vec<u8>> {
    (0..stories::STORIES).map(|number| script(&items_of(&stories::story(number).on_relay))).collect()
}

fn run(input: &[u8]) {
    let store = store_of(&script::items(input));
    let before = crate::relayed::stored(&store).chunks;
    let mut relayed = Relayed::on(store.clone());
    let mut tab = Tab::new(50);
    let on = relayed.connect(&mut tab, "device-50");
    assert!(tab.write("on an old disk"));
    relayed.talk(on, &mut tab);
    relayed.pass(120_000);
    relayed.talk(on, &mut tab);
    assert!(!relayed.closed.contains_key(&on), "somebody honest is closed: {:?}", relayed.closed.get(&on));
    assert!(tab.disconnects.is_empty(), "somebody honest leaves: {:?}", tab.disconnects);
    assert!(tab.replica.status().on_relay, "somebody honest is not served: {:?}", tab.replica.status());
    tab.check();
    // What the guard refuses is still there.
    let after = crate::relayed::stored(&store).chunks;
    for chunk in before {
        let is_index = chunk.key().kind == store::ChunkKind::Index;
        if !is_index && guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT).is_err() {
            assert!(after.contains(&chunk), "{} could not be read and was deleted", chunk.key());
        }
    }
}

pub(super) fn mutate(item: &[u8], chance: &mut Chance) -> Vec<u8> {
    let Some((kind, bytes)) = item.split_first() else { return vec![0] };
    if chance.one_in(10) {
        return [&[chance.below(3) as u8][..], bytes].concat();
    }
    [vec![*kind], mutated_chunk(bytes, &[], chance)].concat()
}
