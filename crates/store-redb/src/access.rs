//! Who may come in: tokens of programs, sessions of browsers, invites of people.
//!
//! All three are found by the SHA-256 of a [`Secret`]; whoever reads the file, or a backup of it, learns no secret.

use crate::{
    DirectoryMember, RelayFile, RelayReader, Role, Secret, SecretId, TokenRole, WriteError,
    directory::{decode, encode, get, member_key, put_member, require_workspace},
    error::Failure,
    tables::{INVITES, Key, MEMBERS, SESSIONS, TOKENS},
};
use ids::{DeviceId, MemberId, Timestamp, WorkspaceId};
use redb::{ReadableTable, Table, TableDefinition};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::StoreError;

/// The right of a program that is not a browser to join a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// What its holder may do.
    pub role: TokenRole,
    /// What it is for, in the words of whoever made it.
    pub label: String,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused; `None`: until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

/// A token in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenEntry {
    /// Its name, for revoking it.
    pub id: SecretId,
    /// What it grants.
    pub token: Token,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// Who is signed in. What they may do is asked of the directory each time.
    pub member: MemberId,
    /// On which device.
    pub device: DeviceId,
    /// When they signed in.
    pub created: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
}

/// The right to become a member, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// What the new member may do.
    pub role: Role,
    /// Whom it is for, in the words of whoever made it; may be empty.
    #[serde(default)]
    pub label: String,
    /// The existing member it signs in, on one more device. `None`: somebody new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
}

/// An invite in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteEntry {
    /// Its name, for revoking it.
    pub id: SecretId,
    /// What it grants.
    pub invite: Invite,
}

type Grants = TableDefinition<'static, Key<32>, &'static [u8]>;

impl RelayReader {
    /// What the holder of `secret` may do now, if it is a token.
    pub fn find_token(&self, secret: &Secret, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let found: Option<Token> = self.find(TOKENS, secret)?;
        Ok(found.filter(|token| token.expires.is_none_or(|expires| now < expires)))
    }

    /// Who is signed in with `secret` now.
    pub fn find_session(&self, secret: &Secret, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let found: Option<Session> = self.find(SESSIONS, secret)?;
        Ok(found.filter(|session| now < session.expires))
    }

    /// What `secret` would grant now, if it is an invite. Looking does not use it up.
    pub fn find_invite(&self, secret: &Secret, now: Timestamp) -> Result<Option<Invite>, StoreError> {
        let found: Option<Invite> = self.find(INVITES, secret)?;
        Ok(found.filter(|invite| now < invite.expires))
    }

    /// The tokens of a workspace, expired ones included.
    pub fn tokens(&self, workspace: WorkspaceId) -> Result<Vec<TokenEntry>, StoreError> {
        let all = self.all(TOKENS, |id, token: Token| TokenEntry { id, token })?;
        Ok(all.into_iter().filter(|entry| entry.token.workspace == workspace).collect())
    }

    /// The open invites of a workspace, expired ones included.
    pub fn invites(&self, workspace: WorkspaceId) -> Result<Vec<InviteEntry>, StoreError> {
        let all = self.all(INVITES, |id, invite: Invite| InviteEntry { id, invite })?;
        Ok(all.into_iter().filter(|entry| entry.invite.workspace == workspace).collect())
    }

    /// The sessions of a workspace, expired ones included, each with the name it can be ended by.
    pub fn sessions(&self, workspace: WorkspaceId) -> Result<Vec<(SecretId, Session)>, StoreError> {
        let all = self.all(SESSIONS, |id, session: Session| (id, session))?;
        Ok(all.into_iter().filter(|(_, session)| session.workspace == workspace).collect())
    }

    fn find<T: DeserializeOwned>(&self, table: Grants, secret: &Secret) -> Result<Option<T>, StoreError> {
        let hash = secret.hash();
        self.read(format_args!("looking up {secret:?}"), |transaction| {
            get(&transaction.open_table(table)?, &hash)
        })
    }

    fn all<T: DeserializeOwned, E>(
        &self,
        table: Grants,
        entry: impl Fn(SecretId, T) -> E,
    ) -> Result<Vec<E>, StoreError> {
        self.read(format_args!("listing the {table}"), |transaction| {
            let mut all = Vec::new();
            for stored in transaction.open_table(table)?.iter()? {
                let (hash, value) = stored?;
                all.push(entry(SecretId::of_hash(hash.value()), decode(value.value())?));
            }
            Ok(all)
        })
    }
}

impl RelayFile {
    /// Makes `secret` a token.
    pub fn create_token(&self, secret: &Secret, token: &Token) -> Result<(), WriteError> {
        self.grant(TOKENS, secret, token.workspace, token)
    }

    /// Revokes a token; `false` if there is none of that name.
    pub fn delete_token(&self, token: SecretId) -> Result<bool, WriteError> {
        self.revoke(TOKENS, token)
    }

    /// Makes `secret` a session of a member of the workspace.
    pub fn create_session(&self, secret: &Secret, session: &Session) -> Result<(), WriteError> {
        let Session { workspace, member, .. } = *session;
        self.write(format_args!("signing {member} in"), |transaction| {
            if transaction.open_table(MEMBERS)?.get(&member_key(workspace, member))?.is_none() {
                return Err(WriteError::UnknownMember { workspace, member }.into());
            }
            transaction.open_table(SESSIONS)?.insert(&secret.hash(), encode(session)?.as_slice())?;
            Ok(())
        })
    }

