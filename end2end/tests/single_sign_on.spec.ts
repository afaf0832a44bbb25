import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Browser, type Page } from "@playwright/test";
import { linkInMail } from "../pages/people";
import { certified, CLIENT, forging } from "../pages/providers";
import { complaints, logIn, PASSWORD } from "../pages/session";

/** A partner of its own, so that no other test is locked out. Gives the page of its administrator and her address. */
async function partner(page: Page, browser: Browser) {
  const mark = Date.now();
  const [name, domain] = [`Sesam ${mark}`, `sesam-${mark}.example`];
  const email = `lena@${domain}`;
  await logIn(page, "admin@distributor.example");
  await page.goto("/tenants/new");
  await page.getByLabel("Legal name").fill(name);
  await page.getByLabel("Street and number").fill("5 Quay");
  await page.getByLabel("City").fill("Bergen");
  await page.getByLabel("Country").selectOption({ label: "Norway" });
  await page.getByLabel("Name of the lead contact").fill("Lena Lead");
  await page.getByLabel("E-mail of the lead contact").fill(email);
  await page.getByRole("button", { name: /^Make the partner/ }).click();
  await expect(page.getByText("the invitation is on its way")).toBeVisible();
  const link = await linkInMail(page, new RegExp(`${name} invites you`));
  const lena = await (await browser.newContext()).newPage();
  await lena.goto(link);
  await lena.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await lena.getByLabel("New password again").fill(PASSWORD);
  await lena.getByRole("button", { name: "Accept" }).click();
  await lena.goto("/security");
  await lena.getByRole("link", { name: "Single sign-on" }).click();
  await expect(lena.getByRole("heading", { level: 1 })).toHaveText("Single sign-on");
  return { lena, email, domain };
}

/** What stands beside a name on the page of the settings. */
async function fact(page: Page, name: string) {
  return page.locator("dl > div").filter({ has: page.getByText(name, { exact: true }) }).locator("dd").innerText();
}

async function fill(page: Page, issuer: string, domain: string, secret = CLIENT.secret) {
  await page.getByLabel("Issuer").fill(issuer);
  await page.getByLabel("Client ID").fill(CLIENT.id);
  await page.getByLabel("Client secret").fill(secret);
  await page.getByLabel("E-mail domains").fill(domain);
  await page.getByRole("button", { name: "Check and save" }).click();
}

/** Gives a login at the certified provider and lets the portal know. */
async function atProvider(page: Page, login: string) {
  await page.getByPlaceholder(/login/i).fill(login);
  await page.getByPlaceholder(/password/i).fill("anything");
  await page.getByRole("button", { name: /sign-in/i }).click();
  await page.getByRole("button", { name: /continue/i }).click();
}

