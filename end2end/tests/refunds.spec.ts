import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

test("a recorded payment goes back in part, the rest was never there, and who paid sees why", async ({ page, browser }) => {
  const memo = `Cheque ${Date.now()}`;
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments/record?search=p-101");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel(/^Amount in/).fill("2.50");
  await page.getByLabel("Check number or cash payment memo").fill(memo);
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);

  await page.getByRole("link", { name: "Give back" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Give back REC-/);
  await accessible(page);
  // What is refused loses nothing that was typed.
  const part = page.getByRole("textbox", { name: /^Give back of / }).first();
  await part.fill("99");
  await page.getByLabel("Reason", { exact: true }).fill("Sent twice");
  await page.getByRole("button", { name: "Give back" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing went back");
  await expect(page.getByLabel("Reason", { exact: true })).toHaveValue("Sent twice");
  await expect(part).toHaveValue("99");
  await part.fill("1.00");
  await page.getByRole("button", { name: "Give back" }).click();
  const back = page.getByRole("table", { name: "Given back" });
  await expect(back.locator("tbody tr")).toHaveCount(1);
  await expect(back).toContainText("Sent twice");
  await expect(back).toContainText("1.00");

  await page.getByRole("link", { name: "Give back" }).click();
  await page.getByLabel(/The money never came/).check();
  await page.getByLabel("Reason", { exact: true }).fill("The cheque was returned");
  await page.getByRole("button", { name: "Give back" }).click();
  await expect(back.locator("tbody tr")).toHaveCount(2);
  await expect(back).toContainText("Reversed");
  // Nothing is left of it that could be given back or put to an invoice.
  await expect(page.getByText("All of it went back.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Give back" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Apply or take off" })).toHaveCount(0);

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(`/payments?number=${encodeURIComponent(memo)}`);
  const row = payer.getByRole("table", { name: "Payments" }).locator("tbody tr");
  await expect(row).toContainText("Reversed");
  await row.getByRole("link").first().click();
  await expect(payer.getByRole("table", { name: "Given back" })).toContainText("The cheque was returned");
  await expect(payer.getByRole("link", { name: "Give back" })).toHaveCount(0);
  await context.close();
});

test("the rest of a credit note is paid out", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/invoices?side=issued&status=paid");
  await page.getByRole("link", { name: /^Details of invoice/ }).first().click();
  await page.getByRole("link", { name: "Credit note", exact: true }).click();
  await page.getByLabel("What happened").fill("It broke");
  await page.getByRole("textbox", { name: /^Credit for / }).first().fill("1");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await page.getByRole("link", { name: "Pay out" }).click();
  await page.getByLabel("Reason", { exact: true }).fill("By transfer");
  await page.getByRole("button", { name: "Pay out" }).click();
  await expect(page.getByText("It was paid out.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Pay out" })).toHaveCount(0);
});