    /// Signs a browser out; `false` if it was not signed in.
    pub fn delete_session(&self, secret: &Secret) -> Result<bool, WriteError> {
        let hash = secret.hash();
        self.write(format_args!("signing {secret:?} out"), |transaction| {
            Ok(transaction.open_table(SESSIONS)?.remove(&hash)?.is_some())
        })
    }

    /// Signs a member out, on one device or on all; answers how many sessions ended.
    pub fn delete_sessions_of(
        &self,
        workspace: WorkspaceId,
        member: MemberId,
        device: Option<&DeviceId>,
    ) -> Result<u64, WriteError> {
        self.write(format_args!("signing member {member} out"), |transaction| {
            remove_where(&mut transaction.open_table(SESSIONS)?, |session: &Session| {
                session.workspace == workspace
                    && session.member == member
                    && device.is_none_or(|device| session.device == *device)
            })
        })
    }

    /// Makes `secret` an invite.
    pub fn create_invite(&self, secret: &Secret, invite: &Invite) -> Result<(), WriteError> {
        self.grant(INVITES, secret, invite.workspace, invite)
    }

    /// Revokes an invite; `false` if there is none of that name.
    pub fn delete_invite(&self, invite: SecretId) -> Result<bool, WriteError> {
        self.revoke(INVITES, invite)
    }

    /// Uses an invite up: makes `member` a member with the role of the invite, and `session` a session of theirs, in
    /// one transaction, so that a link works for one person however often it is clicked.
    ///
    /// An invite for an existing member keeps their id, name, title and role as they are; `member` is then ignored.
    pub fn claim_invite(
        &self,
        invite: &Secret,
        now: Timestamp,
        member: &DirectoryMember,
        session: &Secret,
        device: &DeviceId,
        session_expires: Timestamp,
    ) -> Result<Session, WriteError> {
        let (invite_hash, session_hash) = (invite.hash(), session.hash());
        self.write(format_args!("accepting {invite:?}"), |transaction| {
            let mut invites = transaction.open_table(INVITES)?;
            let found: Invite = get(&invites, &invite_hash)?.ok_or(WriteError::Expired)?;
            if found.expires <= now {
                return Err(WriteError::Expired.into());
            }
            invites.remove(&invite_hash)?;
            let member = match found.member {
                Some(known) => {
                    let key = member_key(found.workspace, known);
                    if transaction.open_table(MEMBERS)?.get(&key)?.is_none() {
                        return Err(WriteError::Expired.into());
                    }
                    known
                }
                None => {
                    // Nobody takes an existing member's place by claiming their id.
                    let key = member_key(found.workspace, member.id);
                    if transaction.open_table(MEMBERS)?.get(&key)?.is_some() {
                        return Err(WriteError::MemberTaken {
                            workspace: found.workspace,
                            member: member.id,
                        }
                        .into());
                    }
                    put_member(
                        transaction,
                        found.workspace,
                        &DirectoryMember { role: found.role, ..member.clone() },
                    )?;
                    member.id
                }
            };
            let session = Session {
                workspace: found.workspace,
                member,
                device: device.clone(),
                created: now,
                expires: session_expires,
            };
            transaction.open_table(SESSIONS)?.insert(&session_hash, encode(&session)?.as_slice())?;
            Ok(session)
        })
    }

    /// Forgets tokens, sessions and invites that have expired; answers how many.
    pub fn delete_expired(&self, now: Timestamp) -> Result<u64, WriteError> {
        self.write(format_args!("forgetting what has expired"), |transaction| {
            let tokens = remove_where(&mut transaction.open_table(TOKENS)?, |token: &Token| {
                token.expires.is_some_and(|expires| expires <= now)
            })?;
            let sessions = remove_where(&mut transaction.open_table(SESSIONS)?, |session: &Session| {
                session.expires <= now
            })?;
            let invites =
                remove_where(&mut transaction.open_table(INVITES)?, |invite: &Invite| invite.expires <= now)?;
            Ok(tokens + sessions + invites)
        })
    }

    fn grant(
        &self,
        table: Grants,
        secret: &Secret,
        workspace: WorkspaceId,
        grant: &impl Serialize,
    ) -> Result<(), WriteError> {
        let hash = secret.hash();
        self.write(format_args!("adding to the {table}"), |transaction| {
            require_workspace(transaction, workspace)?;
            transaction.open_table(table)?.insert(&hash, encode(grant)?.as_slice())?;
            Ok(())
        })
    }

    fn revoke(&self, table: Grants, id: SecretId) -> Result<bool, WriteError> {
        self.write(format_args!("removing {id} from the {table}"), |transaction| {
            let (first, last) = id.hashes();
            let mut table = transaction.open_table(table)?;
            let hashes = table
                .range::<&[u8; 32]>(&first..=&last)?
                .map(|entry| entry.map(|(hash, _)| *hash.value()))
                .collect::<Result<Vec<_>, _>>()?;
            for hash in &hashes {
                table.remove(hash)?;
            }
            Ok(!hashes.is_empty())
        })
    }
}

/// Removes every entry for which `condition` holds; one that cannot be read stays. Answers how many.
pub(crate) fn remove_where<T: DeserializeOwned>(
    table: &mut Table<'_, Key<32>, &'static [u8]>,
    condition: impl Fn(&T) -> bool,
) -> Result<u64, Failure> {
    let mut removed = 0;
    table.retain(|_, stored| {
        let goes = decode::<T>(stored).is_ok_and(|value| condition(&value));
        removed += u64::from(goes);
        !goes
    })?;
    Ok(removed)
}
