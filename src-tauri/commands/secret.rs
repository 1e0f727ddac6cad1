//! Copy and Reveal: the secret goes from the keychain, or from a run that has just made it, to the clipboard or onto a
//! picture, never into an answer.

use secrecy::SecretString;
use serde::Deserialize;
use tauri::State;
use uuid::Uuid;

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::view::{Copied, Revealed};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopySecret {
    client_id: Uuid,
    key_id: Uuid,
}

/// See [`Desk::copy_secret`].
#[tauri::command]
pub async fn copy_secret(desk: State<'_, Desk>, args: Args<CopySecret>) -> Answer<Copied> {
    let secret = read(&desk, args.0.client_id, args.0.key_id).await?;
    desk.copy_secret(secret).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevealSecret {
    client_id: Uuid,
    key_id: Uuid,
    dark: bool,
}

/// See [`Desk::reveal`].
#[tauri::command]
pub async fn reveal_secret(desk: State<'_, Desk>, args: Args<RevealSecret>) -> Answer<Revealed> {
    let secret = read(&desk, args.0.client_id, args.0.key_id).await?;
    desk.reveal(secret, args.0.dark).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevealNewSecret {
    run_id: Text<100>,
    dark: bool,
}

/// See [`Desk::reveal_new_secret`].
#[tauri::command]
pub async fn reveal_new_secret(desk: State<'_, Desk>, args: Args<RevealNewSecret>) -> Answer<Revealed> {
    desk.reveal_new_secret(args.0.run_id.into_string(), args.0.dark).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyNewSecret {
    run_id: Text<100>,
}

/// See [`Desk::copy_new_secret`].
#[tauri::command]
pub async fn copy_new_secret(desk: State<'_, Desk>, args: Args<CopyNewSecret>) -> Answer<Copied> {
    desk.copy_new_secret(args.0.run_id.into_string()).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleNewSecret {
    run_id: Text<100>,
    taken: bool,
}

/// See [`Desk::settle_new_secret`].
#[tauri::command]
pub async fn settle_new_secret(desk: State<'_, Desk>, args: Args<SettleNewSecret>) -> Answer<()> {
    desk.settle_new_secret(args.0.run_id.into_string(), args.0.taken).await
}

/// See [`Desk::hide`].
#[tauri::command]
pub async fn hide_secret(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.hide().await
}

async fn read(desk: &Desk, client: Uuid, key: Uuid) -> Answer<SecretString> {
    desk.with_job(move |job| async move { job.read_secret(&client.to_string(), &key.to_string()).await }).await
}
