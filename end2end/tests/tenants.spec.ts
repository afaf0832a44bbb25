import { expect, test, type Page } from "@playwright/test";
import { linkInMail } from "../pages/people";
import { logIn, PASSWORD } from "../pages/session";

/** Fills in the page `New partner` or `New customer`. */
async function fillIn(page: Page, name: string, email: string) {
  await page.getByLabel("Legal name").fill(name);
  await page.getByLabel("Street and number").fill("5 Quay");
  await page.getByLabel("City").fill("Bergen");
  await page.getByLabel("Country").selectOption({ label: "Norway" });
  await page.getByLabel("Name of the lead contact").fill("Lena Lead");
  await page.getByLabel("E-mail of the lead contact").fill(email);
}

test("a partner is made, waits for its group, makes a customer, and is suspended", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const mark = Date.now();
  const [group, partner, customer] = [`Wave ${mark}`, `Hansa ${mark}`, `Fisk ${mark}`];
  await logIn(page, "admin@distributor.example");
  await page.goto("/groups");
  await page.getByLabel("Name", { exact: true }).fill(group);
  await page.getByRole("button", { name: "Make the group" }).click();
  await expect(page.getByText("It is not switched on yet.")).toBeVisible();

  await page.goto("/tenants/new");
  await page.getByRole("button", { name: /^Make the partner/ }).click();
  // The browser itself asks for what is missing; what it lets through, the server refuses by field.
  await fillIn(page, partner, "not an address@");
  await page.locator("main form").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await page.getByRole("button", { name: /^Make the partner/ }).click();
  await expect(page.getByRole("alert")).toContainText("is not an e-mail address");
  await expect(page.getByLabel("Legal name")).toHaveValue(partner);
  await page.getByLabel("E-mail of the lead contact").fill(`lena.${mark}@hansa.example`);
  await page.getByLabel("Group").selectOption({ label: `${group} (not switched on)` });
  await page.getByRole("button", { name: /^Make the partner/ }).click();
  await expect(page.getByText("the invitation is on its way")).toBeVisible();
  await expect(page.getByText("Not switched on", { exact: true })).toBeVisible();

  const link = await linkInMail(page, new RegExp(`${partner} invites you`));
  const context = await browser.newContext();
  const lena = await context.newPage();
  await lena.goto(link);
  await lena.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await lena.getByLabel("New password again").fill(PASSWORD);
  await lena.getByRole("button", { name: "Accept" }).click();
  await expect(lena.getByRole("heading", { level: 1 })).toHaveText(`${partner} is not switched on yet`);
  await expect(lena.locator("main")).toContainText("bills reach you the way they did before");
  await lena.goto("/invoices");
  await expect(lena).toHaveURL(/\/door$/);

  await page.goto("/groups");
  await page.getByRole("button", { name: `Switch on ${group}` }).click();
  await expect(page.getByText("The group is switched on.")).toBeVisible();
  await lena.goto("/tenants/new");
  await fillIn(lena, customer, `finn.${mark}@fisk.example`);
  await lena.getByRole("button", { name: /^Make the customer/ }).click();
  await expect(lena.getByText("the invitation is on its way")).toBeVisible();
  await lena.goto("/tenants");
  await expect(lena.getByRole("table", { name: "Customers" })).toContainText(customer);

  // The distributor sees its partner, and nothing of whom that one sells to.
  await page.goto(`/tenants?search=${mark}`);
  await expect(page.getByRole("table", { name: "Partners" }).locator("tbody tr")).toHaveCount(1);
  await page.getByRole("link", { name: partner }).click();
  await page.getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByRole("alert")).toContainText("This field is empty");
  await page.getByLabel("Reason").fill("The contract ended");
  await page.getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByText("It is suspended.")).toBeVisible();
  await lena.goto("/tenants");
  await expect(lena.getByRole("heading", { level: 1 })).toHaveText(`${partner} is suspended`);
  await expect(lena.locator("main")).toContainText("The contract ended");
  await page.getByRole("button", { name: "Let in again" }).click();
  await expect(page.getByText("Its people can work again.")).toBeVisible();
  await lena.goto("/tenants");
  await expect(lena.getByRole("heading", { level: 1 })).toHaveText("Customers");
  await context.close();
});

