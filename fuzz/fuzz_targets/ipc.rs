//! What the page sends with a command is read as the arguments of its commands, and a request is checked.
#![no_main]
#![allow(dead_code, reason = "the fields are read by serde alone")]

use inbound_access_job::desired::SetupRequest;
use inbound_access_job::evidence::{EvidenceFormat, EvidenceSubject};
use inbound_access_job::fix::Fix;
use inbound_access_job::fuzzing;
use inbound_access_job::problem::Problem;
use inbound_access_job::upload::UploadRequest;
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanFix {
    fix: Fix,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadRoad {
    ask: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PrepareUpload {
    request: UploadRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartUpload {
    upload_id: Uuid,
    // The window reads a channel out of it.
    news: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Audit {
    permissions: Vec<Text<200>>,
    news: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfHolders {
    principals: Vec<Text<100>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SaveEvidence {
    subject: EvidenceSubject,
    format: EvidenceFormat,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeveloperPacketOf {
    principal: Text<2_000>,
    job_id: Text<200>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SaveSnippet {
    snippet_id: Text<100>,
}

// As in src-tauri/args.rs: of what takes no arguments.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

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
        json::read::<PlanFix>("plan_fix", &value).map(drop),
        json::read::<ReadRoad>("road", &value).map(drop),
        json::read::<PrepareUpload>("prepare_upload", &value).map(drop),
        json::read::<StartUpload>("start_upload", &value).map(drop),
        json::read::<Audit>("audit", &value).map(drop),
        json::read::<OfHolders>("holder_details", &value).map(drop),
        json::read::<Nothing>("credentials", &value).map(drop),
        json::read::<SaveEvidence>("save_evidence", &value).map(drop),
        json::read::<DeveloperPacketOf>("developer_packet", &value).map(drop),
        json::read::<OfPlan>("plan_scripts", &value).map(drop),
        json::read::<OfRun>("run_scripts", &value).map(drop),
        json::read::<SaveSnippet>("save_snippet", &value).map(drop),
    ];
    others.iter().filter_map(|read| read.as_ref().err()).for_each(short);
});
