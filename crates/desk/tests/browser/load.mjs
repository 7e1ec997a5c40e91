// Fifty people at once, each reading or entering something, thinking, and doing the next thing. Starts a desk of its own on this machine, in a folder
// that goes with it, and prints how long answers took, by route, in milliseconds.
//   node load.mjs ../../../../target/release/comity [--users 50] [--seconds 30] [--errors-only]
// Ends with 1 if an answer was wrong or, unless only errors count, if the 95th percentile is 50 ms or more.
import { Agent, request } from "node:http";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const [program, ...options] = process.argv.slice(2);
const option = (name, otherwise, most) => Math.min(most, Number(options[options.indexOf(name) + 1 || options.length] ?? otherwise));
const users = option("--users", 50, 50); // More log-ins at once than the desk lets in would measure the limit.
const seconds = option("--seconds", 30, 300);
const errorsOnly = options.includes("--errors-only");
const PASSWORD = "quiet lantern under seven bridges";
const agent = new Agent({ keepAlive: true, maxSockets: users });

const folder = mkdtempSync(join(tmpdir(), "comity-load-"));
const port = await new Promise((resolve) => { const s = createServer().listen(0, "127.0.0.1", () => { const { port } = s.address(); s.close(() => resolve(port)); }); });
const desk = spawn(program, ["serve", "--listen", `127.0.0.1:${port}`, "--data", join(folder, "data")], { stdio: ["ignore", "ignore", "pipe"] });
const passwords = await new Promise((resolve, reject) => {
  let told = "";
  desk.on("error", reject);
  desk.on("exit", (code) => reject(new Error(`the desk ended with ${code}: ${told}`)));
  desk.stderr.setEncoding("utf8").on("data", (part) => {
    if (told.includes("The desk is open")) return;
    told += part;
    if (told.includes("The desk is open")) resolve(new Map([...told.matchAll(/^ {2}(\S+) +(\S+-\S+) /gm)].map((m) => [m[1], m[2]])));
  });
});

const took = new Map();
const errors = [];

