// Goes through the desk in a real Chromium, as people do. Called by the tests that start a desk: browser.rs of the command, openid_browser.rs.
//   node run.mjs '{"base": "http://127.0.0.1:8080", "chromium": "/usr/bin/chromium", "out": "folder", "accounts": {...}}'
import { chromium } from "playwright-core";
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const given = JSON.parse(process.argv[2]);
const { steps } = await import(given.steps ?? "./journey.mjs");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(given.out, { recursive: true });

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
let looked = 0;
const failures = [];

/** A page that complains about everything that a console or the network complains about. */
async function open(options) {
  const context = await browser.newContext({ javaScriptEnabled: options.scripts !== false, acceptDownloads: true, viewport: options.viewport ?? { width: 1280, height: 900 }, timezoneId: "America/Los_Angeles" });
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) failures.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => failures.push(`script: ${error}`));
  page.on("requestfailed", (request) => { if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? "")) failures.push(`network: ${request.url()} ${request.failure()?.errorText}`); });
  return page;
}

/** Lets axe look at a page state, and takes a picture. Fails on any violation, and on a page that is wider than its window. */
async function look(page, name, { scripts = true, picture = true } = {}) {
  looked += 1;
  if (picture) await page.screenshot({ path: join(given.out, `${name}.png`), fullPage: true });
  if (!scripts) return;
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return run.violations.map((v) => `${v.id}: ${v.help} at ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  });
  failures.push(...found.map((text) => `axe, ${name}: ${text}`));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 1) failures.push(`${name}: the page is ${wide} pixels wider than its window`);
}

try {
  await steps({ given, open, look, failures, save: (name, text) => writeFileSync(join(given.out, name), text) });
} catch (error) {
  failures.push(String(error.stack ?? error));
}
await browser.close();
console.log(JSON.stringify({ looked, failures }, null, 1));
process.exit(failures.length ? 1 : 0);
