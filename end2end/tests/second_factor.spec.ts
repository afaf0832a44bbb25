import { expect, test, type Page } from "@playwright/test";
import { inviteAndJoin, linkInMail } from "../pages/people";
import { complaints, logIn, PASSWORD } from "../pages/session";
import { code, nextCode } from "../pages/totp";

/** An address that no other run used. */
const fresh = (name: string) => `${name}.${Date.now()}@new.example`;

/** Gives the password, and waits for the page that asks for the code. */
async function password(page: Page, email: string) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Enter your code" })).toBeVisible();
}

async function enter(page: Page, typed: string) {
  await page.getByLabel("Code").fill(typed);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function logOut(page: Page) {
  await page.getByRole("button", { name: "My profile" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByLabel("E-mail")).toBeVisible();
}

/** Sets a second factor up on its page. Gives the key and the recovery codes. */
async function setUp(page: Page) {
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("img", { name: /Picture for your app/ })).toBeVisible();
  const key = await page.locator("#key").innerText();
  await page.getByLabel("Code").fill(code(key));
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("The second factor is on.")).toBeVisible();
  const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allInnerTexts();
  expect(codes).toHaveLength(10);
  return { key, codes };
}

test("a second factor is switched on, asked for, replaced by a recovery code and switched off", async ({ page, browser }) => {
  // A code is taken once, so the journey waits for the next one twice.
  test.setTimeout(180_000);
  const email = fresh("tess");
  await logIn(page, "admin@partner.example");
  const tess = await inviteAndJoin(page, browser, "Tess Twofold", email, { buying: "Payer" });
  const errors = complaints(tess);
  await tess.goto("/account");
  await tess.getByRole("link", { name: "Second factor" }).click();
  const { key, codes } = await setUp(tess);
  await tess.reload();
  await expect(tess.getByText("10 recovery codes are left.")).toBeVisible();
  await expect(tess.getByRole("list", { name: "Recovery codes" })).toHaveCount(0);

  await logOut(tess);
  await password(tess, email);
  await tess.goto("/invoices");
  await expect(tess.getByRole("button", { name: "Log in" }), "the password alone opens nothing").toBeVisible();
  await password(tess, email);
  await enter(tess, "000000");
  await expect(tess.getByRole("alert")).toContainText("This code is wrong");
  const once = await nextCode(key);
  await enter(tess, once);
  await expect(tess.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();

  await logOut(tess);
  await password(tess, email);
  await enter(tess, once);
  await expect(tess.getByRole("alert"), "a code works once").toContainText("This code is wrong");
  await enter(tess, codes[0].toLowerCase());
  await expect(tess.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();

  await tess.goto("/account/second-factor");
  await expect(tess.getByText("9 recovery codes are left.")).toBeVisible();
  await tess.getByLabel("Password").fill(PASSWORD);
  await tess.getByLabel("Code or recovery code").fill(await nextCode(key));
  await tess.getByRole("button", { name: "Switch off" }).click();
  await expect(tess.getByText("The second factor is off.")).toBeVisible();
  await logOut(tess);
  await logIn(tess, email);
  expect(errors).toEqual([]);
  await tess.context().close();
});

test("a company asks for a second factor, and who has none can only set one up", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await logIn(page, "admin@partner.example");
  const role = `Guarded ${Date.now()}`;
  await page.goto("/roles");
  await page.getByLabel("Name").fill(role);
  await page.getByLabel("Begins as").selectOption("Payer when buying");
  await page.getByRole("button", { name: "Make the role" }).click();
  await expect(page.getByText("The role was made.")).toBeVisible();
  await page.goto("/security");
  await page.getByLabel(`${role} when buying`).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The security settings were changed.")).toBeVisible();
  await expect(page.getByLabel(`${role} when buying`)).toBeChecked();

  // The way in leads to the page that sets it up, instead of to the welcome.
  await page.goto("/people/new");
  await page.getByLabel("Name").fill("Greta Guarded");
  await page.getByLabel("E-mail").fill(fresh("greta"));
  await page.getByLabel("Role when buying").selectOption(role);
  await page.getByRole("button", { name: "Send the invitation" }).click();
  const link = await linkInMail(page, /invites you/);
  const context = await browser.newContext();
  const greta = await context.newPage();
  await greta.goto(link);
  await greta.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await greta.getByLabel("New password again").fill(PASSWORD);
  await greta.getByRole("button", { name: "Accept" }).click();
  await expect(greta.getByText("Your company asks for a second factor.")).toBeVisible();
  for (const address of ["/", "/invoices", "/account"]) {
    await greta.goto(address);
    await expect(greta).toHaveURL(/\/account\/second-factor$/);
  }
  await setUp(greta);
  await greta.goto("/payments/new");
  await expect(greta.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await context.close();
});

test("what cannot be set on Security is said at its field", async ({ page }) => {
  await logIn(page, "admin@customer.example");
  await page.goto("/security");
  await page.getByLabel("Minutes without use, others").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed");
  await expect(page.getByLabel("Minutes without use, others")).toHaveValue("3");
  await expect(page.locator("#idle_minutes-error")).toContainText("from 5 to 720");
  await page.getByLabel("Minutes without use, others").fill("45");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The security settings were changed.")).toBeVisible();
  await page.getByLabel("Minutes without use, others").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Minutes without use, others")).toHaveValue("");
});

test("an address is changed by the link that the new one gets", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await logIn(page, "admin@partner.example");
  const [old, next] = [fresh("olga"), fresh("olga.new")];
  const olga = await inviteAndJoin(page, browser, "Olga Oldaddress", old, { selling: "Sales" });
  await olga.goto("/account");
  await olga.getByRole("link", { name: "Change e-mail address" }).click();
  await olga.getByLabel("New e-mail address").fill(next);
  await olga.getByLabel("Password").fill("not mine");
  await olga.getByRole("button", { name: "Send the link" }).click();
  await expect(olga.getByRole("alert")).toContainText("The present password is wrong");
  await olga.getByLabel("Password").fill(PASSWORD);
  await olga.getByRole("button", { name: "Send the link" }).click();
  await expect(olga.getByText("A mail is on its way to the new address.")).toBeVisible();
  const link = await linkInMail(page, /Your e-mail address for the billing portal/);
  await olga.goto(link);
  await olga.getByRole("button", { name: "Use this address" }).click();
  await expect(olga.getByText("Your e-mail address was changed.")).toBeVisible();
  await expect(olga.getByText(next)).not.toHaveCount(0);
  await olga.goto(link);
  await expect(olga.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await olga.goto("/account");
  await logOut(olga);
  await logIn(olga, next);
  await olga.context().close();
});
