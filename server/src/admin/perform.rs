//! The changes an operator can make, as requests and answers: the same for the socket and for a file that nobody serves.

use crate::{admin::deliver::deliver, chance, clock, materialise, ws::hub::HubHandle};
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use ids::{DocumentId, MemberId, WorkspaceId};
use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use store::{Batch, Chunk, ChunkKind};
use store_redb::{
    DirectoryMember, DirectoryWorkspace, NewWorkspace, RelayFile, RelayReader, Role, Secret, Token,
    TokenRole, Write,
};
use workspace::{Date, Field, Kind, RecordRef, View};

/// What the operator wants.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Request {
    /// A new workspace, empty or with the sample in it.
    CreateWorkspace {
        /// What the team calls it.
        name: String,
        /// Whether to fill it.
        sample: bool,
        /// The template to begin with.
        #[serde(default)]
        template: Option<String>,
    },
    /// A new workspace out of a document.
    ImportWorkspace {
        /// What the team calls it.
        name: Option<String>,
        /// What it is called if neither the operator nor the document says.
        fallback: String,
        /// The document, in base 64.
        document: String,
    },
    /// A change that the command line has made.
    DeliverChange {
        /// Where it belongs.
        workspace: WorkspaceId,
        /// The change, in base 64.
        change: String,
    },
    /// A token for a client that is not a browser.
    CreateToken {
        /// Id or name of the workspace.
        workspace: String,
        /// What the holder may do.
        role: TokenRole,
        /// How long it is good for.
        ttl_secs: u64,
    },
}

/// What came of it: lines for a person, and the id or secret alone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    /// What was done, in words.
    pub(crate) said: Vec<String>,
    /// The id or secret that was created.
    pub(crate) created: String,
}

const NAME_CHARS_MAX: usize = 120;

/// Where a command is carried out.
#[derive(Clone)]
pub(crate) struct Place {
    /// The relay's file.
    pub(crate) file: RelayFile,
    /// The relay, when it runs.
    pub(crate) hub: Option<HubHandle>,
}

/// Does it, durably. Blocks; in a running relay it is called where that is allowed.
pub(crate) fn perform(place: &Place, request: &Request) -> Result<Done> {
    let file = &place.file;
    match request {
        Request::CreateWorkspace { name, sample, template } => {
            create_workspace(file, name.trim(), *sample, template.as_deref())
        }
        Request::ImportWorkspace { name, fallback, document } => {
            import_workspace(file, name.as_deref(), fallback, document)
        }
        Request::DeliverChange { workspace, change } => deliver_change(place, *workspace, change),
        Request::CreateToken { workspace, role, ttl_secs } => create_token(file, workspace, *role, *ttl_secs),
    }
}

/// The workspace of this id; or of this name, if only one has it.
pub(crate) fn find_workspace(reader: &RelayReader, wanted: &str) -> Result<DirectoryWorkspace> {
    if let Ok(id) = wanted.parse::<WorkspaceId>()
        && let Some(workspace) = reader.workspace(id)?
    {
        return Ok(workspace);
    }
    let mut named: Vec<_> =
        reader.workspaces()?.into_iter().filter(|workspace| workspace.name == wanted).collect();
    match (named.pop(), named.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            bail!("several workspaces are called {wanted:?}; use the id (`binnacle workspace list`)")
        }
        (None, _) => {
            bail!("there is no workspace {wanted:?} here; `binnacle workspace list` shows those there are")
        }
    }
}

fn create_workspace(file: &RelayFile, name: &str, with_sample: bool, template: Option<&str>) -> Result<Done> {
    let mut rng = chance::generator()?;
    let now = clock::now();
    let document = DocumentId::random(&mut rng);
    let first = |bytes| Chunk::new(document, ChunkKind::Incremental, bytes);
    let genesis = bytes::Bytes::from_static(workspace::genesis::BYTES);
    let (chunks, members) = if with_sample {
        let sample = sample::vantry_fluidics(Date::of(now), rng.next_u64()).context("writing the sample")?;
        let members = sample
            .members
            .into_iter()
            .map(|member| DirectoryMember {
                id: member.id,
                name: member.name,
                title: member.title,
                role: Role::Editor,
            })
            .collect();
        (materialise::vouched(document, &sample.doc)?, members)
    } else if let Some(id) = template {
        let template = templates::Template::find(id).with_context(|| {
            let known: Vec<&str> = templates::ALL.iter().map(|template| template.id).collect();
            format!("there is no template {id:?}; there are {}", known.join(", "))
        })?;
        let template = bytes::Bytes::from_static(template.change());
        (vec![first(genesis), first(template)], Vec::new())
    } else {
        (vec![first(genesis)], Vec::new())
    };
    register(file, name, document, members, chunks, &mut rng)
}

