//! A request for consent was written by anybody. One that is taken can be written and read again, and is named plainly.
#![no_main]

use inbound_access_job::consent::{file_name, from_file, to_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match from_file(bytes) {
    Ok(request) => {
        assert_eq!(from_file(&to_file(&request)).as_ref(), Ok(&request));
        assert!(file_name(&request).chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    }
    Err(problem) => assert!(problem.message.chars().count() < 2_000),
});
