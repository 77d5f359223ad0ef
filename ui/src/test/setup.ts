import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A screen is fetched when it is opened: on a busy machine that takes longer than a second.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);
