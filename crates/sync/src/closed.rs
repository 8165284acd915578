//! Why the other side ended a connection.

/// What the close code of a WebSocket (RFC 6455, 7.4) says about trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closed {
    /// The socket broke, or the relay went away: dial again.
    Lost,
    /// The relay is overloaded, or we were too slow for it: dial again, later.
    Busy,
    /// The session is not, or no longer, valid: a person has to sign in.
    SignIn,
    /// Signed in, but this workspace is closed to us.
    Forbidden,
    /// The relay did not understand us or would not take what we sent. Dialling at once would repeat it.
    Refused,
}

impl Closed {
    /// From a close code. Codes from 4400 mirror the HTTP status they are named after.
    pub fn from_code(code: u16) -> Self {
        match code {
            1013 | 4429 | 4503 => Self::Busy,
            4401 => Self::SignIn,
            4403 | 4404 => Self::Forbidden,
            1002 | 1003 | 1007 | 1008 | 1009 | 4400 | 4409 | 4413 => Self::Refused,
            _ => Self::Lost,
        }
    }
}
