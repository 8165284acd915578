//! Addresses of the app, in one place: what a link says is what the router reads.

use ids::RecordId;
use workspace::{Kind, RecordRef};

/// A section of the rail. Only what is built is here: a link never leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Objectives,
    Register,
    Actions,
}

impl Section {
    pub(crate) const ALL: [Self; 3] = [Self::Objectives, Self::Register, Self::Actions];

    /// First part of its addresses, after `/w/`.
    pub(crate) const fn segment(self) -> &'static str {
        match self {
            Self::Objectives => "objectives",
            Self::Register => "risks",
            Self::Actions => "actions",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Objectives => "Objectives",
            Self::Register => "Risks & opportunities",
            Self::Actions => "Actions",
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
            Self::Objectives => "g b",
            Self::Register => "g r",
            Self::Actions => "g a",
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

    /// The section that shows records of a kind.
    pub(crate) const fn of_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Objective => Some(Self::Objectives),
            Kind::Register => Some(Self::Register),
            Kind::Action => Some(Self::Actions),
            _ => None,
        }
    }

    /// The kind of record that a panel of this section shows.
    pub(crate) const fn kind(self) -> Option<Kind> {
        match self {
            Self::Objectives => Some(Kind::Objective),
            Self::Register => Some(Kind::Register),
            Self::Actions => Some(Kind::Action),
        }
    }
}

/// The address of a record; `None` when no screen shows its kind yet.
pub(crate) fn path_to(record: RecordRef) -> Option<String> {
    Some(format!("{}/{}", Section::of_kind(record.kind)?.path(), record.id))
}

/// The record that an address opens.
pub(crate) fn record_at(path: &str) -> Option<RecordRef> {
    let kind = Section::of_path(path)?.kind()?;
    let id: RecordId = path.trim_end_matches('/').rsplit('/').next()?.parse().ok()?;
    Some(RecordRef::new(kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_says_is_what_is_read() {
        for kind in [Kind::Objective, Kind::Register, Kind::Action] {
            let record = RecordRef::new(kind, RecordId::from_bits(77));
            assert_eq!(record_at(&path_to(record).unwrap()), Some(record));
        }
        assert_eq!(path_to(RecordRef::new(Kind::Goal, RecordId::from_bits(1))), None);
    }

    #[test]
    fn lists_open_no_record() {
        for section in Section::ALL {
            assert_eq!(Section::of_path(&section.path()), Some(section));
            assert_eq!(record_at(&section.path()), None);
        }
        assert_eq!(Section::of_path("/elsewhere"), None);
    }
}
