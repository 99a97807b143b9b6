// Posts on what bullmq.mjs has queued, over connections that are kept.
import { Agent, request } from "node:http";
import { Worker } from "bullmq";

const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT) };
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

function post(payload) {
  const body = JSON.stringify(payload);
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const call = request(process.env.RECEIVER, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode < 300 ? resolve() : reject(new Error(`The receiver said ${response.statusCode}`)),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

new Worker("deliveries", (job) => post(job.data), { connection, concurrency: 20 });
