import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SearchHit } from "../api/bindings";
import { call, useRead } from "../api/call";
import { toFailure } from "../api/failure";
import { Picker, useToast } from "../components";
import { useScanner } from "../input/useScanner";

const HITS = 12;

/** Finds goods by typing; a scan takes them at once. */
export function ProductSearch(props: {
  label: string;
  onPick: (hit: SearchHit) => void;
  testId: string;
}) {
  const { label, onPick, testId } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const found = useRead(
    "catalogue.search",
    { text: asked, limit: HITS, customer_id: null },
    { keep: true, enabled: asked !== "" },
  );
  const hits = asked === "" ? [] : (found.data?.hits ?? []);
  const idOf = (hit: SearchHit) => `${hit.product_id} ${hit.product_unit_id ?? ""}`;
  useScanner({
    onScan: (code) => {
      call("catalogue.search", { text: code, limit: 1, customer_id: null }).then(
        ({ hits: [hit] }) => (hit ? onPick(hit) : toast.say(t("common.nothingFound"))),
        (thrown) => toast.fail(toFailure(thrown)),
      );
    },
  });
  return (
    <Picker
      label={label}
      search={text}
      onSearch={setText}
      options={hits.map((hit) => ({
        id: idOf(hit),
        label: hit.name,
        note: `${hit.code} · ${hit.unit}`,
      }))}
      onPick={(id) => {
        const hit = hits.find((one) => idOf(one) === id);
        if (hit) onPick(hit);
        setText("");
      }}
      emptyText={t("common.nothingFound")}
      testId={testId}
    />
  );
}
