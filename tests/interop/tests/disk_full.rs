//! The relay's disk is really full: a file system of a few megabytes, and something else that has taken the rest.
//!
//! The relay stays up and answers readers. It refuses what it cannot save, and says why, to peers and to whoever watches
//! over it. The clients keep what was refused and say so. When there is room, it arrives, and nobody has restarted
//! anything.

use anyhow::{Context, Result, ensure};
use automerge::Automerge;
use client::{Problem, Status};
use ids::DocumentId;
use interop::{app::App, http, native_peer::NativePeer, relay_process::RelayProcess, small_disk::SmallDisk};
use std::{collections::BTreeSet, time::Duration};

const DISK_BYTES: u64 = 8 << 20;
const PATIENCE: Duration = Duration::from_secs(60);
const SKIPPED: &str = "SKIPPED: this process may not mount a small file system; as root it may";
/// A disk that takes so much after it was full is not full.
const ISSUES_MAX: usize = 2_000;

struct Scene {
    // The order matters: the process ends before its disk is taken away.
    relay: RelayProcess,
    workspace: String,
    token: String,
    document: DocumentId,
    disk: SmallDisk,
}

impl Scene {
    fn set() -> Result<Option<Self>> {
        let Some(disk) = SmallDisk::mount(DISK_BYTES)? else { return Ok(None) };
        let mut relay = RelayProcess::on(disk.path())?;
        let workspace = relay.command_last_line(&["workspace", "create", "Full"])?;
        let token = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
        let document = relay.document_of(&workspace)?;
        relay.start()?;
        Ok(Some(Self { relay, workspace, token, document, disk }))
    }

    fn app(&self, name: &str) -> Result<App> {
        App::open(&self.relay.sync_url(&self.workspace, &self.token)?, self.document, name)
    }

    /// What a client that has nothing gets.
    async fn newcomer(&self) -> Result<NativePeer> {
        let url = self.relay.sync_url(&self.workspace, &self.token)?;
        let mut peer = NativePeer::connect(&url, self.document, Automerge::new()).await?;
        peer.receive_until(PATIENCE, |peer| !peer.doc.get_heads().is_empty()).await?;
        peer.receive_until_quiet(Duration::from_millis(500)).await?;
        Ok(peer)
    }

    /// A client that has nothing finds these issues, all of them and no others.
    async fn a_newcomer_finds(&self, expected: &BTreeSet<String>, when: &str) -> Result<()> {
        let found = self.issues_of_a_newcomer().await?;
        ensure!(found == *expected, "{when}: a newcomer finds {found:?}, and should {expected:?}");
        Ok(())
    }

    async fn issues_of_a_newcomer(&self) -> Result<BTreeSet<String>> {
        let newcomer = self.newcomer().await?;
        let view = workspace::View::read(&newcomer.doc);
        Ok(view.all(workspace::Kind::Issue).map(|it| it.title().to_owned()).collect())
    }

    fn is_ready(&self) -> Result<(u16, String)> {
        let answer = http::request(self.relay.address()?, "GET", "/readyz", &[], "")?;
        let body = answer.json()?;
        let status = body.get("status").and_then(|status| status.as_str()).context("a status")?;
        Ok((answer.status, status.to_owned()))
    }

    /// Writes down until the relay refuses something. What it has acknowledged, and what it has not.
    async fn write_until_refused(
        &self,
        app: &App,
        name: &str,
    ) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
        let (mut kept, mut refused) = (BTreeSet::new(), BTreeSet::new());
        for number in 0..ISSUES_MAX {
            let title = format!("{name} {number}");
            app.write_down(&title, &format!("{title} in steady words. ").repeat(200)).await?;
            let status = app.until("how it went", PATIENCE, |it| it.on_relay || is_refused(it)).await?;
            if status.on_relay {
                kept.insert(title);
            } else {
                refused.insert(title);
                return Ok((kept, refused));
            }
        }
        anyhow::bail!("a full disk took {ISSUES_MAX} issues")
    }
}

