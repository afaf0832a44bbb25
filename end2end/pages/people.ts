import { expect, type Browser, type Page } from "@playwright/test";
import { PASSWORD } from "./session";

/** The link in the newest mail of a subject, read on the page `Sent mail` of a demo portal. */
export async function linkInMail(page: Page, subject: RegExp, side: "issued" | "to-pay" = "issued") {
  // The worker writes and sends mails in the background.
  await expect(async () => {
    await page.goto(`/mail?side=${side}`);
    await expect(page.getByRole("link", { name: subject }).first()).toBeVisible({ timeout: 1_000 });
    await expect(page.getByRole("row").filter({ has: page.getByRole("link", { name: subject }) }).first()).toContainText("Sent", { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole("link", { name: subject }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
  const text = await page.locator("main").innerText();
  const link = /https?:\/\/\S+\/(?:invitation|password|account\/email)\/[0-9a-f]{64}/.exec(text);
  if (!link) throw new Error(`no link in ${text}`);
  return new URL(link[0]).pathname;
}

/** Invites somebody and lets them in, in a browser of their own. Gives the page on which they are signed in. */
export async function inviteAndJoin(admin: Page, browser: Browser, name: string, email: string, roles: { selling?: string; buying?: string }) {
  await admin.goto("/people/new");
  await admin.getByLabel("Name").fill(name);
  await admin.getByLabel("E-mail").fill(email);
  const choose = async (label: string, role?: string) => {
    if (role) await admin.getByLabel(label).selectOption(role);
  };
  await choose("Role when selling", roles.selling);
  await choose("Role when buying", roles.buying);
  await admin.getByRole("button", { name: "Send the invitation" }).click();
  await expect(admin.getByText("The invitation is on its way.")).toBeVisible();
  const link = await linkInMail(admin, /invites you/);
  const context = await browser.newContext();
  const person = await context.newPage();
  await person.goto(link);
  await expect(person.getByRole("heading", { name: /Welcome to/ })).toBeVisible();
  await person.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await person.getByLabel("New password again").fill(PASSWORD);
  await person.getByRole("button", { name: "Accept" }).click();
  await expect(person.getByText("Welcome. From here you reach everything.")).toBeVisible();
  return person;
}
