#!/bin/sh
# An API client of Microsoft Entra's inbound provisioning API: gets a token, sends one user, reads the provisioning log.
# For <<name>>, in the tenant <<tenant>>.
#
# <<credential>>
# Without the variable SAMPLE_USER nothing is sent, and only the log is read. With it, e.g.
# SAMPLE_USER=sample.user@your-domain, a real user of this tenant is created or changed.
# One call takes at most 50 operations, and the service takes 40 calls in 5 seconds.
set -eu

CLIENT_ID=<<client_id>>
UPLOAD_ADDRESS=<<upload_address>>
LOG_ADDRESS=<<log_address>>

say() { printf '%s\n' "$*" >&2; }

# What is secret goes through a pipe: the arguments of a program can be seen by others on this computer.
# --retry waits as long as the service asks (Retry-After) when it answers 429.
ask() { curl --silent --show-error --fail-with-body --max-time 60 --retry 4 "$@"; }
<<token>>
TOKEN=$(printf '%s' "$ANSWER" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
[ -n "$TOKEN" ] || { say 'The answer holds no token.'; exit 1; }
say 'A token was issued.'

if [ -n "${SAMPLE_USER:-}" ]; then
    case $SAMPLE_USER in
    *[!A-Za-z0-9._@-]*) say 'SAMPLE_USER may hold letters, digits and . _ @ - only.'; exit 2 ;;
    esac
    PAYLOAD='{
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
      "Operations": [{
        "method": "POST",
        "bulkId": "1",
        "path": "/Users",
        "data": {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
          "externalId": "'"$SAMPLE_USER"'",
          "userName": "'"$SAMPLE_USER"'",
          "name": { "givenName": "Sample", "familyName": "User" },
          "displayName": "Sample User",
          "active": true
        }
      }],
      "failOnErrors": null
    }'
    printf 'Authorization: Bearer %s\n' "$TOKEN" | ask "$UPLOAD_ADDRESS" --header @- \
        --header 'Content-Type: application/scim+json' --data-binary "$PAYLOAD"
    say 'Accepted. What became of the user is in the log after 5 to 10 minutes.'
fi

printf 'Authorization: Bearer %s\n' "$TOKEN" | ask "$LOG_ADDRESS" --header @-
