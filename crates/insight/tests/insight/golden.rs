//! Health of goals, requirements, promises and the register on the sample, worked out by hand from the rows of domain
//! model 7 and the rules of 4.16.

use crate::support::{anchor, code_of, codes, of, view};
use std::collections::BTreeMap;
use workspace::Kind;
use workspace::health::{
    CommitmentHealth, Health, RequirementHealth, commitment_health, exposure, goal_health_in,
    objectives_health, requirement_health,
};

/// Only O1, O2 and the three of G2 are on track; G1 has four objectives, two of them off track.
#[test]
fn health_of_the_goals() {
    let objectives = objectives_health(view(), anchor());
    assert_eq!(objectives.len(), 15);
    let found = ["G1", "G2", "G3", "G4", "G5"].map(|code| goal_health_in(view(), of(code), &objectives));
    let expected = [Health::OffTrack, Health::OnTrack, Health::OffTrack, Health::OffTrack, Health::AtRisk];
    assert_eq!(found, expected.map(Some));
}

/// The judgement of people, one step lower where the objective behind it is off track (O9 and O10).
#[test]
fn health_of_the_requirements() {
    let objectives = objectives_health(view(), anchor());
    let health = |code| requirement_health(view(), of(code), &objectives);
    let partly = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q9"];
    let expected: BTreeMap<&str, RequirementHealth> = partly
        .map(|code| (code, RequirementHealth::Partly))
        .into_iter()
        .chain([("Q6", RequirementHealth::NotMet), ("Q10", RequirementHealth::NotMet)])
        .chain([("Q7", RequirementHealth::Met), ("Q8", RequirementHealth::Met)])
        .collect();
    let found: BTreeMap<&str, RequirementHealth> =
        expected.keys().map(|code| (*code, health(code))).collect();
    assert_eq!(found, expected);
}

/// S-M5 is 0 of 5: every promise has an active objective.
#[test]
fn health_of_the_promises() {
    for (promise, upheld_by) in [
        ("commitment-C1", "O1 O2 O3 O5"),
        ("commitment-C2", "O4 O6 O10 O11 O12"),
        ("commitment-C3", "O8 O9"),
        ("commitment-C4", "O7 O14"),
        ("commitment-C5", "O13"),
    ] {
        let health: CommitmentHealth = commitment_health(view(), of(promise));
        assert_eq!(codes(health.objectives.clone()), upheld_by, "{promise}");
        assert!(!health.is_hollow());
    }
}

/// Twelve risks are above their appetite: 6+3+3+7+1+7+1+10+2+3+2+9 points. Six opportunities are pursued: 4+4+3+3+3+7.
#[test]
fn exposure_of_the_register() {
    let sums = exposure(view());
    assert_eq!(codes(sums.above.clone()), "R01 R03 R04 R05 R06 R10 R11 R13 R16 R17 R19 R22");
    assert_eq!(sums.points_above, 54);
    assert_eq!(codes(sums.pursued.clone()), "P01 P02 P03 P05 P07 P08");
    assert_eq!(sums.points_to_gain, 24);
    assert_eq!((sums.open_risks, sums.open_opportunities), (23, 10));
    assert!(
        sums.unrated.is_empty(),
        "{:?}",
        sums.unrated.iter().map(|record| code_of(*record)).collect::<Vec<_>>()
    );
    assert_eq!(view().live(Kind::Register).count(), 36);
}
