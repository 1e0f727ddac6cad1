
def get_token():
    """Gets a token by client credentials."""
    secret = os.environ.get("CLIENT_SECRET")
    if not secret:
        sys.exit("Put the client secret into the variable CLIENT_SECRET.")
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": secret,
        "scope": <<scope>>,
    }
    return json.loads(ask(<<token_address>>, urllib.parse.urlencode(form).encode()))["access_token"]
