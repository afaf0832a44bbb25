import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { logIn } from "../pages/session";

// Everything that is read, and paying with a saved card, works without JavaScript.
test("invoices are found, sorted, paged and read without script", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  const invoices = new Invoices(page);
  await page.getByRole("combobox", { name: "Status" }).selectOption("overdue");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page).toHaveURL(/status=overdue/);
  await expect(invoices.rows.first()).toContainText("Overdue");
  await page.getByRole("columnheader", { name: "Total" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Total" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.goto("/invoices?side=to-pay&per_page=10");
  await page.getByRole("link", { name: "Next" }).click();
  await invoices.rows.first().getByRole("link", { name: /^Details/ }).click();
  await expect(page.getByRole("heading", { name: "Lines" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
});

test("a wrong password is said without script, and the e-mail is still there", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill("sales@distributor.example");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("sales@distributor.example");
  expect(page.url()).not.toContain("password");
});
