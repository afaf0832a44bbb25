import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { minor } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

/** The customers of the other journeys keep their open invoices. */
const CUSTOMER = "p-105";

async function addUp(page: Page) {
  await page.getByRole("button", { name: "Add it up" }).click();
  return page.getByRole("status", { name: "What it comes to" });
}

/** One row of the sums on a credit note or its form. */
function sum(page: Page, name: string) {
  return page.locator("dl div").filter({ hasText: name }).locator("dd").last();
}

test("an account is credited: what is due goes down first, and the rest is paid back and kept", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await issue(page, CUSTOMER, "20.00");
  await page.goto("/credits");
  await page.getByRole("link", { name: "New credit note" }).click();
  await page.getByLabel("Name or external ID").fill(CUSTOMER);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await accessible(page);
  const due = minor(await sum(page, "Due on the account").innerText());
  expect(due).toBeGreaterThanOrEqual(20_00);

  const line = page.getByRole("group", { name: "Line 1", exact: true });
  await page.getByLabel("Reason", { exact: true }).selectOption("discount");
  await page.getByLabel("What happened").fill("Bonus of the year");
  await line.getByLabel("Description").fill("Bonus");
  await line.getByLabel("Unit price").fill(((due + 10_00) / 100).toFixed(2));
  await line.getByLabel("Tax", { exact: true }).selectOption("Z");
  await line.getByLabel("Tax in %").fill("");
  // What is refused loses nothing that was typed.
  await page.getByLabel(/^Pay back in/).fill("10.01");
  await page.getByLabel("Reference of what is paid back").fill("Transfer 4711");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("alert")).toContainText("What is due goes down first");
  await expect(line.getByLabel("Description")).toHaveValue("Bonus");
  await expect(page.getByLabel("What happened")).toHaveValue("Bonus of the year");

  await page.getByLabel(/^Pay back in/).fill("4.00");
  const preview = await addUp(page);
  await expect(preview).toContainText("Nothing was issued yet.");
  expect(minor(await sum(page, "Taken off what is due").innerText())).toBe(due);
  expect(minor(await sum(page, "Left for other invoices").innerText())).toBe(6_00);
  await expect(page.getByRole("group", { name: "Line 4", exact: true })).toBeVisible();
  await accessible(page);

  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Credit note CN-/);
  await expect(page.getByText("Discount: Bonus of the year")).toBeVisible();
  expect(minor(await sum(page, "Taken off what is due").innerText())).toBe(due);
  expect(minor(await sum(page, "Paid back").innerText())).toBe(4_00);
  expect(minor(await sum(page, "Left for other invoices").innerText())).toBe(6_00);
  await expect(page.getByRole("table", { name: "Given back" })).toContainText("Transfer 4711");
  const script = test.info().project.name !== "no-script";
  await expect(page.getByRole("button", { name: "Print" })).toHaveCount(script ? 1 : 0);
  // Part of it was used.
  await expect(page.getByRole("button", { name: "Withdraw credit note" })).toHaveCount(0);
  await accessible(page);
  await page.getByRole("link", { name: "How it adds up" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/adds up$/);
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("link", { name: "New credit note" })).toBeVisible();
});

test("a paid invoice is credited, and part of it goes back to the card", async ({ page, browser }) => {
  // The gateway's own fields need script.
  test.skip(test.info().project.name === "no-script");
  const context = await browser.newContext();
  const seller = await context.newPage();
  await logIn(seller, "finance@distributor.example");
  const { path } = await issue(seller, "p-101", unusual());
  await logIn(page, "payer@partner.example");
  await page.goto(path);
  await page.getByRole("link", { name: /^Pay [0-9]/ }).click();
  await newCard(page, "4242 4242 4242 4242");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });

  await seller.goto(path);
  await seller.getByRole("link", { name: "Credit note", exact: true }).click();
  await seller.getByLabel("What happened").fill("One seat too many");
  await seller.getByRole("textbox", { name: "Credit for Seats" }).fill("5.00");
  await seller.getByLabel(/^Pay back in/).fill("3.00");
  await seller.getByLabel("Reference of what is paid back").fill("One seat");
  await expect(seller.getByLabel(/to •••• 4242/)).toBeChecked();
  await addUp(seller);
  expect(minor(await sum(seller, "Left for other invoices").innerText())).toBe(2_00);
  await accessible(seller);
  await seller.getByRole("button", { name: "Issue credit note" }).click();
  await expect(seller.getByRole("heading", { level: 1 })).toHaveText(/^Credit note CN-/);
  const back = seller.getByRole("table", { name: "Given back" });
  await expect(back).toContainText("To the card");
  await expect(back).toContainText("3.00");
  expect(minor(await sum(seller, "Paid back").innerText())).toBe(3_00);
  expect(minor(await sum(seller, "Left for other invoices").innerText())).toBe(2_00);
  await context.close();
});
