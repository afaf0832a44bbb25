import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

const CUSTOMER = "p-101";
/** A customer of the partner, and one that belongs to it. */
const PARENT = "c1-001";
const SUBSIDIARY = "c1-002";

/** Records money of a customer that is put to nothing, and opens its workbench with nothing but that ticked. */
async function waiting(page: Page, amount: string, customer = CUSTOMER) {
  await page.goto(`/payments/record?search=${customer}`);
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByLabel(/^Amount in/).fill(amount);
  await page.getByLabel("Leave it unapplied").check();
  await page.getByRole("button", { name: "Record payment" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(/^Receipt REC-/);
  const receipt = /REC-\S+/.exec(await heading.innerText())![0];
  await page.getByRole("main").getByRole("link", { name: "Workbench" }).click();
  await expect(heading).toHaveText(/^Workbench of /);
  await expect(page.getByLabel(`Use ${receipt}`, { exact: true })).toBeChecked();
  return receipt;
}

/** Empties the amounts that the rule filled in. */
async function clear(page: Page) {
  const fields = page.getByRole("textbox", { name: /^Amount for / });
  await fields.evaluateAll((all) => all.forEach((one) => {
    (one as HTMLInputElement).value = "";
    one.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }));
}

/** Shows the amounts for what is ticked: with script they follow by themselves. */
async function preview(page: Page) {
  const button = page.getByRole("button", { name: "Preview with what is ticked" });
  if (await button.isVisible()) await button.click();
  await settled(page);
}

/** Nothing is being asked for. */
async function settled(page: Page) {
  await expect(page.locator("#plan[aria-busy]")).toHaveCount(0);
}

function amount(page: Page, number: string) {
  return page.getByLabel(`Amount for ${number}`, { exact: true });
}

test("money is put to invoices as one act, taken back as one act, and put again", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  const [one, two] = [unusual(), "7.03"];
  const first = await issue(page, CUSTOMER, one);
  const second = await issue(page, CUSTOMER, two);
  const sum = (Number(one) + Number(two)).toFixed(2);
  const receipt = await waiting(page, sum);
  await accessible(page);

  // Every rule is a link, and looking changes nothing.
  const rules = page.getByRole("navigation", { name: "Rule" });
  for (const rule of ["Oldest invoice first", "Smallest first", "In proportion", "By company", "Exact sum", "Due first"]) {
    await rules.getByRole("link", { name: rule }).click();
    await expect(rules.getByRole("link", { name: rule })).toHaveAttribute("aria-current", "page");
  }

  // As somebody says, too much is refused and nothing typed is lost.
  await clear(page);
  await amount(page, first.number).fill("999999.00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was saved");
  await expect(amount(page, first.number)).toHaveValue("999999.00");
  await expect(page.getByLabel(`Use ${receipt}`, { exact: true })).toBeChecked();

  await clear(page);
  await amount(page, first.number).fill(one);
  await amount(page, second.number).fill(two);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
  await accessible(page);
  const parts = page.getByRole("table", { name: "What went where" });
  await expect(parts.locator("tbody tr")).toHaveCount(2);
  await expect(parts).toContainText(first.number);
  await expect(parts).toContainText(receipt);
  await page.goto(first.path);
  await expect(page.getByRole("main")).toContainText("Paid");
  await page.goBack();

  await page.getByRole("button", { name: "Undo all of it" }).click();
  await expect(page.getByText("It was taken off.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo all of it" })).toHaveCount(0);
  await page.getByRole("link", { name: "Workbench of this customer" }).click();
  const history = page.getByRole("table", { name: "Saved before" });
  await expect(history.locator("tbody tr").first()).toContainText("Undone");
  await expect(page.getByLabel(`Use ${receipt}`, { exact: true })).toBeVisible();

  // Leaves nothing behind that another run would meet.
  for (const box of await page.getByRole("checkbox", { name: /^Use / }).all()) await box.uncheck();
  await page.getByLabel(`Use ${receipt}`, { exact: true }).check();
  await preview(page);
  await expect(page.getByLabel(`Use ${receipt}`, { exact: true })).toBeChecked();
  await clear(page);
  await amount(page, first.number).fill(one);
  await amount(page, second.number).fill(two);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
});

