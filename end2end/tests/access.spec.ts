import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { logIn, PASSWORD } from "../pages/session";
import { issue, unusual } from "../pages/writing";

test("a viewer looks and is told why paying is not theirs", async ({ page, browser }) => {
  const context = await browser.newContext();
  const seller = await context.newPage();
  await logIn(seller, "admin@partner.example");
  const { number } = await issue(seller, "Hawthorn Printing", unusual());
  await context.close();
  await logIn(page, "viewer@customer.example");
  const invoices = new Invoices(page);
  await invoices.open(`side=to-pay&number=${number}`);
  await expect(page.getByRole("link", { name: "Pay", exact: true })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Make a payment" })).toHaveCount(0);
  await invoices.rows.first().getByRole("link", { name: /^Details/ }).click();
  await expect(page.getByText("Your role may look, not pay")).toBeVisible();
  const answer = await page.goto("/payments/new");
  expect(answer?.status()).toBe(403);
});

test("somebody else’s invoice is not found", async ({ page, browser }) => {
  await logIn(page, "payer@partner.example");
  await page.goto("/invoices?side=to-pay");
  const address = await new Invoices(page).rows.first().getByRole("link").first().getAttribute("href");
  const stranger = await browser.newPage();
  await logIn(stranger, "admin@customer.example");
  const answer = await stranger.goto(address!);
  expect(answer?.status()).toBe(404);
  await stranger.close();
});

test("each kind of tenant finds Billing where it expects it", async ({ page }) => {
  await logIn(page, "admin@distributor.example");
  // On a phone the menu is behind a button, and closes over the page like any other.
  const burger = page.getByRole("button", { name: "Menu", exact: true });
  const small = await burger.isVisible();
  if (small) await burger.click();
  await expect(page.getByRole("navigation", { name: "Billing menu" }).getByRole("link", { name: "Invoices", exact: true })).toBeVisible();
  if (small) await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "My profile" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByLabel("E-mail")).toBeVisible();
  await logIn(page, "admin@customer.example");
  await page.getByRole("button", { name: "My profile" }).click();
  await page.getByRole("link", { name: "My Account" }).click();
  await page.locator("main").getByRole("link", { name: "Billing" }).click();
  await expect(page.getByRole("heading", { name: "Invoices" })).toBeVisible();
});

test("a changed password is the one that counts", async ({ page, browser }) => {
  await logIn(page, "sales@distributor.example");
  await page.goto("/account");
  const change = async (from: string, to: string) => {
    await page.getByLabel("Password now").fill(from);
    await page.getByLabel("New password", { exact: true }).fill(to);
    await page.getByLabel("New password again").fill(to);
    await page.getByRole("button", { name: "Save" }).click();
  };
  await change(PASSWORD, "short");
  await expect(page.getByRole("alert")).toContainText("The password was not changed");
  await change(PASSWORD, "a far better phrase");
  await expect(page.getByText("The password was changed.")).toBeVisible();
  const other = await browser.newPage();
  await other.goto("/login");
  await other.getByLabel("E-mail").fill("sales@distributor.example");
  await other.getByLabel("Password").fill(PASSWORD);
  await other.getByRole("button", { name: "Log in" }).click();
  await expect(other.getByRole("alert")).toBeVisible();
  await other.close();
  await change("a far better phrase", PASSWORD);
  await expect(page.getByText("The password was changed.")).toBeVisible();
});

test("sessions elsewhere are seen and ended", async ({ page, browser }) => {
  const mail = "admin@customer.example";
  await logIn(page, mail);
  const elsewhere = await browser.newPage();
  await logIn(elsewhere, mail);
  await page.goto("/account");
  const rows = page.getByRole("table", { name: "Where you are signed in" }).getByRole("row");
  await expect(rows.filter({ hasText: "This one" })).toHaveCount(1);
  await rows.getByRole("button", { name: /^End / }).first().click();
  await expect(page.getByText("Ended. Whoever used it")).toBeVisible();
  const others = page.getByRole("button", { name: "End all others" });
  if (await others.isVisible()) await others.click();
  await expect(rows.getByRole("button", { name: /^End / })).toHaveCount(0);
  await elsewhere.goto("/invoices");
  await expect(elsewhere.getByRole("button", { name: "Log in" })).toBeVisible();
  await elsewhere.close();
});
