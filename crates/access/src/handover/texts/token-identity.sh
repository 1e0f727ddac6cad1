
# Azure gives the token to what runs as the identity: App Service and Functions by IDENTITY_ENDPOINT, machines by IMDS.
if [ -n "${IDENTITY_ENDPOINT:-}" ]; then
    ANSWER=$(printf 'X-IDENTITY-HEADER: %s\n' "$IDENTITY_HEADER" | ask --get "$IDENTITY_ENDPOINT" --header @- \
        --data-urlencode 'api-version=2019-08-01' \
        --data-urlencode <<resource_field>><<which_identity>>) || { say "$ANSWER"; exit 1; }
else
    ANSWER=$(ask --get 'http://169.254.169.254/metadata/identity/oauth2/token' --noproxy '*' \
        --header 'Metadata: true' --data-urlencode 'api-version=2018-02-01' \
        --data-urlencode <<resource_field>><<which_identity>>) || { say "$ANSWER"; exit 1; }
fi
