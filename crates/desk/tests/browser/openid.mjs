// Signing in with a provider on another site: with scripts and without.
export async function steps({ given, open, look }) {
  for (const scripts of [true, false]) {
    const page = await open({ scripts });
    await page.goto(`${given.base}/log-in`);
    await look(page, `log-in-openid-${scripts}`, { scripts });
    await page.locator('label[for="accept-openid"]').click();
    await page.getByRole("button", { name: "Sign in with County sign-in" }).click();
    await page.waitForURL("**/desk");
    await page.getByText("Robin Keeper, clerk").waitFor();
    await page.goto(`${given.base}/account`);
    await look(page, `account-openid-${scripts}`, { scripts });
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("link", { name: "Sign out there" }).waitFor();
    await look(page, `logged-out-openid-${scripts}`, { scripts });
    await page.goto(`${given.base}/desk`);
    if (!page.url().endsWith("/log-in")) throw new Error("the session goes on after logging out");
    // An answer that nobody here asked for.
    const answer = await page.goto(`${given.base}/log-in/openid/back?code=x&state=y`);
    if (answer.status() !== 401) throw new Error(`a stray answer got ${answer.status()}`);
    await look(page, `stray-openid-${scripts}`, { scripts });
  }
}
