//! An error: what happened, what exists now, what to do.

use inbound_access_job::problem::Problem;

use super::safe::shown;

/// In as few lines as it has parts.
pub(crate) fn in_words(problem: &Problem) -> String {
    // Namesakes are listed one a line; what they are called cannot break a line.
    let mut lines = problem.message.lines();
    // Where the first field's words are the message itself, they are told once, behind the option.
    let told = problem.fields.first().filter(|field| field.message == problem.message);
    let mut text = match told {
        Some(field) => format!("error: {}: {}\n", option_of(&field.field), shown(lines.next().unwrap_or_default())),
        None => format!("error: {}\n", shown(lines.next().unwrap_or_default())),
    };
    for line in lines {
        text.push_str(&format!("  {}\n", shown(line)));
    }
    for field in problem.fields.iter().skip(usize::from(told.is_some())) {
        text.push_str(&format!("  {}: {}\n", option_of(&field.field), shown(&field.message)));
    }
    for part in [&problem.exists, &problem.advice].into_iter().flatten() {
        for line in part.lines() {
            text.push_str(&format!("  {}\n", shown(line)));
        }
    }
    if let Some(trace) = &problem.trace {
        let status = trace.status.map(|status| status.to_string());
        let small = [
            ("HTTP", status.as_ref()),
            ("code", trace.service_code.as_ref()),
            ("said", trace.service_message.as_ref()),
            ("request-id", trace.request_id.as_ref()),
            ("client-request-id", trace.client_request_id.as_ref()),
            ("at", trace.date.as_ref()),
        ];
        let parts: Vec<String> = small
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name} {}", shown(value))))
            .collect();
        if !parts.is_empty() {
            text.push_str(&format!("  ({})\n", parts.join(" · ")));
        }
    }
    text
}

/// The option by which a field of the request is given here.
fn option_of(field: &str) -> &str {
    match field {
        "name" => "--name",
        "note" => "--note",
        "secretDescription" => "--secret-description",
        "secretExpires" => "--secret-expires",
        "permissions" => "--permission",
        "objectId" => "--object-id",
        "resourceId" => "--resource-id",
        "clientId" | "app.clientId" => "--use",
        "evidence" => "--evidence",
        "snippet" => "--snippet",
        "as" => "--as",
        "jobId" => "--job",
        "externalId" => "--employee-id",
        "userName" => "--user-name",
        "givenName" => "--given-name",
        "familyName" => "--family-name",
        "practiceUrl" => "--practice-url",
        "principal" => "PRINCIPAL",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbound_access_job::problem::{Code, FieldProblem, RequestTrace};

    #[test]
    fn a_single_field_is_named_by_its_option() {
        let mut problem = Problem::new(Code::InvalidInput, "2020-01-31 is past.").exists("Nothing was changed.");
        problem.fields.push(FieldProblem { field: "secretExpires".into(), message: "2020-01-31 is past.".into() });
        insta::assert_snapshot!(in_words(&problem), @r"
        error: --secret-expires: 2020-01-31 is past.
          Nothing was changed.
        ");
    }

    #[test]
    fn a_message_that_is_the_first_fields_own_hides_none_of_the_others() {
        let mut problem = Problem::new(Code::InvalidInput, "The employee id is missing.").exists("Nothing was sent.");
        for (field, message) in [("externalId", "The employee id is missing."), ("userName", "It has no domain.")] {
            problem.fields.push(FieldProblem { field: field.into(), message: message.into() });
        }
        insta::assert_snapshot!(in_words(&problem), @r"
        error: --employee-id: The employee id is missing.
          --user-name: It has no domain.
          Nothing was sent.
        ");
    }

    #[test]
    fn every_part_is_told_and_fields_go_by_their_option() {
        let mut problem = Problem::new(Code::InvalidInput, "One value cannot be used:\na \u{1b}[2J value.")
            .exists("Nothing was changed.")
            .advice("Mend it.\nOr leave it.")
            .trace(RequestTrace { status: Some(403), request_id: Some("r-1".into()), ..RequestTrace::default() });
        problem.fields.push(FieldProblem { field: "secretExpires".into(), message: "It is in the past.".into() });
        insta::assert_snapshot!(in_words(&problem), @r"
        error: One value cannot be used:
          a <U+001B>[2J value.
          --secret-expires: It is in the past.
          Nothing was changed.
          Mend it.
          Or leave it.
          (HTTP 403 · request-id r-1)
        ");
    }
}
