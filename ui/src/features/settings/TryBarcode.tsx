import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BarcodeTried } from "../../api/bindings";
import { useRead } from "../../api/call";
import {
  Banner,
  Button,
  type Fact,
  Facts,
  Field,
  Loaded,
  Row,
  Section,
  useFormat,
} from "../../components";
import { useScanner } from "../../input/useScanner";

/** What the till would make of a code: typed, or held before the scanner. */
export function TryBarcode() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [code, setCode] = useState("");
  const tried = useRead("catalogue.try_barcode", { code }, { enabled: code !== "" });
  useScanner({
    onScan: (scanned) => {
      setText(scanned);
      setCode(scanned);
    },
  });
  return (
    <Section title={t("settings.barcodes.try")} testId="try-barcode">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setCode(text.trim());
        }}
      >
        <Row>
          <Field
            label={t("settings.barcodes.tryCode")}
            value={text}
            onChange={setText}
            inputMode="numeric"
            testId="try-code"
          />
          <Button type="submit" isDisabled={text.trim() === ""} testId="try-go">
            {t("settings.barcodes.tryGo")}
          </Button>
        </Row>
      </form>
      {code !== "" && (
        <Loaded query={tried} rows={2}>
          {(read) => <Tried read={read} />}
        </Loaded>
      )}
    </Section>
  );
}

function Tried({ read }: { read: BarcodeTried }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: Fact[] = [
    { term: t("settings.barcodes.rule"), value: read.rule ?? t("settings.barcodes.noRule") },
  ];
  if (read.item_code) facts.push({ term: t("settings.barcodes.item"), value: read.item_code });
  if (read.qty) facts.push({ term: t("common.quantity"), value: format.qty(read.qty) });
  if (read.line_price !== null) {
    facts.push({ term: t("common.price"), value: format.money(read.line_price) });
  }
  if (read.products.length > 0) {
    facts.push({ term: t("settings.barcodes.product"), value: read.products.join(", ") });
  }
  return (
    <>
      {read.problem && <Banner tone="warn">{read.problem}</Banner>}
      <Facts facts={facts} />
    </>
  );
}
