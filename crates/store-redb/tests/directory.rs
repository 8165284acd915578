//! Workspaces, members, documents, and the secrets that open them.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is their way to fail")]

use ids::{DocumentId, MemberId, RecordId, Timestamp, WorkspaceId};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use store::{Chunk, ChunkKind};
use store_redb::{
    DirectoryMember, DocumentRegistration, Invite, NewWorkspace, Options, RelayFile, Role, Secret, Session,
    Token, TokenRole, Write, WriteError, simulated::SimulatedDisk,
};

const HARBOUR: WorkspaceId = WorkspaceId::from_bytes([1; 10]);
const LIGHTHOUSE: WorkspaceId = WorkspaceId::from_bytes([2; 10]);
const NOW: Timestamp = Timestamp::from_millis(1_000);

fn member(number: u128, role: Role) -> DirectoryMember {
    let id = MemberId(RecordId::from_bits(number));
    DirectoryMember { id, name: format!("member {number}"), title: "CTO".into(), role }
}

fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn registration(number: u8, workspace: WorkspaceId) -> DocumentRegistration {
    DocumentRegistration { document: document(number), workspace, owner: None, registered: NOW }
}

fn new_workspace(id: WorkspaceId, number: u8) -> NewWorkspace {
    NewWorkspace {
        id,
        name: format!("workspace {number}"),
        document: document(number),
        created: NOW,
        members: vec![member(2, Role::Editor), member(1, Role::Owner)],
        chunks: vec![Chunk::new(document(number), ChunkKind::Snapshot, vec![number])],
    }
}

fn furnished() -> (RelayFile, SimulatedDisk, ChaCha8Rng) {
    let disk = SimulatedDisk::new();
    let backend = disk.clone();
    let options = Options { documents_per_workspace_max: 4, ..Options::default() };
    let file = RelayFile::open_with_backend(move || backend.backend(), &options).unwrap();
    file.create_workspace(&new_workspace(HARBOUR, 11)).unwrap();
    file.create_workspace(&new_workspace(LIGHTHOUSE, 22)).unwrap();
    (file, disk, ChaCha8Rng::seed_from_u64(1))
}

#[test]
fn a_workspace_comes_with_everything_or_not_at_all() {
    let (file, ..) = furnished();
    let reader = file.reader();
    let harbour = reader.workspace(HARBOUR).unwrap().unwrap();
    assert_eq!(
        (harbour.name.as_str(), harbour.document, harbour.created),
        ("workspace 11", document(11), NOW)
    );
    assert_eq!(harbour.members, [member(1, Role::Owner), member(2, Role::Editor)]);
    assert_eq!(reader.workspaces().unwrap().len(), 2);
    assert_eq!(reader.workspace_of(document(11)).unwrap(), Some(HARBOUR));
    assert_eq!(reader.load(document(11)).unwrap().chunks.len(), 1);

    let third = WorkspaceId::from_bytes([3; 10]);
    let taken_document = NewWorkspace { id: third, ..new_workspace(third, 11) };
    assert_eq!(
        file.create_workspace(&taken_document),
        Err(WriteError::DocumentTaken { document: document(11) })
    );
    assert_eq!(
        file.create_workspace(&new_workspace(HARBOUR, 33)),
        Err(WriteError::WorkspaceTaken { workspace: HARBOUR })
    );
    let foreign = NewWorkspace { document: document(34), ..new_workspace(third, 33) };
    assert!(matches!(file.create_workspace(&foreign), Err(WriteError::ForeignChunk { .. })));
    assert_eq!(reader.workspaces().unwrap().len(), 2);
    assert_eq!(reader.documents().unwrap(), [document(11), document(22)]);
    assert_eq!(reader.workspace_of(document(33)).unwrap(), None);
    assert!(reader.check().unwrap().is_sound());
}

#[test]
fn a_document_belongs_to_one_workspace_for_good() {
    let (file, ..) = furnished();
    let harbour = registration(50, HARBOUR);
    file.register_document(&harbour).unwrap();
    // Again, as a relay that lost the answer does; the first registration stays.
    file.register_document(&DocumentRegistration {
        registered: Timestamp::from_millis(9),
        ..harbour.clone()
    })
    .unwrap();
    assert_eq!(file.reader().registration(document(50)).unwrap(), Some(harbour.clone()));

    let taken = Err(WriteError::DocumentTaken { document: document(50) });
    assert_eq!(file.register_document(&registration(50, LIGHTHOUSE)), taken);
    let private = DocumentRegistration { owner: Some(member(1, Role::Owner).id), ..harbour };
    assert_eq!(file.register_document(&private), taken);
    let nowhere = WorkspaceId::from_bytes([9; 10]);
    assert_eq!(
        file.register_document(&registration(51, nowhere)),
        Err(WriteError::UnknownWorkspace { workspace: nowhere })
    );
}

