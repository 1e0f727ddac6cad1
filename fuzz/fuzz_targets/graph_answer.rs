//! What Graph answers is read as every object and list that the client knows; a link never leads away.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| inbound_entra::graph::fuzzing::answer(body));