test("a partner lets the distributor see its invoices, and ends it", async ({ page, browser }) => {
  await logIn(page, "admin@partner.example");
  const name = await page.locator("header .tenant").innerText();
  await page.goto("/sharing");
  const stop = page.getByRole("button", { name: /^Stop sharing/ });
  // A run that broke off may have left it shared.
  if (await stop.isVisible()) await stop.click();
  await page.getByRole("button", { name: /^Let .* see our invoices$/ }).click();
  await expect(page.getByText("They can see the invoices that you issue")).toBeVisible();

  const context = await browser.newContext();
  const top = await context.newPage();
  await logIn(top, "finance@distributor.example");
  await top.goto("/shared");
  await top.getByRole("link", { name, exact: true }).click();
  await expect(top.getByRole("heading", { level: 1 })).toHaveText(`Invoices of ${name}`);
  const address = top.url();
  await top.getByLabel("Status").selectOption({ label: "Paid" });
  await top.getByRole("button", { name: "Filter" }).click();
  const rows = top.getByRole("table", { name: "Shared invoices" }).locator("tbody tr");
  await expect(rows.first()).toContainText("Paid");
  await rows.first().getByRole("link").click();
  await expect(top.getByText("Bill to")).toBeVisible();
  await expect(top.getByRole("link", { name: /^Pay( |$)/ })).toHaveCount(0);

  await stop.click();
  await expect(page.getByText("They cannot see your invoices any more.")).toBeVisible();
  const gone = await top.goto(address);
  expect(gone?.status()).toBe(404);
  await context.close();
});

test("a company changes its name, its colour and its logo", async ({ page }) => {
  await logIn(page, "admin@customer.example");
  await page.goto("/company");
  const before = await page.getByLabel("Legal name").inputValue();
  const colour = await page.getByLabel("Colour").inputValue();
  await page.getByLabel("Colour").selectOption(colour === "rose" ? "teal" : "rose");
  await page.getByLabel("Legal name").fill(`${before} Nord`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The changes were saved.")).toBeVisible();
  await expect(page.locator("header .tenant")).toHaveText(`${before} Nord`);
  await page.getByLabel("Legal name").fill(before);
  await page.getByLabel("Colour").selectOption(colour);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator("header .tenant")).toHaveText(before);

  const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await page.getByLabel("Picture").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByRole("button", { name: "Save the logo" }).click();
  await expect(page.getByRole("alert")).toContainText("is not a PNG, JPEG or WebP picture");
  await page.getByLabel("Picture").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") });
  await page.getByRole("button", { name: "Save the logo" }).click();
  await expect(page.getByText("The logo was saved.")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Logo of/ })).toBeVisible();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("The logo was removed.")).toBeVisible();
});

test("a company keeps more addresses and tax IDs, and is told of a mistyped one", async ({ page }) => {
  const name = `Depot ${Date.now()}`;
  await logIn(page, "admin@partner.example");
  await page.goto("/company");
  await page.getByRole("link", { name: "Addresses & tax IDs" }).click();
  await page.getByLabel("Name of the address").fill(name);
  await page.getByLabel("For", { exact: true }).selectOption({ label: "Delivery" });
  await page.getByLabel("Street and number").fill("4 Quay");
  await page.getByLabel("City").fill("Bergen");
  await page.getByLabel("Country", { exact: true }).selectOption({ label: "Norway" });
  await page.getByRole("button", { name: "Add the address" }).click();
  await expect(page.getByText("The address was added.")).toBeVisible();
  const row = page.getByRole("table", { name: "Addresses" }).getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Delivery");
  await row.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("The address was removed.")).toBeVisible();

  await page.getByLabel("Country that gave it").selectOption({ label: "Germany" });
  await page.getByLabel("Number", { exact: true }).fill("DE136695977");
  await page.getByRole("button", { name: "Add the tax ID" }).click();
  await expect(page.locator("#number-error")).toContainText("look for a mistyped digit");
  await expect(page.getByLabel("Number", { exact: true })).toHaveValue("DE136695977");
  await page.getByLabel("Number", { exact: true }).fill("DE 136 695 976");
  await page.getByRole("button", { name: "Add the tax ID" }).click();
  await expect(page.getByText("The tax ID was added.")).toBeVisible();
  const number = page.getByRole("table", { name: "Tax IDs" }).getByRole("row").filter({ hasText: "DE136695976" });
  await number.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByText("The tax ID was removed.")).toBeVisible();
});
