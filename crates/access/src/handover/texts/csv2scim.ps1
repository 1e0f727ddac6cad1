# Settings of Microsoft's script CSV2SCIM (github.com/AzureAD/entra-id-inbound-provisioning, PowerShell/CSV2SCIM).
# For <<name>>, in the tenant <<tenant>>.
#
# CSV2SCIM knows no client secret. It signs in by a certificate: add one to the app registration, keep its private key in
# the Windows certificate store, and put its thumbprint below. Besides, it looks the provisioning job up by itself, for which
# the client needs Application.Read.All and Synchronization.Read.All of Microsoft Graph too.
#
# Three ids are easily mixed up. ServicePrincipalId is the object id of the provisioning app, which takes the users;
# ClientId is the client's own id; the object id of the client's service principal stands nowhere here.
$settings = @{
    TenantId           = <<tenant_id>>
    ServicePrincipalId = <<app_object_id>>
    ClientId           = <<client_id>>
    ClientCertificate  = Get-ChildItem Cert:\CurrentUser\My\YOUR_CERTIFICATE_THUMBPRINT
    AttributeMapping   = Import-PowerShellDataFile '.\Samples\AttributeMapping.psd1'
    Path               = '.\Samples\csv-with-2-records.csv'
}

# Every user in the file is created or changed in this tenant.
.\CSV2SCIM.ps1 @settings
