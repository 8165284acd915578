//! What was said in the reviews.

/// A past review: what the data file does not say.
pub(super) struct Meeting {
    /// Days between planning and meeting.
    pub(super) planned_before: i32,
    /// Minute of the day.
    pub(super) start: u32,
    /// The members of the top team who were there.
    pub(super) present: &'static [&'static str],
    /// Inputs that nobody had ready.
    pub(super) unready: &'static [&'static str],
    /// Items without a decision: kind, title, owner, what was said.
    pub(super) more_items: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// The four judgements: suitable, adequate, effective, aligned, each with its reason.
    pub(super) judgements: &'static [(&'static str, &'static str, &'static str)],
    pub(super) summary: &'static str,
    /// Who signed, in order, and how many days later; the data file says when the last one did.
    pub(super) signers: &'static [&'static str],
}

pub(super) static MEETINGS: &[Meeting] = &[
    Meeting {
        planned_before: 2,
        start: 14 * 60,
        present: &["m-qa", "m-coo", "m-cfo"],
        unready: &["I2", "I3", "I4", "I9", "I11", "I12", "I1"],
        more_items: &[
            ("decide", "Money for the yield programme", "m-cfo", "Noted. To be looked at next year."),
            ("decide", "Second source for P4 heads", "m-coo", "Noted. To be looked at next year."),
            (
                "decide",
                "One owner for complaint analysis",
                "m-qa",
                "Noted. Remains with the quality department.",
            ),
            (
                "decide",
                "Target for on-time delivery",
                "m-coo",
                "Noted. The chief executive is not here to decide.",
            ),
            ("decide", "Customer survey: do it or drop it", "m-qa", "Noted. To be looked at next year."),
            (
                "decide",
                "Deputies for calibration",
                "m-coo",
                "Noted. The chief executive is not here to decide.",
            ),
        ],
        judgements: &[],
        summary: "The report of the quality department was presented and noted. There were no questions. The points \
                  for decision were moved to next year.",
        signers: &["m-qa", "m-ceo"],
    },
    Meeting {
        planned_before: 13,
        start: 9 * 60,
        present: &["m-ceo", "m-coo", "m-cfo", "m-qa", "m-cco", "m-cto"],
        unready: &["I11", "I12"],
        more_items: &[(
            "inform",
            "What the surveillance audit said about us",
            "m-ceo",
            "Ines read the sentence of the auditor aloud: the system is written well, ask again who lives it. Nobody \
             argued. Ravi showed who had worked on it in the year: a third of it in three weeks, most of it by one \
             person.",
        )],
        judgements: &[
            ("suitable", "partly", "Written for the auditor and not for us."),
            ("adequate", "partly", "Everything is there, and most of it twice."),
            ("effective", "no", "Complaints fell, but not because of the system."),
            ("aligned", "no", "Nobody could say which goal which objective serves."),
        ],
        summary: "Quality is our own work from today on. Every objective gets an owner, reviews move into the \
                  leadership meeting and look at live figures.",
        signers: &["m-ceo", "m-qa", "m-coo", "m-cfo", "m-cco", "m-cto"],
    },
    Meeting {
        planned_before: 21,
        start: 9 * 60,
        present: &["m-ceo", "m-coo", "m-qa", "m-cco", "m-cto"],
        unready: &["I11"],
        more_items: &[(
            "inform",
            "What changed since we last met",
            "m-cos",
            "Owners are named, four concerns were answered, lead time is the figure everybody talks about. Two \
             objectives still wait for means. The order book is full until the end of the quarter.",
        )],
        judgements: &[
            ("suitable", "yes", "We use it ourselves now."),
            ("adequate", "partly", "Means are asked for faster than they are answered."),
            ("effective", "partly", "Delivery is better, yield stands still."),
            ("aligned", "yes", "Fourteen of fifteen objectives serve a goal."),
        ],
        summary: "Speed was the topic of the day. Bench 3 was not decided because finance was not there. A pilot for \
                  predictive maintenance begins, the shared rig does not.",
        signers: &["m-ceo", "m-coo", "m-qa", "m-cco", "m-cto"],
    },
    Meeting {
        planned_before: 26,
        start: 9 * 60,
        present: &["m-ceo", "m-coo", "m-cfo", "m-qa", "m-cco", "m-cto"],
        unready: &[],
        more_items: &[(
            "inform",
            "What changed since we last met",
            "m-cos",
            "Lead time is down by five days, complaints and first-pass yield have turned the wrong way. The chart of \
             both lines side by side was on the screen for ten minutes. Three of the last four concerns are about \
             releases.",
        )],
        judgements: &[
            ("suitable", "yes", "It shows us what we would rather not see."),
            ("adequate", "partly", "Three needs are older than a quarter."),
            ("effective", "partly", "We saw it two months after the customers did."),
            ("aligned", "yes", "The bonus is the exception, and it is on the list."),
        ],
        summary: "We do not pay for speed with quality any more: the stop rule holds for everybody, the bonus is \
                  changed, operations can buy test equipment. Glue-station cooling was refused for this year.",
        signers: &["m-ceo", "m-qa", "m-coo", "m-cfo", "m-cco", "m-cto"],
    },
];

