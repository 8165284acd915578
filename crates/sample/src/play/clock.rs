//! Gives every scene its time of day.

use crate::{
    notes::below,
    script::{Hour, Scene},
};
use ids::Timestamp;
use rand_core::RngCore;
use std::collections::BTreeMap;
use workspace::Date;

const MINUTE: i64 = 60;
/// Work begins and ends, in seconds of the day.
const BEGIN: i64 = 8 * 60 * MINUTE;
const END: i64 = 17 * 60 * MINUTE + 30 * MINUTE;
/// Where scenes without an hour stand among those with one: after a meeting of the morning.
const AFTER_THE_MEETING: i64 = 11 * 60 * MINUTE;
/// People need a moment between two changes.
const PAUSE: i64 = 20;

/// All scenes with their times, in order. No two scenes have the same time.
pub(super) fn timed(anchor: Date, scenes: Vec<Scene>, rng: &mut dyn RngCore) -> Vec<(Timestamp, Scene)> {
    let mut days: BTreeMap<i32, Vec<Scene>> = BTreeMap::new();
    for scene in scenes {
        days.entry(scene.day).or_default().push(scene);
    }
    days.into_iter()
        .flat_map(|(day, scenes)| {
            let midnight = anchor.plus_days(day).start();
            let timed: Vec<_> = day_of(scenes, rng)
                .into_iter()
                .map(|(second, scene)| (midnight.plus_millis(second * 1000), scene))
                .collect();
            timed
        })
        .collect()
}

/// One day: seconds since midnight.
fn day_of(scenes: Vec<Scene>, rng: &mut dyn RngCore) -> Vec<(i64, Scene)> {
    let (free, mut told): (Vec<Scene>, Vec<Scene>) =
        scenes.into_iter().partition(|scene| scene.hour == Hour::Any);
    told.sort_by_key(wanted);
    let mut timed: Vec<(i64, Scene)> = Vec::new();
    let mut now = BEGIN;
    let mut told = told.into_iter().peekable();
    while let Some(scene) = told.next() {
        if matches!(scene.hour, Hour::Minute(_)) {
            now = if timed.is_empty() { wanted(&scene) } else { wanted(&scene).max(now + PAUSE) };
            timed.push((now, scene));
            continue;
        }
        // A run of scenes without an hour shares the time up to the next one with an hour.
        let mut run = vec![scene];
        while let Some(next) = told.next_if(|next| next.hour == Hour::Told) {
            run.push(next);
        }
        let until = told.peek().map_or(END, wanted).max(now + 1);
        for (second, scene) in spread(now, until, run.len(), rng).into_iter().zip(run) {
            now = second.max(now + PAUSE);
            timed.push((now, scene));
        }
    }
    for scene in free {
        let mut second = between(BEGIN, END, rng);
        while timed.iter().any(|(taken, _)| *taken == second) {
            second += 1;
        }
        timed.push((second, scene));
    }
    timed.sort_by_key(|(second, _)| *second);
    timed
}

fn wanted(scene: &Scene) -> i64 {
    match scene.hour {
        Hour::Minute(minute) => i64::from(minute) * MINUTE,
        Hour::Told | Hour::Any => AFTER_THE_MEETING,
    }
}

fn spread(from: i64, until: i64, count: usize, rng: &mut dyn RngCore) -> Vec<i64> {
    let mut seconds: Vec<i64> = (0..count).map(|_| between(from, until, rng)).collect();
    seconds.sort_unstable();
    seconds
}

fn between(from: i64, until: i64, rng: &mut dyn RngCore) -> i64 {
    let span = usize::try_from(until - from).unwrap_or(0);
    from + i64::try_from(below(rng, span)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Voice;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    fn scene(name: &str, hour: Hour) -> Scene {
        let act = workspace::Act::new(name, Vec::new());
        Scene { day: -1, hour, voice: Voice::Import, act, lands: None, mark: None, counts: true }
    }

    #[test]
    fn a_day_keeps_what_was_told_in_order_and_meetings_on_time() {
        for seed in 0..50 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut day: Vec<Scene> = (0..20).map(|at| scene(&format!("told-{at:02}"), Hour::Told)).collect();
            day.extend((0..9).map(|_| scene("note", Hour::Any)));
            day.push(scene("end", Hour::Minute(10 * 60)));
            day.push(scene("start", Hour::Minute(9 * 60)));
            day.push(scene("sign", Hour::Minute(16 * 60)));
            let timed = timed(Date::new(2026, 3, 2).unwrap(), day, &mut rng);
            assert!(timed.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let told: Vec<&str> = timed
                .iter()
                .map(|(_, scene)| scene.act.name.as_str())
                .filter(|name| *name != "note")
                .collect();
            assert_eq!((told[0], told[1], told[22]), ("start", "end", "sign"));
            assert!(told[2..22].is_sorted());
            let minute = |name: &str| {
                let (time, _) = timed.iter().find(|(_, scene)| scene.act.name == name).unwrap();
                time.as_secs().rem_euclid(86_400)
            };
            assert_eq!((minute("start"), minute("end"), minute("sign")), (9 * 3600, 10 * 3600, 16 * 3600));
        }
    }
}
