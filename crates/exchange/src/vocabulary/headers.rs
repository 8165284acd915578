//! What columns are called.

use super::plain;
use crate::{Column, columns};
use workspace::Kind;

/// Columns and the headers that mean them. The first that the kind has and that is still free is proposed, so what is
/// special to a kind stands before what is general.
#[rustfmt::skip]
const HEADERS: &[(&str, &[&str])] = &[
    ("ref", &["ref", "reference", "id", "nr", "no", "number", "#", "code", "key", "nummer", "lfd nr",
        "lfd", "pos", "risk id", "risk no", "risiko id", "risiko nr", "risikonummer", "kennung",
        "referenz", "ident", "issue id", "action id", "massnahmen nr", "maßnahmen nr"]),
    ("title", &["title", "name", "subject", "risk", "risk title", "risk name", "opportunity", "headline",
        "summary", "objective", "goal", "action", "task", "decision", "issue", "requirement", "kpi",
        "indicator", "measure", "titel", "bezeichnung", "betreff", "risiko", "risikobezeichnung",
        "chance", "thema", "kurzbeschreibung", "ziel", "massnahme", "maßnahme", "aufgabe", "beschluss",
        "entscheidung", "anforderung", "kennzahl", "was"]),
    ("body", &["description", "details", "notes", "note", "remarks", "comment", "comments",
        "beschreibung", "details", "notizen", "notiz", "bemerkung", "bemerkungen", "anmerkung",
        "kommentar", "erläuterung"]),
    ("cause", &["cause", "causes", "root cause", "reason", "source", "ursache", "ursachen", "grund",
        "auslöser"]),
    ("event", &["event", "risk event", "what could happen", "scenario", "ereignis", "szenario", "gefahr"]),
    ("category", &["category", "type of risk", "risk category", "class", "kategorie", "risikokategorie",
        "bereich", "risikoart"]),
    ("kind", &["kind", "type", "art", "typ", "risk or opportunity", "risiko chance",
        "risiko oder chance"]),
    ("accountable", &["accountable", "owner", "responsible", "objective owner", "verantwortlich",
        "verantwortlicher", "verantwortliche", "zielverantwortlicher", "eigner", "wer"]),
    ("sponsor", &["sponsor", "owner", "pate", "verantwortlich"]),
    ("owner", &["owner", "risk owner", "action owner", "responsible", "assignee", "assigned to", "who",
        "accountable", "eigner", "risikoeigner", "verantwortlich", "verantwortlicher", "verantwortliche",
        "zuständig", "wer", "besitzer", "bearbeiter"]),
    ("coordinator", &["coordinator", "koordinator", "koordination"]),
    ("helpers", &["helpers", "team", "participants", "beteiligte", "mitwirkende", "unterstützung"]),
    ("now", &["score", "rating", "current", "current score", "current risk", "residual", "residual risk",
        "net", "net risk", "risk score", "risikowert", "bewertung", "aktuell", "restrisiko", "netto",
        "nettorisiko"]),
    ("before", &["before", "inherent", "inherent risk", "gross", "gross risk", "initial", "initial risk",
        "vorher", "brutto", "bruttorisiko", "inhärent"]),
    ("aim", &["target risk", "target score", "aim", "desired", "zielwert", "zielrisiko", "soll"]),
    ("now.likelihood", &["likelihood", "probability", "l", "p", "current likelihood",
        "residual likelihood", "chance of occurrence", "eintrittswahrscheinlichkeit",
        "wahrscheinlichkeit", "ew", "w"]),
    ("now.consequence", &["consequence", "impact", "severity", "i", "c", "s", "current impact",
        "residual impact", "benefit", "damage", "auswirkung", "schadensausmaß", "schadensausmass",
        "schaden", "schadenshöhe", "tragweite", "ausmaß", "nutzen", "a"]),
    ("before.likelihood", &["inherent likelihood", "gross likelihood", "initial likelihood",
        "likelihood before", "wahrscheinlichkeit brutto", "wahrscheinlichkeit vorher"]),
    ("before.consequence", &["inherent impact", "gross impact", "initial impact", "impact before",
        "auswirkung brutto", "auswirkung vorher"]),
    ("aim.likelihood", &["target likelihood", "likelihood after", "wahrscheinlichkeit ziel"]),
    ("aim.consequence", &["target impact", "impact after", "auswirkung ziel"]),
    ("effect", &["effect", "effects", "consequences", "result", "impact description", "folge", "folgen",
        "wirkung", "auswirkung", "auswirkungen", "impact", "konsequenz"]),
    ("now.basis", &["basis", "rationale", "justification", "begründung", "grundlage"]),
    ("response", &["response", "treatment", "strategy", "risk response", "treatment strategy",
        "behandlung", "strategie", "risikostrategie", "reaktion", "umgang"]),
    ("status", &["status", "state", "progress", "stand", "zustand", "bearbeitungsstand"]),
    ("reviewDue", &["review due", "review date", "next review", "review", "überprüfung",
        "nächste überprüfung", "nächste prüfung", "wiedervorlage", "prüfdatum", "review am"]),
    ("due", &["due", "due date", "deadline", "by when", "by", "target date", "fällig", "fällig am",
        "frist", "termin", "bis", "bis wann", "zieltermin"]),
    ("target.due", &["due", "due date", "deadline", "by when", "target date", "fällig", "fällig am",
        "frist", "termin", "bis wann", "zieltermin"]),
    ("target.value", &["target", "target value", "goal value", "zielwert", "ziel wert", "soll",
        "sollwert"]),
    ("target.direction", &["direction", "richtung"]),
    ("start.value", &["start", "baseline", "start value", "startwert", "ausgangswert", "ist"]),
    ("start.date", &["start date", "baseline date", "startdatum", "beginn"]),
    ("plan", &["plan", "how", "vorgehen", "umsetzung", "plan und mittel"]),
    ("kpi", &["kpi", "indicator", "measured by", "kennzahl", "messgröße", "indikator"]),
    ("unit", &["unit", "einheit"]),
    ("better", &["better", "direction", "polarity", "richtung", "besser"]),
    ("dimension", &["dimension", "perspective", "perspektive"]),
    ("frequency", &["frequency", "cycle", "rhythm", "frequenz", "turnus", "häufigkeit", "messintervall"]),
    ("period", &["period", "month", "week", "periode", "monat", "woche", "zeitraum"]),
    ("value.value", &["value", "actual", "figure", "wert", "istwert", "ist"]),
    ("value.basis", &["basis", "quality of figure"]),
    ("priority", &["priority", "prio", "urgency", "priorität", "dringlichkeit"]),
    ("done.date", &["done", "done on", "completed", "closed", "closed on", "erledigt", "erledigt am",
        "abgeschlossen am"]),
    ("done.whatChanged", &["what changed", "outcome", "ergebnis", "was hat sich geändert"]),
    ("effectCheck.planned", &["effect check", "effectiveness check", "wirksamkeitsprüfung",
        "wirksamkeit am"]),
    ("why", &["why", "reason", "warum", "begründung"]),
    ("measure", &["measure", "measured by", "success", "messung", "woran gemessen"]),
    ("horizon", &["horizon", "year", "horizont", "jahr", "bis jahr"]),
    ("party", &["party", "stakeholder", "customer", "interested party", "partei", "interessengruppe",
        "kunde", "interessierte partei"]),
    ("origin", &["origin", "source", "herkunft", "quelle"]),
    ("judgements.status", &["status", "fulfilled", "met", "erfüllt", "erfüllung"]),
    ("area", &["area", "topic", "department", "bereich", "thema", "abteilung"]),
    ("bearing", &["bearing", "effect", "wirkung", "einfluss"]),
    ("email", &["email", "e mail", "mail", "e mail adresse", "email address"]),
    ("roleTitle", &["role", "job", "job title", "position", "function", "rolle", "funktion", "stelle"]),
    ("initials", &["initials", "kürzel", "initialen"]),
    ("severity", &["severity", "schwere", "schweregrad"]),
    ("date", &["date", "day", "on", "datum", "tag", "am"]),
    ("summary", &["summary", "text", "zusammenfassung", "inhalt"]),
    ("statement", &["statement", "finding", "feststellung", "abweichung"]),
    ("grade", &["grade", "class", "einstufung", "grad"]),
    ("amount.value", &["amount", "cost", "budget", "betrag", "kosten"]),
    ("neededBy", &["needed by", "required by", "benötigt bis", "gebraucht bis"]),
    ("limit.amount", &["limit", "amount", "grenze", "betrag", "obergrenze"]),
    ("wording", &["wording", "decision text", "wortlaut", "beschlusstext"]),
    ("tags", &["tags", "labels", "keywords", "schlagworte", "stichworte", "etiketten"]),
    ("link.threatens", &["objective", "objectives", "threatens", "affected objective", "ziel", "ziele",
        "betroffenes ziel", "qualitätsziel"]),
    ("link.serves", &["goal", "goals", "serves", "strategic goal", "strategisches ziel", "oberziel"]),
    ("link.treats", &["treats", "risk", "for risk", "risiko", "zu risiko"]),
    ("link.comes-from", &["source", "comes from", "from", "quelle", "herkunft", "aus"]),
];

