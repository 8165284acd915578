//! `binnacle`: one binary for the relay and its operator.

mod admin;
mod chance;
mod cli;
mod clock;
mod disk;
mod http;
mod materialise;
mod readiness;
mod serve;
mod telemetry;
mod ws;

use admin::perform::Request;
use anyhow::Result;
use clap::Parser;
use cli::{Cli, Command, Token, TokenRole, Workspace};
use std::process::ExitCode;

fn main() -> ExitCode {
    telemetry::start();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!(?error, "failed");
            admin::show::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Serve(options) => serve::serve(&options),
        Command::Workspace(Workspace::Create { name, sample, template, data }) => {
            let request = Request::CreateWorkspace { name, sample, template };
            admin::show::done(admin::ask::ask(&data.folder, &request)?)
        }
        Command::Workspace(Workspace::List { json, data }) => admin::show::list(&data.folder, json),
        Command::Workspace(Workspace::Show { workspace, json: _, data }) => {
            admin::show::workspace(&data.folder, &workspace)
        }
        Command::Workspace(Workspace::Import(options)) => admin::import::import(&options),
        Command::Workspace(Workspace::Export(options)) => admin::export::export(&options),
        Command::Token(Token::Create { workspace, role, ttl, data }) => {
            let role = match role {
                TokenRole::Editor => store_redb::TokenRole::Editor,
                TokenRole::Viewer => store_redb::TokenRole::Viewer,
            };
            let request = Request::CreateToken { workspace, role, ttl_secs: ttl.as_secs() };
            admin::show::done(admin::ask::ask(&data.folder, &request)?)
        }
    }
}
