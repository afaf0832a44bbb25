import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

const CUSTOMER = "c1-001";

/** Records money of a customer that is put to nothing. */
async function leave(page: Page, amount: string) {
  await page.goto(`/payments/record?search=${CUSTOMER}`);
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel(/^Amount in/).fill(amount);
  await page.getByLabel("Leave it unapplied").check();
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);
}

test("what lies on the account pays an invoice without a card", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  const sum = unusual();
  const { path, number } = await issue(page, CUSTOMER, sum);
  await leave(page, sum);
  await page.context().clearCookies();

  await logIn(page, "admin@customer.example");
  await page.goto(`/payments/new?invoice=${path.split("/").pop()}`);
  await page.getByRole("button", { name: "Submit", exact: true }).waitFor();
  await expect(page.getByText(/^You have .* It goes to the invoices due first/)).toBeVisible();
  await page.getByLabel("Use what lies on your account first").check();
  await accessible(page);
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Paid from your account" })).toBeVisible({ timeout: 30_000 });
  const shown = Number(sum).toLocaleString("en-US", { minimumFractionDigits: 2 });
  await expect(page.getByRole("main")).toContainText(shown);
  await accessible(page);
  await page.goto(path);
  await expect(page.getByRole("main")).toContainText(number);
  await expect(page.getByRole("main")).toContainText("Paid");
});
