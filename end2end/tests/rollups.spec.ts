import { expect, test, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

// The customer of customer.example has two subsidiaries. What the journey bills it withdraws again, so that it can be walked anew.

/** Issues a bill over all that is open of the subsidiaries and returns its address. */
async function issue(page: Page): Promise<string> {
  await page.goto("/rollups/new");
  await accessible(page);
  await page.getByLabel("Parent company").selectOption({ index: 0 });
  await page.getByLabel("Invoices issued from").fill("2020-01-01");
  await page.getByLabel("Up to and including").fill("2099-12-31");
  await page.getByRole("button", { name: "Show invoices" }).click();
  await accessible(page);
  await page.getByRole("button", { name: "Issue roll-up bill" }).click();
  await expect(page.getByText("The bill was issued.")).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Withdraws a bill. */
async function withdraw(page: Page, bill: string) {
  await page.goto(bill);
  await page.getByLabel("Reason").fill("Only tried out");
  await page.getByRole("button", { name: "Withdraw roll-up bill" }).click();
  await expect(page.getByText("The bill was withdrawn.")).toBeVisible();
  await expect(page.getByText("Only tried out")).toBeVisible();
}

/** A day that lies so many days back, as a field of a day takes it. Where the seller is, it may be the day before or after. */
function daysAgo(count: number): string {
  return new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);
}

/** Filters the list by a number, a state and a day, and returns the row of the number. */
async function filter(page: Page, number: string, state: string, on: string) {
  await page.getByLabel("Number or parent").fill(number);
  await page.getByLabel("State", { exact: true }).selectOption({ label: state });
  await page.getByLabel("As of").fill(on);
  await page.getByRole("button", { name: "Filter" }).click();
  return page.getByRole("table", { name: "Roll-up bills" }).locator("tbody tr").filter({ hasText: number });
}

test("a parent is billed for its subsidiaries, pays in proportion, and the bill is withdrawn", async ({ page, browser }) => {
  await logIn(page, "admin@partner.example");
  const bill = await issue(page);
  try {
    const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("Roll-up bill ", "").trim();
    expect(number).toMatch(/^ROL-/);
    await accessible(page);
    await page.goto("/rollups");
    await expect(page.getByRole("table", { name: "Roll-up bills" })).toContainText(number);
    await accessible(page);

    const context = await browser.newContext();
    const parent = await context.newPage();
    await logIn(parent, "admin@customer.example");
    await parent.goto("/rollups?side=to-pay");
    await parent.getByRole("link", { name: number }).click();
    await accessible(parent);
    const invoice = await parent.getByRole("rowheader").getByRole("link").first().getAttribute("href");
    await parent.getByLabel("Amount").fill("1.00");
    await parent.getByRole("button", { name: "Pay", exact: true }).click();
    await expect(parent).toHaveURL(/\/payments\/new\?/);
    await expect(parent.getByRole("button", { name: "Spread in proportion" })).toBeVisible();
    await parent.goto(invoice!);
    await expect(parent.getByText(`Billed with ${number}`)).toBeVisible();
    await expect(parent.getByRole("link", { name: number })).toHaveAttribute("href", bill);
    await context.close();
  } finally {
    await withdraw(page, bill);
  }
});

test("bills are found, exported and asked for as of a past day, and the parent has letters of them", async ({ page, browser }) => {
  await logIn(page, "admin@partner.example");
  const bill = await issue(page);
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("Roll-up bill ", "").trim();
  try {
    await page.goto("/rollups?side=issued");
    await expect(await filter(page, number, "Open or partly paid", "")).toHaveCount(1);
    await accessible(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^roll-up-bills-.*\.csv$/);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(number);
    await filter(page, number, "Withdrawn", "");
    await expect(page.getByText("No roll-up bill fits.")).toBeVisible();
    const row = await filter(page, number, "Any", daysAgo(-1));
    await expect(row).toContainText("Open");
    await accessible(page);
    await filter(page, number, "Any", daysAgo(3));
    await expect(page.getByText("No roll-up bill fits.")).toBeVisible();
    await page.getByRole("link", { name: "Clear all" }).click();
    await expect(page.getByRole("table", { name: "Roll-up bills" })).toContainText(number);
  } finally {
    await withdraw(page, bill);
  }

  await page.goto("/rollups?side=issued");
  await expect(await filter(page, number, "Withdrawn", "")).toContainText("Void");
  const context = await browser.newContext();
  const parent = await context.newPage();
  await logIn(parent, "admin@customer.example");
  await parent.goto("/mail");
  const mails = parent.getByRole("table", { name: "Sent mail" }).locator("tbody tr").filter({ hasText: number });
  await expect(mails.filter({ hasText: "is withdrawn" }).first()).toBeVisible();
  await expect(mails.filter({ hasNotText: "is withdrawn" }).first()).toBeVisible();
  await context.close();
});

test("a period without invoices and one that ends before it begins are explained", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  await page.goto("/rollups/new");
  await page.getByLabel("Invoices issued from").fill("1999-01-01");
  await page.getByLabel("Up to and including").fill("1999-01-31");
  await page.getByRole("button", { name: "Show invoices" }).click();
  await expect(page.getByText("No invoice of the subsidiaries fits")).toBeVisible();
  await page.getByLabel("Up to and including").fill("1998-01-31");
  await page.getByRole("button", { name: "Show invoices" }).click();
  await expect(page.locator("#period_to-error")).toBeVisible();
  await expect(page.getByLabel("Invoices issued from")).toHaveValue("1999-01-01");
  await accessible(page);
});