#[test]
fn a_workspace_has_a_bounded_number_of_documents() {
    let (file, ..) = furnished();
    for number in 50..53 {
        file.register_document(&registration(number, HARBOUR)).unwrap();
    }
    let full = Err(WriteError::TooManyDocuments { workspace: HARBOUR, max: 4 });
    assert_eq!(file.register_document(&registration(53, HARBOUR)), full);
    let write = Write { register: Some(registration(53, HARBOUR)), ..Write::default() };
    assert_eq!(file.commit(&[write]), full);
    // Those it has are still known, and its neighbour is not concerned.
    file.register_document(&registration(52, HARBOUR)).unwrap();
    file.register_document(&registration(53, LIGHTHOUSE)).unwrap();
    assert_eq!(file.reader().documents_of(HARBOUR).unwrap().len(), 4);
    assert_eq!(file.reader().document_count(HARBOUR).unwrap(), 4);
}

#[test]
fn a_token_opens_its_workspace_until_it_expires_or_is_revoked() {
    let (file, _, mut rng) = furnished();
    let (short, long) = (Secret::random(&mut rng), Secret::random(&mut rng));
    let token = |expires| Token {
        workspace: HARBOUR,
        role: TokenRole::Viewer,
        label: "the wall screen".into(),
        created: NOW,
        expires,
    };
    file.create_token(&short, &token(Some(NOW.plus_millis(10)))).unwrap();
    file.create_token(&long, &token(None)).unwrap();
    let find = |secret: &Secret, after| file.reader().find_token(secret, NOW.plus_millis(after)).unwrap();
    assert_eq!(find(&short, 9), Some(token(Some(NOW.plus_millis(10)))));
    assert_eq!(find(&short, 10), None);
    assert_eq!(find(&long, i64::MAX), Some(token(None)));
    assert_eq!(find(&Secret::random(&mut rng), 0), None);

    assert_eq!(file.reader().tokens(HARBOUR).unwrap().len(), 2);
    assert_eq!(file.reader().tokens(LIGHTHOUSE).unwrap(), []);
    assert!(file.delete_token(long.id()).unwrap());
    assert!(!file.delete_token(long.id()).unwrap());
    assert_eq!(find(&long, 0), None);
    assert_eq!(file.delete_expired(NOW.plus_millis(10)).unwrap(), 1);
    assert_eq!(file.reader().tokens(HARBOUR).unwrap(), []);
}

#[test]
fn a_session_is_of_a_member_and_goes_with_them() {
    let (file, _, mut rng) = furnished();
    let session = |number, device: &str| Session {
        workspace: HARBOUR,
        member: member(number, Role::Viewer).id,
        device: device.parse().unwrap(),
        created: NOW,
        expires: NOW.plus_millis(100),
    };
    let secrets: Vec<_> = (0..4).map(|_| Secret::random(&mut rng)).collect();
    let theirs = [session(1, "laptop"), session(1, "phone"), session(2, "laptop"), session(2, "phone")];
    for (secret, session) in secrets.iter().zip(&theirs) {
        file.create_session(secret, session).unwrap();
    }
    let stranger = file.create_session(&Secret::random(&mut rng), &session(7, "laptop"));
    assert!(matches!(stranger, Err(WriteError::UnknownMember { .. })), "{stranger:?}");

    let open = |after| -> Vec<_> {
        secrets
            .iter()
            .map(|it| file.reader().find_session(it, NOW.plus_millis(after)).unwrap().is_some())
            .collect()
    };
    assert_eq!(file.reader().find_session(&secrets[2], NOW).unwrap(), Some(theirs[2].clone()));
    assert_eq!(open(99), [true; 4]);
    assert_eq!(open(100), [false; 4]);
    assert!(file.delete_session(&secrets[0]).unwrap());
    assert_eq!(open(0), [false, true, true, true]);
    let phone = "phone".parse().unwrap();
    assert_eq!(file.delete_sessions_of(HARBOUR, theirs[3].member, Some(&phone)).unwrap(), 1);
    assert_eq!(open(0), [false, true, true, false]);
    file.remove_member(HARBOUR, theirs[2].member).unwrap();
    assert_eq!(open(0), [false, true, false, false]);
    assert!(matches!(file.remove_member(HARBOUR, theirs[2].member), Err(WriteError::UnknownMember { .. })));
    // The same person elsewhere is somebody else's business.
    assert!(file.reader().member(LIGHTHOUSE, theirs[2].member).unwrap().is_some());
}

