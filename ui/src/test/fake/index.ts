// A shop in memory, for tests and for looking at the screens in a browser. It is no second copy of
// the rules: its answers are fixed, its arithmetic only good enough to move the screens.
import { setTransport } from "../../api/transport";
import { type Answer, fakeShop, PLACE } from "./answers";
import { backOffice } from "./goods";
import { fakeOffice } from "./office";
import { fakeSync } from "./sync";

export interface Called {
  name: string;
  args: Record<string, unknown>;
}

/** Answers every call from now on; gives back what was called, and takes other answers. */
export function installFake(
  asked = new URLSearchParams(window.location.search),
  others: Record<string, Answer> = {},
): Called[] {
  const goods = backOffice(asked);
  const answers = {
    ...goods,
    ...fakeShop(asked),
    ...fakeOffice(PLACE, goods),
    ...fakeSync(asked),
    ...others,
  };
  const called: Called[] = [];
  setTransport({
    call: async (name, args) => {
      called.push({ name, args: (args ?? {}) as Record<string, unknown> });
      const answer = answers[name];
      if (!answer) throw { code: "not_found", message: `fake: ${name}`, fields: {}, facts: {} };
      return answer(args ?? {});
    },
    listen: () => () => undefined,
  });
  return called;
}
