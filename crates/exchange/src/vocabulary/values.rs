//! What the words in coded columns mean.

use super::plain;

/// Codes of the document and what people write for them. A code that a field does not know is passed over, so one word
/// may stand at several.
#[rustfmt::skip]
const CODES: &[(&str, &[&str])] = &[
    // Register.
    ("risk", &["risk", "risiko", "threat", "gefahr"]),
    ("opportunity", &["opportunity", "chance", "potential"]),
    ("quality", &["qualität", "q"]),
    ("customer", &["kunde", "kunden", "client", "clients", "customers", "markt"]),
    ("compliance", &["legal", "law", "regulatory", "recht", "rechtlich", "regulatorisch"]),
    ("supply", &["supplier", "suppliers", "supply chain", "purchasing", "lieferant", "lieferanten",
        "lieferkette", "einkauf", "beschaffung"]),
    ("people", &["staff", "personnel", "hr", "personal", "mitarbeiter", "mitarbeitende"]),
    ("technology", &["it", "technical", "technik", "technologie", "edv"]),
    ("financial", &["finance", "finances", "finanzen", "finanziell", "kosten"]),
    ("strategic", &["strategy", "strategie", "strategisch"]),
    ("climate", &["klima", "umwelt"]),
    ("culture", &["kultur", "unternehmenskultur"]),
    ("other", &["sonstiges", "andere", "sonstige", "misc"]),
    ("reduce", &["mitigate", "treat", "reduction", "mitigation", "vermindern", "reduzieren",
        "verringern", "mindern"]),
    ("avoid", &["terminate", "avoidance", "vermeiden", "vermeidung"]),
    ("transfer", &["insure", "übertragen", "überwälzen", "versichern", "verlagern"]),
    ("accept", &["tolerate", "retain", "akzeptieren", "tragen", "hinnehmen"]),
    ("watch", &["monitor", "observe", "beobachten", "überwachen"]),
    ("pursue", &["exploit", "verfolgen", "nutzen"]),
    ("explore", &["erkunden", "prüfen"]),
    ("decline", &["ablehnen"]),
    // States.
    ("identified", &["new", "open", "neu", "offen", "identifiziert", "erkannt"]),
    ("assessed", &["rated", "analysed", "bewertet", "analysiert"]),
    ("treating", &["in treatment", "in progress", "mitigating", "in behandlung", "in bearbeitung",
        "in arbeit", "laufend"]),
    ("treated", &["mitigated", "behandelt", "umgesetzt"]),
    ("accepted", &["tolerated", "akzeptiert", "angenommen", "getragen"]),
    ("closed", &["done", "geschlossen", "erledigt", "abgeschlossen", "entfallen"]),
    ("exploring", &["in prüfung"]),
    ("pursuing", &["in progress", "in bearbeitung", "in arbeit", "verfolgt"]),
    ("realised", &["realized", "done", "realisiert", "umgesetzt"]),
    ("not-realised", &["missed", "nicht realisiert"]),
    ("declined", &["rejected", "abgelehnt"]),
    ("open", &["new", "to do", "todo", "planned", "not started", "offen", "neu", "geplant"]),
    ("in-progress", &["in progress", "started", "wip", "doing", "in arbeit", "in bearbeitung", "laufend",
        "begonnen"]),
    ("blocked", &["on hold", "waiting", "blockiert", "wartet", "zurückgestellt"]),
    ("done", &["completed", "complete", "finished", "closed", "erledigt", "abgeschlossen", "fertig",
        "umgesetzt"]),
    ("verified", &["checked", "geprüft", "verifiziert"]),
    ("effective", &["wirksam"]),
    ("ineffective", &["not effective", "unwirksam", "nicht wirksam"]),
    ("cancelled", &["canceled", "dropped", "abgebrochen", "storniert", "entfallen"]),
    ("draft", &["new", "idea", "entwurf", "neu", "idee"]),
    ("drafted", &["draft", "entwurf"]),
    ("proposed", &["vorgeschlagen", "vorschlag"]),
    ("active", &["in progress", "running", "aktiv", "laufend"]),
    ("paused", &["on hold", "pausiert", "ruhend"]),
    ("at-rest", &["paused", "on hold", "pausiert", "ruhend"]),
    ("achieved", &["reached", "done", "erreicht"]),
    ("met", &["achieved", "reached", "yes", "fulfilled", "erreicht", "erfüllt", "ja"]),
    ("missed", &["not met", "verfehlt", "nicht erreicht"]),
    ("partly", &["partially", "partial", "teilweise", "zum teil"]),
    ("not-met", &["no", "not fulfilled", "nein", "nicht erfüllt"]),
    ("unknown", &["unclear", "unbekannt", "unklar"]),
    ("withdrawn", &["zurückgezogen"]),
    ("dropped", &["cancelled", "verworfen", "aufgegeben"]),
    ("decided", &["approved", "agreed", "beschlossen", "entschieden"]),
    ("rejected", &["declined", "abgelehnt"]),
    ("deferred", &["postponed", "vertagt", "verschoben"]),
    ("in-force", &["valid", "gültig", "in kraft"]),
    ("requested", &["angefragt", "beantragt"]),
    ("committed", &["granted", "approved", "zugesagt", "bewilligt"]),
    ("refused", &["rejected", "abgelehnt"]),
    ("delivered", &["geliefert", "bereitgestellt"]),
    // Priorities, directions, rhythms.
    ("now", &["high", "urgent", "critical", "1", "a", "hoch", "dringend", "sofort", "kritisch"]),
    ("soon", &["medium", "normal", "2", "b", "mittel", "bald"]),
    ("later", &["low", "3", "c", "niedrig", "gering", "später"]),
    ("up", &["higher", "increase", "more", "höher", "mehr", "steigend", "hoch"]),
    ("down", &["lower", "decrease", "less", "niedriger", "weniger", "fallend", "runter"]),
    ("band", &["range", "between", "bereich", "korridor"]),
    ("weekly", &["week", "wöchentlich", "woche"]),
    ("monthly", &["month", "monatlich", "monat"]),
    ("quarterly", &["quarter", "quartalsweise", "vierteljährlich", "quartal"]),
    ("yearly", &["year", "annual", "jährlich", "jahr"]),
    ("none", &["no", "keine", "nie"]),
    // Context.
    ("external", &["extern", "outside"]),
    ("internal", &["intern", "inside"]),
    ("hurts", &["negative", "threat", "negativ", "schadet", "risiko"]),
    ("helps", &["positive", "opportunity", "positiv", "hilft", "chance"]),
    ("both", &["beides"]),
    ("owner", &["shareholder", "eigentümer", "gesellschafter"]),
    ("employee", &["employees", "staff", "mitarbeiter", "mitarbeitende", "beschäftigte"]),
    ("supplier", &["suppliers", "lieferant", "lieferanten"]),
    ("regulator", &["authority", "authorities", "behörde", "behörden"]),
    ("partner", &["partners"]),
    ("community", &["neighbours", "society", "gesellschaft", "nachbarn", "öffentlichkeit"]),
    ("law", &["legal", "gesetz", "gesetzlich", "recht"]),
    ("contract", &["contractual", "vertrag", "vertraglich"]),
    ("stated", &["explicit", "ausdrücklich", "genannt"]),
    ("implied", &["implicit", "stillschweigend", "vorausgesetzt"]),
    ("own-promise", &["promise", "voluntary", "freiwillig", "selbstverpflichtung"]),
    ("complaint", &["reklamation", "beschwerde"]),
    ("praise", &["compliment", "lob"]),
    ("survey", &["umfrage", "befragung"]),
    ("visit", &["besuch"]),
    ("return", &["rückgabe", "retoure"]),
    // Means and authority.
    ("money", &["budget", "geld"]),
    ("equipment", &["tools", "machine", "ausrüstung", "maschine", "werkzeug"]),
    ("time", &["zeit"]),
    ("knowledge", &["training", "wissen", "schulung"]),
    ("spend", &["budget", "ausgeben"]),
    ("hire", &["einstellen", "einstellung"]),
    // Figures, audits, members.
    ("final", &["actual", "endgültig"]),
    ("provisional", &["preliminary", "vorläufig"]),
    ("estimate", &["estimated", "geschätzt", "schätzung"]),
    ("major", &["hauptabweichung", "schwer"]),
    ("minor", &["nebenabweichung", "leicht"]),
    ("observation", &["beobachtung", "hinweis"]),
    ("strength", &["stärke"]),
    ("top", &["top management", "management", "geschäftsführung", "geschäftsleitung", "leitung"]),
    ("lead", &["manager", "head", "bereichsleitung", "abteilungsleitung"]),
    ("facilitator", &["moderator", "moderation"]),
    ("guest", &["gast"]),
];

