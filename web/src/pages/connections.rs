//! Everything a record is connected with, in both directions: links that people made, and records that name it in a
//! field. With this any record leads to every record next to it.

use super::{desk::Desk, fields::Sheet, words};
use crate::{
    components::icon::{Icon, icon},
    shell::routes::path_to,
};
use insight::links::{Link, Said};
use leptos::{
    html::{a, details, div, h4, li, span, summary, ul},
    prelude::*,
};
use std::collections::BTreeMap;
use workspace::{Kind, RecordRef};

pub(crate) fn connections(sheet: Sheet) -> AnyView {
    let (desk, here) = (sheet.desk, sheet.record);
    let links = desk.links();
    let found = Memo::new(move |_| {
        let found = links.with(|links| desk.peek(|view| links.links(view, here)));
        by_kind(here, found)
    });
    let count = Memo::new(move |_| found.with(|found| found.values().map(Vec::len).sum::<usize>()));
    let groups = move || {
        let found = found.get();
        found.into_iter().map(|(kind, others)| group(desk, kind, others)).collect_view()
    };
    (move || {
        (count.get() > 0).then(|| {
            details().class("more connections").child((
                summary().child((
                    icon(Icon::Right),
                    "All connections",
                    span().class("quiet numbers").child(move || count.get()),
                )),
                groups,
            ))
        })
    })
    .into_any()
}

/// The other records by kind, each with the words for how it is connected.
fn by_kind(here: RecordRef, links: Vec<Link>) -> BTreeMap<Kind, Vec<(RecordRef, String)>> {
    let mut found: BTreeMap<Kind, Vec<(RecordRef, String)>> = BTreeMap::new();
    // A value of a figure is shown in its chart, an input in its review.
    let links = links.into_iter().filter(|link| {
        let other = link.other(here);
        other != here && !matches!(other.kind, Kind::Measurement | Kind::ReviewInput)
    });
    for link in links {
        let other = link.other(here);
        let words = match link.said {
            Said::Edge(edge) => words::relation(edge.relation, edge.from == here).to_owned(),
            Said::Field(field) => words::field(field).to_lowercase(),
        };
        let others = found.entry(other.kind).or_default();
        match others.iter_mut().find(|(known, _)| *known == other) {
            Some((_, known)) if !known.contains(&words) => known.push_str(&format!(", {words}")),
            Some(_) => {}
            None => others.push((other, words)),
        }
    }
    found
}

fn group(desk: Desk, kind: Kind, others: Vec<(RecordRef, String)>) -> AnyView {
    let rows = others.into_iter().map(|(other, how)| row(desk, other, how)).collect_view();
    div().child((h4().child(words::nouns(kind)), ul().class("linked").child(rows))).into_any()
}

fn row(desk: Desk, other: RecordRef, how: String) -> AnyView {
    let record = desk.signal(other);
    let title = move || {
        record.with(|record| {
            let title = record.as_ref().map(|record| record.title().to_owned()).unwrap_or_default();
            if title.is_empty() { words::label(words::noun(other.kind, None)) } else { title }
        })
    };
    let is_gone = move || record.with(|record| record.as_ref().is_none_or(|record| record.is_deleted()));
    li().class(move || if is_gone() { "gone" } else { "" })
        .child((a().href(path_to(other)).child(title), span().class("quiet how").child(how)))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::RecordId;
    use workspace::{Edge, Field, Relation};

    #[test]
    fn a_record_connected_twice_is_one_row_with_both_words() {
        let action = RecordRef::new(Kind::Action, RecordId::from_bits(1));
        let risk = RecordRef::new(Kind::Register, RecordId::from_bits(2));
        let edge =
            |relation| Link { from: action, to: risk, said: Said::Edge(Edge::new(relation, action, risk)) };
        let found = by_kind(risk, vec![edge(Relation::Treats), edge(Relation::ComesFrom)]);
        assert_eq!(found[&Kind::Action], [(action, "treated by, led to".to_owned())]);
    }

    #[test]
    fn a_field_says_its_name_and_a_value_of_a_figure_is_left_out() {
        let kpi = RecordRef::new(Kind::Kpi, RecordId::from_bits(1));
        let member = RecordRef::new(Kind::Member, RecordId::from_bits(2));
        let value = RecordRef::new(Kind::Measurement, RecordId::from_bits(3));
        let link = |from, to, field| Link { from, to, said: Said::Field(field) };
        let found = by_kind(kpi, vec![link(kpi, member, Field::Owner), link(value, kpi, Field::Kpi)]);
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [(Kind::Member, vec![(member, "owner".to_owned())])]
        );
    }
}