/** Asks for a page as a browser does. With a name, its time counts. */
function call(user, method, path, fields, name) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const headers = { cookie: [...user.cookies].map(([k, v]) => `${k}=${v}`).join("; "), "accept-encoding": "gzip" };
    const body = fields && new URLSearchParams([["csrf", user.csrf], ...fields]).toString();
    if (body) headers["content-type"] = "application/x-www-form-urlencoded";
    const sent = request({ host: "127.0.0.1", port, path, method, agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("latin1").on("data", (part) => (text += part)).on("end", () => {
        const ms = performance.now() - begun;
        for (const line of answer.headers["set-cookie"] ?? []) {
          const [key, value] = line.split(";")[0].split("=");
          value ? user.cookies.set(key, value) : user.cookies.delete(key);
        }
        const route = name && `${method} ${name}`;
        if (route) took.set(route, [...(took.get(route) ?? []), ms]);
        if (answer.statusCode !== (method === "POST" && name !== "/search" ? 303 : 200)) errors.push(`${method} ${path}: ${answer.statusCode}`);
        resolve({ status: answer.statusCode, text, to: answer.headers.location ?? "" });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const csrf = (page) => /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];

async function logIn(login, password) {
  const user = { cookies: new Map() };
  user.csrf = csrf(await call(user, "GET", "/log-in"));
  await call(user, "POST", "/log-in", [["login", login], ["password", password], ["accept", "yes"]]);
  user.csrf = csrf(await call(user, "GET", "/account"));
  return user;
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const day = () => `${2012 + Math.floor(Math.random() * 14)}-0${1 + Math.floor(Math.random() * 9)}-${10 + Math.floor(Math.random() * 18)}`;

/** A request of the user's own, with a determination. */
async function enter(user, n) {
  const fields = [["received", "2026-01-20T16:30"], ["file", `B-${n}`], ["name", "Robin Example"], ["request.kind", "detainer"], ["request.requester", "ice"], ["request.process", "administrative"], ["action", "hold"], ["action", "notify-release"], ["mode", "one"]];
  const done = await call(user, "POST", "/new", fields, "/new");
  user.id = done.to.split("/")[2];
  await call(user, "POST", `/requests/${user.id}/determine`, [], "/requests/{id}/determine");
}

const first = passwords.get("clerk");
const changing = await logIn("clerk", first);
await call(changing, "POST", "/account/password", [["old", first], ["new", PASSWORD], ["again", PASSWORD]]);
const places = [...(await call(changing, "GET", "/law")).text.matchAll(/href="\/law\/place\/([^"?]+)"/g)].map((m) => m[1]);

// What a day at the desk is made of: mostly reading, of requests and of law that nobody has read before, and some entering.
const steps = [
  (u) => call(u, "GET", "/desk", null, "/desk"),
  (u) => call(u, "GET", `/requests/${u.id}`, null, "/requests/{id}"),
  (u) => call(u, "GET", `/law/place/${pick(places)}?on=${day()}`, null, "/law/place/{slug}"),
  (u) => call(u, "POST", "/search", [["id", ""], ["word", "Robin"], ["status", ""]], "/search"),
  (u) => call(u, "GET", `/requests/${u.id}/worksheet`, null, "/requests/{id}/worksheet"),
  (u) => call(u, "GET", `/requests/${u.id}/ask`, null, "/requests/{id}/ask"),
  async (u) => {
    const page = await call(u, "GET", `/requests/${u.id}/ask`, null, "/requests/{id}/ask");
    const question = /name="question" value="([^"]+)"/.exec(page.text)?.[1];
    if (question) await call(u, "POST", `/requests/${u.id}/ask`, [["question", question], ["go", "unknown"]], "/requests/{id}/ask");
  },
  (u) => call(u, "GET", "/law/instrument/us-ca-values-act", null, "/law/instrument/{id}"),
  (u) => call(u, "GET", `/requests/${u.id}/notice`, null, "/requests/{id}/notice"),
  (u, n) => enter(u, n),
  (u) => call(u, "GET", "/law", null, "/law"),
  (u) => call(u, "GET", `/law?q=${pick(places).split("/").at(-1).split("-")[0]}`, null, "/law?q="),
  (u) => call(u, "GET", `/law/timeline/${pick(places)}`, null, "/law/timeline/{slug}"),
  (u) => call(u, "GET", `/law/compare?one=${pick(places)}&one_on=${day()}&two=${pick(places)}&two_on=${day()}`, null, "/law/compare"),
  (u) => call(u, "GET", `/law/map?on=${day()}`, null, "/law/map"),
  (u) => call(u, "GET", `/requests/${u.id}/trail`, null, "/requests/{id}/trail"),
];

try {
  const people = [];
  for (let i = 0; i < users; i += 1) people.push(await logIn("clerk", PASSWORD));
  for (const [i, user] of people.entries()) await enter(user, i);
  took.clear();
  const end = performance.now() + seconds * 1000;
  await Promise.all(people.map(async (user, at) => {
    for (let n = at; performance.now() < end; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1000));
      await steps[n % steps.length](user, `${at}-${n}`);
    }
  }));
} catch (error) {
  errors.push(String(error.stack ?? error));
}
const over = new Promise((resolve) => desk.removeAllListeners("exit").on("exit", resolve));
agent.destroy();
desk.kill("SIGTERM");
await over;
rmSync(folder, { recursive: true, force: true });

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const line = (name, all) => { const s = all.toSorted((a, b) => a - b); return `| ${name} | ${s.length} | ${[0.5, 0.95, 0.99, 1].map((share) => at(s, share).toFixed(1)).join(" | ")} |`; };
const all = [...took.values()].flat();
console.log("| route | answers | p50 | p95 | p99 | most |\n|---|---|---|---|---|---|");
for (const [name, times] of [...took].toSorted(([a], [b]) => a.localeCompare(b))) console.log(line(name, times));
console.log(line("**all**", all));
console.log(`\n${users} people, ${seconds} seconds, load average ${loadavg()[0].toFixed(1)} at the end, ${errors.length} errors`);
for (const error of errors.slice(0, 10)) console.error(error);
const p95 = at(all.toSorted((a, b) => a - b), 0.95);
process.exit(errors.length || (!errorsOnly && p95 >= 50) ? 1 : 0);
