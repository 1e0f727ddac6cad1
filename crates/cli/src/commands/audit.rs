//! `audit`.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use inbound_access_job::audit::{AuditListener, AuditNews};
use inbound_access_job::problem::Problem;
use indicatif::{ProgressBar, ProgressStyle};

use super::evidence_file;
use crate::args::{AuditArgs, Telling};
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::{Output, remark};
use crate::text;

/// Where lines cannot be changed any more, one is said for so many grants.
const EVERY: u32 = 10_000;

/// Reads who holds the permissions, and tells.
pub(crate) async fn run(args: AuditArgs) -> Result<Exit, Problem> {
    let evidence = evidence_file::asked(args.evidence.as_deref())?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let found = connected.session.job.audit(&args.permissions, cancel, listener(args.telling)).await?;
    Output::new(args.telling.json).result(&found, text::audit::whole)?;
    if let Some((path, format)) = evidence {
        evidence_file::write(path, &connected.session.job.evidence_of_audit(&found, format)?)?;
    }
    Ok(Exit::Fine)
}

/// A listener that tells as much as was asked for, as that of a run.
fn listener(telling: Telling) -> AuditListener {
    let is_seen = std::io::stderr().is_terminal();
    if telling.no_progress || (telling.json && !is_seen) {
        return Arc::new(|_| {});
    }
    let found = AtomicU32::new(0);
    let told = AtomicU32::new(0);
    let bar = is_seen.then(|| {
        let style = ProgressStyle::with_template("{spinner} {msg}");
        let bar = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    });
    Arc::new(move |news| {
        let words = words(&news, &found);
        match (&bar, words) {
            (Some(bar), Some(words)) => bar.set_message(words),
            (None, Some(words)) if is_due(&news, &told) => remark(&words),
            _ => {}
        }
    })
}

/// What a piece of news says; rows are only counted.
fn words(news: &AuditNews, found: &AtomicU32) -> Option<String> {
    match news {
        AuditNews::Rows { rows } => {
            found.fetch_add(u32::try_from(rows.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
            None
        }
        AuditNews::Progress { grants_read, pages } => {
            let found = found.load(Ordering::Relaxed);
            Some(format!("{grants_read} grants of Microsoft Graph read in {pages} pages, {found} found"))
        }
        AuditNews::Waiting { seconds } => Some(format!("Microsoft Graph asks to wait {seconds} s")),
    }
}

/// Each wait, and now and then how far it is.
fn is_due(news: &AuditNews, told: &AtomicU32) -> bool {
    match news {
        AuditNews::Progress { grants_read, .. } => {
            let step = grants_read / EVERY;
            step > told.swap(step, Ordering::Relaxed)
        }
        AuditNews::Waiting { .. } => true,
        AuditNews::Rows { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_a_line_is_said_for_each_ten_thousand_and_each_wait() {
        let (found, told) = (AtomicU32::new(0), AtomicU32::new(0));
        let progress = |grants_read| AuditNews::Progress { grants_read, pages: grants_read / 999 };
        let news =
            [progress(999), progress(9_990), AuditNews::Waiting { seconds: 12 }, progress(10_989), progress(11_988)];
        let said: Vec<String> = news
            .iter()
            .filter_map(|one| Some((words(one, &found)?, is_due(one, &told))))
            .filter_map(|(words, due)| due.then_some(words))
            .collect();
        assert_eq!(
            said,
            ["Microsoft Graph asks to wait 12 s", "10989 grants of Microsoft Graph read in 11 pages, 0 found"]
        );
    }
}