#[test]
fn an_invite_works_once_for_one_person() {
    let (file, _, mut rng) = furnished();
    let [first, second, late, device] = std::array::from_fn(|_| Secret::random(&mut rng));
    let invite = |member, expires| Invite {
        workspace: HARBOUR,
        role: Role::Editor,
        label: "for Ana".into(),
        member,
        created: NOW,
        expires,
    };
    let tomorrow = NOW.plus_millis(1_000);
    for secret in [&first, &second] {
        file.create_invite(secret, &invite(None, tomorrow)).unwrap();
    }
    file.create_invite(&late, &invite(None, NOW)).unwrap();
    let laptop = "laptop".parse().unwrap();
    let mut claim = |invite: &Secret, number| {
        let session = Secret::random(&mut rng);
        // Whatever role the newcomer asks for, the invite decides.
        let claimed =
            file.claim_invite(invite, NOW, &member(number, Role::Owner), &session, &laptop, tomorrow)?;
        assert_eq!(file.reader().find_session(&session, NOW).unwrap(), Some(claimed.clone()));
        Ok(claimed)
    };
    assert_eq!(file.reader().find_invite(&first, NOW).unwrap(), Some(invite(None, tomorrow)));
    assert!(
        matches!(claim(&first, 1), Err(WriteError::MemberTaken { .. })),
        "nobody becomes member 1 by saying so"
    );
    assert_eq!(claim(&first, 8).unwrap().member, member(8, Role::Editor).id);
    assert_eq!(claim(&first, 9), Err(WriteError::Expired));
    assert_eq!(claim(&late, 9), Err(WriteError::Expired));
    assert_eq!(
        file.reader().member(HARBOUR, member(8, Role::Editor).id).unwrap(),
        Some(member(8, Role::Editor))
    );

    // One more device of somebody who is a member already.
    let ana = member(1, Role::Owner);
    file.create_invite(&device, &invite(Some(ana.id), tomorrow)).unwrap();
    assert_eq!(claim(&device, 77).unwrap().member, ana.id);
    assert_eq!(file.reader().member(HARBOUR, ana.id).unwrap(), Some(ana));

    assert_eq!(file.reader().invites(HARBOUR).unwrap().len(), 2);
    assert!(file.delete_invite(second.id()).unwrap());
    assert_eq!(claim(&second, 9), Err(WriteError::Expired));
}

/// Whoever steals the file, or a backup, can open nothing with it.
#[test]
fn no_secret_is_in_the_file() {
    let (file, disk, mut rng) = furnished();
    let [token, session, invite, claimed] = std::array::from_fn(|_| Secret::random(&mut rng));
    let tomorrow = NOW.plus_millis(1_000);
    let (workspace, ana) = (HARBOUR, member(1, Role::Owner));
    let label = "a label that is stored".to_owned();
    file.create_token(
        &token,
        &Token { workspace, role: TokenRole::Editor, label: label.clone(), created: NOW, expires: None },
    )
    .unwrap();
    let device = "laptop".parse().unwrap();
    file.create_session(
        &session,
        &Session { workspace, member: ana.id, device, created: NOW, expires: tomorrow },
    )
    .unwrap();
    for secret in [&invite, &claimed] {
        let (role, label) = (Role::Viewer, label.clone());
        file.create_invite(
            secret,
            &Invite { workspace, role, label, member: None, created: NOW, expires: tomorrow },
        )
        .unwrap();
    }
    let device = "phone".parse().unwrap();
    file.claim_invite(&claimed, NOW, &member(8, Role::Viewer), &Secret::random(&mut rng), &device, tomorrow)
        .unwrap();

    let image = disk.image();
    let holds = |needle: &[u8]| image.windows(needle.len()).any(|window| window == needle);
    assert!(holds(label.as_bytes()), "the scan finds what is there");
    for secret in [&token, &session, &invite, &claimed] {
        let text = secret.reveal();
        let bytes: Vec<_> =
            (0..32).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect();
        assert!(!holds(text.as_bytes()) && !holds(&bytes), "a secret is in the file");
        // Nor does half of it leak.
        assert!(!holds(&bytes[..16]) && !holds(&bytes[16..]));
    }
}