/// Which input is whose.
pub(super) const PREPARERS: [(&str, &str); 12] = [
    ("I1", "m-cos"),
    ("I2", "m-ceo"),
    ("I3", "m-cco"),
    ("I4", "m-coo"),
    ("I5", "m-coo"),
    ("I6", "m-qa"),
    ("I7", "m-qa"),
    ("I8", "m-qa"),
    ("I9", "m-coo"),
    ("I10", "m-cfo"),
    ("I11", "m-cto"),
    ("I12", "m-cto"),
];

/// The inputs of the next review that are ready.
pub(super) const READY_NEXT: [&str; 7] = ["I1", "I3", "I5", "I6", "I7", "I8", "I10"];

/// What the preparer wrote beside an input, one sentence for each of the five reviews.
pub(super) const INPUT_COMMENTS: &[(&str, &[&str])] = &[
    (
        "I1",
        &[
            "The list of last year, unchanged.",
            "Nine of eleven actions of last year have no evidence, read the list before the meeting.",
            "Seven actions done, two postponed twice; the postponed ones are marked.",
            "Two thirds done; the late ones all wait for money or for a contract.",
            "Bench 3 funding and the complaint cause list are the two old ones.",
        ],
    ),
    (
        "I2",
        &[
            "No change.",
            "Monitoring bundles in tenders are new since last year.",
            "One distributor is for sale, the elastomer rule has a new draft.",
            "Carbon figures are asked for in tenders now.",
            "The new draft of the elastomer rule is out.",
        ],
    ),
    (
        "I3",
        &[
            "No survey this year.",
            "Satisfaction is up, quarter-end deliveries are what customers complain about.",
            "Two complaints are about notice; one large order lost to a bundle.",
            "Complaints turned in spring; three letters are worth reading in full.",
            "Complaints are still above target, one praise for the exchange pump.",
        ],
    ),
    (
        "I4",
        &[
            "Objectives as last year.",
            "Fifteen objectives on paper, owners to be named in this meeting.",
            "Nine on track; four have no means.",
            "Seven on track, the four that are not are all about right first time.",
            "Off track: satisfaction, complaints, pharma suppliers and first-pass yield.",
        ],
    ),
    (
        "I5",
        &[
            "Figures of the year attached to the report.",
            "On-time delivery just over 91 percent, yield just under 94.",
            "Lead time improves, final test is the bottleneck.",
            "Best lead time ever, and the yield of a year ago; both from the same weeks.",
            "Yield has not recovered; the three causes are on the board.",
        ],
    ),
    (
        "I6",
        &[
            "Forty-one complaints, all answered.",
            "Complaint causes are coded by three lists, read the numbers with care.",
            "Fourteen pumps shipped under concession, cause work is late.",
            "Glue accounts for a quarter of the complaints once it is coded as glue.",
            "Finding F5 came back; the cause was never the form.",
        ],
    ),
    (
        "I7",
        &[
            "Measuring equipment calibrated.",
            "Figures now come straight from the plant's systems.",
            "Two definitions were cleaned up, old values recalculated.",
            "All charts checked back to their source for two months.",
            "Three values are missing this month: suppliers, first response, turnover.",
        ],
    ),
    (
        "I8",
        &[
            "Internal audit held, three findings.",
            "Surveillance audit: one finding, and one sentence that hurts.",
            "Purchasing audit: one finding.",
            "Service audit: three findings, two with actions.",
            "Recertification in two months; one finding is open again.",
        ],
    ),
    (
        "I9",
        &[
            "Suppliers as last year.",
            "One foundry for the P4 head, everything else has two sources.",
            "Four candidates for pharma-grade parts, no visits yet.",
            "Second foundry: samples are good, the contract is not signed.",
            "The authority for the foundry contract has run out.",
        ],
    ),
    (
        "I10",
        &[
            "Budget as planned, nobody asked for more.",
            "Three requests from the lines, all of them for test and service.",
            "Four answered, bench 3 still open.",
            "Glue station and lockers need an answer today.",
            "Four requests wait for an answer, the oldest for half a year.",
        ],
    ),
    (
        "I11",
        &[
            "Nothing new.",
            "First scores by the new owners are due next month.",
            "Two measures work, one has not started.",
            "Three entries above appetite have no measure at all.",
            "P2 rules and prototypes have moved, the rest has not.",
        ],
    ),
    (
        "I12",
        &[
            "None.",
            "Ideas are collected on paper, forty of them.",
            "Five ideas tried, three kept.",
            "Predictive maintenance and interviews are worth deciding.",
            "Two ideas in trial, one waits for a sponsor.",
        ],
    ),
];

