//! Errors as a person or a script reads them: RFC 9457 problem details. The only place that picks a status code.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The address or host name is not this computer's own.
    #[error(
        "This relay has no access control set up, so it answers browsers only on the computer it runs on. Open it \
         there at http://localhost, or use a token (`binnacle token create`) with a client that is not a browser."
    )]
    NotLoopback,
    /// The request comes from a page of another origin.
    #[error("The page that sent this request was not served by this relay.")]
    ForeignOrigin,
    /// No session, or one that ended.
    #[error("Choose who you are first: this browser has no session here.")]
    NoSession,
    /// A token that is unknown, expired or for another workspace.
    #[error("This token opens nothing here. Ask the person who runs the relay for a new one.")]
    BadToken,
    /// No such workspace.
    #[error("There is no workspace {0} on this relay. `binnacle workspace list` shows those there are.")]
    NoWorkspace(String),
    /// No such member.
    #[error("There is no such member in this workspace. Choose a name from the list, or type a new one.")]
    NoMember,
    /// A name that cannot be used.
    #[error("A name has between 1 and 80 characters.")]
    BadName,
    /// Too many connections.
    #[error("This relay has as many connections as it can keep. Close a tab or try again later.")]
    Full,
    /// The store failed; the details are in the log.
    #[error(
        "The relay could not read or write its file. Nothing was changed. The person who runs it finds the cause in the log."
    )]
    Store(#[from] store::StoreError),
    /// A rule of the directory forbids it.
    #[error("{0}")]
    Directory(store_redb::WriteError),
    /// No chance to be had from the operating system.
    #[error("The relay got no random numbers from its operating system and made no secret.")]
    NoChance,
}

impl From<store_redb::WriteError> for Problem {
    fn from(error: store_redb::WriteError) -> Self {
        match error {
            store_redb::WriteError::Store(error) => Self::Store(error),
            rule => Self::Directory(rule),
        }
    }
}

impl From<crate::chance::NoChance> for Problem {
    fn from(_: crate::chance::NoChance) -> Self {
        Self::NoChance
    }
}

impl Problem {
    fn code(&self) -> &'static str {
        match self {
            Self::NotLoopback => "not-loopback",
            Self::ForeignOrigin => "foreign-origin",
            Self::NoSession => "no-session",
            Self::BadToken => "bad-token",
            Self::NoWorkspace(_) => "no-workspace",
            Self::NoMember => "no-member",
            Self::BadName => "bad-name",
            Self::Full => "full",
            Self::Store(_) => "store",
            Self::Directory(_) => "directory",
            Self::NoChance => "no-chance",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotLoopback | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NoSession | Self::BadToken => StatusCode::UNAUTHORIZED,
            Self::NoWorkspace(_) | Self::NoMember => StatusCode::NOT_FOUND,
            Self::BadName => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Directory(_) => StatusCode::CONFLICT,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::NoChance => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotLoopback => "Only on this computer",
            Self::ForeignOrigin => "Not from this page",
            Self::NoSession => "No session",
            Self::BadToken => "Token refused",
            Self::NoWorkspace(_) => "No such workspace",
            Self::NoMember => "No such member",
            Self::BadName => "Name refused",
            Self::Full => "Relay full",
            Self::Store(_) => "Store failed",
            Self::Directory(_) => "Not possible",
            Self::NoChance => "No randomness",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Store(error) = &self {
            tracing::error!(%error, "request failed: store");
        }
        let status = self.status();
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.title(),
            "status": status.as_u16(),
            "detail": self.to_string(),
            "code": self.code(),
        });
        let mut response = (status, Json(body)).into_response();
        let fields = response.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
