//! How the history is made: the same every time, at working hours, on the right devices, with a signed moment in it.

use crate::support::{SEED, anchor, code_of, of, record, sample, text, view};
use ids::{ChangeHash, Heads};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Date, Field, Kind, View, history, history::Standing};

#[test]
fn the_same_anchor_and_seed_give_the_same_document() {
    let again = sample::vantry_fluidics(anchor(), SEED).unwrap();
    assert_eq!(workspace::heads(&again.doc), workspace::heads(&sample().doc));
    assert_eq!(again.codes, sample().codes);
}

/// Weekends shift what people do, never what has to be there first. Here are a Saturday and a Sunday.
#[test]
fn the_story_can_begin_on_any_day_of_the_week() {
    for days in [5, 6] {
        let other = anchor().plus_days(days);
        let sample = sample::vantry_fluidics(other, SEED + 1).unwrap();
        let view = View::read(&sample.doc);
        assert_eq!(view.live(Kind::Action).count(), 68);
        let work = sample.doc.get_changes_meta(&[]).len();
        let here = crate::support::sample().doc.get_changes_meta(&[]).len();
        // The number of changes depends on how much of a day's work meets in one record only.
        assert!(work.abs_diff(here) < 20, "{work} {here}");
    }
}

#[test]
#[ignore = "seven weekdays, month ends and leap days; takes a while"]
fn the_story_can_begin_on_any_of_two_hundred_days() {
    for days in 0..200 {
        let other = Date::new(2027, 12, 1).unwrap().plus_days(days);
        let sample = sample::vantry_fluidics(other, u64::from(days.unsigned_abs())).unwrap();
        let view = View::read(&sample.doc);
        assert_eq!(view.all(Kind::Measurement).count(), view_measurements());
    }
}

fn view_measurements() -> usize {
    view().all(Kind::Measurement).count()
}

#[test]
fn nothing_is_damaged_contested_or_deleted() {
    for kind in Kind::ALL {
        for record in view().all(*kind) {
            assert!(record.damage.is_empty(), "{kind} {:?}", record.damage);
            assert!(record.unknown.is_empty());
            assert_eq!(record.contested().count(), 0, "{kind} {}", record.title());
            assert!(!record.is_deleted());
        }
    }
    let stand_ins = format!("{:?}", Kind::ALL.iter().flat_map(|kind| view().all(*kind)).collect::<Vec<_>>());
    assert!(!stand_ins.contains("\"@"), "a stand-in was left in");
}

#[test]
fn every_change_has_its_time_and_its_device() {
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut latest = BTreeMap::new();
    for told in history::all(&sample().doc).into_iter().skip(1) {
        let note = told.note.unwrap();
        let device = &view().devices()[&told.actor];
        assert_eq!(told.member, Some(device.member));
        labels.entry(code_of(&device.member.to_string())).or_default().insert(device.label.clone());
        let minute = told.claimed.as_secs().rem_euclid(86_400) / 60;
        assert!((7 * 60..18 * 60).contains(&minute), "{} at {minute}", note.act);
        assert!(told.claimed < anchor().start());
        let earlier = latest.insert(told.actor, told.claimed);
        assert!(earlier.is_none_or(|earlier| earlier < told.claimed), "{}", note.act);
    }
    let devices = |code: &str| labels[code].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(devices("m-cto"), ["Jonas' laptop", "Jonas' tablet"]);
    assert_eq!(devices("m-ceo"), ["Ines' laptop", "Ines' phone"]);
    assert_eq!(devices("m-qa"), ["Ravi's laptop"]);
    assert_eq!(view().devices().len(), 8 + 2 + 1, "one session per member and device, and the import");
    let import = view().devices().values().find(|device| device.label == "Figures import").unwrap();
    assert_eq!(import.member.0.to_bits(), 0);
    assert!(view().get(Kind::Member, import.member.0).is_none(), "what it writes is nobody's work");
}

