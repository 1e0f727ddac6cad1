//! App registrations and their client secrets (graph-facts 2).

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::call::{Answer, Call, Page};
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::request::{self, NewApplication};
use crate::ids::{AppId, KeyId, ObjectId};
use crate::model::{
    Application, ApplicationInUse, DeletedObject, FederatedCredential, NewPassword, Owner, PasswordCredential,
    RequiredResourceAccess,
};
use crate::wiped;

#[derive(Deserialize)]
struct SecretText {
    #[serde(rename = "secretText", deserialize_with = "wiped::text")]
    text: SecretString,
}

impl Graph {
    /// By object id.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn application(&self, call: &Call, id: ObjectId) -> Result<Option<Application>, GraphError> {
        self.find(call, &request::application(id)).await
    }

    /// By object id, with what tells whether somebody else uses it.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn application_in_use(&self, call: &Call, id: ObjectId) -> Result<Option<ApplicationInUse>, GraphError> {
        self.find(call, &request::application_in_use(id)).await
    }

    /// Who owns the registration: all of them or an error, as a verdict rests on it.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn owners_of(&self, call: &Call, id: ObjectId) -> Result<Vec<Owner>, GraphError> {
        self.list_strictly(call, &request::owners_of(id)).await
    }

    /// The identities elsewhere that the registration trusts: all of them or an error, as a verdict rests on it.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn federated_of(&self, call: &Call, id: ObjectId) -> Result<Vec<FederatedCredential>, GraphError> {
        self.list_strictly(call, &request::federated_of(id)).await
    }

    /// A registration or service principal that was deleted and can still be restored; none when it was not, or when
    /// that is over. A replica may not know yet.
    ///
    /// # Errors
    /// As [`GraphError`] says. Who may not change apps may not read this either.
    pub async fn deleted_object(&self, call: &Call, id: ObjectId) -> Result<Option<DeletedObject>, GraphError> {
        self.find(call, &request::deleted_item(id)).await
    }

    /// By client id.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn application_by_app_id(&self, call: &Call, id: AppId) -> Result<Option<Application>, GraphError> {
        self.find(call, &request::application_by_app_id(id)).await
    }

    /// By alternate key.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn application_by_unique_name(&self, call: &Call, name: &str) -> Result<Option<Application>, GraphError> {
        self.find(call, &request::application_by_unique_name(name)).await
    }

    /// All of exactly this display name, which is not unique.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn applications_named(&self, call: &Call, name: &str) -> Result<Vec<Application>, GraphError> {
        self.list(call, &request::applications_named(name)).await
    }

    /// Those whose name begins with `text`, then those with a word that does, at most `limit`.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn search_applications(
        &self,
        call: &Call,
        text: &str,
        limit: usize,
    ) -> Result<Page<Application>, GraphError> {
        let text = text.trim();
        let top = limit.saturating_add(1);
        let begins = request::applications_starting_with(text, top);
        let searched = (!text.is_empty()).then(|| request::applications_searched(text, top));
        self.search_both(call, &begins, searched.as_ref(), limit, |row: &Application| row.id).await
    }

    /// Creates the registration with this alternate key (`Some`), or updates the one that is there (`None`).
    ///
    /// # Errors
    /// As [`GraphError`] says. It is sent again after a lost answer, as doing it twice is doing it once.
    pub async fn upsert_application(
        &self,
        call: &Call,
        unique_name: &str,
        new: &NewApplication,
    ) -> Result<Answer<Option<Application>>, GraphError> {
        let received = self.write(call, &request::upsert_application(unique_name, new)).await?;
        let made = if received.status == 204 { None } else { Some(received.read::<Application>()?) };
        // An answer of another registration than the one asked for must not be built upon.
        let is_other = made.as_ref().is_some_and(|app| app.unique_name.as_deref() != Some(unique_name));
        if is_other {
            return Err(received.unreadable(Unreadable::WrongShape));
        }
        Ok(received.answer(made))
    }

    /// Replaces the requested permissions as a whole.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn patch_requested(
        &self,
        call: &Call,
        id: ObjectId,
        requested: &[RequiredResourceAccess],
    ) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::patch_requested(id, requested)).await
    }

    /// Makes a client secret. Its value is in this answer and never again: an unreadable one is `Unclear`.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn add_password(
        &self,
        call: &Call,
        app: ObjectId,
        description: &str,
        end: Timestamp,
    ) -> Result<Answer<NewPassword>, GraphError> {
        let received = self.write(call, &request::add_password(app, description, end)).await?;
        let secret = received.read::<SecretText>()?.text;
        let credential: PasswordCredential = received.read()?;
        // The value of another secret than the one asked for would be kept under a key that it does not belong to.
        if credential.display_name.as_deref() != Some(description) {
            return Err(received.unreadable(Unreadable::WrongShape));
        }
        Ok(received.answer(NewPassword { credential, secret }))
    }

    /// Removes a client secret.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn remove_password(&self, call: &Call, app: ObjectId, key: KeyId) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::remove_password(app, key)).await
    }

    /// Deletes a registration; it can be restored for 30 days.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn delete_application(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::delete_application(id)).await
    }
}
