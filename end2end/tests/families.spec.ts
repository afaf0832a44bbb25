import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { logIn } from "../pages/session";

// The customer of customer.example has two subsidiaries; its administrator reaches them, its viewer does not.

test("who reaches subsidiaries sees their invoices, told apart by company", async ({ page }) => {
  await logIn(page, "admin@customer.example");
  await page.goto("/company");
  const family = page.locator("section").filter({ has: page.getByRole("heading", { name: "Family" }) });
  await expect(family.getByRole("listitem")).toHaveCount(2);
  const subsidiary = (await family.getByRole("listitem").first().innerText()).trim();

  const invoices = new Invoices(page);
  await invoices.open("side=to-pay");
  await expect(page.getByRole("columnheader", { name: "Company" })).toBeVisible();
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByLabel("Company", { exact: true }).selectOption({ label: subsidiary });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/company=/);
  await expect(page.getByRole("link", { name: `Remove filter Company: ${subsidiary}` })).toBeVisible();
  for (const row of await invoices.rows.all()) await expect(row).toContainText(subsidiary);

  await invoices.rows.first().getByRole("link", { name: /^Details/ }).click();
  await expect(page.locator("main")).toContainText(subsidiary);
  await page.goto("/payments");
  await expect(page.getByRole("columnheader", { name: "Company" })).toBeVisible();
  await page.getByLabel("Company", { exact: true }).selectOption({ label: subsidiary });
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/company=/);
});

test("who reaches their own company alone sees no other and no column for it", async ({ page, browser }) => {
  await logIn(page, "admin@customer.example");
  await page.goto("/invoices?side=to-pay");
  await page.getByRole("button", { name: /^More/ }).click();
  const other = await page.getByLabel("Company", { exact: true }).locator("option").nth(2).getAttribute("value");
  await page.goto(`/invoices?side=to-pay&company=${other}`);
  const address = await new Invoices(page).rows.first().getByRole("link").first().getAttribute("href");

  const context = await browser.newContext();
  const viewer = await context.newPage();
  await logIn(viewer, "viewer@customer.example");
  await viewer.goto("/invoices?side=to-pay");
  await expect(viewer.getByRole("columnheader", { name: "Company" })).toHaveCount(0);
  expect((await viewer.goto(address!))?.status()).toBe(404);
  await viewer.goto(`/invoices?side=to-pay&company=${other}`);
  await expect(viewer.getByText("No invoice matches")).toBeVisible();
  await context.close();
});

test("a seller makes a customer a subsidiary and is told why it cannot be", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  await page.goto("/tenants?search=C1-004");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  const field = page.getByLabel("Subsidiary of (optional)");
  const change = page.getByRole("button", { name: "Change the family" });
  await field.fill("nobody of this name");
  await change.click();
  await expect(page.locator("#parent-error")).toContainText("You have no customer of this external ID or name");
  // A subsidiary has none of its own.
  await field.fill("C1-002");
  await change.click();
  await expect(page.locator("#parent-error")).toContainText("is a subsidiary, so it cannot have any");
  await field.fill("C1-001");
  await change.click();
  await expect(page.getByText("The family was changed.")).toBeVisible();
  await expect(page.getByText("It is a subsidiary of")).toBeVisible();
  await field.fill("");
  await change.click();
  await expect(page.getByText("The family was changed.")).toBeVisible();
  await expect(page.getByText("It is a subsidiary of")).toHaveCount(0);
});

test("a reach is given with a role, and shown where people are listed", async ({ page }) => {
  const email = `paula.${Date.now()}@new.example`;
  await logIn(page, "admin@customer.example");
  await page.goto("/people/new");
  await page.getByLabel("Name").fill("Paula Parent");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Role", { exact: true }).selectOption("Payer");
  await page.getByLabel("Reach", { exact: true }).selectOption({ label: "Own and subsidiaries" });
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByText("The invitation is on its way.")).toBeVisible();
  const row = page.getByRole("table", { name: "Invited" }).getByRole("row").filter({ hasText: email });
  await expect(row).toContainText("Payer, subsidiaries too");
  await row.getByRole("button", { name: /^Take back/ }).click();
  await expect(page.getByText("The invitation was taken back.")).toBeVisible();
});
