import { expect, test, type Browser, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { accessible } from "../pages/axe";
import { awake, logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

// The card's number goes to the gateway's own fields, so a card is saved with script; all else works without.
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

async function scripted(browser: Browser, viewport: { width: number; height: number } | null, email = "payer@partner.example") {
  const context = await browser.newContext({ javaScriptEnabled: true, viewport: viewport ?? undefined });
  const page = await context.newPage();
  await logIn(page, email);
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
  await expect(page.getByText("The default was changed.")).toBeVisible();
  await expect(cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) })).toContainText("4444");

  await page.getByRole("button", { name: /^Switch autopay on for / }).first().click();
  await expect(page.getByText("Autopay is on: what falls due is paid with the default.")).toBeVisible();
  await expect(page.getByText(/switched it on,/)).toBeVisible();
  await cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) }).getByRole("button", { name: "Remove Mastercard ending 4444" }).click();
  await expect(page.getByRole("alert")).toContainText("Autopay pays with this card.");
  await page.getByRole("button", { name: /^Switch autopay off for / }).first().click();
  await expect(page.getByText("Autopay is off: nothing is paid by itself.")).toBeVisible();
  const before = await cards.locator("tbody tr").count();
  await cards.locator("tbody tr").filter({ has: page.getByText("Default", { exact: true }) }).getByRole("button", { name: /^Remove / }).click();
  await expect(page.getByText("It was removed.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Saved cards" }).first().locator("tbody tr")).toHaveCount(before - 1);
});

// The first of the accounts that the page shows.
function firstAccount(page: Page) {
  return page.locator("section").filter({ has: page.getByRole("link", { name: /^Add a payment method for / }) }).first();
}

async function beginMethod(page: Page, button: string, scripted = true) {
  await page.goto("/methods");
  await firstAccount(page).getByRole("link", { name: /^Add a payment method for / }).click();
  // What looks for faults is a script itself.
  if (scripted) await accessible(page);
  await page.getByRole("button", { name: button }).click();
}

test("a card is added without paying, and the bank may ask", async ({ page, browser }) => {
  const payer = await scripted(browser, page.viewportSize(), "admin@customer.example");
  for (const number of ["4242 4242 4242 4242", "4000 0027 6000 3184"]) {
    await beginMethod(payer.page, "Enter a card");
    const fields = payer.page.frameLocator("#enter-fields iframe");
    await fields.getByLabel("Card number").fill(number);
    await fields.getByLabel("Expiry").fill("12 / 34");
    await fields.getByLabel("CVC").fill("123");
    await accessible(payer.page);
    await payer.page.getByRole("button", { name: "Save" }).click();
    if (number.endsWith("3184")) {
      await payer.page.frameLocator("dialog iframe").getByRole("button", { name: "Complete authentication" }).click();
    }
    await expect(payer.page.getByText("It was saved.")).toBeVisible({ timeout: 30_000 });
  }
  await beginMethod(payer.page, "Enter a card");
  const fields = payer.page.frameLocator("#enter-fields iframe");
  await fields.getByLabel("Card number").fill("4000 0000 0000 0002");
  await fields.getByLabel("Expiry").fill("12 / 34");
  await fields.getByLabel("CVC").fill("123");
  await payer.page.getByRole("button", { name: "Save" }).click();
  await expect(payer.page.locator("#enter-error")).toContainText("declined");
  await payer.context.close();

  await logIn(page, "admin@customer.example");
  await page.goto("/methods");
  const saved = firstAccount(page);
  await expect(saved).toContainText("Visa ending 3184");
  for (const last4 of ["4242", "3184"]) {
    const before = await saved.locator("tbody tr").count();
    await saved.getByRole("button", { name: `Remove Visa ending ${last4}` }).first().click();
    await expect(page.getByText("It was removed.")).toBeVisible();
    await expect(saved.locator("tbody tr")).toHaveCount(before - 1);
  }
});

