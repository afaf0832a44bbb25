import { expect, type Page } from "@playwright/test";

/**
 * Writes an invoice of one line to a customer and issues it, as whoever is logged in, with freight if an amount of it is given.
 * Returns its number and address.
 */
export async function issue(page: Page, customer: string, amount: string, freight?: string) {
  await page.goto(`/write?search=${customer}`);
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  const line = page.getByRole("group", { name: "Line 1", exact: true });
  await line.getByLabel("Description").fill("Seats");
  await line.getByLabel("Quantity").fill("1");
  await line.getByLabel("Unit price").fill(amount);
  await line.getByLabel("Tax", { exact: true }).selectOption("Z");
  await line.getByLabel("Tax in %").fill("");
  if (freight) {
    const cost = page.getByRole("group", { name: "Cost 1", exact: true });
    await cost.getByLabel("Description").fill("Freight");
    await cost.getByLabel("Amount without tax").fill(freight);
  }
  await page.getByRole("button", { name: "Issue invoice" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(/^Invoice INV-/);
  const number = /INV-\S+/.exec(await heading.innerText())![0];
  return { number, path: new URL(page.url()).pathname };
}

/** An amount that no other run of a journey is likely to use, such as `1234.56`. */
export function unusual() {
  return ((Date.now() % 900_000) / 100 + 1_000).toFixed(2);
}
