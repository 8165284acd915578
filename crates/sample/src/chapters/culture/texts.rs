//! What was said, tried, found and done.

use super::CUSTODIAN;
use crate::budget::RAVI;

/// Concern, severity, summary, first answer, what changed or why nothing did.
pub(super) const CONCERNS: &[(&str, i64, &str, &str, &str)] = &[
    (
        "C01",
        2,
        "Torque tools are shared between two lines and nobody knows when they were last checked.",
        "We have found four tools without a date and took them out of use.",
        "Every line has its own tools, with a colour and a date.",
    ),
    (
        "C02",
        3,
        "The guard of the small press is taken off when there is a hurry.",
        "Thank you. The press stands still until the guard is fixed with a switch.",
        "The press does not run without its guard any more.",
    ),
    (
        "C03",
        2,
        "In the morning round the same two people are asked for reasons every day.",
        "We have talked with those who lead the round.",
        "The round stays as it is; who leads it changes every week. We explained why the figures are read aloud.",
    ),
    (
        "C04",
        2,
        "Test records are filled in at the end of the shift and not at the test.",
        "Seen and confirmed by the shift lead; we are looking at why.",
        "The record is part of the bench software, it cannot be filled in later.",
    ),
    (
        "C05",
        2,
        "Customers hear a promised day although everybody in planning knows that it will not hold.",
        "You are right for a third of the orders of that month.",
        "Sales sees the real capacity, and a day that cannot be kept is told when it is known.",
    ),
    (
        "C06",
        3,
        "Units go out at the quarter end with a yellow card that nobody reads.",
        "The yellow cards of the last quarter are being read now, all of them.",
        "Yellow cards are counted in the daily round; each one needs a name.",
    ),
    (
        "C07",
        2,
        "Orrin has one person less since spring and the same number of repairs.",
        "The figures are right. We are talking with service about what can wait.",
        "There is no money for one more person this year; two repair types wait longer instead, and customers know.",
    ),
    (
        "C08",
        2,
        "The cause list for complaints has no entry for glue, so glue is booked as handling.",
        "True. We counted again: eleven of the last forty.",
        "Glue has its own entry, old complaints were coded again.",
    ),
    (
        "C09",
        3,
        "At the end of the month somebody asks for the test to be repeated until it passes.",
        "We are looking into it with the data of the bench, not with the people.",
        "",
    ),
    (
        "C10",
        3,
        "People who stop a shipment are asked afterwards what it cost.",
        "The question should not have been asked. We are looking at where it comes from.",
        "",
    ),
    (
        "C11",
        2,
        "The bonus makes me choose between my colleagues and my customer.",
        "The scheme is being changed; the work is late, we say so openly.",
        "",
    ),
    ("C12", 3, "Two deviations of the water order were closed by the person who caused them.", "", ""),
];

/// Improvement, sponsor, area, the days of its states, what it is, what was learned.
pub(super) type Idea = (&'static str, &'static str, &'static str, &'static [i32], &'static str, &'static str);
pub(super) const IMPROVEMENTS: &[Idea] = &[
    (
        "X1",
        "m-coo",
        "Final test",
        &[-206, -191, -171, -131],
        "A board at final test: yesterday's yield, the three causes, a name beside each.",
        "The board works because it is read standing, at ten past seven, with those who can change something.",
    ),
    (
        "X2",
        "m-coo",
        "Assembly",
        &[-247, -236, -221, -188],
        "Torque tools get the colour of their line.",
        "Colour beats a number plate; three mix-ups in the first month, none since.",
    ),
    (
        "X3",
        RAVI,
        "Assembly",
        &[-261, -254, -240, -229],
        "A deviation fits on one page.",
        "One page is filled in, four pages were not.",
    ),
    (
        "X4",
        "m-cco",
        "Service",
        &[-142, -130, -111, -63],
        "A photo goes with every service report.",
        "The photo saves one question in three; engineers like it because it shows the mess they found.",
    ),
    ("X5", "m-coo", "Final test", &[-103, -94, -72], "One calendar for all test benches.", ""),
    (
        "X6",
        "m-cto",
        "Assembly",
        &[-86, -79, -51],
        "A cart with all parts for one P2 pump.",
        "The cart shows missing parts before the work begins; the wheels are too small for the ramp.",
    ),
    ("X7", RAVI, "Purchasing", &[-61, -44], "Suppliers see once a year what becomes of their parts.", ""),
    ("X8", "m-ceo", "Assembly", &[-38], "Every new assembler visits a customer in the first half-year.", ""),
    (
        "X9",
        "m-cfo",
        "Finance",
        &[-91, -80, -66, -35],
        "The weekly printed reports stop.",
        "Nobody has asked for them.",
    ),
];

/// Audit, when it is known of, auditor, summary.
pub(super) const AUDITS: &[(&str, i32, &str, &str)] = &[
    (
        "AU1",
        -431,
        "Internal team",
        "Design and calibration: orderly, stickers missing on nine of sixty instruments.",
    ),
    ("AU2", -482, "Certification body", "Surveillance: the system is written well; ask again who lives it."),
    ("AU3", -239, "Internal team", "Purchasing: orders go out without the revision level of the drawing."),
    (
        "AU4",
        -109,
        "Internal team",
        "Service: good with customers, weak on causes; competence records at Orrin have gaps.",
    ),
    ("AU5", -141, "Certification body", ""),
];

/// Finding, owner, statement, clause, steps: day and state.
pub(super) type Steps = &'static [(i32, &'static str)];
pub(super) const FINDINGS: &[(&str, &str, &str, &str, Steps)] = &[
    (
        "F1",
        RAVI,
        "Two drawings on the floor are one revision behind.",
        "7.5",
        &[(-426, "action-agreed"), (-418, "done"), (-407, "verified")],
    ),
    (
        "F2",
        RAVI,
        "The design review record names no decision on the open point.",
        "8.3",
        &[(-426, "action-agreed"), (-415, "done"), (-403, "verified")],
    ),
    (
        "F3",
        RAVI,
        "Calibration stickers are missing on nine of sixty instruments.",
        "7.1",
        &[(-374, "action-agreed"), (-305, "done"), (-303, "verified")],
    ),
    (
        "F4",
        RAVI,
        "The last management review has no output.",
        "9.3",
        &[(-350, "action-agreed"), (-322, "done"), (-312, "verified")],
    ),
    (
        "F5",
        "m-coo",
        "Purchase orders go out without the revision level.",
        "8.4",
        &[(-203, "action-agreed"), (-61, "done"), (-59, "verified"), (-30, "reopened")],
    ),
    ("F6", "m-cco", "Service reports close without a root cause.", "10.2", &[]),
    ("F7", "m-cco", "Photographs of the fault could be part of every report.", "8.5", &[]),
    ("F8", CUSTODIAN, "Competence records at Orrin have gaps.", "7.2", &[]),
];

/// Kind and note of each entry of the leadership log.
pub(super) const LED: [(&str, &str); 6] = [
    (
        "went-and-saw",
        "Spent a morning at final test, without a guide. Two people told me about the yellow cards.",
    ),
    ("thanked", "Thanked the person who stopped the shipment on Friday, in front of everybody."),
    (
        "removed-an-obstacle",
        "The gauge for bench 2 waited for a signature for three weeks; it waits no more.",
    ),
    ("told-a-mistake", "Told the team that I closed a finding too early last year, and what it cost."),
    ("backed-a-stop", "Stood by the night shift when they stopped the water order."),
    ("refused-a-shortcut", "Said no to skipping gate 4, although the customer had agreed to it."),
];
