import { expect, test, type APIRequestContext } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

/** Calls without a browser's cookies, as a program does. */
const as = (key: string) => ({ Authorization: `Bearer ${key}` });

/** An issued invoice on which something is open and nothing is being paid. */
async function openInvoice(request: APIRequestContext, key: string) {
  const answer = await request.get("/api/v1/invoices?side=issued&status=open,overdue&currency=USD&limit=100", { headers: as(key) });
  expect(answer.status()).toBe(200);
  const { data } = await answer.json();
  const found = data.find((one: { open: number; pending: number }) => one.open > 200 && one.pending === 0);
  if (!found) throw new Error("the demo data has no open invoice");
  return found as { id: string; number: string; open: number; counterparty: string };
}

test("a program gets a key, records a payment and loses the key", async ({ page, playwright, baseURL }) => {
  // A context of its own: it has no cookie of the browser's.
  const request = await playwright.request.newContext({ baseURL });
  const name = `ERP ${test.info().project.name} ${Date.now()}`;
  await logIn(page, "admin@distributor.example");
  await page.goto("/company");
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys", level: 1 })).toBeVisible();

  // What was typed comes back, and the error names the field.
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("It works for").selectOption("90 days");
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed");
  await expect(page.locator("#may-error")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await expect(page.getByLabel("It works for")).toHaveValue("quarter");

  await page.getByLabel("See issued invoices").check();
  await page.getByLabel("Record payments and apply money").check();
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByText("The key was made.")).toBeVisible();
  const key = await page.locator("#secret").innerText();
  expect(key).toMatch(/^qk_[0-9a-f]{64}$/);
  expect(page.url()).not.toContain(key);
  await accessible(page);
  await page.reload();
  await expect(page.locator("#secret"), "it is shown once").toHaveCount(0);
  const row = page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Works");
  await expect(row).toContainText(key.slice(0, 11));

  // The program calls; the browser's session does not open the same.
  expect((await page.request.get("/api/v1/invoices?side=issued")).status()).toBe(401);
  expect((await request.get("/people", { headers: as(key), maxRedirects: 0 })).status()).toBe(303);
  const invoice = await openInvoice(request, key);
  const once = `journey-${Date.now()}-${test.info().project.name}`;
  const pay = () => request.post("/api/v1/payments", {
    headers: { ...as(key), "Idempotency-Key": once },
    data: {
      currency: "USD", amount: 150, paid_on: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10), memo: once,
      invoices: [{ id: invoice.id, amount: 100 }],
    },
  });
  const answer = await pay();
  expect(answer.status()).toBe(201);
  const recorded = await answer.json();
  expect(recorded.unapplied).toBe(50);
  expect(await (await pay()).json(), "the same answer again").toEqual(recorded);
  const refused = await request.post("/api/v1/payments", {
    headers: { ...as(key), "Idempotency-Key": `${once}-2` },
    data: { currency: "USD", amount: "1.00", paid_on: "2026-01-01", invoices: [{ id: invoice.id, amount: 1 }] },
  });
  expect(refused.status()).toBe(422);
  expect((await refused.json()).errors[0].pointer).toBe("/amount");

  // People see it where they see what people did.
  await page.goto(`/payments/${recorded.id}`);
  await expect(page.locator("main")).toContainText(recorded.receipt_number);
  await expect(page.locator("main")).toContainText(once);
  await page.goto(`/invoices/${invoice.id}`);
  await expect(page.locator("main")).toContainText(`${name} (API key)`);
  await page.goto("/audit");
  await page.getByLabel("API key", { exact: true }).selectOption({ label: name });
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/key=/);
  const told = page.getByRole("table", { name: "Audit" }).locator("tbody tr");
  await expect(told).toHaveCount(2);
  await expect(told.first()).toContainText(name);
  await expect(told.first()).toContainText("API key");

  await page.goto("/company/keys");
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await expect(page.getByText("The key was revoked.")).toBeVisible();
  await expect(row).toContainText("Revoked");
  await accessible(page);
  const late = await pay();
  expect(late.status()).toBe(401);
  expect(late.headers()["content-type"]).toBe("application/problem+json");
  await request.dispose();
});

test("who does not look after the company makes no keys", async ({ page }) => {
  await logIn(page, "sales@distributor.example");
  expect((await page.goto("/company/keys"))?.status()).toBe(403);
});
