
var identity = new ManagedIdentityCredential(<<which_identity>>);
var token = (await identity.GetTokenAsync(new TokenRequestContext(new[] { <<scope>> }))).Token;
