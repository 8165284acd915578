//! `workspace import`: what a file is, and what becomes of it.
//!
//! The file is read and understood here; what is to be written goes to whoever may write, as any other command does.

use crate::{
    admin::{
        ask,
        perform::{Request, find_workspace},
        show,
    },
    chance,
    cli::Import,
    clock, materialise,
};
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use exchange::{Mapping, Preview, Source, Table, TableLimits};
use ids::{ActorId, MemberId, RecordId};
use sha2::{Digest, Sha256};
use std::{fs, path::Path};
use workspace::{Author, Field, Kind, RecordRef, View, lens::References};

/// Longest file, in bytes; a document that is larger is taken by no client.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Does what `options` say.
pub(crate) fn import(options: &Import) -> Result<()> {
    let bytes = read(&options.file)?;
    match &options.into {
        Some(workspace) => table(options, workspace, &bytes),
        None => whole(options, &bytes),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let length = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
    if length > FILE_BYTES_MAX {
        bail!("{} has more than {} MiB", path.display(), FILE_BYTES_MAX >> 20);
    }
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// Automerge's chunks begin with these bytes.
const AUTOMERGE: &[u8] = &[0x85, 0x6f, 0x4a, 0x83];

fn whole(options: &Import, bytes: &[u8]) -> Result<()> {
    let name = options
        .file
        .file_stem()
        .map_or_else(|| "Imported".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let in_file = || format!("reading {}", options.file.display());
    let document = if bytes.starts_with(AUTOMERGE) {
        bytes.to_vec()
    } else if bytes.starts_with(b"PK") {
        let table = "; is it a spreadsheet? Then it goes --into a workspace, as a --kind of record";
        exchange::bundle::document(bytes, FILE_BYTES_MAX).with_context(|| format!("{}{table}", in_file()))?
    } else if first_sign(bytes) == Some(b'{') {
        let doc =
            exchange::json::restore(bytes, clock::now(), &mut chance::generator()?).with_context(in_file)?;
        doc.save()
    } else {
        bail!(
            "{} is neither an Automerge document, nor the JSON or the bundle of a workspace; a table (CSV, XLSX) goes \
             --into a workspace, as a --kind of record",
            options.file.display()
        )
    };
    let request = Request::ImportWorkspace {
        name: options.name.clone(),
        fallback: name,
        document: STANDARD.encode(document),
    };
    show::done(ask::ask(&options.data.folder, &request)?)
}

fn first_sign(bytes: &[u8]) -> Option<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn table(options: &Import, workspace: &str, bytes: &[u8]) -> Result<()> {
    let wanted = options.kind.as_deref().unwrap_or_default();
    let kind = kind_of(wanted)?;
    let reader = show::open(&options.data.folder)?;
    let workspace = find_workspace(&reader, workspace)?;
    let (mut doc, _) = materialise::read(&reader, workspace.document)?;
    let view = View::read(&doc);
    let table = exchange::read_table(bytes, options.sheet.as_deref(), &TableLimits::default())
        .with_context(|| format!("reading {}", options.file.display()))?;
    let mapping = match &options.mapping {
        Some(path) => mapping_of(path, kind)?,
        None => Mapping::propose(kind, &table),
    };
    let preview = exchange::preview(&table, &mapping, &view);
    if options.dry_run {
        return show::print(&serde_json::to_string_pretty(&told(&mapping, &table, &view, &preview))?);
    }
    for problem in preview.problems() {
        show::warn(&problem.to_string());
    }
    let mut rng = chance::generator()?;
    let now = clock::now();
    let import = preview.import(&view, Some(&source(&options.file, bytes)), now, &mut rng)?;
    let author =
        Author { member: author(options.member.as_deref(), &view)?, device_label: "Command line".to_owned() };
    doc.set_actor(automerge::ActorId::from(ActorId::random(&mut rng).as_bytes()));
    let applied = workspace::apply(&mut doc, &author, now, &mut rng, &import.act)?;
    let hash = applied.change.context("the file changes nothing")?;
    let change = materialise::change(&doc, &hash).context("the change that was just made is missing")?;
    let mut done = ask::ask(
        &options.data.folder,
        &Request::DeliverChange { workspace: workspace.id, change: STANDARD.encode(change) },
    )?;
    let counts = preview.counts();
    done.said.push(format!(
        "{} created, {} brought up to date, {} left out.",
        import.created.len(),
        import.updated.len(),
        counts.rows - import.created.len() - import.updated.len()
    ));
    show::done(done)
}

/// The kind that a collection, or one record of it, is called.
pub(crate) fn kind_of(wanted: &str) -> Result<Kind> {
    let singular = |kind: &Kind| kind.collection().strip_suffix('s') == Some(wanted);
    let known = || Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton());
    match known().find(|kind| kind.collection() == wanted || singular(kind)) {
        Some(kind) => Ok(kind),
        None => {
            let all: Vec<&str> = known().map(Kind::collection).collect();
            bail!("no kind of record is called {wanted:?}; there are {}", all.join(", "))
        }
    }
}

fn mapping_of(path: &Path, kind: Kind) -> Result<Mapping> {
    let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut json: serde_json::Value =
        serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))?;
    // What --dry-run prints has it under this name.
    let mapping = json.get_mut("mapping").map(serde_json::Value::take).unwrap_or(json);
    let mapping: Mapping = serde_json::from_value(mapping)
        .with_context(|| format!("reading the mapping in {}", path.display()))?;
    if mapping.kind != kind {
        bail!("{} is a mapping for {}, not for {kind}", path.display(), mapping.kind);
    }
    Ok(mapping)
}

