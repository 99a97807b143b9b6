// A receiver that keeps what it answers: node:http, the signature, the JSON, and a BullMQ queue in Redis before the 202.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { Queue } from "bullmq";

const secret = process.env.GITHUB_WEBHOOK_SECRET;
const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT) };
// Without a worker nothing is ever finished; with one, what is finished need not stay.
const queue = new Queue("deliveries", { connection, defaultJobOptions: { removeOnComplete: true } });

function isSigned(request, body) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", secret).update(body).digest("hex"));
  const given = Buffer.from(request.headers["x-hub-signature-256"] ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function answer(response, status, text) {
  response.writeHead(status, { "Content-Type": "text/plain" }).end(text);
}

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const body = Buffer.concat(chunks);
    if (!isSigned(request, body)) {
      return answer(response, 403, "Invalid signature header");
    }
    try {
      await queue.add(request.headers["x-github-event"], JSON.parse(body), {
        jobId: request.headers["x-github-delivery"],
      });
      answer(response, 202, "Webhook received");
    } catch (error) {
      answer(response, 503, error.message);
    }
  });
}).listen(Number(process.env.PORT), "127.0.0.1");
