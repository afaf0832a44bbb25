import { createServer, type Server } from "node:http";
import { OAuth2Server } from "oauth2-mock-server";
import Provider from "oidc-provider";

/** Where the providers of the tests listen: `setup/portal` lets the portal call these ports, counted from its own. */
const AT = { certified: 10, forging: 11 };

/** The port of a provider, beside the portal's. */
export function port(baseURL: string, which: keyof typeof AT): number {
  return Number(new URL(baseURL).port) + AT[which];
}

export const CLIENT = { id: "portal", secret: "a secret of the tests alone" };

/** A certified provider. It asks for a login and lets in whoever gives one, with a verified address of that name. */
export async function certified(baseURL: string, returnAddress: string): Promise<{ issuer: string; close: () => void }> {
  const issuer = `http://127.0.0.1:${port(baseURL, "certified")}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [returnAddress], grant_types: ["authorization_code"], response_types: ["code"] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    // The portal reads the signed word and asks for nothing more.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ["of the tests alone"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true }),
    }),
  });
  const server: Server = createServer(provider.callback());
  await new Promise<void>((done) => server.listen(port(baseURL, "certified"), "127.0.0.1", done));
  return { issuer, close: () => { server.closeAllConnections(); server.close(); } };
}

/** A provider that lets everybody in without a question, and whose words a test may change. */
export async function forging(baseURL: string) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(port(baseURL, "forging"), "127.0.0.1");
  const issuer = `http://127.0.0.1:${port(baseURL, "forging")}`;
  server.issuer.url = issuer;
  return { issuer, service: server.service, close: () => server.stop() };
}
