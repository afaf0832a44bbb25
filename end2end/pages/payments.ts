import { type Page } from "@playwright/test";

/** Chooses a new card and types it into the gateway's own fields. */
export async function newCard(page: Page, number: string) {
  // The page is there before it is asked whether the payer has cards to choose from.
  await page.getByRole("button", { name: "Submit", exact: true }).waitFor();
  const choice = page.getByRole("radio", { name: "New card" });
  if (await choice.count()) await choice.check();
  const fields = page.frameLocator("iframe").first();
  await fields.getByLabel("Card number").fill(number);
  await fields.getByLabel("Expiry").fill("12 / 34");
  await fields.getByLabel("CVC").fill("123");
}
