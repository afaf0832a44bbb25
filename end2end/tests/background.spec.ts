import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

test("a receipt goes to another address, the mail goes again, and the work behind it is seen", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments?side=issued");
  await page.getByRole("table", { name: "Payments" }).locator("tbody tr").first().getByRole("link").first().click();
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("Receipt ", "");
  await page.getByRole("link", { name: "Send by mail" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Send ${number}`);
  await accessible(page);
  const to = `books-${Date.now()}@partner.example`;
  await page.getByLabel("E-mail address").fill(to);
  await page.getByRole("button", { name: "Send receipt" }).click();
  await expect(page.getByText("The receipt is on its way.")).toBeVisible();

  await page.goto("/mail?side=issued");
  const mails = page.getByRole("table", { name: "Sent mail" }).locator("tbody tr").filter({ hasText: to });
  await expect(mails).toHaveCount(1);
  await mails.getByRole("link").click();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByText("this is the new mail")).toBeVisible();
  await page.goto("/mail?side=issued");
  await expect(mails).toHaveCount(2);
});

test("an admin sees what is done in the background", async ({ page }) => {
  await logIn(page, "admin@distributor.example");
  await page.goto("/jobs");
  await accessible(page);
  await page.getByRole("link", { name: "Given up" }).click();
  await expect(page.getByRole("heading", { name: "Nothing was given up" })).toBeVisible();
});

test("every total of an invoice opens to its parts, for both sides", async ({ page, browser }) => {
  const price = unusual();
  await logIn(page, "finance@distributor.example");
  const { number, path } = await issue(page, "p-101", price);
  await page.getByRole("link", { name: "How it adds up" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`How ${number} adds up`);
  await expect(page.getByRole("table", { name: "Total without tax" })).toContainText("1 ×");
  await expect(page.getByRole("table", { name: "Open", exact: true }).locator("tbody tr")).toHaveCount(1);
  await accessible(page);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(path.replace("/invoices/", "/explain/"));
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText(`How ${number} adds up`);
  await payer.goto("/payments/attempts");
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText("Under way and refused");
  await context.close();
});