test("people come in with their company, and only with it once that is asked of them", async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const { lena, email, domain } = await partner(page, browser);
  const provider = await certified(baseURL!, await fact(lena, "Return address"));
  try {
    await fill(lena, "https://127.0.0.1", domain);
    await expect(lena.getByRole("alert")).toContainText("Nothing answers there that the portal may call");
    await fill(lena, `${provider.issuer}/`, domain);
    await expect(lena.getByRole("alert")).toContainText("exactly this address");
    await expect(lena.getByLabel("E-mail domains")).toHaveValue(domain);
    await expect(lena.getByLabel("Client secret")).toHaveValue("");
    await fill(lena, provider.issuer, domain);
    await expect(lena.getByText("The single sign-on was changed.")).toBeVisible();
    const way = await fact(lena, "Your people log in at");

    await lena.getByLabel(/must come in this way/).check();
    await lena.getByRole("button", { name: "Check and save" }).click();
    await expect(lena.getByRole("alert")).toContainText("Come in with this sign-in yourself");

    const office = await (await browser.newContext()).newPage();
    const errors = complaints(office);
    await office.goto(way);
    await expect(office.getByRole("heading", { level: 1 })).toHaveText("Log in with your company");
    expect((await new AxeBuilder({ page: office }).analyze()).violations).toEqual([]);
    expect(errors).toEqual([]);
    await office.getByRole("link", { name: "Continue" }).click();
    await atProvider(office, email);
    await expect(office.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
    // What the provider's own pages complain about is theirs.
    await office.goto("/account");
    errors.length = 0;
    await expect(office.locator("main")).toContainText("signed in with your company");
    await expect(office.getByLabel("Password now")).toHaveCount(0);
    await office.goto("/switch");
    await expect(office.getByRole("table", { name: "Companies" }).locator("tbody tr")).toHaveCount(1);

    // Lena came that way, so she may ask it of everybody; her other browser is led to it then.
    await office.goto("/security/single-sign-on");
    await expect(office.getByRole("table", { name: "Who is linked" })).toContainText(email);
    expect((await new AxeBuilder({ page: office }).analyze()).violations).toEqual([]);
    await office.getByLabel(/must come in this way/).check();
    await office.getByRole("button", { name: "Check and save" }).click();
    await expect(office.getByText("The single sign-on was changed.")).toBeVisible();
    await lena.goto("/people");
    await expect(lena.getByText("Your company asks you to come in with its own sign-in")).toBeVisible();
    await lena.getByRole("link", { name: "Continue" }).click();
    await atProvider(lena, email);
    await expect(lena.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
    expect(errors).toEqual([]);

    // Whoever the provider lets in and nobody invited stays outside, and reads why.
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(way);
    await stranger.getByRole("link", { name: "Continue" }).click();
    await atProvider(stranger, `stranger@${domain}`);
    await expect(stranger.getByRole("alert")).toContainText("leads to no login here");

    await office.goto("/security/single-sign-on");
    await office.getByRole("button", { name: "Switch single sign-on off" }).click();
    await expect(office.getByLabel("Password"), "who came that way is logged out").toBeVisible();
    await logIn(office, email);
  } finally {
    provider.close();
  }
});

test("a provider’s forged words let nobody in", async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const { lena, email, domain } = await partner(page, browser);
  const provider = await forging(baseURL!);
  try {
    await fill(lena, provider.issuer, domain);
    await expect(lena.getByText("The single sign-on was changed.")).toBeVisible();
    const way = await fact(lena, "Your people log in at");
    type Token = { header: Record<string, unknown>; payload: Record<string, unknown> };
    const honest = (token: Token) => Object.assign(token.payload, { sub: "1", email, email_verified: true });
    const now = Math.floor(Date.now() / 1000);
    const forged: [string, (token: Token) => void][] = [
      ["another audience", ({ payload }) => (payload.aud = "another")],
      ["another issuer", ({ payload }) => (payload.iss = "https://evil.example")],
      ["run out", ({ payload }) => (payload.exp = now - 60)],
      ["another nonce", ({ payload }) => (payload.nonce = "another")],
      ["no nonce", ({ payload }) => delete payload.nonce],
      ["another key", ({ header }) => (header.kid = "another")],
    ];
    for (const [what, change] of forged) {
      const office = await (await browser.newContext()).newPage();
      const sign = (token: Token) => {
        honest(token);
        change(token);
      };
      provider.service.on("beforeTokenSigning", sign as never);
      await office.goto(way);
      await office.getByRole("link", { name: "Continue" }).click();
      await expect(office.getByRole("alert"), what).toContainText("did not let you in");
      provider.service.removeListener("beforeTokenSigning", sign as never);
      await office.context().close();
    }
    const unsigned = await (await browser.newContext()).newPage();
    provider.service.on("beforeTokenSigning", honest as never);
    const strip = (answer: { body: { id_token?: string } }) => {
      const [, payload] = answer.body.id_token!.split(".");
      const head = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
      answer.body.id_token = `${head}.${payload}.`;
    };
    provider.service.on("beforeResponse", strip as never);
    await unsigned.goto(way);
    await unsigned.getByRole("link", { name: "Continue" }).click();
    await expect(unsigned.getByRole("alert")).toContainText("did not let you in");
    provider.service.removeListener("beforeResponse", strip as never);

    // The same provider, saying the truth.
    await unsigned.getByRole("link", { name: "Continue" }).click();
    await expect(unsigned.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
  } finally {
    await provider.close();
  }
});
