import { expect, test, type APIRequestContext, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { minor } from "../pages/invoices";
import { logIn } from "../pages/session";
import { unusual } from "../pages/writing";

/** Charges a card at the gateway itself, which listens beside the portal. */
async function charge(request: APIRequestContext, portal: string, price: string, description: string) {
  const gateway = new URL(portal);
  gateway.port = String(Number(gateway.port) + 1);
  const post = async (path: string, form: Record<string, string>) => {
    const headers = { authorization: "Bearer sk_test_quittance_sandbox" };
    const answer = await request.post(`${gateway.origin}/v1/${path}`, { form, headers });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as { id: string };
  };
  const card = await post("payment_methods", {
    type: "card", "card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123",
  });
  const intent = { amount: String(minor(price)), currency: "usd", payment_method: card.id, description, confirm: "true" };
  return (await post("payment_intents", intent)).id;
}

/** Has the portal compare, and waits until it has. */
async function compare(page: Page) {
  await page.goto("/compared");
  await page.getByRole("button", { name: "Compare now" }).click();
  await expect(async () => {
    await page.goto("/compared");
    await expect(page.getByRole("button", { name: "Compare now" })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

test("a charge behind the portal's back is found, recorded once, and another one settled", async ({ page, request, baseURL }) => {
  const price = unusual();
  const grouped = Number(price).toLocaleString("en-US", { minimumFractionDigits: 2 });
  const run = `Order by phone ${price}`;
  const reference = await charge(request, baseURL ?? "", price, run);
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments");
  await page.getByRole("link", { name: "Compared with the gateway" }).click();
  await compare(page);
  await accessible(page);
  const open = page.getByRole("table", { name: "Open" }).locator("tbody tr").filter({ hasText: grouped });
  await expect(open).toHaveCount(1);
  await open.getByRole("link", { name: "Charged at the gateway alone" }).click();
  await expect(page.getByText(run)).toBeVisible();
  await expect(page.getByText(reference)).toBeVisible();
  const finding = new URL(page.url()).pathname;

  await page.getByLabel("Name or external ID").fill("p-101");
  await page.getByRole("button", { name: "Find" }).click();
  await accessible(page);
  await page.getByRole("radio").first().check();
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);
  await expect(page.getByText("Not applied yet")).toBeVisible();
  await expect(page.getByText(reference)).toBeVisible();
  const receipt = new URL(page.url()).pathname;

  await page.goto(finding);
  await expect(page.getByText("Recorded", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Record payment" })).toHaveCount(0);

  // What the gateway kept of it is known with the next comparison.
  await compare(page);
  await expect(page.getByRole("table", { name: "Open" }).getByText(grouped)).toHaveCount(0);
  await page.goto(receipt);
  await expect(page.getByText("Fee of the gateway")).toBeVisible();

  const other = unusual();
  await charge(request, baseURL ?? "", other, `Given back ${other}`);
  await compare(page);
  const shown = Number(other).toLocaleString("en-US", { minimumFractionDigits: 2 });
  await page.getByRole("table", { name: "Open" }).locator("tbody tr").filter({ hasText: shown }).getByRole("link").first().click();
  await page.getByLabel("What was done about it").fill("Given back at the gateway");
  await page.getByRole("button", { name: "Settle" }).click();
  await expect(page.getByText("The difference was settled.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Ended lately" }).locator("tbody tr").filter({ hasText: shown })).toContainText("Settled");
});

test("what the gateway kept is for the seller alone", async ({ page }) => {
  await logIn(page, "payer@partner.example");
  const answer = await page.goto("/compared");
  expect(answer?.status()).toBe(403);
});
