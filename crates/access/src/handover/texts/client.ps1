# An API client of Microsoft Entra's inbound provisioning API: gets a token, sends one user, reads the provisioning log.
# For Windows PowerShell 5.1 and PowerShell 7.
# For <<name>>, in the tenant <<tenant>>.
#
# <<credential>>
# Without the variable SAMPLE_USER nothing is sent, and only the log is read. With it, e.g.
# $env:SAMPLE_USER = 'sample.user@your-domain', a real user of this tenant is created or changed.
# One call takes at most 50 operations, and the service takes 40 calls in 5 seconds.
$ErrorActionPreference = 'Stop'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072

$clientId = <<client_id>>
$uploadAddress = <<upload_address>>
$logAddress = <<log_address>>

# Sends a request; waits as long as the service asks when it answers 429 or 503.
function Invoke-Request([hashtable] $Request) {
    for ($attempt = 0; ; $attempt++) {
        try {
            return Invoke-RestMethod @Request
        }
        catch {
            $response = $_.Exception.Response
            if ($null -eq $response -or [int] $response.StatusCode -notin 429, 503 -or $attempt -ge 4) { throw }
            if ($response.Headers -is [System.Net.WebHeaderCollection]) {
                $after = $response.Headers['Retry-After']
            }
            else {
                $after = $response.Headers.RetryAfter.Delta.TotalSeconds
            }
            if (-not $after) { $after = [math]::Pow(2, $attempt) }
            Start-Sleep -Seconds ([int] $after)
        }
    }
}
<<token>>
$headers = @{ Authorization = "Bearer $token" }

if ($env:SAMPLE_USER) {
    $user = @{
        schemas     = @('urn:ietf:params:scim:schemas:core:2.0:User')
        externalId  = $env:SAMPLE_USER
        userName    = $env:SAMPLE_USER
        name        = @{ givenName = 'Sample'; familyName = 'User' }
        displayName = 'Sample User'
        active      = $true
    }
    $payload = @{
        schemas      = @('urn:ietf:params:scim:api:messages:2.0:BulkRequest')
        Operations   = @(@{ method = 'POST'; bulkId = '1'; path = '/Users'; data = $user })
        failOnErrors = $null
    }
    $body = [Text.Encoding]::UTF8.GetBytes(($payload | ConvertTo-Json -Depth 10))
    Invoke-Request @{
        Method = 'Post'; Uri = $uploadAddress; Headers = $headers
        ContentType = 'application/scim+json'; Body = $body
    } | Out-Null
    Write-Host 'Accepted. What became of the user is in the log after 5 to 10 minutes.'
}

(Invoke-Request @{ Uri = $logAddress; Headers = $headers }).value
