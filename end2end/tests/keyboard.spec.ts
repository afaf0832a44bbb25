import { expect, test, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { awake } from "../pages/session";

/** Presses Tab until the focus is on what has this name, and sees that it shows so. */
async function tabTo(page: Page, name: string) {
  for (let i = 0; i < 250; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const node = document.activeElement as HTMLInputElement | null;
      if (!node) return { name: "", ring: false };
      const shows = (one: Element | null) => {
        const style = one && getComputedStyle(one);
        return !!style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      };
      return {
        name: node.getAttribute("aria-label") ?? node.labels?.[0]?.innerText.trim() ?? node.textContent?.trim() ?? "",
        ring: shows(node) || shows(node.closest("label, .box, .money, td")),
      };
    });
    if (focused.name === name) {
      expect(focused.ring, `${name} shows that it has the focus`).toBe(true);
      return;
    }
  }
  throw new Error(`Tab never reaches ${name}`);
}

test("invoices are found, ticked and brought to payment with the keyboard alone", async ({ page }) => {
  // Some hundred presses of a key, each looked at.
  test.setTimeout(150_000);
  await page.goto("/login");
  await awake(page);
  await tabTo(page, "E-mail");
  await page.keyboard.type("payer@partner.example");
  await tabTo(page, "Password");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
  await awake(page);

  await tabTo(page, "Skip to content");
  await page.keyboard.press("Enter");
  const [number] = await new Invoices(page).numbers();
  await tabTo(page, `Select invoice ${number}`);
  await page.keyboard.press("Space");
  await expect(page.getByText("1 selected")).toBeVisible();
  await tabTo(page, "Pay selected");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await awake(page);
  await tabTo(page, `Amount for ${number}`);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1.00");
  await tabTo(page, "Submit");
});
