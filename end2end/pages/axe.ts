import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

/** Lets axe look at a page. It is a script itself, so without script there is nothing to look with. */
export async function accessible(page: Page) {
  if (test.info().project.name === "no-script") return;
  // A colour on its way to another one is neither.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
  const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
}
