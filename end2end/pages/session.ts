import { expect, type Page } from "@playwright/test";

export const PASSWORD = "correct horse battery";

/** Signs in through the page, as a person does. */
export async function logIn(page: Page, email: string) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
}

/** Collects everything that a page complains about: console errors, warnings of hydration, broken policies. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" || /hydrat|panicked/i.test(text)) found.push(text);
  });
  page.on("pageerror", (error) => found.push(error.message));
  return found;
}

/** Waits until the program has woken the page: from then on clicks are answered in the browser. Plain pages have none. */
export async function awake(page: Page) {
  await page.waitForFunction(
    () => document.documentElement.dataset.awake === "true" || !document.querySelector("script[type=module]"),
  );
}
