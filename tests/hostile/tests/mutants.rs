//! A few thousand mutated messages; `cargo xtask mutants` sends 60,000 from each of three seeds.

use hostile::mutants::run;

#[test]
fn mutants_do_no_harm_behind_the_guard() {
    let tally = run(500, 2_500);
    println!("{tally}");
    assert_eq!(tally.broken(), Default::default());
    // Each question is good for something.
    assert!(tally.refused() > tally.mutants / 4);
    assert!(tally.accepted.harm() > tally.following.harm() && tally.following.harm() > 0);
    assert!(tally.doors.entered > 0 && tally.doors.closed_by_relay > 0 && tally.doors.closed_by_browser > 0);
    assert!(tally.honest > 100);
}
