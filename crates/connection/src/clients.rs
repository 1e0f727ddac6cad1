//! With which public client the operator signs in: one of their own, or one of Microsoft's as a conscious choice
//! (graph-facts 11).

use crate::view::MicrosoftClient;

/// Microsoft's clients that any tenant knows.
#[must_use]
pub fn microsoft_clients() -> Vec<MicrosoftClient> {
    vec![
        MicrosoftClient {
            client_id: "14d82eec-204b-4c2f-b7e8-296a70dab67e".into(),
            name: "Microsoft Graph Command Line Tools".into(),
            meaning:
                "Sign-in logs show this name, not Inbound Access. Whatever your organisation has consented to for \
                      it, for PowerShell scripts too, this sign-in gets as well. An administrator consents once; \
                      Conditional Access and audits cannot tell this app from a script. Microsoft advises to register \
                      a client of your own."
                    .into(),
        },
        MicrosoftClient {
            client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46".into(),
            name: "Microsoft Azure CLI".into(),
            meaning: "Works without any consent, as Microsoft has approved it for wide permissions on apps, users and \
                      groups in every tenant: far more than this job needs, and sign-in logs show Azure CLI. Roles to \
                      activate and policies cannot be read with it. Microsoft advises to register a client of your own."
                .into(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_named_by_id_and_say_what_they_mean() {
        let clients = microsoft_clients();
        assert!(clients.iter().all(|it| it.client_id.parse::<uuid::Uuid>().is_ok() && it.meaning.len() > 80));
        assert_eq!(clients.len(), 2);
    }
}
