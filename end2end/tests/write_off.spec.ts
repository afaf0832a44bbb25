import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";
import { issue } from "../pages/writing";

test("what is open is written off, leaves what is owed, and comes back when it is paid after all", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { number, path: invoice } = await issue(page, "p-101", "12.34");

  await page.getByRole("link", { name: "Write off", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Write off ${number}`);
  await accessible(page);
  // A reason is needed, and what looks like a card's number is none.
  await page.getByLabel("Reason", { exact: true }).fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: "Write off" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed");
  await page.getByLabel("Reason", { exact: true }).fill("Insolvent");
  await page.getByRole("button", { name: "Write off" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`Invoice ${number}`);
  await expect(page.locator("main")).toContainText("Written off");
  await expect(page.getByRole("main").getByRole("link", { name: "Record a payment" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Credit note", exact: true })).toHaveCount(0);

  await page.goto(`/invoices?side=issued&status=written_off&number=${number}`);
  await expect(page.getByRole("link", { name: number, exact: true })).toBeVisible();
  await page.goto(`/invoices?side=issued&status=open&number=${number}`);
  await expect(page.getByRole("link", { name: number, exact: true })).toHaveCount(0);

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(invoice);
  await expect(payer.getByText("Nothing is asked for any more.")).toBeVisible();
  await expect(payer.getByRole("link", { name: /^Pay / })).toHaveCount(0);
  await expect(payer.locator("main")).not.toContainText("Insolvent");
  await payer.goto(invoice.replace("invoices", "write-off"));
  await expect(payer.locator("main")).not.toContainText("Take write-off back");

  await page.goto(invoice);
  await page.getByRole("link", { name: "Take write-off back" }).click();
  await accessible(page);
  await page.getByLabel("Reason", { exact: true }).fill("They found the money");
  await page.getByRole("button", { name: "Take write-off back" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`Invoice ${number}`);
  await expect(page.getByRole("link", { name: "Write off", exact: true })).toBeVisible();
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: /^Pay / })).toBeVisible();
  await context.close();
});

test("sales cannot write off, and a paid invoice has nothing to write off", async ({ page }) => {
  await logIn(page, "sales@distributor.example");
  await page.goto("/invoices?side=issued&status=open");
  await page.getByRole("link", { name: /^Details of invoice/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice/);
  await expect(page.getByRole("link", { name: "Write off", exact: true })).toHaveCount(0);
  await page.goto("/invoices?side=issued&status=paid");
  await page.getByRole("link", { name: /^Details of invoice/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice/);
  await expect(page.getByRole("link", { name: "Write off", exact: true })).toHaveCount(0);
});