/// The app says that the relay's disk is full, and that the work is here and not there.
fn is_refused(status: &Status) -> bool {
    let says_why = matches!(&status.problem, Some(Problem::TryLater { why }) if why.contains("disk is full"));
    says_why && status.saved_here && !status.on_relay && status.unsent > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_loses_nothing_and_resumes() -> Result<()> {
    let Some(scene) = Scene::set()? else {
        println!("{SKIPPED}");
        return Ok(());
    };
    let process = scene.relay.id()?;
    let (ada, bob) = (scene.app("ada")?, scene.app("bob")?);
    ada.until("that it is on the relay", PATIENCE, |it| it.on_relay).await?;
    ada.write_down("before", "").await?;
    ada.until("that it is on the relay", PATIENCE, |it| it.on_relay).await?;
    ensure!(scene.is_ready()? == (200, "ready".to_owned()));

    scene.disk.fill_up()?;
    let (mut kept, mut refused) = scene.write_until_refused(&ada, "of ada").await?;
    println!("{} issues found room in the file, then none", kept.len());
    kept.insert("before".to_owned());

    // The relay says what is wrong, and serves.
    ensure!(scene.is_ready()? == (503, "full".to_owned()), "{:?}", scene.is_ready()?);
    ensure!(http::request(scene.relay.address()?, "GET", "/healthz", &[], "")?.status == 200);
    scene.a_newcomer_finds(&kept, "while the disk is full").await?;
    let shown = scene.relay.command(&["workspace", "show", &scene.workspace, "--json"])?;
    ensure!(shown.contains("before"), "reading beside the relay");
    let token = scene.relay.command(&["token", "create", &scene.workspace, "--role", "viewer"]);
    let said = format!("{:#}", token.err().context("a token was made with no room for it")?);
    ensure!(said.contains("no room") && said.contains("free space"), "{said}");

    // Bob, who was connected all along, is refused for his own edit only, and has what is durable.
    bob.write_down("of bob", "").await?;
    refused.insert("of bob".to_owned());
    bob.until("that it is refused", PATIENCE, is_refused).await?;
    // They come back by themselves, again and again; it stays said, and nothing changes.
    for _ in 0..3 {
        ada.try_now().await?;
        ada.until("that it tries", PATIENCE, |it| it.connection != client::ConnectionState::Offline).await?;
        ada.until("that it is refused again", PATIENCE, |it| {
            is_refused(it) && it.connection == client::ConnectionState::Offline
        })
        .await?;
    }
    scene.a_newcomer_finds(&kept, "after more attempts").await?;

    // Room: nobody tells anybody, nobody restarts anything.
    scene.disk.make_room()?;
    for app in [&ada, &bob] {
        app.until("that it is on the relay", PATIENCE, |it| it.on_relay && it.problem.is_none()).await?;
    }
    ensure!(scene.is_ready()? == (200, "ready".to_owned()));
    ensure!(scene.relay.id()? == process);
    let all: BTreeSet<String> = kept.union(&refused).cloned().collect();
    scene.a_newcomer_finds(&all, "with room again").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_is_killed_on_a_full_disk_starts_there_and_serves() -> Result<()> {
    let Some(mut scene) = Scene::set()? else {
        println!("{SKIPPED}");
        return Ok(());
    };
    let ada = scene.app("ada")?;
    ada.until("that it is on the relay", PATIENCE, |it| it.on_relay).await?;
    scene.disk.fill_up()?;
    let (kept, refused) = scene.write_until_refused(&ada, "of ada").await?;

    scene.relay.kill()?;
    scene.relay.start_again()?;
    scene.a_newcomer_finds(&kept, "after a restart on a full disk").await?;
    ada.until("that it is refused", PATIENCE, is_refused).await?;

    scene.disk.make_room()?;
    ada.until("that it is on the relay", PATIENCE, |it| it.on_relay && it.problem.is_none()).await?;
    let all: BTreeSet<String> = kept.union(&refused).cloned().collect();
    scene.a_newcomer_finds(&all, "with room again").await?;
    Ok(())
}
