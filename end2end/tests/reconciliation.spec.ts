import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { PASSWORD, logIn } from "../pages/session";

/** A month that no other run of this journey takes: by the second, far back and never the demo's. */
function ownMonth() {
  const place = Math.floor(Date.now() / 1000) % 1_188;
  return `${1901 + Math.floor(place / 12)}-${String((place % 12) + 1).padStart(2, "0")}`;
}

/** Signs in as somebody who does not begin with invoices. */
async function logInAsUser(page: Page) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill("user@partner.example");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Reconciliation", level: 1 })).toBeVisible();
}

async function upload(page: Page, vendor: string, month: string, lines: string[]) {
  await page.goto("/reconciliation/bills");
  await page.getByLabel("Vendor", { exact: true }).fill(vendor);
  await page.getByLabel("Month", { exact: true }).fill(month);
  await page.locator("#file").setInputFiles({ name: `${month}.csv`, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

test("the dashboard says where a vendor's bill and one's own invoices differ", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  await page.goto("/switch");
  await page.getByRole("main").getByRole("link", { name: "Reconciliation" }).click();
  await expect(page.getByRole("heading", { name: "Reconciliation", level: 1 })).toBeVisible();
  const differing = page.getByRole("table", { name: "Licences by company" }).locator("tbody tr");
  await expect(differing.first().locator('td[data-label="Difference"]')).toHaveText(/^[+−-]\d/);
  await expect(page.getByText("Not mapped and therefore not compared:")).toBeVisible();
  await expect(page.getByRole("table", { name: "Billing comparison" })).toContainText("All that is mapped, USD");
  await accessible(page);

  await page.getByRole("link", { name: "Expire in 90 days" }).click();
  await expect(page.getByRole("table", { name: "Subscriptions that expire" }).locator("tbody tr").first()).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.getByRole("heading", { name: "Licences by company" })).toBeVisible();

  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/^reconciliation-\d{4}-\d{2}\.csv$/);
});

test("a bill is brought, its columns named, mapped, left out, and brought again", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  const [run, month] = [`${Date.now()}`, ownMonth()];
  const [company, product] = [`Company ${run}`, `Product ${run}`];
  const heading = `Buyer ${run};Product;SKU;Quantity;Total cost`;

  await upload(page, `Vendor ${run}`, month, [heading, `${company};${product};S-${run};many;5.00`]);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByRole("alert")).toContainText("company");
  await page.getByLabel("Column of Company", { exact: true }).selectOption(`Buyer ${run}`);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByRole("alert")).toContainText("Line 2, column Quantity");
  await accessible(page);

  await upload(page, `Vendor ${run}`, month, [heading, `${company};${product};S-${run};3;5.00`]);
  await page.getByLabel("Column of Company", { exact: true }).selectOption(`Buyer ${run}`);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByText("The bill was read.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Lines of the bill" })).toContainText(company);

  await page.getByRole("link", { name: "Map companies and products" }).click();
  await page.getByRole("link", { name: `Set ${company} up` }).click();
  await page.getByLabel("Your customer").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The company was saved.")).toBeVisible();
  await page.getByRole("link", { name: `Set ${product} up` }).click();
  await accessible(page);
  await page.getByLabel("Other item codes").fill(`X-${run}`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The product was saved.")).toBeVisible();

  await page.goto(`/reconciliation?month=${month}`);
  const row = page.getByRole("table", { name: "Licences by company" }).locator("tbody tr").filter({ hasText: product });
  await expect(row.locator('td[data-label="Difference"]')).toHaveText("+3");

  await upload(page, `Vendor ${run}`, month, [heading, `${company};${product};S-${run};7;9.00`]);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("version 2");
  await page.goto(`/reconciliation?month=${month}`);
  await expect(row.locator('td[data-label="Difference"]')).toHaveText("+7");

  await page.goto(`/reconciliation/settings?month=${month}`);
  await page.getByRole("link", { name: `Set ${product} up` }).click();
  await page.getByLabel("Leave it out of every figure, count and file").check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.goto(`/reconciliation?month=${month}&show=all`);
  await expect(page.getByRole("heading", { name: "Reconciliation", level: 1 })).toBeVisible();
  await expect(page.getByText(product)).toHaveCount(0);
});

test("a plain user sees licences and no money, and is told why not more", async ({ page }) => {
  await logInAsUser(page);
  await expect(page.getByRole("table", { name: "Licences by product" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Billing comparison" })).toHaveCount(0);
  await expect(page.getByRole("main")).not.toContainText("USD");
  await page.goto("/reconciliation/settings");
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Your role does not allow this");
  await page.goto("/");
  await expect(page.getByRole("main").getByRole("link", { name: "Reconciliation" })).toBeVisible();
});

test("who is in sales is refused", async ({ page }) => {
  await logIn(page, "sales@distributor.example");
  await page.goto("/reconciliation");
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
});
