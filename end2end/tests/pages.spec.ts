import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { awake, complaints, logIn } from "../pages/session";

const BUYER = ["/", "/invoices", "/invoices?side=to-pay&status=overdue", "/invoices?side=to-pay&number=nothing", "/account", "/mail", "/payments/new", "/methods", "/payments", "/payments/attempts", "/payments?number=nothing", "/credits", "/disputes", "/nowhere"];
const ADMIN = ["/", "/people", "/people/new", "/roles", "/audit", "/audit?document=nothing", "/switch", "/account", "/account/second-factor", "/account/email", "/security", "/security/single-sign-on", "/tenants", "/tenants?search=nothing", "/tenants/new", "/groups", "/company", "/company/addresses", "/sharing", "/jobs", "/jobs?state=given-up", "/door"];
const TOP = ["/tenants", "/groups", "/shared"];
const OPEN = ["/login", "/login/code", "/password", `/password/${"0".repeat(64)}`, `/invitation/${"0".repeat(64)}`, `/account/email/${"0".repeat(64)}`];
const SELLER = ["/", "/invoices", "/invoices/import", "/mail", "/payments", "/payments/attempts", "/payments/record", "/workbench", "/write", "/bank", "/bank/waiting", "/credits", "/disputes", "/credit", "/books", "/proof"];

async function clean(page: Page, address: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
  expect(found, `axe on ${address}`).toEqual([]);
}

async function fits(page: Page, address: string) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content, `${address} scrolls sideways`).toBeLessThanOrEqual(window);
}

for (const scheme of ["light", "dark"] as const) {
  test(`every page for who is not signed in opens without complaint in ${scheme}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: scheme });
    const errors = complaints(page);
    for (const address of OPEN) {
      await page.goto(address);
      await awake(page);
      await clean(page, address);
      await fits(page, address);
    }
    // The browser itself reports that the links are spent.
    expect(errors.filter((text) => !text.includes("422"))).toEqual([]);
  });

  for (const [who, addresses] of [["payer@partner.example", BUYER], ["finance@distributor.example", SELLER], ["admin@partner.example", ADMIN], ["admin@distributor.example", TOP]] as const) {
    test(`every page of ${who} opens without complaint in ${scheme}`, async ({ page }) => {
      // axe takes seconds a page on a small machine.
      test.setTimeout(300_000);
      await page.emulateMedia({ colorScheme: scheme });
      const errors = complaints(page);
      await logIn(page, who);
      for (const address of addresses) {
        errors.length = 0;
        await page.goto(address);
        await awake(page);
        await clean(page, address);
        await fits(page, address);
        // The browser itself reports a page that answers 404.
        const real = errors.filter((text) => !(address === "/nowhere" && text.includes("404")));
        expect(real, address).toEqual([]);
      }
      await page.goto("/invoices");
      const invoices = new Invoices(page);
      await awake(page);
      errors.length = 0;
      await invoices.rows.first().getByRole("link", { name: /^Details of invoice/ }).click();
      await expect(page.getByRole("heading", { name: /invoice/i, level: 1 })).toBeVisible();
      await clean(page, "an invoice by link");
      await page.reload();
      await awake(page);
      await clean(page, "an invoice directly");
      expect(errors, "an invoice").toEqual([]);
    });
  }
}

test("pages that one works in follow each other without loading the site anew, and plain ones are loaded", async ({ page }) => {
  const errors = complaints(page);
  await logIn(page, "admin@partner.example");
  await awake(page);
  await page.evaluate(() => ((window as { same?: boolean }).same = true));
  for (const name of ["Import", "Invoices"]) {
    // On a phone the menu is behind a button.
    const burger = page.getByRole("button", { name: "Menu", exact: true });
    if (await burger.isVisible()) await burger.click();
    await page.getByRole("navigation", { name: "Billing menu" }).getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name === "Import" ? /Import/ : name);
  }
  expect(await page.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page.getByText("Home Links")).toBeVisible();
  expect(await page.locator("script[type=module]").count(), "a plain page brings a program").toBe(0);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Invoices");
  await awake(page);
  expect(errors).toEqual([]);
});

test("an invoice prints without the portal around it", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  await page.goto("/invoices");
  await awake(page);
  await new Invoices(page).rows.first().getByRole("link", { name: /^Details of invoice/ }).click();
  await expect(page.getByRole("heading", { name: /invoice/i, level: 1 })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "Billing menu" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByText("Bill to")).toBeVisible();
});
