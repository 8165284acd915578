//! Everybody in one document: what an edit costs, how soon it is seen, and how many a second there may be.

use crate::{
    client::{Client, new_document},
    history::History,
    process::{Kind, Server, cpu_seconds},
    report::{Aim, Report, percentile},
    scenario::{block_on, until_idle},
};
use anyhow::{Result, bail};
use std::{cell::RefCell, rc::Rc, time::Duration};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::Instant,
};

const SCENARIO: &str = "meeting";
/// After the last edit, how long the last client may take.
const PATIENCE: Duration = Duration::from_secs(8);
const JOINING: Duration = Duration::from_secs(20);
const SECONDS: u32 = 6;

/// Clients, edits a second by all of them together, aims for CPU and p99.
const MEETINGS: &[(u32, u32, Option<Aim>, Option<Aim>)] = &[
    (2, 20, None, None),
    (10, 20, None, None),
    (50, 20, Some(Aim::AtMost(0.02)), None),
    (200, 10, None, Some(Aim::AtMost(60.0))),
];

/// What came of it.
struct Outcome {
    expected: usize,
    delivered: usize,
    latencies: Vec<f64>,
    cpu: f64,
    /// Share of a core that the clients took: near 1 they are what is measured.
    generator: f64,
}

impl Outcome {
    fn p99(&self) -> f64 {
        percentile(&self.latencies, 0.99)
    }

    fn is_complete(&self) -> bool {
        self.delivered == self.expected
    }
}

/// One document and what its clients have seen.
struct World {
    history: History,
    latencies: Vec<f64>,
}

/// The clients of one document, ready to edit.
struct Room {
    world: Rc<RefCell<World>>,
    authors: Vec<UnboundedSender<Instant>>,
}

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    for (clients, rate, cpu_aim, p99_aim) in MEETINGS {
        let outcome = block_on(async {
            let server = Server::start(kind)?;
            let room = gather(&server, *clients).await?;
            hold(&server, &[room], *clients, *rate, SECONDS).await
        })?;
        let name = format!("{clients} clients × {rate} edits/s");
        add(report, SCENARIO, &name, kind, &outcome, (*cpu_aim, *p99_aim));
    }
    Ok(())
}

/// Ever more edits, until p99 passes 250 ms or something does not arrive.
pub(crate) fn run_sustained(kind: Kind, report: &mut Report) -> Result<()> {
    let mut sustained = 0;
    for rate in [5, 10, 20, 50, 100, 200, 400, 600, 800, 1_200, 1_600, 3_200, 6_400] {
        if kind != Kind::Peer && rate < 100 {
            continue;
        }
        let outcome = block_on(async {
            let server = Server::start(kind)?;
            let room = gather(&server, 50).await?;
            hold(&server, &[room], 50, rate, 3).await
        })?;
        report.note(format!(
            "{}, 50 clients × {rate} edits/s: {} of {} delivered, p50 {:.0} ms, p99 {:.0} ms, clients {:.0} % of a core",
            kind.name(),
            outcome.delivered,
            outcome.expected,
            percentile(&outcome.latencies, 0.5),
            outcome.p99(),
            outcome.generator * 100.0
        ));
        if !outcome.is_complete() || outcome.p99() > 250.0 {
            break;
        }
        sustained = rate;
    }
    let aim = Some(Aim::AtLeast(400.0));
    report.add("sustained", "50 clients, p99 < 250 ms", "edits/s", aim, kind, f64::from(sustained));
    Ok(())
}

/// Fifty teams at once.
pub(crate) fn run_workspaces(kind: Kind, report: &mut Report) -> Result<()> {
    if kind == Kind::Plain {
        // It has one room, and would pass everything on to everybody.
        return Ok(());
    }
    let outcome = block_on(async {
        let mut server = Server::start(kind)?;
        let mut rooms = Vec::new();
        for number in 0..50 {
            server.another_workspace(number)?;
            rooms.push(gather(&server, 4).await?);
        }
        hold(&server, &rooms, 4, 100, SECONDS).await
    })?;
    add(report, "workspaces", "50 workspaces × 4 clients × 2 edits/s", kind, &outcome, (None, None));
    Ok(())
}

