//! Which clauses of the standard a record may serve as evidence for: only where the workspace switched that on, and never
//! as a verdict.

use super::fields::Sheet;
use insight::edition::{EVIDENCE_LINE, EditionProfile, clauses as clauses_of};
use leptos::{
    html::{h3, li, p, section, span, ul},
    prelude::*,
};

pub(crate) fn clauses(sheet: Sheet) -> AnyView {
    let settings = sheet.desk.settings();
    let found = Memo::new(move |_| {
        sheet.now.with(|now| {
            let now = now.as_deref()?;
            let found = settings.with(|settings| clauses_of(settings, now));
            (!found.is_empty()).then_some(found)
        })
    });
    (move || {
        found.get().map(|clauses| {
            let profile = settings.with(|settings| EditionProfile::of(settings));
            let caveat = (!profile.caveat.is_empty()).then(|| p().class("quiet").child(profile.caveat));
            let rows = clauses
                .into_iter()
                .map(|clause| li().child((span().class("numbers clause").child(clause.number), clause.title)))
                .collect_view();
            section().class("clauses").child((
                h3().child(("Clauses ", span().class("quiet").child(profile.label))),
                p().class("quiet").child(EVIDENCE_LINE),
                ul().child(rows),
                caveat,
            ))
        })
    })
    .into_any()
}