test("the expiry of a saved card is changed, and what cannot be is said at the field", async ({ page, browser }) => {
  const payer = await scripted(browser, page.viewportSize(), "admin@customer.example");
  await beginMethod(payer.page, "Enter a card");
  const fields = payer.page.frameLocator("#enter-fields iframe");
  await fields.getByLabel("Card number").fill("5555 5555 5555 4444");
  await fields.getByLabel("Expiry").fill("12 / 34");
  await fields.getByLabel("CVC").fill("123");
  await payer.page.getByRole("button", { name: "Save" }).click();
  await expect(payer.page.getByText("It was saved.")).toBeVisible({ timeout: 30_000 });
  await payer.context.close();

  await logIn(page, "admin@customer.example");
  await page.goto("/methods");
  const saved = firstAccount(page);
  await saved.getByRole("link", { name: "Change Mastercard ending 4444" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Change Mastercard ending 4444");
  await accessible(page);
  await page.getByLabel("Month of expiry").fill("13");
  await page.getByLabel("Year of expiry").fill("2037");
  await page.getByLabel("Name on the card").fill("Ada Byron");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Enter a whole number from 1 to 12.").first()).toBeVisible();
  // Nothing that was typed is lost.
  await expect(page.getByLabel("Year of expiry")).toHaveValue("2037");
  await expect(page.getByLabel("Name on the card")).toHaveValue("Ada Byron");
  await page.getByLabel("Month of expiry").fill("7");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was changed.")).toBeVisible();
  const card = saved.locator("tbody tr").filter({ hasText: "07/2037" });
  await expect(card).toContainText("Mastercard ending 4444");
  await card.getByRole("button", { name: "Remove Mastercard ending 4444" }).click();
  await expect(page.getByText("It was removed.")).toBeVisible();
});

test("without script the page for entering says why it needs one", async ({ page, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: page.viewportSize() ?? undefined });
  const payer = await context.newPage();
  await logIn(payer, "admin@customer.example");
  await beginMethod(payer, "Enter a card", false);
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText("Enter a card");
  // What stands in a noscript element no locator finds by its text.
  expect(await payer.content()).toContain("Entering it needs JavaScript");
  await expect(payer.getByRole("button", { name: "Save" })).toHaveCount(0);
  await context.close();
});

test("a bank account is added with its mandate, and a debit of it is under way", async ({ page, browser }) => {
  const payer = await scripted(browser, page.viewportSize(), "admin@customer.example");
  await beginMethod(payer.page, "Choose a bank account");
  await expect(payer.page.getByText(/^By saving this account you authorise /)).toBeVisible();
  await payer.page.getByLabel("E-mail for the bank’s notices").fill("books@customer.example");
  await payer.page.getByRole("button", { name: "Save" }).click();
  const bank = payer.page.frameLocator("dialog iframe");
  await bank.getByLabel("Account number").fill("000123456789");
  await bank.getByRole("button", { name: "Connect account" }).click();
  await expect(payer.page.getByText("It was saved.")).toBeVisible({ timeout: 30_000 });
  await expect(firstAccount(payer.page)).toContainText(/mandate mandate_\w+ of /);
  await payer.context.close();

  const seller = await scripted(browser, page.viewportSize(), "admin@partner.example");
  const { path } = await issue(seller.page, "C1-001", unusual());
  await seller.context.close();
  await logIn(page, "admin@customer.example");
  await page.goto(`/payments/new?invoice=${path.split("/").pop()}`);
  await page.getByRole("button", { name: "Submit", exact: true }).waitFor();
  await page.getByRole("radio", { name: /STRIPE TEST BANK ending 6789/ }).first().check();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Payment under way" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/3 to 5 banking days/)).toBeVisible();
  await accessible(page);
  await page.goto("/payments/attempts?side=to-pay&state=under-way");
  await expect(page.getByText("Processing", { exact: true }).first()).toBeVisible();
});

test("who may not pay sees no payment methods", async ({ page }) => {
  await logIn(page, "viewer@customer.example");
  await expect(page.getByRole("link", { name: "Payment methods" })).toHaveCount(0);
  await page.goto("/methods");
  await expect(page.getByRole("table", { name: "Saved cards" })).toHaveCount(0);
});
