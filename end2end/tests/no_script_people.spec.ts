import { expect, test } from "@playwright/test";
import { inviteAndJoin } from "../pages/people";
import { logIn } from "../pages/session";

// Inviting, accepting, changing roles and switching permissions work without JavaScript.
test("somebody is invited, comes in and gets another role without script", async ({ page, browser }) => {
  await logIn(page, "admin@partner.example");
  const email = `nils.${Date.now()}@new.example`;
  const nils = await inviteAndJoin(page, browser, "Nils Noscript", email, { selling: "Sales" });
  await page.goto("/people");
  await page.getByRole("row").filter({ hasText: email }).getByRole("link", { name: "Nils Noscript" }).click();
  await page.getByLabel("Role when selling").selectOption("Finance");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The roles were changed.")).toBeVisible();
  await nils.goto("/invoices");
  await expect(nils.getByRole("button", { name: "Log in" })).toBeVisible();
  await page.goto("/roles");
  await page.getByLabel("Sales: Import invoices").check();
  await page.getByRole("button", { name: "Save Sales" }).click();
  await expect(page.getByLabel("Sales: Import invoices")).toBeChecked();
  await page.getByLabel("Sales: Import invoices").uncheck();
  await page.getByRole("button", { name: "Save Sales" }).click();
  await expect(page.getByLabel("Sales: Import invoices")).not.toBeChecked();
  await page.goto("/audit");
  await page.getByLabel("Person").selectOption("Morgan Reyes");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/person=/);
  await expect(page.getByRole("table", { name: "Audit" }).locator("tbody tr").first()).toContainText("Permissions changed");
  await nils.context().close();
});
