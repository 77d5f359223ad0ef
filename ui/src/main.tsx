import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { followChanges, makeClient } from "./api/client";
import { ToastProvider } from "./components";
import { startText } from "./text";
import { startTheme } from "./theme";
import "./styles/tokens.css";
import "./styles/base.css";

async function start() {
  if (import.meta.env.MODE === "fake") {
    const { installFake } = await import("./test/fake");
    installFake();
  }
  startTheme();
  startText();
  const client = makeClient();
  followChanges(client);
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no root");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <ToastProvider>
          <App />
        </ToastProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
