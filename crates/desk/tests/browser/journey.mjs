// The journeys: a clerk with scripts, without scripts, and with the keyboard alone; supervisor, auditor, lawyer, administrator.
import { join } from "node:path";
import { readFileSync } from "node:fs";

const PASSWORD = "quiet lantern under seven bridges";

export async function steps(run) {
  const { given, open } = run;
  await publicPages(run);
  const clerk = await open({});
  await logIn(run, clerk, "clerk", { look: true });
  const first = await enter(run, clerk, { name: "js", look: true });
  await decide(run, clerk, first, { look: true });

  const plain = await open({ scripts: false });
  await logIn(run, plain, "night", {});
  const second = await enter(run, plain, { name: "nojs", scripts: false });
  await decide(run, plain, second, { scripts: false });

  const keys = await open({});
  await logIn(run, keys, "clerk", { again: true, keyboard: true });
  const third = await enter(run, keys, { name: "keys", keyboard: true });
  await decide(run, keys, third, { keyboard: true });

  const supervisor = await open({});
  await logIn(run, supervisor, "supervisor", {});
  for (const id of [first, second, third]) await sign(run, supervisor, id, id === first);
  await served(run, clerk, first, { look: true });
  await served(run, plain, second, { scripts: false });
  await auditor(run, first);
  await lawyer(run);
  await administrator(run);
  await narrow(run, first);
  await prints(run, clerk, first);
}

async function publicPages({ given, open, look }) {
  const page = await open({});
  const paths = { home: "/", law: "/law", found: "/law?q=los+angeles", place: "/law/place/us-ca/los-angeles?on=2018-03-01", instrument: "/law/instrument/us-ca-values-act", timeline: "/law/timeline/us-ca", compare: "/law/compare", "compare-several": "/law/compare?one=Franklin+County&two=Nowhere+at+all", compared: "/law/compare?one=us-ca&one_on=2017-01-28&two=us-ca&two_on=2018-03-01", map: "/law/map?on=2018-03-01", missing: "/law/instrument/nothing", wrong: "/law/place/us-ca?on=yesterday", "log-in": "/log-in" };
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(given.base + path);
    await look(page, `public-${name}`);
  }
  // The slider moves the map through time.
  await page.goto(`${given.base}/law/map?on=2018-03-01`);
  await page.locator("#slider").focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press("ArrowRight")]);
  if (!page.url().includes("on=2018-03-02")) throw new Error(`the slider led to ${page.url()}`);
  // A first view is light.
  const sizes = await page.evaluate(() => performance.getEntriesByType("resource").map((r) => r.encodedBodySize).reduce((a, b) => a + b, 0));
  if (sizes > 150_000) throw new Error(`${sizes} bytes beside the page`);
}

/** Presses a link or button, and waits for the page that it leads to. */
async function press(page, locator, keyboard = false) {
  if (keyboard) await reach(page, locator);
  await Promise.all([page.waitForNavigation(), keyboard ? page.keyboard.press("Enter") : locator.first().click()]);
}

