import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

test("a seller bills a project apart, the customer says whom to ask, and the invoice keeps it", async ({ page, browser }) => {
  const name = `Project ${Date.now()}`;
  await logIn(page, "admin@distributor.example");
  await page.goto("/tenants?search=p-101");
  await page.getByRole("table").locator("tbody tr").first().getByRole("link").first().click();
  await page.getByRole("link", { name: "Billing profiles" }).click();
  const profiles = page.getByRole("table", { name: "Billing profiles" });
  await expect(profiles.getByRole("row").filter({ hasText: "Harbour project" })).toContainText("12 Pier Road");
  await accessible(page);

  // What is refused loses nothing that was typed.
  await page.getByLabel("Name of the profile").fill(name);
  await page.getByLabel("Street and number", { exact: true }).fill("4 Quay");
  await page.getByRole("button", { name: "Add the profile" }).click();
  await expect(page.getByRole("alert")).toContainText("This field is empty.");
  await expect(page.getByLabel("Name of the profile")).toHaveValue(name);
  await page.getByLabel("City", { exact: true }).fill("Bergen");
  await page.getByLabel("Country", { exact: true }).selectOption({ label: "Norway" });
  await page.getByRole("button", { name: "Add the profile" }).click();
  await expect(page.getByText("The profile was added.")).toBeVisible();
  const row = profiles.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("In use");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const customer = await context.newPage();
  await logIn(customer, "admin@partner.example");
  await customer.goto("/methods");
  await customer.getByRole("link", { name: "Billing profiles" }).click();
  await customer.getByRole("link", { name }).click();
  await expect(customer.getByLabel("Street and number", { exact: true })).toHaveValue("4 Quay");
  await customer.getByLabel("Name of contact 1").fill("Kim Lab");
  await customer.getByLabel("E-mail of contact 1").fill("kim@lab.example");
  await customer.getByLabel("Reference on invoices").fill("PO 77");
  await customer.getByRole("button", { name: "Save" }).click();
  await expect(customer.getByText("The changes were saved.")).toBeVisible();
  await context.close();

  await page.goto("/write?search=p-101");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel("Billing profile").selectOption({ label: name });
  const line = page.getByRole("group", { name: "Line 1", exact: true });
  await line.getByLabel("Description").fill("Consulting");
  await line.getByLabel("Unit price").fill("3.00");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Draft invoice");
  const paper = page.locator(".paper");
  for (const text of [name, "4 Quay", "PO 77", "Kim Lab, kim@lab.example"]) await expect(paper).toContainText(text);
  const draft = page.url();

  // The draft keeps the profile in use; without it, it is archived, and its name is free again.
  await page.goto("/tenants?search=p-101");
  await page.getByRole("table").locator("tbody tr").first().getByRole("link").first().click();
  await page.getByRole("link", { name: "Billing profiles" }).click();
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByRole("alert")).toContainText("An invoice that is not settled is bound to this profile.");
  await page.goto(draft.replace("/invoices/", "/write/"));
  await expect(page.getByLabel("Billing profile").locator("option:checked")).toHaveText(name);
  await page.getByRole("button", { name: "Delete draft" }).click();
  await page.goto("/tenants?search=p-101");
  await page.getByRole("table").locator("tbody tr").first().getByRole("link").first().click();
  await page.getByRole("link", { name: "Billing profiles" }).click();
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("The profile was archived.")).toBeVisible();
  await expect(row).toContainText("Archived");
});

test("who may not change billing profiles is not offered them", async ({ page }) => {
  await logIn(page, "viewer@customer.example");
  const answer = await page.goto("/profiles");
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("table", { name: "Billing profiles" })).toHaveCount(0);
});
