// A Probot app whose one handler does nothing. The key is for GitHub's API, which is never called here.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: process.env.GITHUB_WEBHOOK_SECRET, logLevel: "fatal" },
});

const middleware = await createNodeMiddleware((app) => app.on("push", () => {}), {
  probot,
  webhooksPath: "/hooks/handle_github",
});
createServer(middleware).listen(Number(process.env.PORT), "127.0.0.1");
