import { expect, test, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { awake } from "../pages/session";

/** Presses Tab until the focus is on what is asked for. */
async function tabTo(page: Page, role: string, name: string | RegExp) {
  for (let i = 0; i < 250; i++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    const wanted = page.getByRole(role as "link", { name, exact: typeof name === "string" });
    if ((await focused.count()) && (await wanted.and(focused).count())) {
      const ring = await focused.evaluate((node) => {
        const style = getComputedStyle(node);
        const around = getComputedStyle(node.closest("label, .box, .money, td") ?? node);
        return style.outlineStyle !== "none" || style.boxShadow !== "none" || around.outlineStyle !== "none" || around.boxShadow !== "none";
      });
      expect(ring, `${name} shows that it has the focus`).toBe(true);
      return;
    }
  }
  throw new Error(`Tab never reaches ${role} ${name}`);
}

test("invoices are found, ticked and brought to payment with the keyboard alone", async ({ page }) => {
  await page.goto("/login");
  await awake(page);
  await tabTo(page, "textbox", "E-mail");
  await page.keyboard.type("payer@partner.example");
  await tabTo(page, "textbox", "Password");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Invoices", level: 1 })).toBeVisible();
  await awake(page);

  await tabTo(page, "link", "Skip to content");
  await page.keyboard.press("Enter");
  const [number] = await new Invoices(page).numbers();
  await tabTo(page, "checkbox", `Select invoice ${number}`);
  await page.keyboard.press("Space");
  await expect(page.getByText("1 selected")).toBeVisible();
  await tabTo(page, "button", "Pay selected");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await awake(page);
  await tabTo(page, "textbox", `Amount for ${number}`);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1.00");
  await tabTo(page, "button", "Submit");
});
