//! Who is signed in, and where.

use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_connection::view::{AppInfo, ConnectionView};
use inbound_connection::{Entry, PersonaKey};
use serde::Deserialize;
use tauri::State;

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::view::Reset;

/// See [`Desk::app_info`].
#[tauri::command]
pub async fn app_info(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<AppInfo> {
    desk.app_info().await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectPractice {
    persona: Text<60>,
}

/// See [`Desk::connect`].
#[tauri::command]
pub async fn connect_practice(desk: State<'_, Desk>, args: Args<ConnectPractice>) -> Answer<ConnectionView> {
    let persona = args.0.persona.as_str().parse::<PersonaKey>().map_err(|_| no_such_persona())?;
    desk.connect(Entry::Persona(persona)).await
}

fn no_such_persona() -> Problem {
    let message = "The practice tenant has no such person.";
    let mut problem = Problem::new(Code::InvalidInput, message).advice("Choose one of those that Connect offers.");
    problem.fields.push(FieldProblem { field: "persona".into(), message: message.into() });
    problem
}

/// See [`Desk::disconnect`].
#[tauri::command]
pub async fn disconnect(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.disconnect().await
}

/// See [`Desk::reset_practice`].
#[tauri::command]
pub async fn reset_practice(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<Reset> {
    desk.reset_practice().await
}
