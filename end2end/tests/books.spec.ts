import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

/** Opens the form on which a payment of the demo's first partner is recorded. */
async function openForm(page: Page) {
  await page.goto("/payments/record");
  await page.getByLabel("Name or external ID").fill("p-101");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Payment of /);
}

/** What is unapplied, as the page says it. */
function unapplied(page: Page) {
  return page.getByText("Unapplied", { exact: true }).locator("xpath=following-sibling::dd");
}

test("a check is recorded, taken off, put back, and seen by who paid it", async ({ page, browser }) => {
  const memo = `Check ${Date.now()}`;
  await logIn(page, "finance@distributor.example");
  await openForm(page);
  // What is refused loses nothing that was typed.
  await page.getByLabel(/^Amount in/).fill("twelve");
  await page.getByLabel("Check number or cash payment memo").fill(memo);
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("alert")).toContainText("“twelve” is not an amount");
  await expect(page.getByLabel("Check number or cash payment memo")).toHaveValue(memo);
  await page.getByLabel(/^Amount in/).fill("1.37");
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);
  await expect(page.getByText("The payment was recorded.")).toBeVisible();
  await expect(page.getByText(memo)).toBeVisible();

  await page.getByRole("link", { name: "Apply or take off" }).click();
  await expect(unapplied(page)).toHaveText("–");
  await page.getByRole("button", { name: /^Take off/ }).first().click();
  await expect(page.getByText("It was taken off.")).toBeVisible();
  await expect(unapplied(page)).toContainText("1.37");
  await page.getByRole("button", { name: "Apply to invoices" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
  await expect(unapplied(page)).toHaveText("–");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(`/payments?number=${encodeURIComponent(memo)}`);
  await expect(payer.getByRole("table", { name: "Payments" }).locator("tbody tr")).toHaveCount(1);
  await expect(payer.getByRole("table", { name: "Payments" })).toContainText(memo);
  await context.close();
});

test("a card number in a memo is refused, and Sales records nothing", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  await openForm(page);
  await page.getByLabel(/^Amount in/).fill("1.00");
  await page.getByLabel("Check number or cash payment memo").fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("alert")).toContainText("looks like a card number");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const sales = await context.newPage();
  await logIn(sales, "sales@distributor.example");
  await expect(sales.getByRole("navigation", { name: "Billing menu" }).getByText("Record a payment")).toHaveCount(0);
  await sales.goto("/payments/record");
  await expect(sales.locator("main")).toContainText("Your role does not allow this");
  await context.close();
});

test("an invoice is credited in part, the credit withdrawn, and the invoice deleted", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  // The first one on which nothing hangs: what is partly paid is open, too.
  for (let n = 0; n === 0 || (await page.getByRole("link", { name: "Delete", exact: true }).count()) === 0; n += 1) {
    await page.goto("/invoices?side=issued&status=open");
    await page.getByRole("link", { name: /^Details of invoice/ }).nth(n).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice INV-/);
  }
  const invoice = page.url();
  await page.getByRole("link", { name: "Credit note", exact: true }).click();
  await page.getByLabel("What happened").fill("One box came back");
  const first = page.getByRole("textbox", { name: /^Credit for / }).first();
  await first.fill("99999999");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("alert")).toContainText("can still be credited here");
  await expect(page.getByLabel("What happened")).toHaveValue("One box came back");
  await first.fill("1");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Credit note CN-/);
  await expect(page.getByText("Return: One box came back")).toBeVisible();

  await page.getByRole("link", { name: "Apply or take off" }).click();
  await page.getByRole("button", { name: /^Take off/ }).click();
  await page.getByRole("link", { name: "Credit note", exact: true }).click();
  await page.getByLabel("Reason", { exact: true }).fill("It was another box");
  await page.getByRole("button", { name: "Withdraw credit note" }).click();
  await expect(page.getByText("It was withdrawn and keeps its number.")).toBeVisible();

  await page.goto(invoice);
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await page.getByLabel("Reason", { exact: true }).fill("Sent twice");
  await page.getByRole("button", { name: "Delete invoice" }).click();
  await expect(page).toHaveURL(invoice);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice INV-/);
  await expect(page.getByText("It was voided; its number stays.")).toBeVisible();
});