#[test]
fn people_rarely_work_on_weekends() {
    let (mut weekend, mut all) = (0, 0);
    for told in history::all(&sample().doc) {
        if told.member.is_some_and(|member| member.0.to_bits() != 0) {
            all += 1;
            weekend += usize::from(Date::of(told.claimed).weekday() >= 5);
        }
    }
    // Reviews are held, and concerns published, on the days the story gives.
    assert!(weekend * 5 < all, "{weekend} of {all}");
    let notes = history::all(&sample().doc).into_iter().filter(|told| {
        told.note.as_ref().is_some_and(|note| note.act.ends_with(".note") && !note.act.starts_with("agenda"))
    });
    assert!(notes.into_iter().all(|told| Date::of(told.claimed).weekday() < 5));
}

/// Drift after the fourth review: three later changes, and two that had not seen any of the six signatures.
#[test]
fn what_was_signed_and_what_came_later() {
    let review = record("MR-4");
    let signatures: Vec<_> = review.entries(Field::SignOffs).map(|(_, entry)| entry).collect();
    assert_eq!(signatures.len(), 6);
    for signature in &signatures {
        assert!(signature.get("signature").is_none() && signature.get("key").is_none());
        let scope: BTreeSet<&str> = signature["scope"].as_array().unwrap().iter().map(text).collect();
        for code in ["MR-4", "MR-4/I7", "MR-4/D18", "D18", "D27"] {
            assert!(scope.contains(of(code).to_string().as_str()), "{code}");
        }
        let heads: Heads = signature["heads"]
            .as_array()
            .unwrap()
            .iter()
            .map(|head| text(head).parse::<ChangeHash>().unwrap())
            .collect();
        let mut later = Vec::new();
        let mut unseen = Vec::new();
        for (told, standing) in history::since(&sample().doc, &heads).unwrap() {
            let note = told.note.unwrap();
            let in_scope = note.records.iter().any(|record| scope.contains(record.to_string().as_str()));
            if !in_scope || note.act == "review.sign" {
                continue;
            }
            let who = code_of(&told.member.unwrap().to_string());
            let list = if standing == Standing::After { &mut later } else { &mut unseen };
            list.push(format!("{who} {}", note.act));
        }
        assert_eq!(later, ["m-cos review.summary", "m-cos agenda.note", "m-cfo decision.look-back"]);
        assert_eq!(unseen, ["m-cto agenda.note"; 2]);
    }
    // The signed state has none of it.
    let heads: Heads = signatures[0]["heads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|head| text(head).parse::<ChangeHash>().unwrap())
        .collect();
    let signed = history::view_at(&sample().doc, &heads).unwrap();
    let words = |view: &View, code: &str, field| view.record(of(code)).unwrap().text(field).to_owned();
    assert!(!words(&signed, "MR-4/D22", Field::Discussion).contains("plane"));
    assert!(words(view(), "MR-4/D22", Field::Discussion).contains("plane"));
    assert!(!words(&signed, "MR-4", Field::Summary).contains("Correction"));
}

#[test]
fn signatures_are_pinned_and_reviews_build_on_each_other() {
    for (code, capacity) in [("MR-1", 1), ("MR-2", 1), ("MR-3", 1), ("MR-4", 1)] {
        let chairs = record(code).entries(Field::SignOffs).filter(|(_, entry)| entry["capacity"] == "chair");
        assert_eq!(chairs.count(), capacity, "{code}");
    }
    // The baseline of a review is the state that the last signature of the one before left behind.
    for (code, earlier) in [("MR-3", "MR-2"), ("MR-4", "MR-3"), ("MR-5", "MR-4")] {
        let baseline = &record(code).atom(Field::Baseline).unwrap()["heads"];
        let heads: Heads = baseline
            .as_array()
            .unwrap()
            .iter()
            .map(|head| text(head).parse::<ChangeHash>().unwrap())
            .collect();
        let then = history::view_at(&sample().doc, &heads).unwrap();
        assert_eq!(then.record(of(earlier)).unwrap().status(), Some("signed"), "{code}");
    }
}

#[test]
fn it_is_small_and_opens_again() {
    let bytes = sample().doc.save();
    let changes = sample().doc.get_changes_meta(&[]).len();
    println!("{} bytes, {changes} changes", bytes.len());
    assert!(bytes.len() < 300_000, "{} bytes", bytes.len());
    let actor = ids::ActorId::new([7; 16]);
    let opened = workspace::load([bytes.as_slice()], &actor).unwrap();
    assert_eq!(workspace::heads(&opened), workspace::heads(&sample().doc));
}
