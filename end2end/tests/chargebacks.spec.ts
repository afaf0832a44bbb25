import { expect, test, type Browser, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

/** Pays a new invoice in full with a card, and returns its number and the addresses of its page and of the receipt. */
async function pay(page: Page, browser: Browser, card: string) {
  const context = await browser.newContext();
  const seller = await context.newPage();
  await logIn(seller, "finance@distributor.example");
  const { number, path } = await issue(seller, "p-101", unusual());
  await context.close();
  await logIn(page, "payer@partner.example");
  await page.goto(path);
  await page.getByRole("link", { name: /^Pay [0-9]/ }).click();
  await newCard(page, card);
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
  return { number, path, receipt: new URL(page.url()).pathname };
}

test("money goes back to the card, and a credit note takes its place", async ({ page, browser }) => {
  const { number, path, receipt } = await pay(page, browser, "4242 4242 4242 4242");
  const context = await browser.newContext();
  const seller = await context.newPage();
  await logIn(seller, "finance@distributor.example");
  await seller.goto(receipt);
  await seller.getByRole("link", { name: "Give back" }).click();
  await expect(seller.getByLabel(/To the card •••• 4242/)).toBeChecked();
  await seller.getByRole("textbox", { name: `Give back of ${number}` }).fill("1.00");
  await seller.getByLabel("A credit note takes its place").check();
  await seller.getByLabel("Reason", { exact: true }).fill("One seat too many");
  await seller.getByRole("button", { name: "Give back" }).click();
  const back = seller.getByRole("table", { name: "Given back" });
  await expect(back).toContainText("To the card");
  await expect(back).toContainText("Refund");
  // The invoice stays paid.
  await seller.goto(`/invoices?side=issued&number=${number}`);
  await expect(new Invoices(seller).row(number)).toContainText("Paid");
  // Its page keeps the payment, and tells what went back of it and who gave it.
  await seller.goto(path);
  const settled = seller.getByRole("table", { name: "Payments and credits of this invoice" });
  await expect(settled.getByRole("row").filter({ hasText: "Given back" })).toContainText("1.00");
  await expect(settled.getByRole("row").filter({ hasText: "Visa ending 4242" })).toContainText("Paid");
  await expect(seller.getByRole("region", { name: "History" })).toContainText("Money given back");
  await context.close();
});

test("a bank takes a payment back, and the invoice is open again", async ({ page, browser }) => {
  const { number, path, receipt } = await pay(page, browser, "4000 0000 0000 0259");
  // The gateway tells it a moment later.
  await expect(async () => {
    await page.goto(receipt);
    await expect(page.getByRole("table", { name: "Given back" })).toContainText("Chargeback", { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await page.goto(`/invoices?side=to-pay&number=${number}`);
  await expect(new Invoices(page).row(number)).toContainText(/Open|Overdue/);
  await page.goto(path);
  const settled = page.getByRole("table", { name: "Payments and credits of this invoice" });
  await expect(settled.getByRole("row").filter({ hasText: "Charged back" })).toHaveCount(1);
  await expect(settled.getByRole("row").filter({ hasText: "Paid" })).toHaveCount(1);
  await expect(page.getByRole("region", { name: "History" })).toContainText("Payment charged back by the bank");
  await page.getByRole("link", { name: "How it adds up" }).click();
  await expect(page.locator("main")).toContainText("taken off again");
  await page.goto("/payments?side=to-pay&status=charged_back");
  const first = page.getByRole("table", { name: "Payments" }).locator("tbody tr").first();
  await expect(first).toContainText("Charged back");
  // The seller is told by mail.
  const context = await browser.newContext();
  const seller = await context.newPage();
  await logIn(seller, "finance@distributor.example");
  await seller.goto("/mail?side=issued");
  await expect(seller.getByRole("table", { name: "Sent mail" })).toContainText("Chargeback of");
  await context.close();
});
