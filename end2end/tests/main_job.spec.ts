import { expect, test, type Page } from "@playwright/test";
import { Invoices, minor } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { awake, complaints, logIn } from "../pages/session";

// The main job: find open invoices, tick three, pay one of them in part, get a receipt and see what stays open.
test("a payer pays three invoices, one in part, in one payment", async ({ page, browser }) => {
  const errors = complaints(page);
  await logIn(page, "payer@partner.example");
  const invoices = new Invoices(page);
  await invoices.open();
  await awake(page);
  const numbers = (await invoices.numbers()).slice(0, 3);
  for (const number of numbers) await invoices.select(number);
  await expect(page.getByText("3 selected")).toBeVisible();
  await page.getByRole("button", { name: "Pay selected" }).click();

  await expect(page.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await awake(page);
  const part = page.getByLabel(`Amount for ${numbers[1]}`);
  const whole = minor(await part.inputValue());
  await part.fill("10.00");
  const amounts = await Promise.all(numbers.map((number) => page.getByLabel(`Amount for ${number}`).inputValue()));
  const sum = amounts.map(minor).reduce((a, b) => a + b);
  await newCard(page, "4242 4242 4242 4242");
  await page.getByLabel("Save this card").check();
  await page.getByRole("button", { name: "Submit & Email" }).click();

  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
  const receipt = (await page.locator("main").innerText()).replaceAll(",", "");
  for (const number of numbers) expect(receipt).toContain(number);
  expect(receipt).toContain((sum / 100).toFixed(2));
  expect(receipt).toContain("4242");

  // What was paid in part stays open with the rest.
  await page.goto(`/invoices?side=to-pay&number=${numbers[1]}`);
  const row = invoices.row(numbers[1]);
  await expect(row).toContainText(/Partially paid|Overdue/);
  expect(minor(await row.locator("[data-label=Open]").innerText())).toBe(whole - 1000);

  // The receipt was mailed.
  await page.goto("/mail");
  await expect(page.getByText(/Receipt/).first()).toBeVisible();
  expect(errors).toEqual([]);

  // The seller sees the same.
  const seller = await browser.newPage();
  await logIn(seller, "finance@distributor.example");
  await seller.goto(`/invoices?side=issued&number=${numbers[0]}`);
  await expect(new Invoices(seller).row(numbers[0])).toContainText("Paid");
  await seller.close();
});

test("a declined card is said, nothing is charged, and the choice is still there", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  const number = await openOne(page);
  await newCard(page, "4000 0000 0000 0341");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByText(/declined/i).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/nothing was charged/i).first()).toBeVisible();
  await page.goto(`/invoices?side=to-pay&number=${number}`);
  await expect(new Invoices(page).row(number)).not.toContainText("Paid");
});

test("a bank that asks for confirmation gets it in the page", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  await openOne(page);
  await newCard(page, "4000 0027 6000 3184");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  const challenge = page.frameLocator("iframe").getByRole("button", { name: "Complete authentication" });
  await challenge.click({ timeout: 30_000 });
  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
});

/** Opens the payment page for the first open invoice. */
async function openOne(page: Page) {
  const invoices = new Invoices(page);
  await invoices.open();
  const [number] = await invoices.numbers();
  await invoices.rows.first().getByRole("link", { name: "Pay", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await awake(page);
  return number;
}
