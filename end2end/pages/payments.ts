import { type Page } from "@playwright/test";

/** Chooses a new card and types it into the gateway's own fields. */
export async function newCard(page: Page, number: string) {
  const choice = page.getByRole("radio", { name: "New card" });
  if (await choice.count()) await choice.check();
  const fields = page.frameLocator("iframe").first();
  await fields.getByLabel("Card number").fill(number);
  await fields.getByLabel("Expiry").fill("12 / 34");
  await fields.getByLabel("CVC").fill("123");
}