/// The column a header means for records of a kind, unless `taken` has it.
pub(crate) fn column(kind: Kind, header: &str, taken: &dyn Fn(Column) -> bool) -> Option<Column> {
    let exact = header.trim();
    // Our own headers first.
    if let Some(own) = Column::of(kind, exact).filter(|column| *column != Column::Id && !taken(*column)) {
        return Some(own);
    }
    let word = plain(exact);
    if word.is_empty() {
        return None;
    }
    let known = HEADERS.iter().filter(|(_, words)| words.contains(&word.as_str()));
    let named = known.filter_map(|(column, _)| Column::of(kind, column)).find(|column| !taken(*column));
    // `reviewDue` is also `review due`.
    named.or_else(|| columns(kind).into_iter().find(|column| !taken(*column) && spoken(*column) == word))
}

/// A column as people would say it.
fn spoken(column: Column) -> String {
    let mut spoken = String::new();
    for char in column.to_string().chars() {
        if char.is_ascii_uppercase() {
            spoken.push(' ');
        }
        spoken.push(if char == '.' || char == '-' { ' ' } else { char.to_ascii_lowercase() });
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: Kind, header: &str) -> Option<String> {
        column(kind, header, &|_| false).map(|column| column.to_string())
    }

    #[test]
    fn every_column_named_here_exists() {
        for (column, words) in HEADERS {
            assert!(Kind::ALL.iter().any(|kind| Column::of(*kind, column).is_some()), "{column}");
            for word in *words {
                assert_eq!(plain(word), *word, "{column}");
            }
        }
    }

    #[test]
    fn headers_are_understood_in_both_languages() {
        for (kind, header, column) in [
            (Kind::Register, "Risiko", "title"),
            (Kind::Register, "Eintrittswahrscheinlichkeit (1-4)", "now.likelihood"),
            (Kind::Register, "Schadensausmaß", "now.consequence"),
            (Kind::Register, "Verantwortlich:", "owner"),
            (Kind::Register, "Review due", "reviewDue"),
            (Kind::Action, "Fällig am", "due"),
            (Kind::Action, "Maßnahme", "title"),
            (Kind::Objective, "Owner", "accountable"),
            (Kind::Objective, "target.value", "target.value"),
            (Kind::Action, "needs authority", "needsAuthority"),
        ] {
            assert_eq!(named(kind, header).as_deref(), Some(column), "{header}");
        }
        assert_eq!(named(Kind::Register, "Wetter"), None);
    }
}
