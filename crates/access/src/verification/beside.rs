//! What stands beside the permissions: owners and federated credentials, and what this operator may not read.

use inbound_entra::graph::{Call, GraphError, Refusal};
use inbound_entra::model::{Application, FederatedCredential, Owner};

use crate::job::JobParts;
use crate::problem::trouble;
use crate::verification::{CredentialKind, CredentialRow, FederatedRow, OwnerRow};

/// Said where the grants may not be read.
pub(crate) const GRANTS_UNREADABLE: &str =
    "You may not read what is granted to it. An Application Administrator or a Global Reader may.";

/// Said where its registration is not in this tenant.
pub(crate) const REGISTERED_ELSEWHERE: &str = "The app is registered in another tenant. Its owners, secrets, certificates \
     and federated credentials are kept there, and only that tenant's administrators can read them.";

/// What was read of it; none where it could not be, or where there is no registration to ask about.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub owners: Option<Vec<OwnerRow>>,
    pub federated: Option<Vec<FederatedRow>>,
    /// Each in a sentence.
    pub unreadable: Vec<String>,
}

/// Reads side by side. What cannot be read is told and hides nothing else.
pub(crate) async fn read(parts: &JobParts, call: &Call, application: Option<&Application>) -> Beside {
    let Some(application) = application else { return Beside::default() };
    let (owners, federated) = futures::join!(
        parts.directory.owners_of(call, application.id),
        parts.directory.federated_of(call, application.id)
    );
    let mut unreadable = Vec::new();
    let owners = told(owners, "read who owns it", &mut unreadable);
    let federated = told(federated, "read its federated credentials", &mut unreadable);
    Beside {
        owners: owners.map(|all| all.into_iter().map(owner_row).collect()),
        federated: federated.map(|all| all.into_iter().map(federated_row).collect()),
        unreadable,
    }
}

/// The registration with all its properties.
pub(crate) async fn whole(
    parts: &JobParts,
    call: &Call,
    application: Option<&Application>,
) -> Result<Option<Application>, GraphError> {
    match application {
        Some(application) => parts.directory.application(call, application.id).await,
        None => Ok(None),
    }
}

/// What was read; else a sentence about it.
pub(crate) fn told<T>(read: Result<T, GraphError>, act: &str, unreadable: &mut Vec<String>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(error) => {
            unreadable.push(if error.refusal().is_some_and(Refusal::is_forbidden) {
                format!("You may not {act}. An Application Administrator or a Global Reader may.")
            } else {
                trouble::graph(&error, act).message
            });
            None
        }
    }
}

/// Said where it is not known which secrets lie here.
pub(crate) fn unread_keychain(credentials: &[CredentialRow]) -> Option<String> {
    let unknown = |one: &CredentialRow| one.kind == CredentialKind::Secret && one.in_keychain.is_none();
    credentials.iter().any(unknown).then(|| {
        "This computer's keychain could not be read, so it is not known which secrets lie here. Unlock it and verify again."
            .to_owned()
    })
}

fn owner_row(owner: Owner) -> OwnerRow {
    let sign_in_name = owner.user_principal_name;
    let name = owner.display_name.or_else(|| sign_in_name.clone()).unwrap_or_else(|| owner.id.to_string());
    OwnerRow { id: owner.id.to_string(), name, sign_in_name }
}

fn federated_row(one: FederatedCredential) -> FederatedRow {
    FederatedRow { name: one.name, issuer: one.issuer, subject: one.subject }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(in_keychain: Option<bool>, kind: CredentialKind) -> CredentialRow {
        let (description, key_id) = ("HR feed".to_owned(), "k".to_owned());
        CredentialRow { kind, description, key_id, expires: None, days_left: None, in_keychain }
    }

    #[test]
    fn only_an_unread_keychain_is_told_not_one_without_certificates() {
        let certificate = secret(None, CredentialKind::Certificate);
        assert_eq!(unread_keychain(&[certificate, secret(Some(false), CredentialKind::Secret)]), None);
        assert!(unread_keychain(&[secret(None, CredentialKind::Secret)]).is_some());
    }

    #[test]
    fn an_owner_is_called_by_what_is_known() {
        let id: inbound_entra::ids::ObjectId = "11111111-1111-4111-8111-111111111111".parse().unwrap();
        let owner = |display_name: Option<&str>, user_principal_name: Option<&str>| {
            let (display_name, user_principal_name) =
                (display_name.map(str::to_owned), user_principal_name.map(str::to_owned));
            owner_row(Owner { id, display_name, user_principal_name, app_id: None }).name
        };
        assert_eq!(owner(Some("Ada"), Some("ada@contoso.example")), "Ada");
        assert_eq!(owner(None, Some("ada@contoso.example")), "ada@contoso.example");
        assert_eq!(owner(None, None), id.to_string());
    }
}
