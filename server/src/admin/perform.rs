//! The changes an operator can make, as requests and answers: the same for the socket and for a file that nobody serves.

use crate::{chance, clock, materialise};
use anyhow::{Context, Result, bail};
use ids::{DocumentId, WorkspaceId};
use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use store::{Chunk, ChunkKind};
use store_redb::{
    DirectoryMember, DirectoryWorkspace, NewWorkspace, RelayFile, RelayReader, Role, Secret, Token, TokenRole,
};
use workspace::Date;

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

/// Does it, durably.
pub(crate) fn perform(file: &RelayFile, request: Request) -> Result<Done> {
    match request {
        Request::CreateWorkspace { name, sample } => create_workspace(file, name.trim(), sample),
        Request::CreateToken { workspace, role, ttl_secs } => create_token(file, &workspace, role, ttl_secs),
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

fn create_workspace(file: &RelayFile, name: &str, with_sample: bool) -> Result<Done> {
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        bail!("a workspace has a name of 1 to {NAME_CHARS_MAX} characters");
    }
    let mut rng = chance::generator()?;
    let now = clock::now();
    let (document, id) = (DocumentId::random(&mut rng), WorkspaceId::random(&mut rng));
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
        (snapshot(document, &sample.doc)?, members)
    } else {
        let genesis = bytes::Bytes::from_static(workspace::genesis::BYTES);
        (vec![Chunk::new(document, ChunkKind::Incremental, genesis)], Vec::new())
    };
    file.create_workspace(&NewWorkspace {
        id,
        name: name.to_owned(),
        document,
        created: now,
        members,
        chunks,
    })?;
    Ok(Done { said: vec![format!("Created the workspace {name:?}.")], created: id.to_string() })
}

/// The document as the relay would have compacted it.
fn snapshot(document: DocumentId, doc: &automerge::Automerge) -> Result<Vec<Chunk>> {
    let snapshot = Chunk::new(document, ChunkKind::Snapshot, doc.save());
    let index =
        relay::Index::new(snapshot.key().hash, materialise::indexed(doc)).context("indexing the sample")?;
    let index = Chunk::new(document, ChunkKind::Index, index.encode());
    Ok(vec![snapshot, index])
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
