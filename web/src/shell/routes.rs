//! Addresses of the app, in one place: what a link says is what the router reads.
//!
//! Every record has exactly one address, whatever its kind. The main kind of a section stands directly under it
//! (`/w/objectives/01J…`), any other kind under its collection (`/w/objectives/kpis/01J…`), a singleton under its
//! collection alone (`/w/direction/direction`).

use ids::RecordId;
use workspace::{Kind, RecordRef};

/// Deleted items: no section of its own, reached from the foot of the rail and from the palette.
pub(crate) const BIN: &str = "/w/bin";

/// What the page of an address is called.
pub(crate) fn title_of(path: &str) -> Option<&'static str> {
    match path.trim_end_matches('/') {
        BIN => Some("Deleted items"),
        _ => Section::of_path(path).map(Section::title),
    }
}

/// A section of the rail. Only what is built is here: a link never leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Overview,
    Direction,
    Objectives,
    Register,
    Means,
    Actions,
    People,
}

impl Section {
    pub(crate) const ALL: [Self; 7] = [
        Self::Overview,
        Self::Direction,
        Self::Objectives,
        Self::Register,
        Self::Means,
        Self::Actions,
        Self::People,
    ];

    /// Where one begins.
    pub(crate) const START: Self = Self::Overview;

    /// First part of its addresses, after `/w/`.
    pub(crate) const fn segment(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Direction => "direction",
            Self::Objectives => "objectives",
            Self::Register => "risks",
            Self::Means => "means",
            Self::Actions => "actions",
            Self::People => "people",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Direction => "Direction",
            Self::Objectives => "Objectives",
            Self::Register => "Risks & opportunities",
            Self::Means => "Means & authority",
            Self::Actions => "Actions",
            Self::People => "People",
        }
    }

    /// For the bottom bar of a phone.
    pub(crate) const fn short_title(self) -> &'static str {
        match self {
            Self::Register => "Risks",
            other => other.title(),
        }
    }

    /// The key after `g`.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Overview => "g o",
            Self::Direction => "g s",
            Self::Objectives => "g b",
            Self::Register => "g r",
            Self::Means => "g m",
            Self::Actions => "g a",
            Self::People => "g p",
        }
    }

    pub(crate) fn path(self) -> String {
        format!("/w/{}", self.segment())
    }

    /// The section an address lies in.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let segment = path.strip_prefix("/w/")?.split('/').next()?;
        Self::ALL.into_iter().find(|section| section.segment() == segment)
    }

    /// The section that shows records of a kind. What has no section of its own is shown beside the overview.
    pub(crate) const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Direction
            | Kind::Goal
            | Kind::Issue
            | Kind::Party
            | Kind::Requirement
            | Kind::Feedback
            | Kind::Policy
            | Kind::Commitment => Self::Direction,
            Kind::Objective | Kind::Kpi | Kind::Measurement => Self::Objectives,
            Kind::Register => Self::Register,
            Kind::Need | Kind::Grant | Kind::Seat | Kind::Handover => Self::Means,
            Kind::Action => Self::Actions,
            Kind::Member => Self::People,
            _ => Self::Overview,
        }
    }

    /// The kind whose records stand directly under the section.
    const fn main_kind(self) -> Option<Kind> {
        match self {
            Self::Overview => None,
            Self::Direction => Some(Kind::Goal),
            Self::Objectives => Some(Kind::Objective),
            Self::Register => Some(Kind::Register),
            Self::Means => Some(Kind::Need),
            Self::Actions => Some(Kind::Action),
            Self::People => Some(Kind::Member),
        }
    }
}

/// The address of a record.
pub(crate) fn path_to(record: RecordRef) -> String {
    let section = Section::of_kind(record.kind);
    if section.main_kind() == Some(record.kind) {
        format!("{}/{}", section.path(), record.id)
    } else {
        // A singleton is written without an id.
        format!("{}/{record}", section.path())
    }
}

/// The record that an address opens.
pub(crate) fn record_at(path: &str) -> Option<RecordRef> {
    let section = Section::of_path(path)?;
    let rest = path.strip_prefix("/w/")?.trim_end_matches('/').split_once('/')?.1;
    if let (Some(kind), Ok(id)) = (section.main_kind(), rest.parse::<RecordId>()) {
        return Some(RecordRef::new(kind, id));
    }
    let record: RecordRef = rest.parse().ok()?;
    // A record has one address: not under another section, and the main kind not under its collection.
    let is_here = Section::of_kind(record.kind) == section && section.main_kind() != Some(record.kind);
    is_here.then_some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_says_is_what_is_read_for_every_kind() {
        for kind in Kind::ALL.iter().copied() {
            let record = if kind.is_singleton() {
                RecordRef::singleton(kind)
            } else {
                RecordRef::new(kind, RecordId::from_bits(77))
            };
            assert_eq!(record_at(&path_to(record)), Some(record), "{kind}");
        }
    }

    #[test]
    fn every_record_has_one_address() {
        let id = RecordId::from_bits(77);
        for path in [
            format!("/w/objectives/objectives/{id}"),
            format!("/w/risks/kpis/{id}"),
            format!("/w/overview/{id}"),
        ] {
            assert_eq!(record_at(&path), None, "{path}");
        }
    }

    #[test]
    fn lists_open_no_record() {
        for section in Section::ALL {
            assert_eq!(Section::of_path(&section.path()), Some(section));
            assert_eq!(record_at(&section.path()), None);
            assert_eq!(record_at(&format!("{}/", section.path())), None);
        }
        assert_eq!(Section::of_path("/elsewhere"), None);
    }

    #[test]
    fn no_two_sections_share_a_key_or_a_segment() {
        for (place, one) in Section::ALL.into_iter().enumerate() {
            for other in Section::ALL.into_iter().skip(place + 1) {
                assert_ne!(one.key(), other.key());
                assert_ne!(one.segment(), other.segment());
            }
        }
    }
}