fn add(
    report: &mut Report,
    scenario: &'static str,
    name: &str,
    kind: Kind,
    outcome: &Outcome,
    (cpu_aim, p99_aim): (Option<Aim>, Option<Aim>),
) {
    if !outcome.is_complete() {
        report.note(format!(
            "{}, {name}: only {} of {} deliveries in time",
            kind.name(),
            outcome.delivered,
            outcome.expected
        ));
    }
    let per_thousand = outcome.cpu * 1e3 / outcome.delivered.max(1) as f64;
    report.add(scenario, format!("{name}: CPU per 1,000 deliveries"), "s", cpu_aim, kind, per_thousand);
    report.add(
        scenario,
        format!("{name}: edit → visible, p50"),
        "ms",
        None,
        kind,
        percentile(&outcome.latencies, 0.5),
    );
    report.add(scenario, format!("{name}: edit → visible, p99"), "ms", p99_aim, kind, outcome.p99());
}

/// Connects the clients of one document, each with the same first change.
async fn gather(server: &Server, clients: u32) -> Result<Room> {
    let mut history = History::new()?;
    let document = new_document()?;
    let has_protocol = server.kind != Kind::Plain;
    let mut joined = Vec::new();
    for number in 0..clients {
        let mut client = Client::open(server, document, number).await?;
        if has_protocol {
            if number == 0 {
                let frame = client.edit(&mut history, Instant::now())?;
                if let Some(frame) = frame {
                    client.send(frame).await?;
                }
                client.until(&history, JOINING, |replica| replica.is_acknowledged(&history)).await?;
            } else {
                client.say(&history).await?;
                client.until(&history, JOINING, |replica| Ok(replica.len() == 1)).await?;
            }
        }
        joined.push(client);
    }
    let world = Rc::new(RefCell::new(World { history, latencies: Vec::new() }));
    let authors = joined
        .into_iter()
        .map(|client| {
            let (author, edits) = unbounded_channel();
            tokio::task::spawn_local(attend(client, edits, Rc::clone(&world)));
            author
        })
        .collect();
    Ok(Room { world, authors })
}

/// One client: edits when told to, and takes what comes.
async fn attend(
    mut client: Client,
    mut edits: UnboundedReceiver<Instant>,
    world: Rc<RefCell<World>>,
) -> Result<()> {
    loop {
        tokio::select! {
            at = edits.recv() => {
                let Some(at) = at else { return Ok(()) };
                let frame = client.edit(&mut world.borrow_mut().history, at)?;
                if let Some(frame) = frame {
                    client.send(frame).await?;
                }
            }
            frame = client.wait() => {
                let said = {
                    let world = &mut *world.borrow_mut();
                    let (new, said) = client.take_frame(&world.history, &frame?)?;
                    for position in new {
                        let age = world.history.get(position)?.at.elapsed();
                        world.latencies.push(age.as_secs_f64() * 1e3);
                    }
                    said
                };
                if let Some(said) = said {
                    client.send(said).await?;
                }
            }
        }
    }
}

/// `rate` edits a second over all rooms, each by the next client of the next room.
async fn hold(server: &Server, rooms: &[Room], clients: u32, rate: u32, seconds: u32) -> Result<Outcome> {
    until_idle(server).await?;
    let edits = rate * seconds;
    let (cpu, own, started) = (server.cpu_seconds()?, cpu_seconds("self")?, Instant::now());
    for number in 0..edits {
        let due = started + Duration::from_secs(1) * number / rate;
        tokio::time::sleep_until(due).await;
        let rooms_len = rooms.len();
        let turn = number as usize / rooms_len;
        let author = rooms
            .get(number as usize % rooms_len)
            .and_then(|room| room.authors.get(turn % room.authors.len()));
        if author.is_none_or(|author| author.send(due).is_err()) {
            bail!("a client has ended");
        }
    }
    let expected = edits as usize * (clients as usize - 1);
    let seen = || rooms.iter().map(|room| room.world.borrow().latencies.len()).sum::<usize>();
    let deadline = Instant::now() + PATIENCE;
    while seen() < expected && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = started.elapsed().as_secs_f64();
    // The last answers of the clients are part of the price.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut latencies = Vec::with_capacity(expected);
    rooms.iter().for_each(|room| latencies.extend_from_slice(&room.world.borrow().latencies));
    Ok(Outcome {
        expected,
        delivered: latencies.len(),
        latencies,
        cpu: server.cpu_seconds()? - cpu,
        generator: (cpu_seconds("self")? - own) / took,
    })
}
