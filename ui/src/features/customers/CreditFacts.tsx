import { useTranslation } from "react-i18next";
import type { Credit } from "../../api/bindings";
import { Banner, Facts, Money, Section } from "../../components";
import css from "./Customers.module.css";

/** How a customer stands today. */
export function CreditFacts({ credit }: { credit: Credit }) {
  const { t } = useTranslation();
  const figure = (value: number, isLate = false) => (
    <span className={`${css.figure} ${isLate && value > 0 ? css.late : ""}`}>
      <Money value={value} />
    </span>
  );
  return (
    <Section>
      {credit.blocked && <Banner tone="warn">{t("customers.creditStopped")}</Banner>}
      <Facts
        facts={[
          {
            term: t("customers.owes"),
            value: figure(credit.balance),
            testId: "customer-balance",
          },
          { term: t("customers.overdue"), value: figure(credit.overdue, true) },
          { term: t("customers.limit"), value: figure(credit.limit) },
          { term: t("customers.available"), value: figure(credit.available) },
        ]}
      />
    </Section>
  );
}
