//! What the page sends with a command is read as the arguments of a few commands, and a request is checked.
#![no_main]
#![allow(dead_code, reason = "the fields are read by serde alone")]

use inbound_access_job::desired::SetupRequest;
use inbound_access_job::fuzzing;
use inbound_access_job::problem::Problem;
use inbound_connection::view::SignInRequest;
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

// The window's own reader, without the window.
#[path = "../../src-tauri/args/json.rs"]
mod json;

use json::Text;

// As in src-tauri/commands, which cannot be built without the window.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanSetup {
    request: SetupRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Connect {
    request: SignInRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Verify {
    principal: Text<2_000>,
    permissions: Vec<Text<200>>,
    token: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfPlan {
    plan_id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfRun {
    run_id: Text<100>,
}

fn short(problem: &Problem) {
    let texts = problem.fields.iter().map(|field| &field.message).chain([&problem.message]);
    for text in texts {
        assert!(text.chars().count() < 2_000, "{} characters", text.chars().count());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    match json::read::<PlanSetup>("plan_setup", &value) {
        Ok(PlanSetup { request }) => {
            if let Err(problem) = fuzzing::check(request) {
                short(&problem);
            }
        }
        Err(problem) => short(&problem),
    }
    let others = [
        json::read::<Connect>("connect", &value).map(drop),
        json::read::<Verify>("verify", &value).map(drop),
        json::read::<OfPlan>("run_plan", &value).map(drop),
        json::read::<OfRun>("plan_undo", &value).map(drop),
    ];
    others.iter().filter_map(|read| read.as_ref().err()).for_each(short);
});
