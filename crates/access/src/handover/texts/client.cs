// An API client of Microsoft Entra's inbound provisioning API: gets a token, sends one user, reads the provisioning log.
// <<runtime>>
// For <<name>>, in the tenant <<tenant>>.
//
// <<credential>>
// Without the variable SAMPLE_USER nothing is sent, and only the log is read. With it, e.g.
// SAMPLE_USER=sample.user@your-domain, a real user of this tenant is created or changed.
// One call takes at most 50 operations, and the service takes 40 calls in 5 seconds.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
<<using>>
const string clientId = <<client_id>>;
const string uploadAddress = <<upload_address>>;
const string logAddress = <<log_address>>;

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
<<token>>
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

if (Environment.GetEnvironmentVariable("SAMPLE_USER") is { Length: > 0 } name)
{
    var payload = JsonSerializer.Serialize(new
    {
        schemas = new[] { "urn:ietf:params:scim:api:messages:2.0:BulkRequest" },
        Operations = new[]
        {
            new
            {
                method = "POST",
                bulkId = "1",
                path = "/Users",
                data = new
                {
                    schemas = new[] { "urn:ietf:params:scim:schemas:core:2.0:User" },
                    externalId = name,
                    userName = name,
                    name = new { givenName = "Sample", familyName = "User" },
                    displayName = "Sample User",
                    active = true,
                },
            },
        },
        failOnErrors = (int?)null,
    });
    await Ask(() => new HttpRequestMessage(HttpMethod.Post, uploadAddress)
    {
        Content = new StringContent(payload, Encoding.UTF8, new MediaTypeHeaderValue("application/scim+json")),
    });
    Console.Error.WriteLine("Accepted. What became of the user is in the log after 5 to 10 minutes.");
}

Console.WriteLine(await Ask(() => new HttpRequestMessage(HttpMethod.Get, logAddress)));

// Sends a request; waits as long as the service asks when it answers 429 or 503.
async Task<string> Ask(Func<HttpRequestMessage> request)
{
    for (var attempt = 0; ; attempt++)
    {
        using var answer = await http.SendAsync(request());
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode) return body;
        var asksToWait = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (!asksToWait || attempt >= 4)
            throw new HttpRequestException($"{request().RequestUri} answered {(int)answer.StatusCode}: {body}");
        await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(Math.Pow(2, attempt)));
    }
}