/// A new workspace out of a document that was somewhere else before. Its members are those that the document names.
fn import_workspace(file: &RelayFile, name: Option<&str>, fallback: &str, document: &str) -> Result<Done> {
    let bytes = STANDARD.decode(document).context("the document arrived damaged")?;
    let doc = materialise::foreign(&bytes.into())?;
    let mut rng = chance::generator()?;
    let id = DocumentId::random(&mut rng);
    let chunks = materialise::vouched(id, &doc)?;
    let view = View::read(&doc);
    let settings = view.record(RecordRef::singleton(Kind::Settings));
    let own = settings.and_then(|settings| settings.line(Field::Name)).filter(|name| !name.trim().is_empty());
    let name: String = name.or(own).unwrap_or(fallback).trim().chars().take(NAME_CHARS_MAX).collect();
    let members = view
        .live(Kind::Member)
        .map(|member| DirectoryMember {
            id: MemberId(member.id),
            name: member.title().to_owned(),
            title: member.line(Field::RoleTitle).unwrap_or_default().to_owned(),
            role: Role::Editor,
        })
        .collect();
    register(file, &name, id, members, chunks, &mut rng)
}

fn register(
    file: &RelayFile,
    name: &str,
    document: DocumentId,
    members: Vec<DirectoryMember>,
    chunks: Vec<Chunk>,
    rng: &mut dyn RngCore,
) -> Result<Done> {
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        bail!("a workspace has a name of 1 to {NAME_CHARS_MAX} characters");
    }
    let id = WorkspaceId::random(rng);
    file.create_workspace(&NewWorkspace {
        id,
        name: name.to_owned(),
        document,
        created: clock::now(),
        members,
        chunks,
    })?;
    Ok(Done { said: vec![format!("Created the workspace {name:?}.")], created: id.to_string() })
}

/// A change into a workspace: through the relay when it runs, which tells everybody, and into the file otherwise.
fn deliver_change(place: &Place, workspace: WorkspaceId, change: &str) -> Result<Done> {
    let bytes = STANDARD.decode(change).context("the change arrived damaged")?;
    let mut chunks =
        guard::read_chunks(&bytes.into(), &guard::Limits::RELAY).context("the guard refuses the change")?;
    let (Some(guard::Chunk::Change(change)), true) = (chunks.pop(), chunks.is_empty()) else {
        bail!("exactly one change was expected");
    };
    let reader = place.file.reader();
    let workspace = reader.workspace(workspace)?.context("the workspace is gone")?;
    let hash = change.header.hash;
    match &place.hub {
        Some(hub) => {
            let runtime = tokio::runtime::Handle::current();
            runtime.block_on(deliver(hub, &place.file, workspace.id, workspace.document, change))?;
        }
        None => {
            materialise::takes(reader, workspace.document, &change)?;
            let chunk = Chunk::new(workspace.document, ChunkKind::Incremental, change.bytes);
            place.file.commit(&[Write::of(Batch::put([chunk]))])?;
        }
    }
    Ok(Done {
        said: vec![format!("Written into the workspace {:?}.", workspace.name)],
        created: hash.to_string(),
    })
}

fn create_token(file: &RelayFile, workspace: &str, role: TokenRole, ttl_secs: u64) -> Result<Done> {
    let workspace = find_workspace(file.reader(), workspace)?;
    let secret = Secret::random(&mut chance::generator()?);
    let created = clock::now();
    let millis = i64::try_from(ttl_secs).unwrap_or(i64::MAX).saturating_mul(1000);
    let token = Token {
        workspace: workspace.id,
        role,
        label: "command line".to_owned(),
        created,
        expires: Some(created.plus_millis(millis)),
    };
    file.create_token(&secret, &token)?;
    let may = match role {
        TokenRole::Editor => "read and write",
        TokenRole::Viewer => "read",
    };
    let said = vec![
        format!("A token for {:?}: its holder may {may}. It is shown only this once.", workspace.name),
        format!("Address: /sync/{}?token=…", workspace.id),
    ];
    Ok(Done { said, created: secret.reveal() })
}