/** Gets to an element with the Tab key only. */
async function reach(page, locator) {
  const handle = await locator.first().elementHandle();
  for (let i = 0; i < 250; i += 1) {
    if (await handle.evaluate((e) => document.activeElement === e || (e.type === "radio" && document.activeElement?.name === e.name && document.activeElement?.type === "radio"))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${locator}`);
}

async function fill(page, locator, text, keyboard) {
  if (!keyboard || (await locator.getAttribute("type"))?.startsWith("date")) return locator.fill(text);
  await reach(page, locator);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Radio buttons and boxes. */
async function tick(page, locator, keyboard) {
  // The box itself lies off screen; people press its label.
  if (!keyboard) return page.locator(`label[for="${await locator.first().getAttribute("id")}"]`).click();
  await reach(page, locator);
  if ((await locator.getAttribute("type")) === "radio") {
    for (let i = 0; i < 30; i += 1) {
      if (await locator.evaluate((e) => document.activeElement === e)) break;
      await page.keyboard.press("ArrowDown");
    }
  }
  if (!(await locator.isChecked())) await page.keyboard.press("Space");
}

async function logIn({ given, look }, page, login, { again = false, keyboard = false, look: looks = false }) {
  const account = given.accounts[login];
  await page.goto(`${given.base}/log-in`);
  await fill(page, page.getByLabel("Log-in name"), login, keyboard);
  await fill(page, page.getByLabel("Password", { exact: true }), again ? PASSWORD : account, keyboard);
  await tick(page, page.getByLabel("I have read the notice"), keyboard);
  await press(page, page.getByRole("button", { name: "Log in" }), keyboard);
  if (again) return;
  if (!page.url().endsWith("/account")) throw new Error(`after log-in at ${page.url()}`);
  if (looks) await look(page, "account");
  await page.getByLabel("Password until now").fill(account);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("New password once more").fill(PASSWORD);
  await press(page, page.getByRole("button", { name: "Change password" }));
  await page.getByRole("status").getByText("Your password was changed").waitFor();
  if (looks) await look(page, "account-changed");
}

/** A paper detainer up to the recorded determination; some answers are not known. Gives the request's number. */
async function enter({ given, look }, page, { name, look: looks = false, scripts = true, keyboard = false }) {
  await page.goto(`${given.base}/desk`);
  if (looks) await look(page, "inbox-empty");
  await press(page, page.getByRole("link", { name: "New request" }).first(), keyboard);
  await page.waitForURL("**/new");
  if (looks) await look(page, "new");
  await fill(page, page.getByLabel("Number of the person"), `B-${name}-4711`, keyboard);
  await fill(page, page.getByLabel("Name, for the notice"), "Robin Example", keyboard);
  await page.getByLabel("When can the person be released?").fill("2026-11-21T09:00");
  await page.getByLabel("What is asked? (arrest").selectOption("detainer");
  await page.getByLabel("Who asks?").selectOption("ice");
  await page.getByLabel("What is the strongest paper").selectOption("administrative");
  await tick(page, page.getByLabel("Keep a person in custody past"), keyboard);
  await tick(page, page.getByLabel("Tell federal officers when"), keyboard);
  await press(page, page.getByRole("button", { name: name === "nojs" ? "all questions on one page" : "one question at a time" }), keyboard);
  const id = page.url().split("/").at(-2);
  if (name === "nojs") {
    await look(page, "dense-nojs", { scripts });
    await press(page, page.getByRole("button", { name: "The rest is not known yet" }));
  } else {
    if (looks) {
      await press(page, page.getByRole("button", { name: "Continue" }), keyboard);
      await look(page, "question-wrong");
    }
    let asked = 0;
    while (page.url().includes("/ask")) {
      if (looks && asked < 2) await look(page, `question-${asked}`);
      const yes = page.getByLabel("Yes", { exact: true });
      if (asked === 0 && (await yes.count())) {
        await tick(page, yes, keyboard);
        await press(page, page.getByRole("button", { name: "Continue" }), keyboard);
      } else if (asked < 4 && (await page.locator("input[type=radio]").count())) {
        await tick(page, page.locator("input[type=radio]").first(), keyboard);
        await press(page, page.getByRole("button", { name: "Continue" }), keyboard);
      } else {
        await press(page, page.getByRole("button", { name: "Not known yet" }), keyboard);
      }
      asked += 1;
      if (asked > 60) throw new Error("the interview does not end");
    }
    // Back, and resume after the browser was closed: the draft is on the server.
    await page.goto(`${given.base}/requests/${id}/check`);
    const change = page.getByRole("link", { name: /^Change/ }).first();
    await press(page, change, keyboard);
    await page.waitForURL("**/ask?fact=*");
    await press(page, page.getByRole("link", { name: "Back" }), keyboard);
    await page.goto(`${given.base}/requests/${id}/check`);
  }
  await page.waitForURL("**/check");
  if (looks) await look(page, "check");
  await press(page, page.getByRole("button", { name: "Show what the law says" }), keyboard);
  await page.waitForURL(`**/requests/${id}`);
  if (looks) await look(page, "determination");
  return id;
}

async function decide({ given, look }, page, id, { look: looks = false, scripts = true, keyboard = false }) {
  await page.goto(`${given.base}/requests/${id}`);
  await press(page, page.getByRole("link", { name: "Record what was decided" }), keyboard);
  await page.waitForURL("**/disposition");
  if (looks) {
    await look(page, "disposition");
    await press(page, page.getByRole("button", { name: "Record the decision" }), keyboard);
    await look(page, "disposition-wrong");
  }
  const groups = await page.locator("fieldset").count();
  for (let i = 0; i < groups; i += 1) await tick(page, page.locator("fieldset").nth(i).getByLabel("Decline it"), keyboard);
  await fill(page, page.getByLabel("Reason"), "The facts that are missing could not be had in time; declined to be safe.", keyboard);
  await press(page, page.getByRole("button", { name: "Record the decision" }), keyboard);
  await page.waitForURL(`**/requests/${id}`);
  await page.getByText("to be signed by a second person").waitFor();
  if (looks) await look(page, "decided");
}

async function sign({ given, look }, page, id, looks) {
  await page.goto(`${given.base}/desk`);
  if (looks) await look(page, "inbox-supervisor");
  await press(page, page.getByRole("link", { name: `Sign request ${id}` }));
  if (looks) await look(page, "sign");
  await tick(page, page.getByLabel("I compared file number"), false);
  await press(page, page.getByRole("button", { name: "Sign", exact: true }));
  await page.waitForURL(`**/requests/${id}`);
  await page.getByText("Status: decided").waitFor();
}

async function served({ given, look }, page, id, { look: looks = false, scripts = true }) {
  await page.goto(`${given.base}/requests/${id}`);
  await press(page, page.getByRole("link", { name: "Notice to the person" }));
  if (looks) {
    await look(page, "notice");
    await press(page, page.getByRole("link", { name: "Español" }));
    await page.getByText("Draft: no reviewed translation").waitFor();
    await look(page, "notice-es");
    await press(page, page.getByRole("link", { name: "English" }));
  }
  // Nothing is chosen for the clerk: who presses too early is told, and the form stays.
  await press(page, page.getByRole("button", { name: "Record that it was served" }));
  await page.getByRole("alert").getByText("nothing was recorded").first().waitFor();
  if (looks) await look(page, "notice-wrong");
  for (const box of await page.locator("input[name=task]").all()) await tick(page, box, false);
  await tick(page, page.getByLabel("Handed over", { exact: true }), false);
  await press(page, page.getByRole("button", { name: "Record that it was served" }));
  await page.waitForURL(`**/requests/${id}#tasks`);
  if (looks) await look(page, "served");
  if (!scripts) await look(page, "served-nojs", { scripts });
}

async function auditor(run, id) {
  const { given, open, look, save } = run;
  const page = await open({});
  await logIn(run, page, "auditor", {});
  await page.goto(`${given.base}/audit`);
  await look(page, "audit");
  await page.goto(`${given.base}/access`);
  await look(page, "access");
  await page.getByLabel("Number of the person").fill("B-js-4711");
  await press(page, page.getByRole("button", { name: "Show the record" }));
  await page.getByRole("heading", { name: `Request ${id}` }).waitFor();
  await look(page, "access-found");
  const [exported] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export as a file" }).click()]);
  await exported.saveAs(join(given.out, "access-record.json"));
  const kept = JSON.parse(readFileSync(join(given.out, "access-record.json"), "utf8"));
  if (kept.requests[0].request !== id || !kept.requests[0].reads.length) throw new Error("the export does not say who read the record");
  await page.goto(`${given.base}/requests/${id}/trail`);
  await look(page, "trail");
  await press(page, page.getByRole("link", { name: "Show the reads too" }));
  await page.getByText("read: request page").first().waitFor();
  await look(page, "trail-reads");
  await press(page, page.getByRole("row", { name: /notice served/ }).getByRole("link").first());
  await look(page, "entry");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download the receipt" }).click()]);
  await download.saveAs(join(given.out, "receipt.tlog-proof"));
  const key = await page.request.get(`${given.base}/audit/key`);
  save("log.key", await key.text());
  if (!readFileSync(join(given.out, "receipt.tlog-proof"), "utf8").startsWith("c2sp.org/tlog-proof@v1")) throw new Error("this is no receipt");
}

async function lawyer(run) {
  const { given, open, look } = run;
  const page = await open({});
  await logIn(run, page, "counsel", {});
  await page.goto(`${given.base}/law/place/us-ca?on=2017-06-01`);
  const before = await page.locator("#notify-release + *").innerText();
  await page.getByLabel("Day").fill("2018-03-01");
  await press(page, page.getByRole("button", { name: "Show" }));
  const after = await page.locator("#notify-release + *").innerText();
  if (before === after) throw new Error("the law did not change with the day");
  await page.goto(`${given.base}/reviews`);
  await look(page, "reviews");
  await page.goto(`${given.base}/search`);
  await look(page, "search");
}

async function administrator(run) {
  const { given, open, look } = run;
  const page = await open({});
  await logIn(run, page, "admin", {});
  await page.goto(`${given.base}/accounts`);
  await look(page, "accounts");
  const refused = await page.goto(`${given.base}/desk`);
  if (refused.status() !== 403) throw new Error("an administrator sees requests");
  await look(page, "refused");
}

/** At 320 CSS pixels nothing is cut off and nothing scrolls sideways (WCAG 1.4.10). */
async function narrow(run, id) {
  const { given, open, look } = run;
  const page = await open({ viewport: { width: 320, height: 640 } });
  await logIn(run, page, "clerk", { again: true });
  const see = async (paths) => {
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(given.base + path);
      await look(page, `narrow-${name}`);
    }
  };
  await see({ inbox: "/desk", new: "/new", request: `/requests/${id}`, worksheet: `/requests/${id}/worksheet`, notice: `/requests/${id}/notice`, trail: `/requests/${id}/trail`, account: "/account", search: "/search" });
  await see({ home: "/", law: "/law?q=franklin+county", place: "/law/place/us-ca/los-angeles?on=2018-03-01", instrument: "/law/instrument/us-ca-values-act", map: "/law/map?on=2018-03-01", compare: "/law/compare?one=us-ca&one_on=2017-01-28&two=us-ca&two_on=2018-03-01", "compare-several": "/law/compare?one=Franklin+County&two=Nowhere+at+all" });
  // A request of its own, as far as it goes.
  const own = await enter(run, page, { name: "narrow" });
  await see({ determined: `/requests/${own}`, disposition: `/requests/${own}/disposition`, check: `/requests/${own}/check`, question: `/requests/${own}/ask?fact=custody.stage`, dense: `/requests/${own}/page` });
}

/** Paper: PDF as the printer gets it. */
async function prints({ given }, page, id) {
  await page.goto(`${given.base}/requests/${id}/worksheet`);
  await page.pdf({ path: join(given.out, "worksheet.pdf"), preferCSSPageSize: true });
  await page.goto(`${given.base}/requests/${id}/notice?lang=en`);
  await page.pdf({ path: join(given.out, "notice.pdf"), preferCSSPageSize: true });
}
