
: "${CLIENT_SECRET:?Put the client secret into the variable CLIENT_SECRET.}"
ANSWER=$(printf '%s' "$CLIENT_SECRET" | ask <<token_address>> \
    --data-urlencode 'grant_type=client_credentials' \
    --data-urlencode "client_id=$CLIENT_ID" \
    --data-urlencode <<scope_field>> \
    --data-urlencode 'client_secret@-') || { say "$ANSWER"; exit 1; }
