//! A whole answer, its status and headers first, is judged as one to a read, an upsert and a write.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| inbound_entra::graph::fuzzing::refusal(text));
