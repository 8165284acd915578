//! How objectives, goals, requirements, promises and the register are doing, computed the same on every device from the view and a day.
//!
//! Pure arithmetic on what people entered (domain model 4.16). It draws and asks; it decides nothing and closes nothing.

mod commitment;
mod exposure;
mod goal;
mod objective;
mod requirement;
mod trend;
mod xmr;

pub use commitment::{CommitmentHealth, commitment_health};
pub use exposure::{Exposure, exposure};
pub use goal::{goal_health, goal_health_in};
pub use objective::{Health, ObjectiveHealth, Unmeasurable, objective_health, objective_health_of};
pub use requirement::{RequirementHealth, objectives_health, requirement_health};
pub use trend::{Trend, trend};
pub use xmr::{Prompt, Xmr, xmr};
