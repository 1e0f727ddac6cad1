//! The desktop app's door; all of it is in the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    inbound_access::run(std::env::args_os().skip(1))
}
