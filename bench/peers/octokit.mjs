// @octokit/webhooks as its README shows it, with a handler that does nothing.
import { createServer } from "node:http";
import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";

const webhooks = new Webhooks({ secret: process.env.GITHUB_WEBHOOK_SECRET });
webhooks.on("push", () => {});

const middleware = createNodeMiddleware(webhooks, { path: "/hooks/handle_github" });
createServer(middleware).listen(Number(process.env.PORT), "127.0.0.1");
