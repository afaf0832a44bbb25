import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { awake, logIn } from "../pages/session";

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