test("the books are shown as of a past day, and prove right", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/books");
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  const open = page.getByRole("table", { name: "Customers" }).last().locator("tr.total td").first();
  const today = await open.textContent();
  await page.getByLabel("As of").fill(day);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`on=${day}`));
  await expect(open).not.toHaveText(today ?? "");
  await page.getByRole("link", { name: "Prove it" }).click();
  await expect(page.getByText(/comparisons, no difference\./)).toBeVisible();
});

test("a payment and an account open to their parts, for both sides", async ({ page, browser }) => {
  const memo = `Check ${Date.now()}`;
  await logIn(page, "finance@distributor.example");
  await openForm(page);
  await page.getByLabel(/^Amount in/).fill("2.41");
  await page.getByLabel("Check number or cash payment memo").fill(memo);
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);
  await page.getByRole("link", { name: "How it adds up" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^How REC-.* adds up$/);
  const address = new URL(page.url()).pathname;
  for (const part of ["Amount of the payment", "On invoices", "Not applied"]) {
    await expect(page.getByRole("table", { name: part, exact: true })).toContainText("2.41");
  }
  await expect(page.getByText("do not add up")).toHaveCount(0);
  await accessible(page);
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("table", { name: "Balance", exact: true }).first()).toContainText("Invoices issued");
  await expect(page.getByText("do not add up")).toHaveCount(0);
  await accessible(page);
  const account = new URL(page.url()).pathname;

  // The books lead to the same, and say the same.
  await page.goto("/books");
  const balance = page.getByRole("table", { name: "Customers" }).locator(`a[href^="${account}?"]`).first();
  const said = (await balance.textContent()) ?? "";
  await balance.click();
  await expect(page.getByRole("heading", { level: 2, name: /^Balance/ }).filter({ hasText: said.trim() })).toHaveCount(1);

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(address);
  await expect(payer.getByRole("table", { name: "Amount of the payment" })).toContainText("2.41");
  await payer.getByRole("link", { name: "Account", exact: true }).click();
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText(/^What is owed to /);
  await payer.getByRole("link", { name: "Payments received" }).first().click();
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText("Payments");
  await context.close();
});

test("lists are asked as of a past day, by the seller and by the buyer", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/books?on=${day}`);
  const customer = page.getByRole("table", { name: "Customers" }).last().locator("tbody tr").first();
  const owed = (await customer.locator("td").first().textContent()) ?? "";
  await customer.locator("td").first().getByRole("link").click();
  await expect(page.getByText("What was still open at the end of")).toBeVisible();
  // What the books say this customer owed is what was open of these.
  const rows = page.getByRole("table", { name: "Invoices as of a day" }).locator("tbody tr");
  const amount = (text: string) => Math.round(Number(text.replace(/[^0-9.]/g, "")) * 100);
  const sign = (text: string) => text.replace(/[0-9.,\s]/g, "");
  const open = (await rows.locator("td.lead").allTextContents()).filter((text) => sign(text) === sign(owed));
  expect(open.map(amount).reduce((sum, one) => sum + one, 0)).toBe(amount(owed));
  await accessible(page);

  await page.goto("/invoices?side=issued");
  await page.getByRole("link", { name: "As of a day" }).click();
  await page.getByLabel("As of").fill(day);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`on=${day}`));
  await expect(rows.first()).toBeVisible();
  const issued = await rows.locator("time").first().getAttribute("datetime");
  expect(issued! <= day).toBe(true);

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  for (const list of ["/as-of", "/payments", "/credits", "/disputes"]) {
    await payer.goto(list);
    await payer.getByLabel("As of").fill(day);
    await payer.getByRole("button", { name: list === "/as-of" ? "Show" : "Filter" }).click();
    await expect(payer.getByLabel("As of")).toHaveValue(day);
    await expect(payer.locator("main")).not.toContainText("could not");
  }
  await context.close();
});
