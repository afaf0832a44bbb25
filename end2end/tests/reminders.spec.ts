import { expect, test, type Page } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";

/** Opens the reminders of an overdue invoice that was not reminded of today, from its page. Returns number and address of the invoice. */
async function remindable(page: Page) {
  await page.goto("/invoices?side=issued&status=overdue");
  const links = page.getByRole("link", { name: /^Details of invoice/ });
  await expect(links.first()).toBeVisible();
  for (const link of await links.all()) {
    const invoice = (await link.getAttribute("href"))!;
    const overdue = await page.context().newPage();
    await overdue.goto(invoice);
    const number = /^Invoice (\S+)/.exec(await overdue.getByRole("heading", { level: 1 }).innerText())![1];
    const remind = overdue.getByRole("link", { name: "Remind", exact: true });
    const reminders = await remind.getAttribute("href");
    await overdue.goto(reminders!);
    const found = (await overdue.getByLabel(`Remind of ${number}`, { exact: true }).count()) > 0;
    await overdue.close();
    if (found) {
      await page.goto(reminders!);
      return { number, invoice };
    }
  }
  throw new Error("every overdue invoice of the demo was reminded of today");
}

test("an overdue invoice is reminded of by hand, once a day, and its history says so", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { number, invoice } = await remindable(page);
  await accessible(page);
  // Only the invoice that was come from is ticked.
  const tick = page.getByLabel(`Remind of ${number}`, { exact: true });
  await expect(tick).toBeChecked();
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(1);

  // What was typed stays when it is refused.
  await page.getByLabel("What you say first (optional)").fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: "Send a reminder now" }).click();
  await expect(page.getByRole("alert")).toContainText("No reminder was sent");
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await page.getByLabel("What you say first (optional)").fill("As we said on the phone");
  await page.getByRole("button", { name: "Send a reminder now" }).click();
  await expect(page.getByText("The reminder is on its way.")).toBeVisible();
  await expect(page.getByLabel(`Remind of ${number}`, { exact: true })).toHaveCount(0);
  const row = page.getByRole("row").filter({ hasText: number });
  await expect(row).toContainText("by hand");
  await page.goto(invoice);
  await expect(page.getByRole("heading", { name: "History" }).locator("..")).toContainText("Reminded");

  await page.goto("/mail?side=issued");
  await page.getByRole("link", { name: /^Payment reminder from/ }).first().click();
  await expect(page.locator("main")).toContainText("As we said on the phone");
  await expect(page.locator("main")).toContainText(number);
  await expect(page.locator("main")).toContainText("To pay in total");

  // Sales may look at the invoice and send nothing.
  const context = await browser.newContext({ javaScriptEnabled: false });
  const sales = await context.newPage();
  await logIn(sales, "sales@distributor.example");
  await sales.goto(invoice);
  await expect(sales.getByRole("heading", { level: 1 })).toContainText(number);
  await expect(sales.getByRole("link", { name: "Remind", exact: true })).toHaveCount(0);
  await context.close();
});

test("reminders are set up, and stopped for one account with a reason", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  await page.goto("/mail?side=issued");
  await page.getByRole("link", { name: "Reminders", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Reminders");
  await accessible(page);
  const first = page.getByRole("group", { name: "First reminder" });
  const second = page.getByRole("group", { name: "Second reminder" });
  await first.getByLabel("Days after the due date").fill("14");
  await first.getByLabel("What you say first (optional)").fill("Did you miss this?");
  await second.getByLabel("Days after the due date").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter a whole number from 15 to 365.");
  await expect(first.getByLabel("What you say first (optional)")).toHaveValue("Did you miss this?");
  await second.getByLabel("Days after the due date").fill("30");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The changes were saved.")).toBeVisible();
  await expect(second.getByLabel("Days after the due date")).toHaveValue("30");
  await expect(page.getByLabel("Send reminders by themselves")).not.toBeChecked();
  // As it was, so that the next walk can change it again.
  for (const group of [first, second]) {
    await group.getByLabel("Days after the due date").fill("");
    await group.getByLabel("What you say first (optional)").fill("");
  }
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The changes were saved.")).toBeVisible();

  await page.goto("/invoices?side=issued&status=overdue");
  const invoice = await page.getByRole("link", { name: /^Details of invoice/ }).first().getAttribute("href");
  await page.goto(invoice!);
  await page.getByRole("link", { name: "Remind", exact: true }).click();
  await page.getByLabel("Reason", { exact: true }).fill("They pay in July");
  await page.getByRole("button", { name: "Stop reminders to them" }).click();
  await expect(page.getByText("Nothing is sent to them by itself any more.")).toBeVisible();
  await expect(page.locator("main")).toContainText("They pay in July");
  await accessible(page);
  await page.getByRole("button", { name: "Send reminders again" }).click();
  await expect(page.getByText("Reminders are sent to them by themselves again.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop reminders to them" })).toBeVisible();
});
