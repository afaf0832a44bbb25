import { expect, test, type Page } from "@playwright/test";
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
    await expect(parent.getByText("Billed with")).toContainText(number);
    await expect(parent.getByRole("link", { name: number })).toHaveAttribute("href", bill);
    await context.close();
  } finally {
    await withdraw(page, bill);
  }
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
