// panva's oidc-provider as an authority might run it: proves one account at the level that the first argument names.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, port, redirect, id, secret, acr] = process.argv.slice(2);
const found = createRequire(`${folder}/package.json`).resolve("oidc-provider");
const library = await import(pathToFileURL(found).href);
const Provider = library.Provider ?? library.default;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"] }],
  pkce: { required: () => true },
  acrValues: [acr],
  claims: { openid: ["sub"], profile: ["name"], acr: null, auth_time: null },
  conformIdTokenClaims: false,
  cookies: { keys: ["only-for-this-test"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, account) => ({ accountId: account, claims: async () => ({ sub: account, name: "Ditte Demo" }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "real-5590", acr, amr: ["mfa"] } });
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
