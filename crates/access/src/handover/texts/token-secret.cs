
var secret = Environment.GetEnvironmentVariable("CLIENT_SECRET")
    ?? throw new InvalidOperationException("Put the client secret into the variable CLIENT_SECRET.");
var issued = await Ask(() => new HttpRequestMessage(HttpMethod.Post, <<token_address>>)
{
    Content = new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = clientId,
        ["client_secret"] = secret,
        ["scope"] = <<scope>>,
    }),
});
using var parsed = JsonDocument.Parse(issued);
var token = parsed.RootElement.GetProperty("access_token").GetString();
