import { expect, test, type Browser, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { accessible } from "../pages/axe";
import { awake, logIn } from "../pages/session";

// The card's number goes to the gateway's own fields, so a card is saved with script, by paying; all else works without.
async function addCard(page: Page, number: string, preferred: boolean) {
  const invoices = new Invoices(page);
  await invoices.open();
  await invoices.rows.first().getByRole("link", { name: "Pay", exact: true }).click();
  await awake(page);
  await newCard(page, number);
  await page.getByLabel("Save this card").check();
  if (preferred) await page.getByLabel("Make default").check();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
}

async function scripted(browser: Browser, viewport: { width: number; height: number } | null) {
  const context = await browser.newContext({ javaScriptEnabled: true, viewport: viewport ?? undefined });
  const page = await context.newPage();
  await logIn(page, "payer@partner.example");
  return { context, page };
}

test("cards are added, preferred and removed, and autopay keeps its card", async ({ page, browser }) => {
  const saver = await scripted(browser, page.viewportSize());
  await addCard(saver.page, "4242 4242 4242 4242", true);
  await addCard(saver.page, "5555 5555 5555 4444", false);
  await saver.context.close();

  await logIn(page, "payer@partner.example");
  await page.goto("/methods");
  await accessible(page);
  const cards = page.getByRole("table", { name: "Saved cards" }).first();
  await expect(cards).toContainText("Visa ending 4242");
  await expect(cards).toContainText("12/2034");
  await cards.getByRole("button", { name: "Make Mastercard ending 4444 the default" }).first().click();
  await expect(page.getByText("The default card was changed.")).toBeVisible();
  await expect(cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) })).toContainText("4444");

  await page.getByRole("button", { name: /^Switch autopay on for / }).first().click();
  await expect(page.getByText("Autopay is on: what falls due is paid with the default card.")).toBeVisible();
  await expect(page.getByText(/switched it on,/)).toBeVisible();
  await cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) }).getByRole("button", { name: "Remove Mastercard ending 4444" }).click();
  await expect(page.getByRole("alert")).toContainText("Autopay pays with this card.");
  await page.getByRole("button", { name: /^Switch autopay off for / }).first().click();
  await expect(page.getByText("Autopay is off: nothing is paid by itself.")).toBeVisible();
  const before = await cards.locator("tbody tr").count();
  await cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) }).getByRole("button", { name: /^Remove / }).click();
  await expect(page.getByText("The card was removed.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Saved cards" }).first().locator("tbody tr")).toHaveCount(before - 1);
});

test("who may not pay sees no payment methods", async ({ page }) => {
  await logIn(page, "viewer@customer.example");
  await expect(page.getByRole("link", { name: "Payment methods" })).toHaveCount(0);
  await page.goto("/methods");
  await expect(page.getByRole("table", { name: "Saved cards" })).toHaveCount(0);
});
