import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A page that is loaded for the first time on a busy machine takes more than the usual second.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
