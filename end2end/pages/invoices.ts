import { expect, type Page } from "@playwright/test";

/** The grid of the page `Invoices`. */
export class Invoices {
  constructor(readonly page: Page) {}

  get table() {
    return this.page.getByRole("table", { name: "Invoices" });
  }

  get rows() {
    return this.table.locator("tbody tr");
  }

  row(number: string) {
    return this.rows.filter({ has: this.page.getByRole("link", { name: number, exact: true }) });
  }

  /** Numbers of the rows shown, from top to bottom. */
  async numbers() {
    return (await this.rows.locator("th").allInnerTexts()).map((text) => text.trim());
  }

  async open(query = "side=to-pay&status=open&currency=USD") {
    await this.page.goto(`/invoices?${query}`);
    await expect(this.table).toBeVisible();
  }

  async select(number: string) {
    await this.page.getByRole("checkbox", { name: `Select invoice ${number}` }).check();
  }
}

/** Reads an amount as shown in an English locale into minor units of a currency with two decimals. */
export function minor(text: string) {
  const digits = /-?[\d,]+\.\d\d/.exec(text.replace("−", "-"));
  if (!digits) throw new Error(`no amount in ${JSON.stringify(text)}`);
  return Math.round(Number(digits[0].replaceAll(",", "")) * 100);
}
