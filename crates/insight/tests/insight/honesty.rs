//! CAP-34: the product helps owners; it hands out no certificate. No word of its own says that something is in order,
//! and no ticked box stands for a clause.

use crate::support::{Replica, of, today};
use insight::edition::{EVIDENCE_LINE, PROFILES};
use insight::findings;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use workspace::Kind;

const BANNED: [&str; 8] = [
    "compliant",
    "certified",
    "conforms",
    "guarantee",
    "audit-proof",
    "audit proof",
    "nonconform",
    "pass/fail",
];
/// Verdicts; as whole words, because a password and a failure of a machine are something else.
const BANNED_WORDS: [&str; 6] = ["pass", "passed", "passes", "fail", "failed", "fails"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The string literals of a source text, comments left out.
fn literals(source: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rest = code.as_str();
    while let Some(begin) = rest.find('"') {
        rest = &rest[begin + 1..];
        let mut end = 0;
        let mut escaped = false;
        for letter in rest.chars() {
            if letter == '"' && !escaped {
                break;
            }
            escaped = letter == '\\' && !escaped;
            end += letter.len_utf8();
        }
        literals.push(rest[..end].to_owned());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    literals
}

fn judges(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: BTreeSet<&str> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
    BANNED.iter().any(|banned| text.contains(banned))
        || BANNED_WORDS.iter().any(|banned| words.contains(banned))
}

#[test]
fn cap_34_no_string_hands_out_a_certificate() {
    assert!(judges("You are compliant.") && judges("It did not pass.") && !judges("which has run out"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("../workspace/src/acts"), &mut files);
    sources(&root.join("../workspace/src/health"), &mut files);
    sources(&root.join("../workspace/src/lens"), &mut files);
    let mut looked_at = 0;
    for file in files {
        for literal in literals(&std::fs::read_to_string(&file).unwrap()) {
            looked_at += 1;
            assert!(!judges(&literal), "{}: {literal:?}", file.display());
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}

/// What is said about the sample says it with numbers and names, and judges nobody. Titles that people wrote are theirs.
#[test]
fn cap_34_no_sentence_judges() {
    for finding in findings::all(&today()) {
        let mut own = String::new();
        let mut quoted = false;
        for letter in finding.sentence.chars() {
            quoted = (quoted || letter == '“') && letter != '”';
            if !quoted {
                own.push(letter);
            }
        }
        assert!(!judges(&own), "{own}");
        assert!(own.ends_with('.') || own.ends_with('?'), "{}", finding.sentence);
    }
}

#[test]
fn cap_34_evidence_is_called_what_it_is() {
    assert!(EVIDENCE_LINE.starts_with("Records that may serve as evidence"));
    let preview: Vec<_> = PROFILES.iter().filter(|profile| profile.is_preview()).collect();
    assert_eq!(preview.len(), 1);
    assert!(preview[0].label.contains("preview") && preview[0].caveat.starts_with("Preview"));
    for profile in PROFILES {
        let numbers: BTreeSet<_> = profile.clauses.iter().map(|clause| clause.number).collect();
        assert_eq!(numbers.len(), profile.clauses.len(), "no clause twice");
        let mut used = BTreeSet::new();
        for (kind, clauses) in profile.records {
            for clause in *clauses {
                assert!(numbers.contains(clause), "{}: {kind} names {clause}", profile.id);
                used.insert(*clause);
            }
            assert_eq!(profile.clauses_of(*kind).count(), clauses.len());
        }
        assert_eq!(used, numbers, "{}: every clause has records", profile.id);
    }
}

/// Switching the edition changes no record, and nothing is closed by the software itself.
#[test]
fn cap_34_looking_writes_nothing() {
    let tom = Replica::on_sample("m-coo");
    let before = workspace::heads(&tom.doc);
    let found = tom.findings();
    assert_eq!(found, tom.findings());
    assert!(found.len() > 40, "{}", found.len());
    assert_eq!(workspace::heads(&tom.doc), before);
    let ids: BTreeSet<_> = found.iter().map(|finding| finding.id.clone()).collect();
    assert_eq!(ids.len(), found.len(), "every finding has an id of its own");
    // A record's own list is part of the list of everything.
    for code in ["A05", "O15", "R13", "U1", "Q7"] {
        for finding in findings::of(&today(), of(code)) {
            assert!(found.contains(&finding), "{}", finding.id);
        }
    }
    assert_eq!(tom.view.all(Kind::Action).count(), 68);
}
