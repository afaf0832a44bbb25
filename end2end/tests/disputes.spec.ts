import { expect, test } from "@playwright/test";
import { accessible } from "../pages/axe";
import { logIn } from "../pages/session";
import { issue } from "../pages/writing";

test("a part is disputed, the rest is offered to be paid, and a credit note ends it", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { number, path: invoice } = await issue(page, "p-101", "80");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(invoice);
  await payer.getByRole("link", { name: "Dispute", exact: true }).click();
  await expect(payer.getByRole("heading", { level: 1 })).toHaveText(`Disputes of ${number}`);
  // What is refused loses nothing that was typed.
  const part = payer.getByRole("textbox", { name: "Dispute of Seats" });
  await part.fill("81");
  await payer.getByLabel("What is wrong").fill("It came broken");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByRole("alert")).toContainText("Nothing was disputed");
  await expect(part).toHaveValue("81");
  await expect(payer.getByLabel("What is wrong")).toHaveValue("It came broken");
  await part.fill("30");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByText("Waits for an answer")).toBeVisible();
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Pay 50.00 USD" })).toBeVisible();
  await payer.getByRole("link", { name: "Pay 50.00 USD" }).click();
  await expect(payer.getByRole("textbox", { name: `Amount for ${number}` })).toHaveValue("50.00");
  await expect(payer.locator("main")).toContainText("disputed");

  await page.goto(`/invoices?side=issued&disputed=yes&number=${number}`);
  await expect(page.getByRole("table").first()).toContainText("Disputed");
  await page.goto(invoice);
  await page.locator("main").getByRole("link", { name: "Disputes", exact: true }).click();
  await expect(page.getByText("It came broken")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Answer with a credit note" }).click();
  await expect(page.getByRole("textbox", { name: "Credit for Seats" })).toHaveValue("30.00");
  await page.getByLabel("What happened").fill("Broken on arrival");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("CN-");

  await payer.goto(invoice.replace("invoices", "disputes"));
  await expect(payer.getByText("Credited", { exact: true })).toBeVisible();
  await expect(payer.getByRole("link", { name: /^CN-/ })).toBeVisible();
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Pay 50.00 USD" })).toBeVisible();
  await context.close();
});

test("a dispute is refused with a reason, and another one is withdrawn", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { number, path: invoice } = await issue(page, "p-101", "20");
  const disputes = invoice.replace("invoices", "disputes");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  const dispute = async (amount: string) => {
    await payer.goto(disputes);
    await payer.getByRole("textbox", { name: "Dispute of Seats" }).fill(amount);
    await payer.getByLabel("What is wrong").fill(`Not ordered: ${amount}`);
    await payer.getByRole("button", { name: "Dispute", exact: true }).click();
    await expect(payer.getByText("Waits for an answer")).toBeVisible();
  };
  await dispute("20");
  await page.goto(disputes);
  await page.getByLabel("Why it is owed all the same").fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByRole("alert")).toContainText("The dispute was not refused");
  await page.getByLabel("Why it is owed all the same").fill("Your order says so");
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByText("Refused", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Refuse" })).toHaveCount(0);

  await dispute("5");
  await expect(payer.getByText("Your order says so")).toBeVisible();
  await accessible(page);
  await payer.getByRole("button", { name: "Withdraw dispute" }).click();
  await expect(payer.getByText("Withdrawn", { exact: true })).toBeVisible();
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Pay 20.00 USD" })).toBeVisible();
  await page.goto("/mail");
  await expect(page.locator("main")).toContainText(`refuses your dispute of ${number}`);
  await context.close();
});

