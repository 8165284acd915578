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
        #[arg(long, conflicts_with = "template")]
        sample: bool,
        /// Begin with a template: small-manufacturer, service-company or software-team.
        #[arg(long, value_name = "ID")]
        template: Option<String>,
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
    /// Bring a file in: a workspace (Automerge, our JSON or a bundle) as a new one, a table (CSV, XLSX) into one there is.
    Import(Import),
    /// Write a workspace out.
    Export(Export),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file.
    pub(crate) file: PathBuf,
    /// What the new workspace is called; otherwise what its settings or its file say.
    #[arg(long, conflicts_with = "into")]
    pub(crate) name: Option<String>,
    /// The workspace a table goes into: id, or name if only one has it.
    #[arg(long, value_name = "WORKSPACE", requires = "kind")]
    pub(crate) into: Option<String>,
    /// What the rows of a table are: register, actions, objectives, goals, kpis, measurements, members, …
    #[arg(long, value_name = "KIND", requires = "into")]
    pub(crate) kind: Option<String>,
    /// What the columns and words mean, as `--dry-run` prints it under "mapping"; proposed otherwise.
    #[arg(long, value_name = "FILE", requires = "into")]
    pub(crate) mapping: Option<PathBuf>,
    /// Which sheet of an XLSX file; the first one otherwise.
    #[arg(long, value_name = "NAME", requires = "into")]
    pub(crate) sheet: Option<String>,
    /// Whose import it is: name, e-mail or reference of a member.
    #[arg(long = "as", value_name = "MEMBER", requires = "into")]
    pub(crate) member: Option<String>,
    /// Change nothing; print as JSON what a table would do.
    #[arg(long, requires = "into")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) data: Data,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Id of the workspace, or its name if only one has it.
    pub(crate) workspace: String,
    /// As what.
    #[arg(long)]
    pub(crate) format: ExportFormat,
    /// Which records, for CSV.
    #[arg(long, value_name = "KIND", required_if_eq("format", "csv"))]
    pub(crate) kind: Option<String>,
    /// Where to; otherwise standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) data: Data,
}

/// What a workspace is written out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Every record with every open value, readable: what `workspace show --json` prints.
    Json,
    /// The document with its whole history.
    Automerge,
    /// One kind of record as a table.
    Csv,
    /// All of it in one zip archive.
    Bundle,
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
