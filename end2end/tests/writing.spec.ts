import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

/** The customers of the other journeys keep their open invoices. */
const CUSTOMER = "p-105";

test("an invoice is written, issued, changed, and who is billed sees what changed", async ({ page, browser }) => {
  const what = `Seats ${Date.now()}`;
  await logIn(page, "sales@distributor.example");
  await page.goto("/invoices?side=issued");
  await page.getByRole("link", { name: "New invoice" }).click();
  await page.getByLabel("Name or external ID").fill("p-101");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  const line = (n: number) => page.getByRole("group", { name: `Line ${n}`, exact: true });
  const cost = (n: number) => page.getByRole("group", { name: `Cost ${n}`, exact: true });
  await accessible(page);

  // What is refused loses nothing that was typed.
  await line(1).getByLabel("Description").fill(what);
  await line(1).getByLabel("Quantity").fill("10");
  await line(1).getByLabel("Unit price").fill("five");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("alert")).toContainText("“five” is not an amount");
  await expect(line(1).getByLabel("Description")).toHaveValue(what);
  await line(1).getByLabel("Unit price").fill("5");
  await line(1).getByLabel("Tax", { exact: true }).selectOption("Z");
  await line(1).getByLabel("Tax in %").fill("");
  await cost(1).getByLabel("Description").fill("Freight");
  await cost(1).getByLabel("Amount without tax").fill("-4");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(cost(1).getByLabel("Amount without tax")).toHaveAttribute("aria-invalid", "true");
  await expect(cost(1).getByLabel("Description")).toHaveValue("Freight");
  await cost(1).getByLabel("Amount without tax").fill("4");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText("It is a draft: it can be paid once it is issued.")).toBeVisible();
  await expect(page.locator("main")).toContainText("54.00");

  await page.getByRole("link", { name: "Edit or issue" }).click();
  await expect(line(1).getByLabel("Description")).toHaveValue(what);
  await page.getByRole("button", { name: "Issue invoice" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice INV-/);
  const invoice = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Change", exact: true }).click();
  await line(1).getByLabel("Quantity").fill("8");
  await cost(1).getByLabel("Amount without tax").fill("3");
  await page.getByLabel("Why it is changed").fill("Two seats too many");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice INV-/);
  await expect(page.locator("main")).toContainText("43.00");
  await expect(page.locator("main").getByText("Freight")).toBeVisible();

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Change", exact: true })).toHaveCount(0);
  await payer.getByRole("link", { name: "Changes" }).click();
  await expect(payer.getByRole("heading", { name: "Two seats too many" })).toBeVisible();
  const changed = payer.getByRole("table", { name: "What was changed" });
  await expect(changed.getByRole("row").filter({ hasText: what })).toContainText("10 ×");
  await expect(changed.getByRole("row").filter({ hasText: what })).toContainText("8 ×");
  await expect(changed.getByRole("row").filter({ hasText: "Freight" })).toContainText(/4\.00.*3\.00/);
  await context.close();
  await page.goto(invoice.replace("invoices", "revisions"));
  await accessible(page);
});

test("an invoice of seven lines is added up, issued and changed in one go each", async ({ page }) => {
  const what = `Item ${Date.now()}`;
  await logIn(page, "sales@distributor.example");
  await page.goto(`/write?search=${CUSTOMER}`);
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  const line = (n: number) => page.getByRole("group", { name: `Line ${n}`, exact: true });
  const cost = (n: number) => page.getByRole("group", { name: `Cost ${n}`, exact: true });
  const sums = page.getByRole("status", { name: "What it comes to" });
  const sum = (name: string) => sums.locator("dl div").filter({ hasText: name }).locator("dd").last();
  const fill = async (n: number) => {
    await line(n).getByLabel("Description").fill(`${what} ${n}`);
    await line(n).getByLabel("Unit price").fill("10");
    await line(n).getByLabel("Tax", { exact: true }).selectOption("S");
    await line(n).getByLabel("Tax in %").fill("19");
  };
  const addUp = () => page.getByRole("button", { name: "Add it up" }).click();

  // More lines come as they are filled, and what is wrong loses nothing.
  for (const n of [1, 2, 3]) await fill(n);
  await expect(line(4)).toHaveCount(0);
  await line(3).getByLabel("Unit price").fill("ten");
  await addUp();
  await expect(page.getByRole("alert")).toContainText("“ten” is not an amount");
  await expect(sums).toHaveCount(0);
  await line(3).getByLabel("Unit price").fill("10");
  await addUp();
  await expect(sum("Total without tax")).toContainText("30.00");
  await expect(sums).toContainText("Nothing was kept yet.");
  for (const n of [4, 5, 6]) await fill(n);
  await cost(1).getByLabel("Description").fill("Freight");
  await cost(1).getByLabel("Amount without tax").fill("20");
  await cost(2).getByLabel("Description").fill("Handling");
  await cost(2).getByLabel("Amount without tax").fill("10");
  await addUp();
  await fill(7);
  await expect(cost(3)).toBeVisible();
  await page.getByLabel("Note on the document").fill("As agreed");
  await addUp();
  await expect(sum("Sum of lines")).toContainText("70.00");
  await expect(sum("Freight")).toContainText("20.00");
  await expect(sum("Total without tax")).toContainText("100.00");
  await expect(sum("Tax 19")).toContainText("19.00");
  await expect(sums.locator(".sum dd")).toContainText("119.00");
  await expect(page.getByLabel("Note on the document")).toHaveValue("As agreed");
  await accessible(page);
  await page.getByRole("button", { name: "Issue invoice" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Invoice INV-/);
  await expect(page.locator("main")).toContainText(`${what} 7`);
  await expect(page.locator("main")).toContainText("119.00");
  const invoice = new URL(page.url()).pathname;

  // A change is added up without its reason, and keeps the one that was typed.
  await page.getByRole("link", { name: "Change", exact: true }).click();
  await fill(8);
  await addUp();
  await expect(sums.locator(".sum dd")).toContainText("130.90");
  await page.getByLabel("Why it is changed").fill("One was forgotten");
  await addUp();
  await expect(page.getByLabel("Why it is changed")).toHaveValue("One was forgotten");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Changed on")).toBeVisible();
  await expect(page.locator("main")).toContainText("revision 2");
  await expect(page.locator("main")).toContainText("130.90");

  // What it was is there as the document that it was.
  await page.goto(invoice.replace("invoices", "revisions"));
  await page.getByRole("link", { name: "Revision 1, as it was before" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("revision 1");
  await expect(page.getByText("Replaced on")).toBeVisible();
  await expect(page.locator("main")).toContainText("119.00");
  await expect(page.locator("main")).not.toContainText("130.90");
  const script = test.info().project.name !== "no-script";
  await expect(page.getByRole("button", { name: "Print" })).toHaveCount(script ? 1 : 0);
  await accessible(page);
});

test("a draft is deleted, and a paid invoice cannot be changed", async ({ page }) => {
  await logIn(page, "sales@distributor.example");
  await page.goto("/write?search=p-101");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel("Description").first().fill("Never issued");
  await page.getByLabel("Unit price").first().fill("1");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("link", { name: "Edit or issue" }).click();
  await page.getByRole("button", { name: "Delete draft" }).click();
  await expect(page).toHaveURL(/status=draft/);
  await expect(page.getByText("Never issued")).toHaveCount(0);
  await page.goto("/invoices?side=issued&status=paid");
  await page.getByRole("link", { name: /^Details of invoice/ }).first().click();
  await expect(page.getByRole("link", { name: "Change", exact: true })).toHaveCount(0);
});