test("whose money waits is found from the list of payments", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/payments?side=issued");
  await page.getByRole("main").getByRole("link", { name: "Workbench" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Workbench");
  await accessible(page);
  await page.getByLabel("Name or external ID").fill(CUSTOMER);
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByRole("table", { name: "Customers" }).locator("tbody tr")).toHaveCount(1);
});

test("sales have no workbench", async ({ page }) => {
  await logIn(page, "sales@distributor.example");
  await page.goto("/payments?side=issued");
  await expect(page.getByRole("main").getByRole("link", { name: "Workbench" })).toHaveCount(0);
  expect((await page.goto("/workbench"))?.status()).toBe(403);
});

test("a parent's money pays its subsidiary's invoice, whose people see who paid", async ({ page }) => {
  await logIn(page, "admin@partner.example");
  const sum = unusual();
  const theirs = await issue(page, SUBSIDIARY, sum);
  const receipt = await waiting(page, sum, PARENT);

  await page.getByRole("navigation", { name: "Rule" }).getByRole("link", { name: "By company" }).click();
  await expect(page.getByLabel(`Use ${receipt}`, { exact: true })).toBeChecked();
  await accessible(page);
  await clear(page);
  await amount(page, theirs.number).fill(sum);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
  const parts = page.getByRole("table", { name: "What went where" });
  await expect(parts).toContainText(theirs.number);
  await expect(parts).toContainText(receipt);
  const plan = page.url();
  await page.goto(theirs.path);
  await expect(page.getByRole("main")).toContainText(receipt);

  // Taken back as one, and put again so that another run meets nothing.
  await page.goto(plan);
  await page.getByRole("button", { name: "Undo all of it" }).click();
  await expect(page.getByText("It was taken off.")).toBeVisible();
  await page.goto(theirs.path);
  await expect(page.getByRole("main")).not.toContainText(receipt);
  await page.goto(plan);
  await page.getByRole("link", { name: "Workbench of this customer" }).click();
  for (const box of await page.getByRole("checkbox", { name: /^Use / }).all()) await box.uncheck();
  await page.getByLabel(`Use ${receipt}`, { exact: true }).check();
  await preview(page);
  await clear(page);
  await amount(page, theirs.number).fill(sum);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
});

test("the amounts follow what is ticked, typed and chosen", async ({ page }, info) => {
  test.skip(info.project.name === "no-script", "without script a button shows the amounts");
  await logIn(page, "finance@distributor.example");
  const { number } = await issue(page, CUSTOMER, "4.00");
  const receipt = await waiting(page, "4.00");
  await expect(page.getByRole("button", { name: "Preview with what is ticked" })).toBeHidden();
  const sums = page.getByRole("status").filter({ hasText: "ticked" });
  await clear(page);
  await amount(page, number).fill("1.00");
  await expect(sums).toContainText(/4\.00.*1\.00.*3\.00/);
  await expect(amount(page, number)).toBeFocused();

  // What was typed stays while boxes are ticked; another rule fills the amounts in anew.
  await page.getByLabel(`Use ${receipt}`, { exact: true }).uncheck();
  await expect(page.getByText("Nothing is ticked that could pay them.")).toBeVisible();
  await page.getByLabel(`Use ${receipt}`, { exact: true }).check();
  await expect(amount(page, number)).toHaveValue("1.00");
  await amount(page, number).fill("much");
  await expect(sums).toContainText("Not every amount can be read.");
  await accessible(page);
  await page.getByRole("navigation", { name: "Rule" }).getByRole("link", { name: "Smallest first" }).click();
  await expect(page.getByRole("link", { name: "Smallest first" })).toHaveAttribute("aria-current", "page");
  await expect(page).toHaveURL(/rule=smallest/);
  await expect(amount(page, number)).not.toHaveValue("much");

  // Leaves nothing behind that another run would meet.
  await clear(page);
  await amount(page, number).fill("4.00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It was put to the invoices.")).toBeVisible();
});
