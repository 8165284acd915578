//! From nothing to healthy.

use crate::{
    process::{Kind, Server},
    report::{Aim, Report},
};
use anyhow::{Result, ensure};
use std::{net::TcpStream, time::Instant};

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    if kind != Kind::Ours {
        let started = Instant::now();
        let server = Server::start(kind)?;
        drop(TcpStream::connect(server.address)?);
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        report.add("start", "time to healthy", "ms", Some(Aim::AtMost(20.0)), kind, milliseconds);
        let resident = server.resident_kib()? / 1024.0;
        report.add("start", "memory when healthy", "MiB", Some(Aim::AtMost(8.0)), kind, resident);
        return Ok(());
    }
    // The data is there already: its making is another story, and happens once.
    let mut server = Server::start(kind)?;
    let started = Instant::now();
    server.restart()?;
    let answer = interop::http::request(server.address, "GET", "/healthz", &[], "")?;
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    ensure!(answer.status == 200, "/healthz says {}", answer.status);
    report.add("start", "time to healthy", "ms", Some(Aim::AtMost(20.0)), kind, milliseconds);
    let resident = server.resident_kib()? / 1024.0;
    report.add("start", "memory when healthy", "MiB", Some(Aim::AtMost(8.0)), kind, resident);
    Ok(())
}