test("the list of all disputes finds one by number, state and day, for both sides", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { number, path: invoice } = await issue(page, "p-101", "40");
  const disputes = invoice.replace("invoices", "disputes");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(disputes);
  await payer.getByRole("textbox", { name: "Dispute of Seats" }).fill("15");
  await payer.getByLabel("What is wrong").fill("One seat too many");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByText("Waits for an answer")).toBeVisible();

  for (const [one, side] of [[page, "seller"], [payer, "buyer"]] as const) {
    await one.goto(`/disputes?side=${side}`);
    await expect(one.getByRole("heading", { level: 1 })).toHaveText("Disputes");
    await one.getByLabel("Invoice number", { exact: true }).fill(number);
    await one.getByLabel("Reason", { exact: true }).fill("seat too");
    await one.getByLabel("State", { exact: true }).selectOption("open");
    await one.getByRole("button", { name: "Filter" }).click();
    const table = one.getByRole("table", { name: "Disputes" });
    await expect(table.getByRole("link")).toHaveText([number]);
    await expect(table).toContainText("Waits for an answer");
    await expect(table).toContainText("15.00");
    const exported = await one.getByRole("link", { name: "Export" }).getAttribute("href");
    const csv = await (await one.request.get(exported ?? "")).text();
    expect(csv.trim().split("\r\n")).toHaveLength(2);
    expect(csv).toContain("One seat too many");
    await one.getByLabel("As of").fill("2020-01-01");
    await one.getByRole("button", { name: "Filter" }).click();
    await expect(one.getByText("No dispute fits.")).toBeVisible();
    await expect(one.getByLabel("Invoice number", { exact: true })).toHaveValue(number);
  }
  await page.goto(`/disputes?side=seller&number=${number}`);
  await accessible(page);
  await page.getByRole("table", { name: "Disputes" }).getByRole("link", { name: number }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Disputes of ${number}`);
  await context.close();
});

test("a dispute waits again when the credit note that answered it is withdrawn", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { path: invoice } = await issue(page, "p-101", "60");
  const disputes = invoice.replace("invoices", "disputes");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(disputes);
  await payer.getByRole("textbox", { name: "Dispute of Seats" }).fill("25");
  await payer.getByLabel("What is wrong").fill("Too expensive");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByText("Waits for an answer")).toBeVisible();

  await page.goto(disputes);
  await page.getByRole("link", { name: "Answer with a credit note" }).click();
  await page.getByLabel("What happened").fill("A discount");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Credit note CN-/);
  const note = new URL(page.url()).pathname;
  // Only one that lies nowhere is withdrawn.
  await page.goto(note.replace("credits", "allocate"));
  await page.getByRole("button", { name: /^Take off/ }).first().click();
  await page.goto(note);
  await page.getByLabel("Reason").fill("It was right after all");
  await page.getByRole("button", { name: "Withdraw credit note" }).click();
  await expect(page.getByText("Void", { exact: true }).first()).toBeVisible();

  await payer.goto(disputes);
  await expect(payer.getByText("Waits for an answer")).toBeVisible();
  await expect(payer.getByText("Credited", { exact: true })).toBeVisible();
  await expect(payer.locator("main")).toContainText("which answered it, was withdrawn");
  await page.goto(disputes);
  await accessible(page);
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Pay 35.00 USD" })).toBeVisible();
  await context.close();
});

test("freight is disputed by itself, and credited by itself", async ({ page, browser }) => {
  await logIn(page, "finance@distributor.example");
  const { path: invoice } = await issue(page, "p-101", "50", "8");
  const disputes = invoice.replace("invoices", "disputes");

  const context = await browser.newContext({ javaScriptEnabled: false });
  const payer = await context.newPage();
  await logIn(payer, "payer@partner.example");
  await payer.goto(disputes);
  const freight = payer.getByRole("textbox", { name: "Dispute of Freight" });
  await freight.fill("8.01");
  await payer.getByLabel("What is wrong").fill("Freight was free");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByRole("alert")).toContainText("Nothing was disputed");
  await expect(freight).toHaveValue("8.01");
  await freight.fill("8");
  await payer.getByRole("button", { name: "Dispute", exact: true }).click();
  await expect(payer.getByText("Waits for an answer")).toBeVisible();

  await page.goto(disputes);
  await page.getByRole("link", { name: "Answer with a credit note" }).click();
  await expect(page.getByRole("textbox", { name: "Credit for Freight" })).toHaveValue("8.00");
  await expect(page.getByRole("textbox", { name: "Credit for Seats" })).toHaveValue("");
  await accessible(page);
  await page.getByLabel("What happened").fill("As agreed");
  await page.getByRole("button", { name: "Issue credit note" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Credit note CN-/);
  await expect(page.locator("main")).toContainText("Freight");

  // Nothing of it is left, and all of the line is.
  await page.goto(invoice.replace("invoices", "credit"));
  await expect(page.getByRole("textbox", { name: "Credit for Seats" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Credit for Freight" })).toHaveCount(0);
  await payer.goto(invoice);
  await expect(payer.getByRole("link", { name: "Pay 50.00 USD" })).toBeVisible();
  await context.close();
});
