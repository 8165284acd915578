//! Plays the scenes: one change of the document each, by the right member on the right device at the right time.

mod clock;
mod stand_ins;

use crate::{
    SampleError,
    data::{Data, DataError},
    names::Names,
    script::{Scene, Voice},
};
use automerge::Automerge;
use ids::{ActorId, Heads, MemberId, RecordId, Timestamp};
use rand_core::RngCore;
use std::collections::BTreeMap;
use workspace::{Act, Author, Date};

/// Who works on a second device too, and what it is.
const SECOND_DEVICES: [(&str, &str); 2] = [("m-ceo", "phone"), ("m-cto", "tablet")];

/// What another system writes belongs to no member.
const NOBODY: MemberId = MemberId(RecordId::from_bits(0));

/// Writes the document.
pub(crate) fn write(
    anchor: Date,
    scenes: Vec<Scene>,
    names: &Names,
    data: &Data,
    rng: &mut dyn RngCore,
) -> Result<Automerge, SampleError> {
    let cast = Cast::assemble(names, data, rng)?;
    let engine = |error: workspace::LoadError| SampleError::Engine(error.to_string());
    let doc = workspace::new_document(&cast.import.actor).map_err(engine)?;
    let mut stage = Stage { doc, cast, away: BTreeMap::new(), marks: BTreeMap::new(), rng };
    for (time, scene) in clock::timed(anchor, scenes, stage.rng) {
        stage.land(Some(scene.day))?;
        stage.play(time, scene)?;
    }
    stage.land(None)?;
    Ok(stage.doc)
}

/// One session: a member at a device.
#[derive(Clone)]
struct Session {
    actor: ActorId,
    author: Author,
}

/// All sessions.
struct Cast {
    members: BTreeMap<String, (Vec<Session>, usize)>,
    import: Session,
}

impl Cast {
    fn assemble(names: &Names, data: &Data, rng: &mut dyn RngCore) -> Result<Self, DataError> {
        let mut session = |member, device_label| Session {
            actor: ActorId::random(rng),
            author: Author { member, device_label },
        };
        let import = session(NOBODY, "Figures import".to_owned());
        let mut members = BTreeMap::new();
        for member in &data.members {
            let id = MemberId(names.of(&member.0)?.id);
            let first_name = member.1.split(' ').next().unwrap_or_default();
            let of = if first_name.ends_with('s') { "'" } else { "'s" };
            let second = SECOND_DEVICES.iter().find(|(code, _)| *code == member.0).map(|(_, device)| *device);
            let sessions = std::iter::once("laptop")
                .chain(second)
                .map(|device| session(id, format!("{first_name}{of} {device}")))
                .collect();
            members.insert(member.0.clone(), (sessions, 0));
        }
        Ok(Self { members, import })
    }

    /// The session for the next scene of a voice. Who has two devices uses them in turn; on a journey (`Some`) the
    /// second one is with them and the first one at home.
    fn next(&mut self, voice: &Voice, journey: Option<Place>) -> Option<&Session> {
        let Voice::Member(who) = voice else { return Some(&self.import) };
        let (sessions, turn) = self.members.get_mut(who)?;
        let place = match journey {
            Some(Place::Home) => 0,
            Some(Place::OnTheWay) => sessions.len().checked_sub(1)?,
            None => {
                *turn += 1;
                turn.checked_rem(sessions.len())?
            }
        };
        sessions.get(place)
    }
}

/// Where somebody is who has a device offline.
#[derive(Clone, Copy)]
enum Place {
    Home,
    OnTheWay,
}

/// A device that is offline, and when it comes back.
struct Away {
    doc: Automerge,
    lands: i32,
}

struct Stage<'a> {
    doc: Automerge,
    cast: Cast,
    away: BTreeMap<Voice, Away>,
    marks: BTreeMap<String, Heads>,
    rng: &'a mut dyn RngCore,
}

impl Stage<'_> {
    /// Merges what was written offline, as far as it lands by `day`.
    fn land(&mut self, day: Option<i32>) -> Result<(), SampleError> {
        let landing: Vec<Voice> = self
            .away
            .iter()
            .filter(|(_, away)| day.is_none_or(|day| away.lands <= day))
            .map(|(voice, _)| voice.clone())
            .collect();
        for mut away in landing.iter().filter_map(|voice| self.away.remove(voice)) {
            self.doc.merge(&mut away.doc).map_err(|error| SampleError::Engine(error.to_string()))?;
        }
        Ok(())
    }

    fn play(&mut self, time: Timestamp, scene: Scene) -> Result<(), SampleError> {
        let Scene { day, voice, act, lands, mark, .. } = scene;
        let journey = match (lands, self.away.contains_key(&voice)) {
            (Some(_), _) => Some(Place::OnTheWay),
            (None, true) => Some(Place::Home),
            (None, false) => None,
        };
        let doc = match lands {
            Some(lands) => {
                let away = self.away.entry(voice.clone());
                &mut away.or_insert_with(|| Away { doc: self.doc.clone(), lands }).doc
            }
            None => &mut self.doc,
        };
        let Some(session) = self.cast.next(&voice, journey) else {
            return Err(DataError::Unknown(format!("{voice:?}")).into());
        };
        doc.set_actor(automerge::ActorId::from(session.actor.as_bytes()));
        let Act { name, edits } = act;
        let present = stand_ins::Present { doc, marks: &self.marks, time };
        let edits = edits.into_iter().map(|edit| stand_ins::resolve(edit, &present)).collect();
        let act = Act { name, edits };
        let applied = workspace::apply(doc, &session.author, time, self.rng, &act);
        match applied {
            Ok(applied) if applied.change.is_none() => Err(SampleError::Idle { day, act: act.name }),
            Ok(_) => {
                if let Some(mark) = mark {
                    self.marks.insert(mark, workspace::heads(doc));
                }
                Ok(())
            }
            Err(error) => Err(SampleError::Refused { day, act: act.name, error: Box::new(error) }),
        }
    }
}
