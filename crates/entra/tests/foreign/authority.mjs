// An OAuth server that is not ours (npm: oauth2-mock-server), dressed as a tenant's sign-in service: its routes lie
// below the tenant's path, and its tokens carry the tenant's id, as Entra's do. Started by main.rs.
//
//   node authority.mjs PACKAGE TENANT CHAIN.pem KEY.pem
//
// Prints a line of JSON when it is ready, and one for each token request.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createRequire } from "node:module";

const [library, tenant, chain, key] = process.argv.slice(2);
const { OAuth2Issuer, OAuth2Service } = createRequire(import.meta.url)(library);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const issuer = new OAuth2Issuer();
await issuer.keys.generate("RS256");
const service = new OAuth2Service(issuer, { wellKnownDocument: "/v2.0/.well-known/openid-configuration" });
service.on("beforeTokenSigning", (token) => {
  token.payload.tid = tenant;
  // Two tokens of one second would else be the same.
  token.payload.jti = randomUUID();
  token.payload.preferred_username = "someone@foreign.example";
});
service.on("beforeResponse", (response, request) => {
  const { grant_type, code_verifier, scope, client_id } = request.body;
  say({ grant: grant_type, verifier: code_verifier?.length ?? 0, scope, client: client_id });
});

const files = { cert: readFileSync(chain), key: readFileSync(key) };
const server = createServer(files, (request, response) => {
  const prefix = `/${tenant}`;
  if (!request.url.startsWith(`${prefix}/`)) {
    response.writeHead(404).end();
    return;
  }
  request.url = request.url.slice(prefix.length);
  service.requestHandler(request, response);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  issuer.url = `https://localhost:${port}/${tenant}`;
  say({ port });
});
