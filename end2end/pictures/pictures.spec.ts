import { test, type Page } from "@playwright/test";
import { newCard } from "../pages/payments";
import { Invoices } from "../pages/invoices";
import { awake, logIn } from "../pages/session";

// The pictures of the guides, made from demo data: npm run pictures
const picture = (page: Page, name: string) => page.screenshot({ path: `../docs/pictures/${name}.png` });

test("for who pays", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  const invoices = new Invoices(page);
  await invoices.open();
  await awake(page);
  const chosen = (await invoices.numbers()).slice(1, 4);
  for (const number of chosen) await invoices.select(number);
  await picture(page, "invoices");
  await invoices.row(chosen[0]).getByRole("link", { name: /^Details/ }).click();
  await page.getByRole("heading", { level: 1, name: chosen[0] }).waitFor();
  await picture(page, "invoice");
  await page.goBack();
  await page.getByRole("button", { name: "Pay selected" }).click();
  await page.getByRole("heading", { name: "Make a payment" }).waitFor();
  await newCard(page, "4242424242424242");
  await picture(page, "payment");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.getByRole("heading", { name: /receipt/i }).first().waitFor({ timeout: 30_000 });
  await picture(page, "receipt");
});

test("for who bills", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/invoices/import");
  const lines = ["Invoice no,Customer,Invoice date,Due date,Description,Quantity,Unit price,Tax %,Currency"];
  const customers = ["Bluepeak IT Services", "Summit & Vale Consulting"];
  for (let n = 1; n <= 12; n += 1) {
    const day = String(n).padStart(2, "0");
    lines.push(`ERP-70${day},${customers[n % 2]},2026-11-${day},2026-12-${day},Microsoft 365 Business Premium,${n + 3},20.00,0,USD`);
    lines.push(`ERP-70${day},${customers[n % 2]},2026-11-${day},2026-12-${day},Azure usage,1,${(n * 37.31).toFixed(2)},0,USD`);
  }
  await page.locator("#file").setInputFiles({ name: "november.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.getByRole("button", { name: "Upload and check" }).click();
  await page.getByRole("heading", { name: "november.csv", level: 1 }).waitFor();
  const check = page.getByRole("button", { name: "Check with these columns" });
  if (await check.isVisible()) await check.click();
  await page.getByRole("button", { name: /^Import/ }).waitFor();
  await picture(page, "import");
});

test("for who keeps the books", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments/record?search=p-110");
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel(/^Amount in/).fill("2,500.00");
  await page.getByLabel("Check number or cash payment memo").fill("Check 10442");
  await picture(page, "record");
  const day = new Date(Date.now() - 50 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/books?on=${day}`);
  await page.getByRole("table", { name: "Customers" }).first().waitFor();
  await picture(page, "books");
});

test("for who runs the portal", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  await page.goto("/people/new");
  await page.getByLabel("Name").fill("Nora Lindgren");
  await page.getByLabel("E-mail").fill("nora@partner.example");
  await page.getByLabel("Role when selling").selectOption("Finance");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("The invitation is on its way.").waitFor();
  await page.goto("/people");
  await page.getByRole("table", { name: "Invited" }).waitFor();
  await picture(page, "people");
  await page.goto("/roles");
  await page.getByRole("table", { name: "Roles when selling" }).waitFor();
  await picture(page, "roles");
});