/// What was said about a decision, who leads the item, its title on the agenda.
pub(super) struct Discussed {
    pub(super) decision: &'static str,
    pub(super) owner: &'static str,
    pub(super) topic: &'static str,
    pub(super) said: &'static str,
    /// Why what was favoured was favoured.
    pub(super) why: &'static str,
    /// Who was not in favour: member and stance.
    pub(super) not_for: &'static [(&'static str, &'static str)],
}

const fn said(
    decision: &'static str,
    owner: &'static str,
    topic: &'static str,
    said: &'static str,
) -> Discussed {
    Discussed { decision, owner, topic, said, why: "", not_for: &[] }
}

pub(super) static DISCUSSED: &[Discussed] = &[
    said("D01", "m-qa", "Report of the quality department", "The report was presented and noted."),
    said(
        "D02",
        "m-ceo",
        "Who answers for what",
        "Every objective was read aloud with one question: whose is it? Nine times the answer was Ravi, and nine times \
         Ravi asked back.",
    ),
    said(
        "D03",
        "m-ceo",
        "How often we do this, and where",
        "A separate meeting will be skipped, everybody agreed on that. Tom wants it short, Clara wants it early.",
    ),
    said(
        "D04",
        "m-qa",
        "Slides or live data",
        "The slide deck costs four days and is out of date when it is shown. Britt asked who checks the figures; Ravi: \
         whoever owns them.",
    ),
    said(
        "D05",
        "m-ceo",
        "Does everybody know the strategy?",
        "Three of six could name the goals. One page, in the words we use ourselves.",
    ),
    said(
        "D06",
        "m-coo",
        "Target for on-time delivery",
        "We are nearly at 92 and customers still call. Tom: 95 is hard with two benches. Clara: customers count \
         partial deliveries as late anyway.",
    ),
    said(
        "D07",
        "m-cco",
        "Distributor in the south",
        "Nothing we could do would change who buys whom. We look again in a year, or when the payments slow down.",
    ),
    Discussed {
        why: "A stopped shipment costs a day, a returned one costs a customer.",
        ..said(
            "D08",
            "m-ceo",
            "Who may stop a shipment",
            "Ravi can stop it on paper today and nobody ever did. From now on he decides and informs; nobody needs to \
             be asked first.",
        )
    },
    said(
        "D09",
        "m-coo",
        "Bench 3",
        "Needed, said everybody. Without finance in the room nobody could say out of which budget. Britt proposes how \
         to pay for it.",
    ),
    Discussed {
        why: "The large order of the quarter has a penalty clause.",
        not_for: &[("m-qa", "against")],
        ..said(
            "D10",
            "m-coo",
            "Quarter-end shipments",
            "Overtime for three weekends. Ravi: the last such quarter cost forty complaints. Tom: the penalty costs \
             more. The vote was four to one.",
        )
    },
    said(
        "D11",
        "m-coo",
        "Supply of P4 heads",
        "Eight weeks of stock are a bridge and not an answer. The second foundry comes before every other supplier.",
    ),
    said(
        "D12",
        "m-ceo",
        "Leaders on site",
        "Nobody had been in Orrin for five months. Each of us walks both sites every quarter, without slides.",
    ),
    said(
        "D13",
        "m-cto",
        "Predictive maintenance",
        "Three customers would take part. A pilot needs no new people until autumn; we look back after six months.",
    ),
    Discussed {
        why: "Ninety thousand for a rig that stands still ten months a year.",
        ..said(
            "D14",
            "m-cto",
            "Shared test rig",
            "Good measurements, far away, and paid in advance. Jonas would have liked it, and agrees.",
        )
    },
    said(
        "D15",
        "m-ceo",
        "How fast we answer concerns",
        "Fourteen days is how long people waited last year. Five working days for a first answer, even if the answer \
         is: we do not know yet.",
    ),
    Discussed {
        why: "The customer's plant would have stood still for a week.",
        not_for: &[("m-qa", "against"), ("m-cto", "abstain")],
        ..said(
            "D16",
            "m-cco",
            "Fourteen pumps for a water customer",
            "The deviation is cosmetic, says sales; nobody knows, says Ravi. Released under concession, the customer \
             is told.",
        )
    },
    Discussed {
        why: "No training days left before the quarter end.",
        ..said(
            "D17",
            "m-qa",
            "Training for complaint coding",
            "Everybody is needed on the line until the end of the quarter. Moved, with a date this time.",
        )
    },
    Discussed {
        why: "We found out what the exceptions cost.",
        ..said(
            "D18",
            "m-ceo",
            "Release with open deviations",
            "Clara read the letter of the customer. No unit leaves with an open deviation, whoever asks, and that \
             includes everybody in this room.",
        )
    },
    Discussed {
        why: "People do what we pay for.",
        ..said(
            "D19",
            "m-cfo",
            "What the bonus pays for",
            "Britt showed the scheme beside the complaint chart. Complaints and yield come in, lead time counts half.",
        )
    },
    Discussed {
        why: "Two weeks of waiting for a gauge that costs as much as one hour of the line.",
        ..said(
            "D20",
            "m-ceo",
            "Who may buy test equipment",
            "Tom waited three weeks for a signature on a gauge. Up to 25 thousand he decides himself and tells us.",
        )
    },
    Discussed {
        why: "The roof comes first, and the money is the same.",
        not_for: &[("m-coo", "against")],
        ..said(
            "D21",
            "m-cfo",
            "Climate control for the glue station",
            "Tom: every hot week costs us a lot. Britt: the roof leaks on the same hall. Refused for this year, asked \
             again with the roof.",
        )
    },
    said(
        "D22",
        "m-cco",
        "Exchange-pump pool",
        "Pharma customers ask for it by name. Clara brings a business case with the capital it ties up.",
    ),
    said(
        "D23",
        "m-ceo",
        "What people hear back",
        "Those who spoke up do not know what came of it. Told to everybody, case by case, without names.",
    ),
    said(
        "D24",
        "m-qa",
        "What auditors get to see",
        "Instead of folders: a read-only view of a fixed moment. Two auditors are asked to try it before it counts.",
    ),
    said(
        "D25",
        "m-qa",
        "Complaint target",
        "The cause work slipped by a quarter. Lowering the target would be the easy answer; it stays at 4.0.",
    ),
    said(
        "D26",
        "m-cco",
        "Counterfeit spare parts",
        "Two cases in a year, both harmless. Lawyers are dearer than the damage; accepted until next year.",
    ),
    said(
        "D27",
        "m-coo",
        "Pharma supplier plan",
        "No audit without travel money, no supplier without an audit. One quarter more, and an answer about the money.",
    ),
];

/// The agenda of the next review: kind, title, owner, minutes, what it is about.
pub(super) const NEXT_ITEMS: &[(&str, &str, &str, i64, &[&str])] = &[
    ("inform", "What changed since we last met", "m-cos", 8, &[]),
    ("decide", "Bench 3: yes, no, or when?", "m-cfo", 10, &["U1", "A59", "A08"]),
    ("decide", "Three needs without an answer", "m-cfo", 10, &["U4", "U5", "U9"]),
    ("decide", "Above appetite and nothing started", "m-ceo", 12, &["R06", "R13", "R22"]),
    ("decide", "Authority for the foundry contract", "m-ceo", 5, &["Z8", "A05"]),
    ("discuss", "Objectives that are not on track", "m-coo", 15, &["O3", "O4", "O9", "O10"]),
    ("discuss", "Ready for recertification?", "m-qa", 8, &["AU5", "F5"]),
];
