
def get_token():
    """Gets a token from Azure: in App Service and Functions by IDENTITY_ENDPOINT, on a machine by IMDS."""
    query = {"resource": <<resource>><<which_identity>>}
    endpoint = os.environ.get("IDENTITY_ENDPOINT")
    if endpoint:
        query["api-version"] = "2019-08-01"
        headers = {"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]}
    else:
        endpoint = "http://169.254.169.254/metadata/identity/oauth2/token"
        query["api-version"] = "2018-02-01"
        headers = {"Metadata": "true"}
    return json.loads(ask(endpoint + "?" + urllib.parse.urlencode(query), headers=headers))["access_token"]
