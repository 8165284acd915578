//! The promises of the status, under whatever happens.

use crate::{disk, world::World};
use client::Event;
use proptest::prelude::*;
use workspace::RecordRef;

/// One thing that happens. Numbers choose among the tabs there are.
#[derive(Debug, Clone)]
enum Step {
    Create(u8),
    Rename(u8),
    Type(u8),
    FinishLoad(u8),
    FinishWrite(u8),
    FullWrite(u8),
    LostAnswer(u8),
    Dial(u8),
    ToRelay(u8),
    ToTab(u8),
    Broadcast(u8),
    LoseBroadcast(u8),
    Cut(u8),
    HalfOpen(u8),
    NetworkUp(u8),
    NetworkDown(u8),
    Flush(u8),
    Compact(u8),
    Crash(u8, bool),
    Pass(u16),
}

fn steps(len: usize) -> impl Strategy<Value = Vec<Step>> {
    let n = 0..4_u8;
    let step = prop_oneof![
        6 => n.clone().prop_map(Step::Create),
        4 => n.clone().prop_map(Step::Rename),
        4 => n.clone().prop_map(Step::Type),
        4 => n.clone().prop_map(Step::FinishLoad),
        6 => n.clone().prop_map(Step::FinishWrite),
        2 => n.clone().prop_map(Step::FullWrite),
        2 => n.clone().prop_map(Step::LostAnswer),
        4 => n.clone().prop_map(Step::Dial),
        10 => n.clone().prop_map(Step::ToRelay),
        10 => n.clone().prop_map(Step::ToTab),
        4 => n.clone().prop_map(Step::Broadcast),
        1 => n.clone().prop_map(Step::LoseBroadcast),
        2 => n.clone().prop_map(Step::Cut),
        1 => n.clone().prop_map(Step::HalfOpen),
        1 => n.clone().prop_map(Step::NetworkUp),
        1 => n.clone().prop_map(Step::NetworkDown),
        1 => n.clone().prop_map(Step::Flush),
        1 => n.clone().prop_map(Step::Compact),
        2 => (n, any::<bool>()).prop_map(|(tab, happened)| Step::Crash(tab, happened)),
        3 => (1..20_000_u16).prop_map(Step::Pass),
    ];
    proptest::collection::vec(step, 0..len)
}

fn tab_of(world: &World, n: u8) -> usize {
    usize::from(n) % world.tabs.len()
}

fn take(world: &mut World, records: &mut Vec<RecordRef>, number: usize, step: &Step) {
    match step {
        Step::Create(n) => {
            let tab = tab_of(world, *n);
            if world.tabs[tab].replica.is_open() {
                records.push(world.create(tab, &format!("issue {number}")));
            }
        }
        Step::Rename(n) | Step::Type(n) => {
            let tab = tab_of(world, *n);
            let known =
                records.iter().find(|record| world.tabs[tab].replica.view().record(**record).is_some());
            if let Some(record) = known.copied().filter(|_| world.tabs[tab].replica.is_open()) {
                match step {
                    Step::Type(_) => world.type_at(tab, record, 0, "🧭 "),
                    _ => world.rename(tab, record, &format!("name {number}")),
                }
            }
        }
        Step::FinishLoad(n) => {
            world.finish_load(tab_of(world, *n));
        }
        Step::FinishWrite(n) => {
            world.finish_write(tab_of(world, *n));
        }
        Step::FullWrite(n) => {
            world.fail_write(tab_of(world, *n), disk::full(), false);
        }
        Step::LostAnswer(n) => {
            world.fail_write(tab_of(world, *n), disk::failing(), true);
        }
        Step::Dial(n) => {
            world.dial(tab_of(world, *n));
        }
        Step::ToRelay(n) => {
            world.carry_to_relay(tab_of(world, *n));
        }
        Step::ToTab(n) => {
            world.carry_to_tab(tab_of(world, *n));
        }
        Step::Broadcast(n) => {
            world.carry_broadcast(tab_of(world, *n));
        }
        Step::LoseBroadcast(n) => {
            let tab = tab_of(world, *n);
            world.tabs[tab].mail.pop_front();
        }
        Step::Cut(n) => world.close(tab_of(world, *n), 1006),
        Step::HalfOpen(n) => {
            // What was on its way never arrives, and nobody says so.
            let tab = tab_of(world, *n);
            world.tabs[tab].to_relay.clear();
            world.tabs[tab].to_tab.clear();
            world.cut(tab);
        }
        Step::NetworkUp(n) => world.feed(tab_of(world, *n), Event::NetworkUp),
        Step::NetworkDown(n) => world.feed(tab_of(world, *n), Event::NetworkDown),
        Step::Flush(n) => world.feed(tab_of(world, *n), Event::Flush),
        Step::Compact(n) => world.feed(tab_of(world, *n), Event::Compact),
        Step::Crash(n, happened) => world.crash(tab_of(world, *n), *happened),
        Step::Pass(millis) => {
            world.now = world.now.plus_millis(i64::from(*millis));
            for tab in 0..world.tabs.len() {
                if world.tabs[tab].wake.is_some_and(|at| at <= world.now) {
                    world.tabs[tab].wake = None;
                    world.feed(tab, Event::Woken);
                }
            }
        }
    }
}

/// Three tabs in two browsers.
fn young_world(seed: u64) -> World {
    let mut world = World::new(seed, 2);
    for browser in [0, 0, 1] {
        world.open_tab(browser);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// After every single step: nothing is said to be saved that the disk does not have, nothing to be on the relay that
    /// the relay does not have, and no count is too small. Afterwards everything heals: every tab, every disk and the
    /// relay have the same, and know it.
    #[test]
    fn the_status_never_claims_too_much(seed: u64, steps in steps(80)) {
        let mut world = young_world(seed);
        let mut records = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            take(&mut world, &mut records, number, step);
            world.check();
        }
        world.check_views();
        for tab in 0..world.tabs.len() {
            world.feed(tab, Event::NetworkUp);
        }
        world.run();
        world.pass_time(120_000);
        world.run();
        world.check_converged();
    }

    /// Whatever was once said to be saved is there when a new tab of the same browser opens, also when every tab dies in
    /// the same moment and what was in flight is lost.
    #[test]
    fn what_was_said_to_be_saved_is_there_after_a_crash(seed: u64, steps in steps(60)) {
        let mut world = young_world(seed);
        world.relay_up = false;
        let mut records = Vec::new();
        let mut promised = [std::collections::BTreeSet::new(), std::collections::BTreeSet::new()];
        for (number, step) in steps.iter().enumerate() {
            take(&mut world, &mut records, number, step);
            for tab in 0..world.tabs.len() {
                if world.tabs[tab].replica.status().saved_here {
                    let browser = world.tabs[tab].browser;
                    promised[browser].extend(world.hashes(tab));
                }
            }
        }
        world.tabs.clear();
        for (browser, promised) in promised.iter().enumerate() {
            let tab = world.open_tab(browser);
            world.carry_all();
            prop_assert!(promised.is_subset(&world.hashes(tab)));
            prop_assert_eq!(world.tabs[tab].opened.as_ref().map(|report| report.corrupt), Some(0));
        }
    }
}
