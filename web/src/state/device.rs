//! What this device is called in the document.

/// "Chrome on Linux", from what the browser says of itself.
pub(super) fn label(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)], otherwise: &'static str| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map_or(otherwise, |(_, name)| name)
    };
    // In this order: most browsers claim to be most others.
    let browser = named(
        &[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ],
        "Browser",
    );
    let system = named(
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "Mac"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
        "this device",
    );
    format!("{browser} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_that_claim_to_be_each_other_are_told_apart() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(label(chrome), "Chrome on Linux");
        assert_eq!(
            label(&format!("{chrome} Edg/156.0.0.0").replace("X11; Linux x86_64", "Windows NT 10.0")),
            "Edge on Windows"
        );
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
        assert_eq!(label(safari), "Safari on iPhone");
        assert_eq!(label(""), "Browser on this device");
    }
}
