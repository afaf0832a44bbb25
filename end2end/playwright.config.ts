import { defineConfig, devices } from "@playwright/test";

// One portal for all tests, with demo data of its own. Set PORTAL to test one that runs already.
const port = Number(process.env.JOURNEYS_PORT ?? 3100);
const portal = process.env.PORTAL ?? `http://127.0.0.1:${port}`;

const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 } };
const phone = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } };

// Journeys by where they are walked.
const everywhere = ["tenants", "books", "bank", "refunds", "writing", "background", "write_off", "disputes", "keys", "reconciliation", "methods", "workbench", "profiles", "attachments", "on_account", "credits", "gateway", "rollups", "reminders"];
const andOnThePhone = ["main_job", "people", "chargebacks", "pages", "access"];
const onTheDesktop = ["families", "second_factor", "single_sign_on", "invoices", "imports", "keyboard"];
const withoutScript = ["no_script", "no_script_pay", "no_script_people"];
const specs = (...names: string[][]) => names.flat().map((name) => `${name}.spec.ts`);

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  reporter: [["list"]],
  use: {
    baseURL: portal,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
      ],
    },
  },
  webServer: process.env.PORTAL
    ? undefined
    : { command: `../setup/portal ${port}`, url: `${portal}/readyz`, timeout: 60_000, gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 } },
  projects: [
    { name: "desktop", use: desktop, testMatch: specs(everywhere, andOnThePhone, onTheDesktop) },
    { name: "phone", use: phone, testMatch: specs(everywhere, andOnThePhone) },
    { name: "no-script", use: { ...desktop, javaScriptEnabled: false }, testMatch: specs(everywhere, withoutScript) },
  ],
});
