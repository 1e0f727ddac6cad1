//! The practice tenant: a simulated Microsoft Entra tenant, login and Graph over HTTPS on loopback.
//!
//! It is the embedded default, the demo, the test bed and a training ground (DESIGN section 5). What it answers
//! follows `contract/graph-facts.md`; the sections are named where the behaviour is written. Rooms inside:
//! `login` (sign-in, device code, consent), `graph` (one file a resource), `directory` (the state, its file and its
//! replicas), `seed` (what a new tenant holds), `follow` (a browser and its user, for tests) and, at the top, the server
//! with its dials, faults and recorder.
//!
//! It answers under `localhost` and under the real hosts of every cloud (`clouds`), whose names its certificate bears:
//! only who trusts its authority and looks for those hosts at its address meets them here.

mod certificate;
mod clock;
mod clouds;
mod demands;
mod dials;
mod directory;
mod faults;
mod follow;
mod graph;
mod ids;
mod login;
mod message;
mod options;
mod persona;
mod pin;
mod ready;
mod recorder;
mod sabotage;
mod seed;
mod server;
mod switch;
mod tenant;
mod throttle;
mod tls;

pub use clock::VirtualClock;
pub use clouds::{HomeCloud, UnknownCloud};
pub use demands::{ConditionalAccess, Pim, PimMfa};
pub use dials::{AppPolicy, DialSettings, Dials};
pub use faults::{Fault, FaultRule, FaultScript, FaultScriptError};
pub use follow::{Consent, DeviceAnswer, FollowError, StandIn, answer_device_code, follow_sign_in};
pub use options::{FederatedIssuer, Options, Seed, UnknownSeed};
pub use persona::{Persona, PersonaKey, UnknownPersona, personas};
pub use ready::{Automation, Ready, ReadyAutomation, ReadyJob, ReadyWorkload, Workload};
pub use recorder::{Exchange, Recorder};
pub use server::{PracticeTenant, StartError};
pub use throttle::{RetryAfter, Throttle};
