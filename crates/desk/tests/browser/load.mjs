// Fifty people at once, each reading a page, thinking, and reading the next. Prints how long answers took, in milliseconds.
//   node load.mjs '{"base": "http://127.0.0.1:8080", "login": "clerk", "password": "…", "users": 50, "seconds": 30, "request": "2026-0001"}'
import { Agent, request } from "node:http";

const given = { users: 50, seconds: 30, ...JSON.parse(process.argv[2]) };
const agent = new Agent({ keepAlive: true, maxSockets: given.users });

function call(method, path, cookies, body) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const headers = { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join("; "), "accept-encoding": "gzip" };
    if (body) headers["content-type"] = "application/x-www-form-urlencoded";
    const sent = request(given.base + path, { method, agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        for (const line of answer.headers["set-cookie"] ?? []) {
          const [name, value] = line.split(";")[0].split("=");
          value ? cookies.set(name, value) : cookies.delete(name);
        }
        resolve({ status: answer.statusCode, text, took: performance.now() - begun });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function logIn() {
  const cookies = new Map();
  const page = await call("GET", "/log-in", cookies);
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
  const body = new URLSearchParams({ csrf, login: given.login, password: given.password, accept: "yes" }).toString();
  const done = await call("POST", "/log-in", cookies, body);
  if (done.status !== 303) throw new Error(`log-in: ${done.status}`);
  return cookies;
}

const paths = ["/desk", `/requests/${given.request}`, "/search", `/requests/${given.request}/worksheet`, "/law/place/us-ca/los-angeles?on=2018-03-01", "/new", "/law/instrument/us-ca-values-act"];
const took = [];
const sessions = [];
for (let i = 0; i < given.users; i += 1) sessions.push(await logIn());
const end = performance.now() + given.seconds * 1000;
await Promise.all(sessions.map(async (cookies, at) => {
  for (let n = at; performance.now() < end; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1000));
    const answer = await call("GET", paths[n % paths.length], cookies);
    if (answer.status !== 200) throw new Error(`${paths[n % paths.length]}: ${answer.status}`);
    took.push(answer.took);
  }
}));
took.sort((a, b) => a - b);
const at = (share) => Number(took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(1));
console.log(JSON.stringify({ users: given.users, seconds: given.seconds, answers: took.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }));
process.exit(at(0.95) < 50 ? 0 : 1);
