//! The terminal face as a user meets it: the real binary, a practice tenant over TLS, a real Secret Service.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod adversity;
mod auditing;
mod bad_input;
mod cancelling;
mod disk;
mod evidence;
mod fixing;
mod keychain;
mod managed_identity;
mod papers;
mod practice;
mod resuming;
mod road;
mod roles;
mod service_principal;
mod session;
mod support;
mod undoing;
mod uploading;
