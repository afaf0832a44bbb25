import { expect, test, type Page } from "@playwright/test";
import { minor } from "../pages/invoices";
import { logIn } from "../pages/session";
import { issue, unusual } from "../pages/writing";

const DAY = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);

/** A camt.053 file of entries: amount in minor units, text, and who sent it. */
function camt(run: string, entries: [number, string, string][]) {
  const entry = ([amount, text, name]: [number, string, string], place: number) => `<Ntry>
    <Amt Ccy="USD">${(Math.abs(amount) / 100).toFixed(2)}</Amt><CdtDbtInd>${amount < 0 ? "DBIT" : "CRDT"}</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>${DAY}</Dt></BookgDt><AcctSvcrRef>${run}-${place}</AcctSvcrRef>
    <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>${name}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls>
  </Ntry>`;
  return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
    <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>${entries.map(entry).join("")}</Stmt></BkToCstmrStmt></Document>`;
}

async function upload(page: Page, name: string, text: string) {
  await page.goto("/bank");
  await page.locator("#file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

test("what the bank says came in is recorded where it is certain, chosen by a person where not, and known the next time", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  const run = `${Date.now()}`;
  // Money that looks like a payment of before is not certain, so nothing else here may be as much.
  const price = unusual();
  const { number } = await issue(page, "p-101", price);
  const amount = minor(price);
  const file = camt(run, [
    [amount, `Payment of ${number.toLowerCase().replaceAll("-", " ")}`, "Somebody"],
    [777, "no word of an invoice", `Unknown ${run}`],
    [12, "interest", `Bank ${run}`],
    [-500, "fee", "Bank"],
  ]);
  await upload(page, `statement-${run}.xml`, file);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`statement-${run}.xml`);
  await expect(page.getByText("camt.053, 4 new entries.")).toBeVisible();
  const entries = page.getByRole("table", { name: "Entries" }).locator("tbody tr");
  await expect(entries.filter({ hasText: "Certain" })).toHaveCount(1);
  await expect(entries.filter({ hasText: "Certain" })).toContainText(number);
  await expect(entries.getByRole("checkbox")).toHaveCount(1);
  await page.getByRole("button", { name: "Record what is ticked" }).click();
  await expect(page.getByText("The payments were recorded.")).toBeVisible();
  await expect(entries.filter({ hasText: "Recorded" }).getByRole("link", { name: /^REC-/ })).toBeVisible();

  const listed = page.url();
  await page.getByRole("link", { name: `Unknown ${run}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Entry of Unknown ${run}`);
  await page.getByRole("link", { name: "Choose the invoices" }).click();
  await page.getByLabel("Name or external ID").fill("p-101");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await expect(page.getByText(`from Unknown ${run}`)).toBeVisible();
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);
  await expect(page.getByText("no word of an invoice")).toBeVisible();

  // It was somebody else's money: the record goes, the entry waits again and becomes another payment.
  await page.getByRole("link", { name: "Give back" }).click();
  await page.getByLabel(/The money never came/).check();
  await page.getByLabel("Reason", { exact: true }).fill("Recorded for the wrong customer");
  await page.getByRole("button", { name: "Give back" }).click();
  await expect(page.getByText("All of it went back.")).toBeVisible();
  await page.goto(listed);
  await expect(entries.filter({ hasText: `Unknown ${run}` })).toContainText("Reversed");
  await page.getByRole("link", { name: `Unknown ${run}` }).click();
  await page.getByRole("button", { name: "Let it wait again" }).click();
  await expect(page.getByText("The entry waits again.")).toBeVisible();
  await page.getByRole("link", { name: "Choose the invoices" }).click();
  await page.getByLabel("Name or external ID").fill("p-102");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table", { name: "Customers" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Record payment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Receipt REC-/);

  await page.goto("/bank/waiting");
  await page.getByRole("link", { name: `Bank ${run}` }).click();
  await page.getByLabel("Why").fill("Interest");
  await page.getByRole("button", { name: "Set aside" }).click();
  await expect(page.getByText("The entry was set aside.")).toBeVisible();
  await page.getByRole("button", { name: "Let it wait again" }).click();
  await expect(page.getByText("The entry waits again.")).toBeVisible();
  await page.getByLabel("Why").fill("Interest");
  await page.getByRole("button", { name: "Set aside" }).click();

  await upload(page, `again-${run}.xml`, file);
  await expect(page.getByText("camt.053, 0 new entries; 4 were in earlier files.")).toBeVisible();
});

test("a CSV file asks what its columns are, and a broken file says where it breaks", async ({ page }) => {
  await logIn(page, "finance@distributor.example");
  const run = `${Date.now()}`;
  const heading = `Day ${run};Amount;Details`;
  await upload(page, `${run}.csv`, `${heading}\n${DAY};1.234,50;rent ${run}\n`);
  await page.getByLabel("Decimal mark").selectOption("comma");
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByRole("alert")).toContainText("booking day");
  await page.getByLabel("Column of Booking day").selectOption(`Day ${run}`);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByRole("table", { name: "Entries" })).toContainText("1,234.50");
  await upload(page, `${run}-2.csv`, `${heading}\n${DAY};2,00;more ${run}\n`);
  await expect(page.getByRole("table", { name: "Entries" })).toContainText("2.00");

  const whole = camt(run, [[100, "x", "y"]]);
  await upload(page, "broken.xml", whole.replace(">1.00<", ">1.001<"));
  await expect(page.getByRole("alert")).toContainText("Line 3");
});
