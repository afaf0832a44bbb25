import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

const PDF = Buffer.from("%PDF-1.4\n%%EOF\n");

test("the picture of a check is attached, refused if it is none, replaced, and read by the customer", async ({ page, browser }) => {
  const memo = `Check ${Date.now()}`;
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments/record?search=p-101");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel(/^Amount in/).fill("1.21");
  await page.getByLabel("Check number or cash payment memo").fill(memo);
  await page.getByLabel("Attachment").setInputFiles({ name: "check.pdf", mimeType: "application/pdf", buffer: Buffer.from("<html>") });
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("alert")).toContainText("The file is no PDF, PNG or JPEG.");
  await expect(page.getByLabel("Check number or cash payment memo")).toHaveValue(memo);
  await accessible(page);
  await page.getByLabel("Attachment").setInputFiles({ name: "check.pdf", mimeType: "application/pdf", buffer: PDF });
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByText("The payment was recorded.")).toBeVisible();
  await expect(page.getByRole("link", { name: "check.pdf" })).toBeVisible();
  const receipt = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Attach a file" }).click();
  await expect(page.getByText("check.pdf is attached.")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Attach the file" }).click();
  await expect(page.getByRole("alert")).toContainText("This field is empty.");
  await page.getByLabel("Attachment").setInputFiles({ name: "both sides.pdf", mimeType: "application/pdf", buffer: PDF });
  await page.getByRole("button", { name: "Attach the file" }).click();
  await expect(page.getByRole("link", { name: "both sides.pdf" })).toBeVisible();

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(receipt);
  const download = payer.waitForEvent("download");
  await payer.getByRole("link", { name: "both sides.pdf" }).click();
  expect((await download).suggestedFilename()).toBe("both sides.pdf");
  await expect(payer.getByRole("link", { name: "Attach a file" })).toHaveCount(0);
  await context.close();

  const strangers = await browser.newContext();
  const stranger = await strangers.newPage();
  await logIn(stranger, "admin@customer.example");
  const answer = await stranger.request.get(receipt.replace("/payments/", "/attachment/"));
  expect(answer.status()).toBe(404);
  await strangers.close();
});
