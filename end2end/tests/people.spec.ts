import { expect, test } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { newCard } from "../pages/payments";
import { inviteAndJoin, linkInMail } from "../pages/people";
import { awake, complaints, logIn, PASSWORD } from "../pages/session";

/** An address that no other run used. */
const fresh = (name: string) => `${name}.${Date.now()}@new.example`;

test("who is invited sets a password and makes a first payment", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await logIn(page, "admin@partner.example");
  const name = `Nora New ${Date.now()}`;
  const nora = await inviteAndJoin(page, browser, name, fresh("nora"), { buying: "Payer" });
  const errors = complaints(nora);
  await nora.getByRole("link", { name: /Invoices to pay/ }).click();
  const invoices = new Invoices(nora);
  await invoices.open();
  await invoices.rows.first().getByRole("link", { name: "Pay", exact: true }).click();
  await expect(nora.getByRole("heading", { name: "Make a payment" })).toBeVisible();
  await awake(nora);
  await newCard(nora, "4242 4242 4242 4242");
  await nora.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(nora.getByRole("heading", { name: /Receipt/ })).toBeVisible({ timeout: 30_000 });
  await expect(nora.locator("main")).toContainText(name);
  expect(errors).toEqual([]);

  // Her admin sees her, what she may do, and what she did; and shuts her out.
  await page.goto("/people");
  await page.getByRole("table", { name: "People" }).getByRole("link", { name }).click();
  await expect(page.getByText("Pay invoices and save cards")).toBeVisible();
  await expect(page.getByText("Import invoices")).toHaveCount(0);
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("cannot work here for now")).toBeVisible();
  await nora.goto("/invoices");
  await expect(nora.getByRole("button", { name: "Log in" })).toBeVisible();
  await page.goto("/audit");
  const newest = page.getByRole("table", { name: "Audit" }).locator("tbody tr").first();
  await expect(newest).toContainText("Disabled");
  await expect(newest).toContainText("Morgan Reyes");
  await nora.context().close();
});

test("a permission switched off in one browser is refused in the other", async ({ page, browser }) => {
  await logIn(page, "admin@partner.example");
  const context = await browser.newContext();
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  const flip = async (on: boolean) => {
    await page.goto("/roles");
    await page.getByLabel("Payer: Pay invoices and save cards").setChecked(on);
    await page.getByRole("button", { name: "Save Payer" }).click();
    await expect(page.getByText("The permissions were changed.")).toBeVisible();
  };
  await flip(false);
  await expect(page.getByLabel("Payer: Pay invoices and save cards")).not.toBeChecked();
  const refused = await payer.goto("/payments/new");
  expect(refused?.status()).toBe(403);
  await expect(payer.getByText("Your role does not allow this")).toBeVisible();
  await expect(payer.getByRole("link", { name: "Make a payment" })).toHaveCount(0);
  await flip(true);
  const allowed = await payer.goto("/payments/new");
  expect(allowed?.status()).toBe(200);
  await context.close();
});

test("a role of one’s own is made, given, and not deleted while somebody has it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await logIn(page, "admin@partner.example");
  const name = `Clerk ${Date.now()}`;
  await page.goto("/roles");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Begins as").selectOption("Sales when selling");
  await page.getByRole("button", { name: "Make the role" }).click();
  await expect(page.getByText("The role was made.")).toBeVisible();
  await page.getByLabel(`${name}: See the audit`).check();
  await page.getByRole("button", { name: `Save ${name}` }).click();
  const clerk = await inviteAndJoin(page, browser, "Cleo Clerk", fresh("cleo"), { selling: name });
  await clerk.goto("/audit");
  await expect(clerk.getByRole("table", { name: "Audit" })).toBeVisible();
  expect((await clerk.goto("/invoices/import"))?.status()).toBe(403);
  await page.goto("/roles");
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await expect(page.getByRole("alert")).toContainText("One person has this role");
  await clerk.context().close();
});

test("who forgot the password sets a new one through a mail", async ({ page, browser }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail").fill("viewer@customer.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a mail is on its way")).toBeVisible();
  const context = await browser.newContext();
  const admin = await context.newPage();
  await logIn(admin, "admin@customer.example");
  const link = await linkInMail(admin, /Set a new password/, "to-pay");
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("New password again").fill("something else");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("differ");
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("New password again").fill(PASSWORD);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The new password is set.")).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await logIn(page, "viewer@customer.example");
  await context.close();
});

test("Administration has a menu of its own, for who has anything to do there", async ({ page }) => {
  await logIn(page, "admin@customer.example");
  await page.getByRole("link", { name: /choose where to work/ }).click();
  await expect(page.getByRole("heading", { name: "Choose where to work" })).toBeVisible();
  await page.locator("main").getByRole("link", { name: "Administration" }).click();
  const burger = page.getByRole("button", { name: "Menu", exact: true });
  for (const name of ["Roles & Permissions", "Audit", "People"]) {
    if (await burger.isVisible()) await burger.click();
    await page.getByRole("navigation", { name: "Administration menu" }).getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await page.goto("/");
  await page.getByRole("button", { name: "My profile" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await logIn(page, "viewer@customer.example");
  await page.goto("/switch");
  await expect(page.locator("main").getByRole("link", { name: "Administration" })).toHaveCount(0);
  expect((await page.goto("/people"))?.status()).toBe(403);
});
