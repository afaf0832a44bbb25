import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { Invoices, minor } from "../pages/invoices";
import { awake, logIn } from "../pages/session";

test.beforeEach(async ({ page }) => {
  await logIn(page, "payer@partner.example");
});

test("filters stand in the address, as chips, and can be taken back", async ({ page }) => {
  await page.goto("/invoices?side=to-pay");
  await awake(page);
  const all = await page.getByRole("status").first().innerText();
  await page.getByRole("combobox", { name: "Status" }).selectOption("overdue");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page).toHaveURL(/status=overdue/);
  const invoices = new Invoices(page);
  await expect(invoices.rows.first()).toContainText("Overdue");
  await page.reload();
  await expect(invoices.rows.first()).toContainText("Overdue");
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(page).not.toHaveURL(/status=/);
  await expect(page.getByRole("status").first()).toHaveText(all);
  await page.goBack();
  await expect(page).toHaveURL(/status=overdue/);
});

test("a heading sorts, and sorts the other way round", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open("side=to-pay&currency=USD");
  await awake(page);
  const open = invoices.table.getByRole("columnheader", { name: "Total" });
  await open.getByRole("link").click();
  await expect(open).toHaveAttribute("aria-sort", "ascending");
  const amounts = async () => (await invoices.rows.locator("[data-label=Total]").allInnerTexts()).map(minor);
  const up = await amounts();
  expect(up).toEqual([...up].sort((a, b) => a - b));
  await open.getByRole("link").click();
  await expect(open).toHaveAttribute("aria-sort", "descending");
  await expect.poll(async () => (await amounts())[0]).toBeGreaterThanOrEqual(up.at(-1)!);
  const down = await amounts();
  expect(down).toEqual([...down].sort((a, b) => b - a));
});

test("pages follow each other without gap or repetition, and the last one comes at once", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open("side=to-pay&per_page=10");
  await awake(page);
  const seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    const numbers = await invoices.numbers();
    seen.push(...numbers);
    await page.getByRole("link", { name: "Next" }).click();
    await expect.poll(async () => (await invoices.numbers())[0]).not.toBe(numbers[0]);
  }
  expect(new Set(seen).size).toBe(30);
  await page.getByRole("link", { name: "Last" }).click();
  await expect(page.getByRole("navigation", { name: "Pages" }).getByText("Next")).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("link", { name: "First" }).click();
  await expect.poll(async () => (await invoices.numbers())[0]).toBe(seen[0]);
});

test("a selection is kept across pages with a total for each currency", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open("side=to-pay&status=open&per_page=5");
  await awake(page);
  const first = (await invoices.numbers())[0];
  await invoices.select(first);
  const one = minor(await invoices.row(first).locator("[data-label=Open]").innerText());
  await page.getByRole("link", { name: "Next" }).click();
  await expect.poll(async () => (await invoices.numbers())[0]).not.toBe(first);
  await expect(page.getByText("1 selected")).toBeVisible();
  expect(minor(await page.getByRole("group", { name: "Selection" }).getByRole("listitem").first().innerText())).toBe(one);
  await page.getByRole("button", { name: "Clear selection" }).click();
  await expect(page.getByText("1 selected")).toBeHidden();
});

test("the export has what the filter shows, and is no formula", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open("side=to-pay&status=overdue");
  const numbers = await invoices.numbers();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^invoices-.*\.csv$/);
  const text = await readFile(await download.path(), "utf8");
  for (const number of numbers) expect(text).toContain(number);
  for (const line of text.trim().split("\r\n")) expect(line).not.toMatch(/(^|,)"?[=+@]/);
});

test("what is ticked is exported, and nothing else", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open("side=to-pay");
  await awake(page);
  const [first, , third, other] = await invoices.numbers();
  await invoices.select(first);
  await invoices.select(third);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export selected" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  expect(text.trim().split("\r\n")).toHaveLength(3);
  expect(text).toContain(first);
  expect(text).toContain(third);
  expect(text).not.toContain(other);
});

test("keys move, tick and pay, and can be switched off", async ({ page }) => {
  const invoices = new Invoices(page);
  await invoices.open();
  await awake(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.getByLabel("Use single keys").uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("x");
  await expect(page.getByText("1 selected")).toBeVisible();
});
