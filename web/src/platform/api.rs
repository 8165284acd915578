//! The relay's HTTP answers about who sits at this browser.

use super::page;
use ids::{DeviceId, DocumentId, MemberId, WorkspaceId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, Response};

/// An answer that has not come by now is no answer, in milliseconds.
const ANSWER_WITHIN_MS: u32 = 15_000;

/// Who sits at this browser, in which workspace. Remembered on this device, so that it opens without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The workspace that is open.
    pub(crate) workspace: OpenWorkspace,
    /// Who works in it.
    pub(crate) member: Member,
    /// What the relay calls this browser.
    pub(crate) device: DeviceId,
}

/// The workspace of a [`Session`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenWorkspace {
    pub(crate) id: WorkspaceId,
    pub(crate) name: String,
    /// The document that holds it.
    pub(crate) document: DocumentId,
}

/// A member as the relay's directory knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    /// What they do; may be empty.
    #[serde(default)]
    pub(crate) title: String,
}

/// A workspace to choose, and who can be chosen in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct WorkspaceChoice {
    pub(crate) id: WorkspaceId,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) members: Vec<Member>,
}

/// Who wants to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody the workspace knows.
    Member(MemberId),
    /// Somebody new, by name.
    Named(String),
}

/// Why the relay did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// No answer: no network, no relay, or too late.
    #[error("the relay does not answer; check the network and try again")]
    NoAnswer,
    /// Nobody is signed in here.
    #[error("nobody is signed in on this browser")]
    NotSignedIn,
    /// It said why (RFC 9457).
    #[error("{title}{}", with(.detail))]
    Problem {
        /// The HTTP status.
        status: u16,
        /// A stable word for it.
        code: String,
        /// What, in a few words.
        title: String,
        /// What to do about it.
        detail: String,
    },
    /// It answered something else than agreed: one of the two is of another version.
    #[error("the relay answered something this app does not understand; reload the page")]
    Unexpected,
}

fn with(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

/// `GET /api/session`
pub(crate) async fn session() -> Result<Session, Refusal> {
    let (status, body) = exchange("GET", "/api/session", None).await.ok_or(Refusal::NoAnswer)?;
    // That nobody is signed in is an answer and no failure, which the browser would log as an error of the page.
    if status == 204 { Err(Refusal::NotSignedIn) } else { read(status, &body) }
}

/// `GET /api/workspaces`
pub(crate) async fn workspaces() -> Result<Vec<WorkspaceChoice>, Refusal> {
    ask("GET", "/api/workspaces", None).await
}

/// `POST /api/session`
pub(crate) async fn begin(workspace: WorkspaceId, who: &Who) -> Result<Session, Refusal> {
    let body = match who {
        Who::Member(member) => json!({ "workspace": workspace, "member": member }),
        Who::Named(name) => json!({ "workspace": workspace, "name": name }),
    };
    ask("POST", "/api/session", Some(body)).await
}

/// `DELETE /api/session`
pub(crate) async fn end() -> Result<(), Refusal> {
    let (status, body) = exchange("DELETE", "/api/session", None).await.ok_or(Refusal::NoAnswer)?;
    if (200..300).contains(&status) { Ok(()) } else { Err(refusal(status, &body)) }
}

/// Where the socket of a workspace is.
pub(crate) fn sync_url(workspace: WorkspaceId) -> String {
    // `http` becomes `ws`, `https` becomes `wss`.
    format!("{}/sync/{workspace}", page::origin().replacen("http", "ws", 1))
}

async fn ask<T: DeserializeOwned>(method: &str, path: &str, body: Option<Json>) -> Result<T, Refusal> {
    let (status, body) = exchange(method, path, body).await.ok_or(Refusal::NoAnswer)?;
    read(status, &body)
}

fn read<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, Refusal> {
    if !(200..300).contains(&status) {
        return Err(refusal(status, body));
    }
    serde_json::from_str(body).map_err(|_| Refusal::Unexpected)
}

fn refusal(status: u16, body: &str) -> Refusal {
    if status == 401 {
        return Refusal::NotSignedIn;
    }
    #[derive(Deserialize)]
    struct Body {
        title: String,
        #[serde(default)]
        detail: String,
        #[serde(default)]
        code: String,
    }
    match serde_json::from_str::<Body>(body) {
        Ok(Body { title, detail, code }) => Refusal::Problem { status, code, title, detail },
        // A proxy between us and the relay speaks for a relay that is not there.
        Err(_) if (502..=504).contains(&status) => Refusal::NoAnswer,
        Err(_) => Refusal::Unexpected,
    }
}

/// Status and body; `None` when there was no answer.
async fn exchange(method: &str, path: &str, body: Option<Json>) -> Option<(u16, String)> {
    let request = RequestInit::new();
    request.set_method(method);
    request.set_cache(RequestCache::NoStore);
    request.set_credentials(RequestCredentials::SameOrigin);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_WITHIN_MS)));
    if let Some(body) = body {
        let headers = Headers::new().ok()?;
        headers.set("content-type", "application/json").ok()?;
        request.set_headers(&headers);
        request.set_body(&JsValue::from_str(&body.to_string()));
    }
    let asked = web_sys::window()?.fetch_with_str_and_init(path, &request);
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Some((response.status(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_the_words_of_the_relay() {
        let body = r#"{"type":"about:blank","title":"No such workspace","status":404,"detail":"Ask for the link again","code":"no-workspace"}"#;
        assert_eq!(refusal(404, body).to_string(), "No such workspace: Ask for the link again");
        assert_eq!(refusal(401, body), Refusal::NotSignedIn);
    }

    #[test]
    fn a_proxy_without_a_relay_behind_it_is_no_answer() {
        assert_eq!(refusal(502, "<html>Bad gateway</html>"), Refusal::NoAnswer);
        assert_eq!(refusal(418, "<html>"), Refusal::Unexpected);
    }

    #[test]
    fn a_session_survives_being_remembered() {
        let text = json!({
            "workspace": { "id": "abcdefghijklmnop", "name": "Vantry", "document": ids::DocumentId::from_bytes([1; 16]) },
            "member": { "id": "01JZZZZZZZZZZZZZZZZZZZZZZZ", "name": "Ada", "role": "owner" },
            "device": "browser-1",
        });
        let session: Session = serde_json::from_value(text).unwrap();
        assert_eq!(session.member.title, "");
        assert_eq!(
            serde_json::from_str::<Session>(&serde_json::to_string(&session).unwrap()).unwrap(),
            session
        );
    }
}
