
# Azure gives the token to what runs as the identity: App Service and Functions by IDENTITY_ENDPOINT, machines by IMDS.
$query = 'resource=' + [uri]::EscapeDataString(<<resource>>)<<which_identity>>
if ($env:IDENTITY_ENDPOINT) {
    $token = (Invoke-Request @{
        Uri     = $env:IDENTITY_ENDPOINT + '?api-version=2019-08-01&' + $query
        Headers = @{ 'X-IDENTITY-HEADER' = $env:IDENTITY_HEADER }
    }).access_token
}
else {
    $token = (Invoke-Request @{
        Uri     = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&' + $query
        Headers = @{ Metadata = 'true' }
    }).access_token
}
