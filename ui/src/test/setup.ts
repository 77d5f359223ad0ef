import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A screen that is fetched when it is opened takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