/// The code that a word means among those that a field knows.
pub(crate) fn code(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let word = plain(word);
    let same = |code: &&&'static str| plain(code) == word;
    known.iter().find(same).copied().or_else(|| {
        let meant = CODES.iter().filter(|(_, words)| words.contains(&word.as_str()));
        meant.filter_map(|(code, _)| known.iter().find(|known| *known == code).copied()).next()
    })
}

/// Yes or no.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match plain(word).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "j" | "wahr" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "falsch" => Some(false),
        _ => None,
    }
}

/// A word for a level, on the scale of 1 to 5.
pub(crate) fn level(word: &str) -> Option<u8> {
    Some(match plain(word).as_str() {
        "very low" | "rare" | "negligible" | "sehr gering" | "sehr niedrig" | "selten"
        | "vernachlässigbar" | "unwahrscheinlich" => 1,
        "low" | "unlikely" | "gering" | "niedrig" | "klein" => 2,
        "medium" | "moderate" | "possible" | "mittel" | "möglich" | "mäßig" => 3,
        "high" | "likely" | "major" | "hoch" | "groß" | "wahrscheinlich" => 4,
        "very high"
        | "almost certain"
        | "severe"
        | "critical"
        | "sehr hoch"
        | "sehr groß"
        | "kritisch"
        | "fast sicher"
        | "sehr wahrscheinlich" => 5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use workspace::{
        Kind,
        schema::{self, Type},
    };

    #[test]
    fn every_code_named_here_exists_and_every_word_is_plain() {
        let mut codes: BTreeSet<&str> = BTreeSet::new();
        for kind in Kind::ALL {
            for spec in schema::fields(*kind) {
                let types = std::iter::once(spec.ty).chain(spec.parts.iter().map(|part| part.ty));
                codes.extend(
                    types
                        .filter_map(|ty| if let Type::OneOf(words) = ty { Some(words) } else { None })
                        .flatten(),
                );
            }
            for variant in [None, Some("risk"), Some("opportunity")] {
                codes.extend(schema::lifecycle(*kind, variant).into_iter().flat_map(|life| life.states));
            }
        }
        for (code, words) in CODES {
            assert!(codes.contains(code), "{code}");
            for word in *words {
                assert_eq!(plain(word), *word, "{code}");
            }
        }
    }

    #[test]
    fn a_word_means_what_the_field_can_hold() {
        let states = ["identified", "assessed", "treating", "closed"];
        assert_eq!(code("In Bearbeitung", &states), Some("treating"));
        assert_eq!(code("offen", &states), Some("identified"));
        assert_eq!(code("offen", &["open", "done"]), Some("open"));
        assert_eq!(code("in_progress", &["in-progress"]), Some("in-progress"));
        assert_eq!(code("erledigt", &["open", "done"]), Some("done"));
        assert_eq!(code("vielleicht", &states), None);
        assert_eq!((flag("Ja"), flag("0"), flag("?")), (Some(true), Some(false), None));
    }
}
