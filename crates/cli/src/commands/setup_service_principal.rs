//! `setup service-principal`.

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::problem::{Code, Problem};
use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use super::setup::set_up;
use crate::args::ServicePrincipal;
use crate::cancel::on_ctrl_c;
use crate::connect::{connect, permissions};
use crate::exit::Exit;

/// Registers, grants and keeps the secret, as far as is missing.
pub(crate) async fn run(args: ServicePrincipal) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let last_day = match args.secret_expires {
        Some(day) => day,
        None => months_ahead(Timestamp::now().to_zoned_datetime(TimeZone::UTC).date(), args.secret_months)?,
    };
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let request = SetupRequest::AppRegistration {
        name: args.name,
        app: match (args.use_app, args.another) {
            (Some(client_id), _) => AppChoice::Existing { client_id },
            (None, true) => AppChoice::Another,
            (None, false) => AppChoice::ByName,
        },
        note: args.note,
        secret_description: args.secret_description,
        secret_expires: last_day.to_string(),
        permissions: permissions(&args.permissions, &connected.session),
        ask_consent: args.ask_consent.is_some(),
        secret_goes: SecretGoes::IntoKeychain,
    };
    set_up(&connected.session, request, args.plan, args.ask_consent.as_deref(), args.telling, &cancel)
        .await
        .map_err(by_option)
}

/// The way out of a taken name, as it is given here.
fn by_option(problem: Problem) -> Problem {
    if problem.code != Code::Ambiguous {
        return problem;
    }
    problem.advice("Give --use CLIENT_ID to go on with one of these, or --another to register another of this name.")
}

/// The same day of the month so many months later, or that month's last.
pub(super) fn months_ahead(today: Date, months: u8) -> Result<Date, Problem> {
    today.checked_add(Span::new().months(i64::from(months))).map_err(|error| {
        Problem::new(Code::Internal, format!("The day {months} months after {today} cannot be told: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_a_day_that_exists() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        for (today, months, wanted) in [
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-11-24", 6, "2027-05-24"),
            ("2026-11-24", 24, "2028-11-24"),
            ("2024-02-29", 12, "2025-02-28"),
        ] {
            assert_eq!(months_ahead(day(today), months).expect("a day"), day(wanted));
        }
    }
}
