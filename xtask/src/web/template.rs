//! `{{name}}` in a template becomes a value. A name that nobody provides is an error, so that a typing mistake ends the
//! build and not the app.

use anyhow::{Result, bail};

/// Replaces every `{{name}}` by what `value` gives for it.
pub(crate) fn render(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut rendered = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, from)) = rest.split_once("{{") {
        rendered.push_str(before);
        let Some((name, after)) = from.split_once("}}") else {
            bail!("a template opens {{{{ and never closes it: {}", from.chars().take(40).collect::<String>());
        };
        match value(name.trim()) {
            Some(text) => rendered.push_str(&text),
            None => bail!("a template asks for {name:?}, which this build does not have"),
        }
        rest = after;
    }
    rendered.push_str(rest);
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        (name == "a").then(|| "1".to_owned())
    }

    #[test]
    fn names_become_values_and_other_braces_stay() {
        assert_eq!(render("{ {{a}} } {{ a }}", value).unwrap(), "{ 1 } 1");
    }

    #[test]
    fn an_unknown_or_unfinished_name_ends_the_build() {
        assert!(render("{{b}}", value).is_err());
        assert!(render("{{a", value).is_err());
    }
}
