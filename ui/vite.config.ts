import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `vite --mode fake` runs the screens against src/test/fake instead of the program: for looking at
// the interface in a browser. The production build holds none of it.
export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: { target: "safari16", chunkSizeWarningLimit: 800 },
  test: {
    environment: "happy-dom",
    testTimeout: 60_000,
    setupFiles: ["src/test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
