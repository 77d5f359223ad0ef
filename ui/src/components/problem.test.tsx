import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { startText } from "../text";
import { CurrencyContext } from "./currency";
import { useSentence } from "./problem";

const GBP = { code: "GBP", digits: 2 };

function says(language: "en" | "id", code: string, message: string, facts = {}) {
  startText(language);
  const { result } = renderHook(() => useSentence(), {
    wrapper: ({ children }) => <CurrencyContext value={GBP}>{children}</CurrencyContext>,
  });
  return result.current({ code, message, facts }).replace(/\s/g, " ");
}

describe("a failure as a sentence", () => {
  it.each([
    ["en", "wrong_pin", "The PIN is wrong.", {}, "The PIN is wrong."],
    ["id", "wrong_pin", "The PIN is wrong.", {}, "Nama pengguna atau PIN salah."],
    ["en", "tender_short", "1250 is missing", { missing: "1250" }, "£12.50 is still to be paid."],
    ["id", "tender_short", "1250 is missing", { missing: "1250" }, "£12,50 masih harus dibayar."],
    ["en", "tender_short", "Something is missing.", {}, "Something is missing."],
    ["id", "brand_new_code", "It says so itself.", {}, "It says so itself."],
    [
      "id",
      "approval_required",
      "A manager must allow this: copy 2.",
      { what: "reprint", detail: "copy 2" },
      "Manajer harus mengizinkan: mencetak ulang struk.",
    ],
  ] as const)("in %s for %s", (language, code, message, facts, sentence) => {
    expect(says(language, code, message, facts)).toBe(sentence);
  });
});
