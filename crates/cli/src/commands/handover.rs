//! `handover` and `scripts`: what goes to the API developer, and what a run did as text that can be reviewed or repeated.

use inbound_access_job::handover::Snippet;
use inbound_access_job::problem::{Code, FieldProblem, Problem};

use super::runs::id_of;
use super::setup::cancelled_before;
use crate::args::{Handover, Scripts};
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// The facts, or one text as it is.
pub(crate) async fn run(args: Handover) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.json, &cancel).await?;
    let packet = tokio::select! {
        packet = connected.session.job.developer_packet(&args.principal, args.job.as_deref()) => packet?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let output = Output::new(args.json);
    match &args.snippet {
        Some(key) => output.result(one(&packet.snippets, key, "snippet")?, |text| text.text.clone())?,
        None => output.result(&packet, text::handover::packet)?,
    }
    Ok(Exit::Fine)
}

/// The list of texts, or one as it is.
pub(crate) async fn scripts(args: Scripts) -> Result<Exit, Problem> {
    let connected = connect(&args.place, args.json, &on_ctrl_c()).await?;
    let job = &connected.session.job;
    let texts = job.scripts_of_run(&id_of(job, &args.run)?)?;
    let output = Output::new(args.json);
    match &args.language {
        Some(key) => output.result(one(&texts, key, "as")?, |text| text.text.clone())?,
        None => output.result(&texts, |texts| text::handover::snippets(texts))?,
    }
    Ok(Exit::Fine)
}

fn one<'a>(texts: &'a [Snippet], key: &str, field: &str) -> Result<&'a Snippet, Problem> {
    texts.iter().find(|text| text.key.eq_ignore_ascii_case(key)).ok_or_else(|| {
        let keys: Vec<&str> = texts.iter().map(|text| text.key.as_str()).collect();
        let words = if keys.is_empty() {
            "There is no text: nothing was changed in the tenant.".to_owned()
        } else {
            format!("There is no such text; the texts are {}.", keys.join(", "))
        };
        let mut problem = Problem::new(Code::InvalidInput, words.clone()).exists("Nothing was changed.");
        problem.fields.push(FieldProblem { field: field.to_owned(), message: words });
        problem
    })
}
