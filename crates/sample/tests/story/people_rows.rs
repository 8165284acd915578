//! Every row of the data file is in the document, with equal values: people, context, means and culture.

use crate::support::{code_in, code_of, date, day_of, int, of, record, rows, text, view};
use workspace::{Field, Kind, Period, Relation};

#[test]
fn members() {
    for row in rows("members") {
        let member = record(text(&row[0]));
        assert_eq!(member.title(), text(&row[1]));
        assert!(text(&row[2]).starts_with(member.line(Field::RoleTitle).unwrap()));
        let top = member.line(Field::Kind) == Some("top");
        assert_eq!(Some(top), row[4].as_bool());
    }
    let listed: Vec<_> = crate::support::sample().members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(listed, rows("members").iter().map(|row| text(&row[1])).collect::<Vec<_>>());
}

#[test]
fn parties_requirements_and_issues() {
    for row in rows("parties") {
        let party = record(text(&row[0]));
        assert_eq!(party.title(), text(&row[1]));
        // "internal" are the employees.
        let kind = if row[2] == "internal" { "employee" } else { text(&row[2]) };
        assert_eq!(party.line(Field::Kind), Some(kind));
    }
    for row in rows("requirements") {
        let requirement = record(text(&row[0]));
        assert_eq!(requirement.title(), text(&row[1]));
        assert_eq!(code_in(requirement, Field::Party), text(&row[2]));
        let served: Vec<_> = view()
            .edges()
            .from(requirement.reference(), Relation::Serves)
            .map(|from| code_of(&from.id.to_string()))
            .collect();
        assert_eq!(served.join(" "), text(&row[3]));
    }
    for row in rows("issues") {
        let issue = record(text(&row[0]));
        assert_eq!(issue.line(Field::Kind), row[1].as_str());
        let (title, climate) = match text(&row[2]).split_once(" (climate: relevant)") {
            Some((title, _)) => (title, true),
            None => (text(&row[2]), false),
        };
        assert_eq!(issue.title(), title);
        assert_eq!(issue.flag(Field::ClimateRelevant), Some(climate));
        let grown: Vec<_> = view()
            .edges()
            .from(issue.reference(), Relation::ComesFrom)
            .map(|from| code_of(&from.id.to_string()))
            .collect();
        // Loyal people are no risk, and nobody made a chance of it yet.
        assert_eq!(grown.is_empty(), row[0] == "I9", "{}", issue.title());
    }
}

#[test]
fn grants_and_needs() {
    for row in rows("grants") {
        let grant = record(text(&row[0]));
        assert_eq!(grant.title(), text(&row[1]));
        let holder = match grant.line(Field::Holder).unwrap() {
            "everyone" => "all".to_owned(),
            member => code_of(member),
        };
        assert_eq!(holder, text(&row[2]));
        assert_eq!(grant.line(Field::Kind), row[3].as_str());
        let limit = grant.atom(Field::Limit).map(|limit| text(&limit["amount"]).parse::<i64>().unwrap());
        assert_eq!(limit, row[4].as_i64());
        assert_eq!(grant.status(), row[5].as_str());
        let since = grant.atom(Field::Valid).map(|valid| i64::from(day_of(text(&valid["from"]))));
        assert_eq!(since, row[6].as_i64());
    }
    for row in rows("resources") {
        let code = text(&row[0]);
        let need = record(code);
        assert_eq!(need.title(), text(&row[1]));
        let objectives: Vec<_> = view().edges().from(need.reference(), Relation::Needs).collect();
        assert_eq!(objectives, [of(text(&row[2]))]);
        let amount = need.atom(Field::Amount).map(|amount| text(&amount["value"]).parse::<i64>().unwrap());
        assert_eq!(amount, row[3].as_i64());
        assert_eq!(need.status(), row[4].as_str(), "{code}");
        assert_eq!(need.date(Field::RequestedAt), Some(date(&row[5])));
        let answers = need.current(Field::Answers);
        assert_eq!(answers.len(), usize::from(!row[6].is_null()), "{code}");
    }
}

