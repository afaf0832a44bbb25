import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { awake, logIn } from "../pages/session";

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

test("a saved card pays without script", async ({ page, browser }) => {
  // A card is saved with script first: its number goes to the gateway only.
  const scripted = await browser.newContext({ javaScriptEnabled: true });
  const saver = await scripted.newPage();
  await logIn(saver, "payer@partner.example");
  const first = new Invoices(saver);
  await first.open();
  await first.rows.first().getByRole("link", { name: "Pay", exact: true }).click();
  await awake(saver);
  await newCard(saver, "5555 5555 5555 4444");
  await saver.getByLabel("Save this card").check();
  await saver.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(saver.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
  await scripted.close();

  await logIn(page, "payer@partner.example");
  const invoices = new Invoices(page);
  await invoices.open();
  const [one, two] = await invoices.numbers();
  await invoices.select(one);
  await invoices.select(two);
  await page.getByRole("button", { name: "Pay selected" }).click();
  await page.getByLabel(`Amount for ${one}`).fill("1.00");
  await page.getByRole("radio", { name: /4444/ }).check();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(page.getByRole("heading", { name: /Receipt/ })).toBeVisible();
  await expect(page.locator("main")).toContainText(one);
});
