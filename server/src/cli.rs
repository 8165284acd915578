//! The command line: scripts and operators rely on it, so it only grows.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// One connected workspace for a leadership team, and the relay that keeps it.
#[derive(Debug, Parser)]
#[command(name = "binnacle", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the relay: web app, HTTP API and sync in one process.
    Serve(Serve),
    /// Create, list and look at workspaces.
    #[command(subcommand)]
    Workspace(Workspace),
    /// Tokens for clients that are not browsers.
    #[command(subcommand)]
    Token(Token),
}

/// Where the relay keeps everything.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// Folder of the relay's one file.
    #[arg(long = "data", value_name = "DIR", env = "BINNACLE_DATA", default_value = "data")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR:PORT", env = "BINNACLE_LISTEN", default_value = "127.0.0.1:8484")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workspace {
    /// Create a workspace; prints its id on the last line.
    Create {
        /// What the team calls it.
        name: String,
        /// Fill it with the sample, Vantry Fluidics, dated so that it ends today.
        #[arg(long)]
        sample: bool,
        #[command(flatten)]
        data: Data,
    },
    /// List the workspaces: id and name.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Print all records of a workspace.
    Show {
        /// Id of the workspace, or its name if only one has it.
        workspace: String,
        /// As JSON (the only form there is).
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Create a token; prints it once, on the last line.
    Create {
        /// Id of the workspace, or its name if only one has it.
        workspace: String,
        /// What its holder may do.
        #[arg(long)]
        role: TokenRole,
        /// How long it is good for, as 30d or 12h.
        #[arg(long, value_name = "TIME", default_value = "30d", value_parser = humantime::parse_duration)]
        ttl: Duration,
        #[command(flatten)]
        data: Data,
    },
}

/// What the holder of a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenRole {
    /// Read and write.
    Editor,
    /// Read.
    Viewer,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
