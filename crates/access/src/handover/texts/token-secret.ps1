
if (-not $env:CLIENT_SECRET) { throw 'Put the client secret into the variable CLIENT_SECRET.' }
$token = (Invoke-Request @{
    Method = 'Post'
    Uri    = <<token_address>>
    Body   = @{
        grant_type    = 'client_credentials'
        client_id     = $clientId
        client_secret = $env:CLIENT_SECRET
        scope         = <<scope>>
    }
}).access_token