fn source(path: &Path, bytes: &[u8]) -> Source {
    let is_workbook = bytes.starts_with(b"PK");
    Source {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: hex::encode(Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
        media_type: match is_workbook {
            true => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            false => "text/csv".to_owned(),
        },
    }
}

/// Nobody, unless it is said who.
fn author(wanted: Option<&str>, view: &View) -> Result<MemberId> {
    let Some(wanted) = wanted else { return Ok(MemberId(RecordId::from_bits(0))) };
    let names = References::of(view);
    let mut found = view.live(Kind::Member).filter(|member| {
        let reference = names.name(RecordRef::new(Kind::Member, member.id));
        let called = [Some(member.title()), member.line(Field::Email), reference];
        called.iter().flatten().any(|name| name.eq_ignore_ascii_case(wanted))
    });
    match (found.next(), found.next()) {
        (Some(member), None) => Ok(MemberId(member.id)),
        (Some(_), Some(_)) => bail!("several members are called {wanted:?}; use the reference (M-…)"),
        (None, _) => bail!("no member is called {wanted:?}"),
    }
}

/// What an import would do, for people and scripts.
fn told(mapping: &Mapping, table: &Table, view: &View, preview: &Preview) -> serde_json::Value {
    let counts = preview.counts();
    let questions: Vec<String> =
        mapping.questions(table, view).iter().map(|question| in_words(question, table)).collect();
    let columns: Vec<_> = table
        .header
        .iter()
        .zip(&mapping.columns)
        .map(|(header, column)| serde_json::json!({"header": header, "is": column.map(|column| column.to_string())}))
        .collect();
    serde_json::json!({
        "columns": columns,
        "counts": {
            "rows": counts.rows,
            "new": counts.new,
            "existing": counts.existing,
            "repeated": counts.repeated,
            "unreadable": counts.unreadable,
            "withProblems": counts.with_problems,
            "creates": counts.creates,
            "updates": counts.updates,
        },
        "questions": questions,
        "problems": preview.problems().map(ToString::to_string).collect::<Vec<_>>(),
        "mapping": mapping,
    })
}

fn in_words(question: &exchange::Question, table: &Table) -> String {
    use exchange::Question as Q;
    let header = |place: &usize| table.header.get(*place).cloned().unwrap_or_default();
    match question {
        Q::NoTitle => "no column is the title; say which in \"columns\"".to_owned(),
        Q::Unused { header, .. } => format!("column {header:?} is left out"),
        Q::DateOrder { place, example } => {
            format!("column {:?}: {example:?} can be read in two ways; set \"dates\"", header(place))
        }
        Q::DecimalMark { place, example } => {
            format!("column {:?}: {example:?} can be read in two ways; set \"decimals\"", header(place))
        }
        Q::Scale { highest, assumed } => {
            format!(
                "the highest level is {highest}, so a scale of {} is assumed; see \"scale\"",
                assumed.highest()
            )
        }
        Q::Word(word) => format!(
            "column {:?}: {:?} means nothing here ({} rows); say what in \"words\": {}",
            header(&word.place),
            word.word,
            word.rows,
            word.choices.join(", ")
        ),
        Q::Person { name, rows, several } => {
            let who = if *several { "could be several members" } else { "is no member" };
            format!("{name:?} {who} ({rows} rows); say who in \"people\"")
        }
    }
}
