import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

// Makes the pictures of the guides anew: npm run pictures
export default defineConfig({ ...tests, testDir: "pictures", projects: [{ name: "pictures", use: tests.projects?.[0].use }] });
