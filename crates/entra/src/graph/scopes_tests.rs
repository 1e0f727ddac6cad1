//! Which delegated scopes each request asks for: no more than its call needs (security P13, graph-facts 8).

use super::request::*;

const ID: &str = "11111111-1111-4111-8111-111111111111";

#[test]
fn p13_each_request_asks_for_the_least_that_its_call_needs() {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let new = NewApplication::new("HR feed", None, Vec::new());
    let requests = [
        me(),
        my_memberships(),
        organization(),
        my_eligible_roles(),
        activate_role(ID, ID, "why", 1, now),
        app_management_policy(),
        authorization_policy(),
        application(ID),
        application_by_app_id(ID),
        application_by_unique_name("u"),
        applications_named("n"),
        applications_starting_with("n", 1),
        applications_searched("n", 1),
        upsert_application("u", &new),
        patch_requested(ID, &[]),
        add_password(ID, "d", now),
        remove_password(ID, ID),
        delete_application(ID),
        application_in_use(ID),
        owners_of(ID),
        federated_of(ID),
        deleted_item(ID),
        delete_service_principal(ID),
        set_sign_in(ID, true),
        assigned_to(ID),
        graph_resource(),
        api(ID),
        service_principal(ID),
        service_principal_by_app_id(ID),
        service_principals_starting_with("n", None, 1),
        service_principals_searched("n", None, 1),
        service_principals_named("n", None),
        managed_identities_with_alternative_name("n"),
        create_service_principal(ID),
        grants_of(ID),
        grant(ID, ID, ID),
        revoke(ID, ID),
        every_grant(ID),
        service_principals_among(&[ID]),
        applications_among(&[ID]),
    ];
    let shown = requests.iter().map(|request| {
        let path = request.path.split('?').next().unwrap_or_default();
        format!("{} {path}: {}", request.method, request.scopes.join(" "))
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    GET /v1.0/me: User.Read
    GET /v1.0/me/transitiveMemberOf: User.Read
    GET /v1.0/organization: User.Read
    GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser(on='principal'): RoleEligibilitySchedule.Read.Directory
    POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests: RoleAssignmentSchedule.ReadWrite.Directory
    GET /v1.0/policies/defaultAppManagementPolicy: Policy.Read.All
    GET /v1.0/policies/authorizationPolicy: Policy.Read.All
    GET /v1.0/applications/11111111-1111-4111-8111-111111111111: Application.Read.All
    GET /v1.0/applications(appId='11111111-1111-4111-8111-111111111111'): Application.Read.All
    GET /v1.0/applications(uniqueName='u'): Application.Read.All
    GET /v1.0/applications: Application.Read.All
    GET /v1.0/applications: Application.Read.All
    GET /v1.0/applications: Application.Read.All
    PATCH /v1.0/applications(uniqueName='u'): Application.ReadWrite.All
    PATCH /v1.0/applications/11111111-1111-4111-8111-111111111111: Application.ReadWrite.All
    POST /v1.0/applications/11111111-1111-4111-8111-111111111111/addPassword: Application.ReadWrite.All
    POST /v1.0/applications/11111111-1111-4111-8111-111111111111/removePassword: Application.ReadWrite.All
    DELETE /v1.0/applications/11111111-1111-4111-8111-111111111111: Application.ReadWrite.All
    GET /v1.0/applications/11111111-1111-4111-8111-111111111111: Application.Read.All
    GET /v1.0/applications/11111111-1111-4111-8111-111111111111/owners: Application.Read.All
    GET /v1.0/applications/11111111-1111-4111-8111-111111111111/federatedIdentityCredentials: Application.Read.All
    GET /v1.0/directory/deletedItems/11111111-1111-4111-8111-111111111111: Application.ReadWrite.All
    DELETE /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111: Application.ReadWrite.All
    PATCH /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111: Application.ReadWrite.All
    GET /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111/appRoleAssignedTo: Application.Read.All
    GET /v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000'): Application.Read.All
    GET /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111: Application.Read.All
    GET /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111: Application.Read.All
    GET /v1.0/servicePrincipals(appId='11111111-1111-4111-8111-111111111111'): Application.Read.All
    GET /v1.0/servicePrincipals: Application.Read.All
    GET /v1.0/servicePrincipals: Application.Read.All
    GET /v1.0/servicePrincipals: Application.Read.All
    GET /v1.0/servicePrincipals: Application.Read.All
    POST /v1.0/servicePrincipals: Application.ReadWrite.All
    GET /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111/appRoleAssignments: Application.Read.All
    POST /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111/appRoleAssignedTo: AppRoleAssignment.ReadWrite.All Application.Read.All
    DELETE /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111/appRoleAssignedTo/11111111-1111-4111-8111-111111111111: AppRoleAssignment.ReadWrite.All
    GET /v1.0/servicePrincipals/11111111-1111-4111-8111-111111111111/appRoleAssignedTo: Application.Read.All
    GET /v1.0/servicePrincipals: Application.Read.All
    GET /v1.0/applications: Application.Read.All
    ");
}
