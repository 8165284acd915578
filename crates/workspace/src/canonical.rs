//! Canonical JSON: one value, one text.
//!
//! Atoms and log entries are compared, hashed and signed as text, so equal values must be equal bytes on every device:
//! members sorted by key, no white space, and numbers only as integers (fractions are decimal strings; two
//! languages print the same float differently).

use serde_json::Value as Json;

/// The canonical text of `json`.
pub fn text(json: &Json) -> String {
    let mut out = String::new();
    write(json, &mut out);
    out
}

/// Whether `json` holds a number that is not an integer, somewhere.
pub fn has_fraction(json: &Json) -> bool {
    match json {
        Json::Number(number) => !(number.is_i64() || number.is_u64()),
        Json::Array(entries) => entries.iter().any(has_fraction),
        Json::Object(members) => members.values().any(has_fraction),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => out.push_str(&json.to_string()),
        Json::Array(entries) => {
            out.push('[');
            for (place, entry) in entries.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(entry, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            // Sorted here: another crate may switch serde_json to insertion order for the whole build.
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (place, key) in keys.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                out.push_str(&Json::String(key.clone()).to_string());
                out.push(':');
                write(members.get(key).unwrap_or(&Json::Null), out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_at_every_depth() {
        let value = json!({"b": [1, {"z": null, "a": "x\n"}], "a": true});
        assert_eq!(text(&value), r#"{"a":true,"b":[1,{"a":"x\n","z":null}]}"#);
    }

    #[test]
    fn fractions_are_found() {
        assert!(has_fraction(&json!({"a": [1, 0.5]})));
        assert!(!has_fraction(&json!({"a": [1, "0.5"]})));
    }
}
