import { expect, test, type Page } from "@playwright/test";
import { Invoices } from "../pages/invoices";
import { awake, complaints, logIn } from "../pages/session";

const HEAD = "Invoice no,Customer,Invoice date,Due date,Item,Qty,Rate,Tax %,Currency";

/** Uploads a file of lines and waits until it is checked or asks for columns. */
async function upload(page: Page, name: string, text: string) {
  await page.goto("/invoices/import");
  await page.locator("#file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Upload and check" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** Says that the item is the description, which the file does not say, and checks again. */
async function match(page: Page) {
  await page.getByLabel("Column of Description").selectOption("Item");
  await page.getByLabel("Column of Item code").selectOption("Not in the file");
  await page.getByRole("button", { name: "Check with these columns" }).click();
}

test("a file is mapped, looked at, imported, and taken back as long as nothing hangs on it", async ({ page, browser }) => {
  const errors = complaints(page);
  await logIn(page, "finance@distributor.example");
  const run = Date.now();
  const [one, two] = [`ERP-${run}-1`, `ERP-${run}-2`];
  await upload(page, `erp-${run}.csv`, [
    HEAD,
    `${one},Bluepeak IT Services,2026-11-01,2026-12-01,Microsoft 365 Business Premium,10,20.00,0,USD`,
    `${one},Bluepeak IT Services,2026-11-01,2026-12-01,Azure usage,1,153.27,0,USD`,
    `${two},Bluepeak IT Services,2026-11-02,2026-12-02,Backup 1 TB,4,12.50,0,USD`,
  ].join("\n"));
  await match(page);
  await expect(page.getByText("403.27")).toBeVisible();
  await page.getByRole("button", { name: /^Import/ }).click();
  await expect(page.getByText("Imported").first()).toBeVisible({ timeout: 20_000 });

  // The customer has them to pay at once.
  const buyer = await browser.newPage();
  await logIn(buyer, "payer@partner.example");
  await buyer.goto(`/invoices?side=to-pay&number=${one}`);
  await expect(new Invoices(buyer).row(one)).toContainText("353.27");

  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(page.getByText("Undone").first()).toBeVisible({ timeout: 20_000 });
  await buyer.reload();
  await expect(buyer.getByText("No invoice matches")).toBeVisible();
  await buyer.close();
  expect(errors).toEqual([]);
});

test("what is wrong in a file is said with its line and column, and nothing is written", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  const run = Date.now();
  await upload(page, `bad-${run}.csv`, [
    HEAD,
    `BAD-${run}-1,Nobody We Know,2026-11-02,2026-12-02,Backup 1 TB,4,12.50,0,USD`,
    `BAD-${run}-2,Bluepeak IT Services,2026-13-02,2026-12-02,Backup 1 TB,x,12.50,0,USD`,
  ].join("\n"));
  await match(page);
  const problems = page.getByRole("table", { name: /Problems/ });
  await expect(problems).toContainText("Nobody We Know");
  await expect(problems).toContainText("Invoice date");
  await expect(problems).toContainText("Qty");
  await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
  await page.goto(`/invoices?side=issued&number=BAD-${run}`);
  await expect(page.getByText("No invoice matches")).toBeVisible();
});

test("a file that is none is refused in words", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/invoices/import");
  await awake(page);
  await page.locator("#file").setInputFiles({ name: "photo.csv", mimeType: "text/csv", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]) });
  await page.getByRole("button", { name: "Upload and check" }).click();
  await expect(page.locator("main")).toContainText(/not|cannot/i);
  await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
});
