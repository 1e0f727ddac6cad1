#!/usr/bin/env python3
"""An API client of Microsoft Entra's inbound provisioning API: gets a token, sends users, reads the provisioning log.

Needs Python 3.8 or newer and nothing else."""

# For <<name>>, in the tenant <<tenant>>.
# <<credential>>
# Without the variable SAMPLE_USER nothing is sent, and only the log is read. With it, e.g.
# SAMPLE_USER=sample.user@your-domain, a real user of this tenant is created or changed.

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CLIENT_ID = <<client_id>>
UPLOAD_ADDRESS = <<upload_address>>
LOG_ADDRESS = <<log_address>>
OPERATIONS_PER_CALL = 50
SECONDS_BETWEEN_CALLS = 5 / 40


def ask(address, body=None, headers=None):
    """Sends a request; waits as long as the service asks when it answers 429 or 503."""
    for attempt in range(5):
        request = urllib.request.Request(address, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == 4:
                words = error.read().decode("utf-8", "replace")
                sys.exit(f"{address} answered {error.code}: {words}")
            after = error.headers.get("Retry-After", "")
            time.sleep(int(after) if after.isdigit() else 2**attempt)

<<token>>

def upload(token, users):
    """Sends users, 50 in a call, and never faster than the service takes them."""
    for start in range(0, len(users), OPERATIONS_PER_CALL):
        part = users[start : start + OPERATIONS_PER_CALL]
        operations = [
            {"method": "POST", "bulkId": str(start + at), "path": "/Users", "data": user}
            for at, user in enumerate(part, 1)
        ]
        payload = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
            "failOnErrors": None,
        }
        headers = {"Authorization": "Bearer " + token, "Content-Type": "application/scim+json"}
        ask(UPLOAD_ADDRESS, json.dumps(payload).encode(), headers)
        time.sleep(SECONDS_BETWEEN_CALLS)


def main():
    token = get_token()
    print("A token was issued.", file=sys.stderr)
    name = os.environ.get("SAMPLE_USER")
    if name:
        user = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "externalId": name,
            "userName": name,
            "name": {"givenName": "Sample", "familyName": "User"},
            "displayName": "Sample User",
            "active": True,
        }
        upload(token, [user])
        print("Accepted. What became of the user is in the log after 5 to 10 minutes.", file=sys.stderr)
    entries = json.loads(ask(LOG_ADDRESS, headers={"Authorization": "Bearer " + token}))
    print(json.dumps(entries, indent=2))


if __name__ == "__main__":
    main()