#[test]
fn concerns() {
    for row in rows("concerns") {
        let code = text(&row[0]);
        let concern = record(code);
        assert_eq!(concern.line(Field::Channel), row[1].as_str());
        assert_eq!(code_in(concern, Field::CreatedBy), "m-hr", "the custodian writes, nobody else");
        let week = Period::week_of(date(&row[2]));
        assert_eq!(concern.line(Field::ReceivedWeek), Some(week.to_string().as_str()));
        assert_eq!(concern.date(Field::FirstAnswerAt), row[3].as_i64().map(|_| date(&row[3])), "{code}");
        let status = match (row[3].is_null(), row[4].is_null()) {
            (true, _) => "received",
            (false, true) => "looking-into-it",
            (false, false) => "closed",
        };
        assert_eq!(concern.status(), Some(status), "{code}");
        let outcomes = concern.current(Field::Outcomes);
        let outcome = outcomes.first().map(|(_, entry)| text(&entry["outcome"]));
        let expected = row[5].as_str().map(|word| if word == "changed" { word } else { "explained" });
        assert_eq!(outcome, expected);
        assert!(outcomes.iter().all(|(_, entry)| !text(&entry["whatChanged"]).is_empty()));
        assert_eq!(concern.line(Field::Area), row[6].as_str());
    }
    // No change of a concern by anybody else: what they would write would carry their name.
    let others = workspace::history::all(&crate::support::sample().doc).into_iter().filter(|told| {
        let note = told.note.as_ref();
        note.is_some_and(|note| note.records.iter().any(|record| record.kind == Kind::Concern))
            && told.member.map(|member| code_of(&member.to_string())).as_deref() != Some("m-hr")
    });
    assert_eq!(others.count(), 0);
}

#[test]
fn improvements_audits_findings_and_feedback() {
    for row in rows("improvements") {
        let improvement = record(text(&row[0]));
        assert_eq!(improvement.title(), text(&row[1]));
        let status = if row[2] == "implemented" { "adopted" } else { text(&row[2]) };
        assert_eq!(improvement.status(), Some(status));
    }
    for row in rows("audits") {
        let audit = record(text(&row[0]));
        assert_eq!(audit.line(Field::Kind), row[1].as_str());
        assert_eq!(audit.line(Field::Area), row[2].as_str());
        assert_eq!(text(&audit.atom(Field::Range).unwrap()["from"]), date(&row[3]).to_string());
        for finding in text(&row[4]).split_whitespace() {
            assert_eq!(code_in(record(finding), Field::Audit), text(&row[0]));
        }
    }
    for row in rows("findings") {
        let finding = record(text(&row[0]));
        assert_eq!(finding.line(Field::Grade), row[1].as_str());
        let status = if row[2] == "closed" { "verified" } else { text(&row[2]) };
        assert_eq!(finding.status(), Some(status));
    }
    for row in rows("feedback") {
        let feedback = record(text(&row[0]));
        assert_eq!(feedback.line(Field::Kind), Some(text(&row[1]).replace('_', "-").as_str()));
        assert_eq!(code_in(feedback, Field::Party), text(&row[2]));
        assert_eq!(feedback.int(Field::Score), row[3].as_i64());
    }
}

#[test]
fn policy_and_leadership_log() {
    for row in rows("policy") {
        let code = text(&row[0]);
        let policy = record(code);
        assert_eq!(policy.status().map(|status| status.replace('-', " ")).as_deref(), row[2].as_str());
        assert_eq!(i64::from(day_of(text(&policy.atom(Field::InForce).unwrap()["from"]))), int(&row[1]));
    }
    let acknowledged: Vec<_> = record("v3").members(Field::Acknowledgements).map(code_of).collect();
    assert_eq!(acknowledged.len(), 6, "{acknowledged:?}");
    for row in rows("commitments") {
        let commitment = record(&format!("commitment-{}", text(&row[0])));
        assert_eq!(commitment.title(), text(&row[1]));
        assert_eq!(commitment.members(Field::Versions).count(), 3);
    }
    for (at, row) in (1..).zip(rows("behaviours")) {
        let entry = record(&format!("L{at}"));
        assert_eq!(code_in(entry, Field::Member), text(&row[0]));
        assert_eq!(entry.date(Field::Date), Some(date(&row[1])));
    }
}
