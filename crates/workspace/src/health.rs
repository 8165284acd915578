//! How objectives are doing, computed the same on every device from the view and a day.
//!
//! Pure arithmetic on what people entered (domain model 4.16). It draws and asks; it decides nothing and closes nothing.

mod goal;
mod objective;
mod trend;
mod xmr;

pub use goal::goal_health;
pub use objective::{Health, ObjectiveHealth, Unmeasurable, objective_health, objective_health_of};
pub use trend::{Trend, trend};
pub use xmr::{Prompt, Xmr, xmr};
